"""Words for what happened: every error has a sentence in every language, whatever its facts are called."""

from __future__ import annotations

import pytest

from comity.core.act import LANGUAGES
from comity.core.errors import Broken, ComityError, Malformed, Refused, Unavailable
from comity.desk import wording
from comity.words import Words, isolate


def test_a_refusal_without_words_still_says_its_code_and_facts() -> None:
    said = wording.refusal(Words("en"), "never_worded", "law 1", {"key": "x", "chapter": "y"})
    assert "never_worded" in said
    assert "key: x" in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fact_of_any_name_fits_into_a_refusal(language: str) -> None:
    """Seen to fail: a fact called `key` or `chapter` collided with a parameter of that name."""
    said = wording.refusal(
        Words(language), "chapter_unknown", "", {"chapter": "gardens", "known": "meetings"}
    )
    assert isolate("gardens", language) in said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "error",
    [Malformed("form", "is not a day", "starts"), Refused("silent_after_restore", "law 10", waiting="IRQ"),
     Broken("head of IRQ", "two roots"), Unavailable("node", "no disk"), OSError(28, "No space left", "record.db")],
    ids=lambda error: type(error).__name__,
)  # fmt: skip
def test_every_error_has_a_sentence_in_every_language(language: str, error: Exception) -> None:
    data = wording.told(Words(language), error)
    assert data["error"] == (
        type(error).__name__.lower() if isinstance(error, ComityError) else "unavailable"
    )
    assert data["message"]
    assert "error." not in data["message"]
    if language != "en":
        assert data["message"] != wording.sentence(Words("en"), error)


def test_a_word_that_nobody_knows_is_itself() -> None:
    words = Words("tr")
    assert wording.value(words, "gardens") == "gardens"
    assert wording.value(words, "done", "commitments") != "done"


def test_a_refusal_takes_its_words_from_the_chapter_that_is_spoken_to() -> None:
    facts = {"answered": "TUR/4", "version": "TUR/4", "kind": "x"}
    own = wording.refusal(Words("en"), "nothing_to_withdraw", "", facts, "meetings")
    other = wording.refusal(Words("en"), "nothing_to_withdraw", "", facts, "instruments")
    assert own != other


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_why_a_text_does_not_hold_together_is_told_in_the_readers_language(language: str) -> None:
    """A refusal that quotes a reader's reason says it in the words of that reason."""
    why = "text (prevailing): tr prevails but is not authentic"
    said = wording.refusal(Words(language), "text_malformed", "", {"why": why}, "instruments")
    assert "authentic" not in said
    assert isolate("tr", language) in said


@pytest.mark.parametrize(
    ("language", "told"), [("en", "VCLT art. 10"), ("tr", "VAHS madde 10"), ("ar", "المادة")]
)
def test_the_source_of_a_rule_is_named_in_the_readers_language(language: str, told: str) -> None:
    """A reference to a provision of the record stands as it is."""
    words = Words(language)
    assert told in wording.refusal(words, "bracket_open", "VCLT art. 10", {"brackets": "b2"})
    assert isolate("TUR/12#art-4", language) in wording.refusal(
        words, "bracket_open", "TUR/12#art-4", {"brackets": "b2"}
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_may_name_the_provision_that_a_refusal_rests_on(language: str) -> None:
    """Seen to fail: the placeholder itself stood in the sentence."""
    said = wording.refusal(Words(language), "edit_misplaced", "art-1", {}, "instruments")
    assert "{" not in said
    assert isolate("art-1", language) in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_kind_of_act_within_a_refusal_is_told_in_words(language: str) -> None:
    words = Words(language)
    said = wording.refusal(
        words, "answers_wrong_act", "", {"answered": "TUR/4", "kind": "meeting.convened/1"}, "meetings"
    )
    assert "meeting.convened" not in said
    assert words.say("kind.meeting.convened", "meetings") in said
    assert isolate("garden.dug/9", language) in wording.refusal(
        words, "kind_unknown", "", {"kind": "garden.dug/9"}
    )
