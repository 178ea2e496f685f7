"""What a node gives: as much as it holds whole under a signed head, to whoever needs it, of its own log and of others'."""

from __future__ import annotations

from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.node.forge import Forger
from tests.worlds import pact
from tests.worlds.world import World

from comity.core.act import Ref
from comity.core.checkpoint import parse_note
from comity.core.errors import Refused, Unavailable
from comity.core.log import encode_page, parse_page
from comity.exchange import talk
from comity.node import standing

THREE = ("IRQ", "JOR", "TUR")


def busy(notes: int = 6, page: int = 1 << 20) -> tuple[World, Ref]:
    world = World.founded(THREE, page)
    docket = world.put("TUR")
    for number in range(notes):
        world.note("TUR", docket, f"remark {number}")
    return world, docket


@settings(max_examples=30)
@given(st.integers(0, 9), st.integers(0, 9), st.sampled_from([1, 250, 600, 1 << 20]))
def test_a_page_is_what_follows_and_proves_itself_to_a_node_that_holds_so_much(
    start: int, since: int, limit: int
) -> None:
    """Whatever is asked for: a page that its asker can take, or a refusal that says how much there is."""
    world, _ = busy()
    record = world.nodes["TUR"]
    size = record.heads()["TUR"].checkpoint.size
    asker = World.founded(THREE).nodes["IRQ"]
    if start > size or since > size:
        with pytest.raises(Refused) as refused:
            record.page("TUR", start, since, limit)
        assert refused.value.code == "nothing_newer"
        return
    page = record.page("TUR", start, since, limit)
    assert parse_page(encode_page(page)) == page
    assert page.start == start
    assert [entry.leaf for entry in page.entries] == world.leaves("TUR", "TUR")[
        start : start + len(page.entries)
    ]
    total = sum(len(leaf) + len(content or b"") for leaf, content in page.entries)
    assert len(page.entries) == 1 or total <= limit or start == size
    if (start, since) == (1, 1):
        assert asker.receive(page) == len(page.entries)


def test_only_what_is_covered_by_a_signed_head_is_given() -> None:
    """What was said since is not on its way before somebody asked for the head that covers it."""
    world, docket = busy()
    record = world.nodes["TUR"]
    first = record.heads()["TUR"].checkpoint.size
    world.note("TUR", docket)
    assert len(record.page("TUR", 0, 0).entries) == first
    assert record.heads()["TUR"].checkpoint.size == first + 1
    assert len(record.page("TUR", 0, 0).entries) == first + 1


def test_a_third_party_s_log_is_relayed_with_its_author_s_own_head() -> None:
    """IRQ and TUR never meet: JOR carries both ways, and what it carries is proved by its author alone."""
    world, docket = busy()
    world.cut.add(frozenset(("IRQ", "TUR")))
    world.sync("JOR", "TUR")
    report = world.sync("IRQ", "JOR")
    assert report.received == {"IRQ": 0, "JOR": 0, "TUR": 7} or report.received["TUR"] == 7
    world.agree("IRQ", docket)
    world.sync("IRQ", "JOR")
    world.agree("JOR", docket)
    for _ in range(2):
        world.sync("JOR", "TUR")
        world.sync("IRQ", "JOR")
    (agreed,) = [m for m in standing.milestones(world.nodes["TUR"], docket) if m["what"] == "pact_agreed"]
    assert agreed["standing"] == "settled"
    for party in ("IRQ", "TUR"):
        head = world.nodes[party].logs[{"IRQ": "TUR", "TUR": "IRQ"}[party]].head
        assert head is not None
        names = {line.name.rpartition("/")[2] for line in head.lines}
        assert "JOR" in names, "the carrier's cosignature comes with it"


def test_a_relay_that_holds_only_part_gives_that_part() -> None:
    """Under the newest head that it holds whole; the rest comes from elsewhere, and nothing is lost or doubled."""
    world, _ = busy(page=400)
    forger, jor = Forger(world, "TUR"), world.nodes["JOR"]
    jor.receive(forger.page(1, 1, head=forger.head(4)))
    jor.receive(forger.page(4, 4, 2))
    assert jor.held("TUR") == (6, 8)
    page = jor.page("TUR", 1, 1)
    assert parse_note(page.head).checkpoint.size == 4
    assert len(page.entries) == 3
    with pytest.raises(Refused) as refused:
        jor.page("TUR", 5, 4)
    assert refused.value.code == "nothing_newer"
    report = world.sync("IRQ", "JOR")
    assert report.received["TUR"] == 3
    assert report.faults == {}
    assert world.nodes["IRQ"].held("TUR") == (4, 4)
    world.sync("IRQ", "TUR")
    assert world.leaves("IRQ", "TUR") == world.leaves("TUR", "TUR")
    world.sync("IRQ", "JOR")
    assert world.leaves("JOR", "TUR") == world.leaves("TUR", "TUR"), "and the relay gets the rest from there"


def test_nothing_is_given_of_a_log_without_a_head_or_of_no_party() -> None:
    world = World(THREE)
    for party, code in (("IRQ", "nothing_newer"), ("XXX", "not_a_party")):
        with pytest.raises(Refused) as refused:
            world.nodes["TUR"].page(party, 0, 0)
        assert refused.value.code == code
    assert world.nodes["TUR"].heads() == {}
    assert world.nodes["TUR"].held("IRQ") == (0, 0)


def test_a_stranger_s_or_a_broken_request_is_a_refusal_and_never_an_error() -> None:
    world, _ = busy()
    for request in (
        talk.AskPage("XXX", 0, 0),
        talk.AskPage("TUR", 99, 0),
        talk.AskPage("TUR", 0, 99),
        talk.Offer(b""),
        talk.Offer(encode_page(Forger(world, "IRQ").page()) + b"x"),
    ):
        assert isinstance(talk.answer(world.nodes["TUR"], "IRQ", request), talk.Refusal)


def test_heads_are_those_of_every_log_and_our_own_is_signed_when_asked_for() -> None:
    world, _ = busy()
    world.meet()
    heads = world.nodes["TUR"].heads()
    assert list(heads) == ["IRQ", "JOR", "TUR"]
    world.put("TUR")
    assert world.nodes["TUR"].heads()["TUR"].checkpoint.size == heads["TUR"].checkpoint.size + 1
    before = len(list(world.nodes["TUR"].store.all_notes("TUR")))
    world.nodes["TUR"].heads()
    assert len(list(world.nodes["TUR"].store.all_notes("TUR"))) == before, "asked again, signs nothing anew"


def test_a_head_is_noted_outside_the_database_before_it_leaves() -> None:
    """By whichever door; where that cannot be done, it does not leave."""
    world, docket = busy()
    record = world.nodes["TUR"]
    noted: list[int] = []
    record.leaving = noted.append
    record.heads()
    record.heads()
    (first,) = noted
    world.note("TUR", docket)
    record.head()
    assert noted == [first, first + 1]
    again = world.reopen("TUR")
    noted.clear()
    again.leaving = noted.append
    again.page("TUR", 0, 0)
    assert noted == [first + 1]
    world.note("TUR", docket)
    again.leaving = mock.Mock(side_effect=Unavailable("disk", "is full"))
    with pytest.raises(Unavailable):
        again.heads()
    with pytest.raises(Unavailable):
        again.heads()


def test_contents_that_were_destroyed_are_given_as_destroyed() -> None:
    from comity.core.fold import DESTROYED, ContentDestroyed

    world, docket = busy(2)
    world.say("TUR", DESTROYED, ContentDestroyed("test"), docket, [Ref("TUR", 2)])
    record = world.nodes["TUR"]
    record.heads()
    entries = record.page("TUR", 0, 0).entries
    assert [entry.content is None for entry in entries] == [False, False, True, False, False]
    world.meet()
    assert world.picture("IRQ", docket) == world.picture("TUR", docket)
    assert pact.Noted("remark 0") not in [act.body for act in world.nodes["IRQ"].folds.view(docket).acts]
