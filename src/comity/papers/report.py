"""A committee's report for a period as a paper: how far each commitment is, each side's view beside the other's.

    report_paper(report, "TUR/40", date(2024, 12, 31), frame(record), ["en", "tr", "ar"])

The paper's data is the report itself as `comity.node.report` makes it, so the paper's digest is the report's own, which
the parties agree on in the record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Literal, get_args

import msgspec

from comity.core.act import LANGUAGES, Names
from comity.core.errors import Malformed
from comity.papers.paper import MOST_LANGUAGES, Frame, Paper, make
from comity.papers.sheet import Sheet, TableRow

__all__ = ["Report", "lay_out", "report_paper"]

Cell = Mapping[str, str]
Section = Literal[
    "disputed", "unanswered", "obstructed", "started", "not_started", "silent", "done", "replaced", "dropped"
]
SECTIONS: tuple[Section, ...] = get_args(Section)
"""In the order of what needs attention."""
_SIDE_BY_SIDE = 3


class View(msgspec.Struct, frozen=True):
    """What a party last said of a commitment."""

    party: str
    status: Literal["not_started", "started", "done", "obstructed"]
    day: date
    ref: str
    reason: Names = {}
    as_of: date | None = None


class Owed(msgspec.Struct, frozen=True):
    """An answer that a party owes, to which assertion, since when."""

    ref: str
    since: date


class Evidence(msgspec.Struct, frozen=True):
    """How many pieces a party has recorded, and how many of them released."""

    recorded: int
    released: int


class Carried(msgspec.Struct, frozen=True):
    """An instrument by which a commitment is carried out."""

    instrument: str


class Commitment(msgspec.Struct, frozen=True):
    """One commitment at the end of the period."""

    docket: str
    title: Names
    source: str
    owners: tuple[str, ...]
    terms: Literal["proposed", "agreed", "crossed", "replaced", "dropped"]
    section: Section
    since: date | None
    due: date | None
    event: Names
    days_late: int
    views: tuple[View, ...]
    behind: dict[str, Owed]
    parents: tuple[str, ...]
    replaced_by: tuple[str, ...]
    evidence: dict[str, Evidence]
    instruments: tuple[Carried, ...]


class Meeting(msgspec.Struct, frozen=True):
    """A meeting held in the period."""

    docket: str
    title: Names
    held: tuple[date, ...]


class Decision(msgspec.Struct, frozen=True):
    """A decision taken in the period."""

    ref: str
    text: Names
    day: date | None
    reserved_by: tuple[str, ...]


class Seat(msgspec.Struct, frozen=True):
    """A seat that is filled, without a name: who sits there is personal data."""

    seat: str
    role: Literal["co_chair", "member", "secretary", "expert"]
    since: date
    until: date | None = None


class Seats(msgspec.Struct, frozen=True):
    """A party's seats at the end of the period; None where the mandate gives no number."""

    seats: int | None
    vacant: int | None
    filled: tuple[Seat, ...]


class Report(msgspec.Struct, frozen=True):
    """What of the report is printed. The data may say more, and the digest covers all of it."""

    report: Literal[1]
    mandate: str
    names: Names
    provision: Names
    since: date
    until: date
    at: dict[str, int]
    counts: dict[str, int]
    sections: dict[str, tuple[str, ...]]
    commitments: tuple[Commitment, ...]
    meetings: tuple[Meeting, ...]
    decisions: tuple[Decision, ...]
    seats: dict[str, Seats]


def report_paper(
    report: Mapping[str, Any], ref: str, dated: date, frame: Frame, languages: Sequence[str] = ()
) -> Paper:
    """The paper of a report, with labels in these languages (none named: those of the body's name).

    Raises `Malformed`.
    """
    data = _read(dict(report))
    tags = (
        tuple(languages)
        or tuple(tag for tag in LANGUAGES if tag in data.names)[:MOST_LANGUAGES]
        or LANGUAGES[:1]
    )
    bound = report.get("parties") or [party.code for party in frame.parties]
    parties = tuple(party for party in frame.parties if party.code in bound)
    return make("report", ref, dated, frame._replace(parties=parties), tags, dict(report))


def _read(data: dict[str, Any]) -> Report:
    try:
        return msgspec.convert(data, Report)
    except (msgspec.ValidationError, RecursionError) as error:
        raise Malformed("paper", str(error), at="report") from error


# ------------------------------------------------------------------------------------------------ rows


def lay_out(paper: Paper) -> dict[str, Any]:
    """The sheet of a report. Raises `Malformed`."""
    data, sheet = _read(paper.data), Sheet(paper)
    sheet.row("title", sheet.names(data.names, "names"), sheet.say("report.title"))
    sheet.row(
        "subtitle",
        sheet.say_each("report.period", {"since": sheet.day(data.since), "until": sheet.day(data.until)}),
    )
    _facts(sheet, data)
    if data.commitments:
        _commitments(sheet, data.commitments)
    _meetings(sheet, data)
    _decisions(sheet, data)
    _seats(sheet, data)
    sheet.sign("signing.report")
    return sheet.plain(data.names)


def _facts(sheet: Sheet, data: Report) -> None:
    sheet.fact("label.reference", sheet.same(sheet.paper.ref))
    sheet.fact(
        "label.mandate",
        _lines(sheet, sheet.same(data.mandate), sheet.names(data.provision or {"en": "—"}, "provision")),
    )
    made_of = sheet.each(f"{party} {number}" for party, number in sorted(data.at.items()))
    sheet.fact("label.made_of", sheet.say_each("report.acts", {"acts": made_of}))
    sheet.fact("label.commitments", sheet.same(str(data.counts.get("commitments", len(data.commitments)))))
    for section in SECTIONS:
        if count := len([one for one in data.commitments if one.section == section]):
            sheet.fact(f"count.{section}", sheet.same(str(count)))
    late = [one for one in data.commitments if one.days_late]
    if late:
        sheet.fact("count.overdue", sheet.each(one.docket for one in late))
    if earlier := data.counts.get("earlier", 0):
        sheet.fact("count.earlier", sheet.same(str(earlier)))


def _commitments(sheet: Sheet, every: Sequence[Commitment]) -> None:
    """One line a commitment, under how far it is: what it is, when it is due, each party's view in its own column."""
    codes = [party.code for party in sheet.paper.parties]
    beside = len(codes) <= _SIDE_BY_SIDE
    views = [sheet.party(code) for code in codes] if beside else [sheet.say("label.views")]
    rows: list[TableRow] = []
    for section in SECTIONS:
        found = [one for one in every if one.section == section]
        rows += [sheet.say(f"section.{section}")] if found else []
        rows += [
            [
                sheet.same(one.docket),
                _what(sheet, one),
                _due(sheet, one),
                *_views(sheet, one, codes, beside=beside),
            ]
            for one in found
        ]
    head = [sheet.say("label.reference"), sheet.say("label.commitment"), sheet.say("label.due"), *views]
    sheet.table((16, 50, 22, *(60 // len(views) for _ in views)), head, rows)


def _what(sheet: Sheet, one: Commitment) -> Cell:
    title = sheet.given(one.title, one.docket)
    owners = sheet.joined([sheet.party(code) for code in one.owners])
    facts = [sheet.say_each("commitment.owners", {"owners": owners, "source": sheet.same(one.source)})]
    if one.terms in ("proposed", "crossed"):
        facts.append(sheet.say(f"terms.{one.terms}"))
    for key, refs in (
        ("parents", one.parents),
        ("replaced_by", one.replaced_by),
        ("instruments", [c.instrument for c in one.instruments]),
    ):
        if refs:
            facts.append(sheet.say_each(f"commitment.{key}", {"refs": sheet.each(refs)}))
    for code, held in sorted(one.evidence.items()):
        counts = {"recorded": sheet.same(str(held.recorded)), "released": sheet.same(str(held.released))}
        facts.append(sheet.say_each("commitment.evidence", {"party": sheet.party(code), **counts}))
    return _lines(sheet, title, *facts)


def _due(sheet: Sheet, one: Commitment) -> Cell:
    if one.due is None:
        return sheet.given(one.event, one.docket) if one.event else sheet.same("—")
    day = sheet.day(one.due)
    return _lines(sheet, day, sheet.say("commitment.late", days=one.days_late)) if one.days_late else day


def _views(sheet: Sheet, one: Commitment, codes: Sequence[str], *, beside: bool) -> Iterator[Cell]:
    said = {view.party: view for view in one.views}
    cells = [_view(sheet, said.get(code), one.behind.get(code)) for code in codes]
    if beside:
        yield from cells
        return
    named = [
        sheet.say_each("commitment.view", {"party": sheet.party(code), "view": cell})
        for code, cell in zip(codes, cells, strict=True)
    ]
    yield sheet.lines(named)


def _view(sheet: Sheet, view: View | None, owed: Owed | None) -> Cell:
    """A party's word and its day, its reason below; and, where it owes an answer, since when."""
    lines = []
    if view is not None:
        day = sheet.day(view.as_of or view.day)
        lines.append(
            sheet.say_each("commitment.status", {"status": sheet.say(f"status.{view.status}"), "day": day})
        )
        if view.reason:
            lines.append(sheet.given(view.reason, view.ref))
    if owed is not None:
        lines.append(sheet.say_each("commitment.owed", {"since": sheet.day(owed.since)}))
    return _lines(sheet, *lines) if lines else sheet.same("—")


def _meetings(sheet: Sheet, data: Report) -> None:
    if not data.meetings:
        return
    sheet.row("section", sheet.say("report.meetings"))
    sheet.table(
        (16, 80, 52),
        [sheet.say(f"label.{name}") for name in ("reference", "meeting", "held")],
        (
            [
                sheet.same(one.docket),
                sheet.names(one.title, one.docket),
                sheet.joined([sheet.day(day) for day in one.held]),
            ]
            for one in data.meetings
        ),
    )


def _decisions(sheet: Sheet, data: Report) -> None:
    if not data.decisions:
        return
    sheet.row("section", sheet.say("report.decisions"))
    sheet.table(
        (22, 80, 26, 24),
        [sheet.say(f"label.{name}") for name in ("reference", "decision", "day", "reserved_by")],
        (
            [
                sheet.same(one.ref),
                sheet.given(one.text, one.ref),
                sheet.day(one.day),
                sheet.joined([sheet.party(code) for code in one.reserved_by])
                if one.reserved_by
                else sheet.same("—"),
            ]
            for one in data.decisions
        ),
    )


def _seats(sheet: Sheet, data: Report) -> None:
    if not data.seats:
        return
    sheet.row("section", sheet.say("report.seats"))
    sheet.table(
        (36, 16, 16, 84),
        [sheet.say(f"label.{name}") for name in ("party", "seats", "vacant", "filled")],
        (
            [sheet.party(code), _number(sheet, one.seats), _number(sheet, one.vacant), _filled(sheet, one)]
            for code, one in sorted(data.seats.items())
        ),
    )


def _number(sheet: Sheet, number: int | None) -> Cell:
    return sheet.same("—" if number is None else str(number))


def _filled(sheet: Sheet, one: Seats) -> Cell:
    """Each seat with its role and since when."""
    lines = [
        sheet.say_each(
            "seat.filled",
            {
                "seat": sheet.same(seat.seat),
                "role": sheet.say(f"role.{seat.role}"),
                "since": sheet.day(seat.since),
            },
        )
        for seat in one.filled
    ]
    return _lines(sheet, *lines) if lines else sheet.same("—")


def _lines(sheet: Sheet, *parts: Cell) -> Cell:
    return sheet.lines(parts)
