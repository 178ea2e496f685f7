"""Folding a docket: from its acts to each party's half, with every act judged by what its author knew.

An act is *regular* when its chapter's `check` allows it in the view at the act's own past (its author's log
before it, and what it had `seen` of the others). That past never changes, so every node gives every act the same
verdict, in whatever order acts arrived; an irregular act is kept and shown, and has no effect.

A fold takes acts as they become ready, only appends, and answers for any cut.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from msgspec import Meta

from comity.core.act import Act, Body, Cut, Ref
from comity.core.chapter import Chapter, Irregular, Kind, Setting, View
from comity.core.errors import Refused
from comity.core.halves import Voice

__all__ = ["COMMON", "DESTROYED", "ContentDestroyed", "Fold", "causal_order", "judge"]

DESTROYED = "record.content_destroyed/1"


class ContentDestroyed(Body, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The content of the act that this one answers is destroyed, under a named rule. Its leaf stays."""

    rule: Annotated[str, Meta(min_length=1, max_length=400)]


COMMON = (Kind(DESTROYED, ContentDestroyed, "destroy", answers=(1, 1)),)
_COMMON = frozenset(kind.name for kind in COMMON)


def causal_order(acts: Mapping[str, Sequence[Act]]) -> list[Act]:
    """Acts of several logs (each in its own order) so that each follows all that its author had seen.

    What the acts are is fixed by `seen`; between acts that had not seen each other the order is by party.
    """
    at = dict.fromkeys(sorted(acts), 0)
    ordered: list[Act] = []
    total = sum(len(said) for said in acts.values())

    def ready(act: Act) -> bool:
        return all(
            at[other] == len(acts[other]) or acts[other][at[other]].ref.number >= seen
            for other, seen in act.seen.items()
            if other in at and other != act.party
        )

    while len(ordered) < total:
        before = len(ordered)
        for party, said in acts.items():
            while at[party] < len(said) and ready(said[at[party]]):
                ordered.append(said[at[party]])
                at[party] += 1
        if len(ordered) == before:  # a circle of false claims; the record's ready cut keeps such acts out
            break
    return ordered


def judge(kind: Kind | None, view: View, act: Act, past: Cut, chapter: Chapter, setting: Setting) -> None:
    """Raise `Refused` unless the act may be said: the rules that are the same for every chapter, then its own."""
    if kind is None:
        raise Refused("kind_unknown", kind=act.kind)
    _judge_form(kind, act, past)
    _judge_author(kind, act, chapter, setting)
    if kind.mandated:
        _judge_mandate(act, setting)
    if act.body is None and not kind.erasable:
        raise Refused("content_missing", kind=act.kind)
    if kind.name in _COMMON:
        _judge_destruction(view, act, chapter)
    else:
        chapter.check(view, act, setting)


def _judge_form(kind: Kind, act: Act, past: Cut) -> None:
    if kind.opens != (act.docket == act.ref):
        raise Refused("docket_opens" if kind.opens else "docket_missing", kind=act.kind)
    if not kind.opens and act.docket.number >= past.get(act.docket.party, 0):
        raise Refused("docket_unknown", docket=act.docket)
    fewest, most = kind.answers
    if not fewest <= len(act.answers) <= most:
        raise Refused("answers_count", kind=act.kind, fewest=fewest, most=most)
    for answered in act.answers:
        if answered.number >= past.get(answered.party, 0):
            raise Refused("answers_unseen", answered=answered)


def _judge_author(kind: Kind, act: Act, chapter: Chapter, setting: Setting) -> None:
    if act.party not in setting.parties:
        raise Refused("not_a_party", party=act.party)
    if not setting.active(chapter.name):
        raise Refused("chapter_inactive", chapter=chapter.name)
    if act.office not in setting.offices(act.party):
        raise Refused("office_not_held", office=act.office, party=act.party)
    if kind.signed and setting.signer(act) is None:
        raise Refused("signature_needed", "VCLT art. 11", kind=act.kind)


def _judge_mandate(act: Act, setting: Setting) -> None:
    mandate = setting.mandate(act.mandate) if act.mandate else None
    if mandate is None:
        raise Refused("mandate_missing", "law 5", mandate=act.mandate or "—")
    if act.party not in mandate.parties:
        raise Refused("mandate_not_party", mandate.ref, party=act.party)
    if not mandate.in_force(act.time.date()):
        raise Refused("mandate_not_in_force", mandate.ref, on=act.time.date().isoformat())


def _judge_destruction(view: View, act: Act, chapter: Chapter) -> None:
    """Only its originator may destroy a content, and only one that nothing joint depends on."""
    target = next((said for said in view.acts if said.ref == act.answers[0]), None)
    kind = None if target is None else chapter.kind(target.kind)
    if target is None or kind is None or not kind.erasable:
        raise Refused("not_erasable", "law 8", answered=act.answers[0])
    if target.party != act.party:
        raise Refused("not_originator", "law 8", answered=act.answers[0])


class Fold:
    """One docket, folded. `add` takes new acts in causal order; `at` answers for any cut that was added."""

    def __init__(self, docket: Ref, chapter: Chapter, parties: Sequence[str]) -> None:
        self.docket, self.chapter, self.parties = docket, chapter, tuple(parties)
        self.irregular: list[Irregular] = []
        self._kinds = {kind.name: kind for kind in (*chapter.kinds, *COMMON)}
        self._last: tuple[tuple[int, ...], View] | None = None
        self._acts: dict[str, list[Act]] = {party: [] for party in self.parties}
        self._numbers: dict[str, list[int]] = {party: [] for party in self.parties}
        self._halves: dict[str, list[Any]] = {party: [chapter.start()] for party in self.parties}
        self._voices: dict[str, dict[str, list[Voice]]] = {}
        self._irregular: set[Ref] = set()

    def index(self, cut: Cut) -> tuple[int, ...]:
        """How many acts of each party, in the order of `parties`, lie below a cut: what `at` depends on."""
        numbers, below = self._numbers, cut.get
        return tuple([bisect_left(numbers[party], below(party, 0)) for party in self.parties])

    def half(self, party: str, below: int) -> tuple[int, Any]:
        """How many acts of one party lie below a number, and the half that they come to."""
        count = bisect_left(self._numbers[party], below)
        return count, self._halves[party][count]

    def at(self, cut: Cut) -> View:
        """The docket as it stands at a cut."""
        index = self.index(cut)
        last = self._last
        if last is not None and last[0] == index:
            return last[1]
        counts = dict(zip(self.parties, index, strict=True))
        standing = {party: self._halves[party][count] for party, count in counts.items()}

        def said() -> list[Act]:
            return [
                a
                for party, count in counts.items()
                for a in self._acts[party][:count]
                if a.ref not in self._irregular
            ]

        view = View(self.docket, self.parties, standing, self._voices, said, dict(cut))
        self._last = (index, view)
        return view

    def check(self, act: Act, setting: Setting) -> None:
        """Raise `Refused` unless this act, which nobody has said yet, may follow at its own past."""
        past = act.past
        judge(self._kinds.get(act.kind), self.at(past), act, past, self.chapter, setting)

    def admit(self, act: Act, setting: Setting) -> None:
        """Take in an act if it may be said; else raise `Refused` and stay as it was."""
        self.check(act, setting)
        half = self._halves[act.party][-1]
        kind = self._kinds[act.kind]
        if kind.name not in _COMMON:
            half = self.chapter.apply(half, act)
        if kind.says is not None:
            for subject, is_yes in kind.says(act):
                voices = self._voices.setdefault(subject, {}).setdefault(act.party, [])
                voices.append(Voice(act.ref.number, is_yes, act.seen))
        self._append(act, half)

    def add(self, act: Act, setting: Setting) -> Irregular | None:
        """Take in the next act of the record (everything in its past that belongs to this docket was added before)."""
        try:
            self.admit(act, setting)
        except Refused as refusal:
            fault = Irregular(act.ref, refusal.code, refusal.provision, refusal.facts)
            self.irregular.append(fault)
            self._irregular.add(act.ref)
            self._append(act, self._halves[act.party][-1])
            return fault
        return None

    def _append(self, act: Act, half: Any) -> None:
        self._acts[act.party].append(act)
        self._numbers[act.party].append(act.ref.number)
        self._halves[act.party].append(half)

    def known(self, party: str) -> int:
        """The number after the last act of that party in this fold."""
        return self._numbers[party][-1] + 1 if self._numbers[party] else 0

    def all_acts(self) -> list[Act]:
        """Every act added, irregular ones too, in causal order."""
        return causal_order(self._acts)
