"""Texts and calendars for programs: as the command line writes them, bounded, and strict about what is asked."""

from __future__ import annotations

import base64

from tests.api.house import Built
from tests.node.committees import _HEAD

from comity.chapters.statements.acts import Accepted
from comity.core.act import Ref
from comity.node.record import Draft

AT = "/texts/TUR/1"


def test_a_text_is_given_in_the_forms_that_other_programs_read(house: Built) -> None:
    marked = house.get(f"{AT}/markdown")
    assert marked.text.startswith("---")
    assert b"akomaNtoso" in house.get(f"{AT}/akn?language=en").content
    assert house.get(f"{AT}/aligned").json()["languages"] == ["en"]
    wrong = house.get(f"{AT}/markdown?language=tr")
    assert (wrong.status_code, wrong.json()["error"]) == (422, "malformed")


def test_what_changed_between_two_versions_is_told_word_by_word(house: Built) -> None:
    def propose(raw: str, verb: str = "propose", **more: object) -> str:
        files = [{"name": "memorandum.en.md", "data": base64.b64encode(raw.encode()).decode()}]
        reply = house.say("instruments", verb, {"files": files, **more})
        assert reply.status_code == 201, reply.text
        return str(reply.json()["ref"])

    old = propose(_HEAD)
    new = propose(_HEAD.replace("The two sides", "Both sides"), "revise", answers=[old])
    changes = house.get(f"/texts/{new}/redline?old={old}").json()
    assert [piece["text"] for piece in changes[0]["pieces"] if piece["op"] == "in"] == ["Both"]
    assert house.get(f"/texts/{old}/redline?old={old}").json() == []
    assert house.get(f"/texts/{old}/redline").status_code == 422


def test_a_meeting_is_given_for_a_calendar(house: Built) -> None:
    ref = house.convene(50).json()["ref"]
    reply = house.get(f"/meetings/{ref}/calendar")
    assert reply.content.startswith(b"BEGIN:VCALENDAR")
    assert reply.headers["content-type"].startswith("text/calendar")
    assert house.get("/meetings/TUR/1/calendar").json()["code"] == "not_a_meeting"


def test_a_text_of_one_s_own_is_held_against_what_was_agreed(house: Built) -> None:
    file = house.send(b"The two sides met in Ankara.")
    files = [
        {"name": "statement.en.md", "data": base64.b64encode(b"# Statement\n\nThe two sides met.").decode()}
    ]
    body = {"files": files, "fields": {"sort": "joint_statement"}}
    ref = house.say("statements", "propose", body).json()["ref"]
    asked = f"/statements/{ref}/comparison?file={file}&language=en"
    early = house.get(asked)
    assert (early.status_code, early.json()["code"]) == (409, "text_not_agreed")
    unsent = house.get(f"/statements/{ref}/comparison?file={'0' * 64}&language=en")
    assert (unsent.status_code, unsent.json()["code"]) == (404, "upload_unknown")
    house.meet()
    named = Ref.parse(ref)
    house.records["IRQ"].say(Draft("statement.accepted/1", Accepted(), "secretariat", named, [named]))
    house.meet()
    found = house.get(asked).json()["comparison"]
    assert found["verdict"] != "same"
    assert any(finding["differences"] for finding in found["findings"])


def test_joint_working_days_are_counted_with_what_was_announced(house: Built) -> None:
    plain = house.get("/workdays?days=5&on=2025-03-03").json()
    shut = house.get("/workdays?days=5&on=2025-03-03&closed=IRQ=2025-03-05,TUR=2025-03-06").json()
    assert plain["parties"] == ["IRQ", "TUR"]
    assert shut["on"] > plain["on"]
    for wrong in ("closed=IRQ", "closed=XXX=2025-03-05", "worked=IRQ=5", "days=0"):
        assert house.get(f"/workdays?days=5&on=2025-03-03&{wrong}").status_code == 422, wrong


def test_papers_and_sources_are_listed_and_no_fault_is_made_up(house: Built) -> None:
    assert {"sort", "ref", "languages"} <= set(house.get("/documents").json()[0])
    assert house.get("/sources?of=TUR/1").json() == []
    assert house.get("/sources?of=nothing").status_code == 422
    assert house.get("/faults/IRQ/proof").json()["code"] == "no_fault"
