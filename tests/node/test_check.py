"""`comity check` notices every change of a stored byte that carries a meaning."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from comity.core import charter
from comity.core.act import Ref
from comity.core.errors import ComityError
from comity.exchange.talk import answer, converse
from comity.node.check import check
from comity.node.home import Node
from comity.node.record import Draft, Record

START = datetime(2024, 8, 15, 9, 0, 0, tzinfo=UTC)


class Clock:
    """A clock that moves one second each time it is read."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def exchange(asker: Record, asked: Record) -> None:
    """One whole conversation."""
    talk = converse(asker, asked.party)
    request = next(talk)
    faults = None
    while faults is None:
        try:
            request = talk.send(answer(asked, asker.party, request))
        except StopIteration as end:
            faults = end.value.faults
    assert not faults


def fill(node: Node, record: Record, count: int) -> None:
    """Offices filled, so that there are whole blocks of Merkle nodes."""
    signer = node.keys.signer(node.settings.root[0])
    for number in range(count):
        body = charter.OfficeFilled(f"office-{number}", {"en": f"Office {number}"})
        record.say(Draft("charter.office_filled/1", body, "root", docket=Ref(node.party, 0), signer=signer))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of TUR's node after some life with IRQ: more than one block of acts, receipts, countersigned heads."""
    home = tmp_path_factory.mktemp("nodes")
    clock = Clock()
    nodes = {code: Node.init(home / code, code, {"en": code}, {}, clock) for code in ("IRQ", "TUR")}
    cards = [charter.parse_card(node.make_card()) for node in nodes.values()]
    founded = nodes["TUR"].propose(cards, {"en": "A mechanism"}, [])
    records = {code: node.accept(founded) for code, node in nodes.items()}
    exchange(records["TUR"], records["IRQ"])
    fill(nodes["TUR"], records["TUR"], 270)
    fill(nodes["IRQ"], records["IRQ"], 3)
    for _ in range(2):
        exchange(records["TUR"], records["IRQ"])
        exchange(records["IRQ"], records["TUR"])
    for node in nodes.values():
        assert list(check(node)) == []
        node.close()
    return home / "TUR"


def findings(folder: Path) -> list[str]:
    node = Node(folder, {}, Clock())
    try:
        return [f"{found.thing}: {found.why}" for found in check(node)]
    finally:
        node.close()


def cells(database: Path) -> Iterator[tuple[str, str, int, object]]:
    """Every table's every column, with some of its rows: (table, column, row, value)."""
    chance = random.Random(7)
    connection = sqlite3.connect(database)
    for table in ("entry_1", "entry_2", "docket", "opened", "node", "note", "value", "log"):
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        rows = connection.execute(f"SELECT * FROM {table}").fetchall()
        for row in chance.sample(range(len(rows)), min(6, len(rows))):
            for column, value in zip(columns, rows[row], strict=True):
                if value is not None:
                    yield table, column, row, value
    connection.close()


def changed(value: object, chance: random.Random) -> object:
    """The value with one bit of one byte changed."""
    if isinstance(value, int):
        return value ^ 1 << chance.randrange(3)
    raw = bytearray(value if isinstance(value, bytes) else str(value).encode())
    raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(5)
    return bytes(raw) if isinstance(value, bytes) else raw.decode("utf-8", "replace")


def test_every_kind_of_stored_cell_is_noticed_when_one_bit_of_it_changes(
    folder: Path, tmp_path: Path
) -> None:
    """Each table and column in turn: flip one bit in a copy, and `check` names something."""
    database = next(folder.glob("mechanisms/*/record.db"))
    chance = random.Random(11)
    unnoticed = []
    for number, (table, column, row, value) in enumerate(cells(database)):
        if table == "value" and str(value).startswith("b'{"):
            pass
        copy = tmp_path / str(number)
        shutil.copytree(folder, copy)
        path = next(copy.glob("mechanisms/*/record.db"))
        connection = sqlite3.connect(path)
        names = [line[1] for line in connection.execute(f"PRAGMA table_info({table})")]
        rows = connection.execute(f"SELECT * FROM {table}").fetchall()
        where = " AND ".join(f"{name} IS ?" for name in names)
        other = changed(value, chance)
        try:
            connection.execute(f"UPDATE {table} SET {column}=? WHERE {where}", (other, *rows[row]))
            connection.commit()
        except sqlite3.IntegrityError:  # the database itself refuses it: two rows with one key
            continue
        finally:
            connection.close()
        try:
            found = findings(copy)
        except ComityError as error:
            found = [str(error)]
        if not found and rows[row][0] != "placed":  # a changed `placed` makes the node silent: see test_home
            unnoticed.append((table, column, rows[row][0], value if isinstance(value, int) else value[:40]))
        shutil.rmtree(copy)
    assert not unnoticed, "\n".join(map(str, unnoticed))


def test_a_missing_act_and_a_missing_content_are_named(folder: Path, tmp_path: Path) -> None:
    """Rows that are gone are noticed like rows that were changed."""
    for number, sql in enumerate(
        (
            "DELETE FROM entry_2 WHERE number=(SELECT max(number) FROM entry_2)",
            "UPDATE entry_2 SET content=NULL WHERE number=1",
            "DELETE FROM docket WHERE entry=(SELECT max(entry) FROM docket)",
            "DELETE FROM opened WHERE docket=(SELECT max(docket) FROM opened)",
            "DELETE FROM node",
            "DELETE FROM value WHERE name='charter'",
        )
    ):
        copy = tmp_path / str(number)
        shutil.copytree(folder, copy)
        connection = sqlite3.connect(next(copy.glob("mechanisms/*/record.db")))
        assert connection.execute(sql).rowcount
        connection.commit()
        connection.close()
        assert findings(copy), sql


def test_a_damaged_file_is_named_whatever_byte_it_is(folder: Path, tmp_path: Path) -> None:
    """Truncated or overwritten database, key and settings files are findings, never a traceback."""
    chance = random.Random(3)
    for number in range(12):
        copy = tmp_path / str(number)
        shutil.copytree(folder, copy)
        victims = [
            next(copy.glob("mechanisms/*/record.db")),
            next(copy.glob("keys/*.key")),
            copy / "node.json",
        ]
        victim = victims[number % 3]
        raw = victim.read_bytes()
        victim.write_bytes(raw[: chance.randrange(1, len(raw) - 1)])
        with suppress(ComityError):
            assert findings(copy), victim


def test_the_first_key_file_with_a_flipped_bit_is_named(folder: Path, tmp_path: Path) -> None:
    """A key whose private part no longer fits its public part is found before it signs anything."""
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    path = min(copy.glob("keys/*.key"))
    raw = path.read_text()
    place = raw.index('"private":"') + 15
    path.write_text(raw[:place] + ("A" if raw[place] != "A" else "B") + raw[place + 1 :])
    path.chmod(0o600)
    assert any("key" in found for found in findings(copy))
