"""One release: all that is shown of it, and the proof of that for whoever does not believe it.

release(record, Ref("TUR", 40), on)     ->   Released(release=Release("TUR/40", "TUR/4", "outcome", ...), ...)
proof(record, Ref("TUR", 40), on)       ->   a file for `comity verify`, with no content that is not released
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from comity.core import canonical
from comity.core.act import Act, Cut, Names, Ref
from comity.core.chains import Chain, Proved, read_content, unb64_any
from comity.core.chapter import View
from comity.core.charter import OfficeFilled
from comity.core.entry import parse_leaf
from comity.core.fold import COMMON, Fold
from comity.core.keys import key_id
from comity.core.proof import DocketProof
from comity.desk import outcome, public
from comity.desk.public import Release
from comity.node.proving import docket_proof
from comity.node.record import Record

__all__ = ["PublicAct", "PublicMilestone", "Released", "proof", "release"]


class PublicMilestone(msgspec.Struct, frozen=True):
    """What became true, by which acts, on the day of the last of them. `facts` fill the chapter's words for `what`."""

    what: str
    subject: str
    facts: Mapping[str, str]
    acts: Mapping[str, str]
    on: date


class PublicAct(msgspec.Struct, frozen=True):
    """An act of a released record. `content` is None where it is not shown: `withheld` says that it can be destroyed

    and may name people, `effect` is False where a rule had forbidden the act.
    """

    ref: str
    party: str
    office: str
    kind: str
    time: datetime
    answers: tuple[str, ...]
    content: Any
    withheld: bool
    effect: bool


class Released(msgspec.Struct, frozen=True):
    """All that is shown of a release; `opened` is when its matter began.

    `acts` are empty unless the whole record is released.
    """

    release: Release
    chapter: str
    title: Names
    opened: datetime
    texts: tuple[outcome.Text, ...]
    milestones: tuple[PublicMilestone, ...]
    acts: tuple[PublicAct, ...]


def release(record: Record, ref: Ref, on: date) -> Released:
    """All that is shown of the release with that docket. Raises `Refused` where it is not shown on the day."""
    with record.reading():
        one = public.find(record, ref, on)
        fold = record.folds.fold(Ref.parse(one.matter))
        view = fold.at(one.at)
        below = _below(fold, one.at)
        times = {act.ref: act.time for act in below}
        return Released(
            one,
            fold.chapter.name,
            public.title(fold, one),
            times[fold.docket],
            tuple(outcome.texts(fold.chapter.name, view)),
            _milestones(fold, view, one, times),
            _acts(fold, below) if one.extent == "record" else (),
        )


def _below(fold: Fold, at: Cut) -> list[Act]:
    """Every act of a docket below a cut, in causal order, irregular ones too."""
    return [act for act in fold.all_acts() if act.ref.number < at.get(act.ref.party, 0)]


def _milestones(
    fold: Fold, view: View, one: Release, times: Mapping[Ref, datetime]
) -> tuple[PublicMilestone, ...]:
    """What became true. Whoever said yes to the release had read all below its cut: all of it is settled."""
    of_all = one.extent == "outcome"
    told = outcome.milestones(fold.chapter, view) if of_all else fold.chapter.milestones(view)
    found = []
    for milestone in told:
        acts = [Ref(party, number) for party, number in sorted(milestone.halves.items())]
        last = max(times[ref] for ref in acts)
        named = {ref.party: str(ref) for ref in acts}
        made = PublicMilestone(milestone.what, milestone.subject, dict(milestone.facts), named, last.date())
        found.append((last, made))
    ordered = sorted(found, key=lambda one: (one[0], one[1].what, one[1].subject))
    return tuple(made for _, made in ordered)


def _acts(fold: Fold, below: Sequence[Act]) -> tuple[PublicAct, ...]:
    irregular = {fault.ref for fault in fold.irregular}
    shown = _showable(fold)
    return tuple(
        PublicAct(
            str(act.ref),
            act.party,
            act.office,
            act.kind,
            act.time,
            tuple(str(answer) for answer in act.answers),
            msgspec.to_builtins(act.body)
            if act.kind in shown and act.ref not in irregular and act.body is not None
            else None,
            act.kind not in shown,
            act.ref not in irregular,
        )
        for act in below
    )


def _showable(fold: Fold) -> set[str]:
    """The kinds whose contents may be shown: those that this version knows and that nobody can destroy."""
    return {kind.name for kind in (*fold.chapter.kinds, *COMMON) if not kind.erasable}


# ------------------------------------------------------------------------------------------ its proof


def proof(record: Record, ref: Ref, on: date) -> bytes:
    """A proof file of what a release shows, for `comity verify`. Of other acts it has nothing, or the leaf alone.

    Of the parties' charter acts it has those by which a stranger checks it, and no more: others name who holds office.
    Raises `Refused` where it is not shown on the day, or no signed head covers it yet, and `Unavailable`.
    """
    with record.reading():
        one = public.find(record, ref, on)
        fold = record.folds.fold(Ref.parse(one.matter))
        if one.extent == "outcome":
            found = outcome.grounds(fold.chapter, fold.at(one.at))
        else:
            irregular, shown = {fault.ref for fault in fold.irregular}, _showable(fold)
            below = (act for act in _below(fold, one.at) if act.ref not in irregular)
            found = {fold.docket: False} | {act.ref: act.kind in shown for act in below}
    made = docket_proof(
        record, fold.docket, list(found), shown={act for act, whole in found.items() if whole}
    )
    return canonical.encode(_without_names(made)) + b"\n"


_KEYS = ("charter.key_added/1", "charter.key_revoked/1")


def _without_names(made: DocketProof) -> DocketProof:
    """The proof with only those charter acts that give the parties' keys, and the keys of whoever signed in person."""
    signatures = [parse_leaf(act.leaf.encode()).signature for act in made.acts]
    signed = {signature.key for signature in signatures if signature is not None}
    chains = {}
    for party, chain in made.chains.items():
        acts = [act for act in chain.acts if _needed(act, signed)]
        if acts:
            chains[party] = Chain(chain.head, acts)
    return msgspec.structs.replace(made, chains=chains)


def _needed(proved: Proved, signed: Collection[str]) -> bool:
    kind = parse_leaf(proved.leaf.encode()).kind
    if kind != "charter.office_filled/1":
        return kind in _KEYS
    content = unb64_any(proved.content, proved.ref)
    filled = read_content(content, OfficeFilled, proved.ref)[1]
    return bool(filled.key) and key_id(filled.key) in signed
