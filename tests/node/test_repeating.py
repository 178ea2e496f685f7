"""Saying once: however often and from wherever a request comes, it is said once, and everybody gets the same act."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from tests.node.test_record import another, founded, note, said_by
from tests.worlds.world import START

from comity.core.errors import Refused
from comity.node import repeating
from comity.node.check import check_record
from comity.node.record import Failed, Said
from comity.node.repeating import once


def test_a_request_that_comes_again_gets_what_the_first_one_got(tmp_path: Path) -> None:
    world, docket = founded(tmp_path)
    record = world.nodes["TUR"]
    key = once("ayla", "form-1", b"note: yes")
    assert record.said_before(key) is None
    first = record.say(note(docket, "yes"), key)
    again = record.say(note(docket, "yes"), key)
    assert (again.ref, again.act.body) == (first.ref, first.act.body)
    assert said_by(record, docket) == ["yes"]
    found = another(tmp_path).said_before(key)
    assert found is not None
    assert found.ref == first.ref
    assert not list(check_record(record))


def test_a_double_click_from_many_threads_says_one_act(tmp_path: Path) -> None:
    world, docket = founded(tmp_path)
    record, key = world.nodes["TUR"], once("ayla", "form-1", b"x")
    found: list[Said] = []
    clicks = [
        threading.Thread(target=lambda: found.append(record.say(note(docket, "x"), key))) for _ in range(12)
    ]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()
    assert len({said.ref for said in found}) == 1
    assert len(found) == 12
    assert said_by(record, docket) == ["x"]


def test_a_key_is_its_speakers_own_and_for_one_thing_only(tmp_path: Path) -> None:
    world, docket = founded(tmp_path)
    record = world.nodes["TUR"]
    record.say(note(docket, "one"), once("ayla", "k", b"one"))
    with pytest.raises(Refused) as caught:
        record.say(note(docket, "two"), once("ayla", "k", b"two"))
    assert caught.value.code == "once_for_another"
    record.say(note(docket, "two"), once("deniz", "k", b"two"))
    assert said_by(record, docket) == ["one", "two"]
    assert once("a", "bc", b"").key != once("ab", "c", b"").key


def test_what_was_refused_leaves_its_key_free(tmp_path: Path) -> None:
    world, docket = founded(tmp_path)
    record, key = world.nodes["TUR"], once("ayla", "k", b"x")
    record.restored()
    with pytest.raises(Refused):
        record.say(note(docket, "x"), key)
    assert record.said_before(key) is None


def test_several_are_said_each_for_itself(tmp_path: Path) -> None:
    world, docket = founded(tmp_path)
    record, key = world.nodes["TUR"], once("ayla", "k", b"x")
    wrong = note(docket, "y")
    wrong = type(wrong)(wrong.kind, wrong.body, "gardens", docket)
    done = record.say_each(
        [(note(docket, "x"), key), (wrong, None), (note(docket, "x"), key), (note(docket, "z"), None)]
    )
    assert isinstance(done[1], Failed)
    assert isinstance(done[1].error, Refused)
    assert done[0].ref == done[2].ref  # type: ignore[union-attr]
    assert said_by(record, docket) == ["x", "z"]
    assert record.say_each([]) == []


def test_old_keys_are_forgotten_and_young_ones_are_not(tmp_path: Path) -> None:
    world, docket = founded(tmp_path)
    record = world.nodes["TUR"]
    record.clock = lambda: START
    record.say(note(docket, "old"), once("ayla", "old", b""))
    record.clock = lambda: START + timedelta(days=repeating.KEPT)
    record.say(note(docket, "young"), once("ayla", "young", b""))
    assert repeating.forget(record) == 0
    record.clock = lambda: START + timedelta(days=repeating.KEPT + 1)
    assert repeating.forget(record) == 1
    assert record.said_before(once("ayla", "old", b"")) is None
    assert record.said_before(once("ayla", "young", b"")) is not None
