"""A meeting with approved minutes, and a committee with an accepted report, on the desk of two nodes."""

from __future__ import annotations

import functools
from datetime import UTC, date, datetime

from tests.chapters.instruments.drafts import text
from tests.papers.desk import Desk
from tests.worlds.faulty import copy_of
from tests.worlds.world import World

from comity.chapters import all_chapters
from comity.chapters.committees import acts as committee
from comity.chapters.instruments import acts as instrument
from comity.chapters.instruments.text import digest
from comity.chapters.meetings import acts as meeting
from comity.core.act import Ref
from comity.node.report import digest as report_digest
from comity.node.report import report

STARTS = datetime(2024, 8, 15, 9, 0, tzinfo=UTC)


class Room(Desk):
    """A desk in a world with every chapter. `meeting` has approved minutes; `report` is an accepted report's act."""

    meeting: Ref
    report: Ref
    mandate: str

    def __init__(self, parties: tuple[str, ...] = ("IRQ", "TUR"), **how: object) -> None:
        World.__init__(self, parties, chapters=all_chapters(), **how)  # type: ignore[arg-type]

    def both(self, kind: str, body: object, docket: Ref, put: Ref, but: str = "") -> None:
        """Every party says it about what was put, but for whoever put it."""
        self.meet()
        for party in self.parties:
            if party != but:
                self.say(party, kind, body, docket, [put], mandate=self.mandate, office="minister")
        self.meet()


@functools.cache
def _furnished() -> Room:
    room = Room()
    room.found()
    for party in room.parties:
        room.fill(party)
        room.certify(party)
    room.meet()
    said = instrument.Recorded(text(), date(2019, 9, 1))
    room.docket = room.say("TUR", "instrument.recorded/1", said)
    room.meet()
    affirmed = instrument.Affirmed(str(room.docket), digest(text()), date(2019, 9, 1))
    room.say("IRQ", "instrument.affirmed/1", affirmed, room.docket)
    room.meet()
    room.mandate = f"{room.docket}#art-2"
    _meet(room)
    _report(room)
    return room


def _meet(room: Room) -> None:
    how = {"mandate": room.mandate, "office": "minister"}
    names = {"en": "Committee on Trade", "tr": "Ticaret Komitesi", "ar": "لجنة التجارة"}
    convened = meeting.Convened("trade", 4, STARTS, {"en": "Ankara"}, names=names)
    docket = room.meeting = room.say("TUR", "meeting.convened/1", convened, **how)  # type: ignore[arg-type]
    room.both("meeting.date_accepted/1", meeting.DateAccepted(), docket, docket, "TUR")
    item = room.say(
        "TUR", "meeting.agenda_item_proposed/1", meeting.AgendaItemProposed({"en": "Water"}), docket, **how
    )  # type: ignore[arg-type]
    room.both("meeting.agenda_item_accepted/1", meeting.AgendaItemAccepted(), docket, item, "TUR")
    room.now = datetime(2024, 8, 15, 12, 0, tzinfo=UTC)
    for party in room.parties:
        room.say(party, "meeting.held/1", meeting.Held(date(2024, 8, 15)), docket, **how)  # type: ignore[arg-type]
    person = meeting.Person("A. Example")
    room.say("TUR", "meeting.delegation_named/1", meeting.DelegationNamed(person), docket, **how)  # type: ignore[arg-type]
    decision = meeting.Decision("D1", str(item), {"en": "The centre opens.", "tr": "Merkez açılır."})
    put = meeting.MinutesProposed(({"en": "The Parties met.", "tr": "Taraflar toplandı."},), (decision,))
    first = room.say("TUR", "meeting.minutes_proposed/1", put, docket, **how)  # type: ignore[arg-type]
    reserved = meeting.MinutesApproved((meeting.Reservation({"en": "Iraq reads this otherwise."}, "D1"),))
    room.both("meeting.minutes_approved/1", reserved, docket, first, "TUR")


def _report(room: Room) -> None:
    how = {"mandate": room.mandate, "office": "minister"}
    docket = room.say("TUR", "committee.constituted/1", committee.Constituted("trade"), **how)  # type: ignore[arg-type]
    room.meet()
    since, until = date(2024, 1, 1), date(2024, 8, 14)
    made = report(room.nodes["TUR"], room.mandate, "trade", since, until)
    said = committee.ReportProposed(since, until, report_digest(made), dict(made["at"]))
    room.report = room.say("TUR", "committee.report_proposed/1", said, docket, **how)  # type: ignore[arg-type]
    room.both("committee.report_accepted/1", committee.ReportAccepted(), docket, room.report, "TUR")


def furnished() -> Room:
    """A room ready for papers; furnished once and copied after that."""
    start = _furnished()
    room = Room(store=lambda party: copy_of(start.stores[party].inner))
    for name in ("now", "docket", "meeting", "report", "mandate"):
        setattr(room, name, getattr(start, name))
    return room
