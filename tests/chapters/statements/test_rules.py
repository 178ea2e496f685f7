"""Every refusal is reached, and each forbids only what its author could know."""

from __future__ import annotations

import ast
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from tests.chapters.statements import scenarios as at
from tests.chapters.statements.scenarios import ARTICLE, MEETING, PASSAGES, TITLE, Room

from comity.chapters.statements import acts, reading, rules
from comity.core import puts
from comity.core.act import Ref
from comity.core.errors import Refused

CASES: dict[str, Callable[[], object]] = {}


def refused(code: str) -> Callable[[Callable[[], object]], Callable[[], object]]:
    def keep(case: Callable[[], object]) -> Callable[[], object]:
        CASES[f"{code}: {case.__name__}"] = case
        return case

    return keep


def proposed() -> tuple[Room, Ref]:
    room = Room()
    return room, room.propose()


@refused("statement_not_open")
def an_answer_to_a_statement_that_was_not_allowed() -> None:
    at.not_open().publish("IRQ", "en", at.WHOLE)


@refused("not_a_statement")
def a_publication_in_the_docket_of_a_source() -> None:
    room = Room()
    room.record()
    room.publish("IRQ", "en", at.WHOLE)


@refused("not_a_source")
def a_citation_in_the_docket_of_a_statement() -> None:
    proposed()[0].cite("IRQ", MEETING)


@refused("language_missing")
def a_passage_that_lacks_a_language() -> None:
    Room().propose(passages=(*PASSAGES, {"en": "They agreed.", "tr": "Anlaştılar."}))


@refused("language_missing")
def a_revision_whose_passage_lacks_a_language() -> None:
    room, first = proposed()
    uneven = acts.Revised(TITLE, ({"en": "One."}, {"tr": "İki."}))
    room.say("IRQ", "statement.revised/1", uneven, answers=[first])


@refused("title_language_missing")
def a_title_that_lacks_a_language() -> None:
    Room().propose(title={"en": "Joint statement"})


@refused("statement_too_long")
def a_text_that_is_no_statement_any_more() -> None:
    Room().propose(title={"ar": "x"}, passages=({"ar": "س" * 20_000},) * 5 + ({"ar": "س"},))


@refused("fact_unseen")
def a_statement_about_an_act_that_its_author_had_not_read() -> None:
    Room().propose(about=("IRQ/5",))


@refused("fact_unseen")
def a_statement_about_itself() -> None:
    Room().propose(about=("TUR/1",))


@refused("fact_unseen")
def a_source_for_what_no_party_said() -> None:
    Room().record("TUR", acts.Cited("SYR/0"))


@refused("fact_unknown")
def a_statement_about_a_provision_that_is_not_there() -> None:
    Room().propose(about=("TUR/0#art-99",))


@refused("fact_unknown")
def a_source_for_a_decision_that_was_not_taken() -> None:
    room = Room()
    room.record()
    room.cite("IRQ", "TUR/0#D1")


@refused("published_in_future")
def a_text_that_is_not_published_yet() -> None:
    room, _ = proposed()
    body = acts.Published("en", "A newspaper", date(2024, 8, 17), reading.digest(at.WHOLE))
    room.say("TUR", "statement.published/1", body)


@refused("not_your_publication")
def a_text_for_what_the_other_side_recorded() -> None:
    room, _ = proposed()
    room.attach("IRQ", room.publish("TUR", "en", at.WHOLE), at.WHOLE)


@refused("answers_wrong_act")
def a_text_for_what_is_no_publication() -> None:
    room, first = proposed()
    room.attach("TUR", first, at.WHOLE)


@refused("answers_wrong_act")
def a_revision_of_a_publication() -> None:
    room, _ = proposed()
    room.revise("TUR", room.publish("TUR", "en", at.WHOLE))


@refused("already_accepted")
def a_yes_to_one_s_own_text() -> None:
    room, first = proposed()
    room.yes("TUR", first)


@refused("already_agreed")
def a_withdrawal_from_an_agreed_text() -> None:
    room, first = proposed()
    room.yes("IRQ", first)
    room.no("TUR", first)


@refused("proposal_withdrawn")
def a_yes_to_a_text_that_was_taken_back() -> None:
    room, first = proposed()
    room.no("TUR", first)
    room.yes("IRQ", first)


@refused("nothing_to_withdraw")
def a_withdrawal_of_a_yes_that_was_not_said() -> None:
    room, first = proposed()
    room.no("IRQ", first)


@refused("overtaken")
def a_yes_to_a_version_put_before_another_was_agreed() -> None:
    room, first = proposed()
    mine = room.revise("IRQ", first)
    room.yes("IRQ", room.revise("TUR", first, "Other words.", sees={"IRQ": 1}))
    room.yes("TUR", mine)


@pytest.mark.parametrize("case", CASES)
def test_it_is_refused_with_its_reason(case: str) -> None:
    with pytest.raises(Refused) as refusal:
        CASES[case]()
    assert refusal.value.code == case.partition(":")[0]


def test_every_refusal_of_this_chapter_is_reached() -> None:
    """Also of those that it shares with other chapters."""
    raised = {
        node.args[0].value
        for module in (rules, puts)
        for node in ast.walk(ast.parse(Path(module.__file__).read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused"
    }
    assert raised == {case.partition(":")[0] for case in CASES}


def test_the_longest_statement_fits_and_one_language_does_not_count_for_another() -> None:
    """Passages of five times 20,000 characters, in two languages."""
    room = Room()
    room.propose(title={"ar": "x", "en": "x"}, passages=({"ar": "س" * 20_000, "en": "x" * 20_000},) * 5)


def test_whatever_its_author_has_read_can_be_cited() -> None:
    """Acts of any chapter, one's own and others', up to the newest; provisions where there are such."""
    room = Room()
    room.record("TUR", acts.Cited("TUR/0"), acts.Cited("IRQ/0"), acts.Cited(ARTICLE))
    room.cite("IRQ", "TUR/1")
    assert room.refused("TUR", "statement.source_cited/1", acts.SourceCited("IRQ/1"), sees={"IRQ": 1}) == (
        "fact_unseen"
    )
    room.cite("TUR", "IRQ/1")


def test_an_agreed_text_may_be_revised_and_what_crosses_is_never_refused() -> None:
    assert at.revised().fold().irregular == []
    assert at.crossed().fold().irregular == []
    assert at.withdrawal_crossed().fold().irregular == []
