"""What a matter came to holds what all agreed on, and nothing of how they came to it.

Seen to fail: with proposals among the milestones, with the content of a text whose brackets were open, with remarks.
"""

from __future__ import annotations

import functools
from typing import Any

import msgspec
import pytest
from tests.desk.releases import PERSON, SECRET, Hall
from tests.node.committees import JOINT, PARTIES, memorandum, terms

from comity.chapters.commitments import acts as commitments
from comity.chapters.instruments import acts as instruments
from comity.chapters.instruments.text import Entry, Final, digest
from comity.core.act import Ref
from comity.core.chapter import View
from comity.desk import outcome


@functools.cache
def hall() -> Hall:
    return Hall()


def seen(name: str) -> tuple[str, View]:
    """The matter's chapter and its state, at a node."""
    docket = matter(name)
    fold = hall().node("IRQ").folds.fold(docket)
    return fold.chapter.name, fold.at(hall().node("IRQ").ready)


@functools.cache
def matter(name: str) -> Ref:
    here = hall()
    match name:
        case "commitment":
            step = here.agreed(title="Joint centre")
            here.state("TUR", step, "obstructed", SECRET)
            here.terms("IRQ", step, title="Other terms that nobody accepted")
            here.meet()
            return step
        case "recorded":
            return Ref("TUR", 1)
        case "register":
            return here.constitute()
        case _:
            made: Ref = getattr(here, name)()
            return made


def plain(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def test_an_instrument_is_its_adopted_text_in_all_languages_with_what_was_agreed_for_brackets() -> None:
    chapter, view = seen("instrument")
    [text] = outcome.texts(chapter, view)
    assert (text.sort, set(text.languages)) == ("instrument", {"ar", "en", "tr"})
    told = plain(text)
    assert "sixty days" in told
    assert "thirty days" not in told
    assert "[" not in "".join(words for part in text.parts for words in part.text.values())
    labels = [part.label.get("en") for part in text.parts if part.label]
    assert labels[:5] == ["Article 1", "1.", "2.", "(a)", "(b)"]
    assert {part.label.get("ar") for part in text.parts if part.id == "art-2"} == {"المادة 2"}
    assert max(part.level for part in text.parts) == 1


def test_a_recorded_instrument_is_its_text_as_well() -> None:
    [text] = outcome.texts(*seen("recorded"))
    assert next(part.label["en"] for part in text.parts if part.label) == "Article 1"


def test_a_statement_is_the_version_that_all_accepted() -> None:
    [text] = outcome.texts(*seen("statement"))
    assert (text.ref.partition("/")[0], text.languages, len(text.parts)) == ("IRQ", ("ar", "en", "tr"), 3)
    assert SECRET not in plain(text)


def test_minutes_come_with_their_decisions() -> None:
    [text] = outcome.texts(*seen("delegated"))
    assert [(part.id, part.label.get("en", "")) for part in text.parts] == [("1", ""), ("D1", "D1")]
    assert text.facts == {"held": "2024-10-01"}
    assert PERSON not in plain(text)


def test_a_commitment_is_its_agreed_terms() -> None:
    [text] = outcome.texts(*seen("commitment"))
    assert text.title == {"en": "Joint centre"}
    assert text.facts == {"due": "2024-12-31", "owners": "IRQ, TUR", "source": "TUR/1#art-3"}


def test_a_closed_commitment_says_so() -> None:
    here = Hall()
    step = here.agreed()
    here.accept("IRQ", _carried(here, here.close("TUR", step)))
    here.meet()
    view = here.node("TUR").folds.view(step)
    [text] = outcome.texts("commitments", view)
    assert text.facts["closed"] == "dropped"


def _carried(here: Hall, ref: Ref) -> Ref:
    here.meet()
    return ref


def test_what_nobody_agreed_has_no_text_and_no_milestone() -> None:
    here = hall()
    step = here.propose("TUR", mandate=JOINT)
    view = here.node("TUR").folds.view(step)
    chapter = here.node("TUR").folds.fold(step).chapter
    assert outcome.texts(chapter.name, view) == []
    assert outcome.milestones(chapter, view) == []
    assert outcome.grounds(chapter, view) == {step: False}


def test_a_chapter_without_texts_has_none() -> None:
    assert outcome.texts("pact", seen("recorded")[1]) == []
    assert outcome.texts(*seen("register")) == []


@pytest.mark.parametrize(
    "name", ["instrument", "statement", "delegated", "commitment", "recorded", "register"]
)
def test_every_milestone_of_the_outcome_is_made_by_several_and_is_no_withdrawal(name: str) -> None:
    chapter = hall().node("IRQ").folds.fold(matter(name)).chapter
    found = outcome.milestones(chapter, seen(name)[1])
    assert all(len(one.halves) > 1 for one in found)
    assert not [one.what for one in found if "withdraw" in one.what or "bracket" in one.what]
    assert bool(found) is (name != "register")


@pytest.mark.parametrize("name", ["instrument", "statement", "delegated", "commitment", "recorded"])
def test_the_acts_that_show_it_say_nothing_more_than_was_agreed(name: str) -> None:
    view = seen(name)[1]
    chapter = hall().node("IRQ").folds.fold(view.docket).chapter
    found = outcome.grounds(chapter, view)
    bodies = {act.ref: act.body for act in view.acts}
    shown = plain([bodies[ref] for ref, whole in found.items() if whole])
    assert SECRET not in shown
    assert PERSON not in shown
    assert "thirty days" not in shown
    assert view.docket in found
    assert any(found.values())
    by_milestones = {
        Ref(party, number)
        for one in outcome.milestones(chapter, view)
        for party, number in one.halves.items()
    }
    assert by_milestones <= set(found)


def test_a_status_with_a_reason_is_proved_without_its_words() -> None:
    """Both said that it is obstructed; each for reasons of its own."""
    here = Hall()
    step = here.agreed()
    for party in ("TUR", "IRQ"):
        body = commitments.StatusAsserted("obstructed", {"en": SECRET})
        here.of(party, "status_asserted", body, step)
        here.meet()
    fold = here.node("TUR").folds.fold(step)
    view = fold.at(here.node("TUR").ready)
    assert "status_agreed" in [one.what for one in outcome.milestones(fold.chapter, view)]
    found = outcome.grounds(fold.chapter, view)
    asserted = [act.ref for act in view.acts if act.kind == "commitment.status_asserted/1"]
    assert [found[ref] for ref in asserted] == [False, False]


@pytest.mark.parametrize("note", ["", SECRET])
def test_a_text_that_had_open_brackets_is_proved_by_its_hash_alone(note: str) -> None:
    here = Hall()
    ref = here.instrument(note)
    fold = here.node("TUR").folds.fold(ref)
    found = outcome.grounds(fold.chapter, fold.at(here.node("TUR").ready))
    assert found[ref] is False
    assert sum(found.values()) == 2, "the acceptances, which name the hash"


def test_a_recorded_text_without_a_remark_is_shown_whole() -> None:
    view = seen("recorded")[1]
    chapter = hall().node("IRQ").folds.fold(view.docket).chapter
    assert set(outcome.grounds(chapter, view).values()) == {True}


def test_an_adopted_amendment_is_in_the_text_and_named() -> None:
    here = Hall()
    edit = instruments.Edit("delete", "art-3")
    change = instruments.AmendmentProposed((edit,))
    put = here.say("TUR", "instrument.amendment_proposed/1", change, Ref("TUR", 1))
    here.meet()
    [before] = outcome.texts("instruments", here.node("TUR").folds.view(Ref("TUR", 1)))
    here.say("IRQ", "instrument.accepted/1", instruments.Accepted(str(put), digest(change)), Ref("TUR", 1))
    here.meet()
    [text] = outcome.texts("instruments", here.node("TUR").folds.view(Ref("TUR", 1)))
    assert {part.id for part in before.parts} - {part.id for part in text.parts} == {"art-3", "art-3.t1"}
    assert (before.facts.get("amended"), text.facts["amended"]) == (None, str(put))


def test_a_text_that_nobody_adopted_is_none() -> None:
    here = Hall()
    ref = here.say("TUR", "instrument.proposed/1", instruments.Proposed(memorandum()))
    assert outcome.texts("instruments", here.node("TUR").folds.view(ref)) == []


def test_a_matter_that_nobody_was_allowed_to_open_comes_to_nothing() -> None:
    """A node that keeps no rules opened it."""
    here = Hall()
    body = commitments.Proposed("joint", terms(), PARTIES)
    ref = here.world.force("IRQ", "commitment.proposed/1", body)
    fold = here.node("IRQ").folds.fold(ref)
    view = fold.at(here.node("IRQ").ready)
    assert [fault.code for fault in fold.irregular] == ["mandate_missing"]
    assert outcome.texts(fold.chapter.name, view) == []
    assert outcome.grounds(fold.chapter, view) == {ref: False}


def test_a_first_text_that_another_took_the_place_of_is_not_shown_though_the_matter_is_named_after_it() -> (
    None
):
    """Seen to fail: the day of entry into force is a fact of the docket, whose first act had put the other text."""
    here, entry = Hall(), Final(entry=Entry(after="notifications", signed=False))
    text = msgspec.structs.replace(memorandum(), final=entry)
    other = msgspec.structs.replace(text, title={"en": SECRET})
    ref = here.say("TUR", "instrument.proposed/1", instruments.Proposed(other))
    here.meet()
    version = here.say("IRQ", "instrument.revised/1", instruments.Revised(str(ref), text), ref)
    here.meet()
    for party in PARTIES:
        here.say(party, "instrument.accepted/1", instruments.Accepted(str(version), digest(text)), ref)
    here.meet()
    for party in PARTIES:
        here.say(party, "instrument.notified/1", instruments.Notified(str(ref)), ref)
    here.meet()
    fold = here.node("TUR").folds.fold(ref)
    view = fold.at(here.node("TUR").ready)
    assert "entry_fixed" in [one.what for one in outcome.milestones(fold.chapter, view)]
    found = outcome.grounds(fold.chapter, view)
    assert (found[ref], found[version]) == (False, True)
    assert SECRET not in plain(outcome.texts(fold.chapter.name, view))
