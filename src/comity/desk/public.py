"""What all parties have released to the public, and nothing else: the way from a record to a page without an account.

    for release in released(record, date(2024, 9, 1)): ...
    release(record, Ref("TUR", 40), on)     ->   Released(release=Release("TUR/40", "TUR/4", "outcome", ...), ...)
    proof(record, Ref("TUR", 40), on)       ->   a file for `comity verify`, with no content that is not released

What is shown of a release is fixed by the act that proposed it, and never changes while it is shown: `mark` names it,
and a page made of it may be kept for as long as the mark stays. An end counts from the moment that it is here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from threading import Lock
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import msgspec
from icalendar import Calendar

import comity
from comity.chapters.meetings import ical, state
from comity.core import canonical
from comity.core.act import Act, Cut, Names, Ref, covers
from comity.core.chains import Chain, Proved, read_content, unb64_any
from comity.core.chapter import View
from comity.core.charter import OfficeFilled
from comity.core.entry import parse_leaf
from comity.core.errors import Refused
from comity.core.fold import COMMON, Fold
from comity.core.keys import key_id
from comity.core.proof import DocketProof
from comity.desk import outcome
from comity.node import asking
from comity.node.proving import docket_proof
from comity.node.record import Record

__all__ = [
    "Entry",
    "PublicAct",
    "PublicMilestone",
    "Release",
    "Released",
    "calendar",
    "entries",
    "mark",
    "mark_of",
    "meetings",
    "of_matter",
    "proof",
    "release",
    "released",
]

_NOUN = "releases"


class Release(msgspec.Struct, frozen=True):
    """A release that is shown. `ref` is its docket, `matter` what it shows, `at` the cut as of which.

    `since` is the day of the last yes, `yes` each party's.
    """

    ref: str
    matter: str
    extent: str
    title: Names
    note: Names
    at: dict[str, int]
    since: date
    parties: tuple[str, ...]
    yes: dict[str, str]


class Entry(msgspec.Struct, frozen=True):
    """A release as lists show it: with the chapter of its matter, and a title."""

    release: Release
    chapter: str
    title: Names


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


# ----------------------------------------------------------------------------------- which are shown


class _Known(NamedTuple):
    """What was worked out last for a record, and of what: its ready cut, the receipts, the day."""

    asked: tuple[Cut, Mapping[str, Cut], date]
    shown: Mapping[str, Release]
    listed: tuple[Release, ...]


_known: WeakKeyDictionary[Record, _Known] = WeakKeyDictionary()
_keeping = Lock()


def _all(record: Record, on: date) -> _Known:
    """Every release that is shown on a day. Many ask between two changes, so it is worked out once."""
    with record.reading():
        held = asking.receipts(record)
        asked = (dict(record.ready), held, on)
        with _keeping:
            known = _known.get(record)
        if known is None or known.asked != asked:
            shown = _shown(record, on, held)
            known = _Known(asked, {one.ref: one for one in shown}, tuple(_listed(shown)))
            with _keeping:
                _known[record] = known
        return known


def _shown(record: Record, on: date, held: Mapping[str, Cut]) -> list[Release]:
    """Every release that is shown on a day, newest first."""
    chapter = record.chapters.get(_NOUN)
    found = []
    for _, told in record.summaries.of(chapter) if chapter is not None else ():
        if told["matter"] is None or told["standing"] != "released":
            continue
        if date.fromisoformat(told["since"]) <= on and _settled(told["yes"], held):
            found.append(_release(told))
    return sorted(found, key=_order, reverse=True)


def _order(one: Release) -> tuple[date, Ref]:
    return one.since, Ref.parse(one.ref)


def _settled(yes: Mapping[str, str], held: Mapping[str, Cut]) -> bool:
    """Whether every party's receipt covers the others' yeses: each knows of itself that all have said yes."""
    said = [Ref.parse(ref) for ref in yes.values()]
    return all(
        receipt.get(ref.party, 0) > ref.number
        for ref in said
        for party, receipt in held.items()
        if party != ref.party
    )


def _release(told: Mapping[str, Any]) -> Release:
    return Release(
        told["docket"],
        told["matter"],
        told["extent"],
        told["title"],
        told["note"],
        told["at"],
        date.fromisoformat(told["since"]),
        tuple(told["parties"]),
        told["yes"],
    )


def released(record: Record, on: date) -> Sequence[Release]:
    """What is released on a day, newest first, without what a later release of the same matter shows as well."""
    return _all(record, on).listed


def _listed(shown: Sequence[Release]) -> Iterator[Release]:
    by_matter: dict[str, list[Release]] = {}
    for one in shown:
        by_matter.setdefault(one.matter, []).append(one)
    for one in shown:
        if not any(_instead(other, one) for other in by_matter[one.matter]):
            yield one


def _instead(other: Release, one: Release) -> bool:
    """Whether another release of the same matter takes the place of one: it shows more, or the same and is newer."""
    return _shows(other, one) and (_order(other) > _order(one) or not _shows(one, other))


def _shows(other: Release, one: Release) -> bool:
    """Whether all that one release shows is in the other."""
    return (other.extent == "record" or one.extent == "outcome") and covers(other.at, one.at)


def of_matter(record: Record, matter: Ref, on: date) -> Release | None:
    """The newest release of a matter that is shown on a day; None where there is none."""
    return next((one for one in released(record, on) if one.matter == str(matter)), None)


def entries(record: Record, several: Sequence[Release]) -> list[Entry]:
    """These releases with titles and chapters, for a page of a list. A matter of an unknown kind has its reference."""
    with record.reading():
        return [_entry(record, one) for one in several]


def _entry(record: Record, one: Release) -> Entry:
    try:
        fold = record.folds.fold(Ref.parse(one.matter))
    except Refused:
        return Entry(one, "", one.title or {"en": one.matter})
    return Entry(one, fold.chapter.name, one.title or _title(fold, one))


def _title(fold: Fold, one: Release) -> Names:
    return one.title or dict(fold.chapter.title(fold.at(one.at)))


def mark(record: Record, several: Sequence[Release], *more: str) -> str:
    """A name for all that can be shown of these releases, in hex: what is made of them alone stays while it stays."""
    told = msgspec.json.encode(list(several), order="deterministic").decode()
    return mark_of(record.mechanism, told, *more)


def mark_of(*told: str) -> str:
    """A name for these texts in this order, in this version of the program."""
    return hashlib.sha256(canonical.encode([comity.__version__, *told])).hexdigest()[:32]


# ---------------------------------------------------------------------------------------- one release


def _find(record: Record, ref: Ref, on: date) -> Release:
    """The release of that docket, if it is shown on the day. Nothing is told of what is not."""
    found = _all(record, on).shown.get(str(ref))
    if found is None:
        raise Refused("not_public", ref=ref)
    return found


def release(record: Record, ref: Ref, on: date) -> Released:
    """All that is shown of the release with that docket. Raises `Refused` where it is not shown on the day."""
    with record.reading():
        one = _find(record, ref, on)
        fold = record.folds.fold(Ref.parse(one.matter))
        view = fold.at(one.at)
        below = _below(fold, one.at)
        times = {act.ref: act.time for act in below}
        return Released(
            one,
            fold.chapter.name,
            _title(fold, one),
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


# ------------------------------------------------------------------------------------ proof and calendar


def proof(record: Record, ref: Ref, on: date) -> bytes:
    """A proof file of what a release shows, for `comity verify`. Of other acts it has nothing, or the leaf alone.

    Of the parties' charter acts it has those by which a stranger checks it, and no more: others name who holds office.
    Raises `Refused` where it is not shown on the day, or no signed head covers it yet, and `Unavailable`.
    """
    with record.reading():
        one = _find(record, ref, on)
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


def calendar(records: Sequence[Record], on: date, language: str = "en") -> bytes:
    """Every released meeting with a date that holds, as one iCalendar file (RFC 5545), by the meeting's reference.

    Dates that were only proposed are in it where the whole record of the meeting is released. The same acts give the
    same bytes.
    """
    made = Calendar()
    made.add("prodid", "-//Comity//released meetings//EN")
    made.add("version", "2.0")
    known: set[str] = set()
    for record in records:
        with record.reading():
            for one in meetings(record, on):
                for event in _events(record, one, language):
                    if str(event["UID"]) not in known:
                        known.add(str(event["UID"]))
                        made.add_component(event)
    return bytes(made.to_ical())


def meetings(record: Record, on: date) -> list[Release]:
    """The releases of meetings that are shown on a day, by the meeting's reference."""
    chapter = record.chapters.get("meetings")
    with record.reading():
        known = record.summaries.of(chapter) if chapter is not None else []
        dockets = {str(ref) for ref, _ in known}
    found = [one for one in released(record, on) if one.matter in dockets]
    return sorted(found, key=lambda one: Ref.parse(one.matter))


def _events(record: Record, one: Release, language: str) -> list[Any]:
    view = record.folds.fold(Ref.parse(one.matter)).at(one.at)
    if state.opening(view) is None:
        return []
    events = Calendar.from_ical(ical.export(view, record.mechanism, language)).walk("VEVENT")
    if one.extent == "record":
        return list(events)
    dated = any(state.agreed(view, put.subject) for put in state.dates(view).values())
    return [event for event in events if dated and str(event["STATUS"]) != "TENTATIVE"]
