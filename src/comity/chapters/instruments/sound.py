"""Whether a text holds together, whoever made it: the reader asks for every file, the rules for every act.

>>> check(text)
comity.core.errors.Malformed: text (bodies.trade): sets up a body in art-9, which is not in the text; ...
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from comity.chapters.instruments.brackets import brackets
from comity.chapters.instruments.text import Final, Provision, Text
from comity.core.act import PARTY
from comity.core.errors import Malformed

__all__ = ["check", "check_rows", "unfit"]

_MOST_MONTHS, _MOST_SEATS = 1200, 10_000

_ID = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*", re.ASCII).fullmatch
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", re.ASCII).fullmatch
_PARTY = re.compile(PARTY, re.ASCII).fullmatch
# Bidirectional controls reorder what a reader sees: two texts could look the same and mean different things
# (Unicode TR36, CVE-2021-42574). Direction follows from the language. ZWNJ and ZWJ are spelling, and stay.
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")


def unfit(text: str) -> tuple[int, str] | None:
    """The first character that may not stand in a text: its place and what to do. None if there is none."""
    if found := _BIDI.search(text):
        return (
            found.start(),
            f"an invisible direction mark (U+{ord(found[0]):04X}); delete it, the language gives direction",
        )
    if found := _CONTROL.search(text):
        return found.start(), f"a control character (U+{ord(found[0]):04X}); delete it"
    return None


def check(text: Text) -> None:
    """Raise `Malformed`, naming the field and what to do, unless the text is sound."""
    _check_languages(text)
    check_rows(text.provisions, text.languages)
    if not text.provisions:
        raise Malformed("text", "has no provisions; write at least one article", at="provisions")
    for language in text.authentic:
        if not any(language in row.words for row in text.provisions):
            raise Malformed(
                "text",
                f"no provision is in {language}, which is declared authentic; add that text",
                at="authentic",
            )
    if (
        len(set(text.parties)) != len(text.parties)
        or len(text.parties) == 1
        or not all(map(_PARTY, text.parties))
    ):
        raise Malformed(
            "text", "name at least two different parties, by their codes, or none for all", at="parties"
        )
    for field, said in (*text.title.items(), *text.note.items()):
        _check_words(said, f"title or note ({field})")
    _check_bodies(text)
    _check_final(text)
    brackets(text)


def _check_languages(text: Text) -> None:
    if (
        not text.languages
        or len(set(text.languages)) != len(text.languages)
        or not all(map(_LANGUAGE, text.languages))
    ):
        raise Malformed(
            "text", "languages are two- or three-letter tags, each once, such as en, tr, ar", at="languages"
        )
    for field, tags in (("authentic", text.authentic), ("prevailing", filter(None, [text.prevailing]))):
        for tag in tags:
            if tag not in text.languages:
                raise Malformed("text", f"{tag} has no text; add its file, or take it out", at=field)
    if text.prevailing and text.authentic and text.prevailing not in text.authentic:
        raise Malformed("text", f"{text.prevailing} prevails but is not authentic", at="prevailing")
    if not set(text.note) <= set(text.languages):
        raise Malformed("text", "a note is in one of the text's languages", at="note")
    if not text.title or not set(text.title) <= set(text.languages):
        raise Malformed(
            "text", "give a title in at least one of the text's languages, and in no other", at="title"
        )


def check_rows(rows: Iterable[Provision], languages: Iterable[str], outside: Iterable[str] = ()) -> None:
    """Raise `Malformed` unless rows have ids of their own, stand under rows before them, and use known
    languages.

    `outside` are ids of the text that rows of an amendment may stand under.
    """
    known, seen = set(languages), set(outside)
    ids: set[str] = set()
    for row in rows:
        thing = f"provision {row.id[:60]}"
        if not _ID(row.id) or len(row.id) > 100:
            raise Malformed(thing, "an id is lower-case letters, digits, - and ., such as art-4.2", at="id")
        if row.id in ids:
            raise Malformed(thing, "two provisions have this id; number them differently", at="id")
        if row.under and row.under not in seen:
            raise Malformed(thing, f"stands under {row.under}, which is not before it", at="under")
        if not row.words or not set(row.words) <= known:
            raise Malformed(thing, f"its languages must be among {', '.join(sorted(known))}", at="words")
        _check_words(row.number, thing)
        for said in row.words.values():
            _check_words(said.heading, thing)
            _check_words(said.text, thing)
        ids.add(row.id)
        seen.add(row.id)


def _check_words(said: str, thing: str) -> None:
    if wrong := unfit(said):
        raise Malformed(thing, wrong[1])
    if not unicodedata.is_normalized("NFC", said):
        raise Malformed(thing, "is not in Unicode form NFC; read it from a file, which normalises it")


def _check_bodies(text: Text) -> None:
    ids = {row.id for row in text.provisions}
    seen: set[str] = set()
    for setup in text.bodies:
        terms = setup.terms
        if setup.provision not in ids:
            why = f"sets up a body in {setup.provision[:60]}, which the text lacks; name an existing article"
            raise Malformed("text", why, at=f"bodies.{terms.id[:60]}")
        if not _ID(terms.id) or terms.id in seen:
            raise Malformed(
                "text", "every body needs an id of its own, such as trade", at=f"bodies.{terms.id[:60]}"
            )
        if not terms.names or not terms.kind:
            raise Malformed("text", "give the body a kind and names", at=f"bodies.{terms.id}")
        if text.parties and not set(terms.seats) <= set(text.parties):
            raise Malformed("text", "seats are for the text's parties", at=f"bodies.{terms.id}.seats")
        if not all(map(_LANGUAGE, terms.names)) or not all(map(_PARTY, terms.seats)):
            why = "names are by language and seats by party, such as {en: ...} and {TUR: 5}"
            raise Malformed("text", why, at=f"bodies.{terms.id}")
        if not 0 <= terms.every_months <= _MOST_MONTHS or any(
            not 0 <= seats <= _MOST_SEATS for seats in terms.seats.values()
        ):
            why = f"seats are 0 to {_MOST_SEATS}, months 0 to {_MOST_MONTHS}"
            raise Malformed("text", why, at=f"bodies.{terms.id}")
        seen.add(terms.id)


def _check_final(text: Text) -> None:
    final: Final = text.final
    if final.provision and text.provision(final.provision) is None:
        why = f"stands in {final.provision[:60]}, which is not in the text; name an existing article"
        raise Malformed("text", why, at="final.article")
    for at, entry in (("final.entry into force", final.entry), ("final.amendments", final.amendments)):
        if entry and (entry.after == "day") != (entry.day is not None):
            raise Malformed("text", "a day goes with `after: day`, and only with it", at=at)
    if final.renewal and not final.duration:
        raise Malformed("text", "tacit renewal needs a duration; add `duration`", at="final.renewal")
    if final.refusal and not final.renewal:
        raise Malformed(
            "text", "a notice against renewal needs tacit renewal; add `renewal`", at="final.renewal notice"
        )
    notices = (("final.denunciation", final.denunciation), ("final.renewal notice", final.refusal))
    for at, notice in notices:
        if notice and notice.at == "end_of_period" and not final.duration:
            raise Malformed(
                "text", "a notice before the end of a period needs a duration; add `duration`", at=at
            )
