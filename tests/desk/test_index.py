"""The index holds no text and nothing that can be destroyed, and whatever becomes of its file it is made anew."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path
from unittest import mock

import pytest
from tests.desk.searched import refs, room, text_of
from tests.node.committees import JOINT, Room

from comity.chapters.committees.acts import PersonNamed
from comity.core.errors import Unavailable
from comity.core.fold import ContentDestroyed
from comity.desk import index as desk
from comity.desk.search import Search

__all__ = ["room"]


def test_what_became_ready_since_is_found_without_making_all_anew(tmp_path: Path) -> None:
    room, index = Room(), Search(tmp_path / "search.db")
    record = room.node("IRQ")
    index.find(record, "x")
    room.propose("TUR", title="Aqueduct")
    assert refs(index.find(record, "aqueduct")) == []  # not here yet
    room.meet()
    with mock.patch.object(desk, "_clear", side_effect=AssertionError):
        assert len(refs(index.find(record, "aqueduct"))) == 1


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


HARMS = ("text", "cut", "empty", "tables", "version")


@pytest.mark.parametrize("harm", HARMS)
def test_a_damaged_index_is_thrown_away_and_made_anew(room: Room, tmp_path: Path, harm: str) -> None:
    file, record = tmp_path / "search.db", room.node("TUR")
    whole = refs(Search(file).find(record, "centre"))
    damage(file, harm)
    assert refs(Search(file).find(record, "centre")) == whole


@pytest.mark.parametrize("harm", HARMS)
def test_several_may_find_it_damaged_at_once(room: Room, tmp_path: Path, harm: str) -> None:
    """One of them makes it anew, and takes it from nobody who is at work on it."""
    file, record = tmp_path / "search.db", room.node("TUR")
    whole = refs(Search(file).find(record, "centre"))
    with ThreadPoolExecutor(8) as pool:
        for _ in range(5):
            damage(file, harm)
            assert [
                refs(one) for one in pool.map(lambda _: Search(file).find(record, "centre"), range(16))
            ] == [whole] * 16


def test_a_damaged_index_is_removed_only_while_nobody_uses_it(room: Room, tmp_path: Path) -> None:
    """SQLite goes by names: whoever was at work on the old file would mix it with the new one."""
    file, record = tmp_path / "search.db", room.node("TUR")
    whole = refs(Search(file).find(record, "centre"))
    begun, go_on, seen = threading.Event(), threading.Event(), list[bool]()

    def long_work(database: sqlite3.Connection) -> None:
        begun.set()
        assert go_on.wait(60)
        seen.append(file.stat().st_ino == old)

    with ThreadPoolExecutor(2) as pool:
        old = file.stat().st_ino
        working = pool.submit(desk.Index(file).run, long_work)
        assert begun.wait(60)
        with closing(sqlite3.connect(file)) as database, database:
            database.execute("DROP TABLE reached")
        asking = pool.submit(lambda: refs(Search(file).find(record, "centre")))
        with pytest.raises(TimeoutError):
            asking.result(0.3)
        go_on.set()
        working.result(60)
        assert asking.result(60) == whole
    assert seen == [True]


def damage(file: Path, harm: str) -> None:
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


def test_where_no_index_can_be_made_it_is_unavailable(room: Room, tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        Search(tmp_path / "nowhere" / "search.db").find(room.node("TUR"), "centre")


def test_several_may_ask_at_once_where_there_is_no_index_yet(room: Room, tmp_path: Path) -> None:
    """Each gets the whole answer, and none of them an error."""
    record, file = room.node("TUR"), tmp_path / "search.db"
    with ThreadPoolExecutor(8) as pool:
        every = list(pool.map(lambda _: Search(file).find(record, "centre"), range(24)))
    assert {found.behind for found in every} == {0}
    assert {tuple(refs(found)) for found in every} == {tuple(refs(Search(file).find(record, "centre")))}
