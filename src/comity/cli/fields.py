"""Options made from the fields of an act's content, and the fields read back from what was typed.

    starts: datetime             --starts 2024-08-15T10:00:00+03:00
    title: dict[str, str]        --title en="Water" --title tr="Su"
    documents: tuple[str, ...]   --documents TUR/4 --documents TUR/7
    head: Person                 --head person.yaml     (or the data itself: --head '{name: ...}')

Everything is handed on as plain data; the content's own struct decides what is right (`build`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click
import msgspec
from msgspec import inspect

from comity.cli.files import read_data
from comity.cli.spoken import Option, read_names
from comity.core.act import Body
from comity.core.errors import Malformed

__all__ = ["build", "collect", "options"]

_PLAIN = {
    inspect.StrType: "TEXT",
    inspect.IntType: "NUMBER",
    inspect.DateType: "DAY",
    inspect.DateTimeType: "TIME",
}


def options(body: type[Body], place: str) -> list[click.Option]:
    """One option for each field of a content."""
    return [_option(field, place) for field in _fields(body)]


def _fields(body: type[Body]) -> tuple[inspect.Field, ...]:
    info = inspect.type_info(body)
    return info.fields if isinstance(info, inspect.StructType) else ()


def _option(field: inspect.Field, place: str) -> click.Option:
    kind = _inner(field.type)
    more: dict[str, Any] = {"metavar": _PLAIN.get(type(kind), "FILE")}
    if isinstance(kind, inspect.BoolType):
        more = {"is_flag": True, "default": None}
    elif isinstance(kind, inspect.LiteralType):
        more = {"type": click.Choice([str(value) for value in kind.values])}
    elif isinstance(kind, inspect.DictType) and isinstance(
        _inner(kind.value_type), (inspect.StrType, inspect.IntType)
    ):
        more = {"metavar": "NAME=TEXT", "multiple": True}
    elif (item := _item(kind)) is not None:
        more = {"metavar": _PLAIN.get(type(item), "FILE"), "multiple": True}
    return Option(
        [f"--{field.name.replace('_', '-')}", f"field_{field.name}"],
        place=place,
        key=f"field.{field.name}",
        **more,
    )


def _inner(kind: inspect.Type) -> inspect.Type:
    """A type without its constraints, and without None."""
    if isinstance(kind, inspect.Metadata):
        return _inner(kind.type)
    if isinstance(kind, inspect.UnionType):
        return _inner(next(other for other in kind.types if not isinstance(other, inspect.NoneType)))
    return kind


def _item(kind: inspect.Type) -> inspect.Type | None:
    """The type of a list's items, or None if it is no list."""
    return _inner(kind.item_type) if isinstance(kind, (inspect.ListType, inspect.VarTupleType)) else None


def collect(body: type[Body], values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that were typed, as plain data."""
    found: dict[str, Any] = {}
    for field in _fields(body):
        value = values.get(f"field_{field.name}")
        if value is not None and value != ():
            found[field.name] = _read(field.name, _inner(field.type), value)
    return found


def _read(name: str, kind: inspect.Type, value: Any) -> Any:
    if isinstance(kind, inspect.DictType) and isinstance(value, tuple):
        return read_names(value, name.replace("_", "-"))
    item = _item(kind)
    if item is not None:
        return list(value) if type(item) in _PLAIN else _listed(name, value)
    if isinstance(kind, (inspect.StructType, inspect.DictType)):
        return read_data(value, f"--{name.replace('_', '-')}")
    return value


def _listed(name: str, values: tuple[str, ...]) -> list[Any]:
    """Each value is one thing, or a list of them."""
    found: list[Any] = []
    for value in values:
        data = read_data(value, f"--{name.replace('_', '-')}")
        found += data if isinstance(data, list) else [data]
    return found


def build(body: type[Body], fields: Mapping[str, Any], thing: str) -> Body:
    """The content from its fields. Raises `Malformed`, which names the field."""
    try:
        return msgspec.convert(fields, body, strict=False)
    except msgspec.ValidationError as error:
        why, _, at = str(error).partition(" - at ")
        missing = why.removeprefix("Object missing required field `")
        if missing != why:
            raise Malformed(
                thing, "is needed and was not given", at=_path(at) + missing.rstrip("`")
            ) from error
        raise Malformed(thing, why, at=_path(at).rstrip(".")) from error


def _path(at: str) -> str:
    """`$.head.name` as `head.name.`"""
    plain = at.strip("`").removeprefix("$").removeprefix(".")
    return f"{plain}." if plain else ""
