"""The whole state as plain data: stages, brackets, who proposed what."""

from __future__ import annotations

from datetime import date

from tests.chapters.instruments.drafts import BRACKETS, PLAIN_BRACKET, Room, files
from tests.chapters.instruments.scenarios import bracketed, lived, orphan, recorded

from comity.chapters.instruments import CHAPTER
from comity.chapters.instruments.reader import read_text
from comity.core import canonical


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
