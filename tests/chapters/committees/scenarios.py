"""Committees whose seats are filled, changed and disturbed, and whose reports are agreed or cross: material for every test.

room = Room()
room.constitute()
term = room.fill("TUR", 1, until=date(2026, 8, 31))
room.name("TUR", term, "A. Example")
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from tests.chapters.table import Table

from comity.chapters.committees import CHAPTER, acts
from comity.core.act import Act, Ref
from comity.core.chapter import BodyTerms, Mandate

MANDATE = "TUR/3#art-4"
BODY = "joint-committee"
NAMES = {"ar": "اللجنة المشتركة", "en": "Joint Committee", "tr": "Ortak Komite"}
SEATS = {"IRQ": 3, "TUR": 2}
FIRST, LAST = date(2024, 9, 1), date(2026, 8, 31)
YEAR = (date(2024, 1, 1), date(2024, 12, 31))


class Room(Table):
    """A table at which every act cites the body's mandate, and short ways to say what is said often."""

    def __init__(
        self,
        parties: Sequence[str] = ("IRQ", "TUR"),
        seats: Mapping[str, int] | None = None,
    ) -> None:
        super().__init__(CHAPTER, parties)
        self.mandate(SEATS if seats is None else seats)

    def mandate(self, seats: Mapping[str, int]) -> None:
        """The mandate as it stands from now on: so many seats for each party."""
        terms = BodyTerms(BODY, "committee", NAMES, seats=dict(seats))
        article = {"en": "Article 4"}
        self.setting.mandates[MANDATE] = Mandate(
            MANDATE, article, tuple(self.parties), (terms,), date(2019, 1, 1)
        )

    def act(self, party: str, kind: str, body: Any, **how: Any) -> Act:
        return super().act(party, kind, body, **{"mandate": MANDATE, **how})

    def constitute(self, party: str = "TUR", **fields: Any) -> Ref:
        fields = {"names": NAMES, "seats": SEATS, **fields}
        return self.say(party, "committee.constituted/1", acts.Constituted(BODY, **fields))

    def fill(
        self,
        party: str,
        number: int = 1,
        since: date = FIRST,
        until: date | None = LAST,
        role: Any = "member",
        **how: Any,
    ) -> Ref:
        body = acts.SeatFilled(f"{party}-{number}", role, since, until)
        return self.say(party, "committee.seat_filled/1", body, **how)

    def name(self, party: str, term: Ref, name: str = "A. Example", **how: Any) -> Ref:
        body = acts.PersonNamed(name, {"en": "Deputy Minister"})
        return self.say(party, "committee.person_named/1", body, answers=[term], **how)

    def vacate(self, party: str, term: Ref, on: date, **how: Any) -> Ref:
        return self.say(party, "committee.seat_vacated/1", acts.SeatVacated(on), answers=[term], **how)

    def report(
        self, party: str, *answers: Ref, text: str = "a", period: tuple[date, date] = YEAR, **how: Any
    ) -> Ref:
        body = acts.ReportProposed(*period, text * 64, {party: self.sizes[party]})
        return self.say(party, "committee.report_proposed/1", body, answers=answers, **how)

    def yes(self, party: str, to: Ref, **how: Any) -> Ref:
        return self.say(party, "committee.report_accepted/1", acts.ReportAccepted(), answers=[to], **how)

    def no(self, party: str, to: Ref, **how: Any) -> Ref:
        return self.say(party, "committee.report_withdrawn/1", acts.ReportWithdrawn(), answers=[to], **how)


def main_path() -> Room:
    """Both sides fill their seats and name who holds them, one changes, and the year's report is agreed."""
    room = Room()
    room.constitute()
    chairs = {party: room.fill(party, role="co_chair") for party in room.parties}
    for party, term in chairs.items():
        room.name(party, term)
    second = room.fill("TUR", 2, until=None, role="secretary")
    room.name("TUR", second, "B. Example")
    room.vacate("TUR", second, date(2025, 3, 1))
    room.name("TUR", room.fill("TUR", 2, date(2025, 3, 1), None, "secretary"), "C. Example")
    room.yes("IRQ", room.report("TUR"))
    return room


def counter_report() -> Room:
    """The other side makes the report at a later cut, and the first takes that one."""
    room = Room()
    room.constitute()
    first = room.report("TUR")
    room.fill("IRQ")
    room.yes("TUR", room.report("IRQ", first, text="b"))
    return room


def two_periods() -> Room:
    """Two years' reports stand side by side; the older is agreed after the newer was put."""
    room = Room()
    room.constitute()
    newer = room.report("IRQ", text="b", period=(date(2025, 1, 1), date(2025, 12, 31)))
    room.yes("IRQ", room.report("TUR", sees={"IRQ": 1}))
    room.yes("TUR", newer)
    return room


def crossed_reports(text: str = "b") -> Room:
    """Each side accepts the other's report of one year unaware: both are agreed."""
    room = Room()
    room.constitute()
    ours = room.report("TUR")
    before = room.sizes["TUR"]
    theirs = room.report("IRQ", text=text)
    room.yes("TUR", theirs)
    room.yes("IRQ", ours, sees={"TUR": before})
    return room


def same_reports_crossed() -> Room:
    """As before, but the two reports say the same: nothing crossed."""
    return crossed_reports("a")


def crossed_then_settled() -> Room:
    """The crossing is seen by both, and a new report ends it."""
    room = crossed_reports()
    room.yes("IRQ", room.report("TUR", text="c"))
    return room


def withdrawal_crossed() -> Room:
    """A withdrawal and an acceptance cross: the acceptance binds."""
    room = Room()
    room.constitute()
    report = room.report("TUR")
    room.no("TUR", report)
    room.yes("IRQ", report, sees={"TUR": 3})
    room.fill("TUR")
    return room


def withdrawal_seen() -> Room:
    """A report is taken back in the other's sight, and put again."""
    room = Room()
    room.constitute()
    report = room.report("TUR")
    room.no("TUR", report)
    room.fill("IRQ")
    room.yes("TUR", report)
    room.yes("IRQ", report)
    return room


def corrected_vacating() -> Room:
    """A seat is vacated on the wrong day, corrected twice, and one term is undone altogether."""
    room = Room()
    room.constitute()
    term = room.fill("TUR")
    for day in (date(2025, 1, 1), date(2024, 12, 1), date(2025, 2, 1)):
        room.vacate("TUR", term, day)
    undone = room.fill("TUR", 2)
    room.vacate("TUR", undone, FIRST)
    room.fill("TUR", 2)
    return room


def three_parties() -> Room:
    """Three must accept a report; two do, the third later."""
    room = Room(("IRQ", "SYR", "TUR"), {})
    room.constitute(seats={}, names={})
    for party in room.parties:
        room.fill(party, 7)
    report = room.report("SYR")
    room.yes("IRQ", report)
    room.fill("IRQ", 8)
    room.yes("TUR", report)
    return room


def disturbed() -> Room:
    """A node that does not keep the rules says things that none should have said; the others are not moved."""
    room = Room()
    room.constitute()
    term = room.fill("TUR")
    for body in (acts.SeatFilled("TUR-2", "expert", FIRST), acts.SeatFilled("IRQ-1", "member", LAST, FIRST)):
        room.force(room.act("IRQ", "committee.seat_filled/1", body))
    room.force(room.act("IRQ", "committee.person_named/1", acts.PersonNamed("X. Example"), answers=[term]))
    room.force(room.act("IRQ", "committee.seat_vacated/1", acts.SeatVacated(LAST), answers=[term]))
    room.force(room.act("IRQ", "committee.person_named/1", None, answers=[Ref("IRQ", 77)]))
    report = acts.ReportProposed(*YEAR, "e" * 64, {"TUR": 99})
    room.force(room.act("IRQ", "committee.report_proposed/1", report))
    room.force(room.act("IRQ", "committee.report_accepted/1", acts.ReportAccepted(), answers=[term]))
    room.force(room.act("TUR", "committee.person_named/1", None, answers=[term]))
    return room


def without_mandate() -> Room:
    """A committee that nobody was allowed to constitute, and what is said in it."""
    room = Room()
    room.force(room.act("TUR", "committee.constituted/1", acts.Constituted("other-body")))
    room.force(room.act("IRQ", "committee.seat_filled/1", acts.SeatFilled("IRQ-1", "member", FIRST)))
    return room


def scenarios() -> list[Table]:
    """All of them, for tests/chapters/test_every_chapter.py."""
    stories = (
        main_path,
        counter_report,
        two_periods,
        crossed_reports,
        same_reports_crossed,
        crossed_then_settled,
        withdrawal_crossed,
        withdrawal_seen,
        corrected_vacating,
        three_parties,
        disturbed,
        without_mandate,
    )
    return [story() for story in stories]
