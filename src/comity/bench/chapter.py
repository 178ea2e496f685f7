"""The smallest chapter that there can be: a docket is opened, then notes follow. It ships with no mechanism.

{"text":"xxxxxxxx..."}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from comity.core.act import Act, Body, Names
from comity.core.chapter import Chapter, Kind, Setting, View

__all__ = ["CHAPTER", "Text"]


class Text(Body, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Anything."""

    text: str


class Half(msgspec.Struct, frozen=True):
    """How many acts the party has said in the docket."""

    said: int = 0


def _apply(half: Half, _act: Act) -> Half:
    return Half(half.said + 1)


def _check(_view: View, _act: Act, _setting: Setting) -> None:
    """Everything may be said."""


def _describe(view: View) -> Mapping[str, Any]:
    return {party: half.said for party, half in view.halves.items()}


def _title(view: View) -> Names:
    return {"en": str(view.docket)}


CHAPTER = Chapter(
    name="bench",
    noun="bench",
    kinds=(Kind("bench.opened/1", Text, "open", opens=True), Kind("bench.noted/1", Text, "note")),
    start=Half,
    apply=_apply,
    check=_check,
    describe=_describe,
    milestones=lambda _view: [],
    title=_title,
)
