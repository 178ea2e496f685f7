"""Meetings that went well, crossed on the way, or were disturbed: material for every test of this chapter.

room = Room()
first = room.convene()
room.say("IRQ", "meeting.date_accepted/1", DateAccepted(), answers=[first])
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Any

from tests.chapters.table import Table

from comity.chapters.meetings import CHAPTER, acts
from comity.core.act import Act, Ref
from comity.core.chapter import BodyTerms, Mandate

MANDATE = "TUR/3#art-2"
BODY = "security-mechanism"
NAMES = {
    "ar": "الآلية الأمنية رفيعة المستوى",
    "en": "High-Level Security Mechanism",
    "tr": "Yüksek Düzeyli Güvenlik Mekanizması",
}
ANKARA = {"ar": "أنقرة", "en": "Ankara", "tr": "Ankara"}
HELD = date(2024, 8, 15)


def hour(day: int, month: int = 8) -> datetime:
    """Ten o'clock in Ankara and Baghdad on a day of 2024."""
    return datetime(2024, month, day, 10, 0, tzinfo=timezone(timedelta(hours=3)))


class Room(Table):
    """A table at which every act cites the body's mandate, and short ways to say what is said often."""

    def __init__(self, parties: Sequence[str] = ("IRQ", "TUR"), start: int = 1) -> None:
        super().__init__(CHAPTER, parties, start)
        terms = BodyTerms(BODY, "committee", NAMES, every_months=6)
        ref = MANDATE
        self.setting.mandates[ref] = Mandate(
            ref, {"en": "Article 2"}, tuple(parties), (terms,), date(2019, 1, 1)
        )

    def act(self, party: str, kind: str, body: Any, **how: Any) -> Act:
        return super().act(party, kind, body, **{"mandate": MANDATE, **how})

    def convene(self, party: str = "TUR", day: int = 15, **fields: Any) -> Ref:
        fields = {"place": ANKARA, "names": NAMES, **fields}
        return self.say(party, "meeting.convened/1", acts.Convened(BODY, 4, hour(day), **fields))

    def date(self, party: str, day: int, *answers: Ref, **how: Any) -> Ref:
        return self.say(
            party, "meeting.date_proposed/1", acts.DateProposed(hour(day), ANKARA), answers=answers, **how
        )

    def yes(self, party: str, to: Ref, **how: Any) -> Ref:
        return self.say(party, "meeting.date_accepted/1", acts.DateAccepted(), answers=[to], **how)

    def no(self, party: str, to: Ref, **how: Any) -> Ref:
        return self.say(
            party, "meeting.date_acceptance_withdrawn/1", acts.DateAcceptanceWithdrawn(), answers=[to], **how
        )

    def call_off(self, party: str, outcome: Any, **how: Any) -> Ref:
        return self.say(
            party,
            "meeting.calling_off_proposed/1",
            acts.CallingOffProposed(outcome, {"en": "Elections"}),
            **how,
        )

    def agree_off(self, party: str, to: Ref, **how: Any) -> Ref:
        return self.say(
            party, "meeting.calling_off_accepted/1", acts.CallingOffAccepted(), answers=[to], **how
        )

    def item(self, party: str, title: str, **how: Any) -> Ref:
        names = {"ar": title, "en": title, "tr": title}
        return self.say(party, "meeting.agenda_item_proposed/1", acts.AgendaItemProposed(names), **how)

    def accept_items(self, party: str, *items: Ref, **how: Any) -> Ref:
        return self.say(
            party, "meeting.agenda_item_accepted/1", acts.AgendaItemAccepted(), answers=items, **how
        )

    def held(self, party: str, on: date = HELD, instead_of: date | None = None, **how: Any) -> Ref:
        how = {"time": hour(20), **how}
        return self.say(party, "meeting.held/1", acts.Held(on, instead_of), **how)

    def minutes(
        self, party: str, *answers: Ref, item: Ref | None = None, text: str = "They met.", **how: Any
    ) -> Ref:
        taken = (acts.Decision("D1", str(item), {"en": "A centre is set up in Baghdad."}),) if item else ()
        body = acts.MinutesProposed(({"en": text},), taken)
        return self.say(party, "meeting.minutes_proposed/1", body, answers=answers, **how)

    def approve(self, party: str, to: Ref, *reservations: acts.Reservation, **how: Any) -> Ref:
        body = acts.MinutesApproved(tuple(reservations))
        return self.say(party, "meeting.minutes_approved/1", body, answers=[to], **how)


def held_meeting() -> tuple[Room, Ref]:
    """A meeting that was agreed and held, and the one item of its agenda."""
    room = Room()
    room.yes("IRQ", room.convene())
    item = room.item("TUR", "The centre in Baghdad")
    room.accept_items("IRQ", item)
    room.held("TUR")
    room.held("IRQ")
    return room, item


def main_path() -> Room:
    """The 4th meeting: called by one side, accepted by the other, held, its minutes approved with a reservation."""
    room = Room()
    room.yes("IRQ", room.convene())
    items = [room.item("TUR", "The centre in Baghdad"), room.item("TUR", "Water")]
    room.accept_items("IRQ", *items)
    someone = acts.Person("A. Example", {"en": "Ambassador"})
    for party in room.parties:
        room.say(
            party, "meeting.delegation_named/1", acts.DelegationNamed(someone, (acts.Person("B. Example"),))
        )
    room.held("TUR")
    room.held("IRQ")
    text = room.minutes("TUR", item=items[0])
    room.approve("IRQ", text, acts.Reservation({"en": "Subject to the budget."}, decision="D1"))
    return room


def counter_date() -> Room:
    """The other side puts another date, and the first takes it."""
    room = Room()
    first = room.convene()
    room.yes("TUR", room.date("IRQ", 20, first))
    return room


def crossed_dates() -> Room:
    """Each accepts the other's date without knowing that the other does: two dates are agreed."""
    room = Room()
    first = room.convene()
    counter = room.date("IRQ", 20, first)
    room.yes("TUR", counter)
    room.yes("IRQ", first, sees={"TUR": 2})
    return room


def crossed_then_settled() -> Room:
    """The crossing is seen by both, and a new date ends it."""
    room = crossed_dates()
    room.yes("TUR", room.date("IRQ", 22))
    return room


def withdrawal_crossed() -> Room:
    """A withdrawal and an acceptance cross: the acceptance binds, the withdrawal has no effect."""
    room = Room()
    first = room.convene()
    room.no("TUR", first)
    room.yes("IRQ", first, sees={"TUR": 2})
    room.item("TUR", "Trade")
    return room


def withdrawal_seen() -> Room:
    """A yes is taken back within the other's sight and given again."""
    room = Room(("IRQ", "TUR"))
    first = room.convene()
    room.no("TUR", first)
    room.item("IRQ", "Energy")
    room.yes("TUR", first)
    room.yes("IRQ", first)
    return room


def postponed() -> Room:
    """An agreed date is put off, then a new one is agreed."""
    room = Room()
    room.yes("IRQ", room.convene())
    room.agree_off("TUR", room.call_off("IRQ", "postponed"))
    room.yes("TUR", room.date("IRQ", 29))
    return room


def cancelled() -> Room:
    """An agreed date, a first attempt to cancel that is taken back, a second that is accepted."""
    room = Room()
    room.yes("IRQ", room.convene())
    first = room.call_off("IRQ", "cancelled")
    room.say("IRQ", "meeting.calling_off_withdrawn/1", acts.CallingOffWithdrawn(), answers=[first])
    room.agree_off("IRQ", room.call_off("TUR", "cancelled"))
    return room


def cancellation_crossed() -> Room:
    """One side accepts a cancellation while the other accepts a new date."""
    room = Room()
    room.yes("IRQ", room.convene())
    off = room.call_off("TUR", "cancelled")
    other = room.date("IRQ", 20)
    room.yes("TUR", other)
    room.agree_off("IRQ", off, sees={"TUR": 3})
    return room


def corrected_day() -> Room:
    """The two state different days, and one corrects itself."""
    room = Room()
    room.yes("IRQ", room.convene())
    room.held("TUR", date(2024, 8, 14))
    room.held("IRQ")
    room.held("TUR", HELD, date(2024, 8, 14))
    return room


def minutes_withdrawn() -> Room:
    """Minutes are approved, taken back, replaced and approved; an agenda item is taken back beside them."""
    room, item = held_meeting()
    spare = room.item("IRQ", "Transport")
    room.say("IRQ", "meeting.agenda_item_withdrawn/1", acts.AgendaItemWithdrawn(), answers=[spare])
    text = room.minutes("TUR", item=item)
    room.say("TUR", "meeting.minutes_approval_withdrawn/1", acts.MinutesApprovalWithdrawn(), answers=[text])
    room.approve("IRQ", room.minutes("TUR", text, item=item, text="They met in Ankara."))
    room.approve("TUR", room.minutes("IRQ", item=item, text="They met in Ankara, and agreed."))
    return room


def crossed_minutes() -> Room:
    """Each approves the other's minutes unaware: two texts are approved."""
    room, item = held_meeting()
    ours = room.minutes("TUR", item=item)
    before = room.sizes["TUR"]
    theirs = room.minutes("IRQ", item=item, text="They did not meet for long.")
    room.approve("TUR", theirs)
    room.approve("IRQ", ours, sees={"TUR": before})
    return room


def three_parties() -> Room:
    """Three must agree: two do, the third counters, and all take that."""
    room = Room(("IRQ", "SYR", "TUR"))
    first = room.convene()
    room.yes("IRQ", first)
    counter = room.date("SYR", 21, first)
    room.yes("TUR", counter)
    room.yes("IRQ", counter)
    for party in room.parties:
        room.held(party, date(2024, 8, 21), time=hour(22))
    return room


def disturbed() -> Room:
    """A node that does not keep the rules says things that none should have said; the others are not moved."""
    room = Room()
    first = room.convene()
    room.force(room.act("TUR", "meeting.date_accepted/1", acts.DateAccepted(), answers=[first]))
    room.force(room.act("IRQ", "meeting.date_accepted/1", acts.DateAccepted(), answers=[Ref("TUR", 9)]))
    room.force(room.act("IRQ", "meeting.held/1", acts.Held(HELD), mandate="TUR/3#art-9"))
    room.force(room.act("IRQ", "meeting.minutes_proposed/1", acts.MinutesProposed(({"en": "They met."},))))
    room.force(room.act("IRQ", "meeting.delegation_named/1", None))
    room.yes("IRQ", first)
    return room


def without_mandate() -> Room:
    """A meeting that nobody was allowed to call, and an answer to it."""
    room = Room()
    first = room.force(room.act("TUR", "meeting.convened/1", acts.Convened("other-body", 1, hour(15))))
    room.force(room.act("IRQ", "meeting.date_accepted/1", acts.DateAccepted(), answers=[first]))
    return room


def scenarios() -> list[Table]:
    """All of them, for tests/chapters/test_every_chapter.py."""
    stories = (
        main_path,
        counter_date,
        crossed_dates,
        crossed_then_settled,
        withdrawal_crossed,
        withdrawal_seen,
        postponed,
        cancelled,
        cancellation_crossed,
        corrected_day,
        minutes_withdrawn,
        crossed_minutes,
        three_parties,
        disturbed,
        without_mandate,
    )
    return [story() for story in stories]
