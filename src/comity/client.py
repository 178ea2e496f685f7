"""A node's API for programs in Python: what can be said and asked, typed, with the four errors.

    from comity import Client
    with Client("https://node.example", "comity_...") as node:
        said = node.say("meetings", "accept-date", answers=["TUR/9"])
        node.ask(said.docket, "dates", on=date(2024, 8, 15))

Each act is sent under a key of its own: where an answer is lost on the way, the request is sent again and nothing is
said twice. What goes wrong is `Refused`, `Malformed`, `Broken` or `Unavailable`, as on the node itself; the sentence
for a person, in the client's language, is the error's note (`error.__notes__`).
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from types import TracebackType
from typing import Any, Self

import httpx
import msgspec

from comity.core.act import Ref
from comity.core.errors import Broken, ComityError, Malformed, Refused, Unavailable
from comity.desk.answers import (
    Act,
    Allowed,
    ChapterOf,
    Docket,
    Dockets,
    Hit,
    Hits,
    Line,
    LogPage,
    Mechanism,
    Problem,
    SaidAct,
)

__all__ = ["Client", "told"]

_ROOT = "/api/v1"
_TRIES = 3
_TIMEOUT = 30.0
_AGAIN = (408, 502, 503, 504)


class Client:
    """A node, as one office of one mechanism. `transport` is httpx's, for tests and for those with their own TLS."""

    def __init__(
        self,
        base_url: str,
        token: str,
        language: str = "en",
        *,
        timeout: float = _TIMEOUT,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        headers = {"authorization": f"Bearer {token}", "accept-language": language}
        self._http = httpx.Client(base_url=base_url, headers=headers, timeout=timeout, transport=transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    # ------------------------------------------------------------------------------------- reading

    def mechanism(self) -> Mechanism:
        """How far each side holds the other's log."""
        found: Mechanism = self._get("/mechanism", Mechanism)
        return found

    def chapters(self) -> list[ChapterOf]:
        """The chapters, their kinds of act with schemas, their questions."""
        found: list[ChapterOf] = self._get("/chapters", list[ChapterOf])
        return found

    def dockets(self, chapter: str, page: int = 100) -> Iterator[Line]:
        """Every docket of a chapter, page by page."""
        after = ""
        while True:
            asked = {"chapter": chapter, "limit": page} | ({"after": after} if after else {})
            found: Dockets = self._get("/dockets", Dockets, **asked)
            yield from found.dockets
            after = found.next
            if not after:
                return

    def docket(self, ref: str | Ref) -> Docket:
        """A docket whole."""
        found: Docket = self._get(f"/dockets/{_ref(ref)}", Docket)
        return found

    def act(self, ref: str | Ref) -> Act:
        """One act."""
        found: Act = self._get(f"/acts/{_ref(ref)}", Act)
        return found

    def log(self, party: str, start: int = 0, page: int = 100) -> Iterator[Act]:
        """The acts of one log from a number on, page by page."""
        following: int | None = start
        while following is not None:
            found: LogPage = self._get(f"/logs/{party}", LogPage, **{"from": following, "limit": page})
            yield from found.acts
            following = found.next

    def ask(self, ref: str | Ref, question: str, on: date | None = None) -> Any:
        """A chapter's question about a docket, on a day (None: today)."""
        asked = {"on": on.isoformat()} if on is not None else {}
        return self._get(f"/dockets/{_ref(ref)}/questions/{question}", Any, **asked)

    def search(self, words: str, page: int = 50) -> Iterator[Hit]:
        """The acts in which all the words stand, best first."""
        start: int | None = 0
        while start is not None:
            found: Hits = self._get("/search", Hits, **{"words": words, "from": start, "limit": page})
            yield from found.hits
            start = found.next

    def proof(self, ref: str | Ref) -> bytes:
        """A proof file of an act, for `comity verify`."""
        return self._send("GET", f"/acts/{_ref(ref)}/proof").content

    def paper(self, ref: str | Ref, languages: Sequence[str] = ()) -> bytes:
        """The PDF of an instrument, minutes or a report, with the signatures that the record has of it."""
        asked = {"languages": ",".join(languages)} if languages else {}
        return self._send("GET", f"/papers/{_ref(ref)}", params=asked).content

    # -------------------------------------------------------------------------------------- saying

    def say(
        self,
        chapter: str,
        verb: str,
        fields: Mapping[str, Any] | None = None,
        *,
        docket: str | Ref = "",
        answers: Sequence[str | Ref] = (),
        mandate: str = "",
        files: Mapping[str, bytes] | None = None,
        key: str | None = None,
        passphrase: str = "",
        **more: Any,
    ) -> SaidAct:
        """Say an act. `key`: what makes it the same request if a program sends it again; one of its own otherwise.

        passphrase: opens the officer's key, for what a person signs. more: what else the API takes (`sign_with`,
        `period`, ...).
        """
        body = _body(fields, docket, answers, mandate, files, more)
        headers = {"idempotency-key": key or secrets.token_urlsafe(24)}
        if passphrase:
            headers["comity-passphrase"] = passphrase
        reply = self._send(
            "POST", f"/acts/{chapter}/{verb}", content=body, headers=_encoded(headers), again=True
        )
        said: SaidAct = _read(reply, SaidAct)
        return said

    def allowed(
        self,
        chapter: str,
        verb: str,
        fields: Mapping[str, Any] | None = None,
        *,
        docket: str | Ref = "",
        answers: Sequence[str | Ref] = (),
        mandate: str = "",
        **more: Any,
    ) -> Allowed:
        """Whether the rules would allow it now; says nothing. Raises what `say` would."""
        body = _body(fields, docket, answers, mandate, None, more)
        reply = self._send("POST", f"/acts/{chapter}/{verb}", content=body, params={"dry_run": "true"})
        found: Allowed = _read(reply, Allowed)
        return found

    # -------------------------------------------------------------------------------------- events

    def events(self, last: str = "") -> Iterator[str]:
        """The state of the record each time that something was said or arrives, until the node stops.

        `last` is the state that was seen before: what happened since is told at once.
        """
        headers = {"last-event-id": last} if last else {}
        try:
            with self._http.stream("GET", f"{_ROOT}/events", headers=headers, timeout=None) as reply:
                if reply.status_code != 200:
                    reply.read()
                    raise told(reply)
                for line in reply.iter_lines():
                    if line.startswith("id: "):
                        yield line.removeprefix("id: ")
        except httpx.HTTPError as error:
            raise Unavailable(f"node at {self._http.base_url}", str(error) or type(error).__name__) from error

    # ------------------------------------------------------------------------------------ one request

    def _get(self, path: str, kind: Any, **asked: Any) -> Any:
        return _read(self._send("GET", path, params=asked), kind)

    def _send(self, method: str, path: str, *, again: bool = False, **more: Any) -> httpx.Response:
        """Send a request; once more where the answer was lost, if that is safe. Raises the four errors."""
        tries = _TRIES if again or method == "GET" else 1
        for left in reversed(range(tries)):
            try:
                reply = self._http.request(method, _ROOT + path, **more)
            except httpx.HTTPError as error:
                if left:
                    continue
                why = str(error) or type(error).__name__
                raise Unavailable(f"node at {self._http.base_url}", why) from error
            if reply.is_success:
                return reply
            if not (left and reply.status_code in _AGAIN):
                raise told(reply)
        raise Unavailable(f"node at {self._http.base_url}", "gave no answer")


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


def _body(
    fields: Mapping[str, Any] | None,
    docket: str | Ref,
    answers: Sequence[str | Ref],
    mandate: str,
    files: Mapping[str, bytes] | None,
    more: Mapping[str, Any],
) -> bytes:
    asked: dict[str, Any] = dict(more)
    asked |= {"fields": fields} if fields else {}
    asked |= {"docket": _ref(docket)} if docket else {}
    asked |= {"answers": [_ref(answered) for answered in answers]} if answers else {}
    asked |= {"mandate": mandate} if mandate else {}
    asked |= {"files": [{"name": name, "data": raw} for name, raw in files.items()]} if files else {}
    return msgspec.json.encode(asked, order="sorted")


def _encoded(headers: Mapping[str, str]) -> dict[str, bytes]:
    return {name: value.encode() for name, value in headers.items()} | {"content-type": b"application/json"}


def _ref(ref: str | Ref) -> str:
    """The reference as it stands in a path. Raises `Malformed`."""
    return str(Ref.parse(str(ref)))


def _read(reply: httpx.Response, kind: Any) -> Any:
    try:
        found = msgspec.json.decode(reply.content, type=kind)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise Malformed(f"answer to {reply.url.path}", str(error)) from error
    return found
