"""What a node refuses to say, each refusal by its name; after any of them nothing has changed. Only it signs its heads."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from unittest import mock

import msgspec
import pytest
from tests.worlds import pact
from tests.worlds.faulty import copy_of
from tests.worlds.world import START, World, key

from comity.core import charter, merkle
from comity.core.act import Ref
from comity.core.charter import ROOT, Accepted, KeyAdded, KeyRevoked, OfficeFilled, OfficeVacated
from comity.core.checkpoint import require_author
from comity.core.entry import leaf_hash, parse_leaf, person_signed
from comity.core.errors import Broken, ComityError, Malformed, Refused, Unavailable
from comity.core.fold import DESTROYED, ContentDestroyed
from comity.node.record import Draft, Record

Change = dict[str, Any]


def picture(record: Record) -> Any:
    """All that a refusal must leave as it was."""
    store = record.store
    return (
        {party: list(store.scan(party)) for party in record.parties},
        {party: list(store.all_notes(party)) for party in record.parties},
        {name: value for name, value in store.named("").items() if name != "ready"},
        {party: (log.size, log.edge, log.seen, log.head) for party, log in record.logs.items()},
        dict(record.ready),
        dict(record.others),
        record.last_time,
        record.silent,
        record.frozen,
    )


def refuses(record: Record, draft: Draft, error: type[ComityError] = Refused) -> str:
    """The code of the refusal, told by `check_draft` too; nothing is stored, and the record still speaks."""
    before = picture(record)
    with pytest.raises(error) as told:
        record.check_draft(draft)
    with pytest.raises(error) as refused:
        record.say(draft)
    assert picture(record) == before
    assert str(told.value) == str(refused.value)
    return getattr(refused.value, "code", "")


@pytest.fixture
def world() -> World:
    return World.founded()


def put(**change: Any) -> Draft:
    return msgspec.structs.replace(Draft("pact.put/1", pact.Put("text"), ROOT), **change)


# ----------------------------------------------------------------------------------- generic refusals


@pytest.mark.parametrize(
    "kind", ["pact.bought/1", "pact.put/2", "piracy.put/1", "record.content_destroyed/9"]
)
def test_an_unknown_kind_is_refused(world: World, kind: str) -> None:
    assert refuses(world.nodes["TUR"], put(kind=kind)) == "kind_unknown"


def test_nothing_joint_is_said_before_all_have_accepted_the_charter() -> None:
    """Law 2, while it is founded: one side alone has activated no chapter, whoever spoke first."""
    world = World(("IRQ", "JOR", "TUR"))
    record = world.nodes["TUR"]
    assert refuses(record, put()) == "chapter_inactive"
    for party in ("TUR", "IRQ"):
        world.accept(party)
        world.meet()
        assert refuses(record, put()) == "chapter_inactive"
    world.accept("JOR")
    assert refuses(record, put()) == "chapter_inactive", "accepted, but not known here yet"
    world.meet()
    assert record.say(put()).ref == Ref("TUR", 1)


def test_a_chapter_that_one_party_has_not_activated_is_inactive() -> None:
    """`activate` is each party's own yes; the last of them makes the chapter speak, on whoever holds it."""
    world = World(chapters={"pact": pact.CHAPTER})
    world.charter = msgspec.structs.replace(world.charter, chapters=[])
    for party in world.parties:
        world.reopen(party)
    world.found()
    record = world.nodes["TUR"]
    assert refuses(record, put()) == "chapter_inactive"
    for party in world.parties:
        body = charter.ChapterActivated("pact")
        world.say(party, "charter.chapter_activated/1", body, Ref(party, 0), signer=key(party, "root"))
    assert refuses(record, put()) == "chapter_inactive"
    world.meet()
    assert record.say(put()).ref.number == 2


def test_an_office_that_is_not_held_says_nothing(world: World) -> None:
    record, docket, root = world.nodes["TUR"], Ref("TUR", 0), key("TUR", "root")
    assert refuses(record, put(office="secretariat")) == "office_not_held"
    filled = OfficeFilled("secretariat", {"en": "Secretariat"})
    world.say("TUR", "charter.office_filled/1", filled, docket, signer=root)
    assert record.say(put(office="secretariat")).act.office == "secretariat"
    assert refuses(world.nodes["IRQ"], put(office="secretariat")) == "office_not_held", "each fills its own"
    world.say("TUR", "charter.office_vacated/1", OfficeVacated("secretariat"), docket, signer=root)
    assert refuses(record, put(office="secretariat")) == "office_not_held"


def test_what_is_not_here_cannot_be_answered(world: World) -> None:
    record, docket = world.nodes["IRQ"], world.put("TUR")
    world.meet()
    later = world.note("TUR", docket)
    agreed = Draft("pact.agreed/1", pact.Agreed(), ROOT, docket=docket)
    assert refuses(record, msgspec.structs.replace(agreed, answers=[later])) == "answers_unseen"
    own = Ref("IRQ", record.store.size("IRQ"))
    assert refuses(record, msgspec.structs.replace(agreed, answers=[own])) == "answers_unseen", (
        "not even itself"
    )
    assert refuses(record, msgspec.structs.replace(agreed, answers=[Ref("JOR", 0)])) == "answers_unseen"
    assert refuses(record, agreed) == "answers_count"
    assert (
        refuses(record, msgspec.structs.replace(agreed, answers=[docket, Ref("IRQ", 0)])) == "answers_count"
    )
    said = record.say(msgspec.structs.replace(agreed, answers=[docket]))
    leaf = parse_leaf(world.leaf("IRQ", said.ref))
    assert leaf.answers == {str(docket): leaf_hash(world.leaf("TUR", docket))}, "the answer binds these bytes"


def test_a_docket_that_is_none_is_refused(world: World) -> None:
    record, docket = world.nodes["TUR"], world.put("TUR")
    noted = Draft("pact.noted/1", pact.Noted("x"), ROOT)
    remark = world.note("TUR", docket)
    for unknown in (Ref("TUR", 99), Ref("IRQ", 1), Ref("JOR", 0), remark):
        assert refuses(record, msgspec.structs.replace(noted, docket=unknown)) == "docket_unknown"
    assert refuses(record, noted) == "docket_missing"
    assert refuses(record, put(docket=docket)) == "docket_opens"


def test_an_act_without_a_mandate_in_force_is_refused() -> None:
    """Law 5: missing, of no provision, of a provision that nobody agreed, and not in force on the day."""
    world = World.founded()
    record, docket = world.nodes["TUR"], world.put("TUR", since=date(2024, 8, 16))
    met = Draft("pact.met/1", pact.Met(), ROOT, docket=docket)
    cites = lambda text: msgspec.structs.replace(met, mandate=text)  # noqa: E731
    assert refuses(record, met) == "mandate_missing"
    for text in (f"{docket}#art-2", "TUR/99#art-1", "IRQ/0#art-1", "JOR/0#art-1", "TUR/0#art-1"):
        assert refuses(record, cites(text)) == "mandate_missing"
    assert refuses(record, cites(f"{docket}#art-1")) == "mandate_not_in_force", (
        "it is agreed by one side alone"
    )
    world.meet()
    world.agree("IRQ", docket)
    world.meet()
    assert refuses(record, cites(f"{docket}#art-1")) == "mandate_not_in_force", "it begins tomorrow"
    world.now = START + timedelta(days=1)
    assert record.say(cites(f"{docket}#art-1")).act.mandate == f"{docket}#art-1"


def test_a_party_that_the_provision_does_not_bind_is_refused() -> None:
    world = World.founded(("IRQ", "JOR", "TUR"))
    docket = world.put("TUR", since=date(2024, 1, 1))
    world.meet()
    world.agree("IRQ", docket)
    world.agree("JOR", docket)
    world.meet()
    draft = Draft("pact.met/1", pact.Met(), ROOT, docket=docket, mandate=f"{docket}#art-1")
    real = pact.CHAPTER.mandate

    def two_of_three(view: Any, provision: str) -> Any:
        found = real(view, provision)
        return found and msgspec.structs.replace(found, parties=("IRQ", "TUR"))

    other = msgspec.structs.replace(pact.CHAPTER, mandate=two_of_three)
    world.chapters = {"pact": other}
    for party in world.parties:
        world.reopen(party)
    assert refuses(world.nodes["JOR"], draft) == "mandate_not_party"
    assert world.nodes["IRQ"].say(draft)


def test_an_act_that_needs_a_person_needs_that_person_s_key(world: World) -> None:
    """Unsigned, signed by another party's key, or by a key of no office: the code says what is missing."""
    record, body, docket = world.nodes["TUR"], KeyAdded(key("TUR", "node2").public, "node"), Ref("TUR", 0)
    draft = Draft("charter.key_added/1", body, ROOT, docket=docket)
    assert refuses(record, draft) == "signature_needed"
    for signer in (key("IRQ", "root"), key("TUR", "node"), key("TUR", "node2")):
        assert refuses(record, msgspec.structs.replace(draft, signer=signer)) == "signature_needed"
    said = record.say(msgspec.structs.replace(draft, signer=key("TUR", "root")))
    leaf = parse_leaf(world.leaf("TUR", said.ref))
    assert person_signed(leaf, record.mechanism, str(said.ref), key("TUR", "root").public)
    assert not person_signed(leaf, record.mechanism, "TUR/9", key("TUR", "root").public), "bound to its place"
    assert not person_signed(leaf, "A" * 43, str(said.ref), key("TUR", "root").public), "and to its mechanism"


def test_another_party_s_charter_docket_is_not_ours_to_write_in(world: World) -> None:
    """Law 1."""
    draft = Draft(
        "charter.office_filled/1",
        OfficeFilled("thief", {"en": "Thief"}),
        ROOT,
        docket=Ref("IRQ", 0),
        signer=key("TUR", "root"),
    )
    assert refuses(world.nodes["TUR"], draft) == "charter_docket"
    again = Draft("charter.accepted/1", Accepted(world.charter), ROOT, signer=key("TUR", "root"))
    assert refuses(world.nodes["TUR"], again) in {"charter_docket", "charter_accepted_twice"}


def test_a_clock_that_went_back_is_asked_about_once_it_was_looked_at(world: World) -> None:
    record = world.nodes["TUR"]
    last = record.say(put()).act.time
    back = last - timedelta(hours=1)
    assert refuses(record, put(time=back)) == "clock_went_back"
    assert record.say(put(time=last)).act.time == last, "the same second is no step back"
    assert record.say(put(time=back, clock_checked=True)).act.time == back
    assert record.say(put(time=back + timedelta(seconds=1))).act.time == back + timedelta(seconds=1)
    world.reopen("TUR")
    assert refuses(world.nodes["TUR"], put(time=back)) == "clock_went_back", "known again after a restart"


def test_times_are_whole_seconds_of_utc_whatever_the_clock_says(world: World) -> None:
    from datetime import timezone

    east = timezone(timedelta(hours=3))
    said = world.nodes["TUR"].say(
        put(time=(START + timedelta(days=1, microseconds=999_999)).astimezone(east))
    )
    assert parse_leaf(world.leaf("TUR", said.ref)).time == START + timedelta(days=1)


@pytest.mark.parametrize(
    "change",
    [
        {"office": "Root"},
        {"office": "root\n"},
        {"office": ""},
        {"mandate": "TUR/1"},
        {"mandate": "x" * 300},
        {"kind": "pact.put"},
        {"kind": "pact.put/1\n"},
        {"body": {"text": 1.5}},
        {"body": {1, 2}},
        {"body": pact.Put("x", since="never")},  # type: ignore[arg-type]
    ],
)
def test_what_no_leaf_or_content_could_carry_is_malformed(world: World, change: Change) -> None:
    """Our own words go through the same strict parser as everybody's, before they are stored."""
    refuses(world.nodes["TUR"], put(**change), ComityError)


@pytest.mark.parametrize("body", [None, {"text": 1}, {"text": "x", "more": 1}, pact.Put(1)])  # type: ignore[arg-type]
def test_a_content_that_is_not_its_kind_s_is_malformed(world: World, body: Any) -> None:
    """Else our own node would show what no other node can read, until it is started again."""
    refuses(world.nodes["TUR"], put(body=body), Malformed)


def test_what_we_fold_is_what_we_stored(world: World) -> None:
    """The act that rules saw at `say` is the one that any node reads from the bytes."""
    said = world.nodes["TUR"].say(put(body={"text": "plain data", "since": "2024-08-15"}))
    assert said.act.body == pact.Put("plain data", date(2024, 8, 15))
    before = world.picture("TUR", said.ref)
    world.reopen("TUR")
    assert world.picture("TUR", said.ref) == before


def test_only_its_originator_destroys_and_only_what_may_be_destroyed(world: World) -> None:
    docket = world.put("TUR")
    ours = world.note("TUR", docket)
    world.meet()
    record = world.nodes["IRQ"]
    gone = Draft(DESTROYED, ContentDestroyed("test"), ROOT, docket=docket, answers=[ours])
    assert refuses(record, gone) == "not_originator"
    assert refuses(record, msgspec.structs.replace(gone, answers=[docket])) == "not_erasable"
    other = world.put("IRQ")
    assert refuses(record, msgspec.structs.replace(gone, docket=other)) == "not_erasable", "of another docket"
    assert world.nodes["TUR"].say(gone)


def test_the_chapter_s_own_refusal_reaches_whoever_spoke(world: World) -> None:
    docket = world.put("TUR")
    spent = Draft("pact.spent/1", pact.Spent(), ROOT, docket=docket)
    assert refuses(world.nodes["TUR"], spent) == "stock_empty"


# ------------------------------------------------------------------------------------ nothing half done


def test_a_failure_at_any_write_leaves_nothing_and_the_node_goes_on(world: World) -> None:
    """The store fails at each write in turn (a full disk): the next say is said, under the same number."""
    record, docket = world.nodes["TUR"], world.put("TUR")
    for verb in ("append", "put_nodes", "put_note", "put", "erase"):
        before = picture(record)
        inner = world.stores["TUR"].inner
        with mock.patch.object(inner, verb, side_effect=Unavailable("disk", "is full")):
            try:
                world.note("TUR", docket)
                record.head()
            except Unavailable:
                assert picture(record)[0]["IRQ"] == before[0]["IRQ"]
        assert record.logs["TUR"].size == record.store.size("TUR") == record.ready["TUR"]
    fresh = World.founded()
    fresh.place("TUR", copy_of(world.stores["TUR"].inner))
    assert fresh.nodes["TUR"].logs["TUR"].edge == record.logs["TUR"].edge
    assert record.head().checkpoint.size == record.store.size("TUR")


# ------------------------------------------------------------------------------------------- our head


def test_a_head_is_signed_once_for_what_it_says(world: World) -> None:
    record = world.nodes["TUR"]
    first = record.head()
    assert record.head() is first or record.head() == first
    world.put("TUR")
    second = record.head()
    assert second.checkpoint.size == first.checkpoint.size + 1
    assert record.store.notes("TUR", second.checkpoint.size)[0].note == second.encode()
    require_author(second, [key("TUR", "node").public])


def test_a_head_is_not_signed_over_bytes_that_are_not_what_was_said(world: World) -> None:
    """Law 7, both behind the last signed head and before it."""
    docket = world.put("TUR")
    world.nodes["TUR"].head()
    for number in range(3):
        world.note("TUR", docket, str(number))
    entries = world.stores["TUR"].inner._log("TUR").entries
    good = entries[3]
    entries[3] = good._replace(leaf=good.leaf.replace(b"root", b"rood"))
    with pytest.raises(Broken, match="comity check"):
        world.nodes["TUR"].head()
    world.reopen("TUR")
    entries[3] = good
    assert world.reopen("TUR").head().checkpoint.size == 5
    entries[1] = good
    world.reopen("TUR")
    world.put("TUR")
    with pytest.raises(Broken, match="comity check"):
        world.reopen("TUR").head()


def test_a_head_needs_a_key_of_each_type_in_force(world: World) -> None:
    """A key whose private part is elsewhere stops the head, unless another of its type is here."""
    docket, root = Ref("TUR", 0), key("TUR", "root")
    for use in ("node2",):
        world.say("TUR", "charter.key_added/1", KeyAdded(key("TUR", use).public, "node"), docket, signer=root)
    gone = key("TUR", "node").public
    del world.signers[gone]
    with pytest.raises(KeyError):  # this world's keys are a plain mapping
        world.nodes["TUR"].head()
    real = world.signers.__getitem__

    def signer(public: str) -> Any:
        if public == gone:
            raise Unavailable("key", "is offline")
        return real(public)

    record = world.nodes["TUR"]
    record.signers = signer
    note = record.head()
    assert len(note.lines) == 1
    require_author(note, record.node_keys("TUR", note.checkpoint.size))
    world.signers.clear()
    world.note("TUR", world.put("TUR"))
    record.signers = mock.Mock(side_effect=Unavailable("key", "is offline"))
    with pytest.raises(Unavailable, match="offline"):
        record.head()


def test_a_key_that_is_revoked_signs_the_last_head_before_and_none_after(world: World) -> None:
    docket, root = Ref("TUR", 0), key("TUR", "root")
    old, new = key("TUR", "node").public, key("TUR", "node2").public
    record = world.nodes["TUR"]
    revoke = Draft("charter.key_revoked/1", KeyRevoked(old), ROOT, docket=docket, signer=root)
    assert refuses(record, revoke) == "key_last"
    world.say("TUR", "charter.key_added/1", KeyAdded(new, "node"), docket, signer=root)
    at = record.say(revoke).ref.number
    (last,) = record.store.notes("TUR", at)
    assert last.size == at, "whoever does not know the new key needs this head"
    assert record.node_keys("TUR") == [new]
    note = record.head()
    require_author(note, [new])
    with pytest.raises(Broken):
        require_author(note, [old])
    assert refuses(record, revoke) == "key_unknown"
    assert refuses(
        record, Draft("charter.key_added/1", KeyAdded(old, "node"), ROOT, docket=docket, signer=root)
    ) == ("key_known")


def test_receipts_in_a_head_are_what_is_ready_with_its_root(world: World) -> None:
    docket = world.put("IRQ")
    world.note("IRQ", docket)
    world.meet()
    seen = world.nodes["TUR"].head().checkpoint.seen["IRQ"]
    leaves = world.leaves("IRQ", "IRQ")
    assert seen.size == len(leaves) == 3
    assert seen.root == merkle.root_of(merkle.leaf_hashes(leaves))


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_seen_never_decreases_along_our_own_log(order: tuple[int, ...]) -> None:
    world = World.founded(("IRQ", "JOR", "TUR"))
    moves: list[Callable[[], Any]] = [
        lambda: world.sync("TUR", "IRQ"),
        lambda: world.sync("JOR", "TUR"),
        lambda: world.sync("TUR", "JOR"),
    ]
    for step in order:
        for party in ("IRQ", "JOR", "TUR"):
            world.put(party)
        moves[step]()
    cuts = [parse_leaf(raw).seen for raw in world.leaves("TUR", "TUR")]
    for before, after in itertools.pairwise(cuts):
        assert all(after.get(party, 0) >= size for party, size in before.items())
