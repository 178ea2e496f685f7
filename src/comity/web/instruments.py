"""An instrument's text, in all languages side by side, with its brackets and where each party stands on them.

    /m/ID/instruments/TUR/9/text?version=IRQ/8&in=tr        one version, in one language

What the versions are called is told in `comity.web.versions`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from comity.chapters.instruments import account, align, brackets, matters
from comity.chapters.instruments.state import Said
from comity.chapters.instruments.text import Text, Words
from comity.web.instrument_state import bodies, consents
from comity.web.matter import Link, Matter, asked_day, links, numbered, placed
from comity.web.page import Page
from comity.web.versions import Version, chosen, usual, versions
from comity.web.visit import Answer, Visit

__all__ = ["PAGES"]

_HEADINGS = ("preamble", "chapter", "article", "annex", "closing")


def text(visit: Visit) -> Answer:
    """The text as it stands, or one version of it, in all languages or in one."""
    matter, on = Matter(visit, "instruments"), asked_day(visit)
    known = versions(matter, on)
    asked = visit.query("version") or usual(known, matter.view)
    version = chosen(known, asked)
    found = version.text()
    told = _brackets(matter, version.put, found) if version.put is not None else []
    only = visit.query("in")
    languages = [only] if only in found.languages else list(found.languages)
    return matter.page(
        "instrument_text.html",
        "/text",
        chosen=version,
        versions=[(one.name, one.words) for one in known],
        only=only if only in found.languages else "",
        languages=list(found.languages),
        shown_in=languages,
        title=dict(found.title),
        authentic=list(found.authentic or found.languages),
        prevailing=found.prevailing,
        rows=_rows(matter, found, languages, told, bracketed=version.put is not None),
        gaps=_gaps(matter, found),
        brackets=told,
        bodies=bodies(matter, found),
        note=visit.named(found.note) if found.note else "",
        acts=_text_acts(matter, version),
    )


def _rows(
    matter: Matter,
    found: Text,
    languages: Sequence[str],
    told: Sequence[Mapping[str, Any]],
    *,
    bracketed: bool,
) -> list[dict[str, Any]]:
    """Each provision: its id, its number, and in each language its heading and its paragraphs as pieces."""
    count, rows = 0, []
    for row in found.provisions:
        cells = {}
        used = 0
        for tag in languages:
            said = row.words.get(tag, Words())
            head, used = _pieces(said.heading, count, told, tag) if bracketed else (_whole(said.heading), 0)
            body, used = _pieces(said.text, used, told, tag) if bracketed else (_whole(said.text), 0)
            cells[tag] = {"heading": head, "text": body}
        if bracketed:  # in every language a provision has the same brackets
            count += sum(one["provision"] == row.id for one in told)
        rows.append(
            {
                "id": row.id,
                "number": numbered(matter.visit, row, found.provisions),
                "heading": row.kind in _HEADINGS and not any(words.text for words in row.words.values()),
                "cells": cells,
            }
        )
    return rows


def _whole(said: str) -> list[Any]:
    return [brackets.plain(said)] if said else []


def _pieces(
    said: str, before: int, told: Sequence[Mapping[str, Any]], language: str
) -> tuple[list[Any], int]:
    """A passage cut into texts and brackets (their account, from `told`), and the number of its last bracket."""
    found: list[Any] = []
    at = 0
    for passage in brackets.find(said):
        before += 1
        if said[at : passage.start]:
            found.append(brackets.plain(said[at : passage.start]))
        number = f"b{before}"
        account_of = next((one for one in told if one["bracket"] == number), {"bracket": number})
        words = {choice: brackets.plain(words) for choice, words in passage.alternatives.items()}
        found.append({**account_of, "said": words, "language": language})
        at = passage.end
    if said[at:]:
        found.append(brackets.plain(said[at:]))
    return found, before


def _brackets(matter: Matter, version: Said, found: Text) -> list[dict[str, Any]]:
    """The brackets of a version: alternatives, who proposed each, where each party stands, what may be said now."""
    known = {(one["version"], one["bracket"]): one for one in matter.state.get("brackets", ())}
    return [_bracket(matter, version, found, one, known) for one in brackets.brackets(found)]


def _bracket(
    matter: Matter,
    version: Said,
    found: Text,
    bracket: brackets.Bracket,
    known: Mapping[tuple[str, str], Mapping[str, Any]],
) -> dict[str, Any]:
    visit, account_of = matter.visit, known.get((str(version.ref), bracket.id))
    by = {key: account.proposer(matter.view, version, bracket, key) for key in bracket.alternatives}
    positions = account_of["positions"] if account_of else {}
    names = {key: visit.named(words) for key, words in bracket.alternatives.items()}
    may = None
    if account_of is not None and account_of["status"] != "agreed":
        may = matter.may("position", str(version.ref), bracket=bracket.id)
    return {
        "bracket": bracket.id,
        "provision": bracket.provision,
        "number": placed(visit, found.provision(bracket.provision), found.provisions),
        "alternatives": [
            {"choice": key, "by": by[key], "words": brackets.plain(names[key])}
            for key in bracket.alternatives
        ],
        "by": by,
        "positions": [
            {
                "party": party,
                "name": visit.party(party),
                "status": matter.value(said["status"]),
                "choice": _choice(matter, said["choice"], names),
                "ref": said["ref"],
            }
            for party, said in sorted(positions.items())
        ],
        "status": account_of["status"] if account_of else "",
        "status_words": matter.value(account_of["status"])
        if account_of
        else str(matter.say("bracket.earlier")),
        "agreed": _choice(matter, account_of["agreed"] or "", names) if account_of else "",
        "may": may,
    }


def _choice(matter: Matter, choice: str, names: Mapping[str, str]) -> str:
    """What a choice comes to: the words of the alternative, or that the passage is kept or left out."""
    if not choice:
        return ""
    if choice == brackets.KEEP or choice not in names:
        return matter.value(choice)
    return brackets.plain(names[choice])


def _gaps(matter: Matter, found: Text) -> list[str]:
    """Each provision that some language lacks, in words."""
    visit = matter.visit
    told = []
    for gap in align.gaps(found):
        name = placed(visit, found.provision(gap["provision"]), found.provisions)
        missing = visit.listed(visit.tongue(tag) for tag in gap["missing"])
        told.append(str(matter.say("text.gap", provision=name, missing=missing)))
    return told


def _text_acts(matter: Matter, version: Version) -> list[Link]:
    """What may be said of a text from here."""
    view, said = matter.view, version.said
    if matters.base(view) is not None:
        proposed = said if version.put is None else None
        if proposed is not None and matters.adopted(view, str(proposed.ref)) is None:
            mine = proposed.party == matter.visit.record.party
            return links([None if mine else matter.may("accept", str(proposed.ref)), matter.may("amend")])
        return consents(matter)
    if said is None:
        return []
    if matter.state.get("stage") == "recorded":
        return links([matter.may("affirm", str(said.ref))])
    if str(said.ref) not in matter.state.get("on_the_table", ()):
        return []
    return links(matter.may(verb, str(said.ref)) for verb in ("accept", "revise", "decline"))


PAGES = (Page("/m/{mechanism:str}/instruments/{party:str}/{number:str}/text", text),)
