"""What lists show of a docket is what the docket shows when it is opened, however it came to be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from unittest import mock

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.node.forge import Forger
from tests.node.test_folds import PARTIES, fresh, live
from tests.node.test_record import another, founded, note
from tests.worlds import pact
from tests.worlds.world import World, crashing

from comity.core.act import Ref
from comity.core.charter import CHAPTER as CHARTER
from comity.core.errors import Refused, Unavailable
from comity.core.fold import DESTROYED, ContentDestroyed
from comity.node.record import Record

Shown = list[tuple[Ref, Any]]


def shown(record: Record) -> Shown:
    """The list, as whoever reads asks for it."""
    with record.reading():
        return record.summaries.of(pact.CHAPTER)


def opened(record: Record) -> Shown:
    """Every ready pact, opened from the store and folded from nothing."""
    with record.reading():
        folds = fresh(record)
        found = record.store.opened("pact", None, 10_000)
        ready = [ref for ref in found if ref.number < record.ready.get(ref.party, 0)]
        return [(ref, pact.summary(folds.view(ref))) for ref in sorted(ready)]


def text_of(record: Record, docket: Ref) -> dict[str, Any]:
    return dict(shown(record))[docket]  # type: ignore[no-any-return]


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 1), st.integers(0, 11), st.integers(0, 30)), max_size=30),
    st.sampled_from([1, 3, 4000]),
    st.sampled_from([1, 2, 500]),
)
def test_a_list_shows_what_its_dockets_show(steps: list[tuple[int, int, int]], kept: int, page: int) -> None:
    """At every node, after any life, however few folds are kept and however small the pages of the list are.

    Lists are asked for on the way (`live`), so that what is shown in the end was kept, renewed or new. Seen to fail
    when nothing was renewed.
    """
    with mock.patch("comity.node.folds.KEPT", kept), mock.patch("comity.node.summaries._PAGE", page):
        world = World.founded(PARTIES)
        live(world, steps)
        for node in world.nodes.values():
            assert shown(node) == opened(node)
        world.meet()
        for node in world.nodes.values():
            assert shown(node) == opened(node)
        assert len({msgspec.json.encode(shown(node)) for node in world.nodes.values()}) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda world, docket: world.note("TUR", docket, "more"),
        lambda world, docket: world.agree("IRQ", docket),
        lambda world, docket: world.put("TUR", "another"),
        lambda world, docket: world.put("IRQ", "another"),
    ],
    ids=["said", "agreed", "opened by one", "opened by the other"],
)
def test_what_is_said_and_what_is_received_shows_in_the_list(change: Callable[[World, Ref], Any]) -> None:
    """On the author's node at once, on the other's once it has received it."""
    world = World.founded(PARTIES)
    docket = world.put("TUR")
    world.meet()
    before = {party: shown(node) for party, node in world.nodes.items()}
    author = change(world, docket).party
    other = next(party for party in PARTIES if party != author)
    assert shown(world.nodes[author]) == opened(world.nodes[author]) != before[author]
    assert shown(world.nodes[other]) == before[other]
    world.meet()
    assert shown(world.nodes[other]) == shown(world.nodes[author]) == opened(world.nodes[other])


def test_only_what_changed_is_folded_again() -> None:
    """A list of many dockets costs what changed since it was last asked for."""
    world = World.founded(PARTIES)
    dockets = [world.put("TUR", str(number)) for number in range(30)]
    node, folded = world.nodes["TUR"], list[Ref]()
    counted = msgspec.structs.replace(
        pact.CHAPTER, summary=lambda view: folded.append(view.docket) or pact.summary(view)
    )
    with node.reading():
        node.summaries.of(counted)
        assert sorted(folded) == dockets
        folded.clear()
        node.summaries.of(counted)
        assert folded == []
    world.note("TUR", dockets[7])
    late = world.put("TUR", "late")
    with node.reading():
        node.summaries.of(counted)
    assert sorted(folded) == [dockets[7], late]


def test_what_is_asked_in_parts_comes_to_the_same_and_no_part_folds_more_than_it_may() -> None:
    world = World.founded(PARTIES)
    for number in range(20):
        world.put("TUR", str(number))
    node, folded = world.nodes["TUR"], list[Ref]()
    counted = msgspec.structs.replace(
        pact.CHAPTER, summary=lambda view: folded.append(view.docket) or pact.summary(view)
    )
    parts = []
    with node.reading():
        while True:
            folded.clear()
            done = node.summaries.in_part(6, lambda: node.summaries.of(counted))
            parts.append(len(folded))
            if done:
                break
        assert parts == [6, 6, 6, 2]
        assert node.summaries.of(counted) == opened(node)
        assert node.summaries.in_part(0, lambda: node.summaries.of(counted))


class Authors:
    """Which dockets each text is the first of; and how often one was taken."""

    def __init__(self) -> None:
        self.by: dict[str, set[Ref]] = {}
        self._of: dict[Ref, str] = {}
        self.taken = 0

    def take(self, docket: Ref, summary: Any) -> None:
        text = msgspec.json.encode(summary).decode()
        self.by.get(self._of.get(docket, ""), set()).discard(docket)
        self.by.setdefault(text, set()).add(docket)
        self._of[docket] = text
        self.taken += 1


def test_what_is_gathered_is_what_a_list_would_give_and_takes_only_what_changed() -> None:
    """Also after everything was dropped. Seen to fail when a summary that was renewed was not taken again."""
    world = World.founded(PARTIES)
    dockets = [world.put("TUR", str(number)) for number in range(30)]
    node = world.nodes["TUR"]

    def gathered() -> tuple[int, dict[str, set[Ref]]]:
        with node.reading():
            found = node.summaries.gathered(pact.CHAPTER, Authors)
            listed = dict[str, set[Ref]]()
            for ref, summary in node.summaries.of(pact.CHAPTER):
                listed.setdefault(msgspec.json.encode(summary).decode(), set()).add(ref)
            assert {text: refs for text, refs in found.by.items() if refs} == listed
            return found.taken, listed

    assert gathered()[0] == 30
    world.note("TUR", dockets[7])
    world.put("TUR", "late")
    assert gathered()[0] == 32
    assert gathered()[0] == 32
    node.summaries.forget()
    assert gathered()[0] == 31


def test_a_long_list_keeps_no_folds_for_itself_and_a_short_one_keeps_those_that_grow() -> None:
    """Thousands of folds made for one list would crowd out those in use, and fill the memory."""
    world = World.founded(PARTIES)
    dockets = [world.put("TUR", str(number)) for number in range(70)]
    node = world.nodes["TUR"]
    node.folds.forget()
    used = node.folds.fold(dockets[7])
    assert shown(node) == opened(node)
    assert set(dockets) & node.folds._folds.keys() == {dockets[7]}
    assert node.folds.fold(dockets[7]) is used
    world.note("TUR", dockets[3])
    node.folds.forget()
    assert shown(node) == opened(node)
    assert dockets[3] in node.folds._folds


def test_a_destroyed_content_leaves_the_lists_of_all_who_had_read_it() -> None:
    world = World.founded(("IRQ", "JOR", "TUR"))
    docket = world.put("TUR")
    remark = world.note("TUR", docket, "to be destroyed")
    world.meet()
    for node in world.nodes.values():
        assert text_of(node, docket)["remarks"] == ["to be destroyed"]
    world.say("TUR", DESTROYED, ContentDestroyed("test"), docket, [remark])
    assert text_of(world.nodes["TUR"], docket)["remarks"] == [None]
    world.meet()
    for node in world.nodes.values():
        assert text_of(node, docket)["remarks"] == [None]
        assert shown(node) == opened(node)


def test_a_content_destroyed_from_another_docket_leaves_the_list_too() -> None:
    """Whoever keeps no rules may say so where it does not belong: the content is gone all the same.

    Seen to fail when dropping a fold did not tell the lists.
    """
    world = World.founded(PARTIES)
    docket, elsewhere = world.put("IRQ"), world.put("IRQ")
    remark = world.note("IRQ", docket, "to be destroyed")
    world.meet()
    node = world.nodes["TUR"]
    assert text_of(node, docket)["remarks"] == ["to be destroyed"]
    forger = Forger(world, "IRQ")
    forger.add(DESTROYED, ContentDestroyed("test"), elsewhere, answers=[remark])
    forger.give("TUR")
    assert text_of(node, docket)["remarks"] == [None]
    assert shown(node) == opened(node)


def test_what_waits_for_others_is_in_no_list_until_it_is_ready() -> None:
    """An act that had seen what is not here yet: received, kept, and shown when that has come."""
    world = World.founded(("IRQ", "JOR", "TUR"))
    docket = world.put("TUR")
    world.sync("IRQ", "TUR")
    world.note("IRQ", docket, "answer")
    late = world.put("IRQ", "late")
    node = world.nodes["JOR"]
    world.nodes["IRQ"].head()
    node.receive(world.nodes["IRQ"].page("IRQ", *node.held("IRQ")))
    assert node.store.size("IRQ") > node.ready["IRQ"]
    assert shown(node) == opened(node) == []
    world.sync("JOR", "TUR")
    assert [ref for ref, _ in shown(node)] == sorted((docket, late))
    assert shown(node) == opened(node) == shown(world.nodes["IRQ"])


def test_a_docket_named_before_it_was_opened_is_listed_when_it_is() -> None:
    """Whoever keeps no rules may name an act that nobody has said."""
    world = World.founded(PARTIES)
    future = Ref("TUR", world.nodes["TUR"].store.size("TUR"))
    forger = Forger(world, "IRQ")
    forger.add("pact.noted/1", pact.Noted("too early"), future)
    forger.give("TUR")
    node = world.nodes["TUR"]
    assert shown(node) == []
    assert world.put("TUR") == future
    assert [ref for ref, _ in shown(node)] == [future]
    assert shown(node) == opened(node)


def test_what_another_process_wrote_shows_in_the_list(tmp_path: Path) -> None:
    world, docket = founded(tmp_path)
    ours, theirs = world.nodes["TUR"], another(tmp_path)
    assert shown(ours) == shown(theirs)
    theirs.say(note(docket, "from the other process"))
    assert text_of(ours, docket)["remarks"] == ["from the other process"]
    ours.say(note(docket, "from this one"))
    assert text_of(theirs, docket)["remarks"] == ["from the other process", "from this one"]
    assert shown(ours) == shown(theirs) == opened(theirs)


@pytest.mark.parametrize("verb", ["append", "put_nodes"])
def test_a_transaction_that_failed_is_in_no_list(verb: str) -> None:
    """Neither what it changed in a docket nor the docket that it opened."""
    world = World.founded(PARTIES)
    docket = world.put("TUR")
    node, inner = world.nodes["TUR"], world.stores["TUR"].inner
    for number in range(260 if verb == "put_nodes" else 1):  # nodes of the tree are stored block by block
        world.note("TUR", docket, str(number))
        if verb == "put_nodes" and node.store.size("TUR") % 256 == 255:
            break
    before = shown(node)
    for say in (lambda: world.note("TUR", docket, "lost"), lambda: world.put("TUR", "lost")):
        with mock.patch.object(inner, verb, side_effect=Unavailable("disk", "is full")):
            with pytest.raises(Unavailable):
                say()
            assert shown(node) == before
        assert shown(node) == before == opened(node)
    world.note("TUR", docket, "kept")
    assert shown(node) == opened(node) != before


def test_work_that_fails_beside_others_takes_nothing_of_theirs_from_the_list() -> None:
    """Acts said within one transaction: what a later one raises undoes all of them, and the list with them."""
    world = World.founded(PARTIES)
    docket = world.put("TUR")
    node = world.nodes["TUR"]
    before = shown(node)

    def twice() -> None:
        from comity.node import saying

        saying.say(node, note(docket, "lost"))
        assert text_of(node, docket)["remarks"] == ["lost"]
        raise Refused("test")

    with pytest.raises(Refused):
        node.write(twice)
    assert shown(node) == before == opened(node)


@pytest.mark.parametrize("write", range(4))
def test_a_crash_at_any_write_leaves_the_list_as_the_store_is(write: int) -> None:
    world = World.founded(PARTIES)
    docket = world.put("TUR")
    shown(world.nodes["TUR"])
    with crashing(world, "TUR", write):
        world.note("TUR", docket, "perhaps")
    assert shown(world.nodes["TUR"]) == opened(world.nodes["TUR"])


def test_a_store_that_fails_while_a_list_is_made_loses_no_docket() -> None:
    """Seen to fail: the dockets of the page were taken as listed before they had been read."""
    world = World.founded(PARTIES)
    dockets = [world.put("TUR", str(number)) for number in range(5)]
    node = world.nodes["TUR"]
    node.folds.forget()
    inner = world.stores["TUR"].inner
    real = inner.docket

    def failing(asked: Ref, since: Any) -> Any:
        if asked == dockets[2]:
            raise Unavailable("disk", "reports an error")
        return real(asked, since)

    with mock.patch.object(inner, "docket", failing), pytest.raises(Unavailable):
        shown(node)
    assert shown(node) == opened(node)
    assert [ref for ref, _ in shown(node)] == dockets
    world.note("TUR", dockets[3])
    node.folds.forget()
    with (
        mock.patch.object(inner, "docket", side_effect=Unavailable("disk", "is gone")),
        pytest.raises(Unavailable),
    ):
        shown(node)
    assert shown(node) == opened(node)


def test_what_is_made_of_a_list_is_for_the_day_and_the_maker_that_asked() -> None:
    """Kept from one question to the next, and never given to another."""
    world = World.founded(PARTIES)
    docket = world.put("TUR")
    node = world.nodes["TUR"]
    days, calls = [date(2024, 8, 15), date(2024, 8, 16)], []

    def counted(one: Any, on: date) -> tuple[int, date]:
        calls.append(on)
        return len(one["acts"]), on

    def other(one: Any, on: date) -> str:
        return f"{one['docket']} {on}"

    def asked(on: date, make: Any) -> list[Any]:
        with node.reading():
            return [made for *_, made in node.summaries.asked(pact.CHAPTER, on, make)]

    for _ in range(2):
        assert asked(days[0], counted) == [(1, days[0])]
    assert calls == days[:1]
    assert asked(days[0], other) == [f"{docket} 2024-08-15"]
    assert asked(days[1], counted) == [(1, days[1])]
    world.note("TUR", docket)
    assert asked(days[1], counted) == [(2, days[1])]
    world.put("TUR", "more")
    assert asked(days[1], counted) == [(2, days[1]), (1, days[1])]
    assert calls == [days[0], *[days[1]] * 3]


def test_a_chapter_without_summaries_has_no_list() -> None:
    world = World.founded(PARTIES)
    with world.nodes["TUR"].reading(), pytest.raises(ValueError, match="charter"):
        world.nodes["TUR"].summaries.of(CHARTER)
