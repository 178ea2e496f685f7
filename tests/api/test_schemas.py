"""Schemas are made from the types, and what the types read fits them."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from comity.api.schemas import components, content_schema
from comity.chapters import all_chapters


class Inner(msgspec.Struct):
    x: int


class Outer(msgspec.Struct):
    inner: Inner


KINDS = [kind for chapter in all_chapters().values() for kind in chapter.kinds]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_content_has_a_schema_with_its_own_fields(kind: Any) -> None:
    told = content_schema(kind.body)
    name = told["$ref"].rpartition("/")[2]
    assert set(told["$defs"][name]["properties"]) == set(kind.body.__struct_encode_fields__)
    assert told["$defs"][name]["additionalProperties"] is False


def test_components_are_named_once_and_have_no_title() -> None:
    made, parts = components([Outer])
    assert made == [{"$ref": "#/components/schemas/Outer"}]
    assert set(parts) == {"Inner", "Outer"}
    assert not [part for part in parts.values() if "title" in part]
