"""A certified statement as a paper: this is the accepted text, and so each party has consented to be bound by it.

    certificate_paper({"title": {...}, "text": "a5dc28...", "consent": [{"party": "TUR", "acts": [...]}]}, "TUR/4", ...)

It goes into a registration pack, beside the authentic texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal

import msgspec

from comity.core.act import Names
from comity.core.errors import Malformed
from comity.papers.paper import Frame, Paper, make
from comity.papers.sheet import Sheet, fit

__all__ = ["Certificate", "certificate_paper", "lay_out"]

Hash = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
What = Literal["accepted", "affirmed", "notified", "recorded", "signed"]


class Act(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One act of consent. `method` is empty where the act speaks for itself."""

    what: What
    on: date
    ref: str
    method: Literal["", "electronic", "wet_ink"] = ""
    place: str = ""
    office: str = ""


class Consent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that a party has done to be bound, in the order in which it did it."""

    party: str
    acts: tuple[Act, ...]


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of the pack."""

    name: str
    sha256: Hash


class Certificate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The data of the paper. `text` is the hash of the accepted text, `languages` those in which it is authentic."""

    title: Names
    text: Hash
    consent: tuple[Consent, ...]
    languages: tuple[str, ...] = ()
    adopted: date | None = None
    in_force: date | None = None
    files: tuple[File, ...] = ()
    certified_on: date | None = None
    certified_by: str = ""


def certificate_paper(
    data: Mapping[str, Any], ref: str, dated: date, frame: Frame, languages: Sequence[str] = ()
) -> Paper:
    """The paper of a certificate (no languages named: those of the title). Raises `Malformed`."""
    plain = msgspec.to_builtins(_read(dict(data)))
    return make("certificate", ref, dated, frame, tuple(languages) or tuple(plain["title"])[:3], plain)


def _read(data: Any) -> Certificate:
    try:
        return msgspec.convert(data, Certificate)
    except (msgspec.ValidationError, RecursionError) as error:
        raise Malformed("paper", str(error), at="certificate") from error


def lay_out(paper: Paper) -> dict[str, Any]:
    """The sheet of a certificate. Raises `Malformed`."""
    data, sheet = _read(paper.data), Sheet(paper)
    sheet.row("title", sheet.names(data.title, "title"), sheet.say("certificate.title"))
    sheet.row("text", sheet.say("certificate.statement"))
    sheet.hash(data.text)
    sheet.fact("label.reference", sheet.same(paper.ref))
    if data.languages:
        sheet.fact("label.authentic", sheet.languages(data.languages))
    if data.adopted:
        sheet.fact("label.adopted", sheet.day(data.adopted))
    if data.in_force:
        sheet.fact("label.in_force", sheet.day(data.in_force))
    sheet.row("section", sheet.say("certificate.consent"))
    for one in data.consent:
        sheet.row("strong", sheet.party(one.party))
        sheet.table(
            (3, 3, 2, 3, 4),
            [
                sheet.say(f"label.{name}")
                for name in ("act", "day", "reference", "method", "office_and_place")
            ],
            [_consent(sheet, act) for act in one.acts],
        )
    if data.files:
        sheet.row("section", sheet.say("certificate.files"))
        for file in data.files:
            sheet.line(fit(file.name, "en", "name of a file"))
            sheet.hash(file.sha256)
    if data.certified_by:
        sheet.fact("label.certified_by", sheet.party(data.certified_by))
    if data.certified_on:
        sheet.fact("label.certified_on", sheet.day(data.certified_on))
    sheet.sign("signing.certificate")
    return sheet.plain(data.title)


def _consent(sheet: Sheet, act: Act) -> list[Mapping[str, str]]:
    where = ", ".join(part for part in (act.office, act.place) if part)
    method = sheet.say(f"method.{act.method}") if act.method else sheet.same("—")
    return [
        sheet.say(f"consent.{act.what}"),
        sheet.day(act.on),
        sheet.same(act.ref),
        method,
        {tag: fit(where, tag, "office or place") for tag in sheet.columns},
    ]
