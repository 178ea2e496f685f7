"""The mechanism of `comity bench commitments`: two states, five committees under one memorandum, thousands of steps.

    ONE records the memorandum as in force, TWO affirms it; then, for each commitment, in turn:
    ONE or TWO proposes it, the other accepts, both assert how far it is, evidence is recorded, a new due date agreed

Every act is said by the real path (judged, appended, indexed) and received by the other node by the real path (proved,
stored, indexed). Only one thing is not as in life: many acts are said in one transaction, so that the disk is waited
for once. One commitment in fifty is replaced by two others, one in seventy is dropped, one in ten is disputed.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from comity.bench.pact import ONE, TWO, talk
from comity.chapters import all_chapters
from comity.chapters.commitments import acts
from comity.chapters.committees.acts import Constituted, SeatFilled
from comity.chapters.instruments.acts import Affirmed, Recorded
from comity.chapters.instruments.reader import read_text
from comity.chapters.instruments.text import Text, digest
from comity.core.act import Ref
from comity.core.charter import ROOT, parse_card
from comity.core.errors import Refused
from comity.node import saying
from comity.node.home import Node
from comity.node.record import Draft, Record

__all__ = [
    "ASKED",
    "BODIES",
    "CHAPTERS",
    "FEWEST",
    "MANDATE",
    "Clock",
    "fill",
    "found",
    "open_node",
    "require_enough",
]

CHAPTERS = ("instruments", "meetings", "committees", "commitments")
BODIES = ("security", "trade", "water", "energy", "transport")
FEWEST = 100
ASKED = date(2025, 12, 15)
"""The day as of which everything is asked: two weeks after the last act."""

_FIRST, _LAST = (
    datetime(year, month, day, 9, tzinfo=UTC) for year, month, day in ((2024, 1, 8), (2025, 12, 1))
)
_BATCH = 250
_TURNS, _SILENT = 10, 6
MANDATE = "ONE/1#art-1"
_HEAD = "---\nlanguage: en\nauthentic: [en]\nparties: [ONE, TWO]\nbodies:\n"


class Clock:
    """The time that is asserted: it moves only when it is told to."""

    def __init__(self, now: datetime = _FIRST) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def open_node(folder: Path, party: str, clock: Callable[[], datetime]) -> Node:
    """One party's node."""
    return Node(folder / party.lower(), all_chapters(), clock)


def memorandum() -> Text:
    """A text that sets up the five committees, one article each."""
    bodies = "".join(
        f"  - article: {number}\n    id: {body}\n    kind: committee\n"
        f"    names: {{en: Committee on {body}}}\n    seats: {{ONE: 3, TWO: 3}}\n    every months: 6\n"
        for number, body in enumerate(BODIES, 1)
    )
    articles = "".join(
        f"\n## Article {number} — Committee on {body}\n\nA Committee on {body} is set up.\n"
        for number, body in enumerate(BODIES, 1)
    )
    words = f"{_HEAD}{bodies}---\n\n# Memorandum\n\nThe two sides agree as follows:\n{articles}"
    return msgspec.convert(read_text([("memorandum.en.md", words.encode())])["text"], Text)


def found(folder: Path) -> None:
    """Make both nodes, found the mechanism, put the memorandum in force, constitute the committees."""
    clock = Clock()
    chapters = all_chapters()
    nodes = [Node.init(folder / code.lower(), code, {"en": code}, chapters, clock) for code in (ONE, TWO)]
    cards = [parse_card(node.make_card()) for node in nodes]
    charter = nodes[0].propose(cards, {"en": "Bench"}, list(CHAPTERS))
    one, two = (node.accept(charter) for node in nodes)
    exchange(one, two)
    text = memorandum()
    since = date(2024, 1, 1)
    ref = one.say(Draft("instrument.recorded/1", Recorded(text, since), ROOT)).ref
    exchange(one, two)
    affirmed = Affirmed(str(ref), digest(text), since)
    two.say(Draft("instrument.affirmed/1", affirmed, ROOT, docket=ref, answers=[ref]))
    exchange(one, two)
    _constitute(one, two)
    for node in nodes:
        node.close()


def _constitute(one: Record, two: Record) -> None:
    for number, body in enumerate(BODIES, 1):
        mandate = f"ONE/1#art-{number}"
        opened = Constituted(body, {"en": f"Committee on {body}"}, (ONE, TWO), {ONE: 3, TWO: 3})
        docket = one.say(Draft("committee.constituted/1", opened, ROOT, mandate=mandate)).ref
        exchange(one, two)
        for record in (one, two):
            for seat in (1, 2):
                term = SeatFilled(f"{record.party}-{seat}", "member", date(2024, 1, 8))
                record.say(Draft("committee.seat_filled/1", term, ROOT, docket=docket, mandate=mandate))
    exchange(one, two)


def exchange(one: Record, two: Record) -> None:
    """Everything to everybody, receipts too."""
    for _ in range(2):
        talk(one, two)
        talk(two, one)


# ------------------------------------------------------------------------------------------- the filling


def fill(one: Record, two: Record, clock: Clock, commitments: int, acts: int) -> dict[str, Any]:
    """Say `acts` acts on `commitments` commitments, from both sides in turn, over two years. Returns the counts."""
    require_enough(commitments, acts)
    life, turn = _Life(one, two, clock, commitments), 0
    while life.acts < acts:
        clock.now = _FIRST + (_LAST - _FIRST) * min(turn, _TURNS - 1) // (_TURNS - 1)
        life.turn(turn, acts)
        turn += 1
    return {"commitments": len(life.steps), "acts": life.acts}


def require_enough(commitments: int, acts: int) -> None:
    """Refuse fewer than a hundred commitments, or than ten acts on each: not enough happens to them."""
    if commitments < FEWEST or acts < _TURNS * commitments:
        fewest = _TURNS * max(FEWEST, commitments)
        raise Refused("bench_too_few", acts=min(acts, _TURNS * commitments), fewest=fewest)


class _Step:
    """One commitment on its way, and what comes of it: split, dropped, disputed, left unanswered, or kept."""

    def __init__(self, docket: Ref, place: int, parent: Ref | None = None) -> None:
        self.docket, self.place, self.parent = docket, place, parent
        self.mandate = f"ONE/1#art-{place % len(BODIES) + 1}"
        self.offer: Ref | None = None
        self.children: list[Ref] = []

    @property
    def fate(self) -> str:
        """The same for the same place, so that every run is the same."""
        if self.parent is not None:
            return "child"
        for every, fate in ((50, "split"), (35, "dropped"), (10, "disputed"), (7, "unanswered"), (3, "done")):
            if self.place % every == every - 1:
                return fate
        return "started"


_Said = tuple[Draft, _Step, str]
"""What is said, of which commitment, and what must be remembered of it: a step, a child, an offer, or nothing."""


class _Life:
    """Everything that is said, turn by turn: the proposer and the other side take turns with each commitment."""

    def __init__(self, one: Record, two: Record, clock: Clock, commitments: int) -> None:
        self.records = {ONE: one, TWO: two}
        self.clock, self.chance = clock, random.Random(3)
        self.steps: list[_Step] = []
        self.acts = 0
        self.first = next(
            first for first in range(commitments, 0, -1) if _with_children(first) <= commitments
        )

    def turn(self, turn: int, most: int) -> None:
        """One act on each commitment, and more where it is split; never more than `most` in all."""
        said: dict[str, list[_Said]] = {ONE: [], TWO: []}
        if turn == 0:
            for place in range(self.first):
                party = (ONE, TWO)[place % 2]
                said[party].append((self._proposal(place), _Step(Ref(party, 0), place), "step"))
        for step in list(self.steps):
            party = step.docket.party if turn % 2 == 0 else _other(step.docket.party)
            said[party] += ((draft, step, what) for draft, what in self._next(step, turn))
        for party, drafts in said.items():
            self._say(party, drafts[: max(0, most - self.acts)])
        exchange(self.records[ONE], self.records[TWO])

    def _say(self, party: str, drafts: Sequence[_Said]) -> None:
        record = self.records[party]
        for at in range(0, len(drafts), _BATCH):
            batch = drafts[at : at + _BATCH]
            refs: list[Ref] = record.write(partial(_all, record, [draft for draft, _, _ in batch]))
            for ref, (_, step, what) in zip(refs, batch, strict=True):
                self._note(ref, step, what)
        self.acts += len(drafts)

    def _note(self, ref: Ref, step: _Step, what: str) -> None:
        match what:
            case "step":
                self.steps.append(_Step(ref, step.place))
            case "child":
                self.steps.append(_Step(ref, step.place, step.docket))
                step.children.append(ref)
            case "offer":
                step.offer = ref
            case _:
                pass

    # ------------------------------------------------------------------------------ what is said when

    def _next(self, step: _Step, turn: int) -> Iterator[tuple[Draft, str]]:
        match step.fate, turn:
            case "child", _:
                yield self._of_child(step, turn), ""
            case "unanswered", _ if turn > _SILENT:
                return
            case _, 1:
                yield self._draft(step, "accepted", acts.Accepted(), step.docket), ""
            case "split", 4:
                for _ in range(2):
                    yield self._proposal(step.place, step.docket), "child"
            case "split", 6:
                by = tuple(map(str, step.children))
                body = acts.ClosingProposed("replaced", {"en": "Split into two steps."}, by)
                yield self._draft(step, "closing_proposed", body), "offer"
            case "dropped", 6:
                body = acts.ClosingProposed("dropped", {"en": "No longer needed."})
                yield self._draft(step, "closing_proposed", body), "offer"
            case ("split" | "dropped", 7):
                yield self._draft(step, "accepted", acts.Accepted(), step.offer), ""
            case _, 5 if step.fate not in ("split", "dropped"):
                terms = self._terms(step.place, step.mandate, later=90)
                yield self._draft(step, "terms_proposed", acts.TermsProposed(terms)), "offer"
            case _, 6 if step.offer is not None:
                yield self._draft(step, "accepted", acts.Accepted(), step.offer), ""
            case _, 2 | 3 | 8 | 9 if step.fate not in ("split", "dropped"):
                yield self._word(step, turn), ""
            case _:
                yield self._evidence(step), ""

    def _of_child(self, step: _Step, turn: int) -> Draft:
        if turn == _TURNS // 2:
            return self._draft(step, "accepted", acts.Accepted(), step.docket)
        return self._evidence(step)

    def _word(self, step: _Step, turn: int) -> Draft:
        """What a side says of the status. Where they differ they know of it; where one is silent it sends files."""
        other = turn % 2 == 1
        match step.fate:
            case "disputed" if other:
                reason = {"en": "The land for it has not been handed over."}
                return self._draft(step, "status_asserted", acts.StatusAsserted("obstructed", reason))
            case "unanswered" if other:
                return self._evidence(step)
            case "disputed" | "done" if turn > _TURNS // 2:
                return self._draft(step, "status_asserted", acts.StatusAsserted("done"))
            case _:
                return self._draft(step, "status_asserted", acts.StatusAsserted("started"))

    def _proposal(self, place: int, parent: Ref | None = None) -> Draft:
        number = place % len(BODIES)
        mandate = f"ONE/1#art-{number + 1}"
        parents = (str(parent),) if parent is not None else ()
        body = acts.Proposed(BODIES[number], self._terms(place, mandate), (ONE, TWO), parents)
        return Draft("commitment.proposed/1", body, ROOT, mandate=mandate)

    def _terms(self, place: int, mandate: str, later: int = 0) -> acts.Terms:
        due = date(2024, 6, 1) + timedelta(days=place % 900 + later)
        owners = ((ONE,), (TWO,), (ONE, TWO))[place % 3]
        title, text = (
            f"Step {place}",
            f"Step {place} of the work programme is carried out, with all that it needs.",
        )
        return acts.Terms({"en": title}, {"en": text}, mandate, owners, acts.Due(due))

    def _evidence(self, step: _Step) -> Draft:
        digest_ = hashlib.sha256(self.chance.randbytes(32)).hexdigest()
        body = acts.EvidenceRecorded({"en": "A letter"}, digest_, 1000, "application/pdf")
        return self._draft(step, "evidence_recorded", body)

    def _draft(self, step: _Step, kind: str, body: Any, *answers: Ref | None) -> Draft:
        known = [answer for answer in answers if answer is not None]
        return Draft(f"commitment.{kind}/1", body, ROOT, step.docket, known, step.mandate)


def _with_children(first: int) -> int:
    """How many commitments there are in the end if so many are proposed at first."""
    return first + 2 * sum(_Step(Ref(ONE, 0), place).fate == "split" for place in range(first))


def _all(record: Record, drafts: Sequence[Draft]) -> list[Ref]:
    return [saying.say(record, draft).ref for draft in drafts]


def _other(party: str) -> str:
    return TWO if party == ONE else ONE
