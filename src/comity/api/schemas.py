"""JSON Schemas of what goes in and out, made from the types themselves (OpenAPI 3.1 takes JSON Schema 2020-12 whole).

components([Convened])     {"Convened": {"type": "object", "properties": {"body": ...}, "required": [...]}}
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import msgspec

__all__ = ["components", "content_schema"]


def components(types: Iterable[Any]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """A schema for each type, and the components that they name."""
    made, parts = msgspec.json.schema_components(types, ref_template="#/components/schemas/{name}")
    return [dict(one) for one in made], {name: _plain(part) for name, part in parts.items()}


@lru_cache(maxsize=512)
def content_schema(body: type[msgspec.Struct]) -> Mapping[str, Any]:
    """The schema of one act's content, with all that it refers to within it."""
    return dict(msgspec.json.schema(body))


def _plain(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Without the class's name as a title: the component has it already."""
    return {name: value for name, value in schema.items() if name != "title"}
