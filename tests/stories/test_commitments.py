"""Commitments, committees and statements as two ministries type them; what is typed wrongly is named and not stored."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from tests.stories.programme import NOW, commitment, mechanism
from tests.stories.scene import World

BODY = "security-mechanism"
LANGUAGES = ("en", "tr", "ar")


def at(day: str) -> str:
    return f"{day}T09:00:00Z"


def terms(source: str, **changed: object) -> str:
    given = {
        "title": {"en": "Joint centre", "tr": "Ortak merkez"},
        "text": {"en": "The sides set up a joint centre.", "tr": "Taraflar ortak bir merkez kurar."},
        "source": source,
        "owners": ["IRQ", "TUR"],
        "due": {"on": "2024-12-31"},
        **changed,
    }
    return json.dumps({name: value for name, value in given.items() if value is not None})


def propose(world: World, source: str, *more: object, now: str = NOW, **changed: object) -> str:
    mandate = f"{source.partition('#')[0]}#art-1" if "mandate" not in changed else str(changed.pop("mandate"))
    return world.say("TUR", now, "commitments", "propose", "--mandate", mandate, "--body", BODY,
                     "--terms", terms(source, **changed), *more)  # fmt: skip


def accept(world: World, put: str, party: str = "IRQ", now: str = NOW, chapter: str = "commitments") -> str:
    world.exchange(1)
    said = world.say(party, now, chapter, "accept", "--answers", put)
    world.exchange(1)
    return said


def asserts(world: World, party: str, docket: str, status: str, day: str, *more: object) -> str:
    said = world.say(
        party, at(day), "commitments", "assert-status", "--docket", docket, "--status", status, *more
    )
    world.exchange(1)
    return said


def asked(world: World, question: str, docket: str, day: str, chapter: str = "commitments") -> Any:
    """What both nodes answer, which is the same."""
    told = [world.ok(party, chapter, "ask", question, docket, "--on", day) for party in world.parties]
    assert told[0] == told[1]
    return told[0]


def alike(world: World) -> None:
    """Both nodes show the same of everything, and all of it checks."""
    world.exchange()
    assert len({world.ok(party, "status")["mechanisms"][0]["digest"] for party in world.parties}) == 1
    for party in world.parties:
        assert world.ok(party, "check")["sound"]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path).found()


def decided(world: World, source: str) -> str:
    """A meeting of the body with a decision that both approved; the decision's reference."""
    meeting = world.say("TUR", NOW, "meetings", "convene", "--mandate", f"{source}#art-1", "--body", BODY,
                        "--round", "4", "--starts", "2024-08-15T10:00:00+03:00")  # fmt: skip
    item = world.say("TUR", NOW, "meetings", "propose-item", "--docket", meeting, "--title", "en=Visas")
    world.exchange(1)
    world.say("IRQ", NOW, "meetings", "accept-date", "--answers", meeting)
    world.say("IRQ", NOW, "meetings", "accept-item", "--answers", item)
    for party in world.parties:
        world.say(party, at("2024-08-16"), "meetings", "hold", "--docket", meeting, "--on", "2024-08-15")
        world.exchange(1)
    taken = json.dumps(
        [{"id": "D1", "item": item, "text": {"en": "The exemption begins on 1 September 2024."}}]
    )
    minutes = world.say("TUR", at("2024-08-17"), "meetings", "propose-minutes", "--docket", meeting,
                        "--decisions", taken)  # fmt: skip
    world.exchange(1)
    world.say("IRQ", at("2024-08-18"), "meetings", "approve-minutes", "--answers", minutes)
    world.exchange(1)
    return f"{minutes}#D1"


# --------------------------------------------------------------------------------------- as it should go


def test_a_commitment_is_cut_from_a_provision_and_both_see_it_agreed(world: World) -> None:
    source = f"{mechanism(world)}#art-1"
    docket = propose(world, source)
    world.exchange(1)
    assert asked(world, "status", docket, "2024-08-02")["terms"] == "proposed"
    accept(world, docket)
    told = asked(world, "status", docket, "2024-08-02")
    assert (told["is"], told["terms"], told["views"]) == ("silent", "agreed", [])
    assert asked(world, "lineage", docket, "2024-08-02")["source"] == source
    due = asked(world, "due", docket, "2024-12-01")
    assert (due["on"], due["days_left"], due["owners"]) == ("2024-12-31", 30, ["IRQ", "TUR"])
    assert asked(world, "due", docket, "2025-01-01")["overdue"] is True
    world.exchange(1)  # the receipts
    for party in world.parties:
        (reached,) = [
            m
            for m in world.ok(party, "show", docket)["account"]["milestones"]
            if m["what"] == "commitment_agreed"
        ]
        assert reached["standing"] == "settled"
    alike(world)


def test_a_commitment_is_cut_from_a_decision_of_a_meeting(world: World) -> None:
    source = mechanism(world)
    decision = decided(world, source)
    docket = propose(world, decision, now=at("2024-08-20"), mandate=f"{source}#art-1", owners=["TUR"],
                     due={"on": "2024-09-01"})  # fmt: skip
    accept(world, docket, now=at("2024-08-21"))
    assert asked(world, "lineage", docket, "2024-08-22")["source"] == decision
    alike(world)


def test_each_side_says_its_own_and_what_is_shown_follows(world: World) -> None:
    """Silent, unanswered, agreed, unanswered again, disputed: each on its own day, the same at both nodes."""
    docket = commitment(world, f"{mechanism(world)}#art-1")
    asserts(world, "TUR", docket, "started", "2024-09-01")
    asserts(world, "IRQ", docket, "started", "2024-09-05")
    asserts(world, "TUR", docket, "done", "2024-10-01")
    reason = ("--reason", "en=The building has no power.", "--reason", "tr=Binada elektrik yok.")
    asserts(world, "IRQ", docket, "obstructed", "2024-10-10", *reason)
    shown = {day: asked(world, "status", docket, day) for day in
             ("2024-08-31", "2024-09-01", "2024-09-05", "2024-10-01", "2024-10-10", "2025-06-01")}  # fmt: skip
    assert [told["is"] for told in shown.values()] == [
        "silent", "unanswered", "agreed", "unanswered", "disputed", "disputed"
    ]  # fmt: skip
    assert list(shown["2024-09-01"]["behind"]) == ["IRQ"]
    assert shown["2024-09-05"]["status"] == "started"
    last = shown["2025-06-01"]
    assert [(view["party"], view["status"]) for view in last["views"]] == [
        ("IRQ", "obstructed"),
        ("TUR", "done"),
    ]
    assert last["since"] == "2024-10-10"
    for language, says in (("en", "no power"), ("tr", "elektrik yok")):
        assert says in world.call("TUR", "--language", language, "commitments", "ask", "status", docket).out
    alike(world)


def test_terms_are_changed_by_both_and_what_is_left_out_stays(world: World) -> None:
    docket = commitment(world, f"{mechanism(world)}#art-1")
    put = world.say("IRQ", at("2024-11-01"), "commitments", "propose-terms", "--docket", docket,
                    "--terms", json.dumps({"due": {"on": "2025-03-31"}}))  # fmt: skip
    world.exchange(1)
    assert asked(world, "due", docket, "2024-11-02")["on"] == "2024-12-31"
    accept(world, put, "TUR", at("2024-11-03"))
    assert asked(world, "due", docket, "2024-11-04")["on"] == "2025-03-31"
    assert world.ok("TUR", "show", docket)["account"]["title"]["en"] == "Joint centre"
    alike(world)


def test_one_is_split_in_two_and_the_line_can_be_followed_both_ways(world: World) -> None:
    source = f"{mechanism(world)}#art-1"
    whole = commitment(world, source, "Two centres")
    parts = [
        propose(world, source, "--parents", whole, title={"en": city, "tr": city})
        for city in ("Baghdad", "Bashika")
    ]
    for part in parts:
        accept(world, part)
    by = [word for part in parts for word in ("--by", part)]
    closing = world.say("IRQ", NOW, "commitments", "propose-closing", "--docket", whole, "--outcome", "replaced", *by,
                        "--reason", "en=One for each city")  # fmt: skip
    accept(world, closing, "TUR")
    assert asked(world, "status", whole, "2024-08-02")["is"] == "replaced"
    (down,) = asked(world, "lineage", whole, "2024-08-02")["closings"]
    assert sorted(down["by"]) == sorted(parts)
    for part in parts:
        assert asked(world, "lineage", part, "2024-08-02")["parents"] == [whole]
    assert whole in world.fails("TUR", 1, "--now", NOW, "commitments", "assert-status", "--docket", whole,
                                "--status", "done")  # fmt: skip
    merged = propose(
        world, source, "--parents", parts[0], "--parents", parts[1], title={"en": "One", "tr": "Bir"}
    )
    accept(world, merged)
    assert sorted(asked(world, "lineage", merged, "2024-08-02")["parents"]) == sorted(parts)
    alike(world)


def test_the_instrument_that_carries_it_out_is_named(world: World) -> None:
    source = mechanism(world)
    docket = commitment(world, f"{source}#art-1")
    memorandum = world.say("TUR", NOW, "instruments", "propose", *world.memorandum())
    world.exchange(1)
    world.say(
        "IRQ", NOW, "commitments", "record-implementation", "--docket", docket, "--instrument", memorandum
    )
    world.exchange(1)
    assert asked(world, "lineage", docket, "2024-08-02")["instruments"][0]["instrument"] == memorandum
    again = ("commitments", "record-implementation", "--docket", docket, "--instrument")
    assert memorandum in world.fails("IRQ", 1, "--now", NOW, *again, memorandum)
    assert "TUR/99" in world.fails("IRQ", 1, "--now", NOW, *again, "TUR/99")
    alike(world)


def test_what_waits_is_told_by_status_with_who_owes_it(world: World) -> None:
    docket = propose(world, f"{mechanism(world)}#art-1")
    world.exchange(1)
    (waits,) = [wait for wait in world.ok("TUR", "--now", at("2024-08-20"), "status")["mechanisms"][0]["waits"]
                if wait["docket"] == docket]  # fmt: skip
    assert (waits["for"], waits["party"], waits["since"][:10]) == ("terms", "IRQ", "2024-08-02")


def test_it_can_be_dropped_and_then_says_so(world: World) -> None:
    docket = commitment(world, f"{mechanism(world)}#art-1")
    closing = world.say("TUR", NOW, "commitments", "propose-closing", "--docket", docket, "--outcome", "dropped",
                        "--reason", "en=Overtaken by events")  # fmt: skip
    accept(world, closing)
    assert asked(world, "status", docket, "2024-08-02")["is"] == "dropped"
    assert asked(world, "waits_for", docket, "2025-08-02") == []
    alike(world)


def test_the_overview_shows_the_same_at_both_nodes_and_what_is_late_in_it(world: World) -> None:
    source = mechanism(world)
    first, second, third = (
        commitment(world, f"{source}#art-1", title) for title in ("First step", "Second step", "Third step")
    )
    for party in ("TUR", "IRQ"):
        asserts(world, party, first, "done", "2024-09-01")
    asserts(world, "TUR", second, "done", "2024-09-02")
    asserts(world, "IRQ", second, "obstructed", "2024-09-03", "--reason", "en=No power")
    asserts(world, "IRQ", third, "started", "2024-09-04")
    about = ("--mandate", f"{source}#art-1", "--body", BODY)
    for command, more in (("overview", ()), ("programme", about), ("reminders", ()), ("dormant", ())):
        told = [
            world.ok(party, "commitments", command, *more, "--on", "2025-01-15") for party in world.parties
        ]
        for one in told if command == "overview" else ():
            del one["party"]  # whose node it is
        assert told[0] == told[1], command
    overview = world.ok("TUR", "commitments", "overview", "--on", "2025-01-15")
    assert overview["total"]["commitments"] == 3
    counted = overview["total"]["is"]
    assert (counted["agreed"], counted["disputed"], counted["unanswered"]) == (1, 1, 1)
    assert overview["total"]["overdue"] == 2
    rows = {
        row["docket"]: row
        for row in world.ok("TUR", "commitments", "programme", *about, "--on", "2024-10-01")["rows"]
    }
    assert rows[second]["views"] == {"IRQ": "obstructed", "TUR": "done"}
    assert {one["docket"] for one in world.ok("IRQ", "commitments", "reminders", "--on", "2024-12-20") if "docket" in one} == {
        second, third
    }  # fmt: skip
    assert third in {row["docket"] for row in world.ok("IRQ", "commitments", "dormant", "--on", "2024-12-20")}
    for tag in LANGUAGES:
        came = world.call("TUR", "--language", tag, "commitments", "overview", "--on", "2025-01-15")
        assert came.code == 0
        assert second in came.out


def test_the_line_is_walked_from_the_provision_down_and_from_the_instrument_up(world: World) -> None:
    source = f"{mechanism(world)}#art-1"
    whole = commitment(world, source, "Two centres")
    part = propose(world, source, "--parents", whole)
    accept(world, part)
    memorandum = world.say("TUR", NOW, "instruments", "propose", *world.memorandum())
    world.say(
        "TUR", NOW, "commitments", "record-implementation", "--docket", part, "--instrument", memorandum
    )
    world.exchange(1)
    down = world.ok("IRQ", "commitments", "lineage", source)["down"]
    assert {(step["parent"], step["child"]) for step in down} >= {
        (source, whole),
        (whole, part),
        (part, memorandum),
    }
    up = world.ok("IRQ", "commitments", "lineage", memorandum)["up"]
    assert {(step["parent"], step["child"]) for step in up} >= {
        (part, memorandum),
        (whole, part),
        (source, whole),
    }
    assert "TUR/99" in refused(world, 1, "commitments", "lineage", "TUR/99")


def test_a_due_day_is_counted_in_joint_working_days_before_it_is_said(world: World) -> None:
    """Türkiye rests on Saturday and Sunday, Iraq on Friday and Saturday: four days of a week count."""
    source = f"{mechanism(world)}#art-1"
    docket = world.say("TUR", NOW, "commitments", "propose", "--mandate", source, "--body", BODY,
                       "--terms", terms(source, due=None), "--working-days", "4", "--from", "2024-09-02")  # fmt: skip
    accept(world, docket)
    due = asked(world, "due", docket, "2024-09-01")
    assert due["on"] == "2024-09-09"
    assert due["basis"]["calendars"] == ["IRQ", "TUR"]
    counted = world.ok("IRQ", "commitments", "workdays", "--from", "2024-09-02", "--days", "4")
    assert counted["on"] == "2024-09-09"
    assert {day["on"] for day in counted["skipped"]} == {"2024-09-06", "2024-09-07", "2024-09-08"}
    again = refused(world, 1, "commitments", "propose", "--mandate", source, "--body", BODY,
                    "--terms", terms(source), "--working-days", "4")  # fmt: skip
    assert "--working-days" in again


# ----------------------------------------------------------------------------- what bad input gets, by name


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, str, str]:
    """A world for what is refused, since that changes nothing: its mandate's instrument, and a commitment."""
    world = World(tmp_path_factory.mktemp("bad")).found()
    source = mechanism(world)
    return world, source, commitment(world, f"{source}#art-1")


def refused(world: World, exit_: int, *arguments: object, party: str = "TUR") -> str:
    """What the command complained of, in three languages; nothing was stored."""
    before = world.sizes()
    told = [world.fails(party, exit_, "--language", tag, "--now", NOW, *arguments) for tag in LANGUAGES]
    assert len(set(told)) == 3, told
    assert world.sizes() == before
    return told[0]


def refused_terms(shared: tuple[World, str, str], *more: object, **changed: object) -> str:
    world, source, _ = shared
    given = terms(str(changed.pop("source", f"{source}#art-1")), **changed)
    return refused(world, 1, "commitments", "propose", "--mandate", f"{source}#art-1", "--body", BODY,
                   "--terms", given, *more)  # fmt: skip


def test_a_commitment_without_a_provision_or_decision_behind_it_is_refused(
    shared: tuple[World, str, str],
) -> None:
    world, source, docket = shared
    told = refused(world, 1, "commitments", "propose", "--mandate", f"{source}#art-1", "--body", BODY,
                   "--terms", json.dumps({**json.loads(terms("x")), "source": None}))  # fmt: skip
    assert "terms.source" in told
    for nothing in ("TUR/99#art-1", f"{source}#art-99", f"{docket}#art-1"):
        assert nothing in refused_terms(shared, source=nothing)
    assert "terms.source" in refused_terms(shared, source=source)


def test_a_provision_that_is_not_agreed_yet_is_no_source(world: World) -> None:
    mandate = mechanism(world)
    draft = world.say("TUR", NOW, "instruments", "propose", *world.memorandum())
    told = refused(world, 1, "commitments", "propose", "--mandate", f"{mandate}#art-1", "--body", BODY,
                   "--terms", terms(f"{draft}#art-3"))  # fmt: skip
    assert f"{draft}#art-3" in told
    assert "agreed" in told


def test_a_circle_of_splits_cannot_be_said(shared: tuple[World, str, str]) -> None:
    """A parent must be there before its child, so none can be its own ancestor; nor can a closing make it so."""
    world, source, docket = shared
    next_one = f"TUR/{world.sizes()['TUR']['TUR']}"
    later = f"TUR/{world.sizes()['TUR']['TUR'] + 1}"
    for parent in (next_one, later):
        told = refused_terms(shared, "--parents", parent)
        assert parent in told
        assert "earlier" in told
    assert "TUR/0" in refused_terms(shared, "--parents", "TUR/0")
    assert docket in refused_terms(shared, "--parents", docket, "--parents", docket)
    close = (
        "commitments",
        "propose-closing",
        "--docket",
        docket,
        "--outcome",
        "replaced",
        "--reason",
        "en=R",
    )
    assert docket in refused(world, 1, *close, "--by", docket)
    assert source in refused(world, 1, *close, "--by", source)
    assert "replaced" in refused(world, 1, *close)


def test_two_commitments_cannot_replace_each_other(world: World) -> None:
    source = f"{mechanism(world)}#art-1"
    parent = commitment(world, source, "Parent")
    child = propose(world, source, "--parents", parent)
    accept(world, child)
    told = refused(world, 1, "commitments", "propose-closing", "--docket", child, "--outcome", "replaced",
                   "--by", parent, "--reason", "en=Back again")  # fmt: skip
    assert parent in told
    assert child in told


def test_nobody_can_assert_for_the_other_side(shared: tuple[World, str, str]) -> None:
    """There is no field for it: whose word it is says the log that it stands in, and each node writes its own."""
    world, _, docket = shared
    for option in ("--party", "--for", "--by"):
        told = refused(
            world, 2, "commitments", "assert-status", "--docket", docket, "--status", "done", option, "IRQ"
        )
        assert option in told
    before = world.sizes()["TUR"]["IRQ"]
    world.say("TUR", NOW, "commitments", "assert-status", "--docket", docket, "--status", "started")
    assert world.sizes()["TUR"]["IRQ"] == before
    assert [view["party"] for view in world.ok("TUR", "commitments", "ask", "status", docket)["views"]] == [
        "TUR"
    ]


@pytest.mark.parametrize(
    ("due", "says"),
    [
        ({"on": "2025-02-29"}, "due.on"),
        ({"on": "2025-06-31"}, "due.on"),
        ({"on": "2025-13-01"}, "due.on"),
        ({"on": "31.12.2025"}, "due.on"),
        ({}, "either a day or an event"),
        ({"on": "2025-01-01", "event": {"en": "When both are ready", "tr": "Hazır olunca"}}, "not both"),
        ({"on": "2024-12-31", "basis": {"start": "2024-12-01", "count": 10, "unit": "days"}}, "2024-12-11"),
        ({"on": "2024-12-31", "basis": {"start": "2024-02-30", "count": 10, "unit": "days"}}, "basis"),
        ({"on": "2024-12-31", "basis": {"start": "2024-12-01", "count": 10, "unit": "weeks"}}, "weeks"),
        (
            {"on": "2024-12-31",
             "basis": {"start": "2024-12-01", "count": 20, "unit": "working_days", "calendars": ["SYR"]}},
            "SYR",
        ),
        (
            {"on": "2024-12-12",
             "basis": {"start": "2024-12-01", "count": 20, "unit": "working_days", "calendars": ["IRQ", "TUR"]}},
            "2024-12-12",
        ),
        ({"on": "2024-12-13", "basis": {"start": "2024-12-01", "count": 9, "unit": "working_days"}}, "IRQ"),
        ({"basis": {"start": "2076-12-01", "count": 900, "unit": "working_days"}}, "2076"),
    ],
)  # fmt: skip
def test_a_due_date_that_its_calendar_does_not_have_is_refused(
    shared: tuple[World, str, str], due: dict[str, Any], says: str
) -> None:
    assert says in refused_terms(shared, due=due)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"owners": []}, "owners"),
        ({"owners": ["SYR"]}, "SYR"),
        ({"owners": ["TUR", "TUR"]}, "TUR"),
        ({"title": {"en": "Only English"}}, "title"),
        ({"text": {}}, "text"),
        (
            {
                "indicators": [
                    {"id": "a", "text": {"en": "x", "tr": "x"}},
                    {"id": "a", "text": {"en": "y", "tr": "y"}},
                ]
            },
            "a",
        ),
        ({"wish": "x"}, "wish"),
    ],
)
def test_terms_that_do_not_hold_together_are_refused(
    shared: tuple[World, str, str], changed: dict[str, Any], says: str
) -> None:
    assert says in refused_terms(shared, **changed)


def test_a_status_without_its_reason_or_of_a_day_to_come_is_refused(shared: tuple[World, str, str]) -> None:
    world, _, docket = shared
    say = ("commitments", "assert-status", "--docket", docket, "--status")
    assert "obstructed" in refused(world, 1, *say, "obstructed")
    assert "2024-08-09" in refused(world, 1, *say, "done", "--as-of", "2024-08-09")
    assert "finished" in refused(world, 2, *say, "finished")
    assert docket in refused(world, 1, *say, "done", "--answers", docket)


def test_evidence_whose_file_is_missing_or_too_large_is_refused(shared: tuple[World, str, str]) -> None:
    """Further cases, and a file that was changed since: tests/stories/test_evidence.py."""
    world, _, docket = shared
    say = ("--docket", docket, "--title", "en=Minutes")
    assert "absent.pdf" in refused(
        world, 3, "commitments", "record-evidence", world.folder / "absent.pdf", *say
    )
    huge = world.folder / "huge.pdf"
    with huge.open("wb") as big:
        big.truncate((256 << 20) + 1)
    assert "huge.pdf" in refused(world, 1, "commitments", "record-evidence", huge, *say)


def test_a_commitment_of_another_body_or_without_a_mandate_in_force_is_refused(
    shared: tuple[World, str, str],
) -> None:
    world, source, _ = shared
    say = ("commitments", "propose", "--terms", terms(f"{source}#art-1"))
    told = refused(world, 1, *say, "--mandate", f"{source}#art-1", "--body", "committee-of-none")
    assert "committee-of-none" in told
    assert "TUR/99#art-1" in refused(world, 1, *say, "--mandate", "TUR/99#art-1", "--body", BODY)


# ---------------------------------------------------------------------------------------------- committees


def constituted(world: World) -> str:
    docket = world.say("TUR", NOW, "committees", "constitute", "--mandate", f"{mechanism(world)}#art-1",
                       "--body", BODY)  # fmt: skip
    world.exchange(1)
    return docket


def test_seats_have_terms_that_outlive_the_names_of_who_held_them(world: World) -> None:
    docket = constituted(world)
    assert world.ok("IRQ", "show", docket)["account"]["state"]["seats"] == {"IRQ": 10, "TUR": 10}
    seat = world.say("IRQ", NOW, "committees", "fill-seat", "--docket", docket, "--seat", "IRQ-1", "--role", "co_chair",
                     "--since", "2024-09-01", "--until", "2025-08-31")  # fmt: skip
    named = world.say("IRQ", NOW, "committees", "name-person", "--answers", seat, "--name", "Noor Example (invented)",
                      "--capacity", "en=Co-chair")  # fmt: skip
    world.exchange(1)
    assert (
        "Noor Example" in world.call("TUR", "committees", "ask", "register", docket, "--on", "2024-10-01").out
    )
    world.say("IRQ", NOW, "committees", "destroy", "--answers", named, "--rule", "retention, 1 year")
    world.exchange(1)
    for party in world.parties:
        told = world.call(party, "committees", "ask", "register", docket, "--on", "2024-10-01").out
        assert "Noor" not in told
        assert "IRQ-1" in told
    alike(world)


def test_nobody_fills_or_empties_the_other_side_s_seat(world: World) -> None:
    docket = constituted(world)
    seat = world.say("IRQ", NOW, "committees", "fill-seat", "--docket", docket, "--seat", "IRQ-1", "--role", "member",
                     "--since", "2024-09-01")  # fmt: skip
    world.exchange(1)
    fill = (
        "committees",
        "fill-seat",
        "--docket",
        docket,
        "--role",
        "member",
        "--since",
        "2024-09-01",
        "--seat",
    )
    assert "IRQ-2" in refused(world, 1, *fill, "IRQ-2")
    refused(world, 1, "committees", "vacate-seat", "--answers", seat, "--on", "2024-10-01")
    refused(world, 1, "committees", "name-person", "--answers", seat, "--name", "X")
    assert seat in refused(world, 1, *fill, "IRQ-1", party="IRQ")
    assert "2024-08-01" in refused(world, 1, *fill, "TUR-1", "--until", "2024-08-01")


def test_a_report_is_the_same_on_both_nodes_and_accepted_by_its_hash(world: World) -> None:
    source = mechanism(world)
    done, open_one = (commitment(world, f"{source}#art-1", title) for title in ("First step", "Second step"))
    for party in ("TUR", "IRQ"):
        asserts(world, party, done, "done", "2024-09-01")
    asserts(world, "TUR", open_one, "started", "2024-09-02")
    docket = world.say("TUR", NOW, "committees", "constitute", "--mandate", f"{source}#art-1", "--body", BODY,
                       "--clock-checked")  # fmt: skip
    world.exchange(1)
    period = ("--since", "2024-08-01", "--until", "2024-12-31")
    about = ("--mandate", f"{source}#art-1", "--body", BODY, *period)
    cut = world.sizes()["TUR"]
    at_cut = [word for party, size in cut.items() for word in ("--at", f"{party}={size}")]
    made = []
    for party in world.parties:
        file = world.folder / f"report-{party}.json"
        world.ok(party, "committees", "report", *about, *at_cut, "-o", file)
        made.append(file.read_bytes())
    assert made[0] == made[1]
    told = json.loads(made[0])
    assert told["sections"]["done"] == [done]
    assert told["counts"]["commitments"] == 2
    say = ("committees", "propose-report", "--docket", docket, *period)
    report = world.say("TUR", at("2024-09-03"), *say, *at_cut)
    world.exchange(1)
    assert world.ok("IRQ", "show", report)["content"]["digest"] == hashlib.sha256(made[0]).hexdigest()
    world.say("IRQ", at("2024-09-03"), "committees", "accept-report", "--answers", report)
    world.exchange(1)
    (stands,) = asked(world, "reports", docket, "2024-12-31", "committees")
    assert (stands["ref"], stands["agreed"]) == (report, True)
    alike(world)


def test_a_report_of_another_hash_or_of_a_cut_that_nobody_has_is_refused(world: World) -> None:
    docket = constituted(world)
    sizes = world.sizes()["TUR"]
    say = ("committees", "propose-report", "--docket", docket, "--since", "2024-01-01")
    tur, irq = f"TUR={sizes['TUR']}", f"IRQ={sizes['IRQ']}"
    whole = (*say, "--until", "2024-12-31")
    assert "ab" * 32 in refused(world, 1, *whole, "--digest", "ab" * 32)
    assert "IRQ" in refused(world, 1, *whole, "--at", tur, "--at", f"IRQ={sizes['IRQ'] + 5}")
    assert "SYR" in refused(world, 1, *whole, "--at", tur, "--at", irq, "--at", "SYR=1")
    assert "2023-12-31" in refused(world, 1, *say, "--until", "2023-12-31")


# ---------------------------------------------------------------------------------------------- statements


def pages(world: World, name: str, **texts: str) -> list[Path]:
    found = []
    for tag, text in texts.items():
        found.append(world.folder / f"{name}.{tag}.md")
        found[-1].write_text(text, "utf-8")
    return found


EN = "# Joint statement\n\nThe two sides met in Ankara on 15 August 2024.\n\nThey signed a memorandum.\n"
TR = (
    "# Ortak bildiri\n\nİki taraf 15 Ağustos 2024'te Ankara'da görüştü.\n\nBir mutabakat zaptı imzaladılar.\n"
)


def stated(world: World) -> str:
    docket = world.say("TUR", NOW, "statements", "propose", *pages(world, "statement", en=EN, tr=TR),
                       "--sort", "joint_statement", "--on", "2024-08-01")  # fmt: skip
    accept(world, docket, chapter="statements")
    return docket


def test_a_statement_is_one_text_that_both_accepted_and_may_revise(world: World) -> None:
    docket = stated(world)
    before = asked(world, "text", docket, "2024-08-02", "statements")
    assert "memorandum" in json.dumps(before)
    revised = world.say("IRQ", NOW, "statements", "revise", "--answers", docket,
                        *pages(world, "revised", en=EN.replace("They signed", "Their ministers signed"), tr=TR))  # fmt: skip
    world.exchange(1)
    assert "Their ministers" not in json.dumps(asked(world, "text", docket, "2024-08-02", "statements"))
    accept(world, revised, "TUR", chapter="statements")
    assert "Their ministers" in json.dumps(asked(world, "text", docket, "2024-08-02", "statements"))
    alike(world)


def test_what_was_published_is_kept_by_its_hash_and_its_text_can_be_destroyed(world: World) -> None:
    docket = stated(world)
    (file,) = pages(
        world, "report", en="ANKARA, Aug. 16 - The two sides met in Ankara and signed a memorandum.\n"
    )
    published = world.say("IRQ", NOW, "statements", "record-publication", file, "--docket", docket,
                          "--outlet", "An invented newspaper", "--on", "2024-08-01", "--origin", "press")  # fmt: skip
    text = world.say("IRQ", NOW, "statements", "attach-text", file, "--answers", published)
    world.exchange(1)
    (told,) = asked(world, "published", docket, "2024-08-02", "statements")
    assert (told["ref"], told["language"], told["outlet"]) == (published, "en", "An invented newspaper")
    world.say("IRQ", NOW, "statements", "destroy", "--answers", text, "--rule", "licence ended")
    world.exchange(1)
    assert "signed a memorandum" not in world.call("TUR", "show", text).out
    alike(world)


def test_a_source_is_cited_for_a_fact_that_is_there(world: World) -> None:
    fact = f"{mechanism(world)}#art-1"
    source = world.say("TUR", NOW, "statements", "record-source", "--title", "en=A yearbook",
                       "--facts", json.dumps([{"fact": fact}]))  # fmt: skip
    world.exchange(1)
    world.say("IRQ", NOW, "statements", "cite-source", "--docket", source, "--fact", "TUR/1")
    world.exchange(1)
    assert len(asked(world, "sources", source, "2024-08-02", "statements")) == 2
    for nothing in ("TUR/99", fact.replace("art-1", "art-77")):
        assert nothing in refused(
            world, 1, "statements", "cite-source", "--docket", source, "--fact", nothing
        )
    alike(world)


@pytest.fixture(scope="module")
def statement(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, str]:
    world = World(tmp_path_factory.mktemp("statement")).found()
    return world, stated(world)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (b"word " * (2 << 20), "long.en.txt"),
        ("çok ".encode("latin-1") * 20, "UTF-8"),
    ],
    ids=["empty", "blank", "10 MB", "not UTF-8"],
)
def test_a_published_text_that_is_none_is_named_and_not_stored(
    statement: tuple[World, str], raw: bytes, says: str
) -> None:
    world, docket = statement
    file = world.folder / "long.en.txt"
    file.write_bytes(raw)
    told = refused(world, 1, "statements", "record-publication", file, "--docket", docket, "--outlet", "A newspaper",
                   "--on", "2024-08-01")  # fmt: skip
    assert "long.en.txt" in told
    assert says in told


def test_a_text_that_is_not_the_one_recorded_is_refused(statement: tuple[World, str]) -> None:
    world, docket = statement
    (file,) = pages(world, "own", en="The two sides met.\n")
    published = world.say("TUR", NOW, "statements", "record-publication", file, "--docket", docket,
                          "--outlet", "A ministry", "--on", "2024-08-01")  # fmt: skip
    file.write_text("The two sides did not meet.\n", "utf-8")
    assert published in refused(world, 1, "statements", "attach-text", file, "--answers", published)
    world.exchange(1)
    refused(world, 1, "statements", "attach-text", file, "--answers", published, party="IRQ")


def test_a_statement_that_lacks_a_language_or_a_passage_is_refused(statement: tuple[World, str]) -> None:
    world, _ = statement
    short = pages(world, "short", en=EN, tr=TR.rpartition("\n\n")[0])
    assert "(en: 3, tr: 2)" in refused(world, 1, "statements", "propose", *short, "--sort", "joint_statement")
    untitled = pages(world, "untitled", en=EN, tr=TR.partition("\n\n")[2] + "\n\nBitti.\n")
    assert "tr" in refused(world, 1, "statements", "propose", *untitled, "--sort", "joint_statement")
    (empty,) = pages(world, "empty", en="")
    assert "empty" in refused(world, 1, "statements", "propose", empty, "--sort", "communique")
    assert "2024-08-30" in refused(world, 1, "statements", "record-publication", pages(world, "own", en="Met.\n")[0],
                                   "--docket", statement[1], "--outlet", "X", "--on", "2024-08-30")  # fmt: skip


AGREED: dict[str, str] = {}
AGREED["en"] = (
    "# Joint statement\n\nThe two ministers met in Ankara on 15 August 2024 and reviewed their cooperation.\n\n"
    "The sides will set up five permanent committees within six months.\n\n"
    "A joint training centre shall be set up in Bashika.\n"
)
AGREED["tr"] = (
    "# Ortak bildiri\n\nİki bakan 15 Ağustos 2024 tarihinde Ankara'da görüştü ve işbirliğini gözden geçirdi.\n\n"
    "Taraflar altı ay içinde beş daimi komite kuracaktır.\n\n"
    "Başika'da ortak bir eğitim merkezi kurulacaktır.\n"
)
UNRELATED = (
    "The price of tomatoes rose again this week. Farmers in the valley blame the late frost, and shops have begun to "
    "import from further away. A baker said that she would rather close for a month than raise her prices once more.\n"
)


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, str]:
    """A statement that both accepted, with something to compare in it."""
    world = World(tmp_path_factory.mktemp("compared")).found()
    docket = world.say("TUR", NOW, "statements", "propose", *pages(world, "statement", **AGREED),
                       "--sort", "joint_statement", "--on", "2024-08-01")  # fmt: skip
    accept(world, docket, chapter="statements")
    return world, docket


def held(compared: tuple[World, str], text: str, tag: str = "en", *more: object) -> dict[str, Any]:
    """A text held against the statement on the spot, the same at both nodes; nothing is said by it."""
    world, docket = compared
    (file,) = pages(world, "published", **{tag: text})
    before = world.sizes()
    told = [
        world.ok(party, "--now", NOW, "statements", "compare", docket, file, *more) for party in world.parties
    ]
    assert told[0] == told[1]
    assert world.sizes() == before
    found: dict[str, Any] = told[0]["texts"][0]["comparison"]
    return found


def relations(found: dict[str, Any]) -> list[tuple[tuple[int, ...], str]]:
    return [(tuple(finding["passages"]), finding["relation"]) for finding in found["findings"]]


def test_what_was_changed_left_out_and_added_is_found_where_it_is(compared: tuple[World, str]) -> None:
    text = (
        "The two ministers met in Ankara on 15 August 2024 and reviewed their cooperation.\n\n"
        "The sides will set up seven permanent committees within six months.\n\n"
        "A new bridge over the river will be opened for traffic next spring by both governors.\n"
    )
    found = held(compared, text)
    assert found["verdict"] == "compared"
    assert sorted(relations(found)) == [((), "added"), ((1,), "same"), ((2,), "changed"), ((3,), "missing")]
    (changed,) = next(one["differences"] for one in found["findings"] if one["relation"] == "changed")
    assert (changed["kind"], changed["ours"], changed["published"]) == ("number", "five", "seven")
    world, docket = compared
    for tag in LANGUAGES:
        out = world.call("TUR", "--now", NOW, "--language", tag, "statements", "compare", docket,
                         world.folder / "published.en.md").out  # fmt: skip
        assert "seven" in out


def test_the_same_words_in_either_language_are_found_the_same(compared: tuple[World, str]) -> None:
    for tag, text in AGREED.items():
        found = held(compared, text.partition("\n\n")[2], tag)
        assert {relation for _, relation in relations(found)} == {"same"}


@pytest.mark.parametrize(
    ("text", "more", "verdict"),
    [
        (AGREED["tr"].partition("\n\n")[2], ("--in", "en"), "other_language"),
        (UNRELATED, (), "unrelated"),
    ],
    ids=["the wrong language", "nothing to do with the statement"],
)
def test_what_cannot_be_compared_is_said_so_and_not_forced_to_match(
    compared: tuple[World, str], text: str, more: tuple[str, ...], verdict: str
) -> None:
    found = held(compared, text, "en", *more)
    assert (found["verdict"], found["findings"]) == (verdict, [])
    world, docket = compared
    told = {
        world.call("TUR", "--now", NOW, "--language", tag, "statements", "compare", docket,
                   world.folder / "published.en.md", *more).out
        for tag in LANGUAGES
    }  # fmt: skip
    assert len(told) == 3


@pytest.mark.parametrize(
    ("raw", "says"), [(b"", "empty"), (b"word " * (2 << 20), "bytes")], ids=["empty", "10 MB"]
)
def test_a_file_that_is_no_text_is_named_when_it_is_compared(
    compared: tuple[World, str], raw: bytes, says: str
) -> None:
    world, docket = compared
    file = world.folder / "huge.en.txt"
    file.write_bytes(raw)
    told = refused(world, 1, "statements", "compare", docket, file)
    assert "huge.en.txt" in told
    assert says in told


def test_what_was_recorded_as_published_is_compared_by_both(compared: tuple[World, str]) -> None:
    world, docket = compared
    (file,) = pages(
        world,
        "gazette",
        en="The two ministers met in Ankara on 16 August 2024 and reviewed their cooperation.\n",
    )
    published = world.say("IRQ", NOW, "statements", "record-publication", file, "--docket", docket,
                          "--outlet", "An invented gazette", "--on", "2024-08-01")  # fmt: skip
    world.say("IRQ", NOW, "statements", "attach-text", file, "--answers", published)
    world.exchange(1)
    (told,) = asked(world, "comparison", docket, "2024-08-02", "statements")["texts"]
    assert told["ref"] == published
    kinds = [one["kind"] for finding in told["comparison"]["findings"] for one in finding["differences"]]
    assert "date" in kinds
    alike(world)


def test_a_statement_that_is_not_agreed_is_compared_with_nothing(compared: tuple[World, str]) -> None:
    world, _ = compared
    open_one = world.say("TUR", NOW, "statements", "propose", *pages(world, "open", en=EN, tr=TR),
                         "--sort", "communique")  # fmt: skip
    (file,) = pages(world, "published", en="The two sides met.\n")
    assert open_one in refused(world, 1, "statements", "compare", open_one, file)
