"""A node, as one office of one mechanism: what can be said and asked, typed.

    with Client("https://node.example", "comity_...") as node:
        said = node.say("meetings", "accept-date", answers=["TUR/9"])
        node.ask(said.docket, "dates", on=date(2024, 8, 15))
        node.record_evidence(Path("minutes.pdf"), {"title": {"en": "Minutes"}, "shows": "done"}, docket="TUR/30")

Each act is sent under a key of its own: where an answer is lost on the way, the request is sent again and nothing is
said twice. Errors: see `comity.client.line`.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any, Unpack

import httpx
import msgspec

from comity.client.asked import AnyRef, Asked, body_of, ref_of
from comity.client.line import TIMEOUT, Line, read
from comity.core.errors import Refused
from comity.desk.answers import (
    Act,
    Allowed,
    Certified,
    ChapterOf,
    Discarded,
    Docket,
    Dockets,
    Hit,
    Hits,
    LogPage,
    Mechanism,
    SaidAct,
    Speaks,
    Verified,
)
from comity.desk.answers import Line as Listed
from comity.node.files import opened, pieces

__all__ = ["Client"]


class Client(AbstractContextManager["Client"]):
    """A node, as one office of one mechanism. `transport` is httpx's, for tests and for those with their own TLS."""

    def __init__(
        self,
        base_url: str,
        token: str,
        language: str = "en",
        *,
        timeout: float = TIMEOUT,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._line = Line(base_url, token, language, timeout, transport)

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections."""
        self._line.http.close()

    # ------------------------------------------------------------------------------------- reading

    def speaks(self) -> Speaks:
        """Whom the token speaks for."""
        found: Speaks = self._line.get("/token", Speaks)
        return found

    def mechanism(self) -> Mechanism:
        """How far each side holds the other's log."""
        found: Mechanism = self._line.get("/mechanism", Mechanism)
        return found

    def chapters(self) -> list[ChapterOf]:
        """The chapters, their kinds of act with schemas, their questions."""
        found: list[ChapterOf] = self._line.get("/chapters", list[ChapterOf])
        return found

    def dockets(self, chapter: str, page: int = 100) -> Iterator[Listed]:
        """Every docket of a chapter, page by page."""
        after: str | None = None
        while after != "":
            found: Dockets = self._line.get("/dockets", Dockets, chapter=chapter, limit=page, after=after)
            yield from found.dockets
            after = found.next

    def docket(self, ref: AnyRef) -> Docket:
        """A docket whole."""
        found: Docket = self._line.get(f"/dockets/{ref_of(ref)}", Docket)
        return found

    def act(self, ref: AnyRef) -> Act:
        """One act."""
        found: Act = self._line.get(f"/acts/{ref_of(ref)}", Act)
        return found

    def log(self, party: str, start: int = 0, page: int = 100) -> Iterator[Act]:
        """The acts of one log from a number on, page by page."""
        following: int | None = start
        while following is not None:
            found: LogPage = self._line.get(f"/logs/{party}", LogPage, **{"from": following, "limit": page})
            yield from found.acts
            following = found.next

    def ask(self, ref: AnyRef, question: str, on: date | None = None) -> Any:
        """A chapter's question about a docket, on a day (None: today)."""
        return self._line.get(f"/dockets/{ref_of(ref)}/questions/{question}", Any, on=_day(on))

    def look(self, path: str, **asked: Any) -> Any:
        """Any other path that answers JSON: `look("/waits")`, `look("/workdays", days=20, on="2025-03-03")`."""
        return self._line.get(path, Any, **asked)

    def search(self, words: str, page: int = 50) -> Iterator[Hit]:
        """The acts in which all the words stand, best first."""
        start: int | None = 0
        while start is not None:
            found: Hits = self._line.get("/search", Hits, **{"words": words, "from": start, "limit": page})
            yield from found.hits
            start = found.next

    def proof(self, ref: AnyRef) -> bytes:
        """A proof file of an act, for `comity verify`."""
        return self._line.send("GET", f"/acts/{ref_of(ref)}/proof").content

    def paper(self, ref: AnyRef, languages: Sequence[str] = ()) -> bytes:
        """The PDF of an instrument, minutes or a report, with the signatures that the record has of it."""
        asked = {"languages": ",".join(languages)} if languages else {}
        return self._line.send("GET", f"/papers/{ref_of(ref)}", params=asked).content

    def events(self, last: str = "") -> Iterator[str]:
        """The state of the record each time that something was said or arrives, until the node stops.

        `last` is the state that was seen before: what happened since is told at once.
        """
        return self._line.events(last)

    # -------------------------------------------------------------------------------------- saying

    def say(
        self,
        chapter: str,
        verb: str,
        fields: Mapping[str, Any] | None = None,
        *,
        key: str = "",
        passphrase: str = "",
        **asked: Unpack[Asked],
    ) -> SaidAct:
        """Say an act. `key`: what makes it the same request if a program sends it again; one of its own otherwise.

        passphrase: opens the officer's key, for what a person signs.
        """
        body = body_of(fields, asked)
        said: SaidAct = read(self._once(f"/acts/{chapter}/{verb}", body, key, passphrase), SaidAct)
        return said

    def allowed(
        self, chapter: str, verb: str, fields: Mapping[str, Any] | None = None, **asked: Unpack[Asked]
    ) -> Allowed:
        """Whether the rules would allow it now; says nothing. Raises what `say` would."""
        body, at = body_of(fields, asked), f"/acts/{chapter}/{verb}"
        reply = self._line.send("POST", at, body, _JSON, again=True, params={"dry_run": "true"})
        found: Allowed = read(reply, Allowed)
        return found

    def _once(
        self, path: str, body: bytes, key: str, passphrase: str = "", document_passphrase: str = ""
    ) -> httpx.Response:
        headers = {
            **_JSON,
            "idempotency-key": key or secrets.token_urlsafe(24),
            "comity-passphrase": passphrase,
            "comity-document-passphrase": document_passphrase,
        }
        return self._line.send("POST", path, body, headers, again=True)

    # -------------------------------------------------------------------------------------- files

    def send(self, file: Path | bytes) -> str:
        """Send a file that a later request will name; its name. The node has it for an hour, or until it is used."""
        name = _digest(file)
        self._line.send(
            "PUT", f"/uploads/{name}", file if isinstance(file, bytes) else lambda: _pieces(file), again=True
        )
        return name

    def record_evidence(
        self, evidence: Path | bytes, fields: Mapping[str, Any], *, key: str = "", **asked: Unpack[Asked]
    ) -> SaidAct:
        """Have the node keep a file, and say that it exists. Under the same key, the same file is recorded once."""
        key = key or secrets.token_urlsafe(24)
        asked["file"] = _digest(evidence)
        try:  # who asks again under a key need not send the file again
            return self.say("commitments", "record-evidence", fields, key=key, **asked)
        except Refused as error:
            if error.code != "upload_unknown":
                raise
        self.send(evidence)
        return self.say("commitments", "record-evidence", fields, key=key, **asked)

    def released(self, ref: AnyRef, output: Path) -> None:
        """Write a released file of evidence, which the node has held against the digest that was recorded."""
        self._line.save(f"/evidence/{ref_of(ref)}/file", output)

    def disclose(self, ref: AnyRef, output: Path, name: str = "", *, salt_only: bool = False) -> None:
        """Write the disclosure of a file that this party keeps, for one reader. Nothing is said."""
        only = "true" if salt_only else None
        self._line.save(f"/evidence/{ref_of(ref)}/disclosure", output, name=name or None, salt_only=only)

    def discard_evidence(self, ref: AnyRef, rule: str) -> Discarded:
        """Destroy the kept file of evidence of this party, by a rule. The act stays."""
        body = msgspec.json.encode({"rule": rule})
        reply = self._line.send("POST", f"/evidence/{ref_of(ref)}/discard", body, _JSON, again=True)
        found: Discarded = read(reply, Discarded)
        return found

    def verify(self, file: Path | bytes, original: Path | bytes | None = None) -> Verified:
        """What a proof, a paper, a pack or a disclosure proves; `original`: the file that a disclosure is without."""
        other = self.send(original) if original is not None else None
        found: Verified = self._line.get(f"/uploads/{self.send(file)}/verification", Verified, file=other)
        return found

    # ------------------------------------------------------------------------------------- papers

    def sign(
        self, ref: AnyRef, place: str = "", *, languages: Sequence[str] = (), over: Path | bytes | None = None,
        key: str = "", passphrase: str = "", document_passphrase: str = "",
    ) -> bytes:  # fmt: skip
        """Sign a paper for the token's office: the PDF. `over`: the file of minutes or a report that was handed on."""
        asked = {"place": place, "languages": list(languages)} | ({"over": self.send(over)} if over else {})
        at = f"/papers/{ref_of(ref)}/sign"
        return self._once(at, msgspec.json.encode(asked), key, passphrase, document_passphrase).content

    def certify(
        self, office: str, certificate: str = "", private_key: str = "", *, key_passphrase: str = "",
        key: str = "", passphrase: str = "", document_passphrase: str = "",
    ) -> Certified:  # fmt: skip
        """Name a certificate for an office, with a token of the root: made there, or brought with its key (PEM)."""
        asked = {"office": office, "certificate": certificate, "private_key": private_key,
                 "key_passphrase": key_passphrase}  # fmt: skip
        reply = self._once("/certificates", msgspec.json.encode(asked), key, passphrase, document_passphrase)
        found: Certified = read(reply, Certified)
        return found


_JSON = {"content-type": "application/json"}


def _digest(file: Path | bytes) -> str:
    """The SHA-256 of a file, by which the node knows it. Raises `Unavailable`."""
    if isinstance(file, bytes):
        return hashlib.sha256(file).hexdigest()
    total = hashlib.sha256()
    for piece in _pieces(file):
        total.update(piece)
    return total.hexdigest()


def _pieces(file: Path) -> Iterator[bytes]:
    with opened(file) as source:
        yield from pieces(source, str(file))


def _day(on: date | None) -> str | None:
    return on.isoformat() if on is not None else None
