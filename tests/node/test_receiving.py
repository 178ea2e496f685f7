"""Taking in another's log: in any pieces, all or nothing, each proved; and what a party that keeps no rules can not do."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.node.forge import Forger, adopt
from tests.worlds import pact
from tests.worlds.world import World, key

from comity.core.act import Ref
from comity.core.charter import KeyAdded, KeyRevoked
from comity.core.checkpoint import cosigners, parse_note
from comity.core.entry import Entry
from comity.core.errors import Broken, ComityError, Malformed, Refused
from comity.core.fold import DESTROYED, ContentDestroyed
from comity.core.log import Page
from comity.core.proof import verify_proof
from comity.node import asking, proving, showing, standing
from comity.node.check import check_record
from comity.node.record import Record
from comity.storage.sqlite import SqliteStore

THREE = ("IRQ", "JOR", "TUR")
FOUR = ("IRQ", "JOR", "NLD", "TUR")


def busy(parties: Sequence[str] = THREE, notes: int = 6, page: int = 1 << 20) -> tuple[World, Ref]:
    """A founded world, and TUR's pact with remarks that nobody else has yet."""
    world = World.founded(parties, page)
    docket = world.put("TUR")
    for number in range(notes):
        world.note("TUR", docket, f"remark {number}")
    return world, docket


def stored(record: Record, party: str) -> Any:
    log = record.logs[party]
    return list(record.store.scan(party)), list(record.store.all_notes(party)), log.edge, log.seen, log.head


def code(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.code


# ------------------------------------------------------------------------------------------ in pieces


@settings(max_examples=25)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=8), st.booleans())
def test_a_log_may_come_in_any_pieces_and_be_taken_up_where_it_stopped(
    steps: list[int], reopened: bool
) -> None:
    """Pages that stop anywhere, overlap, come again or after a restart: the same log in the end."""
    world, docket = busy()
    forger, record = Forger(world, "TUR"), world.nodes["IRQ"]
    for step in steps:
        start, since = record.held("TUR")
        back = min(start, step % 3)
        brought = record.receive(forger.page(start - back, since, step + back))
        assert brought == min(step, len(forger.entries) - start)
        if reopened:
            record = world.reopen("IRQ")
    start, since = record.held("TUR")
    record.receive(forger.page(start, since))
    assert list(record.store.scan("TUR")) == forger.entries
    assert record.receive(forger.page(0, record.held("TUR")[1])) == 0, "once more brings nothing"
    assert len(record.folds.view(docket).acts) == 7
    assert list(check_record(record)) == []


@pytest.mark.parametrize("page", [1, 300, 700, 1 << 20])
def test_pages_of_any_size_bring_the_same(page: int) -> None:
    world, docket = busy(page=page)
    report = world.sync("IRQ", "TUR")
    assert report.received["TUR"] == 7
    assert report.faults == {}
    assert world.picture("IRQ", docket) == world.picture("TUR", docket)


def test_a_page_that_leaves_a_gap_is_refused_and_says_what_is_held() -> None:
    world, _ = busy()
    record = world.nodes["IRQ"]
    before = stored(record, "TUR")
    with pytest.raises(Refused) as refused:
        record.receive(Forger(world, "TUR").page(3, 1))
    assert code(refused) == "page_gap"
    assert refused.value.facts == {"log": "TUR", "held": "1", "start": "3"}
    assert stored(record, "TUR") == before


def test_an_older_page_that_comes_late_changes_nothing() -> None:
    world, docket = busy()
    forger, record = Forger(world, "TUR"), world.nodes["IRQ"]
    late = forger.page(1, 1, head=forger.head(4))
    record.receive(forger.page(1, 1))
    before = stored(record, "TUR")
    assert record.receive(late) == 0
    assert stored(record, "TUR") == before
    assert len(record.folds.view(docket).acts) == 7


def test_acts_wait_for_what_their_author_had_seen_and_are_read_when_it_comes() -> None:
    """In whatever order logs arrive; a page of one log makes ready what waited in the others."""
    world, docket = busy()
    world.sync("IRQ", "TUR")
    world.agree("IRQ", docket)
    jor = world.nodes["JOR"]
    Forger(world, "IRQ").give("JOR")
    assert jor.store.size("IRQ") == 2
    assert jor.ready["IRQ"] == 1
    assert showing.show(jor, Ref("IRQ", 1))["waiting"]
    assert asking.status(jor)["logs"]["IRQ"]["ready"] == 1
    assert "IRQ" not in jor.others or jor.others["IRQ"] == 1, "what waits is not claimed to have been seen"
    Forger(world, "TUR").give("JOR")
    assert jor.ready == {"IRQ": 2, "JOR": 1, "TUR": 8}
    assert jor.folds.view(docket).stands(str(docket), "IRQ")
    assert world.reopen("JOR").ready == {"IRQ": 2, "JOR": 1, "TUR": 8}


# --------------------------------------------------------------------------- nothing of a wrong page


def wrong_pages(world: World, forger: Forger) -> dict[str, Page]:
    good = forger.page(1, 1)
    replace = msgspec.structs.replace
    entry = good.entries[2]
    others = [*good.entries[:2], Entry(entry.leaf, entry.content and entry.content + b" "), *good.entries[3:]]
    swapped = [good.entries[1], good.entries[0], *good.entries[2:]]
    stranger = Forger(world, "TUR", forger.entries)
    stranger.signers = [key("IRQ", "node")]
    unsigned = Forger(world, "TUR", forger.entries)
    unsigned.signers = []
    note = parse_note(good.head)
    return {
        "a content that is not its leaf's": replace(good, entries=others),
        "two entries swapped": replace(good, entries=swapped),
        "an entry left out": replace(good, entries=good.entries[1:]),
        "an entry twice": replace(good, entries=[good.entries[0], *good.entries]),
        "entries beyond the head": replace(forger.page(1, 1, head=forger.head(4)), entries=good.entries),
        "another log's name": replace(good, log="JOR"),
        "a party that is none": replace(good, log="XXX"),
        "signed by another party": stranger.page(1, 1),
        "signed by nobody": replace(good, head=note._replace(lines=()).encode()),
        "no signature line": unsigned.page(1, 1),
        "no consistency proof": replace(good, since_path=[]),
        "a wrong consistency proof": replace(good, since_path=[b"\0" * 32] * len(good.since_path)),
        "a proof of wrong lengths": replace(good, since_path=[b"\0"] * len(good.since_path)),
        "no proof of its end": replace(forger.page(1, 1, 3), end_path=[]),
        "a wrong proof of its end": replace(forger.page(1, 1, 3), end_path=good.since_path),
        "a head of nothing": replace(good, head=b""),
        "a leaf that is no leaf": replace(
            good, entries=[*good.entries[:3], Entry(b"{}", None), *good.entries[4:]]
        ),
        "a content left out": replace(good, entries=[Entry(good.entries[0].leaf, None), *good.entries[1:]]),
    }


def test_a_wrong_page_is_one_of_the_four_errors_and_stores_nothing() -> None:
    """Nobody is frozen for it: only the author's own signatures can do that. The right page then succeeds."""
    world, _ = busy()
    forger, record = Forger(world, "TUR"), world.nodes["IRQ"]
    before = stored(record, "TUR")
    for what, page in wrong_pages(world, forger).items():
        try:
            pytest.fail(f"{what}: {record.receive(page)} taken in")
        except ComityError as error:
            assert str(error), what  # noqa: PT017 -- so that a failure says which page it was
        assert stored(record, "TUR") == before, what
        assert record.frozen == {}, what
        assert record.silent == [], what
    assert record.receive(forger.page(1, 1)) == 7


def test_a_page_that_fails_half_way_leaves_nothing_of_itself() -> None:
    """A true page whose last leaf cannot be read: none of those before it are stored."""
    world, docket = busy(notes=0)
    forger = Forger(world, "TUR")
    for number in range(300):  # more than a block of Merkle nodes
        forger.add("pact.noted/1", pact.Noted(str(number)), docket)
    forger.entries.append(Entry(b'{"v":2}', None))
    record = world.nodes["IRQ"]
    before = stored(record, "TUR")
    page = Page("TUR", 1, forger.entries[1:], unread_head(forger).encode(), 1, forger_path(forger), [])
    with pytest.raises(Malformed, match="TUR/302"):
        record.receive(page)
    assert stored(record, "TUR") == before
    assert record.store.node_count("TUR") == 0


def unread_head(forger: Forger) -> Any:
    return forger.head(receipts={"IRQ": forger.receipt("IRQ", 1), "JOR": forger.receipt("JOR", 1)})


def forger_path(forger: Forger) -> list[bytes]:
    from comity.core import merkle

    return merkle.prefix_proof(1, len(forger.entries), forger.read)


@pytest.mark.parametrize("kind", ["pact.put/1", "pact.agreed/1", "pact.met/1"])
def test_who_carries_a_log_cannot_decide_what_counts_by_leaving_contents_out(kind: str) -> None:
    """A content that verdicts rest on comes with its act or not at all; the act then comes from another node."""
    world, docket = busy(notes=0)
    world.sync("IRQ", "TUR")
    forger = Forger(world, "IRQ")
    body = {"pact.put/1": pact.Put("x"), "pact.agreed/1": pact.Agreed(), "pact.met/1": pact.Met()}[kind]
    answers = [docket] if kind == "pact.agreed/1" else []
    forger.add(kind, body, None if kind == "pact.put/1" else docket, answers=answers)
    bare = Forger(world, "IRQ", [*forger.entries[:-1], Entry(forger.entries[-1].leaf, None)])
    with pytest.raises(Malformed, match="content was left out"):
        bare.give("TUR")
    assert world.nodes["TUR"].store.size("IRQ") == 1
    forger.give("JOR")
    world.sync("TUR", "JOR")
    assert world.nodes["TUR"].store.size("IRQ") == 2
    assert asking.digest(world.nodes["TUR"]) == asking.digest(world.nodes["JOR"])


# --------------------------------------------------------------------------------------- two histories


def test_a_party_with_two_histories_is_frozen_with_a_proof_while_everything_else_goes_on() -> None:
    """Law 9 with three parties: the proof convinces a stranger; the others' log, and joint matters of theirs, go on."""
    world, docket = busy(notes=2)
    world.meet()
    honest, other = Forger(world, "IRQ"), Forger(world, "IRQ")
    honest.add("pact.agreed/1", pact.Agreed(), docket, answers=[docket])
    other.add("pact.noted/1", pact.Noted("another history"), docket)
    other.add("pact.noted/1", pact.Noted("goes on"), docket)
    honest.give("TUR")
    other.give("JOR")
    shown = standing.milestones(world.nodes["TUR"], docket)
    before = stored(world.nodes["TUR"], "IRQ")
    # The node with the shorter history meets the other one, and has both heads in its hands.
    report = world.sync("TUR", "JOR")
    assert "two histories" in report.faults["IRQ"]
    record = world.nodes["TUR"]
    assert list(record.frozen) == ["IRQ"]
    assert stored(record, "IRQ") == before
    verdict = verify_proof(proving.prove_fault(record, "IRQ"))
    assert verdict.party == "IRQ"
    assert "two histories" in verdict.fault
    assert asking.status(record)["logs"]["IRQ"]["frozen"]
    assert standing.milestones(record, docket) == shown, "what was settled by then stays"
    # Everything else goes on, also after a restart.
    record = world.reopen("TUR")
    assert list(record.frozen) == ["IRQ"]
    world.agree("JOR", docket)
    later = world.put("JOR")
    report = world.sync("TUR", "JOR")
    world.sync("JOR", "TUR")
    assert report.received["JOR"] == 2
    world.agree("TUR", later)
    assert record.ready["JOR"] == 3, "nobody waits for a history that will never be taken in"
    world.sync("JOR", "TUR")
    assert world.picture("JOR", later) == world.picture("TUR", later)
    assert list(check_record(world.nodes["TUR"])) == []
    # JOR's node has not met the other history itself: it sees that TUR's receipts are for another one.
    assert {"another root for IRQ" in found.why for found in check_record(world.nodes["JOR"])} == {True}
    for forger in (honest, other):
        with pytest.raises(Refused) as refused:
            forger.give("TUR")
        assert code(refused) == "log_frozen"


def test_what_waited_for_a_log_that_is_then_frozen_waits_no_longer() -> None:
    """JOR's act had seen IRQ's other history, and came before the fork was found."""
    world, docket = busy(notes=0)
    world.meet()
    honest, other = Forger(world, "IRQ"), Forger(world, "IRQ")
    honest.add("pact.noted/1", pact.Noted("one"), docket)
    for text in ("two", "three"):
        other.add("pact.noted/1", pact.Noted(text), docket)
    honest.give("TUR")
    other.give("JOR")
    world.agree("JOR", docket)
    Forger(world, "JOR").give("TUR")
    record = world.nodes["TUR"]
    assert record.ready["JOR"] == 1
    with pytest.raises(Broken, match="two histories"):
        other.give("TUR")
    assert record.ready["JOR"] == 2
    assert record.folds.view(docket).stands(str(docket), "JOR")
    assert world.reopen("TUR").ready["JOR"] == 2
    assert list(check_record(world.nodes["TUR"])) == []


def test_a_frozen_log_is_still_served_as_far_as_it_was_held() -> None:
    """Whoever comes late gets what was signed before the fork, and the fork when they meet its other half."""
    world, docket = busy(notes=0)
    world.meet()
    honest, other = Forger(world, "IRQ"), Forger(world, "IRQ")
    honest.add("pact.agreed/1", pact.Agreed(), docket, answers=[docket])
    other.add("pact.noted/1", pact.Noted("another"), docket)
    honest.give("TUR")
    with pytest.raises(Broken):
        other.give("TUR")
    report = world.sync("JOR", "TUR")
    assert report.received["IRQ"] == 1
    assert world.leaves("JOR", "IRQ") == world.leaves("TUR", "IRQ")
    with pytest.raises(Broken):
        other.give("JOR")


@pytest.mark.parametrize("later", [0, 1, 3])
def test_two_heads_of_one_size_and_of_growing_ones_are_caught_alike(later: int) -> None:
    world, docket = busy(notes=0)
    world.meet()
    one, two = Forger(world, "IRQ"), Forger(world, "IRQ")
    for number in range(2):
        one.add("pact.noted/1", pact.Noted(f"one {number}"), docket)
        two.add("pact.noted/1", pact.Noted(f"two {number}"), docket)
    for number in range(later):
        two.add("pact.noted/1", pact.Noted(f"more {number}"), docket)
    one.give("TUR")
    with pytest.raises(Broken):
        two.give("TUR")
    assert verify_proof(proving.prove_fault(world.nodes["TUR"], "IRQ")).size == 3 + later


def test_a_receipt_or_a_sight_that_is_taken_back_is_a_fault_with_proof() -> None:
    """In a leaf, at the first place of a page and within it; and in a signed head."""
    for place in (0, 2):
        world, docket = busy()
        world.meet()
        forger = Forger(world, "IRQ")
        forger.add("pact.noted/1", pact.Noted("has seen"), docket)
        if place == 0:
            forger.give("TUR")
        forger.add("pact.noted/1", pact.Noted("has not"), docket, seen={"JOR": 1, "TUR": 3})
        honest_receipts = {party: forger.receipt(party, n) for party, n in world.nodes["IRQ"].others.items()}
        with pytest.raises(Broken, match="takes back"):
            forger.give("TUR", head=forger.head(receipts=honest_receipts))
        verdict = verify_proof(proving.prove_fault(world.nodes["TUR"], "IRQ"))
        assert "takes back" in verdict.fault
    world, docket = busy()
    world.meet()
    forger = Forger(world, "IRQ")
    forger.add("pact.noted/1", pact.Noted("x"), docket)
    with pytest.raises(Broken, match="receipt was taken back"):
        forger.give("TUR", head=forger.head(receipts={"JOR": forger.receipt("JOR", 1)}))
    assert "receipt" in verify_proof(proving.prove_fault(world.nodes["TUR"], "IRQ")).fault


# ------------------------------------------------------------------------------------ false sight


def test_claims_to_have_seen_what_was_never_said_block_their_author_alone() -> None:
    """Its acts wait at everybody's; nobody else's do. Whom it lies about is asked once, then goes on."""
    world, docket = busy()
    world.meet()
    forger = Forger(world, "IRQ")
    forger.add("pact.agreed/1", pact.Agreed(), docket, answers=[docket], seen={"JOR": 1, "TUR": 99})
    forger.give("JOR")
    jor, tur = world.nodes["JOR"], world.nodes["TUR"]
    assert jor.ready["IRQ"] == 1
    assert jor.others == {"IRQ": 1, "TUR": 8}
    world.agree("JOR", docket)
    with pytest.raises(Refused) as refused:
        forger.give("TUR")
    assert code(refused) == "seen_unsaid"
    assert tur.silent == ["IRQ", "JOR"], "it may have been restored without knowing: it asks"
    for _ in range(2):
        world.sync("TUR", "JOR")
        world.sync("JOR", "TUR")
        tur.told("IRQ", None)  # the liar answers as well, that it holds nothing of ours
    assert tur.silent == []
    assert tur.frozen == {}
    assert world.note("TUR", docket)
    for size in (120, 1_000_000):
        liar = forger.fork(1)
        liar.add("pact.noted/1", pact.Noted("more lies"), docket, seen={**liar.seen(), "TUR": size})
        with pytest.raises(Refused) as refused:
            liar.give("TUR")
        assert code(refused) == "seen_unsaid"
        assert tur.silent == [], "who has lied once is not believed again"
    assert world.reopen("TUR").silent == []
    assert list(check_record(world.nodes["JOR"])) == []


def test_a_receipt_for_what_was_never_said_is_refused() -> None:
    world, _ = busy()
    world.meet()
    forger = Forger(world, "IRQ")
    head = forger.head(receipts={"JOR": forger.receipt("JOR", 1), "TUR": forger.receipt("TUR", 99)})
    with pytest.raises(Refused) as refused:
        forger.give("TUR", head=head)
    assert code(refused) == "seen_unsaid"


def test_a_circle_of_claims_between_two_never_blocks_the_other_two() -> None:
    """Each of two claims to have seen the other's next act: theirs wait for ever, all else goes on and settles."""
    world, docket = busy(FOUR, notes=0)
    world.meet()
    one, two = Forger(world, "IRQ"), Forger(world, "NLD")
    one.friends, two.friends = {"NLD": two}, {"IRQ": one}
    for number in range(3):
        one.add("pact.noted/1", pact.Noted("one"), docket, seen={**one.seen(), "NLD": 2 + number})
        two.add("pact.noted/1", pact.Noted("two"), docket, seen={**two.seen(), "IRQ": 2 + number})
    for forger in (one, two, one):
        for party in ("TUR", "JOR"):
            forger.give(party)
    for party in ("TUR", "JOR"):
        assert world.nodes[party].store.size("IRQ") == world.nodes[party].store.size("NLD") == 4
        assert world.nodes[party].ready["IRQ"] == world.nodes[party].ready["NLD"] == 1
    world.agree("JOR", docket)
    later = world.put("TUR")
    for _ in range(2):
        world.sync("TUR", "JOR")
        world.sync("JOR", "TUR")
    for party in ("TUR", "JOR"):
        node = world.nodes[party]
        assert node.ready["TUR"] == 3
        assert node.ready["JOR"] == 2
        assert asking.docket(node, later)["state"]
        assert node.frozen == {}
        assert list(check_record(node)) == []
    assert asking.digest(world.nodes["TUR"]) == asking.digest(world.nodes["JOR"])


def test_an_answer_to_what_its_author_claims_not_to_have_seen_is_judged_alike_everywhere() -> None:
    """Law 2. Seen to fail when an answer counted only once the answered act had come."""
    world, docket = busy(notes=0)
    world.meet()
    unseen = world.note("TUR", docket)
    forger = Forger(world, "IRQ")
    sight = {"JOR": 1, "TUR": 2}
    forger.add("pact.agreed/1", pact.Agreed(), docket, seen=sight, answers=[unseen])
    forger.give("JOR")
    forger.give("TUR")
    before = world.picture("JOR", docket)
    for party in ("JOR", "TUR"):
        (fault,) = world.nodes[party].folds.fold(docket).irregular
        assert fault.code == "answers_unseen"
    world.sync("JOR", "TUR")
    assert world.picture("JOR", docket) == world.picture("TUR", docket)
    assert world.picture("JOR", docket) != before
    world.reopen("JOR")
    assert world.picture("JOR", docket) == world.picture("TUR", docket)


def test_an_answer_that_names_other_bytes_answers_nothing() -> None:
    """Answers bind leaf hashes, so they cannot be carried over to another history."""
    world, docket = busy(notes=0)
    world.meet()
    forger = Forger(world, "IRQ")
    forger.add("pact.agreed/1", pact.Agreed(), docket, answers={str(docket): "A" * 43})
    forger.give("TUR")
    (fault,) = world.nodes["TUR"].folds.fold(docket).irregular
    assert fault.code == "answers_count"
    assert not world.nodes["TUR"].folds.view(docket).stands(str(docket), "IRQ")


# ------------------------------------------------------------------------- receipts and cosignatures


def test_receipts_cover_what_is_stored_and_ready_and_cosignatures_what_is_held_whole() -> None:
    world, _ = busy(notes=5)
    forger, record = Forger(world, "TUR"), world.nodes["IRQ"]
    keys = {"IRQ": [key("IRQ", "node").public]}
    for count, whole in ((0, False), (2, False), (3, False), (1, True)):
        start, since = record.held("TUR")
        record.receive(forger.page(start, since, count))
        held = record.logs["TUR"].head
        assert held is not None
        assert held.checkpoint.size == 7
        assert bool(cosigners(held, keys)) == whole
        receipts = record.head().checkpoint.receipts
        assert receipts["TUR"] == record.store.size("TUR") == start + count


def test_a_silent_a_frozen_and_an_unfounded_node_cosign_nothing() -> None:
    keys = {"IRQ": [key("IRQ", "node").public]}
    world, _ = busy()
    world.nodes["IRQ"].restored()
    Forger(world, "TUR").give("IRQ")
    assert not cosigners(world.nodes["IRQ"].logs["TUR"].head, keys)  # type: ignore[arg-type]
    fresh = World(THREE)
    fresh.accept("TUR")
    Forger(fresh, "TUR").give("IRQ")
    assert not cosigners(fresh.nodes["IRQ"].logs["TUR"].head, keys)  # type: ignore[arg-type]


def test_cosignatures_come_together_from_whoever_has_them() -> None:
    world, _ = busy()
    world.meet()
    keys = {party: [key(party, "node").public] for party in THREE}
    for party in THREE:
        head = world.nodes[party].logs["TUR"].head
        assert head is not None
        assert set(cosigners(head, keys)) == {"IRQ", "JOR"}


# ------------------------------------------------------------------------------------ destroyed content


def test_destruction_is_honoured_for_its_originator_s_erasable_content_alone() -> None:
    """Another's content, a content that verdicts rest on, and one of another log stay."""
    world, docket = busy(notes=1)
    remark, mine = Ref("TUR", 2), world.note("IRQ", world.put("IRQ"))
    world.meet()
    forger = Forger(world, "IRQ")
    for answered in (remark, docket, mine, Ref("IRQ", 1)):
        forger.add(DESTROYED, ContentDestroyed("test"), docket, answers=[answered])
    for party in ("TUR", "JOR"):
        forger.give(party)
        node = world.nodes[party]
        assert node.store.entries("TUR", 2, 3)[0].content is not None
        assert node.store.entries("TUR", 1, 2)[0].content is not None
        assert node.store.entries("IRQ", 1, 2)[0].content is not None
        assert node.store.entries("IRQ", 2, 3)[0].content is None, "its own remark, wherever it says so from"
        assert {fault.code for fault in node.folds.fold(docket).irregular} <= {
            "not_erasable",
            "not_originator",
        }
        assert list(check_record(node)) == []
    assert asking.digest(world.nodes["TUR"]) == asking.digest(world.nodes["JOR"])


def test_a_content_destroyed_from_another_docket_is_shown_alike_by_all() -> None:
    """Also by a node that had folded it before. Seen to fail while only the destroying act's docket was folded anew."""
    world, _ = busy(notes=0)
    docket, other = world.put("IRQ"), world.put("IRQ")
    remark = world.note("IRQ", docket)
    world.meet()
    assert world.nodes["TUR"].folds.view(docket).acts[-1].body == pact.Noted("remark")
    forger = Forger(world, "IRQ")
    forger.add(DESTROYED, ContentDestroyed("test"), other, answers=[remark])
    forger.give("TUR")
    assert world.nodes["TUR"].folds.view(docket).acts[-1].body is None


@pytest.mark.parametrize("known", [True, False])
def test_destroyed_content_leaves_no_byte_in_the_files(tmp_path: Path, known: bool) -> None:
    """Neither at its author's nor at another's node, in the database or its write-ahead log."""
    secret = "c0ffee-" + "".join(random.Random(1).choices("abcdef0123456789", k=40))
    world = World(("IRQ", "TUR"), lambda party: SqliteStore(tmp_path / f"{party}.db"))
    world.found()
    docket = world.put("TUR")
    remark = world.note("TUR", docket, secret)
    for number in range(20):
        world.note("TUR", docket, f"other {number}")
    if known:
        world.meet()
        assert secret.encode() in b"".join(path.read_bytes() for path in tmp_path.glob("IRQ.db*"))
    world.say("TUR", DESTROYED, ContentDestroyed("after a year"), docket, [remark])
    world.meet()
    for party in ("TUR", "IRQ"):
        kept = b"".join(path.read_bytes() for path in tmp_path.glob(f"{party}.db*"))
        assert secret.encode() not in kept, party
        assert world.nodes[party].store.entries("TUR", 2, 3)[0].content is None
        assert list(check_record(world.nodes[party])) == []
        assert showing.show(world.nodes[party], remark)["content"] is None
    count = "SELECT (SELECT count(*) FROM entry_1) + (SELECT count(*) FROM entry_2)"
    assert sqlite3.connect(tmp_path / "TUR.db").execute(count).fetchone() == (25,)


# ----------------------------------------------------------------------------------------- keys, far behind


def rotate(world: World, party: str, keep: str, drop: str) -> None:
    docket, root = Ref(party, 0), key(party, "root")
    world.say(party, "charter.key_added/1", KeyAdded(key(party, keep).public, "node"), docket, signer=root)
    world.say(party, "charter.key_revoked/1", KeyRevoked(key(party, drop).public), docket, signer=root)


@pytest.mark.parametrize("through", ["TUR", "JOR"])
@pytest.mark.parametrize("page", [300, 1 << 20])
def test_a_node_that_is_far_behind_catches_up_across_a_revocation(through: str, page: int) -> None:
    """From the author, or from another who was there all the time: twice over, in any pages."""
    world, docket = busy(page=page)
    world.sync("JOR", "TUR")
    world.note("TUR", docket)
    rotate(world, "TUR", "node2", "node")
    for number in range(3):
        world.note("TUR", docket, f"after {number}")
    world.sync("JOR", "TUR")
    new = key("TUR", "node3")
    world.signers[new.public] = new
    rotate(world, "TUR", "node3", "node2")
    world.note("TUR", docket, "last")
    world.sync("JOR", "TUR")
    world.sync("TUR", "JOR")
    if through == "JOR":
        world.cut.add(frozenset(("IRQ", "TUR")))
    for _ in range(2):
        report = world.sync("IRQ", through)
    assert report.faults == {}
    assert world.leaves("IRQ", "TUR") == world.leaves("TUR", "TUR")
    assert world.nodes["IRQ"].node_keys("TUR") == [new.public]
    assert world.picture("IRQ", docket) == world.picture("TUR", docket)
    assert list(check_record(world.nodes["IRQ"])) == []


def test_a_head_signed_with_a_revoked_key_is_refused() -> None:
    """By whoever knows of the revocation; the thief of the old key cannot go on with the log."""
    world, docket = busy(notes=0)
    rotate(world, "TUR", "node2", "node")
    world.meet()
    thief = Forger(world, "TUR")
    thief.add("pact.noted/1", pact.Noted("stolen"), docket)
    with pytest.raises(Broken, match="no valid signature"):
        thief.give("IRQ")
    assert world.nodes["IRQ"].frozen == {}, "a stolen key proves nothing about its party"
    thief.signers = [key("TUR", "node2")]
    assert thief.give("IRQ") == 1


# ---------------------------------------------------------------------------------- dockets that are none


def test_acts_in_dockets_that_nobody_opened_are_kept_and_harm_nothing() -> None:
    """`check` stays clean at whoever received them, and the docket they name may be opened later."""
    world, _ = busy(notes=1)
    world.meet()
    forger = Forger(world, "IRQ")
    for named in ("TUR/2", "TUR/3", "TUR/999", "IRQ/999", "IRQ/0", "TUR/0"):
        forger.add("pact.noted/1", pact.Noted("x"), named)
    forger.add("pact.noted/1", pact.Noted("x"))
    forger.add("piracy.begun/1", {"x": 1})
    forger.add("pact.put/1", b"s" * 32 + b"no JSON")
    forger.give("TUR")
    record = world.nodes["TUR"]
    assert list(check_record(record)) == []
    opened = world.put("TUR")
    assert opened == Ref("TUR", 3)
    assert {fault.code for fault in record.folds.fold(opened).irregular} == {"docket_unknown"}
    assert list(check_record(record)) == []
    adopt(forger)
    world.meet()
    assert len({asking.digest(node) for node in world.nodes.values()}) == 1


def test_a_docket_of_no_party_is_malformed() -> None:
    world, _ = busy()
    forger = Forger(world, "IRQ")
    forger.add("pact.noted/1", pact.Noted("x"), "XXX/1")
    with pytest.raises(Malformed, match="of no party"):
        forger.give("TUR")
    assert world.nodes["TUR"].store.size("IRQ") == 1
