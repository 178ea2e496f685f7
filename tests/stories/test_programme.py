"""Two ministries look across their commitments: what is late, what waits for whom, and the report that both accept."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.stories.programme import NOW, commitment, mechanism, node
from tests.stories.scene import World

from comity.chapters.committees.acts import ReportProposed
from comity.core.act import Ref
from comity.node.record import Draft

BODY = ("--body", "security-mechanism")
TERMS = {"title": {"en": "Joint centre"}, "text": {"en": "Set it up."}, "owners": ["IRQ", "TUR"]}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path).found()


@pytest.fixture
def mandate(world: World) -> str:
    return f"{mechanism(world)}#art-1"


def propose(world: World, mandate: str, *how: object, due: Any = None, party: str = "TUR") -> str:
    return world.say(party, NOW, *proposing(mandate, *how, due=due))


def proposing(mandate: str, *how: object, due: Any = None) -> tuple[object, ...]:
    terms = {**TERMS, "source": mandate, **({"due": due} if due else {})}
    return ("commitments", "propose", "--mandate", mandate, *BODY, "--terms", json.dumps(terms), *how)


def due_of(world: World, party: str, ref: str) -> dict[str, Any]:
    found: dict[str, Any] = world.ok(party, "commitments", "ask", "due", ref, "--on", "2025-03-03")
    return found


# ---------------------------------------------------------------------------------------- working days


def test_so_many_joint_working_days_become_a_day_with_how_it_was_counted(world: World, mandate: str) -> None:
    """By options, by the terms as JSON, and by the terms as a file of YAML, in which numbers are text: the same."""
    file = world.folder / "terms.yaml"
    file.write_text(
        "title: {en: Joint centre}\ntext: {en: Set it up.}\nowners: [IRQ, TUR]\n"
        f"source: {mandate}\ndue:\n  basis: {{start: 2025-03-03, count: 20, unit: working_days}}\n",
        "utf-8",
    )
    basis = {"start": "2025-03-03", "count": 20, "unit": "working_days"}
    expected = {**basis, "calendars": ["IRQ", "TUR"]}
    refs = [
        propose(world, mandate, "--working-days", "20", "--from", "2025-03-03"),
        propose(world, mandate, due={"basis": basis}),
        world.say("TUR", NOW, "commitments", "propose", "--mandate", mandate, *BODY, "--terms", file),
    ]
    world.exchange(1)
    for ref in refs:
        told = due_of(world, "IRQ", ref)
        assert (told["on"], told["basis"]) == ("2025-04-10", expected)
    counted = world.ok("IRQ", "commitments", "workdays", "--from", "2025-03-03", "--days", "20")
    assert (counted["on"], counted["estimated"], counted["parties"]) == ("2025-04-10", False, ["IRQ", "TUR"])
    closed = {(shut["on"], shut["party"], shut["why"]) for shut in counted["skipped"]}
    assert {("2025-03-31", "IRQ", "holiday"), ("2025-03-29", "TUR", "weekend")} <= closed
    assert ("2025-03-21", "IRQ", "weekend") in closed


def test_new_terms_can_be_due_after_so_many_working_days_and_keep_the_rest(
    world: World, mandate: str
) -> None:
    ref = commitment(world, mandate)
    how = ("--docket", ref, "--working-days", "10", "--from", "2025-03-03")
    later = world.say("IRQ", NOW, "commitments", "propose-terms", *how)
    world.exchange(1)
    world.say("TUR", NOW, "commitments", "accept", "--answers", later)
    told = due_of(world, "TUR", ref)
    assert (told["on"], told["owners"], told["terms"]) == ("2025-03-19", ["IRQ", "TUR"], "agreed")


def test_days_and_months_are_counted_too_and_moved_where_calendars_are_named(
    world: World, mandate: str
) -> None:
    """31 March 2025 is a feast in both states; the next day on which both work is 3 April."""
    month = {"start": "2025-02-28", "count": 1, "unit": "months"}
    plain = propose(world, mandate, due={"basis": {**month, "start": "2025-01-31"}})
    moved = propose(
        world,
        mandate,
        due={"basis": {"start": "2025-03-01", "count": 30, "unit": "days", "calendars": ["IRQ", "TUR"]}},
    )
    assert due_of(world, "TUR", plain)["on"] == "2025-02-28"
    assert due_of(world, "TUR", moved)["on"] == "2025-04-03"


def test_a_due_day_on_which_somebody_is_closed_is_refused_before_it_is_said(
    world: World, mandate: str
) -> None:
    """It names who is closed and why, and the next joint working day. Nothing is stored."""
    before = world.sizes()
    due = {"basis": {"start": "2025-03-03", "count": 20, "unit": "working_days"}, "on": "2025-04-11"}
    told = world.fails("TUR", 1, *proposing(mandate, due=due))
    assert "IRQ: weekend" in told
    assert "2025-04-14" in told
    due["on"] = "2025-04-23"
    assert "TUR: holiday: National Sovereignty" in world.fails("TUR", 1, *proposing(mandate, due=due))
    due["on"] = "2025-04-14"
    assert "2025-04-10" in world.fails("TUR", 1, *proposing(mandate, due=due))
    due["on"] = "2025-04-10"
    assert due_of(world, "TUR", propose(world, mandate, due=due))["on"] == "2025-04-10"
    assert before["IRQ"] == world.sizes()["IRQ"]
    for language, word in (("tr", "hafta sonu"), ("ar", "عطلة نهاية الأسبوع")):
        due["on"] = "2025-04-11"
        assert word in world.fails("TUR", 1, "--language", language, *proposing(mandate, due=due))


def test_announced_days_are_counted_as_announced_and_the_other_side_is_told_of_its_own_count(
    world: World, mandate: str
) -> None:
    """A notice and no more: what is accepted is the day."""
    ref = propose(world, mandate, "--working-days", "5", "--from", "2025-03-03", "--closed", "IRQ=2025-03-05")
    assert due_of(world, "TUR", ref)["on"] == "2025-03-12"
    same = propose(world, mandate, "--working-days", "5", "--from", "2025-03-03")
    worked = propose(
        world, mandate, "--working-days", "4", "--from", "2025-03-03", "--worked", "IRQ=2025-03-07"
    )
    assert due_of(world, "TUR", worked)["on"] == "2025-03-07"
    world.exchange(1)
    came = world.call("IRQ", "--json", "--now", NOW, "commitments", "accept", "--answers", ref)
    assert came.code == 0
    assert "2025-03-11" in came.err
    assert "2025-03-12" in came.err
    assert world.call("IRQ", "--json", "--now", NOW, "commitments", "accept", "--answers", same).err == ""


@pytest.mark.parametrize(
    ("how", "code", "word"),
    [
        (("--working-days", "0"), 2, "--working-days"),
        (("--working-days", "5", "--closed", "IRQ"), 2, "IRQ=2025-03-16"),
        (("--working-days", "5", "--closed", "IRQ=2025-02-30"), 2, "IRQ=2025-03-16"),
        (("--working-days", "5", "--from", "2080-01-01"), 1, "2080"),
    ],
)
def test_what_cannot_be_counted_is_refused(
    world: World, mandate: str, how: tuple[str, ...], code: int, word: str
) -> None:
    assert word in world.fails("TUR", code, *proposing(mandate, *how))


@pytest.mark.parametrize(
    "basis",
    [
        {"start": "2025-02-30", "count": 5, "unit": "working_days"},
        {"start": "2025-03-03", "count": "many", "unit": "working_days"},
        {"start": "2025-03-03", "count": 5, "unit": "weeks"},
        {"start": "2025-03-03", "unit": "working_days"},
        {"start": "2025-03-03", "count": 5, "unit": "working_days", "calendars": ["United Nations"]},
        {"start": "2025-03-03", "count": 5, "unit": "working_days", "calendars": ["UN"]},
        {"start": "9999-12-31", "count": 36600, "unit": "days", "calendars": ["IRQ"]},
        {"start": "2025-03-03", "count": 5, "unit": "working_days", "more": 1},
    ],
)
def test_a_basis_that_is_none_is_told(world: World, mandate: str, basis: dict[str, Any]) -> None:
    world.fails("TUR", 1, *proposing(mandate, due={"basis": basis}))


def test_a_due_date_typed_twice_is_a_mistake(world: World, mandate: str) -> None:
    told = world.fails("TUR", 1, *proposing(mandate, "--working-days", "5", due={"on": "2025-03-31"}))
    assert "--working-days" in told
    world.fails(
        "TUR",
        1,
        *proposing(mandate, due={"basis": {"unit": "days", "start": "2025-03-03", "count": 1}, "on": 5}),
    )


# ------------------------------------------------------------------------------------------- looking across


@pytest.mark.parametrize("language", ["en", "tr", "ar"])
def test_what_a_minister_asks_across_all_committees(world: World, mandate: str, language: str) -> None:
    """Every list can be read in three languages and taken as JSON; and both nodes say the same."""
    done, late = commitment(world, mandate, "Centre one"), commitment(world, mandate, "Centre two")
    for party in ("TUR", "IRQ"):
        world.say(party, NOW, "commitments", "assert-status", "--docket", done, "--status", "done")
    world.say("TUR", NOW, "commitments", "assert-status", "--docket", late, "--status", "started")
    world.exchange(2)
    on = ("--on", "2025-03-01")
    asked = {
        "overview": ("commitments", "overview", *on),
        "programme": ("commitments", "programme", "--mandate", mandate, *BODY, *on),
        "reminders": ("commitments", "reminders", *on),
        "dormant": ("commitments", "dormant", "--for", "30", *on),
        "lineage": ("commitments", "lineage", late),
        "workdays": (
            "commitments",
            "workdays",
            "--from",
            "2027-05-10",
            "--days",
            "9",
            "--closed",
            "TUR=2027-05-12",
        ),
    }
    told = {name: [world.ok(party, *words) for party in ("TUR", "IRQ")] for name, words in asked.items()}
    for name, (ours, theirs) in told.items():
        assert ours == ({**theirs, "party": "TUR"} if name == "overview" else theirs), name
    assert told["overview"][0]["total"]["overdue"] == 1
    assert told["overview"][0]["total"]["waits_for"] == {"IRQ": 1, "TUR": 1}
    assert [row["docket"] for row in told["programme"][0]["rows"]] == [late, done]
    assert [one["docket"] for one in told["reminders"][0]] == [late]
    assert [one["docket"] for one in told["dormant"][0]] == [late]
    assert {edge["parent"] for edge in told["lineage"][0]["up"]} == {mandate, mandate.partition("#")[0]}
    assert told["workdays"][0]["estimated"]
    for words in asked.values():
        came = world.call("IRQ", "--language", language, *words)
        assert came.code == 0, came
        assert "{" not in came.out
        assert not [
            word for word in came.out.split() if word.startswith(("label.", "value.", "sort.", "workday."))
        ]


def test_questions_that_have_no_answer_say_why(world: World, mandate: str) -> None:
    assert "nobody" in world.fails(
        "TUR", 1, "commitments", "programme", "--mandate", mandate, "--body", "nobody"
    )
    assert "TUR/99" in world.fails("TUR", 1, "commitments", "lineage", "TUR/99")
    assert "UN" in world.fails(
        "TUR", 1, "commitments", "workdays", "--days", "5", "--party", "UN", "--party", "TUR"
    )
    period = ("--since", "2025-01-01", "--until", "2024-01-01")
    assert "2024-01-01" in world.fails("TUR", 1, "committees", "report", "--mandate", mandate, *BODY, *period)
    world.fails("TUR", 2, "committees", "report", "--mandate", mandate, *BODY, *period, "--at", "TUR=x")
    world.fails("TUR", 2, "commitments", "reminders", "--within", "-1")


def test_a_question_leaves_the_logs_alone(world: World, mandate: str) -> None:
    commitment(world, mandate)
    before = world.sizes()
    world.ok("TUR", "commitments", "overview")
    world.ok("IRQ", "commitments", "reminders")
    assert world.sizes() == before
    assert world.call("TUR", "check").code == 0


# ---------------------------------------------------------------------------------------------- reports


def committee(world: World, mandate: str) -> str:
    docket = world.say("TUR", NOW, "committees", "constitute", "--mandate", mandate, *BODY)
    world.exchange(1)
    return docket


PERIOD = ("--since", "2024-08-01", "--until", "2024-12-31")


@pytest.mark.parametrize("language", ["en", "tr", "ar"])
def test_a_report_is_a_file_whose_hash_is_what_is_agreed(world: World, mandate: str, language: str) -> None:
    """Written by one side, made again by the other from the cut that it names: the same bytes."""
    commitment(world, mandate)
    world.exchange(2)
    asked = ("committees", "report", "--mandate", mandate, *BODY, *PERIOD)
    files = {party: world.folder / f"{party}.json" for party in ("TUR", "IRQ")}
    told = world.ok("TUR", *asked, "-o", files["TUR"])
    at = [word for party, size in told["report"]["at"].items() for word in ("--at", f"{party}={size}")]
    commitment(world, mandate, "Later")
    came = world.call("IRQ", "--language", language, *asked, *at, "-o", files["IRQ"])
    assert came.code == 0, came
    assert files["IRQ"].read_bytes() == files["TUR"].read_bytes()
    assert hashlib.sha256(files["TUR"].read_bytes()).hexdigest() == told["digest"]
    assert told["digest"] in came.out
    assert json.loads(files["TUR"].read_bytes()) == told["report"]
    raw = world.call("TUR", *asked, *at, "-o", "-")
    assert hashlib.sha256(raw.out.encode()).hexdigest() == told["digest"]


def test_the_hash_of_a_report_is_filled_in_and_another_one_is_not_said(world: World, mandate: str) -> None:
    docket = committee(world, mandate)
    step = commitment(world, mandate)
    world.say("TUR", NOW, "commitments", "assert-status", "--docket", step, "--status", "started")
    world.exchange(2)
    asked = ("committees", "propose-report", "--docket", docket, *PERIOD)
    assert "5b5b" in world.fails("TUR", 1, *asked, "--digest", "5b" * 32)
    assert "TUR" in world.fails("TUR", 1, *asked, "--at", "TUR=999")
    world.fails("TUR", 1, "committees", "propose-report", "--docket", step, *PERIOD)
    world.fails("TUR", 1, "committees", "propose-report", "--docket", docket, "--since", "2024-08-01")
    world.fails("TUR", 2, "committees", "propose-report", *PERIOD)
    ref = world.say("TUR", NOW, *asked)
    world.exchange(1)
    world.say("IRQ", NOW, "commitments", "assert-status", "--docket", step, "--status", "done")
    yes = world.say("IRQ", NOW, "committees", "accept-report", "--answers", ref)
    world.exchange(2)
    [told] = world.ok("TUR", "committees", "ask", "reports", docket)
    assert (told["agreed"], told["yes"]) == (True, {"IRQ": yes, "TUR": ref})
    again = [word for party, size in told["at"].items() for word in ("--at", f"{party}={size}")]
    for party in ("TUR", "IRQ"):
        made = world.ok(party, "committees", "report", "--mandate", mandate, *BODY, *PERIOD, *again)
        assert made["digest"] == told["digest"]
    assert made["report"]["sections"]["unanswered"] == [step]


def test_nobody_accepts_a_report_that_its_own_node_does_not_get(world: World, mandate: str) -> None:
    """Said by a node that keeps no such rule: named with both hashes, and nothing is stored."""
    docket = committee(world, mandate)
    forger = node(world, "TUR")
    body = ReportProposed(date(2024, 8, 1), date(2024, 12, 31), "5b" * 32, {"IRQ": 2, "TUR": 3})
    said = Draft("committee.report_proposed/1", body, "mfa", Ref.parse(docket), (), mandate,
                 time=datetime(2024, 8, 2, 9, tzinfo=UTC))  # fmt: skip
    ref = str(forger.record().say(said).ref)
    forger.close()
    world.exchange(1)
    before = world.sizes()
    for language in ("en", "tr", "ar"):
        told = world.fails("IRQ", 1, "--language", language, "committees", "accept-report", "--answers", ref)
        assert "5b" * 32 in told
        assert ref in told
    came = world.call("IRQ", "--json", "committees", "accept-report", "--answers", ref)
    facts = json.loads(came.err)["facts"]
    assert facts["theirs"] == "5b" * 32
    assert len(facts["ours"]) == 64
    assert world.sizes() == before


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("17 days were not counted", "an estimate")),
        ("tr", ("17 gün sayılmadı", "tahmini")),
        ("ar", ("17", "تقديري")),
    ],
)
def test_whoever_types_is_told_what_was_counted(
    world: World, mandate: str, language: str, words: tuple[str, ...]
) -> None:
    """And that a feast in between may still move the count. A day counted without calendars needs no word."""
    how = proposing(mandate, "--working-days", "12", "--from", "2026-05-12")
    came = world.call("TUR", "--now", NOW, "--language", language, *how)
    assert came.code == 0, came
    assert "2026-06-10" in came.out
    assert all(word in came.out for word in words)
    plain = {"on": "2025-02-28", "basis": {"start": "2025-01-31", "count": 1, "unit": "months"}}
    came = world.call("TUR", "--now", NOW, "--language", language, *proposing(mandate, due=plain))
    assert came.code == 0, came
    assert len(came.out.splitlines()) == 1


def test_seats_that_end_are_among_the_reminders_and_seats_in_the_report(world: World, mandate: str) -> None:
    docket = committee(world, mandate)
    seat = ("--docket", docket, "--role", "member", "--since", "2024-08-01", "--until", "2025-03-10")
    world.say("IRQ", NOW, "committees", "fill-seat", *seat, "--seat", "IRQ-1")
    world.exchange(1)
    came = world.call("TUR", "commitments", "reminders", "--on", "2025-03-01")
    assert "IRQ-1" in came.out
    assert "2025-03-10" in came.out
    told = world.call("TUR", "committees", "report", "--mandate", mandate, *BODY, *PERIOD)
    assert "1 of 10 seats filled" in told.out
