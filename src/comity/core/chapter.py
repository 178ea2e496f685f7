"""What a chapter is: the acts that may be said in it, its rules, and what people ask of it.

A chapter never sees another. It folds each party's acts of one docket into that party's *half* (`apply`), and
everything joint is a function of all halves (`View`), so no order of arrival can matter:

    CHAPTER = Chapter(
        name="meetings", noun="meeting",
        kinds=(Kind("meeting.convened/1", acts.Convened, "convene", opens=True, mandated=True, says=own), ...),
        start=state.Half, apply=rules.apply, check=rules.check,
        describe=questions.describe, milestones=questions.milestones, title=questions.title, questions={...},
    )
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, Protocol

import msgspec

from comity.core import halves
from comity.core.act import Act, Body, Cut, Names, Ref

__all__ = [
    "BodyTerms",
    "Chapter",
    "Irregular",
    "Kind",
    "Mandate",
    "Milestone",
    "Office",
    "Passage",
    "Powers",
    "Setting",
    "View",
    "no",
    "own",
    "yes",
]

Speech = Sequence[tuple[str, bool]]
"""What an act says on which subjects: (subject, yes or withdrawal)."""


def own(act: Act) -> Speech:
    """The act puts a subject, named by itself, and says yes to it."""
    return ((str(act.ref), True),)


def yes(act: Act) -> Speech:
    """The act says yes to what the first act that it answers has put."""
    return ((str(act.answers[0]), True),) if act.answers else ()


def no(act: Act) -> Speech:
    """The act withdraws its author's yes to what the first act that it answers has put."""
    return ((str(act.answers[0]), False),) if act.answers else ()


class Kind(msgspec.Struct, frozen=True):
    """One kind of act: `name` with its version, the struct of its content, and the verb people use for it.

    opens: it opens a docket. answers: how many acts it answers (fewest, most). mandated: it must cite the
    provision that mandates its body. signed: a person must sign it. says: what it says on which subjects.
    erasable: its content may be destroyed, so nothing joint and no rule may depend on it.
    read: makes content fields from files given by a person, as (name, bytes) pairs; raises `Malformed`.
    fill: completes left-out content fields from the docket as it stands (view, fields so far, answers).
    """

    name: str
    body: type[Body]
    verb: str
    opens: bool = False
    answers: tuple[int, int] = (0, 0)
    mandated: bool = False
    signed: bool = False
    says: Callable[[Act], Speech] | None = None
    erasable: bool = False
    read: Callable[[Sequence[tuple[str, bytes]]], Mapping[str, Any]] | None = None
    fill: Callable[[View, Mapping[str, Any], Sequence[Ref]], Mapping[str, Any]] | None = None


class BodyTerms(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A body that a provision sets up. `seats` per party; `every_months` is how often it is to meet (0: not said)."""

    id: str
    kind: str
    names: Names
    seat: str = ""
    seats: dict[str, int] = {}
    competence: str = ""
    every_months: int = 0


class Mandate(msgspec.Struct, frozen=True):
    """A provision as the source of a body's acts: in force from `since` (None: never yet) until `until` (exclusive)."""

    ref: str
    title: Names
    parties: tuple[str, ...]
    bodies: tuple[BodyTerms, ...]
    since: date | None
    until: date | None = None

    def in_force(self, on: date) -> bool:
        """Whether the provision binds on that day."""
        return self.since is not None and self.since <= on and (self.until is None or on < self.until)


class Passage(msgspec.Struct, frozen=True):
    """What another docket has that can be cited: a provision `TUR/3#art-2`, a decision `TUR/31#D1`, a whole matter.

    `sort` is provision, decision or matter; `agreed` is whether all its `parties` have said yes to it;
    `since` the day of that, or from which a provision binds, where there is one.
    """

    ref: str
    sort: str
    title: Names
    parties: tuple[str, ...]
    agreed: bool
    since: date | None = None


class Office(msgspec.Struct, frozen=True):
    """An office that a party has filled. `key` is the holder's typed key, or empty; `ex_officio` is the capacity

    in which the holder needs no full powers (VCLT art. 7(2)): head_of_state, head_of_government, foreign_minister.
    """

    name: str
    titles: Names
    holder: str
    key: str
    ex_officio: str
    said: Ref


class Powers(msgspec.Struct, frozen=True):
    """Full powers (VCLT art. 2(1)(c)): the holder of `office`, with `key`, may sign `instrument` until a day."""

    said: Ref
    office: str
    key: str
    instrument: str
    until: date | None
    revoked: bool = False


class Setting(Protocol):
    """What rules may know beside their own docket, as the act's author knew it."""

    mechanism: str
    parties: Sequence[str]

    def mandate(self, ref: str) -> Mandate | None:
        """The provision behind `TUR/12#art-4`, or None if there is none."""

    def passage(self, ref: str) -> Passage | None:
        """What `TUR/12`, `TUR/12#art-4` or `TUR/31#D1` names in a chapter that can be cited, or None."""

    def opening(self, docket: Ref) -> Act | None:
        """The act that opened a docket, regular or not, without folding it; None where it opened none."""

    def offices(self, party: str) -> Mapping[str, Office]:
        """The offices that the party has filled, by name."""

    def powers(self, party: str) -> Sequence[Powers]:
        """Every full powers that the party has issued, revoked ones included."""

    def signer(self, act: Act) -> Office | None:
        """The holder whose key signed the act, if that signature verified."""

    def active(self, chapter: str) -> bool:
        """Whether every party has activated the chapter of that name."""


class Irregular(NamedTuple):
    """An act that its author's own node should have refused: kept, shown, without effect."""

    ref: Ref
    code: str
    provision: str
    facts: Mapping[str, str]


class View:
    """A docket at a cut: each party's half, and what the parties have agreed. Immutable; the same on every node.

    `said` gives the acts of the docket below the cut, `opener` the first; both in a fixed order.
    """

    __slots__ = ("_agreed", "_said", "_voices", "cut", "docket", "halves", "parties")

    def __init__(
        self,
        docket: Ref,
        parties: Sequence[str],
        halves_: Mapping[str, Any],
        voices: Mapping[str, Mapping[str, Sequence[halves.Voice]]],
        said: Callable[[], Sequence[Act]],
        cut: Cut,
    ) -> None:
        self.docket, self.parties, self.halves, self.cut = docket, tuple(parties), halves_, cut
        self._voices, self._said = voices, said
        self._agreed: dict[tuple[str, tuple[str, ...]], halves.Match | None] = {}

    def agreed(self, subject: str, required: Sequence[str] | None = None) -> halves.Match | None:
        """party -> number of the yes that binds it on `subject`, or None; `required` defaults to all parties."""
        asked = (subject, tuple(required or self.parties))
        if asked not in self._agreed:
            self._agreed[asked] = halves.agreed(self.voices(subject), asked[1])
        return self._agreed[asked]

    def voices(self, subject: str) -> dict[str, list[halves.Voice]]:
        """Each party's yeses and withdrawals on `subject`, in order."""
        found = self._voices.get(subject, {})
        below = {p: [v for v in said if v.number < self.cut.get(p, 0)] for p, said in found.items()}
        return {party: said for party, said in below.items() if said}

    def stands(self, subject: str, party: str) -> bool:
        """Whether the party's last word on `subject` is yes."""
        said = self.voices(subject).get(party)
        return bool(said) and said[-1].yes  # type: ignore[index]

    @property
    def acts(self) -> Sequence[Act]:
        """All regular acts of the docket below the cut, by party and number."""
        return self._said()


class Milestone(NamedTuple):
    """Something that became true by one or several acts: `what` names it in every language's words.

    `halves` are the acts that made it, party -> number. It is settled where every other party holds each of them.
    `subject` tells milestones of the same kind apart (a proposal's reference). `facts` fill the words.
    `withdrawal` marks that a later match could still make it void until everyone's receipt covers it.
    """

    what: str
    halves: Mapping[str, int]
    subject: str = ""
    facts: Mapping[str, str] = {}
    withdrawal: bool = False


class Chapter(msgspec.Struct, frozen=True):
    """One kind of business. All functions are pure; `questions` take (view, on) and return JSON-able data.

    `noun` begins the names of its kinds: `meeting.convened/1`. `describe` gives the whole state as JSON-able data
    (nodes that hold the same acts get the same), `title` a name for lists, `milestones` what has become true.
    `mandate(view, provision)` is set where dockets of this chapter hold provisions that mandate bodies;
    `passage(view, act, fragment)` where they, or parts of what an act put, may be cited as the source of something.
    A chapter whose rules ask for passages has none itself: else dockets would be folded one inside the other.
    `summary(view)` is what lists and overviews over all dockets need of one, small and without a day in it.
    """

    name: str
    noun: str
    kinds: tuple[Kind, ...]
    start: Callable[[], Any]
    apply: Callable[[Any, Act], Any]
    check: Callable[[View, Act, Setting], None]
    describe: Callable[[View], Mapping[str, Any]]
    milestones: Callable[[View], Sequence[Milestone]]
    title: Callable[[View], Names]
    questions: Mapping[str, Callable[[View, date], Any]] = {}
    mandate: Callable[[View, str], Mandate | None] | None = None
    passage: Callable[[View, Ref, str], Passage | None] | None = None
    summary: Callable[[View], Any] | None = None

    def kind(self, name: str) -> Kind | None:
        """The kind of that name, or None if this version does not know it."""
        return next((kind for kind in self.kinds if kind.name == name), None)
