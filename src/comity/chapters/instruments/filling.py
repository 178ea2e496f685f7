"""Completing what a person need not type: which version is meant, its hash, the agreed choices, ids carried
over.

Every function takes (view, fields so far, answers) and returns all fields. What a person gave is never
changed, except that provisions of a revised text keep the ids that they had. Where the docket leaves a
choice, it refuses to guess, and names what there is.

    fill_accepted(view, {}, [])   ->   {"version": "IRQ/9", "text": "5b1c...", "choices": {"b1": "TUR"}}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from comity.chapters.instruments import acts, effects, matters
from comity.chapters.instruments.brackets import brackets, resolve
from comity.chapters.instruments.ids import carried
from comity.chapters.instruments.state import Said
from comity.chapters.instruments.text import Text, digest
from comity.core.act import Ref
from comity.core.chapter import View
from comity.core.errors import Malformed, Refused

__all__ = [
    "fill_accepted",
    "fill_affirmed",
    "fill_declined",
    "fill_matter",
    "fill_position",
    "fill_revised",
    "fill_withdrawn",
]

Fields = Mapping[str, Any]


def fill_revised(view: View, fields: Fields, answers: Sequence[Ref]) -> Fields:
    """The version that is revised, and its ids for the provisions that it shares with the new text."""
    version = _version(view, fields, answers)
    filled = {**fields, "version": str(version.ref)}
    if fields.get("text") and hasattr(version.body, "text"):
        used = {row.id for said in matters.versions(view) for row in said.body.text.provisions}
        new = carried(version.body.text, _text(fields["text"]), used)
        filled["text"] = msgspec.to_builtins(new)
    return filled


def fill_position(view: View, fields: Fields, answers: Sequence[Ref]) -> Fields:
    """The version on the table, and all choices that its bracket has."""
    version = _version(view, fields, answers)
    # An amendment, or a termination, has no brackets: the rules say so.
    known = brackets(version.body.text) if hasattr(version.body, "text") else []
    found = next((one for one in known if one.id == fields.get("bracket")), None)
    return {"among": list(found.choices) if found else [], **fields, "version": str(version.ref)}


def fill_accepted(view: View, fields: Fields, answers: Sequence[Ref]) -> Fields:
    """The version, the choices that all have agreed for its brackets, and the hash of the text that
    results."""
    version = _version(view, fields, answers)
    filled = {**fields, "version": str(version.ref)}
    text = version.body
    if isinstance(text, acts.Proposed | acts.Revised):
        agreed = {one.id: matters.agreed_choice(view, str(version.ref), one) for one in brackets(text.text)}
        pending = [id_ for id_, one in agreed.items() if one is None]
        if pending:
            raise Refused("brackets_open", "VCLT art. 10", version=version.ref, brackets=", ".join(pending))
        if agreed:
            filled.setdefault("choices", {id_: one[0] for id_, one in agreed.items() if one})
        text = resolve(text.text, filled.get("choices", {}))
    elif isinstance(text, acts.Recorded):
        text = text.text
    filled.setdefault("text", digest(text))
    return filled


def fill_affirmed(view: View, fields: Fields, answers: Sequence[Ref]) -> Fields:
    """The recorded instrument, its hash, and the day since which it has been in force."""
    del answers
    record = matters.opener(view)
    if record is None or not isinstance(record.body, acts.Recorded):
        raise Refused("accept_instead", version=view.docket)
    since = record.body.in_force_since.isoformat()
    return {"version": str(record.ref), "text": digest(record.body.text), "in_force_since": since, **fields}


def fill_withdrawn(view: View, fields: Fields, answers: Sequence[Ref]) -> Fields:
    """The version, and the hash that was accepted."""
    version = _version(view, fields, answers)
    filled = {**fields, "version": str(version.ref)}
    said = {
        one.body.text for one in matters.every(view, "acceptances") if one.body.version == filled["version"]
    }
    if not hasattr(version.body, "text"):
        said = {digest(version.body)}
    elif isinstance(version.body, acts.Recorded):
        said = {digest(version.body.text)}
    if len(said) != 1:
        raise Refused("nothing_to_withdraw", version=version.ref)
    filled.setdefault("text", said.pop())
    return filled


def fill_declined(view: View, fields: Fields, answers: Sequence[Ref]) -> Fields:
    """The version that is on the table."""
    return {**fields, "version": str(_version(view, fields, answers).ref)}


def fill_matter(view: View, fields: Fields, answers: Sequence[Ref]) -> Fields:
    """The matter to sign or notify, by default the last one adopted that has no effect yet; and its hash."""
    matter = fields.get("matter") or _matter(view, answers)
    bound = matters.adopted(view, matter)
    if bound is None:
        raise Refused("not_adopted", "VCLT art. 9", matter=matter)
    return {**fields, "matter": matter, "text": fields.get("text") or bound.text}


def fill_notified(view: View, fields: Fields, answers: Sequence[Ref]) -> Fields:
    """The matter to notify."""
    filled = dict(fill_matter(view, fields, answers))
    filled.pop("text", None)
    return filled


def _matter(view: View, answers: Sequence[Ref]) -> str:
    docket = str(view.docket)
    put = matters.put(view, str(answers[0])) if answers else None
    if put is not None:
        return matters.matter_of(view, put)
    later = [
        str(said.ref) for said in matters.every(view, "amendments") if matters.adopted(view, str(said.ref))
    ]
    open_ = [matter for matter in (docket, *later) if effects.effect(view, matter) is None]
    if len(open_) > 1 and docket not in open_:
        raise Refused("version_ambiguous", versions=", ".join(open_))
    return open_[0] if open_ else docket


def _version(view: View, fields: Fields, answers: Sequence[Ref]) -> Said:
    """The version that is named, answered, or alone on the table."""
    named = fields.get("version") or (str(answers[0]) if answers else "")
    if named:
        found = matters.put(view, str(named))
        if found is None:
            raise Refused("version_unknown", version=named)
        return found
    table = [] if matters.base(view) else matters.tips(view)
    for field in ("amendments", "terminations"):
        table += [said for said in matters.every(view, field) if matters.adopted(view, str(said.ref)) is None]
    table = table or matters.tips(view)
    if len(table) != 1:
        raise Refused("version_ambiguous", versions=", ".join(str(said.ref) for said in table) or "—")
    return table[0]


def _text(given: Any) -> Text:
    try:
        return msgspec.convert(given, Text)
    except msgspec.ValidationError as error:
        raise Malformed("text", str(error)) from error
