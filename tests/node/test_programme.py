"""What overviews, work programmes and reminders say is what each commitment's own questions say, and on every day."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.node.committees import DUE, JOINT, PARTIES, WATER, Room, live

from comity.chapters.commitments import acts
from comity.core.act import Ref
from comity.core.errors import Refused
from comity.node import asking, programme
from comity.node.record import Record

STEPS = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 15), st.integers(0, 60)), min_size=4, max_size=45
)
DAYS = st.dates(date(2024, 8, 30), date(2026, 6, 1))
DAY = timedelta(days=1)


def naive(record: Record, on: date) -> dict[str, Any]:
    """The overview in all, from each docket's own questions, one after the other."""
    is_, status, waits = Counter[str](), Counter[str](), Counter[str]()
    count = Counter[str]()
    since = []
    for ref in every(record):
        told = asking.ask(record, ref, "status", on)
        if told["is"] == "not_open":
            continue
        due = asking.ask(record, ref, "due", on)
        is_[told["is"]] += 1
        status[told["status"]] += 1
        days = [date.fromisoformat(act["time"][:10]) for act in regular(record, ref)]
        quiet = (on - max(day for day in days if day <= on)).days
        over = told["is"] in ("replaced", "dropped") or told["status"] == "done"
        count["commitments"] += 1
        count["open"] += told["is"] not in ("replaced", "dropped")
        count["overdue"] += due["overdue"]
        count["due"] += due["days_left"] is not None and 0 <= due["days_left"] <= 30 and not over
        count["dormant"] += quiet >= 90 and not over
        for wait in asking.ask(record, ref, "waits_for", on):
            waits[wait["party"]] += 1
            since.append(wait["since"][:10])
    named = ("commitments", "open", "overdue", "due", "dormant")
    return {
        **{name: count[name] for name in named},
        "is": {
            word: is_[word] for word in ("silent", "unanswered", "disputed", "agreed", "replaced", "dropped")
        },
        "status": {word: status[word] for word in acts.STATUSES},
        "waits_for": {party: waits[party] for party in PARTIES},
        "oldest": min(since, default=None),
    }


def every(record: Record) -> list[Ref]:
    return [
        ref for ref in record.store.opened("commitment", None, 1000) if ref.number < record.ready[ref.party]
    ]


def regular(record: Record, ref: Ref) -> list[dict[str, Any]]:
    shown = asking.docket(record, ref)["acts"]
    return [act for act in shown if not act["irregular"] and not act["waiting"]]


@settings(max_examples=40)
@given(STEPS, st.lists(DAYS, min_size=1, max_size=3))
def test_an_overview_counts_what_each_commitment_says_of_itself(steps: Any, days: list[date]) -> None:
    """At both nodes, before and after all has come round, on any day; asked again, it counts what changed."""
    room = Room()
    with mock.patch("comity.node.programme.DORMANT", 90):
        for part in (steps[: len(steps) // 2], steps[len(steps) // 2 :]):
            live(room, part)
            for on in (*days, days[0]):
                for party in PARTIES:
                    total = programme.overview(room.node(party), on)["total"]
                    assert total == naive(room.node(party), on)
        room.meet()
        for on in days:
            told = [programme.overview(room.node(party), on) for party in PARTIES]
            assert told[0] == {**told[1], "party": "IRQ"}


@settings(max_examples=20)
@given(STEPS, DAYS)
def test_bodies_add_up_and_lists_are_the_oldest(steps: Any, on: date) -> None:
    """The counts of all bodies are those in all; each list holds what was counted, the oldest first."""
    room = Room()
    live(room, steps)
    told = programme.overview(room.node("TUR"), on, most=1000)
    for name in ("commitments", "open", "overdue", "due", "dormant"):
        assert sum(body[name] for body in told["bodies"]) == told["total"][name]
    for name in ("overdue", "due", "dormant"):
        assert len(told[name]) == told["total"][name]
        assert [line["day"] for line in told[name]] == sorted(line["day"] for line in told[name])
    assert Counter(wait["party"] for wait in told["waits"]) == {
        party: count for party, count in told["total"]["waits_for"].items() if count
    }
    asked = [
        (wait["since"][:10], str(ref), wait["party"], wait["for"], wait["ref"])
        for ref in every(room.node("TUR"))
        for wait in asking.ask(room.node("TUR"), ref, "waits_for", on)
    ]
    assert Counter(asked) == Counter(
        (wait["since"], wait["docket"], wait["party"], wait["for"], wait["ref"]) for wait in told["waits"]
    )
    assert [wait["since"] for wait in told["waits"]] == sorted(wait["since"] for wait in told["waits"])
    few = programme.overview(room.node("TUR"), on, most=2)
    assert all(few[name] == told[name][:2] for name in ("overdue", "due", "dormant", "waits"))


def test_an_overview_of_nothing_is_empty() -> None:
    told = programme.overview(Room().node("TUR"), DUE)
    assert told["total"]["commitments"] == 0
    assert told["total"]["oldest"] is None
    assert (told["bodies"], told["waits"], told["overdue"]) == ([], [], [])


def test_the_bodies_stand_in_the_order_of_their_provisions_with_their_names() -> None:
    room = Room()
    room.propose("IRQ", mandate=WATER)
    room.propose("TUR", mandate=JOINT)
    room.meet()
    told = programme.overview(room.node("IRQ"), DUE)["bodies"]
    assert [(body["mandate"], body["body"], body["names"]["en"], body["in_force"]) for body in told] == [
        (JOINT, "joint", "Joint Committee", True),
        (WATER, "water", "Committee on Water", True),
    ]
    assert programme.overview(room.node("IRQ"), date(2025, 1, 1))["bodies"][0]["overdue"] == 1


def test_a_new_process_asks_no_docket_for_what_was_put_away() -> None:
    """Only the memorandum is opened, for the committee's name."""
    room = Room()
    steps = [room.agreed(title=f"Step {number}") for number in range(4)]
    node = room.node("TUR")
    with mock.patch("comity.node.summaries._WORTH", 1):
        before = programme.overview(node, DUE)
        node.put_away()
    node = room.world.reopen("TUR")
    opened: list[Ref] = []
    real = node.folds.fold
    with mock.patch.object(node.folds, "fold", lambda ref: (opened.append(ref), real(ref))[1]):
        assert programme.overview(node, DUE) == before
    assert not set(opened) & set(steps)


# ------------------------------------------------------------------------------------- work programmes


def test_a_work_programme_lists_a_committee_s_commitments_open_ones_by_due_date() -> None:
    """Then those that await an event, then what is over. Those of another committee are not in it."""
    room = Room()
    late = room.agreed(title="Late", due=date(2024, 10, 1))
    event = room.agreed(title="Event", due=acts.Due(event={"en": "when the centre opens"}))
    done = room.agreed(title="Done", due=date(2024, 9, 15))
    soon = room.agreed(title="Soon", due=date(2024, 11, 10))
    room.propose("TUR", mandate=WATER)
    for party in PARTIES:
        room.state(party, done, "done")
    room.meet()
    told = programme.work_programme(room.node("IRQ"), JOINT, "joint", date(2024, 10, 20))
    assert [row["docket"] for row in told["rows"]] == [str(ref) for ref in (late, soon, event, done)]
    assert [row["overdue"] for row in told["rows"]] == [True, False, False, False]
    assert (told["counts"]["commitments"], told["counts"]["overdue"], told["counts"]["due"]) == (4, 1, 1)
    assert told["counts"]["status"]["done"] == 1
    assert (told["names"]["tr"], told["in_force"]) == ("Ortak Komite", True)
    assert told["rows"][2]["event"] == {"en": "when the centre opens"}
    assert told["rows"][0]["days_left"] == -19


@pytest.mark.parametrize(
    ("mandate", "body"),
    [
        (JOINT, "water"),
        (JOINT, ""),
        ("TUR/1#art-9", "joint"),
        ("TUR/1", "joint"),
        ("TUR/99#art-1", "joint"),
        ("x", "joint"),
    ],
)
def test_a_body_that_no_provision_sets_up_has_no_work_programme(mandate: str, body: str) -> None:
    with pytest.raises(Refused) as refused:
        programme.work_programme(Room().node("TUR"), mandate, body, DUE)
    assert refused.value.code == "committee_unknown"


def test_both_views_stand_in_a_row_side_by_side() -> None:
    room = Room()
    step = room.agreed()
    room.state("TUR", step, "done")
    room.meet().state("IRQ", step, "obstructed")
    room.meet()
    (row,) = programme.work_programme(room.node("TUR"), JOINT, "joint", DUE)["rows"]
    assert (row["is"], row["views"]) == ("disputed", {"IRQ": "obstructed", "TUR": "done"})


# ------------------------------------------------------------------------------------------ reminders


def test_reminders_begin_so_many_days_before_and_do_not_end_until_it_is_done() -> None:
    """On the first of the days, on the due day, on the day after it; gone once both say that it is done."""
    room = Room()
    step = room.agreed()
    node = room.node("TUR")

    def told(on: date, within: int = 30) -> list[tuple[str, str]]:
        return [(found["what"], found["docket"]) for found in programme.reminders(node, on, within)]

    assert told(DUE - 31 * DAY) == []
    assert told(DUE - 30 * DAY) == told(DUE) == told(DUE, 0) == [("due", str(step))]
    assert told(DUE - DAY, 0) == []
    assert told(DUE + DAY) == told(DUE + 999 * DAY, 0) == [("overdue", str(step))]
    for party in PARTIES:
        room.state(party, step, "done")
    room.meet()
    assert told(DUE) == told(DUE + DAY) == []


def test_terms_of_seats_that_end_are_reminded_of_without_names() -> None:
    room = Room()
    register = room.constitute()
    room.seat("IRQ", register, 1, date(2024, 9, 1), date(2025, 8, 31))
    room.seat("IRQ", register, 2, date(2024, 9, 1))
    room.meet()
    on = date(2025, 8, 31)
    (told,) = programme.reminders(room.node("TUR"), on - 30 * DAY)
    assert (told["what"], told["on"], told["parties"], told["seat"]) == (
        "term_ends",
        "2025-08-31",
        ["IRQ"],
        "IRQ-1",
    )
    assert programme.reminders(room.node("TUR"), on - 31 * DAY) == []
    assert len(programme.reminders(room.node("TUR"), on)) == 1
    assert programme.reminders(room.node("TUR"), on + DAY) == []


def test_reminders_come_by_day() -> None:
    room = Room()
    for number in (5, 1, 3):
        room.agreed(due=DUE + number * DAY)
    told = programme.reminders(room.node("IRQ"), DUE + 2 * DAY)
    assert [found["on"] for found in told] == ["2025-01-01", "2025-01-03", "2025-01-05"]
    assert [found["what"] for found in told] == ["overdue", "due", "due"]


def test_what_nobody_has_spoken_of_for_ninety_days_is_dormant() -> None:
    """From the ninetieth day after the last word on, whoever said it; what is over is not."""
    room = Room()
    first, second = room.agreed(), room.agreed(title="Other")
    node = room.node("IRQ")
    began = date(2024, 9, 1)
    assert programme.dormant(node, began + 89 * DAY) == []
    assert len(programme.dormant(node, began + 90 * DAY)) == 2
    assert len(programme.dormant(node, began + 5 * DAY, days=5)) == 2
    room.after(10).state("TUR", first, "started")
    room.meet()
    (told,) = programme.dormant(node, began + 95 * DAY)
    assert (told["docket"], told["day"]) == (str(second), "2024-09-01")
    both = programme.dormant(node, began + 100 * DAY)
    assert [found["docket"] for found in both] == [str(second), str(first)]
    for party in PARTIES:
        room.state(party, second, "done")
    room.meet()
    assert [found["docket"] for found in programme.dormant(node, began + 300 * DAY)] == [str(first)]


def test_once_it_is_late_each_owner_s_word_is_awaited_until_it_speaks_or_had_said_done() -> None:
    """As the commitment's own question says it, before and after each word."""
    room = Room()
    step = room.agreed()
    room.agreed(title="Event", due=acts.Due(event={"en": "when the centre opens"}))

    def told(on: date) -> list[tuple[str, str]]:
        total = programme.overview(room.node("TUR"), on)
        assert total["total"] == naive(room.node("TUR"), on)
        return sorted((wait["for"], wait["party"]) for wait in total["waits"])

    assert told(DUE) == []
    assert told(DUE + DAY) == [("status_due", "IRQ"), ("status_due", "TUR")]
    room.on(DUE).state("IRQ", step, "started")
    room.meet()
    assert told(DUE) == [("status", "TUR")]
    assert told(DUE + DAY) == [("status", "TUR"), ("status_due", "IRQ")]
    room.on(DUE + DAY).state("IRQ", step, "started", "Almost there.")
    room.meet()
    assert told(DUE + DAY) == [("status", "TUR")]
    room.state("TUR", step, "started")
    room.meet()
    assert told(DUE + 2 * DAY) == []


def test_a_body_that_its_provision_sets_up_no_more_keeps_its_commitments() -> None:
    """They are counted under its bare name; an amendment does not make what was agreed disappear."""
    room = Room()
    room.agreed()
    node = room.node("TUR")
    with mock.patch.object(node.folds, "mandate", return_value=None):
        (told,) = programme.overview(node, DUE)["bodies"]
    assert (told["mandate"], told["names"], told["in_force"], told["commitments"]) == (
        JOINT,
        {"en": "joint"},
        False,
        1,
    )
