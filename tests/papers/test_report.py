"""A report's paper shows each side's view beside the other's, and is known by the report's own hash."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.node.committees import JOINT, Room, live
from tests.papers import made

from comity.core import canonical
from comity.core.errors import Malformed
from comity.node import report as reports
from comity.papers.paper import frame
from comity.papers.report import SECTIONS, lay_out, report_paper


def tables(paper: Any) -> list[dict[str, Any]]:
    return [row for row in lay_out(paper)["rows"] if row["sort"] == "table"]


def lines(cell: list[tuple[int, str]]) -> list[str]:
    return [line for _, words in cell for line in words.split("\n")]


def of(paper: Any, docket: str) -> list[list[str]]:
    """The cells of a commitment, as lines."""
    rows = [row["cells"] for row in tables(paper)[0]["rows"] if "cells" in row]
    return next([lines(cell) for cell in row] for row in rows if lines(row[0]) == [docket])


def test_the_paper_has_the_hash_that_the_parties_agree_on() -> None:
    paper = made.report()
    assert paper.data == made.REPORT
    assert paper.digest == hashlib.sha256(canonical.encode(made.REPORT)).hexdigest()
    assert paper.dated == date(2024, 12, 31)


def test_both_views_of_a_disputed_commitment_stand_side_by_side() -> None:
    paper = made.report(("en",))
    assert [lines(cell) for cell in tables(paper)[0]["head"]][3:] == [["Iraq"], ["Türkiye"]]
    _, _, due, iraq, turkiye = of(paper, "TUR/30")
    assert due == ["1 September 2024"]
    assert iraq == ["obstructed, 3 May 2024", "The budget of 2024 was late (see TUR/17)."]
    assert turkiye == ["done, 3 May 2024"]


def test_every_commitment_stands_once_under_how_far_it_is() -> None:
    rows = tables(made.report(("en",)))[0]["rows"]
    headings = [row["heading"][0] for row in rows if "heading" in row]
    assert headings[0] == "Disputed: both views stand"
    assert len(headings) == len(SECTIONS)
    assert len(rows) == 2 * len(SECTIONS)


def test_an_answer_that_is_owed_is_told_with_its_day() -> None:
    assert of(made.report(("en",)), "TUR/31")[3:] == [
        ["answer awaited since 3 May 2024"],
        ["started, 3 May 2024"],
    ]


def test_what_a_commitment_comes_from_and_what_came_of_it_is_told() -> None:
    paper = made.report(("en",))
    assert of(paper, "TUR/30")[1] == ["Set up office 30", "Iraq, Türkiye, by TUR/4#art-3"]
    assert of(paper, "TUR/33")[1][-1] == "evidence of Türkiye: 2, released: 1"
    assert of(paper, "TUR/34")[1][-2:] == ["terms proposed, not yet agreed", "from TUR/20, TUR/21"]
    assert of(paper, "TUR/36")[1][-1] == "carried out by TUR/50"
    assert of(paper, "TUR/37")[1][-1] == "replaced by TUR/38, TUR/39"
    assert of(paper, "TUR/32")[2] == ["1 September 2024", "121 days late"]
    assert of(paper, "TUR/35")[2] == ["when the law is passed"]
    assert of(paper, "TUR/38")[2] == ["—"]


def test_a_reason_is_shown_in_the_languages_that_it_has() -> None:
    """And in the first column, where it has none of the paper's."""
    told = of(made.report(("tr", "ar")), "TUR/30")[3]
    assert told[0] == "engellendi, 3 Mayıs 2024"
    assert "موازنة" in told[2]
    assert "The budget of 2024 was late (see TUR/17)." in of(made.report(("tr",)), "TUR/30")[3]


def test_more_than_three_parties_have_their_views_below_one_another() -> None:
    codes = ("IRQ", "JOR", "KWT", "TUR")
    paper = made.report(("en",), *codes, parties=list(codes))
    assert len(tables(paper)[0]["head"]) == 4
    assert of(paper, "TUR/31")[3] == [
        "Iraq: answer awaited since 3 May 2024",
        "Jordan: —",
        "Kuwait: —",
        "Türkiye: started, 3 May 2024",
    ]


def test_meetings_decisions_and_seats_have_their_tables() -> None:
    meetings, decisions, seats = tables(made.report(("en",)))[1:]
    assert [lines(cell) for cell in meetings["rows"][0]["cells"]][2] == ["15 August 2024, 16 August 2024"]
    assert [lines(cell) for cell in decisions["rows"][0]["cells"]][2:] == [["20 August 2024"], ["Iraq"]]
    said = [[lines(cell) for cell in row["cells"]] for row in seats["rows"]]
    assert said == [
        [["Iraq"], ["5"], ["4"], ["IRQ-1: co-chair, since 1 May 2024"]],
        [["Türkiye"], ["—"], ["—"], ["—"]],
    ]


def test_a_report_of_nothing_is_a_paper_too() -> None:
    nothing: dict[str, Any] = {
        "commitments": [],
        "meetings": [],
        "decisions": [],
        "seats": {},
        "provision": {},
    }
    assert tables(made.report(("en",), **nothing)) == []


def test_late_ones_are_named_and_earlier_ones_counted() -> None:
    facts = {
        row["cells"][0][0]: row["cells"][0][1]
        for row in lay_out(made.report(("en",)))["rows"]
        if row.get("look") == "fact"
    }
    assert facts["overdue"] == "TUR/32"
    assert facts["closed earlier"] == "2"
    assert facts["Commitments"] == "9"
    assert facts["Made of"] == "acts of the record below: IRQ 30, TUR 40"


def test_without_a_wish_the_languages_are_those_of_the_body_s_name() -> None:
    assert report_paper(made.REPORT, "TUR/40", date(2024, 12, 31), made.frame()).languages == (
        "en",
        "tr",
        "ar",
    )
    assert report_paper(
        {**made.REPORT, "names": {"nl": "x"}}, "TUR/40", date(2024, 12, 31), made.frame()
    ).languages == ("en",)


def test_only_the_body_s_parties_sign() -> None:
    assert [party.code for party in made.report(("en",), "IRQ", "JOR", "TUR").parties] == ["IRQ", "TUR"]


@settings(max_examples=12)
@given(
    st.lists(st.tuples(st.integers(0, 1), st.integers(0, 15), st.integers(0, 60)), min_size=4, max_size=40)
)
def test_whatever_is_reported_of_a_record_is_a_paper(steps: Any) -> None:
    """Known by the report's own hash, with every commitment in it once."""
    room, until = Room(), date(2025, 6, 30)
    live(room, steps)
    record = room.node("TUR")
    told = reports.report(record, JOINT, "joint", date(2024, 9, 1), until)
    paper = report_paper(told, "TUR/40", until, frame(record), ("en", "tr", "ar"))
    assert paper.digest == reports.digest(told)
    listed = [row for table in tables(paper)[:1] for row in table["rows"] if "cells" in row]
    if told["commitments"]:
        assert len(listed) == len(told["commitments"])


@pytest.mark.parametrize(
    "change",
    [
        {"report": 2},
        {"commitments": [{}]},
        {"commitments": [made.commitment(1, "lost")]},
        {"commitments": [made.commitment(1, "done", views=[{**made.view("TUR", "done"), "status": "sung"}])]},
        {"since": "2024"},
        {"names": None},
        {"seats": {"IRQ": {}}},
    ],
    ids=str,
)
def test_data_of_another_shape_is_malformed(change: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        report_paper({**made.REPORT, **change}, "TUR/40", date(2024, 12, 31), made.frame())
    with pytest.raises(Malformed):
        lay_out(msgspec.structs.replace(made.report(), data={**made.REPORT, **change}))
