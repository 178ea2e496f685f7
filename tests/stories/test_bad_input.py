"""Bad input by hand: a clear error that names the file, the line or field and what to do; nothing stored, nothing lost."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.stories.scene import World, call

from comity.chapters import all_chapters
from comity.node import home
from comity.node.home import Node

NOW = "2024-08-02T09:00:00Z"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path).found()


def propose(world: World, name: str = "memorandum", now: str = NOW) -> str:
    return world.say("TUR", now, "instruments", "propose", *world.memorandum(name))


# ------------------------------------------------------------------------------------------- proof files


@pytest.fixture(scope="module")
def proof(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    world = World(tmp_path_factory.mktemp("proof")).found()
    file = world.folder / "proof.json"
    world.ok("TUR", "prove", "TUR/1", "-o", file)
    read: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return read


def verify(tmp_path: Path, proof: dict[str, Any]) -> str:
    file = tmp_path / "changed.json"
    file.write_text(json.dumps(proof, sort_keys=True, separators=(",", ":"), ensure_ascii=False), "utf-8")
    came = call("verify", file)
    assert came.code == 1, came
    assert "changed.json" in came.err
    return came.err


def with_leaf(proof: dict[str, Any], leaf: str) -> dict[str, Any]:
    return {**proof, "act": {**proof["act"], "leaf": leaf}}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"kind":', '"extra":1,"kind":', "extra"),
        ('"v":1', '"v":1.5', "float"),
        ('"v":1', '"v": 1', "canonical"),
        ('"office":"root"', '"office":"root","office":"root"', ""),
        ('"v":1', '"v":9', "update"),
        ('"office":"root"', '"office":"Root"', "office"),
        ("Z", "+03:00", ""),
    ],
    ids=["unknown field", "float", "not canonical", "twice", "future version", "unfit value", "offset"],
)
def test_a_leaf_that_is_not_one_is_named_with_its_fault(
    tmp_path: Path, proof: dict[str, Any], old: str, new: str, says: str
) -> None:
    leaf = proof["act"]["leaf"]
    assert old in leaf
    said = verify(tmp_path, with_leaf(proof, leaf.replace(old, new, 1)))
    assert "TUR/1" in said
    assert says in said


def test_an_act_that_is_not_in_the_signed_log_is_not_verified(tmp_path: Path, proof: dict[str, Any]) -> None:
    said = verify(
        tmp_path, with_leaf(proof, proof["act"]["leaf"].replace('"office":"root"', '"office":"mfa"'))
    )
    assert "TUR/1" in said


@pytest.mark.parametrize(
    "change", ["unsigned", "other signature", "smaller", "other root", "other mechanism"]
)
def test_a_head_that_its_author_did_not_sign_is_refused(
    tmp_path: Path, proof: dict[str, Any], change: str
) -> None:
    text, _, lines = proof["head"].partition("\n\n")
    origin, size, root, *seen = text.split("\n")
    if change == "unsigned":
        lines = ""
    elif change == "other signature":
        lines = lines.replace(lines[-6:-3], "AAA" if lines[-6:-3] != "AAA" else "BBB")
        lines = "\n".join(line for line in lines.split("\n") if "/TUR " in line) + "\n"
        lines = lines[:-10] + ("AAAA" if lines[-10:-6] != "AAAA" else "BBBB") + lines[-6:]
    elif change == "smaller":
        size = "1"
    elif change == "other root":
        root = ("A" if root[0] != "A" else "B") + root[1:]
    else:
        origin = origin.replace(origin.split("/")[1], "A" * 43)
    said = verify(tmp_path, {**proof, "head": "\n".join([origin, size, root, *seen]) + "\n\n" + lines})
    assert "head" in said or "TUR" in said


def test_a_content_that_does_not_match_its_hash_is_refused(tmp_path: Path, proof: dict[str, Any]) -> None:
    content = proof["act"]["content"]
    changed = ("A" if content[0] != "A" else "B") + content[1:]
    said = verify(tmp_path, {**proof, "act": {**proof["act"], "content": changed}})
    assert "content" in said


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"\xff\xfe", b"[]", b"{}", b'{"kind":"act"}', b"hello", b"comity pouch v9\n"]
)
def test_what_is_no_proof_is_said_to_be_none(tmp_path: Path, raw: bytes) -> None:
    file = tmp_path / "thing"
    file.write_bytes(raw)
    came = call("verify", file)
    assert came.code == 1
    assert "thing" in came.err


def test_a_file_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    came = call("verify", tmp_path / "absent")
    assert came.code == 3
    assert "absent" in came.err


# ------------------------------------------------------------------------------------------------ pouches


def test_a_pouch_truncated_at_any_byte_brings_nothing(world: World) -> None:
    propose(world)
    pouch, cut = world.folder / "whole.pouch", world.folder / "cut.pouch"
    world.ok("TUR", "pouch", "pack", "IRQ", "-o", pouch)
    raw, before = pouch.read_bytes(), world.sizes()["IRQ"]
    for size in [0, 1, 15, 16, 100, 200, len(raw) // 2, *range(len(raw) - 130, len(raw), 13), len(raw) - 1]:
        cut.write_bytes(raw[:size])
        said = world.fails("IRQ", 1, "pouch", "open", cut)
        assert "cut.pouch" in said
    assert world.sizes()["IRQ"] == before
    cut.write_bytes(raw + b"x")
    world.fails("IRQ", 1, "pouch", "open", cut)
    assert world.ok("IRQ", "pouch", "open", pouch)["received"]["TUR"] == 1


def test_a_pouch_with_any_byte_changed_brings_nothing(world: World) -> None:
    propose(world)
    pouch = world.folder / "whole.pouch"
    world.ok("TUR", "pouch", "pack", "IRQ", "-o", pouch)
    raw, before = pouch.read_bytes(), world.sizes()["IRQ"]
    for at in range(0, len(raw), len(raw) // 40):
        pouch.write_bytes(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])
        world.fails("IRQ", 1, "pouch", "open", pouch)
    assert world.sizes()["IRQ"] == before


def test_a_pouch_opened_twice_brings_nothing_the_second_time(world: World) -> None:
    propose(world)
    pouch = world.carry("TUR", "IRQ")
    assert sum(world.ok("IRQ", "pouch", "open", pouch)["received"].values()) == 0


def test_a_pouch_for_another_or_from_another_mechanism_is_refused(world: World, tmp_path: Path) -> None:
    pouch = world.carry("TUR", "IRQ")
    assert "IRQ" in world.fails("TUR", 1, "pouch", "open", pouch)
    other = World(tmp_path / "other").found()
    said = other.fails("IRQ", 1, "pouch", "open", pouch)
    assert "key" in said


def test_a_pouch_to_a_stranger_cannot_be_packed(world: World) -> None:
    assert "XYZ" in world.fails("TUR", 1, "pouch", "pack", "XYZ", "-o", world.folder / "p")
    assert not (world.folder / "p").exists()


# ------------------------------------------------------------------------------------ two histories, restore


def forked(world: World) -> Path:
    """A second IRQ that hides that it is a copy, as only a dishonest party would."""
    copy = world.folder / "irq-copy"
    shutil.copytree(world.node("IRQ"), copy)
    node = Node(copy, all_chapters(), lambda: datetime.now(UTC))
    folder = copy / "mechanisms" / world.mechanism
    store = home.SqliteStore(folder / "record.db")
    with store.transaction():
        store.put("placed", home._place(folder))
    store.close()
    assert not node.record().silent
    node.close()
    return copy


def test_two_histories_are_caught_and_everything_else_goes_on(world: World) -> None:
    copy = forked(world)
    world.say("IRQ", NOW, "charter", "fill-office", "--office", "one", "--titles", "en=One")
    world.carry("IRQ", "TUR")
    assert (
        call(
            "--node", copy, "--now", NOW, "charter", "fill-office", "--office", "two", "--titles", "en=Two"
        ).code
        == 0
    )
    assert (
        call(
            "--node",
            copy,
            "--now",
            NOW,
            "charter",
            "fill-office",
            "--office",
            "three",
            "--titles",
            "en=Three",
        ).code
        == 0
    )
    pouch, proof = world.folder / "false.pouch", world.folder / "fault.json"
    assert call("--node", copy, "pouch", "pack", "TUR", "--whole", "-o", pouch).code == 0
    came = world.call("TUR", "pouch", "open", pouch)
    assert came.code == 1
    stands = world.ok("TUR", "status")["mechanisms"][0]
    assert stands["logs"]["IRQ"]["frozen"]
    assert "fault.json" in world.call("TUR", "prove", "--fault", "IRQ", "-o", proof).out
    verified = call("verify", proof)
    assert verified.code == 0
    assert "two histories" in verified.out
    propose(world)
    assert world.ok("TUR", "check")["sound"]
    assert "frozen" in world.call("TUR", "status").out


def test_a_restored_node_says_nothing_until_it_has_asked(world: World) -> None:
    copy = world.folder / "restored"
    shutil.copytree(world.node("TUR"), copy)
    said = call("--node", copy, "charter", "fill-office", "--office", "one", "--titles", "en=One")
    assert said.code == 1
    assert "IRQ" in said.err
    assert "IRQ" in call("--node", copy, "status").out
    ask, answer = world.folder / "ask", world.folder / "answer"
    assert call("--node", copy, "pouch", "pack", "IRQ", "-o", ask).code == 0
    world.ok("IRQ", "pouch", "open", ask)
    world.ok("IRQ", "pouch", "pack", "TUR", "-o", answer)
    assert call("--node", copy, "pouch", "open", answer).code == 0
    assert call("--node", copy, "charter", "fill-office", "--office", "one", "--titles", "en=One").code == 0


def test_an_old_pouch_does_not_end_the_silence_of_a_restored_node(world: World) -> None:
    old = world.folder / "old"
    world.ok("IRQ", "pouch", "pack", "TUR", "-o", old)
    copy = world.folder / "restored"
    shutil.copytree(world.node("TUR"), copy)
    call("--node", copy, "pouch", "open", old)
    assert call("--node", copy, "charter", "fill-office", "--office", "one", "--titles", "en=One").code == 1


# ------------------------------------------------------------------------------------------- instruments


def test_a_text_with_open_brackets_is_not_accepted(world: World) -> None:
    docket = propose(world, "memorandum-draft1")
    said = world.fails("TUR", 1, "instruments", "accept", "--docket", docket)
    assert "b1" in said
    assert "VCLT art. 10" in said


def test_a_duplicate_article_is_named_with_its_file_and_line(world: World) -> None:
    file = world.folder / "twice.en.md"
    file.write_text(
        "---\nlanguage: en\n---\n# T\n\n## Article 1\n\nWords.\n\n## Article 1\n\nMore.\n", "utf-8"
    )
    said = world.fails("TUR", 1, "instruments", "propose", file)
    assert "twice.en.md" in said
    assert "line 10" in said


def test_a_missing_language_is_named(world: World) -> None:
    said = world.fails("TUR", 1, "instruments", "propose", *world.memorandum()[:2])
    assert "ar" in said
    assert "memorandum.en.md" in said


def test_a_text_that_is_not_utf_8_is_named_with_its_line(world: World) -> None:
    file = world.folder / "latin.en.md"
    file.write_bytes("---\nlanguage: en\n---\n# Türkiye\n".encode("latin-1"))
    said = world.fails("TUR", 1, "instruments", "propose", file)
    assert "latin.en.md" in said
    assert "line 4" in said
    assert "UTF-8" in said


def signable(world: World) -> str:
    """A memorandum that both have accepted, and a defence minister of TUR with a key and no powers yet."""
    world.say(
        "TUR", NOW, "charter", "fill-office", "--office", "defence", "--titles", "en=Defence", "--new-key"
    )
    docket = world.say("TUR", NOW, "instruments", "propose", *world.memorandum(), "--office", "mfa")
    world.exchange(1)
    for party in world.parties:
        world.say(party, NOW, "instruments", "accept", "--docket", docket, "--office", "mfa")
        world.exchange(1)
    return docket


def signs(world: World, docket: str, now: str = NOW) -> str:
    args = ("--docket", docket, "--office", "defence", "--signed-on", now[:10], "--place", "Ankara")
    return world.fails("TUR", 1, "--now", now, "instruments", "sign", *args)


def test_full_powers_that_are_missing_for_another_instrument_expired_or_revoked_do_not_sign(
    world: World,
) -> None:
    docket = signable(world)
    assert "VCLT art. 7" in signs(world, docket)
    issue = ("charter", "issue-powers", "--office", "defence", "--instrument")
    world.say("TUR", NOW, *issue, "TUR/1")
    assert "TUR/1" in signs(world, docket)
    issued = world.say("TUR", NOW, *issue, docket)
    world.say("TUR", NOW, "charter", "revoke-powers", "--answers", issued)
    assert issued in signs(world, docket)
    world.say("TUR", NOW, *issue, docket, "--until", "2024-08-10")
    assert "2024-08-10" in signs(world, docket, "2024-08-11T09:00:00Z")
    assert all(act["kind"] != "instrument.signed/1" for act in world.ok("TUR", "log", "TUR"))


def test_an_act_whose_mandate_is_not_in_force_is_refused(world: World) -> None:
    docket = propose(world)
    args = ("--body", "trade", "--round", "1", "--starts", "2024-09-01T10:00:00Z")
    said = world.fails("TUR", 1, "--now", NOW, "meetings", "convene", "--mandate", f"{docket}#art-3", *args)
    assert f"{docket}#art-3" in said
    assert "in force" in said
    assert "TUR/99#art-1" in world.fails("TUR", 1, "meetings", "convene", "--mandate", "TUR/99#art-1", *args)


# --------------------------------------------------------------------------------- clock, disk, database


def test_a_clock_that_jumped_back_is_refused_until_a_person_has_looked(world: World) -> None:
    propose(world)
    back = ("--now", "2024-08-01T12:00:00Z", "instruments", "propose", *world.memorandum())
    assert "clock" in world.fails("TUR", 1, *back)
    world.ok("TUR", *back, "--clock-checked")


def database(world: World, party: str = "TUR") -> Path:
    return world.node(party) / "mechanisms" / world.mechanism / "record.db"


def test_a_database_that_another_program_has_locked_is_unavailable_and_nothing_is_lost(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    opens = home.SqliteStore
    monkeypatch.setattr(home, "SqliteStore", lambda path: opens(path, busy_ms=50))
    locked = sqlite3.connect(database(world), isolation_level=None)
    locked.execute("BEGIN IMMEDIATE")
    said = world.fails("TUR", 3, "charter", "fill-office", "--office", "one", "--titles", "en=One")
    assert "locked" in said
    locked.execute("ROLLBACK")
    locked.close()
    world.ok("TUR", "charter", "fill-office", "--office", "one", "--titles", "en=One")


def test_a_full_disk_is_unavailable_and_nothing_is_lost(world: World) -> None:
    """No file of this process may grow beyond what a node needs to open; the memorandum is longer than the rest."""
    before = world.sizes()["TUR"]
    limit = 40 * 1024
    program = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n"
        "from comity.cli.main import run\n"
        "sys.exit(run(sys.argv[1:]))\n"
    )
    arguments = ["--node", str(world.node("TUR")), "instruments", "propose", *map(str, world.memorandum())]
    # The measuring of coverage writes a file too, which the limit would break: this process is not measured.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=environment,
    )
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    assert "record.db" in done.stderr
    assert world.sizes()["TUR"] == before
    assert world.ok("TUR", "check")["sound"]
    propose(world)


def test_a_truncated_database_is_told_by_every_command_without_a_traceback(world: World) -> None:
    propose(world)
    world.ok("TUR", "status")
    path = database(world)
    raw = path.read_bytes()
    path.write_bytes(raw[: len(raw) // 2])
    for command in (["status"], ["check"], ["show", "TUR/1"], ["log", "TUR"]):
        came = world.call("TUR", *command)
        assert came.code in {1, 3}, command
        assert "record.db" in came.out + came.err


@pytest.mark.parametrize("signed", [True, False], ids=["under a signed head", "not yet under one"])
def test_check_says_where_a_stored_byte_was_changed(world: World, signed: bool) -> None:
    propose(world)
    if signed:
        world.carry("TUR", "IRQ")
    path = database(world)
    with sqlite3.connect(path) as opened:
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    opened.close()
    raw = path.read_bytes()
    words = b'"kind":"instrument.proposed/1"'
    assert words in raw
    path.write_bytes(raw.replace(words, words.replace(b"posed", b"poser")))
    came = world.call("TUR", "check")
    assert came.code == 1
    assert "TUR at 3" in came.out
    found = json.loads(world.call("TUR", "--json", "check", "--all").out)["findings"]
    assert (
        found == json.loads(world.call("TUR", "--json", "--language", "tr", "check", "--all").out)["findings"]
    )
    told = world.call("TUR", "--language", "tr", "check", "--all").out
    for finding in found:
        assert finding["why"] not in told
        assert finding["thing"] not in told


# -------------------------------------------------------------------------------------------------- keys


def key_files(world: World) -> list[Path]:
    return sorted((world.node("TUR") / "keys").glob("*.key"))


def test_a_key_that_others_can_read_is_not_used(world: World) -> None:
    for path in key_files(world):
        path.chmod(0o644)
    said = world.fails("TUR", 3, "charter", "fill-office", "--office", "one", "--titles", "en=One")
    assert "0600" in said


def test_a_root_key_that_is_kept_offline_is_asked_for(world: World) -> None:
    for path in key_files(world):
        path.unlink()
    said = world.fails("TUR", 3, "charter", "fill-office", "--office", "one", "--titles", "en=One")
    assert "offline" in said


def test_keys_under_a_passphrase_open_with_it_and_with_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comity.node.keystore.ARGON", {"iterations": 1, "lanes": 1, "memory_kib": 64})
    right, wrong = tmp_path / "right", tmp_path / "wrong"
    right.write_text("correct horse\n", "utf-8")
    wrong.write_text("battery staple\n", "utf-8")
    world = World(tmp_path)
    world.ok("TUR", "--passphrase-file", right, "init", "--party", "TUR", "--name", "en=T", "--classic-keys")
    make = ("card", "make", "--classic-keys", "-o", tmp_path / "card")
    assert "passphrase" in world.fails("TUR", 3, *make)
    assert "passphrase" in world.fails("TUR", 3, "--passphrase-file", wrong, *make)
    world.ok("TUR", "--passphrase-file", right, *make)
    assert "absent" in world.fails("TUR", 3, "--passphrase-file", tmp_path / "absent", *make)
