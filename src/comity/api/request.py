"""What a program asks to have said: the body of its request, read strictly and bounded.

    {"fields": {"title": {"en": "Water"}}, "docket": "TUR/6"}
    read_request(raw)       Request(fields={...}, docket="TUR/6")
    order_of(kind, request, "secretariat", trial=False)         what `comity.desk.drafting` completes

What is wrong is `Malformed`, and the place is named.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, TypeVar

import msgspec

from comity.core.act import Ref
from comity.core.chapter import Kind
from comity.core.errors import Malformed
from comity.desk.drafting import WITH_TERMS, Order
from comity.desk.due import Period
from comity.desk.exhibits import HIDDEN, RECORDED
from comity.desk.statuses import JSON

__all__ = ["DEEPEST", "Request", "order_of", "read_body", "read_request"]

DEEPEST = 64
_FILES = 64

Text = Annotated[str, msgspec.Meta(max_length=300)]


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file from which a kind reads its fields: `data` is base64."""

    name: Text
    data: bytes


class Count(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A due day that is counted: so many joint working days from a day, and what governments have announced."""

    days: Annotated[int, msgspec.Meta(ge=1, le=3660)]
    start: date | None = None
    closed: dict[str, list[date]] = {}
    worked: dict[str, list[date]] = {}


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is asked to be said. What is left out is completed where only one thing can be meant.

    fields: the content. docket: what it is about, by its first act. answers: the acts that it answers. mandate: the
    provision that mandates the body. sign_with: the office or key that signs, where it is not the speaking office.
    clock_checked: a person has looked at a clock that went back. new_key: make the key that is said. period: count the
    due day. files: files from which the kind reads fields. file: the file of evidence, by the SHA-256 of its bytes; it
    was sent before (`PUT /uploads/...`).
    """

    fields: dict[str, Any] = {}
    docket: Text = ""
    answers: Annotated[list[Text], msgspec.Meta(max_length=1000)] = []
    mandate: Text = ""
    sign_with: Annotated[str, msgspec.Meta(max_length=4000)] = ""
    clock_checked: bool = False
    new_key: bool = False
    period: Count | None = None
    files: Annotated[list[File], msgspec.Meta(max_length=_FILES)] = []
    file: Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{64})?$")] = ""


_T = TypeVar("_T")
_DECODERS: dict[type, msgspec.json.Decoder[Any]] = {}


def read_request(raw: bytes) -> Request:
    """The body of a request for an act. Raises `Malformed`: `JSON` where it is no JSON at all."""
    found = read_body(raw, Request)
    _require_shallow(found.fields)
    return found


def read_body(raw: bytes, kind: type[_T]) -> _T:
    """The body of a request, of a type. Raises `Malformed`: `JSON` where it is no JSON at all."""
    decoder = _DECODERS.get(kind) or _DECODERS.setdefault(kind, msgspec.json.Decoder(kind))
    try:
        found: _T = decoder.decode(raw or b"{}")
    except msgspec.ValidationError as error:
        why, _, at = str(error).partition(" - at ")
        raise Malformed("request", why, at=at.strip("`").removeprefix("$").removeprefix(".")) from error
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise Malformed(JSON, "cannot be read") from error
    return found


def _require_shallow(fields: Any) -> None:
    """Refuse what is nested deeper than anything that is ever said."""
    level = [fields]
    for _ in range(DEEPEST):
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
        if not level:
            return
    raise Malformed("request", "is nested too deeply", at="fields")


def order_of(kind: Kind, request: Request, office: str, *, trial: bool) -> Order:
    """The order that a request gives, for one office. Raises `Malformed`."""
    if request.period is not None and kind.name not in WITH_TERMS:
        raise Malformed("request", "is for commitments only", at="period")
    if request.new_key and not kind.name.startswith("charter."):
        raise Malformed("request", "is for keys in the charter only", at="new_key")
    if request.files and kind.read is None:
        raise Malformed("request", "this kind reads none", at="files")
    if bool(request.file) != (kind.name == RECORDED):
        raise Malformed(
            "request", "is needed and was not given" if not request.file else "this kind has none", at="file"
        )
    taken = [name for name in HIDDEN.get(kind.name, ()) if name in request.fields]
    if taken:
        raise Malformed(kind.name, "is taken from the file, and not given", at=taken[0])
    return Order(
        kind.name,
        request.fields,
        Ref.parse(request.docket) if request.docket else None,
        tuple(Ref.parse(answered) for answered in request.answers),
        request.mandate,
        office,
        request.sign_with,
        [(file.name, file.data) for file in request.files],
        _period(request.period),
        request.new_key,
        trial,
        clock_checked=request.clock_checked,
    )


def _period(count: Count | None) -> Period:
    if count is None:
        return Period()
    return Period(count.days, count.start, _days(count.closed), _days(count.worked))


def _days(by_party: dict[str, list[date]]) -> frozenset[tuple[str, date]]:
    return frozenset((party, day) for party, days in by_party.items() for day in days)
