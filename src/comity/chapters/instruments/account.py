"""The whole state of an instrument as plain data, the same on every node that holds the same acts.

    describe(view)  ->  {"stage": "signed", "title": {...}, "versions": [...], "brackets": [...], "adopted":
    {...}, ...}

Dates are text; nothing depends on a clock, a locale or the order of arrival.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from comity.chapters.instruments import acts, align, effects, matters, originals
from comity.chapters.instruments.brackets import Bracket, brackets
from comity.chapters.instruments.milestones import crossed, texts
from comity.chapters.instruments.state import Said
from comity.chapters.instruments.text import Text, digest
from comity.core.act import Names
from comity.core.chapter import View

__all__ = ["current", "describe", "iso", "proposer", "shown_brackets", "title"]


def title(view: View) -> Names:
    """The title of the adopted text, or of the newest one on the table."""
    text = current(view)
    return dict(text.title) if text else {"en": str(view.docket)}


def current(view: View) -> Text | None:
    """The adopted text with every adopted amendment, or what is on the table."""
    adopted = effects.consolidated(view)
    if adopted:
        return adopted[0]
    table = matters.tips(view)
    text: Text | None = table[-1].body.text if table else None
    return text


def iso(day: date | None) -> str | None:
    """A day as text."""
    return day.isoformat() if day else None


# -------------------------------------------------------------------------------------- the whole state


def describe(view: View) -> Mapping[str, Any]:
    """The state of the docket."""
    text, first = current(view), matters.opener(view)
    if text is None or first is None:
        return {"stage": "unknown", "title": title(view)}
    bound, fixed = matters.base(view), effects.effect(view, str(view.docket))
    found = texts(view)
    return {
        "stage": _stage(view),
        "title": title(view),
        "parties": list(matters.required(view)),
        "languages": list(text.languages),
        "authentic": list(text.authentic),
        "prevailing": text.prevailing,
        "note": dict(text.note),
        "versions": [
            {
                **matters.facts_of(said),
                "text": found[str(said.ref)],
                "revises": getattr(said.body, "version", None),
            }
            for said in matters.versions(view)
        ],
        "on_the_table": [] if bound else [str(said.ref) for said in matters.tips(view)],
        "brackets": shown_brackets(view),
        "adopted": _adopted(view, str(view.docket)),
        "withdrawals": [
            matters.facts_of(said) | {"version": said.body.version}
            for said in matters.every(view, "withdrawals")
        ],
        "withdrawals_without_effect": crossed(view),
        "signatures": [_signature(said) for said in matters.every(view, "signatures")],
        **originals.described(view),
        "notifications": [
            {**matters.facts_of(said), "matter": said.body.matter, "received": iso(effects.received(said))}
            for said in matters.every(view, "notifications")
        ],
        "entry_into_force": iso(fixed.day) if fixed else None,
        "amendments": [_change(view, said) for said in matters.every(view, "amendments")],
        "terminations": [_change(view, said) for said in matters.every(view, "terminations")],
        "ends": [
            {"date": iso(end.day), "what": end.what, **matters.facts_of(end.by)} for end in effects.ends(view)
        ],
        "bodies": [{"provision": one.provision, **msgspec.to_builtins(one.terms)} for one in text.bodies],
        "misaligned": align.gaps(text),
    }


def _stage(view: View) -> str:
    bound = matters.base(view)
    if bound is None:
        return "recorded" if isinstance(matters.versions(view)[0].body, acts.Recorded) else "negotiated"
    if effects.effect(view, str(view.docket)):
        return "entry_fixed"
    signed = effects.signatures(view, str(view.docket), bound.text)
    return "signed" if all(party in signed for party in matters.required(view)) else "adopted"


def _adopted(view: View, matter: str) -> dict[str, Any] | None:
    bound = matters.adopted(view, matter)
    if bound is None:
        return None
    by = {party: f"{party}/{number}" for party, number in sorted(bound.halves.items())}
    return {"version": str(bound.version.ref), "text": bound.text, "choices": dict(bound.choices), "by": by}


def _signature(said: Said) -> dict[str, Any]:
    body: acts.Signed = said.body
    more = {
        "matter": body.matter,
        "text": body.text,
        "date": iso(body.signed_on),
        "place": body.place,
        "office": said.office,
    }
    return {**matters.facts_of(said), **more, "original": body.original or said.party}


def _change(view: View, said: Said) -> dict[str, Any]:
    fixed = effects.effect(view, str(said.ref))
    content = msgspec.to_builtins(said.body)
    return {
        **matters.facts_of(said),
        "text": digest(said.body),
        "content": content,
        "adopted": _adopted(view, str(said.ref)),
        "effect": iso(fixed.day) if fixed else None,
    }


# -------------------------------------------------------------------------------------- brackets


def shown_brackets(view: View) -> list[dict[str, Any]]:
    """The brackets of the adopted version, or of every version on the table."""
    bound = matters.base(view)
    shown = [bound.version] if bound else matters.tips(view)
    return [_bracket(view, said, one) for said in shown for one in brackets(said.body.text)]


def _bracket(view: View, version: Said, bracket: Bracket) -> dict[str, Any]:
    agreed = matters.agreed_choice(view, str(version.ref), bracket)
    last: dict[str, Said] = {}
    for said in matters.every(view, "positions"):
        if said.body.version == str(version.ref) and said.body.bracket == bracket.id:
            last[said.party] = said
    proposers = {key: proposer(view, version, bracket, key) for key in bracket.alternatives}
    return {
        "version": str(version.ref),
        "bracket": bracket.id,
        "provision": bracket.provision,
        "alternatives": [
            {"choice": key, "by": proposers[key], "words": dict(words)}
            for key, words in bracket.alternatives.items()
        ],
        "positions": {
            party: {"status": said.body.status, "choice": said.body.choice, **matters.facts_of(said)}
            for party, said in last.items()
        },
        "status": "agreed" if agreed else _status(last, matters.required(view)),
        "agreed": agreed[0] if agreed else None,
    }


def _status(last: Mapping[str, Said], parties: tuple[str, ...]) -> str:
    """Where a bracket stands that not all have agreed: reserved, agreed ad referendum, or open."""
    positions = [last[party].body for party in parties if party in last]
    if any(one.status == "reserved" for one in positions):
        return "reserved"
    firm = [one for one in positions if one.status in ("agreed", "ad_referendum")]
    same = len({one.choice for one in firm}) == 1
    return "ad_referendum" if same and len(firm) == len(parties) else "open"


def proposer(view: View, version: Said, bracket: Bracket, key: str) -> str:
    """Who proposed an alternative: the party that it names, or the author of the first version in line that
    has it."""
    if key in view.parties:
        return key
    said = version
    known = {str(one.ref): one for one in matters.versions(view)}
    while isinstance(said.body, acts.Revised) and said.body.version in known:
        before = known[said.body.version]
        if not any(
            one.alternatives.get(key) == bracket.alternatives[key] for one in brackets(before.body.text)
        ):
            break
        said = before
    return said.party
