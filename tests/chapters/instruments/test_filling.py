"""What a person leaves out is completed from the docket, and never guessed."""

from __future__ import annotations

from datetime import date

import pytest
from tests.chapters.instruments.drafts import BRACKETS, Room, files, text
from tests.chapters.instruments.scenarios import edits, recorded

from comity.chapters.instruments import acts, filling
from comity.chapters.instruments.brackets import resolve
from comity.chapters.instruments.reader import read_text
from comity.chapters.instruments.text import digest
from comity.core.act import Ref
from comity.core.errors import Malformed, Refused


def test_acceptance_gets_version_hash_and_agreed_choices() -> None:
    room = Room()
    room.propose(more=BRACKETS)
    for party in room.parties:
        room.do(party, "bracket_position", bracket="b1", status="agreed", choice="IRQ")
    resolved = resolve(text(more=BRACKETS), {"b1": "IRQ"})
    assert filling.fill_accepted(room.view(), {}, []) == {
        "version": "TUR/1",
        "choices": {"b1": "IRQ"},
        "text": digest(resolved),
    }


def test_acceptance_of_open_brackets_is_refused_before_it_is_said() -> None:
    room = Room()
    room.propose(more=BRACKETS)
    with pytest.raises(Refused) as caught:
        filling.fill_accepted(room.view(), {}, [])
    assert (caught.value.code, caught.value.facts["brackets"]) == ("brackets_open", "b1")


def test_a_revision_keeps_the_ids_of_what_it_revises() -> None:
    room = Room()
    room.propose()
    new = [
        (name, raw.replace(b"\n\n## Article 1 ", b"\n\nWith joy,\n\n## Article 1 ")) for name, raw in files()
    ]
    filled = filling.fill_revised(room.view(), {"text": read_text(new)["text"]}, [])
    assert filled["version"] == "TUR/1"
    assert [row["id"] for row in filled["text"]["provisions"]][:3] == [
        "preamble",
        "preamble.t1",
        "preamble.t2",
    ]
    assert filling.fill_revised(room.view(), {}, []) == {"version": "TUR/1"}
    with pytest.raises(Malformed):
        filling.fill_revised(room.view(), {"text": {"title": 1}}, [])


def test_what_is_given_is_never_changed() -> None:
    room = Room()
    room.propose()
    given = {"version": "TUR/1", "text": "0" * 64, "choices": {}}
    assert filling.fill_accepted(room.view(), given, []) == given
    with pytest.raises(Refused, match="version_unknown"):
        filling.fill_accepted(room.view(), {}, [Ref("IRQ", 9)])


def test_after_adoption_what_is_pending_is_meant() -> None:
    room = Room()
    room.enter()
    first = room.do("IRQ", "amendment_proposed", edits=edits())
    body = next(act.body for act in room.acts if act.ref == first)
    assert filling.fill_accepted(room.view(), {}, []) == {"version": str(first), "text": digest(body)}
    assert filling.fill_withdrawn(room.view(), {}, []) == {"version": str(first), "text": digest(body)}
    room.do("IRQ", "termination_proposed")
    with pytest.raises(Refused, match="version_ambiguous"):
        filling.fill_declined(room.view(), {}, [])
    assert filling.fill_declined(room.view(), {}, [first]) == {"version": str(first)}
    room.do("TUR", "accepted", version=str(first))
    assert filling.fill_notified(room.view(), {}, []) == {"matter": str(first)}


def test_a_position_on_what_has_no_brackets_is_left_to_the_rules() -> None:
    room = Room()
    room.enter()
    amendment = room.do("IRQ", "amendment_proposed", edits=edits())
    filled = filling.fill_position(room.view(), {"bracket": "b1", "status": "open"}, [])
    assert filled == {"among": [], "bracket": "b1", "status": "open", "version": str(amendment)}
    assert room.refusal("TUR", "bracket_position", **filled) == "version_unknown"


def test_several_adopted_amendments_are_not_guessed_between() -> None:
    room = Room()
    room.enter()
    for number in (1, 2):
        ref = room.do("IRQ", "amendment_proposed", edits=edits(number))
        room.do("TUR", "accepted", version=str(ref))
    with pytest.raises(Refused, match="version_ambiguous"):
        filling.fill_matter(room.view(), {}, [])


def test_a_record_is_affirmed_as_it_stands() -> None:
    room = Room()
    room.say("TUR", "instrument.recorded/1", acts.Recorded(text(), date(2019, 9, 1)))
    filled = filling.fill_affirmed(room.view(), {}, [])
    assert filled == {"version": "TUR/1", "text": digest(text()), "in_force_since": "2019-09-01"}
    assert filling.fill_withdrawn(room.view(), {}, []) == {"version": "TUR/1", "text": digest(text())}
    assert filling.fill_accepted(recorded().view(), {}, [])["text"] == digest(text())
    other = Room()
    other.propose()
    with pytest.raises(Refused, match="accept_instead"):
        filling.fill_affirmed(other.view(), {}, [])
    with pytest.raises(Refused, match="nothing_to_withdraw"):
        filling.fill_withdrawn(other.view(), {}, [])
    with pytest.raises(Refused, match="not_adopted"):
        filling.fill_matter(other.view(), {}, [])


def test_a_bracket_that_is_not_there_is_left_to_the_rules() -> None:
    room = Room()
    room.propose()
    assert filling.fill_position(room.view(), {"bracket": "b7"}, [])["among"] == []
