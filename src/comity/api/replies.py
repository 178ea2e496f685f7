"""From an answer, or from what went wrong, to what is sent: the status, the headers, the bytes.

replied(Answer(b"...", name="TUR-4.pdf"), 200, {"etag": tag}, pool)
problem_reply(words, request, Refused("overtaken"))                     409 application/problem+json
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from concurrent.futures import Executor
from typing import Any
from urllib.parse import quote

from litestar import Response
from litestar.exceptions import HTTPException
from litestar.types import ASGIApp

from comity.api import problems
from comity.api.asked import Answer
from comity.api.headers import PRIVATE, Asking, language
from comity.api.reading import ROOT
from comity.api.sent import Sent, Streamed
from comity.desk.statuses import status_of
from comity.words import Words

__all__ = ["Reply", "fallen", "problem_reply", "replied"]

Reply = ASGIApp
"""The annotation by which the framework sends an answer as it is."""

_log = logging.getLogger(__name__)


def replied(answer: Answer, status: int, more: Mapping[str, str], run: Executor) -> Sent | Streamed:
    """An answer with the headers that follow from it; a file is read in `run`."""
    headers = {**PRIVATE, **more}
    if answer.links:
        headers["link"] = ", ".join(f'<{at}>; rel="{name}"' for name, at in answer.links.items())
    if answer.name:
        headers["content-disposition"] = f"attachment; filename*=UTF-8''{quote(answer.name)}"
    if answer.said:
        headers["location"] = f"{ROOT}/acts/{answer.said}"
    if answer.file is not None:
        return Streamed(answer.file, answer.media, headers, run)
    return Sent(status, answer.body, answer.media, headers)


def problem_reply(
    words: Mapping[str, Words], request: Asking, error: Exception, chapter: str = "", kind: str = ""
) -> Sent:
    """A problem in the language that was asked for. `kind`: of the act that was to be said."""
    status, spoken = status_of(error, said=bool(kind)), language(request)
    body = problems.problem(words[spoken], error, status, chapter, kind)
    headers = {**PRIVATE, "cache-control": "no-store", "content-language": spoken}
    if status == 401:
        headers["www-authenticate"] = "Bearer"
    if status in (408, 413):
        headers["connection"] = "close"
    return Sent(status, body, problems.MEDIA, headers)


def fallen(words: Mapping[str, Words], request: Asking, error: Exception) -> Response[Any]:
    """What no path answered; and a fault of this program, which is told of without saying where it is."""
    if isinstance(error, HTTPException) and error.status_code < 500:
        sent = problem_reply(words, request, problems.from_http(error))
        headers = {**sent.headers, **{name.lower(): value for name, value in (error.headers or {}).items()}}
        return Response(sent.body, status_code=sent.status, media_type=sent.media, headers=headers)
    _log.error("a request failed: %s", type(error).__name__, exc_info=error)
    body = problems.failed(words[language(request)])
    return Response(body, status_code=500, media_type=problems.MEDIA)
