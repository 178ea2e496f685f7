"""A table at which parties sit: acts said in one docket, with chosen sight of each other, and no node around.

table = Table(CHAPTER, ("TUR", "IRQ"))
first = table.say("TUR", "instrument.proposed/1", body)      # sees everything said so far
table.say("IRQ", "instrument.accepted/1", body, answers=[first], sees={"TUR": 1})
table.view()                                                  # as of everything
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from comity.core.act import Act, Ref
from comity.core.chapter import Chapter, Mandate, Office, Passage, Powers, View
from comity.core.errors import Refused
from comity.core.fold import Fold, causal_order

NOON = datetime(2024, 8, 15, 12, 0, 0, tzinfo=UTC)


class Setting:
    """A setting in which every party holds the usual offices, and what a test adds."""

    def __init__(self, parties: Sequence[str]) -> None:
        self.mechanism, self.parties = "", parties
        self.mandates: dict[str, Mandate] = {}
        self.passages: dict[str, Passage] = {}
        self.openings: dict[Ref, Act] = {}
        self.issued: list[tuple[str, Powers]] = []
        self.ex_officio: dict[str, str] = {"minister": "foreign_minister"}

    def mandate(self, ref: str) -> Mandate | None:
        return self.mandates.get(ref)

    def passage(self, ref: str) -> Passage | None:
        return self.passages.get(ref)

    def opening(self, docket: Ref) -> Act | None:
        return self.openings.get(docket)

    def offices(self, party: str) -> Mapping[str, Office]:
        names = ("secretariat", "minister", "defence")
        return {
            name: Office(
                name,
                {"en": name},
                f"Holder of {name}",
                f"key-{party}-{name}",
                self.ex_officio.get(name, ""),
                Ref(party, 0),
            )
            for name in names
        }

    def powers(self, party: str) -> list[Powers]:
        return [powers for issuer, powers in self.issued if issuer == party]

    def signer(self, act: Act) -> Office | None:
        return next((o for o in self.offices(act.party).values() if o.key == act.signer), None)

    def active(self, chapter: str) -> bool:
        return True


class Table:
    def __init__(self, chapter: Chapter, parties: Sequence[str] = ("IRQ", "TUR"), start: int = 1) -> None:
        self.chapter, self.parties, self.setting = chapter, tuple(parties), Setting(parties)
        self.sizes = dict.fromkeys(parties, start)
        self.docket: Ref | None = None
        self.acts: list[Act] = []

    def act(
        self,
        party: str,
        kind: str,
        body: Any,
        *,
        answers: Sequence[Ref] = (),
        sees: Mapping[str, int] | None = None,
        office: str = "secretariat",
        signed: bool = False,
        mandate: str = "",
        time: datetime = NOON,
    ) -> Act:
        ref = Ref(party, self.sizes[party])
        full = {p: n for p, n in self.sizes.items() if p != party}
        seen = {**full, **(sees or {})}
        signer = f"key-{party}-{office}" if signed else ""
        return Act(
            ref,
            kind,
            self.docket or ref,
            time,
            office,
            mandate,
            tuple(answers),
            seen,
            f"hash-of-{ref}",
            body,
            signer,
        )

    def say(self, party: str, kind: str, body: Any, **how: Any) -> Ref:
        """Say it if the rules allow (as a party's own node does). Raises `Refused`."""
        act = self.act(party, kind, body, **how)
        self.fold().check(act, self.setting)
        return self.force(act)

    def force(self, act: Act) -> Ref:
        """Put an act on the table without asking the rules, as a hostile node would."""
        self.docket = self.docket or act.ref
        self.sizes[act.party] += 1
        self.acts.append(act)
        return act.ref

    def fold(self, acts: Sequence[Act] | None = None) -> Fold:
        by_party: dict[str, list[Act]] = {party: [] for party in self.parties}
        for act in sorted(self.acts if acts is None else acts, key=lambda a: a.ref.number):
            by_party[act.party].append(act)
        fold = Fold(self.docket or Ref(self.parties[0], 0), self.chapter, self.parties)
        for act in causal_order(by_party):
            fold.add(act, self.setting)
        return fold

    def view(self) -> View:
        return self.fold().at(self.sizes)

    def milestones(self) -> dict[str, Mapping[str, int]]:
        return {m.what: m.halves for m in self.chapter.milestones(self.view())}

    def ask(self, question: str, on: date) -> Any:
        return self.chapter.questions[question](self.view(), on)

    def refused(self, party: str, kind: str, body: Any, **how: Any) -> str:
        """The code with which the rules refuse it."""
        try:
            self.say(party, kind, body, **how)
        except Refused as refusal:
            return refusal.code
        raise AssertionError(f"{kind} by {party} was not refused")
