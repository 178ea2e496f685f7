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

from comity.chapters.instruments import acts
from comity.chapters.instruments.brackets import Bracket, resolve
from comity.chapters.instruments.state import Said
from comity.chapters.instruments.text import Text, digest
from comity.core.chapter import View
from comity.core.halves import Match

__all__ = [
    "Adopted",
    "accept_subject",
    "adopted",
    "agreed_choice",
    "base",
    "base_text",
    "bracket_subject",
    "every",
    "facts_of",
    "matched",
    "matched_choices",
    "matter_of",
    "opener",
    "put",
    "required",
    "sign_subject",
    "tips",
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


# -------------------------------------------------------------------------------------- what was put


def every(view: View, field: str) -> list[Said]:
    """All parties' acts of one field, by party and number."""
    return [said for party in sorted(view.halves) for said in getattr(view.halves[party], field)]


def versions(view: View) -> list[Said]:
    """Every version of the base text: the first one, then the others by party and number."""
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


def facts_of(said: Said | None) -> dict[str, Any]:
    """Who said it, when, where it stands: what is shown beside everything."""
    return {"ref": str(said.ref), "by": said.party, "on": said.day.isoformat()} if said else {}
