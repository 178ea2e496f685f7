"""The texts of a form: those that a content comes to, and the numbers that the things of its lists have.

    texts(fields(Convened), {"body": "water", "starts": "2024-08-15T10:00:00+03:00", "place": {"en": "Ankara"}})
    ->  {"body": ["water"], "starts": ["2024-08-15T10:00"], "starts.zone": ["+03:00"], "place.en": ["Ankara"]}

`comity.web.filled` reads them again as data.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from comity.desk.fields import Field
from comity.web.form import Form

__all__ = ["numbered", "plain_item", "tags_in", "texts", "tidied"]

_KEY = re.compile(r"[A-Za-z0-9_-]{1,40}").fullmatch
_PLAIN = ("text", "number", "day", "choice")
_MOST = 2_000  # things of a list that a form may number


def plain_item(field: Field) -> Field | None:
    """What a list is made of, where its things are plain words, sent one on a line or ticked one by one."""
    return field.item if field.item is not None and field.item.sort in _PLAIN else None


def numbered(form: Form, name: str) -> list[int]:
    """The numbers that the things of a list have in a form, in order."""
    found = set()
    for sent in form.texts:
        if sent.startswith(f"{name}."):
            number = sent[len(name) + 1 :].partition(".")[0]
            if number.isdecimal() and number.isascii() and len(number) <= 4:
                found.add(int(number))
    return sorted(found)[:_MOST]


def tags_in(form: Form, name: str) -> list[str]:
    """The keys under which a form has texts of one name: languages, or parties."""
    found = (sent[len(name) + 1 :] for sent in form.texts if sent.startswith(f"{name}."))
    return [key for key in found if "." not in key and key]


# ------------------------------------------------------------------------------------------ data to texts


def texts(fields: Sequence[Field], data: Mapping[str, Any], prefix: str = "") -> dict[str, list[str]]:
    """The texts of a form that holds this data."""
    found: dict[str, list[str]] = {}
    for field in fields:
        if field.name in data and data[field.name] is not None:
            found |= _written(field, f"{prefix}{field.name}", data[field.name])
    return found


def _written(field: Field, name: str, value: Any) -> dict[str, list[str]]:
    match field.sort:
        case "group" if isinstance(value, Mapping):
            return texts(field.fields, value, f"{name}.")
        case "list" if plain_item(field) is not None:
            return {name: [str(one) for one in value]}
        case "list" if field.item is not None and isinstance(value, Sequence):
            found: dict[str, list[str]] = {}
            for at, one in enumerate(value):
                found |= _written(field.item, f"{name}.{at}", one)
            return found
        case "names" | "numbers" if isinstance(value, Mapping) and _can_be_named(value):
            return {f"{name}.{key}": [str(one)] for key, one in value.items()}
        case "names" | "numbers" | "data" | "list" | "group":
            return {name: [json.dumps(value, ensure_ascii=False, indent=1)]}
        case "yes":
            return {name: ["yes" if value else "no"]}
        case "moment":
            return _moment(name, str(value))
    return {name: [str(value)]}


def _can_be_named(value: Mapping[str, Any]) -> bool:
    return all(_KEY(key) for key in value)


def _moment(name: str, value: str) -> dict[str, list[str]]:
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return {name: [value]}
    if at.tzinfo is None:
        return {name: [value]}
    plain = at.replace(tzinfo=None)
    zone = at.isoformat()[len(plain.isoformat()) :]
    whole = plain.second or plain.microsecond
    return {name: [plain.isoformat() if whole else plain.isoformat("T", "minutes")], f"{name}.zone": [zone]}


# ------------------------------------------------------------------------------------------ a form in order


def tidied(fields: Sequence[Field], form: Form, *, empty: bool = False) -> Form:
    """The same form with the things of its lists numbered anew from 0; without the empty ones unless `empty`."""
    found = {name: list(values) for name, values in form.texts.items()}
    _tidy(fields, found, "", empty=empty)
    return Form(found, form.files)


def _tidy(fields: Sequence[Field], found: dict[str, list[str]], prefix: str, *, empty: bool) -> None:
    for field in fields:
        name = f"{prefix}{field.name}"
        if field.sort == "group":
            _tidy(field.fields, found, f"{name}.", empty=empty)
        elif field.sort == "list" and field.item is not None and plain_item(field) is None:
            numbers = numbered(Form(found), name)
            for number in numbers:
                if field.item.fields:
                    _tidy(field.item.fields, found, f"{name}.{number}.", empty=empty)
            things = [_taken(found, f"{name}.{number}.") for number in numbers]
            whole = [
                one
                for one in things
                if empty or any(value.strip() for one_ in one.values() for value in one_)
            ]
            found.update(
                (f"{name}.{at}.{rest}", values)
                for at, one in enumerate(whole)
                for rest, values in one.items()
            )


def _taken(found: dict[str, list[str]], prefix: str) -> dict[str, list[str]]:
    names = [name for name in found if name.startswith(prefix)]
    return {name.removeprefix(prefix): found.pop(name) for name in names}
