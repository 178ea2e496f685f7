"""The line to a node's API: one request after the other, again where an answer was lost, and the four errors.

    with Line("https://node.example", "comity_...", "en") as line:
        line.get("/mechanism", Mechanism)

What goes wrong is `Refused`, `Malformed`, `Broken` or `Unavailable`, as on the node itself; the sentence for a person,
in the client's language, is the error's note (`error.__notes__`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec

from comity.core.errors import Broken, ComityError, Malformed, Refused, Unavailable
from comity.desk.answers import Problem
from comity.node.files import written

__all__ = ["TIMEOUT", "Line", "read", "told"]

TIMEOUT = 30.0
_ROOT = "/api/v1"
_TRIES = 3
_AGAIN = (408, 502, 503, 504)

Body = bytes | Callable[[], Iterable[bytes]]
"""The bytes of a request; or what makes them anew for each try."""


class Line(AbstractContextManager["Line"]):
    """Connections to one node, for one token. `transport` is httpx's."""

    def __init__(
        self, base_url: str, token: str, language: str, timeout: float = TIMEOUT,
        transport: httpx.BaseTransport | None = None,
    ) -> None:  # fmt: skip
        headers = {"authorization": f"Bearer {token}", "accept-language": language}
        self.http = httpx.Client(base_url=base_url, headers=headers, timeout=timeout, transport=transport)

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def get(self, path: str, kind: Any, **asked: Any) -> Any:
        """What a path answers, as that type. Values that are None are left out."""
        given = {name: value for name, value in asked.items() if value is not None}
        return read(self.send("GET", path, params=given), kind)

    def send(
        self, method: str, path: str, body: Body | None = None, headers: Mapping[str, str] = {}, *,
        again: bool = False, params: Mapping[str, Any] = {},
    ) -> httpx.Response:  # fmt: skip
        """Send a request; once more where the answer was lost, if that is safe. Raises the four errors."""
        for left in reversed(range(_TRIES if again or method == "GET" else 1)):
            content = body() if callable(body) else body
            try:
                reply = self.http.request(
                    method, _ROOT + path, content=content, headers=_encoded(headers), params=params
                )
            except httpx.HTTPError as error:
                if left:
                    continue
                raise self._lost(error) from error
            if reply.is_success:
                return reply
            if not (left and reply.status_code in _AGAIN):
                raise told(reply)
        raise Unavailable(self._name, "gave no answer")

    def save(self, path: str, output: Path, **asked: Any) -> None:
        """What a path answers, written to a file as it comes: whole, or not at all."""
        given = {name: value for name, value in asked.items() if value is not None}
        with self._stream(path, params=given) as reply, written(output) as file:
            for piece in reply.iter_bytes():
                file.write(piece)

    def events(self, last: str) -> Iterator[str]:
        """The id of each event, as they come."""
        headers = {"last-event-id": last} if last else {}
        with self._stream("/events", headers=headers, timeout=None) as reply:
            for line in reply.iter_lines():
                if line.startswith("id: "):
                    yield line.removeprefix("id: ")

    @contextmanager
    def _stream(self, path: str, **more: Any) -> Iterator[httpx.Response]:
        try:
            with self.http.stream("GET", _ROOT + path, **more) as reply:
                if reply.status_code != 200:
                    reply.read()
                    raise told(reply)
                yield reply
        except httpx.HTTPError as error:
            raise self._lost(error) from error

    @property
    def _name(self) -> str:
        return f"node at {self.http.base_url}"

    def _lost(self, error: httpx.HTTPError) -> Unavailable:
        return Unavailable(self._name, str(error) or type(error).__name__)


_CLASSES: Mapping[str, type[ComityError]] = {
    "malformed": Malformed,
    "broken": Broken,
    "unavailable": Unavailable,
}


def told(reply: httpx.Response) -> ComityError:
    """The error that an answer tells of, with its sentence for a person as a note."""
    try:
        found = msgspec.json.decode(reply.content, type=Problem)
    except (msgspec.DecodeError, UnicodeError):
        return Unavailable(
            f"node at {reply.url.host}", f"answered {reply.status_code} and no problem that is known"
        )
    error: ComityError
    if found.error == "refused":
        made = Refused
        error = made(found.code, found.provision)
        error.facts = dict(found.facts)
    else:
        error = _CLASSES.get(found.error, Unavailable)(f"request to {reply.url.path}", found.detail)
    if isinstance(error, Malformed) and found.errors:
        error.at = found.errors[0].pointer
    error.add_note(found.detail)
    return error


def read(reply: httpx.Response, kind: Any) -> Any:
    """The answer as that type. Raises `Malformed`."""
    try:
        return msgspec.json.decode(reply.content, type=kind)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise Malformed(f"answer to {reply.url.path}", str(error)) from error


def _encoded(headers: Mapping[str, str]) -> dict[bytes, bytes]:
    return {name.encode(): value.encode() for name, value in headers.items() if value}
