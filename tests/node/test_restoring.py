"""Law 10 at the record: silence, recovery from whoever holds more, and forks of one's own log that are not signed."""

from __future__ import annotations

import itertools
from contextlib import suppress

import pytest
from tests.node.forge import Forger
from tests.worlds import pact
from tests.worlds.faulty import copy_of
from tests.worlds.world import World, key

from comity.core.act import Ref
from comity.core.checkpoint import cosigners
from comity.core.errors import Broken, Malformed, Refused
from comity.core.log import encode_page
from comity.core.proof import verify_proof
from comity.exchange.talk import AskHeads, Heads, Offer, Refusal, answer
from comity.node import asking, proving
from comity.node.check import check_record
from comity.node.record import Record

THREE = ("IRQ", "JOR", "TUR")


def says(record: Record, docket: Ref) -> str:
    """The code with which the node refuses to speak."""
    from comity.node.record import Draft

    with pytest.raises(Refused) as refused:
        record.say(Draft("pact.noted/1", pact.Noted("x"), "root", docket=docket))
    return refused.value.code


def restored(later: int = 3) -> tuple[World, Ref, Record]:
    """TUR's node put back to a copy from before its last acts, which IRQ and JOR hold."""
    world = World.founded(THREE)
    docket = world.put("TUR")
    world.meet()
    backup = copy_of(world.stores["TUR"].inner)
    for number in range(later):
        world.note("TUR", docket, str(number))
    world.meet()
    return world, docket, world.restore("TUR", backup)


@pytest.mark.parametrize("order", list(itertools.permutations(["IRQ", "JOR"])))
def test_silence_ends_when_the_last_counterpart_has_told(order: tuple[str, str]) -> None:
    world, docket, record = restored()
    assert says(record, docket) == "silent_after_restore"
    world.sync("TUR", order[0])
    assert record.silent == [order[1]]
    assert record.logs["TUR"].size == 5
    assert says(record, docket) == "silent_after_restore"
    world.sync("TUR", order[1])
    assert record.silent == []
    assert world.note("TUR", docket) == Ref("TUR", 5)
    assert {name for name in record.store.named("") if name == "silent"} == set()


def test_a_silent_node_answers_and_receives_but_signs_nothing() -> None:
    world, docket, record = restored()
    world.note("IRQ", docket)
    world.nodes["IRQ"].heads()
    reply = answer(record, "IRQ", AskHeads())
    assert isinstance(reply, Heads)
    before = [stored.note for stored in record.store.all_notes("TUR")]
    with suppress(Refused):  # what it has signed before it may show
        record.head()
    # IRQ drives whole conversations: it takes and gives what it can; its own act has seen what TUR's node gets back.
    world.sync("IRQ", "TUR")
    world.sync("IRQ", "TUR")
    assert record.store.size("IRQ") == 2
    head = record.logs["IRQ"].head
    assert head is not None
    assert not cosigners(head, {"TUR": [key("TUR", "node").public]})
    own = {stored.note.partition(b"\n\n")[0] for stored in record.store.all_notes("TUR")}
    theirs = {stored.note.partition(b"\n\n")[0] for stored in world.nodes["IRQ"].store.all_notes("TUR")}
    assert own <= theirs | {note.partition(b"\n\n")[0] for note in before}, (
        "no head that it had not signed before"
    )


def test_the_silence_outlives_a_restart() -> None:
    world, docket, _ = restored()
    world.sync("TUR", "IRQ")
    record = world.reopen("TUR")
    assert record.silent == ["JOR"]
    assert says(record, docket) == "silent_after_restore"


def test_recovery_goes_on_over_pages_however_small() -> None:
    world, docket, record = restored(9)
    world.page = 300
    world.sync("TUR", "IRQ")
    assert record.store.size("TUR") == 11
    assert world.leaves("TUR", "TUR") == world.leaves("IRQ", "TUR")
    world.sync("TUR", "JOR")
    assert list(check_record(record)) == []
    assert world.picture("TUR", docket) == world.picture("JOR", docket)


def test_what_one_counterpart_lacks_comes_from_another() -> None:
    """IRQ missed the last acts; nothing is said over them before JOR has told."""
    world = World.founded(THREE)
    docket = world.put("TUR")
    world.meet()
    backup = copy_of(world.stores["TUR"].inner)
    world.note("TUR", docket, "one")
    world.sync("IRQ", "TUR")
    world.note("TUR", docket, "two")
    world.sync("JOR", "TUR")
    record = world.restore("TUR", backup)
    world.sync("TUR", "IRQ")
    assert record.store.size("TUR") == 3
    assert says(record, docket) == "silent_after_restore"
    world.sync("TUR", "JOR")
    assert record.store.size("TUR") == 4
    assert world.note("TUR", docket) == Ref("TUR", 4)


def test_a_counterpart_that_offers_our_own_log_tells_by_that() -> None:
    """It has not waited to be asked: its offer of our acts is taken, once we know that we lack them."""
    world, docket, record = restored()
    start, since = record.held("TUR")
    page = world.nodes["IRQ"].page("TUR", start, since)
    reply = answer(record, "IRQ", Offer(encode_page(page)))
    assert not isinstance(reply, Refusal), reply
    assert record.store.size("TUR") == 5
    assert says(record, docket) == "silent_after_restore"


def test_a_node_that_was_put_back_unnoticed_is_told_by_its_first_counterpart() -> None:
    """A whole machine put back, say: our own signature under more than we have makes us silent."""
    world, docket, _ = restored()
    world.place("TUR", copy_of(World.founded(THREE).stores["TUR"].inner))
    record = world.nodes["TUR"]
    assert record.silent == []
    assert record.told("IRQ", world.nodes["IRQ"].heads()["TUR"]) == 5
    assert record.silent == ["IRQ", "JOR"]
    assert record.told("IRQ", None) == 0
    assert record.silent == ["JOR"]
    assert docket


def test_a_node_that_spoke_before_it_met_anybody_signs_no_second_history() -> None:
    """Put back unnoticed, it said acts and signed none of them; then it is shown what it had signed: it stays silent.

    Seen to fail while only a fork that was signed already stopped it: the next head was the second history.
    """
    world = World.founded(THREE)
    docket = world.put("TUR")
    world.meet()
    backup = copy_of(world.stores["TUR"].inner)
    world.note("TUR", docket, "one")
    world.meet()
    world.place("TUR", backup)
    record = world.nodes["TUR"]
    for text in ("two", "three"):
        world.note("TUR", docket, text)
    for _ in range(2):
        with pytest.raises(Broken, match="two histories"):
            world.sync("TUR", "IRQ")
        assert "IRQ" in record.silent
    with pytest.raises(Refused):
        record.head()
    assert max(stored.size for stored in record.store.all_notes("TUR")) == 2
    for party in ("IRQ", "JOR"):
        world.sync(party, "TUR")
        assert world.nodes[party].frozen == {}
    assert says(record, docket) == "silent_after_restore"


def test_a_fork_of_our_own_log_is_proved_and_nothing_more_is_signed() -> None:
    """Two signed histories of ours meet: whoever sees them has the proof, and we have it too."""
    world = World.founded(THREE)
    docket = world.put("TUR")
    world.meet()
    backup = copy_of(world.stores["TUR"].inner)
    world.note("TUR", docket, "one")
    world.sync("IRQ", "TUR")
    world.place("TUR", backup)
    record = world.nodes["TUR"]
    for text in ("two", "three"):
        world.note("TUR", docket, text)
    world.sync("JOR", "TUR")
    with pytest.raises(Broken, match="two histories of our log"):
        world.sync("TUR", "IRQ")
    assert list(record.frozen) == ["TUR"]
    assert verify_proof(proving.prove_fault(record, "TUR")).party == "TUR"
    assert says(record, docket) == "own_log_forked"
    assert record.store.size("TUR") == 4
    size = record.heads()["TUR"].checkpoint.size
    assert size == 4, "the head that it signed before, and none after"
    report = world.sync("JOR", "IRQ")
    assert "two histories" in report.faults["TUR"] or "TUR" in world.nodes["IRQ"].frozen


@pytest.mark.parametrize("size", [2, 5, 9])
def test_a_head_that_we_never_signed_tells_nothing(size: int) -> None:
    """Under another's signature, or for another log or mechanism: refused, and we stay as we were."""
    world, _, record = restored(0)
    world.sync("TUR", "IRQ")
    world.sync("TUR", "JOR")
    assert record.silent == []
    fake = Forger(world, "TUR")
    while len(fake.entries) < size:
        fake.add("pact.noted/1", pact.Noted("x"), "TUR/1")
    fake.signers = [key("IRQ", "node")]
    with pytest.raises(Broken):
        record.told("IRQ", fake.head())
    with pytest.raises(Malformed):
        record.told("IRQ", world.nodes["IRQ"].heads()["IRQ"])
    assert record.silent == []
    assert record.frozen == {}


def test_a_restored_node_that_nobody_holds_more_of_goes_on() -> None:
    world, docket, record = restored(0)
    world.sync("TUR", "IRQ")
    world.sync("TUR", "JOR")
    assert world.note("TUR", docket) == Ref("TUR", 2)
    world.meet()
    assert len({asking.digest(node) for node in world.nodes.values()}) == 1
    assert record.frozen == {}


def test_a_true_claim_is_believed_again_after_a_recovery() -> None:
    """Someone had seen more of our log, and it was so: the next such claim is asked about, too."""
    world = World.founded(THREE)
    docket = world.put("TUR")
    world.meet()
    backups = [copy_of(world.stores["TUR"].inner) for _ in range(2)]
    world.note("TUR", docket, "one")
    world.meet()
    world.note("IRQ", docket, "has seen it")
    claim = Forger(world, "IRQ")
    for backup in backups:
        world.place("TUR", backup)
        record = world.nodes["TUR"]
        assert record.silent == []
        with pytest.raises(Refused) as refused:
            claim.give("TUR")
        assert refused.value.code == "seen_unsaid"
        assert record.silent == ["IRQ", "JOR"]
        assert record.store.named("claimed/")
        world.sync("TUR", "JOR")
        assert record.store.size("TUR") == 3
        assert not record.store.named("claimed/")
        world.sync("TUR", "IRQ")
        assert record.silent == []
