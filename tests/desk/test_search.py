"""Full text search: what is written is found however it is typed, what is destroyed is in no index, nothing typed fails."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from unittest import mock

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.node.committees import JOINT, Room

from comity.chapters.committees.acts import PersonNamed
from comity.chapters.instruments.acts import Proposed
from comity.chapters.instruments.reader import read_text
from comity.chapters.instruments.text import Text
from comity.core.act import Ref
from comity.core.errors import Unavailable
from comity.core.fold import ContentDestroyed
from comity.desk import search
from comity.desk.search import Found, Search
from comity.node.record import Record

_HEAD = """---
language: {tag}
authentic: [en, tr, ar]
parties: [IRQ, TUR]
---

# {title}

"""
_TEXTS = {
    "en": (
        "Memorandum on the two centres",
        "## Article 1 — Centres\n\nA joint coordination centre is set up in Baghdad. See 15/2024.\n",
    ),
    "tr": (
        "İki merkez hakkında mutabakat zaptı",
        "## Madde 1 — Merkezler\n\nBağdat'ta ortak bir merkez kurulur; çağrı İstanbul'dan ısrarla yapılır.\n",
    ),
    "ar": (
        "مذكرة تفاهم بشأن المركزين",
        "## المادة 1 — المركزان\n\nيُنشأ مركز تنسيق مشترك في بغداد للأمن والمسؤولية، سنة ٢٠٢٤.\n",
    ),
}


def memorandum() -> Text:
    files = [
        (f"m.{tag}.md", (_HEAD.format(tag=tag, title=title) + body).encode())
        for tag, (title, body) in _TEXTS.items()
    ]
    return msgspec.convert(read_text(files)["text"], Text)


@pytest.fixture(scope="module")
def room() -> Room:
    made = Room()
    made.say("TUR", "instrument.proposed/1", Proposed(memorandum()))
    made.agreed(title="Committee on water", source="TUR/1#art-3")
    return made.meet()


def refs(found: Found) -> list[str]:
    return [hit.ref for hit in found.hits]


def text_of(record: Record) -> str:
    return str(next(ref for ref in record.store.opened("instrument", None, 10) if ref.number > 1))


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


def test_what_became_ready_since_is_found_without_making_all_anew(tmp_path: Path) -> None:
    room, index = Room(), Search(tmp_path / "search.db")
    record = room.node("IRQ")
    index.find(record, "x")
    room.propose("TUR", title="Aqueduct")
    assert refs(index.find(record, "aqueduct")) == []  # not here yet
    room.meet()
    with mock.patch.object(search, "_clear", side_effect=AssertionError):
        assert len(refs(index.find(record, "aqueduct"))) == 1


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


def test_what_can_be_destroyed_is_in_no_byte_of_the_index(tmp_path: Path) -> None:
    """Neither before its destruction nor after it: nothing could be left behind."""
    room = Room()
    register = room.constitute()
    seat = room.seat("TUR", register, 1, date(2024, 9, 1))
    person = PersonNamed("Zerrin Karamsarsu")
    named = room.say("TUR", "committee.person_named/1", person, register, seat, mandate=JOINT)
    record, index = room.meet().node("IRQ"), Search(tmp_path / "search.db")
    assert refs(index.find(record, "Karamsarsu")) == []
    room.say(
        "TUR", "record.content_destroyed/1", ContentDestroyed("retention"), register, named, mandate=JOINT
    )
    room.meet()
    assert refs(index.find(record, "karamsarsu")) == []
    assert refs(index.find(record, str(named)))[0] == str(named)
    held = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"karams" not in held.lower()


def test_an_index_of_another_record_is_made_anew(room: Room, tmp_path: Path) -> None:
    """Also of the same one before it was put back: nothing is shown that is not here."""
    other = Room()
    for _ in range(6):
        other.propose("TUR", title="Elsewhere")
    index = Search(tmp_path / "search.db")
    assert refs(index.find(other.node("TUR"), "elsewhere"))
    found = index.find(room.node("TUR"), "elsewhere")
    assert refs(found) == []
    assert text_of(room.node("TUR")) in refs(index.find(room.node("TUR"), "memorandum"))


@pytest.mark.parametrize("harm", ["text", "cut", "empty", "tables", "version"])
def test_a_damaged_index_is_thrown_away_and_made_anew(room: Room, tmp_path: Path, harm: str) -> None:
    file, record = tmp_path / "search.db", room.node("TUR")
    whole = refs(Search(file).find(record, "centre"))
    for end in ("-wal", "-shm"):
        file.with_name(file.name + end).unlink(missing_ok=True)
    raw = file.read_bytes()
    match harm:
        case "text":
            file.write_bytes(b"this is no database" * 400)
        case "cut":
            file.write_bytes(raw[: len(raw) // 2])
        case "empty":
            file.write_bytes(b"")
        case _:
            with sqlite3.connect(file) as database:
                database.execute("DROP TABLE reached" if harm == "tables" else "PRAGMA user_version=99")
            database.close()
    assert refs(Search(file).find(record, "centre")) == whole


def test_where_no_index_can_be_made_it_is_unavailable(room: Room, tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        Search(tmp_path / "nowhere" / "search.db").find(room.node("TUR"), "centre")


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


@settings(max_examples=300, deadline=None)
@given(typed=HOSTILE, after=st.integers(0, 5))
def test_whatever_is_typed_is_an_answer(room: Room, kept: Search, typed: str, after: int) -> None:
    """And never makes the index anew: nothing of it reaches the query language."""
    with mock.patch.object(kept, "_throw_away", side_effect=AssertionError):
        found = kept.find(room.node("TUR"), typed, after=after, limit=3)
    assert len(found.hits) <= 3


def test_meetings_are_found_by_what_was_decided(tmp_path: Path) -> None:
    room = Room()
    room.meeting(datetime(2024, 10, 1, tzinfo=UTC).date())
    found = Search(tmp_path / "search.db").find(room.node("IRQ"), "centre set up")
    assert any(hit.kind.startswith("meeting.minutes_proposed") for hit in found.hits)


def test_several_may_ask_at_once_where_there_is_no_index_yet(room: Room, tmp_path: Path) -> None:
    """Each gets the whole answer, and none of them an error."""
    record, file = room.node("TUR"), tmp_path / "search.db"
    with ThreadPoolExecutor(8) as pool:
        every = list(pool.map(lambda _: Search(file).find(record, "centre"), range(24)))
    assert {found.behind for found in every} == {0}
    assert {tuple(refs(found)) for found in every} == {tuple(refs(Search(file).find(record, "centre")))}
