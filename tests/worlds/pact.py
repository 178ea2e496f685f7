"""A test chapter, as small as a chapter can be: pacts, so that the laws are tested without any real business.

pact.put/1        puts a text and says yes to it          pact.agreed/1, pact.withdrawn/1   yes and no to it
pact.noted/1      a remark whose content can be destroyed pact.granted/1, pact.spent/1      a stock with one owner
pact.met/1        needs a mandate: article 1 of an agreed pact
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from comity.core import halves
from comity.core.act import Act, Body, Ref
from comity.core.chapter import Chapter, Kind, Mandate, Milestone, Passage, Setting, View, no, own, yes
from comity.core.errors import Refused


class Put(Body, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    text: str
    since: date | None = None


class Agreed(Body, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    pass


class Withdrawn(Body, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    pass


class Noted(Body, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    text: str


class Granted(Body, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    seats: int


class Spent(Body, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    on: str = ""


class Met(Body, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    pass


class Half(msgspec.Struct, frozen=True):
    granted: int = 0
    spent: int = 0
    notes: int = 0
    met: int = 0


def check(view: View, act: Act, setting: Setting) -> None:
    half: Half = view.halves[act.party]
    match act.body:
        case Agreed() | Withdrawn():
            if act.answers[0] != act.docket:
                raise Refused("answers_other", answered=act.answers[0])
            if view.stands(str(act.docket), act.party) == isinstance(act.body, Agreed):
                raise Refused("stands_already", party=act.party)
        case Spent():
            if half.spent >= half.granted:
                raise Refused("stock_empty", "law 4", party=act.party)
        case _:
            pass


def apply(half: Half, act: Act) -> Half:
    match act.kind:
        case "pact.granted/1":
            return msgspec.structs.replace(half, granted=half.granted + act.body.seats)
        case "pact.spent/1":
            return msgspec.structs.replace(half, spent=half.spent + 1)
        case "pact.noted/1":
            return msgspec.structs.replace(half, notes=half.notes + 1)
        case "pact.met/1":
            return msgspec.structs.replace(half, met=half.met + 1)
    return half


def describe(view: View) -> Mapping[str, Any]:
    return {
        "agreed": view.agreed(str(view.docket)),
        "stands": {party: view.stands(str(view.docket), party) for party in view.parties},
        "halves": msgspec.to_builtins(dict(view.halves)),
        "acts": [str(act.ref) for act in view.acts],
    }


def milestones(view: View) -> Sequence[Milestone]:
    subject = str(view.docket)
    match = view.agreed(subject)
    found = [Milestone("pact_agreed", match, subject)] if match else []
    for party, voices in sorted(view.voices(subject).items()):
        effective, late = halves.withdrawals(voices, match[party] if match else None)
        found += [
            Milestone("pact_withdrawn", {party: n}, str(Ref(party, n)), withdrawal=True) for n in effective
        ]
        for number in late:
            bound = {**(match or {}), party: number}
            found.append(Milestone("pact_withdrawn_too_late", bound, str(Ref(party, number))))
    return found


def mandate(view: View, provision: str) -> Mandate | None:
    put = next((act for act in view.acts if act.ref == view.docket), None)
    if put is None or provision != "art-1":
        return None
    since = put.body.since if view.agreed(str(view.docket)) else None
    return Mandate(f"{view.docket}#{provision}", {"en": "Pact"}, view.parties, (), since)


def passage(view: View, act: Ref, fragment: str) -> Passage | None:
    """The pact whole, its article 1, or a remark (`TUR/12#remark`), be its content destroyed or not."""
    agreed = view.agreed(str(view.docket)) is not None
    if fragment == "remark":
        there = any(said.ref == act and said.kind == "pact.noted/1" for said in view.acts)
        return Passage(f"{act}#remark", "decision", {"en": "Remark"}, view.parties, False) if there else None
    put = next((said for said in view.acts if said.ref == view.docket), None)
    if act != view.docket or fragment not in ("", "art-1") or put is None:
        return None
    since = put.body.since if fragment and agreed else None
    sort = "provision" if fragment else "matter"
    ref = f"{act}#{fragment}" if fragment else str(act)
    return Passage(ref, sort, title(view), view.parties, agreed, since)


def summary(view: View) -> dict[str, Any]:
    """What a list shows: where the pact stands, and its remarks as far as they can still be read."""
    remarks = [act for act in view.acts if act.kind == "pact.noted/1"]
    return {
        "docket": str(view.docket),
        "agreed": dict(view.agreed(str(view.docket)) or {}),
        "stands": {party: view.stands(str(view.docket), party) for party in view.parties},
        "acts": [str(act.ref) for act in view.acts],
        "remarks": [act.body.text if act.body else None for act in remarks],
        "met": {party: half.met for party, half in view.halves.items()},
    }


def in_force(view: View, on: date) -> bool:
    found = mandate(view, "art-1")
    return found is not None and found.in_force(on)


def title(view: View) -> dict[str, str]:
    return {"en": f"Pact {view.docket}"}


CHAPTER = Chapter(
    name="pact",
    noun="pact",
    kinds=(
        Kind("pact.put/1", Put, "put", opens=True, says=own),
        Kind("pact.agreed/1", Agreed, "agree", answers=(1, 1), says=yes),
        Kind("pact.withdrawn/1", Withdrawn, "withdraw", answers=(1, 1), says=no),
        Kind("pact.noted/1", Noted, "note", erasable=True),
        Kind("pact.granted/1", Granted, "grant"),
        Kind("pact.spent/1", Spent, "spend"),
        Kind("pact.met/1", Met, "meet", mandated=True),
    ),
    start=Half,
    apply=apply,
    check=check,
    describe=describe,
    milestones=milestones,
    title=title,
    questions={"in_force": in_force},
    mandate=mandate,
    passage=passage,
    summary=summary,
)
