"""What a node tells: how firm each act and each milestone is, how far each side holds the other, what it does not know."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest
from tests.node.forge import Forger, adopt
from tests.worlds import pact
from tests.worlds.world import World, key

from comity.core.act import Ref
from comity.core.chapter import Chapter, Kind
from comity.core.charter import OfficeFilled
from comity.core.errors import Refused
from comity.core.fold import DESTROYED, ContentDestroyed
from comity.node import asking, showing, standing
from comity.node.check import check_record

THREE = ("IRQ", "JOR", "TUR")


def code(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.code


def standing_of(world: World, at: str, docket: Ref, what: str = "pact_agreed") -> str:
    (found,) = [m for m in standing.milestones(world.nodes[at], docket) if m["what"] == what]
    return str(found["standing"])


# ---------------------------------------------------------------------------------------- standing


def test_an_act_is_said_until_every_other_party_has_receipted_it() -> None:
    """Not when one of two holds it, and not before their receipts have come back."""
    world = World.founded(THREE)
    docket = world.put("TUR")
    node = world.nodes["TUR"]
    steps = [("IRQ", "TUR"), ("JOR", "TUR")]
    for asker, asked in steps:
        assert standing.of_act(node, docket) == "said"
        world.sync(asker, asked)
    for asker in ("IRQ", "JOR"):
        world.sync("TUR", asker)
    assert standing.of_act(node, docket) == "received"
    assert showing.show(node, docket)["standing"] == "received"
    world.note("JOR", docket)
    assert standing.of_act(world.nodes["JOR"], Ref("JOR", 1)) == "said"


def test_an_act_that_was_said_just_now_is_told_as_it_is_shown() -> None:
    """In the same order too: programs get the one, and whoever asks later the other."""
    world = World.founded(THREE)
    node, docket = world.nodes["TUR"], world.put("TUR")
    (act,) = node.folds.fold(docket).at(node.ready).acts
    told = showing.just_said(act)
    assert list(told.items()) == list(showing.show(node, docket).items())


def test_a_milestone_is_settled_once_every_half_of_it_is_received_by_all() -> None:
    world = World.founded(THREE)
    docket = world.put("TUR")
    world.meet()
    for party in ("IRQ", "JOR"):
        world.agree(party, docket)
    world.sync("TUR", "IRQ")
    assert [m["what"] for m in standing.milestones(world.nodes["TUR"], docket)] == [], "not agreed by all yet"
    world.sync("TUR", "JOR")
    assert standing_of(world, "TUR", docket) == "said"
    world.meet()
    for party in THREE:
        assert standing_of(world, party, docket) == "settled"
        (found,) = standing.milestones(world.nodes[party], docket)
        assert found["halves"] == {"IRQ": "IRQ/1", "JOR": "JOR/1", "TUR": "TUR/1"}


def test_settled_stays_settled_when_a_withdrawal_crosses_it() -> None:
    """Law 3, as it is shown: the withdrawal is a milestone beside it."""
    world = World.founded()
    docket = world.put("TUR")
    world.meet()
    world.agree("IRQ", docket)
    world.withdraw("TUR", docket)
    world.meet()
    for party in world.parties:
        assert standing_of(world, party, docket) == "settled"
        assert standing_of(world, party, docket, "pact_withdrawn_too_late") == "settled"


def test_receipts_count_what_is_held_and_not_what_is_on_its_way() -> None:
    """A head that was relayed without its acts is no receipt that we can stand on: its author's acts are not here."""
    world = World.founded(THREE)
    docket = world.put("TUR")
    world.nodes["TUR"].heads()
    Forger(world, "TUR").give("IRQ")
    world.put("IRQ")
    forger = Forger(world, "IRQ")
    record = world.nodes["TUR"]
    record.receive(forger.page(1, 1, 0))
    assert record.held("IRQ") == (1, 2)
    assert standing.receipts(record)["IRQ"].get("TUR", 0) == 1
    record.receive(forger.page(1, 2))
    assert standing.receipts(record)["IRQ"]["TUR"] == 2
    assert docket == Ref("TUR", 1)


# ------------------------------------------------------------------------------------------ figures


def test_status_says_how_much_each_said_and_how_much_of_it_each_other_holds() -> None:
    world = World.founded(THREE)
    for _ in range(3):
        world.put("TUR")
    logs = asking.status(world.nodes["TUR"])["logs"]
    assert logs["TUR"] == {
        "said": 4,
        "held": 4,
        "ready": 4,
        "held_by": {"IRQ": 1, "JOR": 1},
        "head": 1,
        "frozen": False,
    }
    world.sync("IRQ", "TUR")
    world.sync("TUR", "IRQ")
    logs = asking.status(world.nodes["TUR"])["logs"]
    assert logs["TUR"]["held_by"] == {"IRQ": 4, "JOR": 1}
    assert logs["TUR"]["head"] == 4
    told = asking.status(world.nodes["IRQ"])
    assert told["logs"]["TUR"] == {
        "said": 4,
        "held": 4,
        "ready": 4,
        "held_by": {"IRQ": 4, "JOR": 1},
        "head": 4,
        "frozen": False,
    }
    assert (told["party"], told["parties"], told["founded"], told["silent"]) == ("IRQ", list(THREE), True, [])


def test_status_of_a_log_that_comes_in_parts_says_what_is_still_missing() -> None:
    world = World.founded(THREE)
    docket = world.put("TUR")
    for number in range(5):
        world.note("TUR", docket, str(number))
    world.nodes["IRQ"].receive(Forger(world, "TUR").page(1, 1, 2))
    log = asking.status(world.nodes["IRQ"])["logs"]["TUR"]
    assert (log["said"], log["held"], log["head"]) == (7, 3, 7)


def test_status_before_the_founding_is_complete() -> None:
    world = World(THREE)
    assert asking.status(world.nodes["TUR"])["founded"] is False
    world.accept("TUR")
    assert asking.status(world.nodes["TUR"])["founded"] is False
    world.nodes["TUR"].restored()
    assert asking.status(world.nodes["TUR"])["silent"] == ["IRQ", "JOR"]


# ------------------------------------------------------------------------------------------- digest


def test_the_digest_is_equal_where_the_acts_are_and_different_where_one_is_not() -> None:
    world = World.founded(THREE)
    docket = world.put("TUR")
    world.meet()
    seen: list[str] = []
    moves: list[Any] = [
        lambda: world.agree("IRQ", docket),
        lambda: world.note("TUR", docket),
        lambda: world.withdraw("TUR", docket),
        lambda: world.put("JOR"),
        lambda: world.force("JOR", "pact.spent/1", pact.Spent(), docket),
        lambda: world.say(
            "JOR",
            "charter.office_filled/1",
            OfficeFilled("minister", {"en": "Minister"}),
            Ref("JOR", 0),
            signer=key("JOR", "root"),
        ),
    ]
    for move in moves:
        before = asking.digest(world.nodes["TUR"])
        ref = move()
        digests = {party: asking.digest(node) for party, node in world.nodes.items()}
        assert digests[ref.party] != before, "its author knows more than the others"
        assert len(set(digests.values())) == 2
        world.meet()
        assert len({asking.digest(node) for node in world.nodes.values()}) == 1
        for party in THREE:
            world.reopen(party)
        assert len({asking.digest(node) for node in world.nodes.values()}) == 1, "and folded anew"
        seen.append(asking.digest(world.nodes["TUR"]))
    assert len(set(seen)) == len(seen)


# ------------------------------------------------------------------------------------------- showing


def test_an_act_is_shown_with_who_said_it_when_in_which_office_and_what_it_answers() -> None:
    world = World.founded()
    docket = world.put("TUR", since=date(2024, 8, 15))
    world.meet()
    ref = world.agree("IRQ", docket)
    told = showing.show(world.nodes["IRQ"], ref)
    assert told == {
        "ref": "IRQ/1",
        "party": "IRQ",
        "kind": "pact.agreed/1",
        "office": "root",
        "time": told["time"],
        "docket": "TUR/1",
        "mandate": "",
        "answers": ["TUR/1"],
        "seen": {"TUR": 2},
        "signed": False,
        "standing": "said",
        "waiting": False,
        "known": True,
        "irregular": None,
        "content": {},
    }
    assert told["time"].endswith("Z")
    first = showing.show(world.nodes["IRQ"], docket)
    assert first["content"] == {"since": "2024-08-15", "text": "text"}
    assert first["docket"] == "TUR/1"
    assert showing.show(world.nodes["IRQ"], Ref("TUR", 0))["signed"]


def test_an_irregular_act_is_shown_with_the_rule_that_it_broke() -> None:
    world = World.founded()
    docket = world.put("TUR")
    ref = world.force("TUR", "pact.spent/1", pact.Spent(), docket)
    world.meet()
    for party in world.parties:
        told = showing.show(world.nodes[party], ref)["irregular"]
        assert told == {"code": "stock_empty", "provision": "law 4", "facts": {"party": "TUR"}}
        (shown,) = [act for act in asking.docket(world.nodes[party], docket)["acts"] if act["irregular"]]
        assert shown["ref"] == str(ref)


def test_what_is_not_here_is_refused_by_name() -> None:
    world = World.founded()
    node = world.nodes["TUR"]
    for ref in (Ref("TUR", 9), Ref("JOR", 0)):
        with pytest.raises(Refused) as refused:
            showing.show(node, ref)
        assert code(refused) == "act_unknown"
        with pytest.raises(Refused) as refused:
            asking.docket(node, ref)
        assert code(refused) == "docket_unknown"
        with pytest.raises(Refused) as refused:
            showing.act_of(node, ref)
        assert code(refused) == "act_unknown"
    docket = world.put("TUR", "text", None)
    with pytest.raises(Refused) as refused:
        asking.ask(node, docket, "who_is_right", date(2024, 8, 15))
    assert code(refused) == "question_unknown"
    assert asking.ask(node, docket, "in_force", date(2024, 8, 15)) is False
    assert showing.act_of(node, docket).body == pact.Put("text")


def test_a_destroyed_content_is_shown_as_none() -> None:
    world = World.founded()
    docket = world.put("TUR")
    remark = world.note("TUR", docket)
    world.say("TUR", DESTROYED, ContentDestroyed("test"), docket, [remark])
    world.meet()
    for party in world.parties:
        told = showing.show(world.nodes[party], remark)
        assert told["content"] is None
        assert told["irregular"] is None
    with pytest.raises(Refused):
        world.say("TUR", DESTROYED, ContentDestroyed("test"), docket, [docket])


def test_dockets_come_in_pages_in_one_order_without_those_that_wait() -> None:
    world = World.founded(THREE)
    refs = [world.put(party) for party in ("TUR", "IRQ", "TUR", "JOR", "IRQ")]
    world.meet()
    chapter = world.chapters["pact"]
    node = world.nodes["TUR"]
    expected = [str(ref) for ref in sorted(refs)]
    assert [one["docket"] for one in asking.dockets(node, chapter)] == expected
    got: list[str] = []
    after: Ref | None = None
    while page := asking.dockets(node, chapter, after, 2):
        got += [one["docket"] for one in page]
        after = Ref.parse(got[-1])
    assert got == expected
    assert [ref for ref, _ in asking.views(node, chapter)] == sorted(refs)
    waiting = Forger(world, "IRQ")
    waiting.add("pact.put/1", pact.Put("waits"), seen={"JOR": 99, "TUR": 3})
    waiting.give("TUR")
    assert [one["docket"] for one in asking.dockets(node, chapter)] == expected
    assert showing.show(node, Ref("IRQ", 3))["waiting"]


def test_a_content_that_cannot_be_read_is_shown_as_such() -> None:
    world = World.founded()
    forger = Forger(world, "IRQ")
    ref = forger.add("pact.put/1", b"s" * 32 + b'{"text": "spaced"}')
    forger.give("TUR")
    told = showing.show(world.nodes["TUR"], ref)
    assert "not canonical" in told["content"]["malformed"]
    assert told["irregular"]["code"] == "content_missing"


# ------------------------------------------------------------------------------- a newer version's acts


class Bought(pact.Body, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    what: str = ""


def newer() -> Chapter:
    """The chapter as a later version has it: one more kind."""
    kinds = (*pact.CHAPTER.kinds, Kind("pact.bought/1", Bought, "buy"))

    def apply(half: Any, act: Any) -> Any:
        if act.kind == "pact.bought/1":
            return msgspec.structs.replace(half, met=half.met + 100)
        return pact.apply(half, act)

    return msgspec.structs.replace(pact.CHAPTER, kinds=kinds, apply=apply)


def test_a_kind_that_this_version_does_not_know_is_kept_shown_and_read_after_an_update() -> None:
    """Nothing is lost meanwhile: the acts around it count, and the update folds everything."""
    world = World.founded()
    docket = world.put("IRQ")
    world.meet()
    world.chapters = {"pact": newer()}
    irq = world.reopen("IRQ")
    bought = world.say("IRQ", "pact.bought/1", Bought("time"), docket)
    world.agree("TUR", docket)
    world.meet()
    tur = world.nodes["TUR"]
    told = showing.show(tur, bought)
    assert told["known"] is False
    assert told["content"] == {"what": "time"}
    assert told["irregular"]["code"] == "kind_unknown"
    assert tur.folds.view(docket).agreed(str(docket)), "the acts around it count"
    assert list(check_record(tur)) == []
    assert asking.digest(tur) != asking.digest(irq)
    tur = world.reopen("TUR")
    assert showing.show(tur, bought)["known"]
    assert showing.show(tur, bought)["irregular"] is None
    assert asking.digest(tur) == asking.digest(irq)


def test_a_chapter_that_this_version_does_not_know_is_kept_and_read_after_an_update() -> None:
    """A record opened without the chapter, and later with it."""
    world = World.founded()
    docket = world.put("IRQ")
    remark = world.note("IRQ", docket)
    world.meet()
    pacts, world.chapters = world.chapters, {}
    tur = world.reopen("TUR")
    for ref in (docket, remark):
        assert showing.show(tur, ref)["known"] is False
        assert showing.show(tur, ref)["content"] is not None
        assert showing.show(tur, ref)["irregular"] is None, "not judged, since its rules are not known here"
    with pytest.raises(Refused) as refused:
        asking.docket(tur, docket)
    assert code(refused) == "kind_unknown"
    assert asking.status(tur)["logs"]["IRQ"]["ready"] == 3
    assert list(check_record(tur)) == []
    assert asking.worst_first(tur, date(2024, 8, 15)) == []
    asking.digest(tur)
    world.chapters = pacts
    world.note("IRQ", docket, "more")
    world.sync("TUR", "IRQ")
    tur = world.reopen("TUR")
    assert asking.digest(tur) == asking.digest(world.nodes["IRQ"])
    assert len(tur.folds.view(docket).acts) == 3


def test_what_waits_for_somebody_comes_oldest_first_over_all_chapters() -> None:
    world = World.founded()

    def waits_for(view: Any, on: date) -> list[dict[str, Any]]:
        return [{"for": "yes", "party": "IRQ", "ref": str(view.docket), "since": view.acts[0].body.text}]

    asked = msgspec.structs.replace(pact.CHAPTER, questions={"waits_for": waits_for})
    world.put("TUR", "2024-03-01")
    world.put("TUR", "2024-01-01")
    world.chapters = {"pact": asked}
    node = world.reopen("TUR")
    found = asking.worst_first(node, date(2024, 8, 15))
    assert [(wait["docket"], wait["since"]) for wait in found] == [
        ("TUR/2", "2024-01-01"),
        ("TUR/1", "2024-03-01"),
    ]


def test_acts_of_a_forger_on_its_own_node_are_told_there_as_everywhere() -> None:
    """A node that went rogue and came back: what it stored itself is judged as by all others."""
    world = World.founded()
    docket = world.put("TUR")
    world.meet()
    forger = Forger(world, "IRQ")
    forger.add("pact.agreed/1", pact.Agreed(), docket)
    forger.add("pact.put/1", {"text": 5})
    adopt(forger)
    world.meet()
    assert len({asking.digest(node) for node in world.nodes.values()}) == 1


def test_within_one_second_an_answer_stands_after_what_it_answers() -> None:
    """Acts have whole seconds; else an acceptance could be shown above the proposal."""
    world = World.founded()
    now = world.clock()
    docket = world.say("TUR", "pact.put/1", pact.Put("text", None), time=now)
    world.meet()
    answer = world.say("IRQ", "pact.agreed/1", pact.Agreed(), docket, [docket], time=now)
    world.meet()
    for node in world.nodes.values():
        assert [act["ref"] for act in asking.docket(node, docket)["acts"]] == [str(docket), str(answer)]
