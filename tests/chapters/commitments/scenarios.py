"""Commitments that were kept, disputed, split or crossed on the way: material for every test of this chapter.

desk = Desk()
first = desk.propose()
desk.accept("IRQ", first)
desk.state("IRQ", "obstructed", reason="The land is not free.")
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from tests.chapters.table import Table

from comity.chapters.commitments import CHAPTER, acts
from comity.core.act import Act, Ref
from comity.core.chapter import BodyTerms, Mandate, Passage
from comity.core.keys import b64

MANDATE = "TUR/3#art-4"
PROVISION = "TUR/3#art-7"
DECISION = "TUR/31#D1"
DRAFT = "TUR/5#art-1"
BODY = "joint-committee"
DUE = date(2024, 12, 31)
FILE = b"Minutes of the hand-over of the site."
SALT = bytes(range(32))


def at(day: int, month: int = 8) -> datetime:
    """Noon on a day of 2024."""
    return datetime(2024, month, day, 12, tzinfo=UTC)


def terms(title: str = "Joint centre", **fields: Any) -> acts.Terms:
    fields = {"source": PROVISION, "owners": ("IRQ", "TUR"), "due": acts.Due(DUE), **fields}
    return acts.Terms({"en": title}, {"en": f"{title} is set up."}, **fields)


class Desk(Table):
    """A table at which every act cites the body's mandate, and short ways to say what is said often."""

    def __init__(self, parties: Sequence[str] = ("IRQ", "TUR"), start: int = 40) -> None:
        super().__init__(CHAPTER, parties, start)
        body = BodyTerms(BODY, "committee", {"en": "Joint Committee"})
        self.setting.mandates[MANDATE] = Mandate(
            MANDATE, {"en": "Article 4"}, tuple(parties), (body,), date(2019, 1, 1)
        )
        for ref, sort, agreed in (
            (PROVISION, "provision", True),
            (DECISION, "decision", True),
            (DRAFT, "provision", False),
            ("TUR/3", "matter", True),
            ("IRQ/20", "matter", False),
        ):
            self.setting.passages[ref] = Passage(ref, sort, {"en": ref}, tuple(parties), agreed)

    def act(self, party: str, kind: str, body: Any, **how: Any) -> Act:
        full = kind if "/" in kind else f"commitment.{kind}/1"
        return super().act(party, full, body, **{"mandate": MANDATE, **how})

    def say(self, party: str, kind: str, body: Any, **how: Any) -> Ref:
        act = self.act(party, kind, body, **how)
        self.fold().check(act, self.setting)
        return self.force(act)

    def propose(self, party: str = "TUR", *parents: Ref, **fields: Any) -> Ref:
        body = acts.Proposed(BODY, terms(**fields), parents=tuple(map(str, parents)))
        return self.say(party, "proposed", body)

    def terms(self, party: str, *answers: Ref, how: Any = None, **fields: Any) -> Ref:
        body = acts.TermsProposed(terms(**fields))
        return self.say(party, "terms_proposed", body, answers=answers, **(how or {}))

    def close(self, party: str, *by: Ref, **how: Any) -> Ref:
        outcome: Any = "replaced" if by else "dropped"
        body = acts.ClosingProposed(outcome, {"en": "As agreed in the committee."}, tuple(map(str, by)))
        return self.say(party, "closing_proposed", body, **how)

    def accept(self, party: str, to: Ref, **how: Any) -> Ref:
        return self.say(party, "accepted", acts.Accepted(), answers=[to], **how)

    def withdraw(self, party: str, to: Ref, **how: Any) -> Ref:
        return self.say(party, "acceptance_withdrawn", acts.AcceptanceWithdrawn(), answers=[to], **how)

    def state(
        self, party: str, status: Any, *answers: Ref, reason: str = "", day: int = 15, **how: Any
    ) -> Ref:
        reason = reason or ("The land is not free." if status == "obstructed" else "")
        body = acts.StatusAsserted(status, {"en": reason} if reason else {})
        return self.say(party, "status_asserted", body, answers=answers, **{"time": at(day), **how})

    def record(self, party: str, data: bytes = FILE, salt: bytes = SALT, **how: Any) -> Ref:
        digest = acts.evidence_digest(salt, data)
        body = acts.EvidenceRecorded({"en": "Hand-over"}, digest, len(data), "text/plain", "done")
        return self.say(party, "evidence_recorded", body, **how)

    def release(self, party: str, of: Ref, data: bytes = FILE, salt: bytes = SALT, **how: Any) -> Ref:
        body = acts.EvidenceReleased("hand-over.txt", b64(salt), data)
        return self.say(party, "evidence_released", body, answers=[of], **how)

    def carry(self, party: str, instrument: str = "TUR/3", **how: Any) -> Ref:
        return self.say(party, "implementation_recorded", acts.ImplementationRecorded(instrument), **how)

    def known(self, *dockets: tuple[str, Sequence[str]]) -> tuple[Ref, ...]:
        """Commitments of other dockets, each with its parents: what `Setting.opening` answers for."""
        found = []
        for name, parents in dockets:
            ref = Ref.parse(name)
            other = Desk(self.parties, ref.number)
            body = acts.Proposed(BODY, terms(), parents=tuple(parents))
            self.setting.openings[ref] = other.act(ref.party, "proposed", body)
            found.append(ref)
        return tuple(found)


def agreed(parties: Sequence[str] = ("IRQ", "TUR")) -> Desk:
    desk = Desk(parties)
    first = desk.propose()
    for party in parties:
        if party != "TUR":
            desk.accept(party, first)
    return desk


def kept() -> Desk:
    """Agreed, a new due date agreed, started, shown by evidence, carried out by an instrument, done."""
    desk = agreed()
    later = acts.Due(date(2025, 1, 31), basis=acts.Basis(date(2024, 12, 31), 1, "months"))
    desk.accept("TUR", desk.terms("IRQ", Ref("TUR", 40), due=later))
    desk.state("TUR", "started")
    desk.state("IRQ", "started")
    desk.carry("TUR")
    desk.carry("IRQ", "IRQ/20")
    evidence = desk.record("IRQ")
    desk.release("IRQ", evidence)
    done = desk.state("IRQ", "done", day=20)
    desk.state("TUR", "done", done, day=22)
    return desk


def disputed() -> Desk:
    """One says done, the other obstructed; the first sees that and stays with it."""
    desk = agreed()
    done = desk.state("TUR", "done")
    no = desk.state("IRQ", "obstructed", done, day=18)
    desk.state("TUR", "done", no, day=21)
    return desk


def unanswered() -> Desk:
    """One has said something twice; the other has said nothing."""
    desk = agreed()
    desk.state("TUR", "started")
    desk.state("TUR", "done", day=20)
    return desk


def crossed_statuses() -> Desk:
    """Both speak at once and differ; then one hears of it and comes round."""
    desk = agreed()
    before = dict(desk.sizes)
    desk.state("TUR", "done")
    theirs = desk.state("IRQ", "started", sees=before)
    desk.state("TUR", "started", theirs, day=17)
    return desk


def split() -> Desk:
    """Replaced by two others, which name it as their parent."""
    desk = agreed()
    children = desk.known(("TUR/45", ["TUR/40"]), ("IRQ/50", ["TUR/40", "IRQ/7"]))
    desk.accept("IRQ", desk.close("TUR", *children))
    return desk


def child() -> Desk:
    """One that was merged from two, and is due at an event."""
    desk = Desk()
    parents = desk.known(("TUR/10", []), ("IRQ/12", ["TUR/10"]))
    due = acts.Due(event={"en": "when the centre opens"})
    indicator = acts.Indicator("gates", {"en": "gates opened"}, "2")
    desk.accept("IRQ", desk.propose("TUR", *parents, due=due, source=DECISION, indicators=(indicator,)))
    return desk


def dropped() -> Desk:
    """A first attempt to drop it is taken back, a second is accepted; evidence is recorded afterwards."""
    desk = agreed()
    desk.withdraw("IRQ", desk.close("IRQ"))
    desk.state("IRQ", "not_started")
    desk.accept("IRQ", desk.close("TUR"))
    desk.record("TUR")
    return desk


def crossed_terms() -> Desk:
    """Each accepts the other's new due date unaware that the other does: two are agreed."""
    desk = agreed()
    ours = desk.terms("TUR", due=acts.Due(date(2025, 3, 31)))
    theirs = desk.terms("IRQ", ours, due=acts.Due(date(2025, 6, 30)))
    before = dict(desk.sizes)
    desk.accept("TUR", theirs)
    desk.accept("IRQ", ours, sees={"TUR": before["TUR"]})
    return desk


def crossed_then_settled() -> Desk:
    """The crossing is seen by both, and new terms end it."""
    desk = crossed_terms()
    desk.accept("TUR", desk.terms("IRQ", due=acts.Due(date(2025, 5, 31))))
    return desk


def closing_crossed() -> Desk:
    """One side accepts to drop it while the other accepts another due date."""
    desk = agreed()
    off = desk.close("TUR")
    other = desk.terms("IRQ", due=acts.Due(date(2025, 3, 31)))
    before = desk.sizes["TUR"]
    desk.accept("TUR", other)
    desk.accept("IRQ", off, sees={"TUR": before})
    return desk


def withdrawal_crossed() -> Desk:
    """A withdrawal and an acceptance cross: the acceptance binds, the withdrawal has no effect."""
    desk = Desk()
    first = desk.propose()
    desk.withdraw("TUR", first)
    desk.accept("IRQ", first, sees={"TUR": 41})
    desk.state("TUR", "not_started")
    return desk


def files() -> Desk:
    """Evidence withheld, released, released wrongly, and released again."""
    desk = agreed()
    desk.record("TUR")
    first = desk.record("IRQ", salt=bytes(32))
    desk.release("IRQ", first)
    desk.release("IRQ", first, salt=bytes(32))
    second = desk.record("IRQ", b"A map.", bytes(32))
    desk.release("IRQ", second, b"Another map.", bytes(32))
    return desk


def three_parties() -> Desk:
    """Three must agree and say: two say the same, the third otherwise, one comes round."""
    desk = agreed(("IRQ", "SYR", "TUR"))
    desk.state("TUR", "started")
    desk.state("SYR", "started")
    no = desk.state("IRQ", "obstructed", day=19)
    desk.state("TUR", "obstructed", no, day=20)
    return desk


def disturbed() -> Desk:
    """A node that does not keep the rules says things that none should have said; the others are not moved."""
    desk = Desk()
    first = desk.propose()
    desk.force(desk.act("TUR", "accepted", acts.Accepted(), answers=[first]))
    desk.force(desk.act("IRQ", "accepted", acts.Accepted(), answers=[Ref("TUR", 90)]))
    desk.force(desk.act("IRQ", "status_asserted", acts.StatusAsserted("obstructed")))
    desk.force(desk.act("IRQ", "status_asserted", acts.StatusAsserted("done"), mandate="TUR/3#art-9"))
    desk.force(desk.act("IRQ", "evidence_released", None, answers=[first]))
    desk.force(
        desk.act("TUR", "closing_proposed", acts.ClosingProposed("replaced", {"en": "x"}, ("TUR/40",)))
    )
    desk.accept("IRQ", first)
    return desk


def without_mandate() -> Desk:
    """A commitment that nobody was allowed to put, and an answer to it."""
    desk = Desk()
    first = desk.force(desk.act("TUR", "proposed", acts.Proposed("other-body", terms())))
    desk.force(desk.act("IRQ", "accepted", acts.Accepted(), answers=[first]))
    return desk


STORIES = (
    kept,
    disputed,
    unanswered,
    crossed_statuses,
    split,
    child,
    dropped,
    crossed_terms,
    crossed_then_settled,
    closing_crossed,
    withdrawal_crossed,
    files,
    three_parties,
    disturbed,
    without_mandate,
)


def scenarios() -> list[Table]:
    """All of them, for tests/chapters/test_every_chapter.py."""
    return [story() for story in STORIES]
