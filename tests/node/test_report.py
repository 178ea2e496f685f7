"""A committee's report is the same on both nodes, byte for byte, and says what its commitments say of themselves."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.node.committees import DUE, JOINT, PARTIES, WATER, Room, live
from tests.node.test_programme import every

from comity.chapters.commitments import acts
from comity.chapters.committees.acts import PersonNamed, ReportProposed
from comity.chapters.meetings import acts as meetings
from comity.core import canonical
from comity.core.act import Ref
from comity.core.errors import Refused
from comity.node import asking, report, showing
from comity.node.record import Record

STEPS = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 15), st.integers(0, 60)), min_size=4, max_size=40
)
DAYS = st.dates(date(2024, 8, 30), date(2026, 6, 1))
SINCE, UNTIL = date(2024, 9, 1), date(2024, 12, 31)
DAY = timedelta(days=1)


def made(
    record: Record, cut: Mapping[str, int] | None = None, since: date = SINCE, until: date = UNTIL
) -> dict[str, Any]:
    return report.report(record, JOINT, "joint", since, until, cut)


@settings(max_examples=40)
@given(STEPS, STEPS, DAYS, DAYS)
def test_a_report_is_the_same_on_both_nodes_byte_for_byte(
    before: Any, after: Any, one: date, other: date
) -> None:
    """For the same cut, in whatever order the acts below it arrived, whatever was said since, in a new process too.

    Seen to fail when the state was that of now instead of that of the cut.
    """
    room, (since, until) = Room(), sorted((one, other))
    live(room, before)
    early = {party: made(room.node(party), None, since, until) for party in PARTIES}
    live(room, after)
    room.meet()
    for maker in PARTIES:
        cut = early[maker]["at"]
        expected = canonical.encode(early[maker])
        for party in PARTIES:
            again = made(room.node(party), cut, since, until)
            assert canonical.encode(again) == expected
        fresh = room.world.reopen("IRQ")
        assert canonical.encode(made(fresh, cut, since, until)) == expected
    last = {canonical.encode(made(room.node(party), None, since, until)) for party in PARTIES}
    assert len(last) == 1


@settings(max_examples=30)
@given(STEPS, DAYS, DAYS)
def test_a_report_says_what_each_commitment_says_of_itself_at_its_end(
    steps: Any, one: date, other: date
) -> None:
    """Every commitment of the body that was put by then is in it, in the section that its own status names.

    But for those that were over before the period began and of which nothing was said in it.
    """
    room, (since, until) = Room(), sorted((one, other))
    live(room, steps)
    node = room.node("TUR")
    told = made(node, None, since, until)
    expected, earlier, overdue = {}, 0, []
    for ref in every(node):
        status = asking.ask(node, ref, "status", until)
        if status["is"] == "not_open" or showing.show(node, ref)["mandate"] != JOINT:
            continue
        before = asking.ask(node, ref, "status", since - DAY)
        shown = asking.docket(node, ref)["acts"]
        days = [act["time"][:10] for act in shown if not act["irregular"] and not act["waiting"]]
        moved = any(since.isoformat() <= day <= until.isoformat() for day in days)
        if not moved and (before["is"] in ("replaced", "dropped") or before["status"] == "done"):
            earlier += 1
            continue
        expected[str(ref)] = status["status"] or status["is"]
        overdue += [str(ref)] if asking.ask(node, ref, "due", until)["overdue"] else []
    assert {row["docket"]: row["section"] for row in told["commitments"]} == expected
    listed = {name: refs for name, refs in told["sections"].items() if name != "overdue"}
    assert {ref: name for name, refs in listed.items() for ref in refs} == expected
    assert told["sections"]["overdue"] == overdue
    counts = told["counts"]
    assert {name: counts[name] for name in listed} == {name: len(refs) for name, refs in listed.items()}
    assert (counts["commitments"], counts["overdue"], counts["earlier"]) == (
        len(expected),
        len(overdue),
        earlier,
    )


@settings(max_examples=20)
@given(STEPS)
def test_a_report_is_plain_data_without_floats(steps: Any) -> None:
    """So that it has canonical bytes, and a paper can be set from it as it is."""
    room = Room()
    live(room, steps)
    told = made(room.node("IRQ"))
    assert json.loads(json.dumps(told)) == told
    assert report.digest(told) == hashlib.sha256(canonical.encode(told)).hexdigest()
    assert report.digest({**told, "body": "other"}) != report.digest(told)


# ---------------------------------------------------------------------------------------- what it says


def test_what_a_committee_did_in_a_period() -> None:
    """One of each: done, disputed with both views and reasons, unanswered, overdue, replaced by two, dropped, silent."""
    room = Room()
    done, disputed, unanswered, replaced, dropped, silent = (
        room.agreed(title=title, due=due)
        for title, due in (
            ("Done", DUE), ("Disputed", date(2024, 11, 1)), ("Unanswered", DUE), ("Replaced", DUE),
            ("Dropped", DUE), ("Silent", date(2024, 10, 1)),
        )
    )  # fmt: skip
    for party in PARTIES:
        room.state(party, done, "done")
    room.carry("TUR", done)
    evidence = [room.record("TUR", done, data) for data in (b"one", b"two")]
    room.release("TUR", done, evidence[0], b"one")
    room.state("TUR", disputed, "done")
    room.state("TUR", unanswered, "started")
    room.meet().state("IRQ", disputed, "obstructed", "The land is not free.")
    children = [room.propose("IRQ", replaced, title=f"Part {number}") for number in (1, 2)]
    room.meet()
    for child in children:
        room.accept("TUR", child)
    closing = room.close("TUR", replaced, *children)
    other = room.close("TUR", dropped)
    room.meet()
    for offer in (closing, other):
        room.accept("IRQ", offer)
    room.meet()
    told = made(room.node("IRQ"))
    assert told["sections"] == {
        "done": [str(done)], "started": [], "not_started": [], "obstructed": [], "disputed": [str(disputed)],
        "unanswered": [str(unanswered)], "silent": [*map(str, sorted([*children, silent]))],
        "replaced": [str(replaced)], "dropped": [str(dropped)],
        "overdue": [str(ref) for ref in sorted([disputed, silent])],
    }  # fmt: skip
    rows = {row["docket"]: row for row in told["commitments"]}
    views = rows[str(disputed)]["views"]
    assert [(view["party"], view["status"], view["reason"]) for view in views] == [
        ("IRQ", "obstructed", {"en": "The land is not free."}),
        ("TUR", "done", {}),
    ]
    assert rows[str(disputed)]["days_late"] == 60
    assert rows[str(unanswered)]["behind"].keys() == {"IRQ"}
    assert rows[str(replaced)]["replaced_by"] == [*map(str, children)]
    assert all(rows[str(child)]["parents"] == [str(replaced)] for child in children)
    assert rows[str(done)]["evidence"] == {"TUR": {"recorded": 2, "released": 1}}
    assert [carried["instrument"] for carried in rows[str(done)]["instruments"]] == ["TUR/1"]
    assert (told["counts"]["evidence"], told["counts"]["released"]) == (2, 1)
    assert (told["counts"]["opened"], told["counts"]["agreed"]) == (8, 8)
    assert (told["names"], told["provision"]) == (
        {"en": "Joint Committee", "tr": "Ortak Komite"},
        {"en": "Joint Committee"},
    )
    assert told["parties"] == ["IRQ", "TUR"]


def test_the_next_period_leaves_out_what_was_over_before_it() -> None:
    """But not where something was said of it since; what is open stands in every report until it is over."""
    room = Room()
    over, still, spoken = room.agreed(), room.agreed(title="Still"), room.agreed(title="Spoken of")
    for step in (over, spoken):
        for party in PARTIES:
            room.state(party, step, "done")
    room.meet().on(date(2025, 2, 1)).record("TUR", spoken)
    room.meet()
    told = made(room.node("IRQ"), None, date(2025, 1, 1), date(2025, 12, 31))
    assert [row["docket"] for row in told["commitments"]] == [str(still), str(spoken)]
    assert [row["moved"] for row in told["commitments"]] == [False, True]
    assert told["counts"]["earlier"] == 1
    first = made(room.node("IRQ"))
    assert [row["docket"] for row in first["commitments"]] == [str(over), str(still), str(spoken)]
    assert first["counts"]["evidence"] == 0
    assert made(room.node("IRQ"), None, date.min, date.max)["counts"]["earlier"] == 0


def test_meetings_held_and_decisions_taken_in_the_period() -> None:
    """By the days agreed, both ends of the period among them. Those of another body are not in it."""
    room = Room()
    first, minutes = room.meeting(date(2024, 10, 1))
    room.meeting(date(2024, 10, 5), mandate=WATER)
    second, _ = room.meeting(date(2024, 12, 31), 2, decide=False)
    told = made(room.node("IRQ"))
    assert [(met["docket"], met["round"], met["held"]) for met in told["meetings"]] == [
        (str(first), 1, ["2024-10-01"]),
        (str(second), 2, ["2024-12-31"]),
    ]
    (decision,) = told["decisions"]
    assert (decision["ref"], decision["meeting"], decision["day"]) == (
        f"{minutes}#D1",
        str(first),
        "2024-10-01",
    )
    assert made(room.node("IRQ"), None, date(2024, 10, 2), date(2024, 12, 30))["meetings"] == []
    assert made(room.node("IRQ"), None, date(2024, 10, 2))["decisions"] == []
    assert len(made(room.node("TUR"), None, date(2024, 10, 1), date(2024, 10, 1))["decisions"]) == 1


def test_seats_are_filled_or_vacant_on_the_last_day_over_all_registers_of_the_body() -> None:
    room = Room()
    register, more = room.constitute(), room.constitute()
    room.seat("IRQ", register, 1, date(2024, 9, 1), UNTIL)
    room.seat("IRQ", more, 2, UNTIL)
    room.seat("IRQ", more, 1, date(2024, 11, 1))  # held twice, in two registers: one seat
    left = room.seat("TUR", register, 1, date(2024, 9, 1))
    room.vacate("TUR", register, left, UNTIL)
    room.seat("TUR", register, 2, UNTIL + DAY)
    room.meet()
    told = made(room.node("TUR"))["seats"]
    assert [(party, told[party]["seats"], told[party]["vacant"]) for party in PARTIES] == [
        ("IRQ", 3, 1),
        ("TUR", 3, 3),
    ]
    assert [(term["seat"], term["since"]) for term in told["IRQ"]["filled"]] == [
        ("IRQ-1", "2024-09-01"), ("IRQ-1", "2024-11-01"), ("IRQ-2", "2024-12-31"),
    ]  # fmt: skip
    later = made(room.node("TUR"), None, SINCE, UNTIL + DAY)["seats"]
    assert (later["IRQ"]["vacant"], later["TUR"]["vacant"]) == (1, 2)


def test_a_mandate_that_names_no_seats_has_none_vacant_and_none_said() -> None:
    told = report.report(Room().node("IRQ"), WATER, "water", SINCE, UNTIL)["seats"]
    assert told == {party: {"seats": None, "vacant": None, "filled": []} for party in PARTIES}


def test_no_person_is_named_in_a_report() -> None:
    """Names stand in registers and delegations, where they can be destroyed."""
    room = Room()
    register = room.constitute()
    term = room.seat("TUR", register, 1, date(2024, 9, 1))
    named = PersonNamed("A. Example", {"en": "Deputy Minister"})
    room.say("TUR", "committee.person_named/1", named, register, term, mandate=JOINT)
    docket, _ = room.meeting(date(2024, 10, 1))
    delegation = meetings.DelegationNamed(meetings.Person("B. Example"))
    room.say("IRQ", "meeting.delegation_named/1", delegation, docket, mandate=JOINT)
    room.meet()
    told = json.dumps(made(room.node("TUR")))
    assert "TUR-1" in told
    assert "Example" not in told


# -------------------------------------------------------------------------------------- agreeing on one


def proposed(room: Room, register: Ref, **change: Any) -> Ref:
    """Türkiye proposes the report that its node makes, with some of it changed."""
    said = report.proposal(room.node("TUR"), register, SINCE, UNTIL)
    body = ReportProposed(**{"since": SINCE, "until": UNTIL, **said, **change})
    ref = room.say("TUR", "committee.report_proposed/1", body, register, mandate=JOINT)
    room.world.sync("IRQ", "TUR")
    return ref


def test_the_other_side_makes_the_same_report_though_much_was_said_since() -> None:
    room = Room()
    register, step = room.constitute(), room.agreed()
    room.state("TUR", step, "started")
    ref = proposed(room, register)
    room.state("IRQ", step, "done")
    room.agreed(title="Later")
    told = [report.require_same(room.node(party), ref) for party in PARTIES]
    assert told[0] == told[1]
    body = showing.act_of(room.node("IRQ"), ref).body
    assert (report.digest(told[0]), told[0]["at"]) == (body.digest, body.at)
    assert told[0]["sections"]["unanswered"] == [str(step)]


@pytest.mark.parametrize(
    "change",
    [{"digest": "5b" * 32}, {"until": UNTIL + DAY}, {"since": SINCE + DAY}, {"at": {"IRQ": 1, "TUR": 2}}],
    ids=["hash", "end", "begin", "cut"],
)
def test_a_report_that_this_node_does_not_get_is_refused_naming_both(change: dict[str, Any]) -> None:
    """Another hash, or the right hash with another period or cut."""
    room = Room()
    register, step = room.constitute(), room.agreed()
    room.state("TUR", step, "started")
    ref = proposed(room, register, **change)
    with pytest.raises(Refused) as refused:
        report.require_same(room.node("IRQ"), ref)
    facts = refused.value.facts
    assert (refused.value.code, facts["ref"]) == ("report_differs", str(ref))
    assert facts["theirs"] == showing.act_of(room.node("IRQ"), ref).body.digest != facts["ours"]


def test_what_is_no_report_or_no_committee_is_refused() -> None:
    room = Room()
    register, step = room.constitute(), room.agreed()
    for ref, code in ((register, "not_a_report"), (step, "not_a_report"), (Ref("TUR", 99), "act_unknown")):
        with pytest.raises(Refused) as refused:
            report.require_same(room.node("IRQ"), ref)
        assert refused.value.code == code
    for ref in (step, Ref("TUR", 1), Ref("TUR", 0)):
        with pytest.raises(Refused) as refused:
            report.proposal(room.node("IRQ"), ref, SINCE, UNTIL)
        assert refused.value.code == "not_a_committee"


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"until": SINCE - DAY}, "report_period"),
        ({"cut": {"TUR": 10_000}}, "report_ahead"),
        ({"cut": {"JOR": 1}}, "report_ahead"),
        ({"cut": {"TUR": 1}}, "committee_unknown"),
        ({"cut": {}}, "committee_unknown"),
    ],
)
def test_what_cannot_be_made_is_refused(how: dict[str, Any], code: str) -> None:
    """A period that ends before it begins; a cut that this node cannot read, or below which nobody set up the body."""
    room = Room()
    with pytest.raises(Refused) as refused:
        made(room.node("TUR"), **how)
    assert refused.value.code == code


def test_the_sections_are_all_that_a_commitment_can_be() -> None:
    """Each status that both can agree on has one, and so has whatever else is shown of a commitment."""
    assert Counter(report.SECTIONS) == Counter(
        [*acts.STATUSES, "disputed", "unanswered", "silent", "replaced", "dropped"]
    )
