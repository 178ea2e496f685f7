"""Two states with one memorandum in force, which sets up two committees; and short ways to say what is said often.

    room = Room()
    step = room.propose("TUR", title="Joint centre")
    room.meet().accept("IRQ", step)
    room.meet().state("TUR", step, "started")

Every act is said by the node of its party and travels by the exchange. Founding is done once and copied after that.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
from tests.worlds.faulty import copy_of
from tests.worlds.world import World, charter_of

from comity.chapters import all_chapters
from comity.chapters.commitments import acts
from comity.chapters.committees.acts import Constituted, SeatFilled, SeatVacated
from comity.chapters.instruments.acts import Affirmed, Recorded
from comity.chapters.instruments.reader import read_text
from comity.chapters.instruments.text import Text, digest
from comity.chapters.meetings import acts as meetings
from comity.core.act import Ref
from comity.core.errors import Refused
from comity.node import showing
from comity.node.record import Record

PARTIES = ("IRQ", "TUR")
JOINT, WATER = "TUR/1#art-1", "TUR/1#art-2"
BODIES = {JOINT: "joint", WATER: "water"}
DUE = date(2024, 12, 31)
BEGUN = datetime(2024, 9, 1, 9, tzinfo=UTC)
_HEAD = """\
---
language: en
authentic: [en]
parties: [IRQ, TUR]
bodies:
  - article: 1
    id: joint
    kind: committee
    names: {en: Joint Committee, tr: Ortak Komite}
    seats: {IRQ: 3, TUR: 3}
  - article: 2
    id: water
    kind: committee
    names: {en: Committee on Water}
---

# Memorandum

The two sides agree as follows:

## Article 1 — Joint Committee

A Joint Committee is set up.

## Article 2 — Water

A Committee on Water is set up.

## Article 3 — Centres

Two joint centres are set up.
"""


def memorandum() -> Text:
    return msgspec.convert(read_text([("memorandum.en.md", _HEAD.encode())])["text"], Text)


class Room:
    """A world of two nodes. `chapters` replaces some of the real ones."""

    def __init__(self, parties: Sequence[str] = PARTIES) -> None:
        start = _start()
        self.world = World(parties, lambda party: copy_of(start.stores[party].inner), chapters=all_chapters())
        self.world.now = BEGUN

    def node(self, party: str) -> Record:
        return self.world.nodes[party]

    def meet(self) -> Room:
        self.world.meet()
        return self

    def on(self, day: date) -> Room:
        """It is that day from now on; days never go back."""
        self.world.now = max(self.world.now, datetime(day.year, day.month, day.day, 9, tzinfo=UTC))
        return self

    def after(self, days: int) -> Room:
        self.world.now += timedelta(days=days)
        return self

    def say(
        self, party: str, kind: str, body: Any, docket: Ref | None = None, *answers: Ref, **how: Any
    ) -> Ref:
        return self.world.say(party, kind, body, docket, answers, **how)

    def of(self, party: str, kind: str, body: Any, docket: Ref, *answers: Ref) -> Ref:
        """An act on a commitment, under the mandate of its body."""
        leaf = self.world.nodes[party].folds.opening(docket, self.world.nodes[party].ready)
        assert leaf is not None
        return self.say(party, f"commitment.{kind}/1", body, docket, *answers, mandate=leaf.mandate)

    # ------------------------------------------------------------------------------ commitments

    def propose(self, party: str, *parents: Ref, mandate: str = JOINT, **fields: Any) -> Ref:
        body = acts.Proposed(BODIES[mandate], terms(**fields), PARTIES, tuple(map(str, parents)))
        return self.say(party, "commitment.proposed/1", body, mandate=mandate)

    def agreed(self, **fields: Any) -> Ref:
        """One that both have agreed to and both know of."""
        step = self.propose("TUR", **fields)
        self.meet().accept("IRQ", step)
        self.meet()
        return step

    def accept(self, party: str, to: Ref) -> Ref:
        return self.of(party, "accepted", acts.Accepted(), self.docket_of(party, to), to)

    def docket_of(self, party: str, ref: Ref) -> Ref:
        return Ref.parse(showing.show(self.node(party), ref)["docket"])

    def terms(self, party: str, step: Ref, *answers: Ref, **fields: Any) -> Ref:
        return self.of(party, "terms_proposed", acts.TermsProposed(terms(**fields)), step, *answers)

    def close(self, party: str, step: Ref, *by: Ref) -> Ref:
        outcome: Any = "replaced" if by else "dropped"
        body = acts.ClosingProposed(outcome, {"en": "As agreed."}, tuple(map(str, by)))
        return self.of(party, "closing_proposed", body, step)

    def state(self, party: str, step: Ref, status: Any, reason: str = "") -> Ref:
        reason = reason or ("The land is not free." if status == "obstructed" else "")
        body = acts.StatusAsserted(status, {"en": reason} if reason else {})
        return self.of(party, "status_asserted", body, step)

    def record(self, party: str, step: Ref, data: bytes = b"file") -> Ref:
        body = acts.EvidenceRecorded(
            {"en": "A file"}, acts.evidence_digest(bytes(32), data), len(data), "text/plain"
        )
        return self.of(party, "evidence_recorded", body, step)

    def release(self, party: str, step: Ref, evidence: Ref, data: bytes = b"file") -> Ref:
        body = acts.EvidenceReleased("file.txt", "A" * 43, data)
        return self.of(party, "evidence_released", body, step, evidence)

    def carry(self, party: str, step: Ref, instrument: str = "TUR/1") -> Ref:
        return self.of(party, "implementation_recorded", acts.ImplementationRecorded(instrument), step)

    # ------------------------------------------------------------------------------ meetings, committees

    def meeting(
        self, day: date, number: int = 1, mandate: str = JOINT, decide: bool = True
    ) -> tuple[Ref, Ref | None]:
        """One that was held and whose minutes both approved; the act that put the minutes, with decision D1."""
        starts = datetime(day.year, day.month, day.day, 10, tzinfo=UTC)
        body = BODIES[mandate]
        how = {"mandate": mandate}
        docket = self.say(
            "TUR", "meeting.convened/1", meetings.Convened(body, number, starts, parties=PARTIES), **how
        )
        self.meet()
        self.say("IRQ", "meeting.date_accepted/1", meetings.DateAccepted(), docket, docket, **how)
        item = self.say(
            "TUR",
            "meeting.agenda_item_proposed/1",
            meetings.AgendaItemProposed({"en": "The centre"}),
            docket,
            **how,
        )
        self.meet()
        self.say("IRQ", "meeting.agenda_item_accepted/1", meetings.AgendaItemAccepted(), docket, item, **how)
        self.meet().on(day)
        for party in PARTIES:
            self.say(party, "meeting.held/1", meetings.Held(day), docket, **how)
        if not decide:
            self.meet()
            return docket, None
        taken = meetings.Decision("D1", str(item), {"en": "A centre is set up."})
        minutes = meetings.MinutesProposed(({"en": "They met."},), (taken,))
        put = self.say("TUR", "meeting.minutes_proposed/1", minutes, docket, **how)
        self.meet()
        self.say("IRQ", "meeting.minutes_approved/1", meetings.MinutesApproved(), docket, put, **how)
        self.meet()
        return docket, put

    def constitute(self, mandate: str = JOINT) -> Ref:
        seats = dict.fromkeys(PARTIES, 3) if mandate == JOINT else {}
        body = Constituted(BODIES[mandate], {}, PARTIES, seats)
        ref = self.say("TUR", "committee.constituted/1", body, mandate=mandate)
        self.meet()
        return ref

    def seat(self, party: str, register: Ref, number: int, since: date, until: date | None = None) -> Ref:
        body = SeatFilled(f"{party}-{number}", "member", since, until)
        return self.say(party, "committee.seat_filled/1", body, register, mandate=JOINT)

    def vacate(self, party: str, register: Ref, term: Ref, on: date) -> Ref:
        return self.say(party, "committee.seat_vacated/1", SeatVacated(on), register, term, mandate=JOINT)


def terms(title: str = "Joint centre", **fields: Any) -> acts.Terms:
    due = fields.pop("due", DUE)
    said = due if isinstance(due, acts.Due) else acts.Due(due)
    fields = {"source": "TUR/1#art-3", "owners": PARTIES, "due": said, **fields}
    return acts.Terms({"en": title}, {"en": f"{title} is set up."}, **fields)


@functools.cache
def _start() -> World:
    """Founded, and the memorandum recorded by one and affirmed by the other."""
    charter_of.cache_clear()
    world = World(PARTIES, chapters=all_chapters())
    world.found()
    text, since = memorandum(), date(2024, 1, 1)
    ref = world.say("TUR", "instrument.recorded/1", Recorded(text, since))
    world.meet()
    world.say("IRQ", "instrument.affirmed/1", Affirmed(str(ref), digest(text), since), ref, [ref])
    return world.meet()


# --------------------------------------------------------------------------------------- random lives

Step = tuple[int, int, int]


def live(room: Room, steps: Sequence[Step]) -> list[Ref]:
    """Whatever these numbers come to, where the rules allow it: said, carried, days passing. Returns the commitments."""
    found: list[Ref] = []
    offers: list[Ref] = []
    files: list[tuple[str, Ref, Ref]] = []
    for who, what, which in steps:
        party = PARTIES[who % 2]
        with contextlib.suppress(Refused):
            _live(room, party, what, which, found, offers, files)
    return found


def _live(  # noqa: C901 -- one case for each thing that can happen
    room: Room, party: str, what: int, which: int, found: list[Ref], offers: list[Ref], files: list[Any]
) -> None:
    ready = room.node(party).ready
    known = [ref for ref in found if ref.number < ready.get(ref.party, 0)]
    step = known[which % len(known)] if known else None
    mandate = WATER if which % 5 == 4 else JOINT
    match what % 16:
        case 0 | 1:
            due = DUE + timedelta(days=7 * (which % 9) - 60)
            found.append(room.propose(party, mandate=mandate, title=f"Step {which}", due=due))
        case 2 if step is not None:
            parents = [step, *(known[which * 7 % len(known) :][:1] if which % 2 else [])]
            found.append(
                room.propose(party, *dict.fromkeys(parents), mandate=mandate, title=f"Child {which}")
            )
        case 3 | 4 if step is not None:
            room.accept(party, step)
        case 5 | 6 if step is not None:
            room.state(party, step, acts.STATUSES[which % 4])
        case 7 if step is not None:
            source = ("TUR/1#art-3", "TUR/1#art-1")[which % 2]
            offers.append(room.terms(party, step, source=source, due=DUE + timedelta(days=which)))
        case 8 if step is not None:
            children = [ref for ref in known if str(step) in parents_of(room, party, ref)]
            offers.append(room.close(party, step, *children[: which % 3]))
        case 9 | 10 if offers:
            offer = offers[which % len(offers)]
            if offer.number < ready.get(offer.party, 0):
                room.accept(party, offer)
        case 11 if step is not None:
            files.append((party, step, room.record(party, step, b"%d" % which)))
        case 12 if files:
            by, docket, evidence = files[which % len(files)]
            room.release(by, docket, evidence)
        case 13 if step is not None:
            room.carry(party, step)
        case 14:
            room.after(which % 40)
        case _:
            room.world.sync(party, PARTIES[1 - PARTIES.index(party)])


def parents_of(room: Room, party: str, ref: Ref) -> tuple[str, ...]:
    opening = room.node(party).folds.opening(ref, room.node(party).ready)
    assert opening is not None
    return tuple(opening.body.parents)
