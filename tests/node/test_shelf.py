"""Summaries put away for the next process: used where they are right, found by `comity check` where they are wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest import mock

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.node.forge import Forger
from tests.node.test_folds import PARTIES, live
from tests.node.test_record import another, founded, note
from tests.node.test_summaries import opened, shown, text_of
from tests.worlds import pact
from tests.worlds.world import World

from comity.chapters import all_chapters
from comity.core.act import Ref
from comity.core.errors import Malformed, Unavailable
from comity.core.fold import DESTROYED, ContentDestroyed
from comity.node import shelf
from comity.node.check import check_record
from comity.node.record import Record
from comity.node.shelf import Kept

NAME = shelf.name(pact.CHAPTER)
SUMMED = sorted(name for name, chapter in all_chapters().items() if chapter.summary is not None)


@pytest.fixture(autouse=True)
def everything_is_worth_it() -> Any:
    """Put away whatever was made anew, however little it is."""
    with mock.patch("comity.node.summaries._WORTH", 1):
        yield


def put_away(record: Record) -> None:
    """As a command does that has shown a list."""
    shown(record)
    record.put_away()


def findings(record: Record) -> list[str]:
    return [f"{found.thing}: {found.why}" for found in check_record(record)]


def folded(record: Record) -> list[Ref]:
    """Which dockets are folded to show the list."""
    seen: list[Ref] = []
    real = record.folds.fold
    with mock.patch.object(record.folds, "fold", lambda ref: seen.append(ref) or real(ref)):
        assert shown(record) == opened(record)
    return [ref for ref in seen if ref.number]


def forged(record: Record, change: Callable[[dict[str, Any]], object]) -> None:
    """The value changed by somebody who knows how it is made, with the right hash."""
    raw = record.store.get(NAME)
    assert raw is not None
    held = msgspec.json.decode(raw[32:])
    change(held)
    new = msgspec.json.encode(held)
    record.write(lambda: record.put(NAME, hashlib.sha256(new).digest() + new))


@pytest.mark.parametrize("name", SUMMED)
def test_every_chapter_s_summaries_come_back_as_they_were_put_away(name: str) -> None:
    """Over every scenario of every chapter, as of every cut, of the same type and with the same days in it."""
    chapter = all_chapters()[name]
    assert chapter.summary is not None
    kept = {}
    for table in import_module(f"tests.chapters.{name}.scenarios").scenarios():
        for count in range(len(table.acts) + 1):
            fold = table.fold(table.acts[:count])
            made = chapter.summary(fold.at(table.sizes))
            kept[Ref("TUR", len(kept))] = Kept(made, {"IRQ": 1, "TUR": 2})
    cut = {"IRQ": 3, "TUR": 10_000}
    back = shelf.read(chapter, shelf.encode(chapter, cut, kept))
    assert back is not None
    assert (back.cut, back.kept) == (cut, kept)


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(0, 1), st.integers(0, 11), st.integers(0, 30)), max_size=20),
    st.lists(st.tuples(st.integers(0, 1), st.integers(0, 10), st.integers(0, 30)), max_size=10),
)
def test_a_new_process_shows_what_its_dockets_show(
    before: list[tuple[int, int, int]], after: list[tuple[int, int, int]]
) -> None:
    """Whatever was said between the writing and the reading, by whom ever. Seen to fail when what moved was not asked."""
    world = World.founded(PARTIES)
    live(world, before)
    for node in world.nodes.values():
        put_away(node)
        assert findings(node) == []
    live(world, after)
    for party in PARTIES:
        node = world.reopen(party)
        assert node.store.get(NAME) is not None
        assert shown(node) == opened(node)
    world.meet()
    for party in PARTIES:
        node = world.reopen(party)
        assert shown(node) == opened(node)
        assert findings(node) == []


def test_a_new_process_folds_only_what_moved() -> None:
    world = World.founded(PARTIES)
    dockets = [world.put("TUR", str(number)) for number in range(10)]
    put_away(world.nodes["TUR"])
    assert folded(world.reopen("TUR")) == []
    world.note("TUR", dockets[4])
    new = world.put("TUR", "new")
    assert folded(world.reopen("TUR")) == [dockets[4], new]


def test_little_that_is_new_is_not_worth_a_write() -> None:
    """A whole list is written for 64 dockets folded anew, not for one."""
    world = World.founded(PARTIES)
    dockets = [world.put("TUR", str(number)) for number in range(64)]
    node = world.nodes["TUR"]
    with mock.patch("comity.node.summaries._WORTH", 64):
        shown(node)
        node.put_away()
        written = node.store.get(NAME)
        assert written is not None
        for docket in dockets[:63]:
            world.note("TUR", docket)
        put_away(node)
        assert node.store.get(NAME) == written
        world.note("TUR", dockets[63])
        put_away(node)
        assert node.store.get(NAME) != written
    assert folded(world.reopen("TUR")) == []


def test_acts_between_the_list_and_its_writing_are_not_lost() -> None:
    """It is put away as of when it was whole. Seen to fail when it was said to be of the moment of its writing."""
    world = World.founded(PARTIES)
    docket = world.put("TUR")
    node = world.nodes["TUR"]
    shown(node)
    late = world.put("TUR", "late")
    world.note("TUR", docket, "late")
    node.put_away()
    assert folded(world.reopen("TUR")) == [docket, late]
    assert findings(world.nodes["TUR"]) == []


@pytest.mark.parametrize("error", [Unavailable("disk", "is full"), Malformed("store", "is damaged")])
def test_a_question_does_not_fail_because_its_answer_cannot_be_kept(error: Exception) -> None:
    """Nothing is raised, and the store is as it was."""
    world = World.founded(PARTIES)
    docket = world.put("TUR")
    node, inner = world.nodes["TUR"], world.stores["TUR"].inner
    before = shown(node)
    with mock.patch.object(inner, "put", side_effect=error):
        node.put_away()
    assert node.store.get(NAME) is None
    assert shown(node) == before
    world.note("TUR", docket)
    assert shown(node) == opened(node)
    assert findings(node) == []


def test_what_another_process_put_away_is_used_and_what_it_wrote_shows(tmp_path: Path) -> None:
    world, docket = founded(tmp_path)
    theirs = another(tmp_path)
    put_away(theirs)
    theirs.say(note(docket, "after it"))
    ours = world.reopen("TUR")
    assert text_of(ours, docket)["remarks"] == ["after it"]
    put_away(ours)
    assert text_of(theirs, docket)["remarks"] == ["after it"]
    assert findings(ours) == findings(theirs) == []


# ------------------------------------------------------------------------------ contents destroyed since


def test_what_was_destroyed_since_is_not_shown_from_what_was_put_away() -> None:
    world = World.founded(PARTIES)
    docket = world.put("TUR")
    remark = world.note("TUR", docket, "to be destroyed")
    world.meet()
    for node in world.nodes.values():
        put_away(node)
    world.say("TUR", DESTROYED, ContentDestroyed("test"), docket, [remark])
    world.meet()
    for party in PARTIES:
        node = world.reopen(party)
        assert text_of(node, docket)["remarks"] == [None]
        assert findings(node) == []


def test_what_a_waiting_act_destroyed_is_not_shown_either() -> None:
    """It takes effect when it is stored, before it can be read. And it may be said in another docket."""
    world = World.founded(("IRQ", "JOR", "TUR"))
    docket, elsewhere = world.put("IRQ"), world.put("IRQ")
    remark = world.note("IRQ", docket, "to be destroyed")
    world.meet()
    node = world.nodes["JOR"]
    put_away(node)
    forger = Forger(world, "IRQ")
    forger.add(DESTROYED, ContentDestroyed("test"), elsewhere, answers=[remark], seen={"JOR": 1, "TUR": 99})
    forger.give("JOR")
    assert node.ready["IRQ"] < node.store.size("IRQ")
    node = world.reopen("JOR")
    assert text_of(node, docket)["remarks"] == [None]
    assert shown(node) == opened(node)
    assert findings(node) == []


# -------------------------------------------------------------------------------- what is wrong is found


def damaged() -> tuple[World, Ref, Ref]:
    """A node with summaries of two dockets put away."""
    world = World.founded(PARTIES)
    dockets = world.put("TUR", "one"), world.put("TUR", "two")
    world.meet()
    put_away(world.nodes["TUR"])
    return world, *dockets


def test_a_flipped_bit_anywhere_is_found_and_never_shown() -> None:
    world, *_ = damaged()
    node = world.nodes["TUR"]
    raw = node.store.get(NAME)
    assert raw is not None
    for at in range(0, len(raw), 7):
        flipped = raw[:at] + bytes([raw[at] ^ 1 << at % 8]) + raw[at + 1 :]
        world.stores["TUR"].inner._values[NAME] = flipped
        node = world.reopen("TUR")
        assert shown(node) == opened(node)
        (found,) = findings(node)
        assert found.startswith(f"value {NAME!r}")


@pytest.mark.parametrize("short", [b"", b"x", b"x" * 31, hashlib.sha256(b"").digest(), b"x" * 200])
def test_what_is_no_value_of_ours_is_found_and_never_shown(short: bytes) -> None:
    world, *_ = damaged()
    world.stores["TUR"].inner._values[NAME] = short
    node = world.reopen("TUR")
    assert shown(node) == opened(node)
    assert len(findings(node)) == 1


@pytest.mark.parametrize(
    ("change", "thing"),
    [
        (lambda held: held["kept"][0][2].update(agreed={"IRQ": 1, "TUR": 1}), "docket TUR/1"),
        (lambda held: held["kept"][1][1].update(TUR=1), "docket TUR/2"),
        (lambda held: held["kept"].pop(), "docket TUR/2"),
        (lambda held: held["kept"].append(["TUR/0", {}, {}]), "docket TUR/0"),
        (lambda held: held["kept"].append(["JOR/7", {}, {}]), "docket JOR/7"),
        (lambda held: held["cut"].update(TUR=99), "value"),
        (lambda held: held["cut"].update(JOR=1), "value"),
        (lambda held: held["kept"][0].__setitem__(0, "no reference"), "value"),
        (lambda held: held["kept"][0].pop(), "value"),
        (lambda held: held.update(cut=[]), "value"),
        (lambda held: held.pop("kept"), "value"),
    ],
)
def test_a_forgery_with_a_right_hash_is_found(change: Callable[[Any], object], thing: str) -> None:
    """A wrong summary, one left out, one of no docket, one of another's, a cut that nobody has reached, no data at all."""
    world, *_ = damaged()
    forged(world.nodes["TUR"], change)
    found = findings(world.reopen("TUR"))
    assert [text for text in found if text.startswith(thing)], found


def test_a_forged_summary_is_not_shown_once_its_docket_has_moved_on() -> None:
    world, docket, other = damaged()
    lie = {"IRQ": 1, "TUR": 1}
    forged(world.nodes["TUR"], lambda held: held["kept"][0][2].update(agreed=lie))
    assert text_of(world.reopen("TUR"), docket)["agreed"] == lie
    world.note("TUR", docket)
    for _ in range(2):
        node = world.reopen("TUR")
        assert shown(node) == opened(node)
        assert findings(node) == []
    assert text_of(node, other)["agreed"] == {}


def test_what_other_code_made_is_left_alone() -> None:
    """Not shown, and no fault: after an update everything is made anew, once."""
    world, *_ = damaged()
    forged(world.nodes["TUR"], lambda held: held.update(shape="another", kept=[["TUR/1", {}, {"x": 1}]]))
    node = world.reopen("TUR")
    assert shown(node) == opened(node)
    assert findings(node) == []
    put_away(node)
    assert folded(world.reopen("TUR")) == []


def test_other_code_has_another_shape(tmp_path: Path) -> None:
    """Any change to the chapter's folder or the core, by whomever: nobody needs to remember to count something up."""
    summary = pact.CHAPTER.summary
    own = shelf._shape("pact", summary)
    assert shelf._shape("other", summary) != own
    (tmp_path / "core").mkdir()
    with mock.patch.object(shelf.comity, "__file__", str(tmp_path / "__init__.py")):
        shelf._shape.cache_clear()
        empty = shelf._shape("pact", summary)
        (tmp_path / "core" / "halves.py").write_text("changed", "utf-8")
        shelf._shape.cache_clear()
        assert len({own, empty, shelf._shape("pact", summary)}) == 3
    shelf._shape.cache_clear()
    assert shelf._shape("pact", summary) == own


def test_a_cut_that_is_beyond_what_can_be_read_is_not_used() -> None:
    """A store that was put back knows less than what was put away from it elsewhere."""
    world, docket, _ = damaged()
    ahead = world.nodes["TUR"].store.get(NAME)
    lesser = World.founded(PARTIES)
    lesser.put("TUR", "other")
    lesser.stores["TUR"].inner._values[NAME] = ahead
    node = lesser.reopen("TUR")
    assert shown(node) == opened(node)
    assert text_of(node, docket)["acts"] == [str(docket)]
    assert len(findings(node)) == 1
