"""What a form was filled with, as data: a fault beside each text that cannot be what its field holds.

    read(fields(Convened), Form({"round": ["four"], "starts": ["2024-08-15T10:00"], "starts.zone": ["+03:00"]}), UTC)
    ->  Read({"starts": "2024-08-15T10:00:00+03:00"}, [Fault("round", "fault.number", {"typed": "four"})])

What is left empty is left out, and so is a thing of a list in which everything is. `comity.web.written` makes the texts
again.
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
from comity.web.written import numbered, plain_item, tags_in

__all__ = ["LONGEST", "NODE_ZONE", "Fault", "Read", "missing", "read"]

NODE_ZONE = "node"
"""What stands for the node's own zone beside an hour."""

LONGEST = 200_000
"""Characters of a text whose field sets no limit, and of data that is typed."""

_LONGEST_YAML = 60_000  # its reader is slow
_KEY = re.compile(r"[A-Za-z0-9_-]{1,40}").fullmatch


class Fault(NamedTuple):
    """What is wrong with one text: the name of its input, and the key and the facts of the words that say so."""

    name: str
    key: str
    facts: Mapping[str, object] = {}


class Read(NamedTuple):
    """What a form holds, as plain data, and what could not be read."""

    data: dict[str, Any]
    faults: Sequence[Fault]


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
            case "list" if (item := plain_item(field)) is not None:
                return list(self._many(item, name))
            case "list" if field.item is not None:
                read = (self._one(field.item, f"{name}.{at}") for at in numbered(self._form, name))
                return [one for one in read if one not in (None, {}, [], "")]
            case "names":
                return self._names(field, name)
            case "numbers":
                return self._numbers(name)
        typed = self._form.text(name)
        return self._text(field, name, typed) if typed.strip() else None

    def _many(self, item: Field, name: str) -> Iterator[Any]:
        for typed in self._form.all(name):
            for line in typed.split("\n"):
                if line.strip():
                    value = self._text(item, name, line.strip())
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
