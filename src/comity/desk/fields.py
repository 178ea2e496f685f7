"""The fields of an act's content as an interface shows them, and the content made from what was given.

    fields(meetings.acts.Convened)
    ->  (Field("body", "text", needed=True, most=100), Field("starts", "moment", needed=True), ...)

Everything is handed on as plain data; the content's own struct decides what is right (`build`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Literal, TypeVar

import msgspec
from msgspec import inspect

from comity.core.errors import Malformed

__all__ = ["Field", "Sort", "build", "fields"]

T = TypeVar("T", bound=msgspec.Struct)

Sort = Literal[
    "text", "number", "yes", "day", "moment", "choice", "names", "numbers", "group", "list", "bytes", "data"
]
"""What a field holds. names: text by language. numbers: a number by name. group: a struct. data: anything else."""

_PLAIN: dict[type[inspect.Type], Sort] = {
    inspect.StrType: "text",
    inspect.IntType: "number",
    inspect.BoolType: "yes",
    inspect.DateType: "day",
    inspect.DateTimeType: "moment",
    inspect.BytesType: "bytes",
}
_LANGUAGE = "^[a-z]{2,3}"
_LONG = 400  # above this many characters a text has more than one line


class Field(msgspec.Struct, frozen=True):
    """One field. `item` is what a list is made of, `fields` what a group has, `choices` the words to choose from.

    most: the longest text in characters, or the largest number (None: no limit but the act's own). fewest: the
    smallest number, or the fewest items. pattern: the regular expression that a text must match, or "".
    long: whether a text may have several lines. known: the words that a text is expected to be, or none.
    """

    name: str
    sort: Sort
    needed: bool
    choices: tuple[str, ...] = ()
    item: Field | None = None
    fields: tuple[Field, ...] = ()
    most: int | None = None
    fewest: int | None = None
    pattern: str = ""
    long: bool = False
    known: tuple[str, ...] = ()


@lru_cache(maxsize=512)
def fields(body: type[msgspec.Struct]) -> tuple[Field, ...]:
    """The fields of a content, in its own order."""
    info = inspect.type_info(body)
    return _group(info) if isinstance(info, inspect.StructType) else ()


def _group(info: inspect.StructType) -> tuple[Field, ...]:
    return tuple(_field(one.name, one.type, needed=one.required) for one in info.fields)


def _field(name: str, kind: inspect.Type, *, needed: bool) -> Field:
    inner = _inner(kind)
    match inner:
        case inspect.StrType():
            limit = inner.max_length
            long = limit is None or limit > _LONG
            pattern, known = inner.pattern or "", _known(kind)
            return Field(name, "text", needed, most=limit, pattern=pattern, long=long, known=known)
        case inspect.IntType():
            return Field(name, "number", needed, most=inner.le, fewest=inner.ge)
        case inspect.LiteralType():
            return Field(name, "choice", needed, tuple(str(value) for value in inner.values))
        case inspect.DictType():
            return _mapping(name, inner, needed=needed)
        case inspect.ListType() | inspect.VarTupleType():
            item = _field("", inner.item_type, needed=True)
            return Field(name, "list", needed, item=item, most=inner.max_length, fewest=inner.min_length)
        case inspect.StructType():
            return Field(name, "group", needed, fields=_group(inner))
    return Field(name, _PLAIN.get(type(inner), "data"), needed)


def _mapping(name: str, inner: inspect.DictType, *, needed: bool) -> Field:
    key, value = _inner(inner.key_type), _inner(inner.value_type)
    if isinstance(value, inspect.IntType):
        return Field(name, "numbers", needed)
    if not isinstance(value, inspect.StrType):
        return Field(name, "data", needed)
    tagged = not isinstance(key, inspect.StrType) or not key.pattern or key.pattern.startswith(_LANGUAGE)
    limit = value.max_length
    return Field(name, "names" if tagged else "data", needed, most=limit, long=limit is None or limit > _LONG)


def _inner(kind: inspect.Type) -> inspect.Type:
    """A type without its constraints, and without None."""
    if isinstance(kind, inspect.Metadata):
        return _inner(kind.type)
    if isinstance(kind, inspect.UnionType):
        return _inner(next(other for other in kind.types if not isinstance(other, inspect.NoneType)))
    return kind


def _known(kind: inspect.Type) -> tuple[str, ...]:
    """The words that an annotation names: `Meta(extra={"known": ("node", "sealing")})`."""
    if isinstance(kind, inspect.Metadata):
        return tuple((kind.extra or {}).get("known", ())) or _known(kind.type)
    return ()


def build(body: type[T], given: Mapping[str, Any], thing: str) -> T:
    """The content from its fields. Raises `Malformed`, which names the field by its path: `terms.due.on`."""
    try:
        return msgspec.convert(given, body, strict=False)
    except msgspec.ValidationError as error:
        why, _, at = str(error).partition(" - at ")
        missing = why.removeprefix("Object missing required field `")
        if missing != why:
            raise Malformed(
                thing, "is needed and was not given", at=_path(at) + missing.rstrip("`")
            ) from error
        raise Malformed(thing, why, at=_path(at).rstrip(".")) from error
    except (RecursionError, UnicodeEncodeError) as error:
        raise Malformed(thing, "cannot be read as fields") from error


def _path(at: str) -> str:
    """`$.head.name` as `head.name.`"""
    plain = at.strip("`").removeprefix("$").removeprefix(".")
    return f"{plain}." if plain else ""
