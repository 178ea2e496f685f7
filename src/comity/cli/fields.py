"""Options made from the fields of an act's content, and the fields read back from what was typed.

    starts: datetime             --starts 2024-08-15T10:00:00+03:00
    title: dict[str, str]        --title en="Water" --title tr="Su"
    documents: tuple[str, ...]   --documents TUR/4 --documents TUR/7
    head: Person                 --head person.yaml     (or the data itself: --head '{name: ...}')

Everything is handed on as plain data; the content's own struct decides what is right (`comity.desk.fields.build`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from comity.cli.files import read_data
from comity.cli.spoken import Option, read_names
from comity.core.act import Body
from comity.desk.fields import Field, fields

__all__ = ["collect", "options"]

_PLAIN = {"text": "TEXT", "number": "NUMBER", "day": "DAY", "moment": "TIME"}
_NAMED = ("names", "numbers")


def options(body: type[Body], place: str) -> list[click.Option]:
    """One option for each field of a content."""
    return [_option(field, place) for field in fields(body)]


def _option(field: Field, place: str) -> click.Option:
    many = field.sort == "list"
    inner = field.item if many and field.item is not None else field
    more: dict[str, Any] = {"metavar": _PLAIN.get(inner.sort, "FILE")}
    if field.sort == "yes":
        more = {"is_flag": True, "default": None}
    elif field.sort == "choice":
        more = {"type": click.Choice(list(field.choices))}
    elif field.sort in _NAMED:
        more = {"metavar": "NAME=TEXT", "multiple": True}
    elif many:
        more["multiple"] = True
    return Option(
        [f"--{field.name.replace('_', '-')}", f"field_{field.name}"],
        place=place,
        key=f"field.{field.name}",
        **more,
    )


def collect(body: type[Body], values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that were typed, as plain data."""
    found: dict[str, Any] = {}
    for field in fields(body):
        value = values.get(f"field_{field.name}")
        if value is not None and value != ():
            found[field.name] = _read(field, value)
    return found


def _read(field: Field, value: Any) -> Any:
    named = field.name.replace("_", "-")
    if field.sort in _NAMED and isinstance(value, tuple):
        return read_names(value, named)
    if field.sort == "list":
        plain = field.item is not None and field.item.sort in _PLAIN
        return list(value) if plain else _listed(field.name, value)
    if field.sort in ("group", "data", *_NAMED):
        return read_data(value, f"--{named}")
    return value


def _listed(name: str, values: tuple[str, ...]) -> list[Any]:
    """Each value is one thing, or a list of them."""
    found: list[Any] = []
    for value in values:
        data = read_data(value, f"--{name.replace('_', '-')}")
        found += data if isinstance(data, list) else [data]
    return found
