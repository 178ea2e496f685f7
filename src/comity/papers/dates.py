"""The dates of an instrument in force, and by which acts each came about: for a register, a depositary, an archive.

    dates(view, date(2025, 1, 10))
    ->  {"adopted": "2024-08-15", "entry_into_force": {"on": "2024-10-10", "clause": {...}, ...}, "parties": {...}, ...}

A function of the docket and a day, the same on a node that holds the record and for a stranger who folds the acts of a
proof again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import msgspec

from comity.chapters.instruments import effects, matters, originals, questions
from comity.chapters.instruments.acts import Affirmed, Recorded
from comity.core.act import Ref
from comity.core.chapter import View
from comity.core.errors import Refused

__all__ = ["consent", "dates", "has_signed", "recorded_originals"]


def dates(view: View, on: date) -> dict[str, Any]:
    """Everything with a date. Raises `Refused` where the instrument is not in force on that day."""
    docket, bound, text = str(view.docket), matters.base(view), matters.base_text(view)
    fixed, standing = effects.effect(view, docket), questions.in_force(view, on)
    if bound is None or text is None or fixed is None or not standing["in_force"]:
        raise Refused("not_in_force", docket=docket, on=on, why=standing["why"])
    return {
        "docket": docket,
        "title": dict(text.title),
        "text": bound.text,
        "languages": list(text.languages),
        "authentic": list(text.authentic),
        "prevailing": text.prevailing,
        "on": on.isoformat(),
        "adopted": bound.day.isoformat(),
        "entry_into_force": {
            "on": fixed.day.isoformat(),
            "clause": msgspec.to_builtins(effects.rule_for(view, docket)),
            "fixed_by": {party: f"{party}/{number}" for party, number in sorted(fixed.halves.items())},
        },
        "in_force": standing,
        "parties": {party: list(consent(view, party)) for party in matters.required(view)},
        "amendments": [
            {"ref": str(said.ref), "in_force": later.day.isoformat()}
            for later, said in effects.amendments(view)
        ],
        "ends": [{"on": end.day.isoformat(), "what": end.what} for end in effects.ends(view)],
        "originals": originals.described(view)["originals"],
    }


def consent(view: View, party: str) -> Iterator[Mapping[str, str]]:
    """What a party has said to be bound by the base text, in the order of its log."""
    bound, docket = matters.base(view), str(view.docket)
    if bound is None:
        return
    number = bound.halves[party]
    yes = next((one for one in matters.every(view, "acceptances") if one.ref == Ref(party, number)), None)
    said = yes or bound.version
    what = "affirmed" if isinstance(said.body, Affirmed) else "accepted"
    what = "recorded" if isinstance(said.body, Recorded) else what
    found = [
        (number, {"what": what, "on": said.day.isoformat(), "ref": str(said.ref), "office": said.office})
    ]
    for one in matters.every(view, "signatures"):
        if one.party == party and (one.body.matter, one.body.text) == (docket, bound.text):
            more = {
                "what": "signed",
                "on": one.body.signed_on.isoformat(),
                "ref": str(one.ref),
                "office": one.office,
            }
            more |= {"place": one.body.place, "original": one.body.original or party}
            found.append(
                (one.ref.number, more | {"method": _method(view, party, one.body.original or party)})
            )
    for one in matters.every(view, "notifications"):
        if one.party == party and one.body.matter == docket:
            day = effects.received(one).isoformat()
            found.append(
                (one.ref.number, {"what": "notified", "on": day, "ref": str(one.ref), "office": one.office})
            )
    for _, one_act in sorted(found, key=lambda pair: pair[0]):
        yield one_act


def _method(view: View, party: str, original: str) -> str:
    """How a party signed: in ink, if a scan of that original is recorded; else on the electronic paper, or unsaid."""
    if any((one.body.original or one.party) == original for one in matters.every(view, "originals")):
        return "wet_ink"
    return "electronic" if any(one.party == party for one in matters.every(view, "papers")) else ""


def has_signed(view: View, party: str) -> bool:
    """Whether a party has signed the base text in the record (`instrument.signed/1`), or need not."""
    bound = matters.base(view)
    if bound is None or isinstance(bound.version.body, Recorded):
        return True
    return party in effects.signatures(view, str(view.docket), bound.text)


def recorded_originals(view: View) -> list[dict[str, Any]]:
    """The originals in ink whose scans were recorded; none where the docket is no instrument."""
    return (
        originals.described(view)["originals"]
        if hasattr(next(iter(view.halves.values()), None), "originals")
        else []
    )
