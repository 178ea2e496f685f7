"""A published text held against the passages of an agreed statement, or against another published text.

    compare([{"en": "It was decided to set up a centre."}], "The sides may set up a centre.", "en")
    ->  Comparison("compared", "en", "", True, findings=(Finding("changed", (1,), ..., differences=(
            Difference("modality", "decided", "may", "weaker", 1),)),), ...)

Nothing is forced to match: a text in another language, or that has nothing to do with the statement, is said to be so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from comity.chapters.statements.compare.assign import Division, divide
from comity.chapters.statements.compare.factual import facts_of, told
from comity.chapters.statements.compare.findings import counts, findings
from comity.chapters.statements.compare.languages import language_of
from comity.chapters.statements.compare.shapes import Comparison
from comity.chapters.statements.compare.texts import Passage, Text, read, sentences_as_passages
from comity.chapters.statements.compare.tokens import Reader
from comity.chapters.statements.compare.transliteration import arabic_names
from comity.chapters.statements.compare.vocabulary import WORDED
from comity.core.errors import Malformed

__all__ = ["LIMIT", "compare", "compare_texts"]

LIMIT = 200_000
_SURROGATE = re.compile("[\ud800-\udfff]")
_REPEATS_IN_TEXTS = 60
_REPEATS_IN_STATEMENT = 75
_NEVER = 101
_FACTS_TELL = 5
_ENOUGH_IN_ONE = 260
_ENOUGH_PER_CENT = 12


def compare(passages: Sequence[Mapping[str, str]], published: str, language: str) -> Comparison:
    """What was published in `language`, held against the accepted statement (its passages: language -> text).

    Raises `Malformed` where either is longer than LIMIT characters, and nothing else.
    """
    _measured("published text", published)
    for tag in {tag for passage in passages for tag in passage}:
        _measured("statement", "".join(passage.get(tag, "") for passage in passages))
    worded = language in WORDED and any(language in passage for passage in passages)
    refused = _refused(language, published)
    if refused:
        return refused
    if not worded:
        return _by_facts(passages, published, language)
    reader = Reader(language, _names(passages) if language == "ar" else ())
    mine = _read_passages(passages, {language: reader}, [language])
    return _compared(mine, read(published, reader), language, free=False)


def compare_texts(one: str, other: str, language: str) -> Comparison:
    """Two published texts held against each other; the sentences of `one` are the passages."""
    _measured("published text", one)
    _measured("published text", other)
    refused = _refused(language, one) or _refused(language, other)
    if refused:
        return refused
    reader = Reader(language)
    return _compared(sentences_as_passages(read(one, reader)), read(other, reader), language, free=True)


def _measured(thing: str, text: str) -> None:
    if len(text) > LIMIT:
        raise Malformed(thing, f"longer than {LIMIT:,} characters")
    if _SURROGATE.search(text):
        raise Malformed(thing, "half of a surrogate pair is no character")


def _refused(language: str, published: str) -> Comparison | None:
    """The answer where there is nothing to compare: no words, or another language than was declared."""
    if not any(char.isalnum() for char in published):
        return Comparison("empty", language, "", worded=False)
    detected = language_of(published)
    if detected and detected != language:
        return Comparison("other_language", language, detected, worded=False)
    return None


def _read_passages(
    passages: Sequence[Mapping[str, str]], readers: Mapping[str, Reader], languages: Sequence[str]
) -> list[Passage]:
    """Each passage in the first of these languages that it has; those without words are left out."""
    out = []
    for number, passage in enumerate(passages, 1):
        language = next((tag for tag in languages if passage.get(tag)), "")
        if language:
            text = read(passage[language], readers[language])
            if text.found:
                out.append(Passage(number, text, range(len(text.found))))
    return out


def _names(passages: Sequence[Mapping[str, str]]) -> set[str]:
    """Names in the Arabic text, known by the Latin ones that stand beside it."""
    rows = [(passage.get(tag, ""), passage.get("ar", "")) for passage in passages for tag in ("en", "tr")]
    return {name for latin, arabic in rows for name in arabic_names(latin, arabic)}


def _compared(mine: Sequence[Passage], theirs: Text, language: str, *, free: bool) -> Comparison:
    detected = language_of(theirs.text)
    division = divide(mine, theirs, language, _REPEATS_IN_TEXTS if free else _REPEATS_IN_STATEMENT)
    if not _related(division):
        return Comparison("unrelated", language, detected, worded=True)
    found, headline = findings(mine, theirs, division.groups, free=free)
    aside = tuple(sorted((*theirs.aside, *headline), key=lambda row: row.span.start))
    return Comparison(
        "compared", language, detected, worded=True, findings=tuple(found), aside=aside, counts=counts(found)
    )


def _related(division: Division) -> bool:
    """Whether one part shares enough with a passage, or all parts together do."""
    matched = [group for group in division.groups if group.passages and group.stretches]
    enough = 100 * division.shared >= _ENOUGH_PER_CENT * division.whole
    return bool(matched) and (division.most >= _ENOUGH_IN_ONE or enough)


def _by_facts(passages: Sequence[Mapping[str, str]], published: str, language: str) -> Comparison:
    """Numbers, days and names alone, through whatever languages the statement has."""
    languages = [tag for tag in WORDED if any(tag in passage for passage in passages)]
    languages += sorted({tag for passage in passages for tag in passage} - set(languages))
    mine = _read_passages(passages, {tag: Reader(tag) for tag in languages}, languages)
    texts, theirs = facts_of([passage.text for passage in mine], read(published, Reader(language)))
    mine = [passage._replace(text=text) for passage, text in zip(mine, texts, strict=True)]
    division = divide(mine, theirs, language, _NEVER, led=False)
    if sum(map(len, theirs.tokens)) >= _FACTS_TELL and not any(
        row.passages and row.stretches for row in division.groups
    ):
        return Comparison(
            "unrelated", language, language_of(published), worded=False, through=", ".join(languages)
        )
    found, headline = findings(mine, theirs, division.groups)
    rows = told(found)
    aside = tuple(sorted((*theirs.aside, *headline), key=lambda row: row.span.start))
    return Comparison(
        "facts_only",
        language,
        language_of(published),
        worded=False,
        through=", ".join(languages),
        findings=tuple(rows),
        aside=aside,
        counts=counts(rows),
    )
