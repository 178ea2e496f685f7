"""What a form was filled with: from the fields of a content to texts by name, and from those texts back.

    texts(fields, {"starts": "2024-08-15T10:00:00+03:00", "place": {"en": "Ankara"}, "documents": ["TUR/4"]})
    {"starts": ["2024-08-15T10:00"], "starts.zone": ["+03:00"], "place.en": ["Ankara"], "documents": ["TUR/4"]}

A thing in a list is numbered: `decisions.0.item`. What is left empty is left out, and so is a thing of a list in which
everything is. `read` gives the same data again, and a fault for each text that cannot be what its field holds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, tzinfo
from typing import Any, NamedTuple

import yaml

from comity.desk.fields import Field
from comity.web.form import Form

__all__ = [
    "LONGEST",
    "NODE_ZONE",
    "Fault",
    "Read",
    "is_choice_of_many",
    "missing",
    "numbered",
    "read",
    "tags_in",
    "texts",
    "tidied",
]

NODE_ZONE = "node"
"""What stands for the node's own zone beside an hour."""

LONGEST = 200_000
"""Characters of a text whose field sets no limit, and of data that is typed."""

_LONGEST_YAML = 60_000  # its reader is slow
_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}").fullmatch
_KEY = re.compile(r"[A-Za-z0-9_-]{1,40}").fullmatch
_MOST = 2_000  # things of a list that a form may number


class Fault(NamedTuple):
    """What is wrong with one text: the name of its input, and the key and the facts of the words that say so."""

    name: str
    key: str
    facts: Mapping[str, object] = {}


class Read(NamedTuple):
    """What a form holds, as plain data, and what could not be read."""

    data: dict[str, Any]
    faults: Sequence[Fault]


def is_choice_of_many(field: Field) -> bool:
    """Whether the things of a list are plain words, sent one on a line or ticked one by one."""
    return field.item is not None and field.item.sort in ("text", "number", "day", "choice")


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
        case "list" if is_choice_of_many(field):
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
        elif field.sort == "list" and field.item is not None and not is_choice_of_many(field):
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


# ------------------------------------------------------------------------------------------ texts to data


def read(fields: Sequence[Field], form: Form, zone: tzinfo, prefix: str = "") -> Read:
    """The data that a form holds, and what in it cannot be read. `zone`: of times that name none."""
    faults: list[Fault] = []
    return Read(_Reader(form, zone, faults).group(fields, prefix), faults)


class _Reader:
    """One form, read through; what is wrong with it is gathered on the way."""

    def __init__(self, form: Form, zone: tzinfo, faults: list[Fault]) -> None:
        self._form, self._zone, self._faults = form, zone, faults

    def group(self, fields: Sequence[Field], prefix: str) -> dict[str, Any]:
        """The fields that are not empty."""
        read = ((field.name, self._one(field, f"{prefix}{field.name}")) for field in fields)
        return {name: value for name, value in read if value not in (None, {}, [], "")}

    def _one(self, field: Field, name: str) -> Any:
        match field.sort:
            case "group":
                return self.group(field.fields, f"{name}.")
            case "list" if is_choice_of_many(field):
                return list(self._many(field, name))
            case "list" if field.item is not None:
                read = (self._one(field.item, f"{name}.{at}") for at in numbered(self._form, name))
                return [one for one in read if one not in (None, {}, [], "")]
            case "names":
                return self._names(field, name)
            case "numbers":
                return self._numbers(name)
        typed = self._form.text(name)
        return self._text(field, name, typed) if typed.strip() else None

    def _many(self, field: Field, name: str) -> Iterator[Any]:
        assert field.item is not None  # noqa: S101 -- `is_choice_of_many` has looked
        for typed in self._form.all(name):
            for line in typed.split("\n"):
                if line.strip():
                    value = self._text(field.item, name, line.strip())
                    if value is not None:
                        yield value

    def _names(self, field: Field, name: str) -> Any:
        found = {}
        for tag in tags_in(self._form, name):
            typed = self._form.text(f"{name}.{tag}")
            if not typed.strip():
                continue
            if not _KEY(tag):
                self._fault(name, "fault.language", typed=tag[:40])
            elif self._not_too_long(f"{name}.{tag}", typed, field.most or LONGEST):
                found[tag] = typed
        return found or self._given(name)

    def _numbers(self, name: str) -> Any:
        found = {}
        for key in tags_in(self._form, name):
            typed = self._form.text(f"{name}.{key}")
            number = self._number(f"{name}.{key}", typed, None, None) if typed.strip() else None
            if number is not None:
                found[key] = number
        return found or self._given(name)

    def _given(self, name: str) -> Any:
        """What has keys that no input could have, typed as data."""
        typed = self._form.text(name)
        return self._data(name, typed) if typed.strip() else None

    def _text(self, field: Field, name: str, typed: str) -> Any:
        match field.sort:
            case "number":
                return self._number(name, typed, field.fewest, field.most)
            case "yes":
                return (
                    {"yes": True, "no": False}.get(typed) if self._known(name, typed, ("yes", "no")) else None
                )
            case "day":
                return self._day(name, typed.strip())
            case "moment":
                return self._moment(name, typed.strip())
            case "choice":
                return typed if self._known(name, typed, field.choices) else None
            case "data" | "list" | "group":
                return self._data(name, typed)
        if not self._not_too_long(name, typed, field.most or (LONGEST if field.sort == "text" else 1 << 24)):
            return None
        if field.pattern:
            typed = typed.strip()
            if re.search(field.pattern, typed) is None:
                return self._fault(name, "fault.pattern", typed=typed[:60], example=_example(field.pattern))
        return typed

    def _number(self, name: str, typed: str, fewest: int | None, most: int | None) -> Any:
        plain = typed.strip()
        if not re.fullmatch(r"-?[0-9]{1,18}", plain):
            return self._fault(name, "fault.number", typed=plain[:40])
        number = int(plain)
        if fewest is not None and number < fewest:
            return self._fault(name, "fault.small", typed=number, fewest=fewest)
        if most is not None and number > most:
            return self._fault(name, "fault.large", typed=number, most=most)
        return number

    def _known(self, name: str, typed: str, choices: Sequence[str]) -> bool:
        if typed in choices:
            return True
        self._fault(name, "fault.choice", typed=typed[:60])
        return False

    def _day(self, name: str, typed: str) -> Any:
        try:
            return date.fromisoformat(typed).isoformat()
        except ValueError:
            return self._fault(name, "fault.day", typed=typed[:40])

    def _moment(self, name: str, typed: str) -> Any:
        """A day and an hour, in the zone beside it, or else in the node's."""
        zone = self._form.text(f"{name}.zone").strip().replace(NODE_ZONE, "")
        try:
            at = datetime.fromisoformat(typed)
            if at.tzinfo is None:
                at = datetime.fromisoformat(f"{typed}{zone}") if zone else at.replace(tzinfo=self._zone)
            if at.utcoffset() is None:
                return self._fault(name, "fault.moment", typed=typed[:40])
            return at.isoformat()
        except (ValueError, OverflowError):
            return self._fault(name, "fault.moment", typed=f"{typed}{zone}"[:60])

    def _data(self, name: str, typed: str) -> Any:
        if not self._not_too_long(
            name, typed, 1 << 24 if typed.lstrip()[:1] in ("{", "[") else _LONGEST_YAML
        ):
            return None
        try:
            return json.loads(typed, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            pass
        try:
            if len(typed) > _LONGEST_YAML or any(
                isinstance(one, yaml.AliasEvent) for one in yaml.parse(typed, yaml.BaseLoader)
            ):
                return self._fault(name, "fault.data", line=1)
            return yaml.load(typed, yaml.BaseLoader)  # noqa: S506 -- makes text, lists and mappings only
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            return self._fault(name, "fault.data", line=line)
        except (yaml.YAMLError, RecursionError, ValueError, AttributeError):
            return self._fault(name, "fault.data", line=1)

    def _not_too_long(self, name: str, typed: str, most: int) -> bool:
        if len(typed) <= most:
            return True
        self._fault(name, "fault.long", length=len(typed), most=most)
        return False

    def _fault(self, name: str, key: str, **facts: object) -> Any:
        """Note what is wrong; None, which stands for a value that is not there."""
        self._faults.append(Fault(name, key, facts))
        return None


def _no_constant(name: str) -> Any:
    raise ValueError(name)


_EXAMPLES = (
    ("#", "TUR/12#art-4"),
    ("[A-Z][A-Z0-9]{1,7}/", "TUR/12"),
    ("[0-9a-f]{64}", "0123…cdef (64)"),
    ("-[1-9]", "TUR-1"),
    ("https?", "https://example.org/"),
    ("[A-Z]{1,3}[0-9]", "D1"),
    ("[a-z]{2,3}", "tr"),
    ("[A-Z][A-Z0-9]{1,7}", "TUR"),
    ("a-z0-9!", "application/pdf"),
    ("[a-z]", "joint-committee"),
)


def _example(pattern: str) -> str:
    return next((example for sign, example in _EXAMPLES if sign in pattern), "abc")


# ------------------------------------------------------------------------------------------ what is lacking


def missing(fields: Sequence[Field], data: Mapping[str, Any], prefix: str = "") -> list[Fault]:
    """A fault for each needed field that is empty, of groups and lists too where they are not."""
    found: list[Fault] = []
    for field in fields:
        name, value = f"{prefix}{field.name}", data.get(field.name)
        if value is None:
            found += [Fault(name, "fault.missing")] if field.needed else []
        elif field.sort == "group" and isinstance(value, Mapping):
            found += missing(field.fields, value, f"{name}.")
        elif field.sort == "list" and field.item is not None and field.item.fields:
            for at, one in enumerate(value):
                found += missing(field.item.fields, one, f"{name}.{at}.") if isinstance(one, Mapping) else []
    return found
