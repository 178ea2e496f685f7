"""Folds, however they came about (kept, crowded out, taken up where they stopped, read anew), are one and the same."""

from __future__ import annotations

import contextlib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from unittest import mock

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.node.forge import Forger
from tests.worlds import pact
from tests.worlds.world import SINCE, World, key

import comity.chapters
from comity.chapters import all_chapters
from comity.chapters.meetings.acts import Convened
from comity.core import canonical
from comity.core.act import Ref
from comity.core.chapter import Passage
from comity.core.charter import OfficeFilled, OfficeVacated
from comity.core.entry import parse_leaf
from comity.core.errors import Malformed, Refused, Unavailable
from comity.core.fold import DESTROYED, ContentDestroyed
from comity.node import asking
from comity.node.folds import Folds
from comity.node.record import Record
from comity.storage.port import entry_at

Step = tuple[int, int, int]
PARTIES = ("IRQ", "TUR")


def told(folds: Folds, docket: Ref, cut: dict[str, int]) -> bytes:
    """All that a fold says at a cut."""
    fold = folds.fold(docket)
    view = fold.at(cut)
    return canonical.encode(
        [
            fold.chapter.describe(view),
            [[m.what, m.subject, dict(m.halves)] for m in fold.chapter.milestones(view)],
            sorted([str(fault.ref), fault.code] for fault in fold.irregular),
            [[str(act.ref), act.kind, act.body is None] for act in view.acts],
        ]
    )


def fresh(record: Record) -> Folds:
    """Folds from scratch over the same store."""
    return Folds(record.store, record.charter, record.chapters, dict(record.ready))


def live(world: World, steps: list[Step]) -> None:  # noqa: C901 -- one case for each thing that can happen
    """Whatever these numbers come to: said where the rules allow, forced by the hostile, carried, looked at."""
    dockets = [world.put("TUR", since=date(2024, 8, 1)), world.put("IRQ", since=None)]
    remarks: list[Ref] = []
    world.meet()
    for who, what, which in steps:
        party, docket = PARTIES[who % 2], dockets[which % len(dockets)]
        node = world.nodes[party]
        try:
            match what % 12:
                case 0:
                    dockets.append(world.put(party, since=date(2024, 8, which % 28 + 1)))
                case 1 | 2:
                    world.agree(party, docket)
                case 3:
                    world.withdraw(party, docket)
                case 4:
                    remarks.append(world.note(party, docket))
                case 5 if remarks:
                    gone = remarks[which % len(remarks)]
                    world.say(party, DESTROYED, ContentDestroyed("test"), docket, [gone])
                case 6:
                    mandate = f"{dockets[(which + 1) % len(dockets)]}#art-1"
                    world.say(party, "pact.met/1", pact.Met(), docket, mandate=mandate)
                case 7:
                    world.force(party, "pact.spent/1", pact.Spent(), docket)
                case 8:
                    body: Any = OfficeFilled(f"office-{which % 3}", {"en": "Office"})
                    if which % 2:
                        body = OfficeVacated(f"office-{which % 3}")
                    kind = f"charter.office_{'vacated' if which % 2 else 'filled'}/1"
                    world.say(party, kind, body, Ref(party, 0), signer=key(party, "root"))
                case 9:
                    world.say(party, "pact.noted/1", pact.Noted("x"), docket, office=f"office-{which % 3}")
                case 10:
                    world.sync(party, PARTIES[1 - who % 2])
                case _:
                    asking.digest(node)
                    node.summaries.of(pact.CHAPTER)
        except Refused:
            pass


@pytest.mark.parametrize("kept", [1, 2, 4000])
@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 11), st.integers(0, 30)), max_size=30))
def test_folds_that_grew_are_those_folded_from_scratch(kept: int, steps: list[Step]) -> None:
    """At every node after any life, with a cache that holds one, two or all: at the end and at every own cut.

    Seen to fail when a cut of a grown fold counted acts by their place in the docket instead of their numbers.
    """
    with mock.patch("comity.node.folds.KEPT", kept):
        world = World.founded(PARTIES)
        live(world, steps)
        for node in world.nodes.values():
            scratch = fresh(node)
            for noun in ("pact", "charter"):
                for docket in node.store.opened(noun, None, 100):
                    if docket.number >= node.ready[docket.party]:
                        continue
                    assert told(node.folds, docket, node.ready) == told(scratch, docket, node.ready)
            assert len(node.folds._folds) <= kept
        world.meet()
        assert len({asking.digest(node) for node in world.nodes.values()}) == 1


def test_a_fold_of_any_cut_is_the_fold_of_the_acts_below_it() -> None:
    """`at` answers for every cut that some act was judged at."""
    world = World.founded(PARTIES)
    docket = world.put("TUR")
    pictures = []
    for number in range(6):
        world.meet()
        party = PARTIES[number % 2]
        does = {2: world.agree, 4: world.withdraw}.get(number, world.note)
        does(party, docket)
        world.meet()
        node = world.nodes["TUR"]
        pictures.append((dict(node.ready), told(fresh(node), docket, node.ready)))
    final = world.nodes["TUR"].folds
    for cut, picture in pictures:
        assert told(final, docket, cut) == picture


@pytest.mark.parametrize("kept", [1, 2, 3])
def test_a_docket_crowded_out_by_what_its_own_acts_need_is_found_again(kept: int) -> None:
    """Seen to fail with KeyError: its acts cite mandates in other dockets, whose folds took its place in the cache."""
    with mock.patch("comity.node.folds.KEPT", kept):
        world = World.founded(PARTIES)
        mandates = [world.put("TUR", since=date(2024, 1, 1)) for _ in range(4)]
        world.meet()
        for mandate in mandates:
            world.agree("IRQ", mandate)
        world.meet()
        docket = world.put("TUR", since=None)
        world.meet()
        assert len(world.nodes["IRQ"].folds.view(docket).acts) == 1
        for mandate in mandates:
            world.say("TUR", "pact.met/1", pact.Met(), docket, mandate=f"{mandate}#art-1")
        world.meet()
        for node in world.nodes.values():
            assert node.folds.view(docket).halves["TUR"].met == 4
            assert len(node.folds._folds) <= kept


def test_a_store_that_fails_while_a_fold_grows_leaves_no_half_grown_fold() -> None:
    """What could not be read is read when it can be."""
    world = World.founded(PARTIES)
    mandate = world.put("TUR", since=date(2024, 1, 1))
    docket = world.put("TUR", since=None)
    world.meet()
    world.agree("IRQ", mandate)
    world.meet()
    node = world.nodes["IRQ"]
    node.folds.view(docket)
    for _ in range(3):
        world.say("TUR", "pact.met/1", pact.Met(), docket, mandate=f"{mandate}#art-1")
    world.meet()
    node.folds.drop(mandate)
    inner = world.stores["IRQ"].inner
    real, calls = inner.docket, []

    def failing(asked: Ref, since: Any) -> Any:
        calls.append(asked)
        if asked == mandate:
            raise Unavailable("disk", "reports an error")
        return real(asked, since)

    with mock.patch.object(inner, "docket", failing), pytest.raises(Unavailable):
        node.folds.view(docket)
    assert mandate in calls
    assert node.folds.view(docket).halves["TUR"].met == 3


def test_dockets_that_cite_one_another_are_not_folded_one_inside_the_other() -> None:
    """A row of meetings, each citing the one before as its mandate: opened from the last one, by a fresh node.

    Seen to fail with RecursionError, in whoever opened the docket.
    """
    world = World(PARTIES, chapters=all_chapters())
    world.found()
    forger, last = Forger(world, "IRQ"), "IRQ/0"
    starts = datetime(2024, 1, 1, tzinfo=UTC)
    for _ in range(300):
        ref = forger.add("meeting.convened/1", Convened("body", 1, starts), mandate=f"{last}#art-1")
        last = str(ref)
    forger.give("TUR")
    world.reopen("TUR")
    told_of = asking.docket(world.nodes["TUR"], Ref("IRQ", 300))
    assert told_of["acts"][0]["irregular"]["code"] == "mandate_missing"


@pytest.mark.parametrize("name", sorted(all_chapters()))
def test_no_chapter_both_gives_mandates_and_needs_them(name: str) -> None:
    """What `Folds` relies on: a mandate is looked up in a docket whose own verdicts need no mandate of another docket.

    Else the verdict on an act could depend on which of two dockets was opened first.
    """
    chapter = all_chapters()[name]
    assert chapter.mandate is None or not any(kind.mandated for kind in chapter.kinds)


def test_a_destroyed_content_is_folded_as_gone_by_those_who_read_it_before() -> None:
    """And by those who read it first afterwards; nothing else of the docket changes."""
    world = World.founded(("IRQ", "JOR", "TUR"))
    docket = world.put("TUR")
    remark = world.note("TUR", docket, "to be destroyed")
    world.sync("IRQ", "TUR")
    bodies = lambda party: [act.body for act in world.nodes[party].folds.view(docket).acts]  # noqa: E731
    assert bodies("IRQ")[1] == pact.Noted("to be destroyed")
    world.say("TUR", DESTROYED, ContentDestroyed("test"), docket, [remark])
    world.meet()
    for party in ("IRQ", "JOR", "TUR"):
        assert bodies(party)[1] is None
        assert world.nodes[party].folds.view(docket).halves["TUR"].notes == 1
        assert world.nodes[party].folds.fold(docket).irregular == []


@pytest.mark.parametrize("kept", [5, 4000])
def test_a_fold_looked_at_once_takes_no_place_among_those_that_are_kept(kept: int) -> None:
    """Whoever looks at very many needs one place for the moment, crowds out nothing else, and sees what anybody sees."""
    with mock.patch("comity.node.folds.KEPT", kept):
        world = World.founded(PARTIES)
        dockets = [world.put("TUR", str(number)) for number in range(9)]
        world.meet()
        node = world.nodes["IRQ"]
        node.folds.forget()
        used = [
            node.folds.fold(docket) for docket in dockets[:2]
        ]  # beside them the charter's two, whose offices count
        world.note("TUR", dockets[0])
        world.meet()
        for docket in dockets * 2:
            seen = node.folds.once(docket).at(node.ready)
            assert pact.describe(seen) == pact.describe(fresh(node).view(docket))
        assert not set(dockets[2:]) & node.folds._folds.keys()
        assert node.folds._folds[dockets[1]] is used[1]
        assert node.folds.fold(dockets[0]) is used[0]


def test_a_docket_that_is_none_is_refused_and_not_kept() -> None:
    world = World.founded(PARTIES)
    docket = world.put("TUR")
    remark = world.note("TUR", docket)
    folds = world.nodes["TUR"].folds
    for ref in (remark, Ref("TUR", 99), Ref("JOR", 0), Ref("IRQ", 1)):
        with pytest.raises(Refused) as refused:
            folds.fold(ref)
        assert refused.value.code == "docket_unknown"
        assert ref not in folds._folds


def test_offices_and_signers_are_those_that_the_author_knew() -> None:
    """An act is judged by its own past: an office that was vacated later still was held."""
    world = World.founded(PARTIES)
    root, own = key("TUR", "root"), Ref("TUR", 0)
    filled = OfficeFilled("minister", {"en": "Minister"}, "", key("TUR", "node2").public)
    docket = world.put("TUR")
    world.say("TUR", "charter.office_filled/1", filled, own, signer=root)
    by = world.say(
        "TUR", "pact.noted/1", pact.Noted("x"), docket, office="minister", signer=key("TUR", "node2")
    )
    world.say("TUR", "charter.office_vacated/1", OfficeVacated("minister"), own, signer=root)
    world.meet()
    for node in world.nodes.values():
        folds = fresh(node)
        assert folds.fold(docket).irregular == []
        (act,) = [act for act in folds.view(docket).acts if act.ref == by]
        assert act.signer
        assert "minister" not in folds.setting(node.ready).offices("TUR")
        assert "minister" in folds.setting(act.past).offices("TUR")
        assert folds.setting(act.past).signer(act) is not None
        assert folds.setting(node.ready).signer(act) is None


# -------------------------------------------------------------------------- what other dockets can be cited for


def all_texts(record: Record) -> list[str]:
    """Whatever might be cited: every act that is here, whole and by its parts, and things that are none."""
    acts = [f"{party}/{number}" for party in record.parties for number in range(record.store.size(party) + 1)]
    found = [f"{act}{part}" for act in acts for part in ("", "#art-1", "#remark", "#", "#art-1#art-1")]
    return [*found, "", "#art-1", "TUR", "TUR/-1", "TUR/01#art-1", "JOR/0", "TUR/1#" + "x" * 200, "x/1#art-1"]


@pytest.mark.parametrize("kept", [1, 4000])
@settings(max_examples=15)
@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 11), st.integers(0, 30)), max_size=10))
def test_what_is_cited_is_what_its_chapter_says_of_the_docket_at_that_cut(
    kept: int, steps: list[Step]
) -> None:
    """At every node, for every cut that some act was judged at, however the folds and the answers were kept.

    Seen to fail when an answer was kept by what was cited alone, whatever the cut.
    """
    with mock.patch("comity.node.folds.KEPT", kept):
        world = World.founded(PARTIES)
        live(world, steps)
        world.meet()
        node = world.nodes["TUR"]
        cuts = [node.ready, {party: size // 2 for party, size in node.ready.items()}, {"TUR": 3}, {}]
        scratch = fresh(node)
        for cut in (*cuts, node.ready):
            for text in all_texts(node):
                told = node.folds.passage(text, cut)
                assert told == node.folds.setting(cut).passage(text) == by_hand(node, scratch, text, cut)


def by_hand(record: Record, folds: Folds, text: str, cut: Any) -> Passage | None:
    """The passage as its definition says: the docket of the act, at the cut, asked by its chapter."""
    reference, _, fragment = text.partition("#")
    with contextlib.suppress(Malformed, Refused):
        ref = Ref.parse(reference)
        if ref.number < cut.get(ref.party, 0):
            leaf = parse_leaf(entry_at(record.store, ref).leaf)
            fold = folds.fold(Ref.parse(leaf.docket) if leaf.docket else ref)
            if fold.chapter.passage is not None:
                return fold.chapter.passage(fold.at(cut), ref, fragment)
    return None


def test_a_part_is_cited_by_the_act_that_put_it_even_if_it_opened_nothing() -> None:
    """And stays out of sight for whoever had not seen that act. One destroyed is cited as before: verdicts rest on it."""
    world = World.founded(PARTIES)
    docket = world.put("TUR")
    before = dict(world.nodes["TUR"].ready)
    remark = world.note("TUR", docket)
    world.meet()
    for node in world.nodes.values():
        told = node.folds.passage(f"{remark}#remark", node.ready)
        assert told is not None
        assert (told.ref, told.sort) == (f"{remark}#remark", "decision")
        assert node.folds.passage(f"{remark}#remark", before) is None
        assert node.folds.passage(f"{docket}#remark", node.ready) is None
        assert node.folds.passage(f"{remark}#art-1", node.ready) is None
    world.say("TUR", DESTROYED, ContentDestroyed("test"), docket, [remark])
    world.meet()
    for node in world.nodes.values():
        assert node.folds.passage(f"{remark}#remark", node.ready) == told


def test_a_passage_is_agreed_only_as_of_the_cut_that_had_seen_every_yes() -> None:
    world = World.founded(PARTIES)
    docket = world.put("TUR")
    world.meet()
    before = dict(world.nodes["IRQ"].ready)
    world.agree("IRQ", docket)
    world.meet()
    for node in world.nodes.values():
        for _ in range(2):  # the second time from what was kept
            now, then = (node.folds.passage(f"{docket}#art-1", cut) for cut in (node.ready, before))
            assert now is not None
            assert then is not None
            assert (now.agreed, now.since) == (True, SINCE)
            assert (then.agreed, then.since) == (False, None)


def test_what_names_a_docket_before_it_is_opened_is_not_cited_by_it() -> None:
    """Whether that docket has been opened since must not matter to a cut below it."""
    world = World.founded(PARTIES)
    future = Ref("TUR", world.nodes["TUR"].store.size("TUR"))
    forger = Forger(world, "IRQ")
    early = forger.add("pact.noted/1", pact.Noted("too early"), future)
    forger.give("TUR")
    node = world.nodes["TUR"]
    cut = dict(node.ready)
    assert node.folds.passage(f"{early}#remark", cut) is None
    assert world.put("TUR") == future
    assert node.folds.passage(f"{early}#remark", cut) is None
    assert node.folds.passage(f"{early}#remark", node.ready) is None
    assert node.folds.passage(str(future), node.ready) is not None
    assert node.folds.passage(str(future), cut) is None


def test_a_chapter_that_cannot_be_cited_is_not_even_folded() -> None:
    """Else dockets that cite one another would be folded one inside the other."""
    plain = msgspec.structs.replace(pact.CHAPTER, passage=None)
    world = World(PARTIES, chapters={"pact": plain})
    world.found()
    docket = world.put("TUR")
    folds = fresh(world.nodes["TUR"])
    for text in (str(docket), f"{docket}#art-1", "TUR/0", "IRQ/0#art-1"):
        assert folds.passage(text, world.nodes["TUR"].ready) is None
    assert folds._folds == {}


@pytest.mark.parametrize("name", sorted(all_chapters()))
def test_no_chapter_both_can_be_cited_and_cites(name: str) -> None:
    """What `Folds` relies on, as for mandates: no rule of a chapter that has passages asks for one."""
    if all_chapters()[name].passage is not None:
        folder = Path(comity.chapters.__file__).parent / name
        assert [file.name for file in folder.glob("**/*.py") if ".passage(" in file.read_text("utf-8")] == []


def test_the_opening_of_a_docket_is_read_without_folding_it() -> None:
    """For every act that opened one, regular or not; None for any other, and beyond the cut."""
    world = World.founded(PARTIES)
    docket = world.put("TUR", "the text")
    remark = world.note("TUR", docket)
    world.meet()
    forger = Forger(world, "IRQ")
    wrong = forger.add("pact.put/1", pact.Put("by nobody"), office="nobody")
    unknown = forger.add("pact.unheard_of/1", b"s" * 32 + b"{}")
    forger.give("TUR")
    node = world.nodes["TUR"]
    folds = fresh(node)
    setting = folds.setting(node.ready)
    first = setting.opening(docket)
    assert first is not None
    assert (first.ref, first.docket, first.kind) == (docket, docket, "pact.put/1")
    assert first.body == pact.Put("the text", SINCE)
    irregular, strange = setting.opening(wrong), setting.opening(unknown)
    assert irregular is not None
    assert irregular.body == pact.Put("by nobody")
    assert strange is not None
    assert strange.body is None
    assert folds._folds == {}
    assert [fault.code for fault in folds.fold(wrong).irregular] == ["office_not_held"]
    for ref in (remark, Ref("TUR", 99), Ref("JOR", 0), Ref("TUR", -1)):
        assert setting.opening(ref) is None
    assert folds.setting({"TUR": docket.number}).opening(docket) is None
    assert folds.setting({"TUR": docket.number + 1}).opening(docket) == first
    assert folds.setting({"TUR": 99}).opening(Ref("TUR", node.ready["TUR"])) is None
