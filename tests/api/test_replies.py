"""From an answer to its headers: a name that is not ASCII, an act that was said, the next page."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from litestar import Request

from comity.api.asked import Answer
from comity.api.replies import problem_reply, replied
from comity.api.sent import Streamed
from comity.core.errors import Refused
from comity.words import Words


def test_headers_follow_from_the_answer(tmp_path: Path) -> None:
    answer = Answer(b"x", name="tutanak ğ.pdf", links={"next": "/x?from=2"}, said="TUR/9")
    headers = replied(answer, 201, {"etag": "1"}, ThreadPoolExecutor(1)).headers
    assert headers["content-disposition"] == "attachment; filename*=UTF-8''tutanak%20%C4%9F.pdf"
    assert headers["link"] == '</x?from=2>; rel="next"'
    assert (headers["location"], headers["etag"]) == ("/api/v1/acts/TUR/9", "1")
    file = tmp_path / "file"
    file.write_bytes(b"x")
    streamed = replied(Answer(b"", file=file.open("rb")), 200, {}, ThreadPoolExecutor(1))
    assert isinstance(streamed, Streamed)
    streamed.file.close()


@pytest.mark.parametrize(
    ("code", "more"), [("token_needed", "www-authenticate"), ("body_slow", "connection")]
)
def test_a_problem_says_what_to_do_with_the_line(code: str, more: str) -> None:
    scope: Any = {"type": "http", "headers": [(b"accept-language", b"tr")]}
    words = {tag: Words(tag) for tag in ("en", "tr", "ar")}
    sent = problem_reply(words, Request(scope), Refused(code))
    assert more in sent.headers
    assert (sent.headers["content-language"], sent.headers["cache-control"]) == ("tr", "no-store")
