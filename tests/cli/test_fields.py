"""Options made from the fields of an act's content, and the content that is made from what was typed."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Literal

import click
import msgspec
import pytest

from comity.cli.fields import collect, options
from comity.cli.files import read_data
from comity.core.act import Body
from comity.core.errors import Malformed, Unavailable
from comity.desk.fields import build


class Inner(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    count: int = 0


class Said(Body, frozen=True):
    title: dict[str, str]
    word: Annotated[str, msgspec.Meta(max_length=9)] = ""
    number: int = 0
    flag: bool = False
    on: date | None = None
    at: datetime | None = None
    sort: Literal["one", "two"] = "one"
    refs: tuple[str, ...] = ()
    inner: Inner | None = None
    many: tuple[Inner, ...] = ()


def typed(*arguments: str) -> Said:
    found: dict[str, object] = {}
    command = click.Command(
        "say", params=list(options(Said, "x")), callback=lambda **values: found.update(values)
    )
    command.main(list(arguments), standalone_mode=False)
    body = build(Said, collect(Said, found), "x say")
    assert isinstance(body, Said)
    return body


def test_every_type_of_field_has_its_option() -> None:
    said = typed(
        "--title", "en=Water: a=b", "--title", "tr=Su", "--word", "w", "--number", "4", "--flag", "--on", "2024-08-15",
        "--at", "2024-08-15T10:00:00+03:00", "--sort", "two", "--refs", "TUR/1", "--refs", "TUR/2",
        "--inner", "{name: one, count: 2}", "--many", "[{name: a}, {name: b}]", "--many", '{"name": "c"}',
    )  # fmt: skip
    assert said.title == {"en": "Water: a=b", "tr": "Su"}
    assert (said.word, said.number, said.flag, said.sort) == ("w", 4, True, "two")
    assert said.on == date(2024, 8, 15)
    assert said.at is not None
    assert said.at.astimezone(UTC) == datetime(2024, 8, 15, 7, tzinfo=UTC)
    assert said.refs == ("TUR/1", "TUR/2")
    assert said.inner == Inner("one", 2)
    assert [inner.name for inner in said.many] == ["a", "b", "c"]


def test_what_was_not_typed_keeps_its_default() -> None:
    assert typed("--title", "en=x") == Said({"en": "x"})


@pytest.mark.parametrize(
    ("arguments", "at"),
    [
        ([], "title"),
        (["--title", "en=x", "--number", "four"], "number"),
        (["--title", "en=x", "--on", "2024-02-30"], "on"),
        (["--title", "en=x", "--word", "a long word"], "word"),
        (["--title", "en=x", "--inner", "{count: 1}"], "inner.name"),
        (["--title", "en=x", "--inner", "{name: a, colour: red}"], "inner"),
    ],
)
def test_a_wrong_field_is_named(arguments: list[str], at: str) -> None:
    with pytest.raises(Malformed) as error:
        typed(*arguments)
    assert (error.value.thing, error.value.at) == ("x say", at)


@pytest.mark.parametrize("title", ["Water", "=Water", "en=a;en=b"])
def test_a_text_without_its_language_is_a_usage_error(title: str) -> None:
    pairs = [word for part in title.split(";") for word in ("--title", part)]
    with pytest.raises(click.BadParameter):
        typed(*pairs)


def test_data_comes_from_yaml_or_json_files_as_it_was_typed(tmp_path: Path) -> None:
    """No `no` that becomes false, no day that becomes a date, no 4 that becomes a number before its field says so."""
    yaml, plain = tmp_path / "a.yaml", tmp_path / "b.json"
    yaml.write_text("name: no\non: 2024-08-15\nn: 4\n", "utf-8")
    plain.write_text(json.dumps({"n": 4}), "utf-8")
    assert read_data(str(yaml), "--x") == {"name": "no", "on": "2024-08-15", "n": "4"}
    assert read_data(str(plain), "--x") == {"n": 4}


@pytest.mark.parametrize(
    ("name", "raw", "at"),
    [
        ("a.yaml", b"a: [1\nb: 2\n", "line 2"),
        ("a.yaml", b"\xff", "byte 0"),
        ("a.json", b"{\n1}", "line 2"),
        ("a.yaml", b"[" * 5000, ""),
        ("a.yaml", b"a: \x00\n", ""),
    ],
)
def test_data_that_cannot_be_read_names_its_file_and_line(
    tmp_path: Path, name: str, raw: bytes, at: str
) -> None:
    file = tmp_path / name
    file.write_bytes(raw)
    with pytest.raises(Malformed) as error:
        read_data(str(file), "--x")
    assert name in error.value.thing
    assert at in error.value.at


def test_a_tag_in_yaml_makes_text_and_nothing_else() -> None:
    assert read_data("{a: !!python/object:os.system x}", "--x") == {"a": "x"}


def test_a_data_file_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        read_data(str(tmp_path / "absent.yaml"), "--x")
