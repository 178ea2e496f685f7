"""What was asked: the values in a path and behind its `?`, read strictly; the language of the answer.

    GET /api/v1/dockets?chapter=meetings&limit=20
    {"chapter": "meetings", "after": None, "limit": 20}

A name that is not known, a value twice, a number out of bounds: all are `Malformed`, and the place is named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, BinaryIO, Literal, NamedTuple
from urllib.parse import parse_qsl

from comity.accounts import Token
from comity.api.uploads import Uploads
from comity.core.act import LANGUAGES, PARTY, Ref
from comity.core.errors import Malformed, Refused
from comity.desk.house import House
from comity.node.record import Once, Record
from comity.words import Words

__all__ = ["Answer", "Asked", "Hand", "Param", "language_of", "read_path", "read_query"]

Sort = Literal["text", "number", "day", "ref", "party", "yes", "digest"]

_TEXT_LIMIT = 300
_NUMBER = re.compile(r"0|[1-9][0-9]{0,11}", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class Param(NamedTuple):
    """One value that can be given. `fallback` is what it is where it was not."""

    name: str
    sort: Sort
    needed: bool = False
    fallback: Any = None
    least: int = 0
    most: int = 999_999_999_999
    choices: tuple[str, ...] = ()

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        made: dict[str, Any]
        match self.sort:
            case "number":
                made = {"type": "integer", "minimum": self.least, "maximum": self.most}
            case "day":
                made = {"type": "string", "format": "date"}
            case "ref":
                made = {"type": "string", "pattern": f"^{PARTY}/(0|[1-9][0-9]{{0,11}})$"}
            case "party":
                made = {"type": "string", "pattern": f"^{PARTY}$"}
            case "yes":
                made = {"type": "boolean"}
            case "digest":
                made = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
            case "text":
                made = {"type": "string", "minLength": 1, "maxLength": _TEXT_LIMIT}
        if self.choices:
            made = {"type": "string", "enum": list(self.choices)}
        if self.fallback is not None:
            made["default"] = self.fallback
        return made

    def read(self, text: str) -> Any:
        """The value. Raises `Malformed`."""
        thing = f"parameter {self.name}"
        match self.sort:
            case "number":
                if not _NUMBER.fullmatch(text) or not self.least <= int(text) <= self.most:
                    raise Malformed(thing, f"is not a number from {self.least} to {self.most}")
                return int(text)
            case "day":
                try:
                    return date.fromisoformat(text if _DAY.fullmatch(text) else "")
                except ValueError as error:
                    raise Malformed(thing, "is not a day such as 2024-08-15") from error
            case "ref":
                return Ref.parse(text)
            case "yes":
                if text not in ("true", "false"):
                    raise Malformed(thing, "is neither true nor false")
                return text == "true"
            case "digest":
                if not _DIGEST.fullmatch(text):
                    raise Malformed(thing, "is not a SHA-256 of 64 hexadecimal digits")
                return text
        limit = re.fullmatch(PARTY, text, re.ASCII) if self.sort == "party" else 0 < len(text) <= _TEXT_LIMIT
        if not limit or (self.choices and text not in self.choices) or "\x00" in text:
            raise Malformed(thing, "is not one that can be")
        return text


class Asked(NamedTuple):
    """One question, and by whom: `values` are those of the path and the query, by name."""

    house: House
    record: Record
    token: Token
    words: Words
    values: Mapping[str, Any]
    path: str
    uploads: Uploads

    @property
    def ref(self) -> Ref:
        """The reference that the path names by its party and number."""
        return Ref(self.values["party"], self.values["number"])

    @property
    def on(self) -> date:
        """The day that is asked about: today, where none was named."""
        day: date = self.values["on"] or self.house.today()
        return day

    def require_office(self) -> None:
        """Raise `Refused` for a token whose office the charter does not fill: it reads, and does nothing else."""
        with self.record.reading():
            filled = self.record.folds.offices(self.record.party, self.record.ready)
        if self.token.office not in filled:
            raise Refused("office_not_yours", office="—", held=self.token.office)


class Answer(NamedTuple):
    """What is sent back: a body, or a file from where it stands.

    links: paths by their relation (RFC 8288). name: of the file that a browser would keep. said: the act that said it.
    """

    body: bytes
    media: str = "application/json"
    links: Mapping[str, str] = {}
    name: str = ""
    file: BinaryIO | None = None
    said: str = ""


class Hand(NamedTuple):
    """What comes with a deed beside its body: the passphrases of two keys, from where, and under which key."""

    passphrase: str
    document_passphrase: str
    address: str
    once: Once | None


Work = Callable[[Asked], Answer]


def read_query(params: Sequence[Param], raw: bytes) -> dict[str, Any]:
    """The values behind a `?`. Raises `Malformed`."""
    try:
        given = parse_qsl(
            raw.decode("ascii"), keep_blank_values=True, strict_parsing=bool(raw), errors="strict",
            max_num_fields=100,
        )  # fmt: skip
    except ValueError as error:
        raise Malformed("query", "is not made of names and values") from error
    known = {param.name: param for param in params}
    found: dict[str, Any] = {}
    for name, text in given:
        if name not in known or name in found:
            raise Malformed("query", f"{name[:40]!r} is not asked for here, or is there twice")
        found[name] = known[name].read(text)
    for param in params:
        if param.name not in found:
            if param.needed:
                raise Malformed("query", f"{param.name} is needed and was not given")
            found[param.name] = param.fallback
    return found


def read_path(params: Sequence[Param], given: Mapping[str, Any]) -> dict[str, Any]:
    """The values within a path. Raises `Malformed`."""
    return {param.name: param.read(str(given[param.name])) for param in params}


def language_of(header: str) -> str:
    """The language of ours that an `Accept-Language` header likes best (RFC 9110 section 12.5.4); English otherwise."""
    best, liked = "en", 0.0
    for part in header[:1000].split(","):
        tag, _, more = part.strip().partition(";")
        quality = re.fullmatch(r"\s*q=([01](?:\.\d{0,3})?)\s*", more)
        weight = float(quality[1]) if quality else (0.0 if more else 1.0)
        short = tag.strip().lower().partition("-")[0]
        if short in LANGUAGES and weight > liked:
            best, liked = short, weight
    return best
