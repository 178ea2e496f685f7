"""Full text search: what is written is found however it is typed, and nothing typed fails."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.desk.searched import refs, room, text_of
from tests.node.committees import Room

from comity.core.act import Ref
from comity.desk import search
from comity.desk.search import Search

__all__ = ["room"]


@pytest.mark.parametrize(
    "typed",
    ["memorandum centres", "MEMORANDUM", "memo", "coordin bagh", '"coordination centre"', "iki merkez", "İKİ MERKEZ",
     "ıkı merkez", "bagdat", "Bağdat", "cagri", "ISTANBUL", "istanbul", "ısrarla", "israrla", "مذكره", "مذكرة تفاهم",
     "بغداد", "الامن", "أمن", "امن", "مسؤوليه", "المسوولية", "مـــركز", "يُنْشَأ", "2024", "٢٠٢٤", "المركزين", "15/2024"],
)  # fmt: skip
def test_a_text_is_found_however_it_is_typed(room: Room, tmp_path: Path, typed: str) -> None:
    """Case, marks, Turkish i's, Arabic letter forms and digits, beginnings of words, words side by side."""
    record = room.node("IRQ")
    found = Search(tmp_path / "search.db").find(record, typed)
    assert text_of(record) in refs(found)
    spans = next(hit for hit in found.hits if hit.ref == text_of(record)).excerpt
    assert any(span.found for span in spans)
    assert found.behind == 0


@pytest.mark.parametrize(
    "typed", ["", "   ", "zzz", "memorandum zzz", '"centre coordination"', "16/2024", "202"]
)
def test_what_does_not_stand_there_is_not_found(room: Room, tmp_path: Path, typed: str) -> None:
    record = room.node("IRQ")
    assert text_of(record) not in refs(Search(tmp_path / "search.db").find(record, typed))


def test_a_reference_is_found_exactly_and_first(room: Room, tmp_path: Path) -> None:
    """In any case and digits, and then what cites it; TUR/1 is not TUR/10, and what is not here is not found."""
    record, index = room.node("TUR"), Search(tmp_path / "search.db")
    for typed in ("TUR/1", "tur/1", "see TUR/١"):
        found = index.find(record, typed)
        assert refs(found)[0] == "TUR/1"
        assert [hit.exact for hit in found.hits[:1]] == [True]
    cited = refs(index.find(record, "TUR/1"))
    assert "IRQ/1" in cited  # affirmed TUR/1
    assert all(Ref.parse(ref).number < 90 for ref in cited)
    assert refs(index.find(record, "TUR/999")) == []
    assert refs(index.find(record, "TUR/01")) != ["TUR/1"]


def test_pages_go_on_where_the_one_before_ended(tmp_path: Path) -> None:
    room = Room()
    for number in range(7):
        room.propose("TUR", title=f"Reservoir {number}")
    record, index = room.node("TUR"), Search(tmp_path / "search.db")
    seen: list[str] = []
    more, after = True, 0
    while more:
        found = index.find(record, "reservoir", after=after, limit=3)
        seen += refs(found)
        more, after = found.more, after + 3
    assert len(seen) == len(set(seen)) == 7


def test_a_long_way_behind_it_answers_and_says_so(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = room.node("TUR")
    total = sum(record.ready.values())
    monkeypatch.setattr(search, "_AT_ONCE", 4)
    index = Search(tmp_path / "search.db")
    assert index.find(record, "centre").behind == total - 4
    assert index.keep_up(record) == 0
    assert index.find(record, "centre").behind == 0


HOSTILE = st.text(st.characters(), max_size=60) | st.lists(
    st.sampled_from(['"', "*", "(", ")", "NEAR", "AND", "OR", "NOT", "^", ":", "-", "title:", "a", "TUR/", "TUR/1",
                     "\x00", "ب", "\u202e", "'", ";", "DROP TABLE words", "+", "{", "}", "é", "１"]),
    max_size=12,
).map(" ".join)  # fmt: skip


@pytest.fixture(scope="module")
def kept(room: Room, tmp_path_factory: pytest.TempPathFactory) -> Search:
    index = Search(tmp_path_factory.mktemp("index") / "search.db")
    index.keep_up(room.node("TUR"))
    return index


@settings(max_examples=300)
@given(typed=HOSTILE, after=st.integers(0, 5))
def test_whatever_is_typed_is_an_answer(room: Room, kept: Search, typed: str, after: int) -> None:
    """And never makes the index anew: nothing of it reaches the query language."""
    with mock.patch.object(kept._index, "_do_at_last", side_effect=AssertionError):
        found = kept.find(room.node("TUR"), typed, after=after, limit=3)
    assert len(found.hits) <= 3


def test_meetings_are_found_by_what_was_decided(tmp_path: Path) -> None:
    room = Room()
    room.meeting(datetime(2024, 10, 1, tzinfo=UTC).date())
    found = Search(tmp_path / "search.db").find(room.node("IRQ"), "centre set up")
    assert any(hit.kind.startswith("meeting.minutes_proposed") for hit in found.hits)
