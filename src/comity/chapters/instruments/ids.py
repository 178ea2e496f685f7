"""Ids that survive renumbering: a revised text takes over the ids of the version that it revises.

A provision is the same one if its text or its heading is the same, else if its words are mostly the same,
else if it has the same number; a new provision gets an id that no earlier version has used. So when a new
Article 4 is put in, the old one becomes Article 5 and stays `art-4`, and a mandate that cites
`TUR/12#art-4` still finds it.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable, Sequence

import msgspec

from comity.chapters.instruments.text import Provision, Text, subtree

__all__ = ["carried", "default_id"]

_ALIKE = 0.6  # as difflib advises for "close matches"
_SEGMENT = {
    "chapter": "chap",
    "article": "art",
    "annex": "annex",
    "preamble": "preamble",
    "closing": "closing",
}


def default_id(kind: str, number: str, under: str, ordinal: int) -> str:
    """The id of a provision at first reading. `ordinal` counts the unnumbered rows of its kind, from 1."""
    tail = _tail(number)
    if kind in ("preamble", "closing"):
        return _SEGMENT[kind]
    if kind in ("chapter", "article", "annex"):
        segment = f"{_SEGMENT[kind]}-{tail or ordinal}"
        return f"{under}.{segment}" if under.startswith("annex") else segment
    if not number:
        tail = f"{'d' if kind == 'item' else 't'}{ordinal}"
    return f"{under}.{tail}" if under else tail


def _tail(number: str) -> str:
    return "".join(char if char.isascii() and char.isalnum() else "-" for char in number.lower()).strip("-")


def carried(old: Text, new: Text, used: Collection[str] = ()) -> Text:
    """The new text with the ids of the old one, where a provision is the same; final clauses and bodies
    follow."""
    renamed: dict[str, str] = {}
    taken = {*used, *(row.id for row in old.provisions)}
    _match(old.provisions, new.provisions, "", "", renamed, taken)
    rows = tuple(
        msgspec.structs.replace(row, id=renamed[row.id], under=renamed.get(row.under, row.under))
        for row in new.provisions
    )
    bodies = tuple(
        msgspec.structs.replace(one, provision=renamed.get(one.provision, one.provision))
        for one in new.bodies
    )
    final = msgspec.structs.replace(
        new.final, provision=renamed.get(new.final.provision, new.final.provision)
    )
    return msgspec.structs.replace(new, provisions=rows, bodies=bodies, final=final)


def _match(
    old: Sequence[Provision],
    new: Sequence[Provision],
    old_under: str,
    new_under: str,
    renamed: dict[str, str],
    taken: set[str],
) -> None:
    """Match the rows under a pair of provisions (of the whole text, articles of all chapters together)."""
    mine, theirs = _peers(new, new_under), _peers(old, old_under)
    pairs = _paired(theirs, mine, lambda row: _all_words(old, row), lambda row: _all_words(new, row))
    for row in mine:
        before = pairs.get(row.id)
        given = before or _fresh(row, renamed, taken)
        renamed[row.id] = given
        taken.add(given)
    for row in mine:
        if row.kind != "chapter":
            _match(old, new, pairs.get(row.id, "\0"), row.id, renamed, taken)


def _peers(rows: Sequence[Provision], under: str) -> list[Provision]:
    """The rows to be matched together: those under a provision; at the top, chapters and what stands in
    them too."""
    if under:
        return [row for row in rows if row.under == under]
    chapters = {row.id for row in rows if row.kind == "chapter"}
    return [row for row in rows if not row.under or row.under in chapters]


def _paired(
    old: Sequence[Provision],
    new: Sequence[Provision],
    old_words: Callable[[Provision], str],
    new_words: Callable[[Provision], str],
) -> dict[str, str]:
    """New id -> old id, by the surest sign first."""
    pairs: dict[str, str] = {}
    spoken = {
        row.id for row in new if row.id != default_id(row.kind, row.number, row.under, 0) and row.number
    }
    known = {row.id for row in old}
    pairs.update({id_: id_ for id_ in spoken & known})
    signs: list[Callable[[Provision, bool], str]] = [
        lambda row, is_old: (old_words if is_old else new_words)(row),
        lambda row, _: "|".join(
            f"{tag}:{said.heading}" for tag, said in sorted(row.words.items()) if said.heading
        ),
    ]
    for sign in signs:
        _pair_equal(pairs, _left(old, pairs.values()), _left(new, pairs), sign)
    _pair_alike(pairs, _left(old, pairs.values()), _left(new, pairs), old_words, new_words)
    _pair_equal(
        pairs,
        _left(old, pairs.values()),
        _left(new, pairs),
        lambda row, _: row.number or row.id.rpartition(".")[2],
    )
    return pairs


def _left(rows: Iterable[Provision], gone: Iterable[str]) -> list[Provision]:
    out = set(gone)
    return [row for row in rows if row.id not in out]


def _pair_equal(
    pairs: dict[str, str],
    old: Sequence[Provision],
    new: Sequence[Provision],
    sign: Callable[[Provision, bool], str],
) -> None:
    """Pair rows of a kind whose sign is equal, in order, each once."""
    waiting: dict[tuple[str, str], list[str]] = {}
    for row in old:
        if found := sign(row, True):
            waiting.setdefault((row.kind, found), []).append(row.id)
    for row in new:
        queue = waiting.get((row.kind, sign(row, False)))
        if queue:
            pairs[row.id] = queue.pop(0)


def _pair_alike(
    pairs: dict[str, str],
    old: Sequence[Provision],
    new: Sequence[Provision],
    old_words: Callable[[Provision], str],
    new_words: Callable[[Provision], str],
) -> None:
    """Pair rows of a kind with mostly the same words, the most alike first."""
    scored = []
    for row in new:
        matcher = difflib.SequenceMatcher(None, autojunk=False)
        matcher.set_seq2(new_words(row).split())
        for other in old:
            if other.kind != row.kind:
                continue
            matcher.set_seq1(old_words(other).split())
            if matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE:
                score = round(matcher.ratio() * 1000)
                if score >= _ALIKE * 1000:
                    scored.append((-score, row.id, other.id))
    for _, mine, theirs in sorted(scored):
        if mine not in pairs and theirs not in pairs.values():
            pairs[mine] = theirs


def _all_words(rows: Sequence[Provision], row: Provision) -> str:
    """Everything that a provision and what is under it say, without numbers, in all languages."""
    inside = [row] if row.kind == "chapter" else subtree(rows, row.id)
    return "\n".join(
        f"{tag}:{said.heading} {said.text}" for one in inside for tag, said in sorted(one.words.items())
    )


def _fresh(row: Provision, renamed: dict[str, str], taken: set[str]) -> str:
    """An id that no version has used: the one at first reading, with a letter after it if need be."""
    base = row.id
    if row.under in renamed and base.startswith(f"{row.under}."):
        base = renamed[row.under] + base[len(row.under) :]
    given, letter = base, 0
    while given in taken:
        letter += 1
        given = f"{base}{'-' if base[-1].isalpha() else ''}{_letters(letter)}"
    return given


def _letters(number: int) -> str:
    """a, b, ... z, aa, ab, ..."""
    out = ""
    while number:
        number, rest = divmod(number - 1, 26)
        out = chr(97 + rest) + out
    return out
