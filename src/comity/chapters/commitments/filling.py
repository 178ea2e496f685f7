"""Completing what a person need not type. What was typed is never changed.

fill_terms(view, {"terms": {"due": {"on": "2025-06-30"}}}, [])     the other terms stay as they are
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from comity.chapters.commitments import state
from comity.core import puts
from comity.core.act import Ref
from comity.core.chapter import View

__all__ = ["fill_terms"]

Fields = Mapping[str, Any]


def fill_terms(view: View, fields: Fields, answers: Sequence[Ref]) -> Fields:
    """Terms left out are taken from those that are answered, or else from those that hold."""
    given = fields.get("terms")
    if not isinstance(given, Mapping):
        return fields
    offers = puts.gather(view, "terms")
    base = next((offers[str(ref)].body.terms for ref in answers if str(ref) in offers), None)
    held = base if base is not None else state.current(view)
    if held is None:
        return fields
    return {**fields, "terms": {**msgspec.to_builtins(held), **given}}
