"""What an act says, laid out for a reader: a term and its value for each field of its content.

    laid_out(visit, "meetings", fields(Convened), {"body": "water", "place": {"en": "Ankara", "ar": "أنقرة"}, ...})
    ->  [("The body that meets", <bdi>water</bdi>), ("The place", <bdi lang="en">Ankara</bdi> ...), ...]

Names stand in the reader's language first, with the others beside; references lead to what they name; long texts are
folded. Whatever was typed is shown inert, with controls of direction made visible.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from markupsafe import Markup

from comity.core.act import LANGUAGES, PARTY
from comity.desk import dates, wording
from comity.desk.fields import Field, fields
from comity.web.labels import label
from comity.web.text import html, shown
from comity.web.visit import Visit

__all__ = ["laid_out", "of_act", "worded"]

Fact = tuple[str, Markup]
_LONG = 420
_ONE_LINE = 60
_MANY = 24  # things of a list, or characters of a text, that a conversation has no room for
_VERY_LONG = 6_000
_LONGEST = 20_000
_FOLDED = 3  # more groups than this in a list are folded
_REFERENCE = re.compile(rf"({PARTY})/(0|[1-9][0-9]{{0,11}})(#[A-Za-z0-9.-]+)?").fullmatch
_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*").fullmatch
_WORDED = {
    "language": ("language.",), "languages": ("language.",), "authentic": ("language.",),
    "prevailing": ("language.",), "kind": ("body.kind.",),
    "ex_officio": ("web.capacity.",), "use": ("web.key_use.",),
    "chapters": ("nav.", "docket.chapter."), "chapter": ("nav.", "docket.chapter."),
}  # fmt: skip
_RTL = ("ar", "fa", "he", "ur", "ckb")


def of_act(visit: Visit, act: Mapping[str, Any], *, brief: bool = False) -> list[Fact]:
    """The content of an act (`showing.show`); where it is not here, a line that says so.

    `brief`: what is very long is left to the act's own page, and only said to be there.
    """
    content = act["content"]
    kind = visit.record.folds.kind(act["kind"])
    if content is None:
        return [(str(visit.say("docket.content")), visit.say("label.content_absent", "cli"))]
    if kind is None or not isinstance(content, Mapping) or "malformed" in content:
        return [(str(visit.say("docket.content")), _data(visit, content))]
    place = visit.act_at(act["ref"]) if brief else ""
    return laid_out(visit, wording.chapter_of(visit.record, act["kind"]), fields(kind.body), content, place)


def laid_out(
    visit: Visit,
    chapter: str,
    known: Sequence[Field],
    content: Mapping[str, Any],
    place: str = "",
    within: str = "",
) -> list[Fact]:
    """The fields that are there, in the order of the content's own struct, then whatever else there is.

    `place`: the page on which what is very long stands whole; "" to lay it out here. `within`: the group it is.
    """
    found = []
    for field in known:
        value = content.get(field.name)
        if value not in (None, "", [], {}, ()):
            name = label(visit.words, chapter, field.name, within).name
            found.append(
                (name, _elsewhere(visit, value, place) or _value(visit, chapter, field, value, place))
            )
    more = {name: value for name, value in content.items() if all(field.name != name for field in known)}
    return [*found, *((name, _data(visit, value)) for name, value in more.items())]


def _elsewhere(visit: Visit, value: Any, place: str) -> Markup | None:
    """Where a value that is too long for a conversation stands; None for one that is not."""
    if not place:
        return None
    if isinstance(value, list) and len(value) > _MANY:
        told = visit.say("docket.so_many", count=visit.number(len(value)))
    elif isinstance(value, str) and len(value) > _VERY_LONG:
        told = visit.say("docket.so_long", count=visit.number(len(value)))
    else:
        return None
    return html('<a href="{}">{}</a>', place, told)


def _value(visit: Visit, chapter: str, field: Field, value: Any, place: str) -> Markup:
    match field.sort:
        case "names" if isinstance(value, Mapping):
            return _names(visit, value)
        case "numbers" if isinstance(value, Mapping):
            pairs = [(shown(visit.party(str(key))), shown(str(number))) for key, number in value.items()]
            return Markup(" · ").join(html("<bdi>{}</bdi>: {}", *pair) for pair in pairs)
        case "group" if isinstance(value, Mapping):
            return _terms(laid_out(visit, chapter, field.fields, value, place, field.name))
        case "list" if field.item is not None and isinstance(value, Sequence) and not isinstance(value, str):
            return _list(
                visit,
                chapter,
                _item(field),
                value,
                place,
            )
        case "choice":
            return shown(wording.value(visit.words, str(value), chapter))
        case "yes":
            return visit.say("label.yes" if value else "label.no", "cli")
        case "number" if isinstance(value, int):
            return shown(visit.number(value))
        case "day" | "moment":
            return _moment(visit, str(value))
        case "bytes":
            return visit.say("docket.bytes", bytes=visit.number(len(str(value)) * 3 // 4))
        case "text":
            return worded(visit, field.name, str(value)) or _text(visit, str(value))
    return _data(visit, value)


def _names(visit: Visit, names: Mapping[str, Any]) -> Markup:
    """The reader's language first; what is the same in another language stands once."""
    known = [*LANGUAGES, *sorted(set(names) - set(LANGUAGES))]
    texts: dict[str, str] = {}
    for tag in sorted(names, key=lambda tag: (tag != visit.language, known.index(tag))):
        texts.setdefault(str(names[tag]), tag)
    whole = [_tongue(tag, text) for text, tag in texts.items()]
    length = sum(map(len, texts))
    if length <= _ONE_LINE:
        return Markup(' <span class="quiet">·</span> ').join(whole)
    if length <= _LONG:
        return Markup("").join(_tongue(tag, text, "div") for text, tag in texts.items())
    if len(whole) == 1:
        return whole[0]
    told = visit.say("docket.other_languages")
    return html("{}<details><summary>{}</summary>{}</details>", whole[0], told, Markup("").join(whole[1:]))


def _tongue(tag: str, text: str, within: str = "bdi") -> Markup:
    tag = tag if _TAG(tag) else ""
    side = "rtl" if tag.partition("-")[0] in _RTL else "ltr"
    if within == "bdi" and len(text) <= _LONG and "\n" not in text:
        return html('<bdi lang="{}" dir="{}">{}</bdi>', tag, side, shown(text))
    return html('<div lang="{}" dir="{}">{}</div>', tag, side, _folded(text))


def worded(visit: Visit, field: str, value: str) -> Markup | None:
    """A value that has words of its own, though its field is a text for whoever may add others; None for any other."""
    if field in ("id", "under"):  # of a provision: a name for programs
        return html('<code dir="ltr">{}</code>', shown(value))
    keys = (f"{key}{value}" for key in _WORDED.get(field, ()))
    return next((visit.say(key) for key in keys if visit.words.has(key, "web")), None)


def _text(visit: Visit, text: str) -> Markup:
    found = _REFERENCE(text)
    if found is not None and found[1] in visit.record.parties:
        place = visit.docket_at(f"{found[1]}/{found[2]}")
        return html('<a class="ref" href="{}"><bdi dir="ltr">{}</bdi></a>', place, text)
    if text in visit.record.parties:
        return html("<bdi>{}</bdi>", visit.party(text))
    if len(text) == 64 and text.isalnum() and text.isascii():
        return html('<code class="digest">{}</code>', text)
    return html("<bdi>{}</bdi>", shown(text)) if len(text) <= _LONG else _folded(text)


def _folded(text: str) -> Markup:
    """What is longer than any page is cut: the act's own page has its whole content as a file."""
    if len(text) <= _LONG:
        return html('<span class="as-typed">{}</span>', shown(text))
    most = _LONGEST if " " in text[:_LONG] else _LONG  # bytes written as text are for programs
    whole = text if len(text) <= most else f"{text[:most]}…"
    return html(
        '<details><summary><bdi>{}…</bdi></summary><div class="as-typed">{}</div></details>',
        shown(text[:160]),
        shown(whole),
    )


def _moment(visit: Visit, text: str) -> Markup:
    found = dates.parsed(text)
    if not isinstance(found, date | datetime):
        return shown(text)
    hijri = visit.hijri(found)
    beside = html(' <bdi class="hijri">{}</bdi>', hijri) if hijri else ""
    return html('<time datetime="{}"><bdi>{}</bdi>{}</time>', text, visit.moment(text), beside)


def _terms(facts: Sequence[Fact]) -> Markup:
    rows = [html("<dt>{}</dt><dd>{}</dd>", name, value) for name, value in facts]
    return html('<dl class="facts">{}</dl>', Markup("").join(rows))


def _item(field: Field) -> Field:
    """What a list is made of, with the list's own name."""
    return msgspec.structs.replace(field.item or field, name=field.name)


def _list(visit: Visit, chapter: str, item: Field, values: Sequence[Any], place: str) -> Markup:
    each = [_value(visit, chapter, item, value, place) for value in values]
    if item.sort not in ("group", "names", "data"):
        return Markup(" · ").join(each)
    listed = html("<ol>{}</ol>", Markup("").join(html("<li>{}</li>", one) for one in each))
    if len(each) <= _FOLDED:
        return listed
    told = visit.say("docket.so_many", count=visit.number(len(each)))
    return html("<details><summary>{}</summary>{}</details>", told, listed)


def _passages(value: Any) -> Mapping[str, str] | None:
    """What a provision says, by language, its heading on a line of its own; None for anything else."""
    if not isinstance(value, Mapping) or not value or not all(_TAG(str(tag)) for tag in value):
        return None
    said = [list(one.values()) if isinstance(one, Mapping) else [one] for one in value.values()]
    if not all(isinstance(text, str) for texts in said for text in texts):
        return None
    joined = {str(tag): "\n".join(filter(None, texts)) for tag, texts in zip(value, said, strict=True)}
    return {tag: text for tag, text in joined.items() if text}


def _data(visit: Visit, value: Any) -> Markup:
    passages = _passages(value)
    if passages is not None:
        order = sorted(passages, key=lambda tag: tag != visit.language)
        return Markup("").join(_tongue(tag, passages[tag], "div") for tag in order) or Markup("–")
    written = json.dumps(value, ensure_ascii=False, indent=1)
    if len(written) <= 60:
        return html('<code dir="ltr">{}</code>', shown(written))
    return html(
        '<details><summary>{}</summary><pre dir="ltr">{}</pre></details>',
        visit.say("docket.data"),
        shown(written),
    )
