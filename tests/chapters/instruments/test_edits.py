"""Edits by provision id do what they say, or nothing."""

from __future__ import annotations

import pytest
from tests.chapters.instruments.drafts import text
from tests.chapters.instruments.scenarios import edits

from comity.chapters.instruments.acts import AmendmentProposed, Edit
from comity.chapters.instruments.edits import amend
from comity.chapters.instruments.text import Provision, Setup, Words
from comity.core.chapter import BodyTerms

WORDS = {"en": Words(text="x")}


def ids(*changes: Edit) -> tuple[list[str], list[str]]:
    amended, failed = amend(text(), AmendmentProposed(changes))
    return [row.id for row in amended.provisions], failed


def test_replacing_takes_what_is_under_it_along_and_inserting_goes_behind_it() -> None:
    found, failed = ids(*edits())
    assert failed == []
    assert found[2:6] == ["art-1", "art-1.1", "art-1.2", "art-1.2-1"]


def test_deleting_takes_what_is_under_it_and_the_bodies_that_it_set_up() -> None:
    amended, failed = amend(text(), AmendmentProposed((Edit("delete", "art-2"),)))
    assert failed == []
    assert amended.below("art-2") == ()
    assert amended.bodies == ()


@pytest.mark.parametrize(
    "edit",
    [
        Edit("delete", "art-9"),
        Edit("insert_after", "art-1.1", (Provision("art-1.2", "paragraph", WORDS, "9", "art-1"),)),
        Edit("insert_after", "art-1.1", (Provision("new", "paragraph", WORDS, "9", "art-2"),)),
        Edit("replace", "art-1.1", (Provision("other", "paragraph", WORDS, "1", "art-1"),)),
        Edit("replace", "art-1.1", ()),
    ],
)
def test_an_edit_that_does_not_fit_changes_nothing_and_is_told(edit: Edit) -> None:
    assert ids(edit) == ([row.id for row in text().provisions], [edit.at])


def test_a_body_of_the_same_id_is_changed_and_a_new_one_added() -> None:
    bodies = (
        Setup("art-2", BodyTerms("trade", "committee", {"en": "T"}, every_months=12)),
        Setup("art-1", BodyTerms("w", "c", {"en": "W"})),
    )
    amended, _ = amend(text(), AmendmentProposed((), bodies))
    assert [(one.terms.id, one.terms.every_months) for one in amended.bodies] == [("trade", 12), ("w", 0)]
