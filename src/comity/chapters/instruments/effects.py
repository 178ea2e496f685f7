"""When what was agreed takes effect, and when it ends: functions of all halves, by the clauses of the text
itself.

since(view)  ->  date(2024, 10, 10)      the day of entry into force, once every act that it needs has been
said until(view)  ->  date(2027, 1, 1)        the first day on which the instrument no longer binds
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from comity.chapters.instruments import acts, clauses
from comity.chapters.instruments.edits import amend
from comity.chapters.instruments.matters import adopted, base_text, every, required
from comity.chapters.instruments.state import Said
from comity.chapters.instruments.text import Entry, Text
from comity.core.chapter import View

__all__ = [
    "Effect",
    "End",
    "amendments",
    "consolidated",
    "effect",
    "ends",
    "notifications",
    "received",
    "rule_for",
    "signatures",
    "since",
    "until",
]


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
