"""What people ask of a statement or a source, on a day."""

from __future__ import annotations

from datetime import date

from tests.chapters.statements import scenarios as at
from tests.chapters.statements.scenarios import hour

from comity.chapters.statements import questions, state

BEFORE, DAY, LATER = date(2024, 8, 14), date(2024, 8, 15), date(2024, 8, 31)


def agreed(room: at.Room, on: date) -> tuple[str, list[str]]:
    told = room.ask("text", on)
    return told["is"], [version["ref"] for version in told["versions"]]


def test_the_text_is_the_one_that_all_had_accepted_by_the_day() -> None:
    """Seen to fail when the day is not asked for."""
    room = at.revised()
    assert agreed(room, BEFORE) == ("none", [])
    assert agreed(room, DAY) == ("agreed", ["IRQ/1"])
    assert agreed(room, date(2024, 8, 20)) == ("agreed", ["IRQ/1"]), "the other side accepted a day later"
    assert agreed(room, date(2024, 8, 21)) == ("agreed", ["TUR/3"])
    [version] = room.ask("text", LATER)["versions"]
    assert version["agreed_on"] == "2024-08-21"
    assert version["passages"][3]["text"]["en"] == "They will meet again."


def test_two_texts_that_crossed_are_both_shown() -> None:
    assert agreed(at.crossed(), LATER) == ("crossed", ["IRQ/1", "TUR/2"])
    assert agreed(at.crossed_then_settled(), LATER) == ("agreed", ["TUR/6"])
    assert agreed(at.source(), LATER) == ("none", [])


def test_what_was_published_is_told_from_its_day_on_by_whom_and_where() -> None:
    room = at.main_path()
    assert room.ask("published", BEFORE) == []
    told = room.ask("published", DAY)
    assert [(entry["by"], entry["origin"], entry["language"], entry["text"]) for entry in told] == [
        ("IRQ", "own", "en", "attached"),
        ("IRQ", "own", "ar", "none"),
        ("TUR", "own", "en", "attached"),
        ("TUR", "press", "en", "attached"),
    ]


def test_a_text_waits_for_whoever_has_not_accepted_it() -> None:
    room = at.Room()
    first = room.propose(time=hour(1))
    waits = [{"for": "text", "party": "IRQ", "ref": str(first), "since": "2024-08-01T10:00:00+00:00"}]
    assert room.ask("waits_for", DAY) == waits
    revision = room.revise("IRQ", first)
    assert [(w["party"], w["ref"]) for w in room.ask("waits_for", DAY)] == [("TUR", str(revision))]
    room.yes("TUR", revision)
    assert room.ask("waits_for", DAY) == []


def test_texts_that_crossed_wait_for_one_text_from_all() -> None:
    waits = at.crossed().ask("waits_for", DAY)
    assert [(w["for"], w["party"], w["ref"]) for w in waits] == [
        ("one_text", "IRQ", "TUR/1"),
        ("one_text", "TUR", "TUR/1"),
    ]
    assert at.crossed_then_settled().ask("waits_for", DAY) == []
    assert at.same_crossed().ask("waits_for", DAY) == []


def test_a_text_taken_back_and_a_source_wait_for_nobody() -> None:
    room = at.Room()
    room.no("TUR", room.propose())
    assert room.ask("waits_for", DAY) == []
    assert at.source().ask("waits_for", DAY) == []


def test_a_source_is_cited_from_the_day_on_which_that_was_said() -> None:
    room = at.source()
    assert [(fact["fact"], fact["on"]) for fact in room.ask("sources", DAY)] == [
        (at.MEETING, "2024-08-15"),
        (at.ARTICLE, "2024-08-15"),
        (at.MEETING, "2024-08-15"),
    ]
    assert room.ask("sources", LATER)[-1] == {
        "fact": "IRQ/1",
        "by": "TUR",
        "ref": "TUR/2",
        "says": {"en": "It says so on its first page."},
        "on": "2024-08-20",
    }
    assert room.ask("sources", BEFORE) == []
    assert at.main_path().ask("sources", LATER) == []


# ------------------------------------------------------------------------------------- comparison


def relations(room: at.Room, on: date = LATER) -> dict[str, tuple[str, list[tuple[str, tuple[int, ...]]]]]:
    """Of each text that was compared: the verdict, and what became of which passages."""
    told = room.ask("comparison", on)
    return {
        text["ref"]: (
            text["comparison"]["verdict"],
            [(found["relation"], tuple(found["passages"])) for found in text["comparison"]["findings"]],
        )
        for text in told["texts"]
        if text["comparison"] is not None
    }


def test_each_published_text_that_is_here_is_held_against_the_agreed_one() -> None:
    room = at.main_path()
    assert relations(room) == {
        "IRQ/2": ("compared", [("same", (1,)), ("same", (2,)), ("missing", (3,))]),
        "TUR/2": ("compared", [("same", (1,)), ("same", (2,)), ("same", (3,))]),
        "TUR/4": ("unrelated", []),
    }
    told = room.ask("comparison", DAY)
    assert (told["is"], told["against"]) == ("agreed", "TUR/1")
    [absent] = [text for text in told["texts"] if text["text"] == "none"]
    assert (absent["ref"], absent["comparison"]) == ("IRQ/4", None)
    assert room.ask("comparison", BEFORE) == {"is": "none", "against": "", "texts": []}


def test_one_text_alone_is_told_as_it_is_among_all() -> None:
    for room in (at.main_path(), at.revised(), at.crossed()):
        for day in (DAY, LATER):
            texts = room.ask("comparison", day)["texts"]
            puts = state.publications(room.view())
            assert [questions.compared(room.view(), puts[text["ref"]], day) for text in texts] == texts


def test_a_text_is_compared_with_what_was_agreed_by_the_day() -> None:
    """A passage that a revision added later was not missing yet."""
    room = at.revised()
    text = "\n\n".join(passage["en"] for passage in at.changed("They thanked each other."))
    room.attach("IRQ", room.publish("IRQ", "en", text), text)
    assert {relation for relation, _ in relations(room, DAY)["IRQ/3"][1]} == {"same"}
    assert "same" not in {relation for relation, at_ in relations(room)["IRQ/3"][1] if at_ in ((4,), ())}


def test_a_text_in_another_language_than_it_was_recorded_in_is_said_to_be_so() -> None:
    room = at.Room()
    room.yes("IRQ", room.propose())
    text = "\n\n".join(passage["tr"] for passage in at.PASSAGES)
    room.attach("TUR", room.publish("TUR", "en", text), text)
    [told] = room.ask("comparison", DAY)["texts"]
    assert told["comparison"]["verdict"] == "other_language"
    assert (told["language"], told["comparison"]["detected"]) == ("en", "tr")
    assert told["comparison"]["findings"] == []


def test_nothing_is_compared_with_a_text_that_is_gone_or_not_the_one_recorded_or_not_agreed() -> None:
    """Seen to fail when a text of another digest is compared all the same."""
    assert relations(at.texts_attached()).keys() == {"TUR/5"}
    crossed = at.crossed().ask("comparison", LATER)
    assert (crossed["is"], crossed["against"]) == ("crossed", "")
    assert [text["comparison"] for text in crossed["texts"]] == [None]
    assert at.source().ask("comparison", LATER) == {"is": "none", "against": "", "texts": []}
