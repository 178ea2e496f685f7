"""Why a paper's text is the accepted one: the acts that say so, as a stranger holds the paper against them.

    grounds(paper, proved)  ->  Grounds("instrument", ("IRQ", "TUR"), {"IRQ": Yes("IRQ/6", ...), ...}, (...))

For an instrument these are the acceptances of all its parties, each of which names the text's hash, and the act that
put the text, without its content: what was negotiated stays where it is. For minutes, the minutes and their approvals;
for a committee's report, the act that proposed it by its hash and the acceptances.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

import msgspec

from comity.chapters.committees import acts as committee
from comity.chapters.instruments import acts as instrument
from comity.chapters.instruments.text import digest
from comity.chapters.meetings import CHAPTER as MEETINGS
from comity.chapters.meetings import state
from comity.core.act import Names, Ref
from comity.core.charter import Charter
from comity.core.errors import Broken, Refused
from comity.core.proof import ProvedAct, ProvedDocket, read_content
from comity.papers.instrument import instrument_paper, text_of
from comity.papers.minutes import approved, minutes_of
from comity.papers.paper import Frame, Paper, Party
from comity.papers.refolding import refold
from comity.papers.report import report_paper

__all__ = ["Consent", "Grounds", "Yes", "frame_of", "grounds"]


class Yes(msgspec.Struct, frozen=True):
    """A party's acceptance: which act, of what kind, when, in which office."""

    ref: str
    kind: str
    time: datetime
    office: str


class Consent(msgspec.Struct, frozen=True):
    """A signature in the record (`instrument.signed/1`): by whom, where and when."""

    party: str
    ref: str
    office: str
    signed_on: date
    place: str


class Grounds(NamedTuple):
    """What the acts show about a paper: its title, which parties it needs, each one's yes, signatures in the record."""

    title: Names
    parties: tuple[str, ...]
    accepted: Mapping[str, Yes]
    consents: tuple[Consent, ...]


def frame_of(charter: Charter) -> Frame:
    """What papers of a mechanism have in common, from its charter alone."""
    parties = tuple(Party(card.party, dict(card.names)) for card in charter.parties)
    return Frame(charter.id, dict(charter.names), parties)


def grounds(paper: Paper, proved: ProvedDocket, thing: str = "paper") -> Grounds:
    """Hold a paper against the proved acts. Raises `Malformed` or `Broken`, which says what does not fit."""
    if paper.mechanism != proved.verdict.mechanism:
        raise Broken(thing, "its proof is of another mechanism")
    if paper.sort not in _OF:
        raise Broken(thing, "is of a sort that no acts of the parties stand behind")
    found = _OF[paper.sort](paper, proved, thing)
    if len(found.parties) < 2:  # else whoever opened the matter could have named itself alone
        raise Broken(thing, "is not a paper of two parties or more")
    return found


# -------------------------------------------------------------------------------------- instruments


def _instrument(paper: Paper, proved: ProvedDocket, thing: str) -> Grounds:
    text = text_of(paper)
    if paper.ref != proved.verdict.docket:
        raise Broken(thing, f"its proof is of {proved.verdict.docket}, the paper of {paper.ref}")
    parties = tuple(sorted(text.parties or proved.keys.codes))
    said = digest(text)
    accepted: dict[str, Yes] = {}
    put: set[str] = set()
    for ref, act in proved.acts.items():
        body = _body(ref, act, _INSTRUMENT)
        if isinstance(body, instrument.Accepted | instrument.Affirmed) and body.text == said:
            put.add(body.version)
        elif isinstance(body, instrument.Recorded) and digest(body.text) == said:
            put.add(str(ref))
        else:
            continue
        accepted[ref.party] = Yes(str(ref), act.leaf.kind, act.leaf.time, act.leaf.office)
    _complete(parties, accepted, thing, "accepted this text")
    version = _only(put, proved, thing)
    days = [yes.time.date() for party, yes in accepted.items() if party in parties]
    dated = max(proved.acts[version].leaf.time.date(), *days)
    expected = instrument_paper(text, paper.ref, dated, frame_of(proved.keys.charter), paper.languages)
    _same(paper, expected, thing)
    return Grounds(
        dict(text.title),
        parties,
        {party: accepted[party] for party in parties},
        tuple(_consents(proved, said)),
    )


def _consents(proved: ProvedDocket, text: str) -> Iterator[Consent]:
    for ref, act in proved.acts.items():
        body = _body(ref, act, {"instrument.signed/1": instrument.Signed})
        if isinstance(body, instrument.Signed) and body.text == text and act.person:
            yield Consent(ref.party, str(ref), act.person, body.signed_on, body.place)


def _only(put: set[str], proved: ProvedDocket, thing: str) -> Ref:
    """The act that put the text: one for all acceptances, and in the proof."""
    if len(put) != 1:
        raise Broken(thing, "the acceptances in it are of different versions")
    version = Ref.parse(next(iter(put)))
    act = proved.acts.get(version)
    if act is None or act.leaf.kind not in _PUTS:
        raise Broken(thing, f"does not show {version}, which put the text")
    return version


_INSTRUMENT = {
    "instrument.accepted/1": instrument.Accepted,
    "instrument.affirmed/1": instrument.Affirmed,
    "instrument.recorded/1": instrument.Recorded,
}
_PUTS = ("instrument.proposed/1", "instrument.revised/1", "instrument.recorded/1")


# -------------------------------------------------------------------------------------- minutes, reports


def _minutes(paper: Paper, proved: ProvedDocket, thing: str) -> Grounds:
    """The meeting is folded again from the acts; what it comes to is what the paper says, to the last word."""
    view = refold(proved, MEETINGS, {}, None, thing)
    try:
        expected = minutes_of(view, frame_of(proved.keys.charter), paper.languages)
        put = approved(view)
    except Refused as refusal:
        raise Broken(
            thing, f"its proof does not show that all parties approved these minutes: {refusal}"
        ) from refusal
    _same(paper, expected, thing)
    parties = tuple(state.required(view))
    title = dict(MEETINGS.title(view))
    accepted = {party: _yes(proved, Ref(party, number)) for party, number in put["yes"].items()}
    _complete(parties, accepted, thing, "approved these minutes")
    return Grounds(title, parties, accepted, ())


def _report(paper: Paper, proved: ProvedDocket, thing: str) -> Grounds:
    """The report's hash was proposed by one party in the act that the paper names, and accepted by the others."""
    ref = Ref.parse(paper.ref)
    put = proved.acts.get(ref)
    body = _body(ref, put, {"committee.report_proposed/1": committee.ReportProposed}) if put else None
    if body is None or body.digest != paper.digest:
        raise Broken(thing, f"does not show that {ref} proposed this report")
    said = {ref.party: _yes(proved, ref)}
    for other, act in proved.acts.items():
        if act.leaf.kind == "committee.report_accepted/1" and list(act.leaf.answers) == [paper.ref]:
            said[other.party] = _yes(proved, other)
    named = paper.data.get("parties")
    parties = tuple(sorted(map(str, named))) if isinstance(named, list) and named else ()
    _complete(parties or proved.keys.codes, said, thing, "accepted this report")
    dated = max(yes.time.date() for yes in said.values())
    _same(
        paper,
        report_paper(paper.data, paper.ref, dated, frame_of(proved.keys.charter), paper.languages),
        thing,
    )
    return Grounds(
        dict(paper.data.get("names") or {"en": paper.ref}), parties, {p: said[p] for p in parties}, ()
    )


def _yes(proved: ProvedDocket, ref: Ref) -> Yes:
    leaf = proved.acts[ref].leaf
    return Yes(str(ref), leaf.kind, leaf.time, leaf.office)


# -------------------------------------------------------------------------------------- shared


def _body(ref: Ref, act: ProvedAct, kinds: Mapping[str, type[Any]]) -> Any:
    """The content of an act of one of these kinds, if it is shown. Raises `Malformed`."""
    kind = kinds.get(act.leaf.kind)
    return read_content(act.content, kind, str(ref))[1] if kind is not None and act.content else None


def _complete(parties: tuple[str, ...], said: Mapping[str, Yes], thing: str, what: str) -> None:
    missing = [party for party in parties if party not in said]
    if missing:
        raise Broken(thing, f"does not show that {', '.join(missing)} {what}")


def _same(paper: Paper, expected: Paper, thing: str) -> None:
    """Everything on the paper follows from the acts: names, date, parties too."""
    if paper != expected:
        fields = [name for name in paper.__struct_fields__ if getattr(paper, name) != getattr(expected, name)]
        raise Broken(thing, f"says otherwise than the acts in it, in: {', '.join(fields)}")


_OF: Mapping[str, Callable[[Paper, ProvedDocket, str], Grounds]] = {
    "instrument": _instrument,
    "minutes": _minutes,
    "report": _report,
}
