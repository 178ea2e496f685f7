"""Fields as interfaces show them: every field of every act has a sort, and what is wrong is told by its path."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest

from comity.chapters import all_chapters
from comity.chapters.commitments.acts import Proposed
from comity.chapters.meetings.acts import Convened
from comity.core import charter
from comity.core.errors import Malformed
from comity.desk.fields import Field, build, fields

KINDS = [kind for chapter in (charter.CHAPTER, *all_chapters().values()) for kind in chapter.kinds]


def flat(found: tuple[Field, ...]) -> Iterator[Field]:
    for one in found:
        yield one
        yield from flat(one.fields)
        if one.item is not None:
            yield from flat((one.item,))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_field_of_every_act_can_be_shown_and_none_is_left_out(kind: object) -> None:
    body: type[msgspec.Struct] = kind.body  # type: ignore[attr-defined]
    found = fields(body)
    assert [one.name for one in found] == list(body.__struct_fields__)
    assert {one.name for one in found if not one.needed} == {
        info.name for info in msgspec.structs.fields(body) if not info.required
    }
    for one in flat(found):
        assert (one.sort == "choice") == bool(one.choices)
        assert (one.sort == "list") == (one.item is not None)
        assert one.sort != "group" or one.fields


def test_fields_know_what_they_hold() -> None:
    told = {one.name: one.sort for one in fields(Convened)}
    assert told == {
        "body": "text", "round": "number", "starts": "moment", "place": "names", "ends": "moment",
        "format": "choice", "names": "names", "parties": "list",
    }  # fmt: skip
    terms = next(one for one in fields(Proposed) if one.name == "terms")
    due = next(one for one in terms.fields if one.name == "due")
    assert {one.name: one.sort for one in due.fields} == {"on": "day", "event": "names", "basis": "group"}


@pytest.mark.parametrize(
    ("given", "at", "why"),
    [
        ({}, "body", "needed"),
        ({"body": "x", "round": "four", "starts": "2024-08-15T10:00:00Z"}, "round", "int"),
        ({"body": "x", "round": 4, "starts": "tomorrow"}, "starts", "datetime"),
        ({"body": "x", "round": 4, "starts": "2024-08-15T10:00:00Z", "more": 1}, "", "more"),
        ({"body": "x", "round": 4, "starts": "2024-08-15T10:00:00Z", "place": {"en": 1}}, "place", "str"),
    ],
)
def test_what_is_wrong_is_told_by_its_path(given: dict[str, object], at: str, why: str) -> None:
    with pytest.raises(Malformed) as caught:
        build(Convened, given, "meeting.convened/1")
    assert caught.value.at.startswith(at)
    assert why in caught.value.why


def test_a_text_that_is_expected_to_be_one_of_few_words_says_which_and_stays_a_text() -> None:
    """Another word is for the rules to refuse: it can be built as it always could."""
    use = next(one for one in fields(charter.KeyAdded) if one.name == "use")
    assert (use.sort, use.known) == ("text", ("node", "sealing"))
    assert build(charter.KeyAdded, {"key": "ed25519:x", "use": "gardens"}, "x").use == "gardens"
    assert next(one for one in fields(Convened) if one.name == "body").known == ()
