"""What people ask of an instrument, on a date: is it in force, what comes next, what does it say, who has
acted.

    in_force(view, date(2026, 1, 1))  ->  {"in_force": True, "since": "2024-12-01", "until": None, "why":
    "entered"}

Answers are plain data for JSON: dates as text, nothing that depends on a clock, a locale or the order of
arrival.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import msgspec

from comity.chapters.instruments import acts, align, clauses, matters
from comity.chapters.instruments.brackets import Bracket, brackets
from comity.chapters.instruments.milestones import crossed, texts
from comity.chapters.instruments.state import Said
from comity.chapters.instruments.text import Text, digest, heading
from comity.core.act import Names
from comity.core.chapter import Mandate, View

__all__ = ["QUESTIONS", "describe", "mandate", "title"]

_LEDGER = {
    "accepted": "acceptances",
    "signed": "signatures",
    "notified": "notifications",
    "declined": "declined",
    "denounced": "denunciations",
    "renewal_declined": "refusals",
}


def title(view: View) -> Names:
    """The title of the adopted text, or of the newest one on the table."""
    text = _current(view)
    return dict(text.title) if text else {"en": str(view.docket)}


def _current(view: View) -> Text | None:
    adopted = matters.consolidated(view)
    if adopted:
        return adopted[0]
    table = matters.tips(view)
    text: Text | None = table[-1].body.text if table else None
    return text


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


# -------------------------------------------------------------------------------------- the whole state


def describe(view: View) -> Mapping[str, Any]:
    """The state of the docket."""
    text, first = _current(view), matters.opener(view)
    if text is None or first is None:
        return {"stage": "unknown", "title": title(view)}
    bound, fixed = matters.base(view), matters.effect(view, str(view.docket))
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
        "brackets": _brackets(view),
        "adopted": _adopted(view, str(view.docket)),
        "withdrawals": [
            matters.facts_of(said) | {"version": said.body.version}
            for said in matters.every(view, "withdrawals")
        ],
        "withdrawals_without_effect": crossed(view),
        "signatures": [_signature(said) for said in matters.every(view, "signatures")],
        "notifications": [
            {**matters.facts_of(said), "matter": said.body.matter, "received": _iso(matters.received(said))}
            for said in matters.every(view, "notifications")
        ],
        "entry_into_force": _iso(fixed.day) if fixed else None,
        "amendments": [_change(view, said) for said in matters.every(view, "amendments")],
        "terminations": [_change(view, said) for said in matters.every(view, "terminations")],
        "ends": [
            {"date": _iso(end.day), "what": end.what, **matters.facts_of(end.by)}
            for end in matters.ends(view)
        ],
        "bodies": [{"provision": one.provision, **msgspec.to_builtins(one.terms)} for one in text.bodies],
        "misaligned": align.gaps(text),
    }


def _stage(view: View) -> str:
    bound = matters.base(view)
    if bound is None:
        return "recorded" if isinstance(matters.versions(view)[0].body, acts.Recorded) else "negotiated"
    if matters.effect(view, str(view.docket)):
        return "entry_fixed"
    signed = matters.signatures(view, str(view.docket), bound.text)
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
        "date": _iso(body.signed_on),
        "place": body.place,
        "office": said.office,
    }
    return {**matters.facts_of(said), **more, "original": body.original or said.party}


def _change(view: View, said: Said) -> dict[str, Any]:
    fixed = matters.effect(view, str(said.ref))
    content = msgspec.to_builtins(said.body)
    return {
        **matters.facts_of(said),
        "text": digest(said.body),
        "content": content,
        "adopted": _adopted(view, str(said.ref)),
        "effect": _iso(fixed.day) if fixed else None,
    }


# -------------------------------------------------------------------------------------- brackets


def _brackets(view: View) -> list[dict[str, Any]]:
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


# -------------------------------------------------------------------------------------- questions


def in_force(view: View, on: date) -> dict[str, Any]:
    """Whether the instrument binds on that day, since when, until when (the first day on which it no longer
    does), and why."""
    fixed, last = matters.since(view), next(iter(matters.ends(view)), None)
    answer = fixed is not None and fixed <= on and (last is None or on < last.day)
    if fixed is None:
        why = "not_adopted" if matters.base(view) is None else "conditions_open"
    elif on < fixed:
        why = "not_yet"
    else:
        why = "entered" if answer or last is None else last.what
    return {"in_force": answer, "since": _iso(fixed), "until": _iso(last.day) if last else None, "why": why}


def next_dates(view: View, on: date) -> list[dict[str, Any]]:
    """What falls due on that day or later: entries into force, ends and renewals, last days for notices,
    replies."""
    found = [
        {"date": day.isoformat(), "what": what, **more} for day, what, more in _dates(view, on) if day >= on
    ]
    return sorted(found, key=lambda one: (one["date"], one["what"], one.get("ref", ""), one.get("party", "")))


def _dates(view: View, on: date) -> Iterator[tuple[date, str, dict[str, Any]]]:
    text, since = matters.base_text(view), matters.since(view)
    ends = matters.ends(view)
    if since:
        yield since, "entry_into_force", {}
    for fixed, said in matters.amendments(view):
        yield fixed.day, "amendment_in_force", matters.facts_of(said)
    if ends:
        yield ends[0].day, ends[0].what, matters.facts_of(ends[0].by)
    if text is None:
        return
    yield from _replies(view, text.final.reply_days)
    if since and text.final.renewal:
        stop = ends[0].day if ends else date.max
        day = next((end for end in clauses.periods(since, text.final) if end >= on), None)
        if day and day < stop:
            yield day, "renewal", {}
    for what, notice in (
        ("last_day_to_denounce", text.final.denunciation),
        ("last_day_to_refuse", text.final.refusal),
    ):
        if since and notice and notice.at == "end_of_period" and not ends:
            days = (clauses.latest_notice(end, notice) for end in clauses.periods(since, text.final))
            last = next((day for day in days if day >= on), None)
            if last:
                yield last, what, {}


def _replies(view: View, days: int) -> Iterator[tuple[date, str, dict[str, Any]]]:
    """Until when each party is to answer each proposed amendment, where it has not: yes, no or a
    counter-proposal."""
    for said in matters.every(view, "amendments") if days else []:
        answered = {said.party, *answering(view, said)}
        for party in matters.required(view):
            if party not in answered:
                yield (
                    clauses.add_days(said.day, days),
                    "reply_due",
                    {**matters.facts_of(said), "party": party},
                )


def answering(view: View, amendment: Said) -> set[str]:
    """The parties that have answered a proposed amendment."""
    ref = str(amendment.ref)
    replies = [*matters.every(view, "acceptances"), *matters.every(view, "declined")]
    parties = {said.party for said in replies if said.body.version == ref}
    return parties | {
        said.party for said in matters.every(view, "amendments") if amendment.ref in said.answers
    }


def text(view: View, on: date) -> dict[str, Any]:
    """What the instrument says on that day: the adopted text with the amendments in effect, or what is on
    the table."""
    done = matters.consolidated(view, on)
    if done:
        current, included, failed = done
        return {"status": "adopted", "amendments": included, "without_effect": failed, **_told(current)}
    table = matters.tips(view)
    if not table:
        return {"status": "unknown"}
    return {"status": "on_the_table", "version": str(table[-1].ref), **_told(table[-1].body.text)}


def _told(current: Text) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(current)
    return {"text": digest(current), **plain}


def open_brackets(view: View, on: date) -> list[dict[str, Any]]:
    """The brackets on the table, each with its alternatives, who proposed them, and where each party
    stands."""
    del on
    return _brackets(view)


def alignment(view: View, on: date) -> list[dict[str, Any]]:
    """Provisions that lack a counterpart in some language of the text."""
    done = matters.consolidated(view, on)
    current = done[0] if done else _current(view)
    return align.gaps(current) if current else []


def who_acted(view: View, on: date) -> dict[str, dict[str, list[str]]]:
    """Per party, which acts of consent it has said by that day."""
    return {
        party: {
            what: [str(said.ref) for said in getattr(view.halves[party], field) if said.day <= on]
            for what, field in _LEDGER.items()
        }
        for party in matters.required(view)
        if party in view.halves
    }


QUESTIONS = {
    "in_force": in_force,
    "next_dates": next_dates,
    "text": text,
    "brackets": open_brackets,
    "alignment": alignment,
    "who_acted": who_acted,
}


# -------------------------------------------------------------------------------------- mandates


def mandate(view: View, provision: str) -> Mandate | None:
    """The provision as a mandate: since when and until when it binds, and the bodies that it sets up.

    A provision that is only proposed has no `since`. None if no text of this docket has it.
    """
    row = bodies = None
    begins: date | None = None
    ceases: date | None = None
    for effect, current in _stages(view):
        found = current.provision(provision)
        if found is None:
            if row is not None and ceases is None and effect is not None:
                ceases = effect
            continue
        if row is None:
            begins = effect
        row, ceases = found, None
        bodies = tuple(setup.terms for setup in current.bodies if setup.provision == provision)
    if row is None:
        return None
    last = matters.until(view)
    until = min((day for day in (last, ceases) if day), default=None)
    ref = f"{view.docket}#{provision}"
    return Mandate(ref, heading(row), matters.required(view), bodies or (), begins, until)


def _stages(view: View) -> Iterator[tuple[date | None, Text]]:
    """The text at each of its stages, in order, each with the day from which it binds."""
    base = matters.base_text(view)
    if base is None:
        for said in matters.versions(view):
            yield None, said.body.text
        return
    yield matters.since(view), base
    for effect, _ in matters.amendments(view):
        done = matters.consolidated(view, effect.day)
        if done:
            yield effect.day, done[0]
    done = matters.consolidated(view)
    if done and set(done[1]) - {str(said.ref) for _, said in matters.amendments(view)}:
        yield None, done[0]
