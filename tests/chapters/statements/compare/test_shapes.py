"""A comparison is plain data: it can be written as JSON and read back the same."""

from __future__ import annotations

import msgspec
from tests.chapters.statements.compare.scoring import pair

from comity.chapters.statements.compare import Comparison, compare


def test_a_comparison_survives_json() -> None:
    two = pair("arabic")
    found = compare(two.passages, two.published, two.language)
    assert msgspec.json.decode(msgspec.json.encode(found), type=Comparison) == found


def test_there_are_no_floats_in_it() -> None:
    two = pair("turkish")

    def plain(data: object) -> bool:
        match data:
            case dict():
                return all(isinstance(key, str) and plain(value) for key, value in data.items())
            case list() | tuple():
                return all(map(plain, data))
            case _:
                return isinstance(data, str | int | bool)

    assert plain(msgspec.to_builtins(compare(two.passages, two.published, two.language)))
