"""An instrument from plain files: Markdown with a small head, one file for each language.

    read_text([("memorandum.en.md", b"---\\nlanguage: en\\n..."), ("memorandum.tr.md", ...)])  ->  {"text":
    {...}}

Files may come in any order. They are put side by side by the ids that their headings and numbers give; what
one language lacks is kept and can be listed. Whatever is wrong is `Malformed` with the file, the line or
field, and what to do; nothing else leaves this module, whatever the bytes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from comity.chapters.instruments import head as heads
from comity.chapters.instruments import sound
from comity.chapters.instruments.amendments import directive
from comity.chapters.instruments.outline import Block, Outline, Row, blocks
from comity.chapters.instruments.text import Provision, Text
from comity.core.errors import Malformed

__all__ = ["LIMIT", "Page", "merged", "page", "read_amendment", "read_text", "rows_of"]

LIMIT = 4 * 1024 * 1024

Files = Sequence[tuple[str, bytes]]


class Page(NamedTuple):
    """One file: its name, its head, its title, its lines after the head with their numbers."""

    name: str
    head: heads.Head
    title: str
    lines: list[tuple[int, str]]


def read_text(files: Files) -> Mapping[str, Any]:
    """The fields `text` of a proposal, a revision or a record, from one file per language."""
    pages = [page(name, raw) for name, raw in files]
    outlines = []
    for one in pages:
        outline = Outline(one.name)
        for block in blocks(one.lines):
            outline.take(block)
        outlines.append((one._replace(title=one.head.title or outline.title), outline.rows))
    return {"text": msgspec.to_builtins(merged(outlines))}


def page(name: str, raw: bytes) -> Page:
    """One file, decoded, with its head read. Characters are brought to Unicode form NFC."""
    if len(raw) > LIMIT:
        raise Malformed(name, "is larger than 4 MB; split annexes off, or check that this is the right file")
    try:
        decoded = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise Malformed(
            name, "is not UTF-8; save it again with the encoding UTF-8", at=f"line {line}"
        ) from error
    decoded = unicodedata.normalize("NFC", decoded.replace("\r\n", "\n").replace("\r", "\n"))
    if wrong := sound.unfit(decoded):
        raise Malformed(name, wrong[1], at=f"line {decoded.count(chr(10), 0, wrong[0]) + 1}")
    lines = list(enumerate(decoded.split("\n"), 1))
    return _headed(name, lines)


def _headed(name: str, lines: list[tuple[int, str]]) -> Page:
    start = next((at for at, (_, line) in enumerate(lines) if line.strip()), 0)
    end = next((at for at in range(start + 1, len(lines)) if lines[at][1].rstrip() == "---"), None)
    if lines[start][1].rstrip() != "---" or end is None:
        why = (
            "has no head; begin it with a line ---, then `language: en` and the other fields, then a line ---"
        )
        raise Malformed(name, why, at=f"line {lines[start][0]}")
    typed = "\n".join(line for _, line in lines[start + 1 : end])
    return Page(name, heads.read_head(name, typed, lines[start][0] + 1), "", lines[end + 1 :])


# ------------------------------------------------------------------------------- languages side by side


def merged(pages: Sequence[tuple[Page, Sequence[Row]]], *, authentic: Sequence[str] = ()) -> Text:
    """One text from its languages. `Malformed` where files contradict each other, or the whole does not
    hold together."""
    if not pages:
        raise Malformed("files", "none was given; name one Markdown file for each language")
    shared = _shared([one for one, _ in pages])
    by_language: dict[str, tuple[Page, Sequence[Row]]] = {}
    for one, rows in pages:
        if one.head.language in by_language:
            other = by_language[one.head.language][0].name
            raise Malformed(
                one.name,
                f"is a second text in {one.head.language}, beside {other}; leave one out",
                at="language",
            )
        by_language[one.head.language] = (one, rows)
    authentic = tuple(authentic or shared.authentic)
    for tag in dict.fromkeys([*authentic, *filter(None, [shared.prevailing])]):
        if tag not in by_language:
            why = (
                f"{tag} is declared authentic or prevailing, but no file has `language: {tag}`; add that file"
            )
            raise Malformed(pages[0][0].name, why, at="authentic")
    languages = tuple(dict.fromkeys([*authentic, *sorted(by_language)]))
    first = shared.prevailing or languages[0]
    order = [first, *(tag for tag in languages if tag != first)]
    plain = {
        "title": {tag: by_language[tag][0].title for tag in languages if by_language[tag][0].title},
        "languages": languages,
        "provisions": rows_of({tag: by_language[tag][1] for tag in order}),
        "authentic": authentic,
        "prevailing": shared.prevailing,
        "parties": shared.parties,
        "bodies": heads.bodies(shared),
        "final": heads.final(shared),
        "note": {tag: by_language[tag][0].head.note for tag in languages if by_language[tag][0].head.note},
    }
    try:
        text = msgspec.convert(msgspec.to_builtins(plain), Text)
        sound.check(text)
    except msgspec.ValidationError as error:
        raise Malformed(pages[0][0].name, f"{error}", at="head") from error
    except Malformed as fault:
        raise Malformed(
            ", ".join(one.name for one, _ in pages), f"{fault.thing}: {fault.why}", at=fault.at
        ) from fault
    return text


def _shared(pages: Sequence[Page]) -> heads.Head:
    """What the heads say together: each field from the file that has it; two that differ are refused."""
    fields: dict[str, Any] = {}
    said_in: dict[str, str] = {}
    for one in pages:
        for field in ("authentic", "prevailing", "parties", "bodies", "final"):
            said = getattr(one.head, field)
            if not said:
                continue
            if field in fields and fields[field] != said:
                raise Malformed(
                    one.name, f"`{field}` is not the same as in {said_in[field]}; let them agree", at=field
                )
            fields[field], said_in[field] = said, one.name
    return heads.Head(language=pages[0].head.language, **fields)


def rows_of(by_language: Mapping[str, Sequence[Row]]) -> list[Provision]:
    """Provisions from the rows of each language, in the order of the first; what only another has follows
    its neighbour."""
    found: dict[str, dict[str, Row]] = {}
    order: list[str] = []
    for language, rows in by_language.items():
        after = 0
        for row in rows:
            if row.id in found:
                after = max(after, order.index(row.id) + 1) if len(found) < 2000 else after + 1
            else:
                order.insert(after, row.id)
                after += 1
                found[row.id] = {}
            found[row.id][language] = row
    return [_provision(found[id_]) for id_ in order]


def _provision(rows: Mapping[str, Row]) -> Provision:
    first = next(iter(rows.values()))
    words = {language: {"heading": row.heading, "text": row.text} for language, row in rows.items()}
    plain = {"id": first.id, "kind": first.kind, "number": first.number, "under": first.under, "words": words}
    for language, row in rows.items():
        if (row.kind, row.under) != (first.kind, first.under):
            why = f"{row.id} is a {row.kind} in {language}, elsewhere a {first.kind}; let them agree"
            raise Malformed("text", why, at=f"line {row.line}")
    try:
        return msgspec.convert(plain, Provision)
    except msgspec.ValidationError as error:
        raise Malformed("text", str(error), at=f"line {first.line}") from error


# -------------------------------------------------------------------------------------- amendments


def read_amendment(files: Files) -> Mapping[str, Any]:
    """The fields of an amendment, from one file per language with headings such as `## Replace art-4.2`."""
    pages = [page(name, raw) for name, raw in files]
    if not pages:
        raise Malformed("files", "none was given; name one Markdown file for each language")
    shared = _shared(pages)
    parts: dict[tuple[str, str], dict[str, list[Row]]] = {}
    titles = {}
    for one in pages:
        if one.head.language in titles:
            raise Malformed(
                one.name, f"is a second text in {one.head.language}; leave one out", at="language"
            )
        titles[one.head.language] = one.head.title or _first_title(one)
        for (op, at), rows in _sections(one):
            if one.head.language in parts.setdefault((op, at), {}):
                raise Malformed(one.name, f"changes {at} twice in the same way; put both into one", at=at)
            parts[op, at][one.head.language] = rows
    edits: list[dict[str, Any]] = [
        {"op": op, "at": at, "rows": rows_of(rows)} for (op, at), rows in parts.items()
    ]
    for edit in edits:
        sound.check_rows(edit["rows"], titles, [under for row in edit["rows"] if (under := row.under)])
    fields = {
        "edits": edits,
        "bodies": heads.bodies(shared),
        "title": {tag: said for tag, said in titles.items() if said},
    }
    plain: dict[str, Any] = msgspec.to_builtins({key: said for key, said in fields.items() if said})
    return plain


def _first_title(one: Page) -> str:
    first = next((block for block in blocks(one.lines)), None)
    return first.text if first and first.level == 1 else ""


def _sections(one: Page) -> Iterable[tuple[tuple[str, str], list[Row]]]:
    """Each directive of a file with the rows under it."""
    current: tuple[str, str] | None = None
    held: list[Block] = []
    for block in [*blocks(one.lines), Block(1, "", 0)]:
        found = directive(block.text) if block.level else None
        if found is None and block.line:
            held.append(block)
            continue
        if current:
            yield current, _rows(one.name, current, held)
        elif any(other.level != 1 for other in held):
            why = "text before the first change; begin with `## Replace art-4.2`, say, or `## Delete art-4`"
            raise Malformed(one.name, why, at=f"line {held[0].line}")
        current, held = found, []


def _rows(name: str, section: tuple[str, str], held: Sequence[Block]) -> list[Row]:
    op, at = section
    if (op == "delete") != (not held):
        why = "a deletion has no text, and every other change has one"
        raise Malformed(name, why, at=f"{op} {at}")
    parent = at.rpartition(".")[0]
    outline = Outline(name, under=parent)
    for block in held:
        outline.take(block)
    if op == "replace" and outline.rows:
        _renamed(outline.rows, outline.rows[0].id, at)
    return outline.rows


def _renamed(rows: Sequence[Row], old: str, new: str) -> None:
    """Give the replaced provision its id, and those under it ids that begin with it."""
    for row in rows:
        if row.id == old or row.id.startswith(f"{old}."):
            row.id = new + row.id[len(old) :]
        if row.under == old or row.under.startswith(f"{old}."):
            row.under = new + row.under[len(old) :]
