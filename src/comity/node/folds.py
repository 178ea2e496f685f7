"""The folds of the record: dockets opened from the store as they are asked for, kept while they are used.

Opening a docket reads that docket's acts and no others. What its rules need of elsewhere they get through a
`Setting`: mandates through their reference, offices and full powers from the parties' charter acts, each as the
act's author knew them.
"""

from __future__ import annotations

import contextlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from comity.core import charter as charters
from comity.core.act import Act, Cut, Ref
from comity.core.chapter import Chapter, Mandate, Office, Passage, Powers, View
from comity.core.charter import Charter
from comity.core.entry import Leaf, act_from, parse_leaf, person_signed
from comity.core.errors import Malformed, Refused
from comity.core.fold import COMMON, DESTROYED, Fold, causal_order
from comity.core.keys import key_id
from comity.core.proof import read_content
from comity.node.leaves import Leaves
from comity.storage.port import Store, entry_at

__all__ = ["Folds"]

KEPT = 4000
_NOTHING = charters.Half()


class Folds:
    """`ready` is the cut that folds may read; the record moves it, and says which dockets have new acts."""

    def __init__(
        self, store: Store, charter: Charter, chapters: Mapping[str, Chapter], ready: Mapping[str, int]
    ) -> None:
        self._store, self._charter, self._ready = store, charter, ready
        self.mechanism, self.parties = charter.id, charter.codes
        self._chapters = {chapter.noun: chapter for chapter in (charters.CHAPTER, *chapters.values())}
        self._kinds = {kind.name: kind for c in self._chapters.values() for kind in c.kinds} | {
            k.name: k for k in COMMON
        }
        self._folds: OrderedDict[Ref, Fold] = OrderedDict()
        self._stale: set[Ref] = set()
        self.moved: Callable[[Iterable[Ref]], None] = lambda _: None
        """Told which dockets are not what they were."""
        self._charters = {party: Ref(party, 0) for party in self.parties}
        self._offices: dict[tuple[str, int], dict[str, Office]] = {}
        self._citations: dict[tuple[str, str, tuple[int, ...]], Any] = {}
        self.leaves = Leaves(store)

    # ----------------------------------------------------------------------------- keeping them

    def forget(self) -> None:
        """Drop everything: the store is not what it was."""
        self._folds.clear()
        self._stale.clear()
        self._offices.clear()
        self._citations.clear()
        self.leaves.forget()

    def touch(self, dockets: Iterable[Ref]) -> None:
        """These dockets have acts that their folds have not taken in."""
        dockets = list(dockets)
        self.moved(dockets)
        self._stale.update(docket for docket in dockets if docket in self._folds)

    def drop(self, docket: Ref) -> None:
        """Fold this docket anew when it is next asked for (a content of it was destroyed)."""
        self.moved((docket,))
        self._folds.pop(docket, None)
        self._stale.discard(docket)

    def chapter_of(self, kind: str) -> Chapter | None:
        """The chapter that an act of this kind belongs to, if this version knows it."""
        return self._chapters.get(kind.partition(".")[0])

    def nouns(self) -> list[str]:
        """The nouns of all chapters that this version knows."""
        return list(self._chapters)

    def kind(self, name: str) -> Any:
        """The kind of that name, or None."""
        return self._kinds.get(name)

    def fold(self, docket: Ref) -> Fold:
        """The docket, folded up to the ready cut. Raises `Refused` if there is no such docket."""
        fold = self._folds.get(docket)
        if fold is None:
            return self._open(docket)
        if docket in self._stale:
            self._stale.discard(docket)
            try:
                whole = self._load(fold, {party: fold.known(party) for party in self.parties})
            except BaseException:
                self.drop(docket)
                raise
            if not whole:
                self.drop(docket)
                return self._open(docket)
        self.keep(fold)  # again: what its acts needed of other dockets may have crowded it out
        return fold

    def once(self, docket: Ref) -> Fold:
        """The same, for whoever looks at very many: it has a place among those that are kept for the moment only."""
        known = docket in self._folds
        fold = self.fold(docket)
        if not known:
            self._folds.pop(docket, None)
            self._stale.discard(docket)
        return fold

    def new(self, docket: Ref, kind: str) -> Fold:
        """An empty fold for a docket that is being opened by an act of this kind."""
        chapter = self.chapter_of(kind)
        if chapter is None:
            raise Refused("kind_unknown", kind=kind)
        return Fold(docket, chapter, self.parties)

    def keep(self, fold: Fold) -> None:
        """Keep a fold that has taken in all ready acts of its docket."""
        self._folds[fold.docket] = fold
        self._folds.move_to_end(fold.docket)
        while len(self._folds) > KEPT:
            self._folds.popitem(last=False)

    def _open(self, docket: Ref) -> Fold:
        if docket.party not in self.parties or docket.number >= self._ready.get(docket.party, 0):
            raise Refused("docket_unknown", docket=docket)
        first = self.leaves.leaf(docket)
        if first.docket:
            raise Refused("docket_unknown", docket=docket)
        fold = self.new(docket, first.kind)
        self.keep(fold)
        try:
            self._load(fold, {})
        except BaseException:
            self.drop(docket)
            raise
        return fold

    def _load(self, fold: Fold, since: Cut) -> bool:
        """Add the docket's ready acts from `since` on; False if one of them destroyed a content folded before."""
        leaves: dict[Ref, Leaf] = {}
        acts: dict[str, list[Act]] = {}
        gone: set[str] = set()
        found = self._store.docket(fold.docket, since)
        for party, said in found.items():
            for number, entry in said:
                if number >= self._ready.get(party, 0):
                    break
                leaf = leaves[Ref(party, number)] = parse_leaf(entry.leaf, f"{party}/{number}")
                if leaf.kind == DESTROYED:
                    gone.update(answer for answer in leaf.answers if answer.startswith(f"{party}/"))
        if gone and since:
            return False
        for ref, leaf in leaves.items():
            entry = next(entry for number, entry in found[ref.party] if number == ref.number)
            act = self.act(ref, leaf, None if str(ref) in gone else entry.content)
            acts.setdefault(ref.party, []).append(act)
        for act in causal_order(acts):
            fold.add(self.sign(act, leaves[act.ref]), self.setting(act.past))
        return True

    # ------------------------------------------------------------------- from leaves to acts

    def act(self, ref: Ref, leaf: Leaf, content: bytes | None) -> Act:
        """A leaf as rules see it: content parsed, answers held against what they name; not yet signed."""
        kind = self._kinds.get(leaf.kind)
        body = None
        if kind is not None and content is not None:
            with contextlib.suppress(
                Malformed
            ):  # its author's node should have refused it; the rules will say so
                body = read_content(content, kind.body, str(ref))[1]
        past = {**leaf.seen, ref.party: ref.number}
        answers = tuple(
            Ref.parse(answer) for answer, named in leaf.answers.items() if self._bound(answer, named, past)
        )
        return act_from(ref, leaf, answers, body)

    def sign(self, act: Act, leaf: Leaf) -> Act:
        """The act with its signer set, if the leaf's signature verifies under an office that its party had filled."""
        if leaf.signature is None:
            return act
        for office in self.offices(act.party, act.past).values():
            named = office.key and key_id(office.key) == leaf.signature.key
            if named and person_signed(leaf, self.mechanism, str(act.ref), office.key):
                return msgspec.structs.replace(act, signer=leaf.signature.key)
        return act

    def _bound(self, answer: str, named: str, past: Cut) -> bool:
        """Whether the answered act is the one whose leaf hash the answer names.

        One beyond its author's past stays in, for the rules to refuse: whether it is here yet must not matter. What is
        in its past is here, unless it is of a frozen log's other history.
        """
        ref = Ref.parse(answer)
        if ref.number >= past.get(ref.party, 0):
            return True
        return ref.number < self._ready.get(ref.party, 0) and self.leaves.hash_of(ref) == named

    # ------------------------------------------------------------------------------- settings

    def setting(self, cut: Cut) -> _Setting:
        """What rules may know at a cut."""
        return _Setting(self, cut)

    def half(self, party: str, cut: Cut) -> charters.Half:
        """A party's charter acts at a cut."""
        half: charters.Half = self._charter_half(party, cut)[1]
        return half

    def _charter_half(self, party: str, cut: Cut) -> tuple[int, Any]:
        below = min(cut.get(party, 0), self._ready.get(party, 0))
        if not below:
            return 0, _NOTHING
        docket = self._charters[party]
        fold = self._folds.get(docket)
        if fold is None or docket in self._stale:
            fold = self.fold(docket)
        return fold.half(party, below)

    def offices(self, party: str, cut: Cut) -> dict[str, Office]:
        """The offices that a party has filled, the root key's holder among them."""
        count, half = self._charter_half(party, cut)
        found = self._offices.get((party, count))
        if found is None:
            root = charters.root_office(self._charter.card(party))
            found = {root.name: root} | {office.name: office for office in half.offices}
            self._offices[party, count] = found
        return found

    def mandate(self, text: str, cut: Cut) -> Mandate | None:
        """The provision behind `TUR/12#art-4` at a cut."""
        found: Mandate | None = self._cited("mandate", text, cut)
        return found

    def passage(self, text: str, cut: Cut) -> Passage | None:
        """What `TUR/12`, `TUR/12#art-4` or `TUR/31#D1` names at a cut. The act need not be the first of its docket."""
        found: Passage | None = self._cited("passage", text, cut)
        return found

    def opening(self, docket: Ref, cut: Cut) -> Act | None:
        """The act that opened a docket, read without folding it."""
        if not 0 <= docket.number < min(cut.get(docket.party, 0), self._ready.get(docket.party, 0)):
            return None
        entry = entry_at(self._store, docket)
        leaf = parse_leaf(entry.leaf, str(docket))
        return None if leaf.docket else self.act(docket, leaf, entry.content)

    def _cited(self, what: str, text: str, cut: Cut) -> Any:
        """What a chapter's function of that name answers for `TUR/12#art-4` at a cut, or None."""
        reference, _, fragment = text.partition("#")
        try:
            ref = Ref.parse(reference)
            docket = self._can_be_cited(ref, what) if ref.number < cut.get(ref.party, 0) else None
            fold = self.fold(docket) if docket is not None else None
        except (Malformed, Refused):
            return None
        if fold is None or docket is None:
            return None
        key = (what, text, fold.index(cut))
        if key not in self._citations:
            if len(self._citations) > KEPT:
                self._citations.clear()
            view, asked = fold.at(cut), getattr(fold.chapter, what)
            whole = what == "mandate"
            self._citations[key] = asked(view, fragment) if whole else asked(view, ref, fragment)
        return self._citations[key]

    def _can_be_cited(self, ref: Ref, what: str) -> Ref | None:
        """The docket of an act, if its chapter answers so; told by the acts themselves, without folding.

        Else a row of dockets, each citing the one before, would be folded one inside the other without end. Only the
        docket itself is a mandate's.
        """
        known = self._folds.get(ref)
        if known is not None:
            return ref if getattr(known.chapter, what) is not None else None
        if ref.number >= self._ready.get(ref.party, 0):
            return None
        leaf = self.leaves.leaf(ref)
        docket = Ref.parse(leaf.docket) if leaf.docket else ref
        if what == "mandate" and docket != ref:
            return None
        chapter = self.chapter_of(leaf.kind)
        return docket if chapter is not None and getattr(chapter, what) is not None else None

    def active(self, chapter: str, cut: Cut) -> bool:
        """Whether every party had activated a chapter."""
        if chapter == charters.CHAPTER.name:
            return True
        return all(chapter in self.half(party, cut).chapters for party in self.parties)

    def view(self, docket: Ref) -> View:
        """The docket as of everything that is ready."""
        return self.fold(docket).at(self._ready)


class _Setting:
    """`comity.core.chapter.Setting` at one cut."""

    __slots__ = ("_cut", "_folds", "mechanism", "parties")

    def __init__(self, folds: Folds, cut: Cut) -> None:
        self._folds, self._cut = folds, cut
        self.mechanism: str = folds.mechanism
        self.parties: Sequence[str] = folds.parties

    def mandate(self, ref: str) -> Mandate | None:
        return self._folds.mandate(ref, self._cut)

    def passage(self, ref: str) -> Passage | None:
        return self._folds.passage(ref, self._cut)

    def opening(self, docket: Ref) -> Act | None:
        return self._folds.opening(docket, self._cut)

    def offices(self, party: str) -> Mapping[str, Office]:
        return self._folds.offices(party, self._cut)

    def powers(self, party: str) -> Sequence[Powers]:
        return self._folds.half(party, self._cut).powers

    def signer(self, act: Act) -> Office | None:
        if not act.signer:
            return None
        return next(
            (o for o in self.offices(act.party).values() if o.key and key_id(o.key) == act.signer), None
        )

    def active(self, chapter: str) -> bool:
        return self._folds.active(chapter, self._cut)
