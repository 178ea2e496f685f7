"""What the parties have agreed about an instrument: functions of all halves, the same on every node.

A *matter* is what is accepted, signed and notified together: the base text (named by the docket) or an
amendment or termination (named by the act that put it). Each goes the same way: a version is accepted by
match on its hash, then signed, then notified, then in force.

Where withdrawals crossed, two versions of the base text can both have matched. Then the one with the lower
hash stands: a rule that needs no arrival order and favours nobody. Nobody can make a second match later,
because whoever has seen the first is refused (`already_adopted`), so this never changes what has been
settled.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from comity.chapters.instruments import acts, clauses
from comity.chapters.instruments.brackets import Bracket, resolve
from comity.chapters.instruments.edits import amend
from comity.chapters.instruments.state import Said
from comity.chapters.instruments.text import Entry, Text, digest
from comity.core.chapter import View
from comity.core.halves import Match

__all__ = [
    "Adopted",
    "Effect",
    "End",
    "accept_subject",
    "adopted",
    "agreed_choice",
    "base",
    "base_text",
    "bracket_subject",
    "consolidated",
    "effect",
    "ends",
    "every",
    "matched",
    "matched_choices",
    "matter_of",
    "opener",
    "put",
    "required",
    "sign_subject",
    "signatures",
    "since",
    "tips",
    "until",
    "versions",
]


class Adopted(NamedTuple):
    """What was accepted by all: which version, its hash, the bracket choices, the yeses, the day of the
    last."""

    version: Said
    text: str
    choices: Mapping[str, str]
    halves: Match
    day: date


class Effect(NamedTuple):
    """A matter that has a day of effect: the day, and the acts that fixed it."""

    day: date
    halves: dict[str, int]


class End(NamedTuple):
    """A way in which the instrument ends: `expired`, `denounced`, `renewal_declined` or `terminated`; since
    when; by whom."""

    day: date
    what: str
    halves: dict[str, int]
    by: Said | None = None


# -------------------------------------------------------------------------------------- what was put


def every(view: View, field: str) -> list[Said]:
    """All parties' acts of one field, by party and number."""
    return [said for party in sorted(view.halves) for said in getattr(view.halves[party], field)]


def versions(view: View) -> list[Said]:
    """Every version of the base text, those that revise after what they revise."""
    return sorted(
        every(view, "versions"), key=lambda said: (said.ref != view.docket, said.ref.party, said.ref.number)
    )


def opener(view: View) -> Said | None:
    """The act that opened the docket, or None where it is unknown or without effect."""
    return next((said for said in versions(view) if said.ref == view.docket), None)


def required(view: View) -> tuple[str, ...]:
    """The parties whose yes is needed: those that the instrument names, or all."""
    first = opener(view)
    return tuple(sorted(first.body.text.parties or view.parties)) if first else tuple(sorted(view.parties))


def tips(view: View) -> list[Said]:
    """The versions that no other version revises: what is on the table."""
    revised = {said.body.version for said in versions(view) if isinstance(said.body, acts.Revised)}
    return [said for said in versions(view) if str(said.ref) not in revised]


def put(view: View, ref: str) -> Said | None:
    """The version, amendment or termination that was put by that act."""
    for field in ("versions", "amendments", "terminations"):
        for said in every(view, field):
            if str(said.ref) == ref:
                return said
    return None


def matter_of(view: View, said: Said) -> str:
    """The matter that a version, amendment or termination belongs to."""
    return str(view.docket) if hasattr(said.body, "text") else str(said.ref)


# -------------------------------------------------------------------------------------- what was agreed


def accept_subject(version: str, text: str) -> str:
    """The subject on which parties say yes to a version with that hash."""
    return f"accept {version} {text}"


def bracket_subject(version: str, bracket: str, choice: str) -> str:
    """The subject on which parties say yes to one choice for a bracket."""
    return f"bracket {version} {bracket} {choice}"


def sign_subject(matter: str, text: str) -> str:
    """The subject of a signature."""
    return f"sign {matter} {text}"


def matched_choices(view: View, version: str, bracket: Bracket) -> list[tuple[str, Match]]:
    """Every choice on which all required parties have matched, the one that stands first."""
    found = []
    for choice in bracket.choices:
        subject = bracket_subject(version, bracket.id, choice)
        match = view.agreed(subject, required(view))
        if match is not None:
            found.append((hashlib.sha256(subject.encode()).hexdigest(), choice, match))
    return [(choice, match) for _, choice, match in sorted(found, key=lambda one: one[0])]


def agreed_choice(view: View, version: str, bracket: Bracket) -> tuple[str, Match] | None:
    """The choice that all have agreed for a bracket. If crossing changes left two, the lower hash stands."""
    return next(iter(matched_choices(view, version, bracket)), None)


def matched(view: View) -> list[Adopted]:
    """Everything that all required parties have said yes to, by hash."""
    found = []
    for ref, text in sorted(_accepted(view), key=lambda one: (one[1], one[0])):
        version = put(view, ref)
        match = view.agreed(accept_subject(ref, text), required(view)) if version else None
        if version is not None and match is not None:
            found.append(_bound(view, version, text, match))
    return found


def adopted(view: View, matter: str) -> Adopted | None:
    """What all required parties have accepted in a matter."""
    return next((bound for bound in matched(view) if matter_of(view, bound.version) == matter), None)


def _accepted(view: View) -> set[tuple[str, str]]:
    """Every (version, hash) that somebody has said yes to."""
    said = {(one.body.version, one.body.text) for one in every(view, "acceptances")}
    said |= {
        (str(one.ref), digest(one.body))
        for field in ("amendments", "terminations")
        for one in every(view, field)
    }
    return said


def _bound(view: View, version: Said, text: str, match: Match) -> Adopted:
    yeses = [one for one in every(view, "acceptances") if match.get(one.party) == one.ref.number]
    choices: dict[str, str] = next(
        (one.body.choices for one in yeses if isinstance(one.body, acts.Accepted)), {}
    )
    return Adopted(version, text, choices, match, max([version.day, *(one.day for one in yeses)]))


def base(view: View) -> Adopted | None:
    """The adopted base text's adoption, or None."""
    return adopted(view, str(view.docket))


def base_text(view: View) -> Text | None:
    """The adopted base text with its brackets replaced, or None."""
    bound = base(view)
    return resolve(bound.version.body.text, bound.choices) if bound else None


# -------------------------------------------------------------------------------------- what takes effect


def signatures(view: View, matter: str, text: str) -> dict[str, Said]:
    """Each party's first signature of that text."""
    found: dict[str, Said] = {}
    for said in every(view, "signatures"):
        if said.body.matter == matter and said.body.text == text:
            found.setdefault(said.party, said)
    return found


def notifications(view: View, matter: str) -> dict[str, Said]:
    """Each party's notification that its procedures are completed."""
    found: dict[str, Said] = {}
    for said in every(view, "notifications"):
        if said.body.matter == matter:
            found.setdefault(said.party, said)
    return found


def received(said: Said) -> date:
    """The day on which a notification counts."""
    day: date = said.body.received or said.day
    return day


def rule_for(view: View, matter: str) -> Entry:
    """The entry-into-force clause that a matter follows. Without one, all signatures suffice (VCLT art.
    24(2))."""
    text = base_text(view)
    if text is None:
        return Entry()
    return text.final.entry if matter == str(view.docket) else text.final.amendments or text.final.entry


def effect(view: View, matter: str) -> Effect | None:
    """When a matter's text takes effect, once every act that its clause asks for has been said."""
    bound = adopted(view, matter)
    if bound is None:
        return None
    if isinstance(bound.version.body, acts.Recorded):
        return Effect(bound.version.body.in_force_since, dict(bound.halves))
    if isinstance(bound.version.body, acts.TerminationProposed):
        return Effect(max(bound.version.body.ends_on or bound.day, bound.day), dict(bound.halves))
    rule, parties = rule_for(view, matter), required(view)
    signed, notified = signatures(view, matter, bound.text), notifications(view, matter)
    needed = [signed] if rule.signed or rule.after == "signature" else []
    needed += [notified] if rule.after == "notifications" else []
    if any(party not in said for said in needed for party in parties):
        return None
    signing = [signed[party].body.signed_on for party in parties] if signed in needed else []
    noted = [received(notified[party]) for party in parties] if notified in needed else []
    day = clauses.entry_date(rule, signing, noted)
    if day is None:
        return None
    halves = {p: max([bound.halves[p], *(said[p].ref.number for said in needed)]) for p in parties}
    if matter == str(view.docket):
        return Effect(day, halves)
    first = effect(view, str(view.docket))  # an amendment cannot bind before what it amends
    return first and Effect(
        max(day, bound.day, first.day), {p: max(halves[p], first.halves[p]) for p in parties}
    )


def since(view: View) -> date | None:
    """The first day on which the base text binds."""
    fixed = effect(view, str(view.docket))
    return fixed.day if fixed else None


def ends(view: View) -> list[End]:
    """Every way in which the instrument ends, the earliest first. Each is the first day on which it no
    longer binds."""
    text, entry = base_text(view), effect(view, str(view.docket))
    if text is None or entry is None:
        return []
    found: list[End] = []
    last = clauses.expiry(entry.day, text.final)
    if last:
        found.append(End(last, "expired", entry.halves))
    for field, what, notice in (
        ("denunciations", "denounced", text.final.denunciation),
        ("refusals", "renewal_declined", text.final.refusal),
    ):
        for said in every(view, field):
            day = clauses.notice_end(entry.day, text.final, notice, said.day) if notice else None
            if day:
                found.append(End(day, what, {**entry.halves, said.party: said.ref.number}, said))
    for said in every(view, "terminations"):
        done = effect(view, str(said.ref))
        if done:
            halves = {p: max(n, entry.halves.get(p, 0)) for p, n in done.halves.items()}
            found.append(End(max(done.day, entry.day), "terminated", halves, said))
    return sorted(found, key=lambda end: (end.day, end.what, end.by.ref if end.by else ("", 0)))


def until(view: View) -> date | None:
    """The first day on which the instrument no longer binds, or None."""
    return next((end.day for end in ends(view)), None)


def amendments(view: View) -> list[tuple[Effect, Said]]:
    """The amendments that have a day of effect, in the order in which they take it."""
    found = [(fixed, said) for said in every(view, "amendments") if (fixed := effect(view, str(said.ref)))]
    return sorted(found, key=lambda pair: (pair[0].day, pair[1].ref))


def consolidated(view: View, on: date | None = None) -> tuple[Text, list[str], list[str]] | None:
    """The adopted text with amendments in effect on that day (None: all adopted ones, whatever their day).

    Beside it: which amendments are in it, and at which ids an edit had no effect. None if nothing is adopted.
    """
    text = base_text(view)
    if text is None:
        return None
    if on is None:
        chosen = [said for said in every(view, "amendments") if adopted(view, str(said.ref))]
        dated = {said.ref: fixed.day for fixed, said in amendments(view)}
        chosen.sort(key=lambda said: (dated.get(said.ref, date.max), said.ref))
    else:
        chosen = [said for fixed, said in amendments(view) if fixed.day <= on]
    failed: list[str] = []
    for said in chosen:
        text, missed = amend(text, said.body)
        failed += missed
    return text, [str(said.ref) for said in chosen], failed


def facts_of(said: Said | None) -> dict[str, Any]:
    """Who said it, when, where it stands: what is shown beside everything."""
    return {"ref": str(said.ref), "by": said.party, "on": said.day.isoformat()} if said else {}
