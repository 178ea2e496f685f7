"""Saying things from the command line: what is completed, what is tried without saying, what may be destroyed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.stories.scene import TEXTS, World, call

NOW = "2024-08-02T09:00:00Z"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path).found()


def mechanism(world: World) -> str:
    """The standing mechanism's terms, on record by both: the mandate of its meetings."""
    files = [TEXTS / f"mechanism-2019.{tag}.md" for tag in ("en", "tr", "ar")]
    terms = world.say("TUR", NOW, "instruments", "record", *files, "--in-force-since", "2019-03-01")
    world.exchange(1)
    world.say("IRQ", NOW, "instruments", "affirm", "--docket", terms)
    world.exchange(1)
    return terms


def meeting(world: World) -> str:
    return world.say(
        "TUR", NOW, "meetings", "convene", "--mandate", f"{mechanism(world)}#art-1", "--body", "security-mechanism",
        "--round", "4", "--starts", "2024-08-15T10:00:00+03:00",
    )  # fmt: skip


def test_what_was_said_is_told_in_a_sentence(world: World) -> None:
    came = world.call("TUR", "--now", NOW, "charter", "fill-office", "--office", "one", "--titles", "en=One")
    assert came.out == "TUR/2 filled an office (said)\n"
    assert came.err == ""


def test_a_dry_run_judges_and_says_nothing(world: World) -> None:
    before = world.sizes()
    dry = (
        "--now",
        NOW,
        "charter",
        "fill-office",
        "--office",
        "one",
        "--titles",
        "en=One",
        "--new-key",
        "--dry-run",
    )
    keys = sorted((world.node("TUR") / "keys").iterdir())
    assert "Nothing was said" in world.call("TUR", *dry).out
    assert world.ok("TUR", *dry)["allowed"] is True
    assert sorted((world.node("TUR") / "keys").iterdir()) == keys
    world.fails("TUR", 1, "charter", "vacate-office", "--office", "nobody", "--dry-run")
    assert world.sizes() == before


def test_the_docket_follows_from_what_is_answered_and_the_mandate_from_the_docket(world: World) -> None:
    docket = meeting(world)
    world.exchange(1)
    accepted = world.say("IRQ", NOW, "meetings", "accept-date", "--answers", docket)
    told = world.ok("IRQ", "show", accepted)
    assert told["docket"] == docket
    assert told["mandate"] == world.ok("TUR", "show", docket)["mandate"]
    item = world.say("IRQ", NOW, "meetings", "propose-item", "--docket", accepted, "--title", "en=Water")
    assert world.ok("IRQ", "show", item)["docket"] == docket


def test_the_body_s_names_come_from_its_mandate(world: World) -> None:
    docket = meeting(world)
    assert world.ok("TUR", "show", docket)["account"]["title"]["tr"].startswith("Yüksek Düzeyli")


def test_an_act_without_its_docket_is_a_usage_error(world: World) -> None:
    assert "--docket" in world.fails("TUR", 2, "instruments", "accept")


def test_where_several_offices_could_speak_one_is_asked_for(world: World) -> None:
    world.say("TUR", NOW, "charter", "fill-office", "--office", "two", "--titles", "en=Two")
    said = world.fails("TUR", 1, "instruments", "propose", *world.memorandum())
    assert "mfa, two" in said
    assert "--office" in said


def test_an_office_without_a_key_cannot_sign_and_says_how_to_get_one(world: World) -> None:
    world.say("TUR", NOW, "charter", "fill-office", "--office", "two", "--titles", "en=Two")
    issue = ("charter", "issue-powers", "--office", "two", "--instrument", "TUR/9")
    assert "key" in world.fails("TUR", 1, *issue)
    signed = (*issue, "--as-office", "two", "--sign-with", "two", "--key", "ed25519:" + "A" * 43)
    assert "--new-key" in world.fails("TUR", 1, *signed)


def test_a_key_made_beforehand_is_given_to_an_office(world: World) -> None:
    made = world.ok("TUR", "key", "make", "--office", "defence")
    assert made["key"] in world.call("TUR", "key", "make").out or made["id"]
    world.say(
        "TUR", NOW, "charter", "fill-office", "--office", "defence", "--titles", "en=D", "--key", made["key"]
    )
    held = {key["use"]: key for key in world.ok("TUR", "key", "list")}
    assert held["defence"]["id"] == made["id"]
    assert held["defence"]["here"] is True
    text = world.call("TUR", "key", "make", "--office", "defence").out
    assert "comity charter fill-office --office defence" in text


def test_a_person_s_data_can_be_destroyed_and_the_log_still_verifies(world: World) -> None:
    docket = meeting(world)
    head = json.dumps({"name": "Ada Kaya (invented)", "capacity": {"en": "Minister"}})
    named = world.say("TUR", NOW, "meetings", "name-delegation", "--docket", docket, "--head", head)
    world.exchange(1)
    assert "Ada Kaya" in world.call("IRQ", "show", named).out
    proof = world.folder / "proof.json"
    world.ok("TUR", "prove", named, "-o", proof)
    assert "Ada Kaya" not in proof.read_text("utf-8")
    world.say("TUR", NOW, "meetings", "destroy", "--answers", named, "--rule", "retention, 2 years")
    world.exchange(1)
    for party in world.parties:
        shown = world.call(party, "show", named)
        assert "Ada" not in shown.out
        assert "destroyed" in shown.out
        assert world.ok(party, "check")["sound"]
    other = world.fails("TUR", 1, "meetings", "destroy", "--answers", docket, "--rule", "x")
    assert docket in other


def test_a_second_yes_is_refused(world: World) -> None:
    docket = meeting(world)
    world.exchange(1)
    world.say("IRQ", NOW, "meetings", "accept-date", "--answers", docket)
    assert "already" in world.fails("IRQ", 1, "meetings", "accept-date", "--answers", docket)


@pytest.mark.parametrize(
    ("language", "says"), [("en", "without effect"), ("tr", "hükmü yok"), ("ar", "بلا أثر")]
)
def test_an_act_that_its_author_s_node_should_have_refused_is_kept_and_shown_without_effect(
    world: World, language: str, says: str
) -> None:
    """IRQ's node keeps no rules while it says yes a second time."""
    docket = meeting(world)
    world.exchange(1)
    world.say("IRQ", NOW, "meetings", "accept-date", "--answers", docket)
    with pytest.MonkeyPatch.context() as without_rules:
        without_rules.setattr("comity.core.fold.judge", lambda *_: None)
        second = world.say("IRQ", NOW, "meetings", "accept-date", "--answers", docket)
    world.exchange(1)
    assert world.ok("TUR", "show", second)["irregular"]["code"] == "already_accepted"
    for command in (("show", second), ("show", docket), ("log", "IRQ")):
        assert says in world.call("TUR", "--language", language, *command).out
    assert len({world.ok(party, "status")["mechanisms"][0]["digest"] for party in world.parties}) == 1


def test_a_clock_that_is_wrong_is_told_by_status(world: World) -> None:
    world.say(
        "IRQ", "2024-09-01T09:00:00Z", "charter", "fill-office", "--office", "one", "--titles", "en=One"
    )
    world.exchange(1)
    stands = world.ok("TUR", "--now", "2024-08-20T00:00:00Z", "status")["mechanisms"][0]
    assert [skewed["party"] for skewed in stands["clock"]] == ["IRQ"]
    assert "IRQ/2" in world.call("TUR", "--now", "2024-08-20T00:00:00Z", "status").out
    assert "IRQ/2" not in world.call("TUR", "--now", "2024-09-02T00:00:00Z", "status").out


def test_a_node_that_is_not_founded_yet_says_what_is_next(tmp_path: Path) -> None:
    world = World(tmp_path)
    cards = world.cards()
    assert "comity found propose" in world.call("TUR", "status").out
    propose = ("found", "propose", *cards, "--name", "en=M", *world.heard("TUR"), "-o", tmp_path / "m")
    told = world.call("TUR", *propose).out
    assert "comity found accept" in told
    shown = call("found", "show", tmp_path / "m")
    assert world.prints["IRQ"] in shown.out
    assert json.loads(call("--json", "found", "show", tmp_path / "m").out)["parties"][0]["party"] == "IRQ"
    assert "IRQ" in world.call("TUR", "status").out
    said = world.fails("TUR", 1, "--now", NOW, "meetings", "convene", "--mandate", "TUR/1#a", "--body", "x",
                       "--round", "1", "--starts", NOW, "--office", "root")  # fmt: skip
    assert said


def test_pouches_tell_what_they_carry(world: World) -> None:
    world.say("TUR", NOW, "instruments", "propose", *world.memorandum())
    pouch = world.folder / "p"
    assert "TUR/2" in world.call("TUR", "pouch", "pack", "IRQ", "-o", pouch).out
    outside = call("verify", pouch)
    assert outside.code == 0
    assert "TUR/2" in outside.out
    assert json.loads(call("--json", "verify", pouch).out)["carries"] == {"TUR": [2, 2]}
    assert "1 new" in world.call("IRQ", "pouch", "open", pouch).out


def test_a_proof_goes_to_the_standard_output_too(world: World) -> None:
    assert json.loads(world.call("TUR", "prove", "TUR/1", "-o", "-").out)["kind"] == "act"
    assert "comity verify" in world.call("TUR", "prove", "TUR/1", "-o", world.folder / "p.json").out
    hidden = world.folder / "hidden.json"
    world.ok("TUR", "prove", "TUR/1", "--without-content", "-o", hidden)
    assert json.loads(call("--json", "verify", hidden).out)["content"] is None


def test_a_file_that_cannot_be_written_is_unavailable(world: World) -> None:
    said = world.fails("TUR", 3, "prove", "TUR/1", "-o", world.folder / "no" / "such" / "folder.json")
    assert "folder.json" in said
    world.fails("TUR", 3, "pouch", "pack", "IRQ", "-o", world.folder / "no" / "such" / "pouch")
