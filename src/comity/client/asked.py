"""What a client asks for, as the API takes it: references checked before they stand in a path, bodies that repeat.

    body_of({"title": {"en": "Water"}}, {"docket": "TUR/6"})        b'{"docket":"TUR/6","fields":{"title":...}}'

The same call makes the same bytes, so that the node knows a request that is sent again under its key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

import msgspec

from comity.core.act import Ref

__all__ = ["AnyRef", "Asked", "body_of", "ref_of"]

AnyRef = str | Ref


class Asked(TypedDict, total=False):
    """What an act is about, beside its fields: see "Saying" in the reference of the API."""

    docket: AnyRef
    answers: Sequence[AnyRef]
    mandate: str
    files: Mapping[str, bytes]
    file: str
    sign_with: str
    period: Mapping[str, Any]
    new_key: bool
    clock_checked: bool


def body_of(fields: Mapping[str, Any] | None, given: Asked) -> bytes:
    """The body of a request for an act. Raises `Malformed` for what is no reference."""
    asked: dict[str, Any] = {name: value for name, value in given.items() if value}
    if fields:
        asked["fields"] = fields
    if "docket" in asked:
        asked["docket"] = ref_of(asked["docket"])
    if "answers" in asked:
        asked["answers"] = [ref_of(answered) for answered in asked["answers"]]
    if "files" in asked:
        asked["files"] = [{"name": name, "data": raw} for name, raw in asked["files"].items()]
    return msgspec.json.encode(asked, order="sorted")


def ref_of(ref: AnyRef) -> str:
    """The reference as it stands in a path. Raises `Malformed`."""
    return str(Ref.parse(str(ref)))
