"""What is asked is answered in plain data, on any day, and never says more than has been agreed."""

from __future__ import annotations

import json
from datetime import date

from tests.chapters.instruments.drafts import BRACKETS, HEAD, PLAIN_BRACKET, Room, at, files
from tests.chapters.instruments.scenarios import bracketed, edits, lived, orphan, recorded

from comity.chapters.instruments import CHAPTER
from comity.chapters.instruments.reader import read_text
from comity.core import canonical


def test_in_force_says_since_when_until_when_and_why() -> None:
    room = lived()
    asked = {
        day: room.ask("in_force", date.fromisoformat(day))
        for day in ("2024-10-09", "2024-10-10", "2026-12-31", "2027-01-01")
    }
    assert [answer["in_force"] for answer in asked.values()] == [False, True, True, False]
    assert [answer["why"] for answer in asked.values()] == ["not_yet", "entered", "entered", "terminated"]
    assert asked["2026-12-31"]["until"] == "2027-01-01"


def test_what_is_missing_is_told_apart() -> None:
    room = Room()
    room.propose()
    assert room.ask("in_force", date(2024, 9, 1)) == {
        "in_force": False,
        "since": None,
        "until": None,
        "why": "not_adopted",
    }
    for party in room.parties:
        room.do(party, "accepted")
    assert room.ask("in_force", date(2024, 9, 1))["why"] == "conditions_open"


def test_next_dates_are_those_on_the_day_and_after_in_order() -> None:
    room = Room()
    room.enter()
    assert room.ask("next_dates", date(2024, 9, 12)) == [
        {"date": "2024-10-10", "what": "entry_into_force"},
        {"date": "2029-04-10", "what": "last_day_to_denounce"},
        {"date": "2029-04-10", "what": "last_day_to_refuse"},
        {"date": "2029-10-10", "what": "renewal"},
    ]
    late = room.ask("next_dates", date(2031, 5, 1))
    assert [one["date"] for one in late] == ["2031-10-10", "2032-04-10", "2032-04-10"]


def test_who_has_answered_an_amendment_is_not_reminded() -> None:
    room = Room()
    room.enter()
    day = at(date(2025, 1, 1))
    first = room.do("IRQ", "amendment_proposed", edits=edits(), time=day)
    due = [one for one in room.ask("next_dates", date(2025, 1, 2)) if one["what"] == "reply_due"]
    assert [(one["date"], one["party"]) for one in due] == [("2025-04-01", "TUR")]
    second = room.do("TUR", "amendment_proposed", edits=edits(2), answers=(first,), time=day)
    due = [one for one in room.ask("next_dates", date(2025, 1, 2)) if one["what"] == "reply_due"]
    assert [(one["ref"], one["party"]) for one in due] == [(str(second), "IRQ")]
    room.do("IRQ", "declined", version=str(second), time=day)
    assert not [one for one in room.ask("next_dates", date(2025, 1, 2)) if one["what"] == "reply_due"]


def test_the_text_of_a_day_is_the_consolidated_one() -> None:
    room = lived()
    before, after = (room.ask("text", date.fromisoformat(day)) for day in ("2025-05-30", "2025-05-31"))
    assert (before["amendments"], after["amendments"]) == ([], ["IRQ/4"])
    ids = [[row["id"] for row in one["provisions"]] for one in (before, after)]
    assert set(ids[1]) - set(ids[0]) == {"art-1.2-1"}
    assert before["text"] != after["text"]


def test_before_adoption_the_text_is_what_is_on_the_table() -> None:
    room = Room()
    room.propose()
    revised = room.do("IRQ", "revised", text=read_text(files(more=" More."))["text"])
    told = room.ask("text", date(2024, 8, 15))
    assert (told["status"], told["version"]) == ("on_the_table", str(revised))


def test_a_bracket_tells_who_proposed_what_and_where_each_party_stands() -> None:
    room = Room()
    room.propose(committee=PLAIN_BRACKET)
    revised = room.do("IRQ", "revised", text=read_text(files(more=BRACKETS, committee=PLAIN_BRACKET))["text"])
    room.do("TUR", "bracket_position", bracket="b1", status="agreed", choice="TUR")
    first, second = room.ask("brackets", date(2024, 8, 15))
    assert (first["version"], first["provision"], first["status"]) == (str(revised), "art-1.1", "open")
    assert [(one["choice"], one["by"]) for one in first["alternatives"]] == [("TUR", "TUR"), ("IRQ", "IRQ")]
    assert first["positions"]["TUR"]["status"] == "agreed"
    assert [(one["choice"], one["by"]) for one in second["alternatives"]] == [("keep", "TUR")], (
        "it was in the first version"
    )
    room.do("IRQ", "bracket_position", bracket="b1", status="ad_referendum", choice="TUR")
    assert room.ask("brackets", date(2024, 8, 15))[0]["status"] == "ad_referendum"
    room.do("IRQ", "bracket_position", bracket="b1", status="reserved")
    assert room.ask("brackets", date(2024, 8, 15))[0]["status"] == "reserved"
    room.do("IRQ", "bracket_position", bracket="b1", status="agreed", choice="TUR")
    assert room.ask("brackets", date(2024, 8, 15))[0]["agreed"] == "TUR"


def test_the_adopted_text_has_the_agreed_words_and_no_brackets() -> None:
    told = bracketed().ask("text", date(2024, 8, 15))
    said = json.dumps(told, ensure_ascii=False)
    assert "thirty days" in said
    assert "sixty days" not in said
    assert "observers" not in said
    assert "[TUR" not in said


def test_who_acted_lists_each_partys_consent_up_to_the_day() -> None:
    told = lived().ask("who_acted", date(2024, 9, 5))
    assert told["IRQ"]["notified"] == ["IRQ/3"]
    assert told["TUR"]["notified"] == []


def test_the_stages_follow_each_other() -> None:
    room = Room()
    stages = []
    room.propose()
    stages.append(CHAPTER.describe(room.view())["stage"])
    for party in room.parties:
        room.do(party, "accepted")
    stages.append(CHAPTER.describe(room.view())["stage"])
    for party in room.parties:
        room.sign(party)
    stages.append(CHAPTER.describe(room.view())["stage"])
    for party in room.parties:
        room.do(party, "notified")
    stages.append(CHAPTER.describe(room.view())["stage"])
    assert stages == ["negotiated", "adopted", "signed", "entry_fixed"]
    assert CHAPTER.describe(orphan().view()) == {"stage": "unknown", "title": {"en": "TUR/1"}}


def test_describe_is_canonical_json() -> None:
    for room in (bracketed(), lived(), recorded()):
        assert canonical.decode(canonical.encode(CHAPTER.describe(room.view())))


# --------------------------------------------------------------------------------------------- mandates


def test_a_provision_is_a_mandate_from_entry_into_force_until_the_end() -> None:
    room = Room()
    room.enter()
    mandate = CHAPTER.mandate(room.view(), "art-2")
    assert mandate is not None
    assert (mandate.ref, mandate.parties, mandate.bodies[0].id) == ("TUR/1#art-2", ("IRQ", "TUR"), "trade")
    assert (mandate.since, mandate.until) == (date(2024, 10, 10), None)
    room.do("TUR", "denounced", time=at(date(2025, 1, 1)))
    ended = CHAPTER.mandate(room.view(), "art-2")
    assert ended is not None
    assert ended.until == date(2029, 10, 10)


def test_an_instrument_that_expires_takes_its_mandates_with_it() -> None:
    room = Room()
    clauses = "final:\n  entry into force: {after: notifications}\n  duration: {years: 5}\n"
    room.enter(head=HEAD.split("final:")[0] + clauses)
    mandate = CHAPTER.mandate(room.view(), "art-2")
    assert mandate is not None
    assert mandate.until == date(2029, 9, 10)


def test_what_is_only_proposed_or_not_there_mandates_nobody() -> None:
    """Never "no rule, so allowed". Seen to fail when a proposed text counts from its proposal."""
    room = Room()
    room.propose()
    mandate = CHAPTER.mandate(room.view(), "art-2")
    assert mandate is not None
    assert mandate.since is None
    assert not mandate.in_force(date(9000, 1, 1))
    assert CHAPTER.mandate(room.view(), "art-99") is None
    assert CHAPTER.mandate(orphan().view(), "art-2") is None


def test_an_amendment_that_deletes_a_provision_ends_its_mandate_and_a_new_one_begins_with_it() -> None:
    room = Room()
    room.enter()
    insert = edits()[1]
    words = {tag: {"text": "x"} for tag in ("en", "tr", "ar")}
    article = {"id": "art-2a", "kind": "article", "number": "2a", "words": words}
    changes = [
        {"op": "insert_after", "at": "art-2", "rows": [article]},
        {"op": "delete", "at": "art-2"},
        {"op": "insert_after", "at": insert.at, "rows": list(insert.rows)},
    ]
    ref = room.do("IRQ", "amendment_proposed", edits=changes, time=at(date(2025, 1, 1)))
    room.do("TUR", "accepted", version=str(ref), time=at(date(2025, 1, 2)))
    pending = CHAPTER.mandate(room.view(), "art-2a")
    assert pending is not None
    assert pending.since is None
    for party in room.parties:
        room.do(party, "notified", matter=str(ref), time=at(date(2025, 2, 1)))
    old, new = CHAPTER.mandate(room.view(), "art-2"), CHAPTER.mandate(room.view(), "art-2a")
    assert old is not None
    assert new is not None
    assert (old.since, old.until, new.since) == (date(2024, 10, 10), date(2025, 3, 3), date(2025, 3, 3))
