"""The ten laws of the design, each with a test that tries to break it.

Each law is a function that anyone may run; the test of a law runs it, and `test_a_broken_..._is_noticed` runs it
against versions that are broken on purpose, and demands that it fails. So every one of them is seen to fail for ever.
"""

from __future__ import annotations

import functools
import itertools
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test
from tests.worlds import pact
from tests.worlds.faulty import copy_of
from tests.worlds.machine import Machine
from tests.worlds.world import World, key

from comity.core import checkpoint, halves, merkle
from comity.core.act import Ref
from comity.core.charter import ROOT, OfficeFilled
from comity.core.checkpoint import Checkpoint, Seen, sign
from comity.core.entry import Entry, encode_leaf, parse_leaf
from comity.core.errors import Broken, ComityError, Refused
from comity.core.fold import DESTROYED, ContentDestroyed
from comity.core.log import Page, encode_page
from comity.core.proof import verify_proof
from comity.exchange import talk
from comity.node import asking
from comity.node.check import check_record
from comity.node.proving import prove_fault
from comity.node.record import Draft

THREE = ("IRQ", "JOR", "TUR")
FIND = [Phase.generate]


def tries(examples: int, *strategies: Any) -> Callable[[Any], Any]:
    """A law that is tried on so many examples; `shrink=False` where it is only to be seen to fail."""

    def law(told: Any) -> Any:
        @functools.wraps(told)
        def run(*, shrink: bool = True) -> None:
            profile = settings(max_examples=examples, suppress_health_check=list(HealthCheck))
            if not shrink:
                profile = settings(profile, phases=FIND, database=None, report_multiple_bugs=False)
            profile(given(*strategies)(told))()

        del run.__wrapped__
        return run

    return law


def chatter(world: World, moves: list[tuple[int, int]], *, meet: bool = False) -> None:
    """Some life: who (by number) does what (by number); what the rules refuse is left out."""
    for who, what in moves:
        party = world.parties[who % len(world.parties)]
        dockets = world.dockets(party)
        others = [other for other in world.parties if other != party]
        if what % 7 == 0 or not dockets:
            world.put(party)
        elif what % 7 == 1:
            world.sync(party, others[what % len(others)])
        else:
            does = getattr(world, ("agree", "agree", "withdraw", "note", "hold")[what % 7 - 2])
            refusal_of(functools.partial(does, party, dockets[what % len(dockets)]))
    if meet:
        world.meet()


def refusal_of(speaking: Callable[[], Any]) -> str:
    """The code with which this is refused, or nothing."""
    try:
        speaking()
    except Refused as refused:
        return refused.code
    return ""


MOVES = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 30)), max_size=30)


def hostile_head(
    world: World, author: str, size: int, root: bytes, seen: dict[str, int], by: str = ""
) -> bytes:
    """A head that says anything, signed with the node key of `by` (the author's own, if not given)."""
    receipts = {}
    for (
        party,
        number,
    ) in seen.items():  # roots are true where there is one: a false one would be refused for itself
        log = world.nodes[party].logs[party]
        receipts[party] = Seen(number, log.tree.edge(number).root() if number <= log.size else bytes(32))
    return sign(
        Checkpoint(world.charter.id, author, size, root, receipts), [key(by or author, "node")]
    ).encode()


def hostile_page(
    world: World, author: str, new: list[Entry], to: str, seen: dict[str, int], by: str = ""
) -> Page:
    """A page of `author`'s log that goes on with these leaves where the node of `to` stands, under such a head."""
    held = world.nodes[to].logs[author]
    hashes = [merkle.leaf_hash(leaf) for leaf in (*world.leaves(to, author), *(entry.leaf for entry in new))]

    def read(level: int, index: int) -> bytes:
        return merkle.root_of(hashes[index << level : (index + 1) << level])

    since = held.head.checkpoint.size if held.head else 0
    path = merkle.prefix_proof(since, len(hashes), read) if since else []
    head = hostile_head(world, author, len(hashes), merkle.root_of(hashes), seen, by)
    return Page(author, held.size, new, head, since, path, [])


# ------------------------------------------------------------------------------------------------ law 1


@tries(40, MOVES, st.sampled_from(list(itertools.permutations(THREE, 2))), st.integers(0, 3))
def law_1(moves: list[tuple[int, int]], who: tuple[str, str], way: int) -> None:
    world = World.founded(THREE)
    chatter(world, moves, meet=True)
    author, forger = who
    (victim,) = set(THREE) - {author, forger}
    before = world.leaves(victim, author)
    last = list(world.stores[victim].inner.scan(author))[-1]
    forged = Entry(encode_leaf(msgspec.structs.replace(parse_leaf(last.leaf), office="forged")), last.content)
    receipts = world.nodes[victim].logs[author].head.checkpoint.receipts
    page = hostile_page(world, author, [forged], victim, receipts, by=forger)
    if way == 1:  # the author's signature of another head, on this one
        honest = checkpoint.parse_note(world.nodes[author].heads()[author].encode())
        note = checkpoint.parse_note(page.head)
        page = msgspec.structs.replace(page, head=checkpoint.Note(note.checkpoint, honest.lines).encode())
    elif way == 2:  # the forger's own log, as if it were the author's
        page = msgspec.structs.replace(world.nodes[forger].page(forger, 0, 0, 1 << 20), log=author)
    elif way == 3:  # through the conversation, as an offer
        reply = talk.answer(world.nodes[victim], forger, talk.Offer(encode_page(page)))
        assert isinstance(reply, talk.Refusal)
    with pytest.raises(ComityError):
        world.nodes[victim].receive(page)
    assert world.leaves(victim, author) == before
    assert not world.nodes[victim].frozen, "a forger must not be able to freeze the log of another"
    said = world.note(forger, world.put(forger))
    assert said.party == forger


def test_law_1_a_party_writes_only_in_its_own_log() -> None:
    """No page that another party made, however it is dressed up, adds one act to a party's log or freezes it."""
    law_1()


# -------------------------------------------------------------------------------------------- laws 2, 3


def run_machine(examples: int, steps: int, *, shrink: bool = True, **kind: Any) -> None:
    phases = [Phase.generate, Phase.shrink] if shrink else [Phase.generate]
    profile = settings(
        max_examples=examples, stateful_step_count=steps, phases=phases, database=None,
        suppress_health_check=list(HealthCheck), print_blob=False, report_multiple_bugs=False,
    )  # fmt: skip
    run_state_machine_as_test(type("Run", (Machine,), kind), settings=profile)


def laws_2_and_3(*, shrink: bool = False) -> None:
    run_machine(150, 50, shrink=shrink, restores=False, most=3)


def test_laws_2_and_3_two_to_five_nodes_in_any_interleaving() -> None:
    """Whatever is delayed, lost, doubled, reordered, cut off or crashed at any write: see `tests.worlds.machine`."""
    run_machine(25, 50, restores=False)


def test_laws_2_3_and_10_with_nodes_restored_from_older_copies() -> None:
    """The same, where any node may at any time be put back to an older copy of its database."""
    run_machine(30, 50, most=3)


@pytest.mark.soak
@pytest.mark.parametrize("restores", [False, True])
def test_laws_2_and_3_for_long(restores: bool) -> None:
    """The same for longer, with longer lives."""
    run_machine(500, 120, restores=restores)


@tries(25, MOVES, st.randoms(), st.sampled_from([200, 600, 1500]))
def law_2(moves: list[tuple[int, int]], chance: Any, page: int) -> None:
    world = World.founded(THREE)
    chatter(world, moves, meet=True)
    docket = world.put(
        "JOR"
    )  # and one pact for certain in which verdicts depend on what all have said before
    for party in ("IRQ", "TUR"):
        world.meet()
        world.agree(party, docket)
    world.meet()
    for party in THREE:
        world.hold(party, docket)
    world.meet()
    observer = World.founded(THREE, page)  # another node of JOR, to which the pages come in any order
    node, source = observer.nodes["JOR"], world.nodes["JOR"]
    pictures: dict[Any, Any] = {}
    while (
        node.held("JOR")[0] < source.held("JOR")[0]
    ):  # it was put back to the founding, and has fetched its own acts
        node.receive(source.page("JOR", *node.held("JOR"), page))
    while any(node.held(party)[0] < source.held(party)[0] for party in ("IRQ", "TUR")):
        party = chance.choice(["IRQ", "TUR"])
        if node.held(party)[0] < source.held(party)[0]:
            node.receive(source.page(party, *node.held(party), chance.choice([1, page])))
        for docket in observer.dockets("JOR"):
            assert_joint_needs_all(observer, docket)
        ready = tuple(sorted(node.ready.items()))
        assert pictures.setdefault(ready, observer.pictures("JOR")) == observer.pictures("JOR")
    fresh = World(THREE, lambda p: copy_of(observer.stores[p].inner))
    assert fresh.pictures("JOR") == observer.pictures("JOR"), (
        "folding piece by piece differs from folding at once"
    )
    if node.ready == source.ready:
        assert observer.pictures("JOR") == world.pictures("JOR")


def assert_joint_needs_all(world: World, docket: Ref) -> None:
    view = world.nodes["JOR"].folds.view(docket)
    match = view.agreed(str(docket))
    if match is not None:
        said = {act.ref: act.kind for act in view.acts}
        assert set(match) == set(world.parties), f"{docket} is agreed by {match} alone"
        assert all(said[Ref(*half)] in {"pact.put/1", "pact.agreed/1"} for half in match.items())


def test_law_2_what_is_shown_does_not_depend_on_the_order_of_arrival() -> None:
    """Pages of several logs in any order and any size: each ready cut has one picture, and only all together agree."""
    law_2()


def law_3_hostile() -> None:
    world = World.founded(THREE)
    docket = world.put("TUR")
    world.meet()
    world.agree("JOR", docket)
    world.meet()
    world.withdraw("TUR", docket)
    liar = world.nodes["IRQ"]
    with mock.patch.object(liar, "others", {**liar.others, "JOR": 3}):
        world.force("IRQ", "pact.agreed/1", pact.Agreed(), docket, [docket])
    world.sync("JOR", "TUR")
    world.sync("TUR", "JOR")
    page = hostile_page(
        world, "IRQ", list(world.stores["IRQ"].inner.scan("IRQ"))[1:], "TUR", {"JOR": 3, "TUR": 3}
    )
    world.nodes["TUR"].receive(page)
    before = world.settled("TUR")
    world.note("JOR", docket)
    world.sync("TUR", "JOR")
    assert world.nodes["TUR"].ready["IRQ"] == 2
    assert before <= world.settled("TUR"), f"{before} was taken back"


def test_law_3_a_lie_about_the_future_takes_nothing_back() -> None:
    """A yes that claims to have seen what does not exist yet, followed by a receipt for the withdrawal it ignores.

    It waits; when what it claims comes to exist it is read, and nothing that was settled by then is taken back.
    Seen to fail: with receipts counted from what is stored and not yet readable.
    """
    law_3_hostile()


# ------------------------------------------------------------------------------------------------ law 4


@tries(15, st.integers(0, 5), st.integers(2, 8), st.integers(1, 4))
def law_4(granted: int, threads: int, each: int) -> None:
    world = World.founded()
    docket = world.put("TUR")
    world.say("TUR", "pact.granted/1", pact.Granted(granted), docket)
    draft = Draft("pact.spent/1", pact.Spent(), ROOT, docket=docket)
    spent: list[str] = []

    def spend() -> None:
        spent.extend(refusal_of(lambda: world.nodes["TUR"].say(draft)) for _ in range(each))

    together = [threading.Thread(target=spend) for _ in range(threads)]
    for one in together:
        one.start()
    for one in together:
        one.join()
    assert len(spent) == threads * each
    assert set(spent) <= {"", "stock_empty"}
    assert spent.count("") == min(granted, threads * each)
    world.meet()
    world.force(
        "IRQ", "pact.spent/1", pact.Spent(), docket
    )  # a hostile node helps itself to what is not its own
    world.force("IRQ", "charter.office_filled/1", OfficeFilled("thief", {"en": "Thief"}), Ref("TUR", 0))
    world.meet()
    for party in world.parties:
        view = world.nodes[party].folds.view(docket)
        assert view.halves["TUR"].spent == spent.count("")
        assert view.halves["IRQ"].spent == 0
        assert "thief" not in world.nodes[party].folds.setting(world.nodes[party].ready).offices("TUR")


def test_law_4_what_has_one_owner_is_spent_by_that_owner_once() -> None:
    """Many callers at once never spend more than there is, and nobody else spends any of it."""
    law_4()


# ------------------------------------------------------------------------------------------------ law 5


@tries(
    25,
    st.integers(-3, 3),
    st.booleans(),
    st.sampled_from(["IRQ", "TUR"]),
    st.sampled_from(["art-1", "art-2", ""]),
)
def law_5(days: int, agreed: bool, party: str, article: str) -> None:
    world = World.founded()
    since = world.now.date() + timedelta(days=days)
    docket = world.put("TUR", since=since)
    world.meet()
    if agreed:
        world.agree("IRQ", docket)
        world.meet()
    meeting = world.put(party)
    mandate = f"{docket}#{article}" if article else ""
    lawful = agreed and days <= 0 and article == "art-1"
    code = refusal_of(lambda: world.say(party, "pact.met/1", pact.Met(), meeting, mandate=mandate))
    assert (code == "") == lawful, (
        f"said under {mandate!r}, agreed {agreed}, in force {days} days from now: {code}"
    )
    if code:
        assert code in {"mandate_missing", "mandate_not_in_force"}
        world.force(party, "pact.met/1", pact.Met(), meeting, mandate=mandate)
    world.meet()
    for at in (
        world.parties
    ):  # what a hostile node said all the same is kept, shown as irregular, and has no effect
        fold = world.nodes[at].folds.fold(meeting)
        assert len(fold.all_acts()) == 2
        assert [fault.code[:7] for fault in fold.irregular] == ([] if lawful else ["mandate"])
        assert fold.at(world.nodes[at].ready).halves[party].met == int(lawful)


def test_law_5_no_body_acts_without_a_mandate_in_force() -> None:
    """The node refuses such an act; one that was said all the same is kept, and shown as outside its mandate."""
    law_5()


# ------------------------------------------------------------------------------------------------ law 6


@tries(25, MOVES, st.integers(-4000, 4000))
def law_6(moves: list[tuple[int, int]], days: int) -> None:
    world = World.founded()
    chatter(world, moves, meet=True)
    docket = world.put("TUR", since=world.now.date())
    world.meet()
    world.agree("IRQ", docket)
    world.say("IRQ", "pact.met/1", pact.Met(), world.put("IRQ"), mandate=f"{docket}#art-1")
    world.meet()
    before, on = world.pictures("IRQ"), world.now.date()
    later = World(world.parties, lambda party: copy_of(world.stores[party].inner))
    later.now = world.now + timedelta(days=days)
    with mock.patch("time.time", side_effect=AssertionError("a fold read the clock")):
        assert later.pictures("IRQ") == before
        for ask in (on - timedelta(days=1), on):
            assert asking.ask(later.nodes["IRQ"], docket, "in_force", ask) == (ask >= on)


def test_law_6_time_is_a_question() -> None:
    """Years later or earlier a node shows the same of the same acts; only questions that name a day differ by day."""
    law_6()


# ------------------------------------------------------------------------------------------------ law 7


@tries(40, st.integers(1, 6), st.data())
def law_7(count: int, data: Any) -> None:
    world = World.founded()
    node, store = world.nodes["TUR"], world.stores["TUR"].inner
    docket = world.put("TUR")
    signed = node.head().checkpoint.size
    for _ in range(count):
        world.note("TUR", docket)
    entries = store._logs["TUR"].entries
    number = data.draw(st.integers(signed, signed + count - 1))
    leaf, content = entries[number]
    place = data.draw(st.integers(0, len(leaf) - 1))
    entries[number] = Entry(leaf[:place] + bytes([leaf[place] ^ 1]) + leaf[place + 1 :], content)
    notes = list(store.all_notes("TUR"))
    with pytest.raises(Broken):
        node.head()
    assert list(store.all_notes("TUR")) == notes, "a head over changed bytes was signed"
    entries[number] = Entry(leaf, content)
    assert node.head().checkpoint.root == merkle.root_of([merkle.leaf_hash(entry.leaf) for entry in entries])


def test_law_7_no_head_is_signed_over_bytes_that_changed_on_disk() -> None:
    """One bit of one act since the last signed head: the node signs nothing; put right, it signs the true root."""
    law_7()


# ------------------------------------------------------------------------------------------------ law 8


@tries(
    25,
    st.lists(
        st.tuples(st.sampled_from(["IRQ", "TUR"]), st.booleans(), st.booleans()), min_size=1, max_size=8
    ),
)
def law_8(notes: list[tuple[str, bool, bool]]) -> None:
    world = World.founded()
    docket = world.put("TUR")
    world.meet()
    gone = set()
    for number, (party, destroyed, known) in enumerate(notes):
        ref = world.note(party, docket, f"remark {number}")
        if known:
            world.meet()
        if destroyed:
            world.say(party, DESTROYED, ContentDestroyed("test"), docket, [ref])
            gone.add(ref)
    world.meet()
    for party in world.parties:
        for author in world.parties:
            for number, entry in enumerate(world.stores[party].inner.scan(author)):
                assert (entry.content is None) == (Ref(author, number) in gone), (
                    f"{author}/{number} at {party}"
                )
    late = World(
        world.parties
    )  # who comes later never saw the contents: the log verifies, and the picture is the same
    for author in world.parties:
        late.nodes["IRQ"].receive(world.nodes["TUR"].page(author, 0, 0, 1 << 20))
    late.nodes["IRQ"].write(lambda: None)
    assert late.pictures("IRQ") == world.pictures("TUR") == world.pictures("IRQ")
    with pytest.raises(Refused) as refused:
        world.say("TUR", DESTROYED, ContentDestroyed("test"), docket, [docket])
    assert refused.value.code == "not_erasable"


def test_law_8_destroyed_content_is_gone_everywhere_and_the_log_still_verifies() -> None:
    """What its originator destroys is gone at every node, before or after it was known there; nothing else changes."""
    law_8()


def test_law_8_content_destroyed_before_it_was_sent_is_no_damage() -> None:
    """`check` tells a content that never came, as its author had destroyed it, from one that somebody took out."""
    world = World.founded()
    docket = world.put("TUR")
    first, second = world.note("TUR", docket, "one"), world.note("TUR", docket, "two")
    world.nodes["TUR"].head()
    world.say("TUR", DESTROYED, ContentDestroyed("test"), docket, [first])
    source, node, store = world.nodes["TUR"], world.nodes["IRQ"], world.stores["IRQ"].inner
    while node.held("TUR")[0] < 4:  # up to the notes, and not to the act that destroyed one of them
        node.receive(source.page("TUR", *node.held("TUR"), 1))
    assert store.entries("TUR", first.number, 4)[0].content is None
    assert list(check_record(node)) == []
    entries = store._logs["TUR"].entries
    kept = entries[second.number]
    entries[second.number] = Entry(kept.leaf, None)
    assert [finding.thing for finding in check_record(node)] == [str(second)]
    entries[second.number] = kept
    world.meet()
    assert not store.named("lacking/")
    assert list(check_record(node)) == []


# ------------------------------------------------------------------------------------------------ law 9


@tries(
    80,
    MOVES,
    st.lists(st.tuples(st.integers(0, 1 << 16), st.integers(1, 255)), min_size=1, max_size=3),
    st.integers(0, 12),
    st.booleans(),
)
def law_9_bytes(moves: list[tuple[int, int]], flips: list[tuple[int, int]], when: int, aimed: bool) -> None:
    world = World.founded(page=700)
    chatter(world, moves)
    world.put("TUR")
    one = world.open_talk("IRQ", "TUR")
    for step in itertools.count():
        if one.over:
            break
        name = "request" if one.request is not None else "reply"
        raw = bytearray(getattr(one, name))
        time = raw.find(b'"time":"')
        if (
            aimed and time > 0
        ):  # a change that is still a leaf in every respect: another second of the same minute
            raw[time + 26] = ord("0") + (raw[time + 26] - ord("0") + 1) % 10
            aimed = False
        elif step == when:
            for place, bit in flips:
                raw[place % len(raw)] ^= bit
        setattr(one, name, bytes(raw))
        try:
            with mock.patch.object(world, "_watch"):
                world.step(one)
        except ComityError:  # what arrived could not even be read
            world.lose(one)
    for author, party in itertools.product(world.parties, repeat=2):
        own, copy = world.leaves(author, author), world.leaves(party, author)
        assert copy == own[: len(copy)], f"{party} has taken changed bytes into the log of {author}"
        for entry, true in zip(
            world.stores[party].inner.scan(author), world.stores[author].inner.scan(author), strict=False
        ):
            assert entry.content in (true.content, None)
    assert not any(node.frozen for node in world.nodes.values()), (
        "noise on the line is not a fault of a party"
    )
    world.meet()


def test_law_9_changed_bytes_on_the_way_are_never_taken_in() -> None:
    """Any bytes of any message of a conversation: refused or without effect; nobody is blamed; the next one succeeds."""
    law_9_bytes()


@tries(30, st.integers(0, 6), st.integers(1, 6), st.integers(1, 6))
def law_9_fork(before: int, first: int, second: int) -> None:
    world = World.founded(THREE)
    docket = world.put("TUR")
    for _ in range(before):
        world.note("TUR", docket)
    world.meet()
    other = World(THREE, lambda party: copy_of(world.stores[party].inner))  # a second node with TUR's keys
    other.now = world.now
    for _ in range(first):
        world.note("TUR", docket, "to Iraq")
    for _ in range(second):
        other.note("TUR", docket, "to Jordan")
    world.sync("IRQ", "TUR")
    other.sync("JOR", "TUR")
    world.nodes["JOR"] = other.nodes["JOR"]
    world.stores["JOR"] = other.stores["JOR"]
    world.sync("IRQ", "JOR")
    world.sync("JOR", "IRQ")
    caught = [party for party in ("IRQ", "JOR") if "TUR" in world.nodes[party].frozen]
    assert caught, "TUR has shown two histories, and nobody noticed"
    for party in caught:
        verdict = verify_proof(prove_fault(world.nodes[party], "TUR"))
        assert verdict.party == "TUR"
        assert "two histories" in verdict.fault
        with pytest.raises(Refused) as refused:
            world.nodes[party].receive(world.nodes["TUR"].page("TUR", 0, 0, 1 << 20))
        assert refused.value.code == "log_frozen"
    world.put("JOR")  # everything else goes on
    world.sync("IRQ", "JOR")
    assert world.nodes["IRQ"].held("JOR") == world.nodes["JOR"].held("JOR")


def test_law_9_two_histories_are_caught_with_a_proof_that_a_stranger_can_check() -> None:
    """A party that shows different acts to two others, of any sizes, is frozen by one at least; all else goes on."""
    law_9_fork()


# ----------------------------------------------------------------------------------------------- law 10


@tries(
    40,
    st.integers(0, 3),
    st.integers(0, 3),
    st.integers(0, 3),
    st.lists(st.tuples(st.sampled_from(["IRQ", "JOR"]), st.integers(0, 8)), max_size=6),
    st.booleans(),
)
def law_10(early: int, late: int, unheard: int, talks: list[tuple[str, int]], quiet: bool) -> None:
    world = World.founded(THREE, page=400)
    docket = world.put("TUR")
    world.meet()
    for _ in range(early):
        world.note("TUR", docket)
    if quiet:
        world.meet()
    backup = copy_of(world.stores["TUR"].inner)
    stale = talk.encode(
        talk.Offer(
            encode_page(world.nodes["IRQ"].page("TUR", *([world.nodes["IRQ"].held("TUR")[0]] * 2), 400))
        )
    )
    for number in range(late):
        world.note("TUR", docket)
        world.put("JOR", str(number))
    world.sync("JOR", "TUR")
    world.sync("TUR", "JOR")
    heard = world.sizes("JOR")["TUR"]
    for _ in range(unheard):
        world.note("TUR", docket)
    world.restore("TUR", backup)
    for ref in [
        ref
        for ref in world.acknowledged
        if ref.party == "TUR" and ref.number >= max(heard, backup.size("TUR"))
    ]:
        del world.acknowledged[ref]
    asked: set[str] = set()
    world._answer("IRQ", "TUR", stale)  # an offer from before the restore, that arrives now
    for whom, steps in talks:
        assert (asked < {"IRQ", "JOR"}) <= bool(world.nodes["TUR"].silent), (
            f"speaks although only {asked} have told"
        )
        one = world.open_talk("TUR", whom)
        for _ in range(steps):
            if not one.over:
                world.step(one)
        asked |= {whom} if steps >= 2 else set()
        if not one.over:
            world.lose(one)
        code = refusal_of(lambda: world.note("TUR", docket))
        assert code in {"", "silent_after_restore", "still_recovering"}
        assert code or asked == {"IRQ", "JOR"}, f"speaks although only {asked} have told"
    for _ in range(2):
        world.meet()
        world.note("TUR", docket)
    world.meet()
    assert not any(node.frozen for node in world.nodes.values()), "the restored node has forked its own log"
    own = world.leaves("TUR", "TUR")
    assert all(own[ref.number] == leaf for ref, leaf in world.acknowledged.items() if ref.party == "TUR")


def test_law_10_a_restored_node_signs_nothing_until_all_others_have_told() -> None:
    """Whatever it had said and whoever had heard it: it is silent until it has asked, and then goes on without a fork."""
    law_10()


def test_law_10_a_restored_node_keeps_the_receipts_that_it_gave() -> None:
    """All have told and its own acts are back, but not yet those it had receipted: it signs no smaller receipt.

    Seen to fail: with only its acts, and not its receipts, to be recovered; it was frozen for it.
    """
    world = World.founded(THREE)
    world.put("IRQ")
    world.meet()
    backup = copy_of(world.stores["IRQ"].inner)
    world.put("TUR")
    world.meet()  # the receipts of IRQ grow, and nothing else
    node = world.restore("IRQ", backup)
    for other in ("JOR", "TUR"):
        one = world.open_talk("IRQ", other)
        world.step(one)
        world.step(one)
        world.lose(one)
    assert not node.silent
    assert refusal_of(lambda: world.put("IRQ")) == "still_recovering"
    world.sync("TUR", "IRQ")
    world.meet()
    world.put("IRQ")
    world.meet()
    assert not any(other.frozen for other in world.nodes.values())


def test_law_10_an_offer_from_before_the_restore_does_not_end_the_silence() -> None:
    """Only a reply to a question asked after the restore tells what the others hold.

    Seen to fail: with every offer of our own log taken for such a reply.
    """
    world = World.founded()
    world.put("IRQ")
    world.meet()
    backup = copy_of(world.stores["IRQ"].inner)
    late = talk.encode(talk.Offer(encode_page(world.nodes["TUR"].page("IRQ", 2, 0, 1 << 20))))
    world.put("IRQ")
    world.meet()
    node = world.restore("IRQ", backup)
    world._answer("TUR", "IRQ", late)
    assert node.silent == ["TUR"]
    assert refusal_of(lambda: world.put("IRQ")) == "silent_after_restore"


# ------------------------------------------------------------------------- and each of them seen to fail


def patched(*patches: Any) -> Callable[[], AbstractContextManager[Any]]:
    def enter() -> ExitStack:
        stack = ExitStack()
        for target, replacement in patches:
            stack.enter_context(mock.patch(target, replacement))
        return stack

    return enter


def blind(voices: Any, required: Any) -> Any:
    """`agreed` without "and the other side had seen that": any withdrawal before the other's yes counts."""
    last = {p: [v for v in voices.get(p, ()) if v.yes] for p in required}
    stands = {p: voices[p][-1].yes if voices.get(p) else False for p in required}
    return {p: last[p][-1].number for p in required} if all(stands.values()) else None


def one_sided(voices: Any, required: Any) -> Any:
    return halves_agreed(voices, [p for p in required if voices.get(p)])


halves_agreed = halves.agreed
judge_mandate = "comity.core.fold._judge_mandate"


def forgets(fold: Any, act: Any, setting: Any) -> None:
    fold.check(act, setting)


def by_todays_date(act: Any, setting: Any) -> None:
    mandate = setting.mandate(act.mandate)
    if mandate is None or not mandate.in_force(datetime.fromtimestamp(time.time(), UTC).date()):
        raise Refused("mandate_not_in_force")


BROKEN: list[tuple[str, Callable[..., None], Any]] = [
    (
        "law 1: signatures are not checked",
        law_1,
        patched(("comity.node.receiving.require_author", lambda *_: None)),
    ),
    (
        "law 2: acts are read as they arrive",
        law_2,
        patched(("comity.node.receiving._known", lambda *_: True)),
    ),
    ("law 2: some parties are enough", law_2, patched(("comity.core.halves.agreed", one_sided))),
    ("law 3: the last word counts", laws_2_and_3, patched(("comity.core.halves.agreed", blind))),
    (
        "law 3: settled before it is received",
        laws_2_and_3,
        patched(("comity.node.standing.covered", lambda *_: True)),
    ),
    ("law 4: an act is not folded before the next", law_4, patched(("comity.core.fold.Fold.admit", forgets))),
    ("law 5: mandates are not looked at", law_5, patched((judge_mandate, lambda *_: None))),
    ("law 6: verdicts depend on the day of reading", law_6, patched((judge_mandate, by_todays_date))),
    (
        "law 7: the root is not derived again",
        law_7,
        patched(("comity.node.saying._rederive", lambda *_: None)),
    ),
    (
        "law 8: destruction is not honoured",
        law_8,
        patched(("comity.node.receiving._destroy", lambda *_: None)),
    ),
    (
        "law 9: pages need not lead to their head",
        law_9_bytes,
        patched(("comity.core.log._leads_to", lambda *_: None)),
    ),
    (
        "law 9: the old head is forgotten",
        law_9_fork,
        patched(("comity.core.log._against_old_head", lambda *_: None)),
    ),
    ("law 10: silence is not kept", law_10, patched(("comity.node.saying.may_sign", lambda *_: None))),
]


@pytest.mark.parametrize(
    ("law", "broken"), [pytest.param(law, broken, id=name) for name, law, broken in BROKEN]
)
def test_a_broken_version_is_noticed(law: Callable[..., None], broken: Any) -> None:
    """Each law fails against a version that breaks it: the test above it tests something."""
    with broken(), pytest.raises((AssertionError, ComityError, pytest.fail.Exception, ExceptionGroup)):
        law(shrink=False)
