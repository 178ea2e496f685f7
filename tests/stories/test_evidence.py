"""Evidence from the command line: kept here, told to all, released or shown, and never a byte of it said by mistake."""

from __future__ import annotations

import io
import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.stories.programme import NOW, programme
from tests.stories.scene import World, call

SECRET = b"%PDF-1.7 minutes of the joint centre, page one"


@pytest.fixture
def scene(tmp_path: Path) -> tuple[World, str]:
    """Two nodes with a commitment that both accepted."""
    return programme(tmp_path)


@pytest.fixture
def world(scene: tuple[World, str]) -> World:
    return scene[0]


@pytest.fixture
def file(world: World) -> Path:
    path = world.folder / "minutes.pdf"
    path.write_bytes(SECRET)
    return path


def record(world: World, docket: str, file: Path, *more: object, party: str = "TUR") -> str:
    title = ("--title", "en=Minutes of the first week", "--shows", "started")
    return world.say(party, NOW, "commitments", "record-evidence", file, "--docket", docket, *title, *more)


def shelf(world: World, party: str = "TUR") -> Path:
    return world.node(party) / "mechanisms" / world.mechanism / "withheld"


def kept(world: World, party: str = "TUR") -> list[Path]:
    return sorted(shelf(world, party).iterdir()) if shelf(world, party).exists() else []


def refused(world: World, exit_: int, *arguments: object, party: str = "TUR") -> str:
    """What the command complained of; nothing was said by it, and no word of the file was."""
    before = world.sizes(), kept(world)
    told = world.fails(party, exit_, "--now", NOW, *arguments)
    assert (world.sizes(), kept(world)) == before
    assert "minutes of the joint centre" not in told
    return told


# ------------------------------------------------------------------------------- withheld, then released


def test_the_other_side_sees_that_there_is_evidence_and_not_what_it_is(
    scene: tuple[World, str], file: Path
) -> None:
    world, docket = scene
    ref = record(world, docket, file)
    world.exchange(1)
    (seen,) = world.ok("IRQ", "commitments", "ask", "evidence", docket)
    assert (seen["ref"], seen["by"], seen["is"], seen["released"]) == (ref, "TUR", "withheld", [])
    assert seen["title"] == {"en": "Minutes of the first week"}
    assert (seen["size"], seen["media_type"], seen["shows"]) == (len(SECRET), "application/pdf", "started")
    assert [path.name for path in kept(world)] == [seen["digest"]]
    assert kept(world)[0].read_bytes().endswith(SECRET)
    assert stat.S_IMODE(kept(world)[0].stat().st_mode) == 0o600
    assert kept(world, "IRQ") == []
    for at in (path for path in world.folder.rglob("*") if path.is_file() and path != file):
        assert at in kept(world) or SECRET not in at.read_bytes(), at


def test_it_is_released_by_reference_alone_and_saved_by_the_other_side(
    scene: tuple[World, str], file: Path
) -> None:
    world, docket = scene
    ref = record(world, docket, file)
    world.exchange(1)
    out = world.folder / "saved.pdf"
    assert "withholds" in refused(world, 1, "commitments", "save-evidence", ref, "-o", out, party="IRQ")
    file.unlink()
    released = world.say("TUR", NOW, "commitments", "release-evidence", ref, "--name", "minutes.pdf")
    world.exchange(1)
    assert world.ok("IRQ", "commitments", "ask", "evidence", docket)[0]["is"] == "match"
    saved = world.ok("IRQ", "commitments", "save-evidence", ref, "-o", out)
    assert (saved["name"], saved["bytes"]) == ("minutes.pdf", len(SECRET))
    assert out.read_bytes() == SECRET
    told = world.call("IRQ", "commitments", "save-evidence", released, "-o", out)
    assert f"minutes.pdf ({len(SECRET)} bytes)" in told.out
    assert released in refused(world, 1, "commitments", "release-evidence", ref)


def test_it_can_be_released_at_once(scene: tuple[World, str], file: Path) -> None:
    world, docket = scene
    told = world.ok("TUR", "--now", NOW, "commitments", "record-evidence", file, "--docket", docket,
                    "--title", "en=Minutes", "--release")  # fmt: skip
    recorded, released = told["said"]
    assert told["ref"] == released
    assert "data" not in told["content"]
    world.exchange(1)
    assert world.ok("IRQ", "show", released)["content"]["name"] == "minutes.pdf"
    world.ok("IRQ", "commitments", "save-evidence", recorded, "-o", world.folder / "out")
    assert (world.folder / "out").read_bytes() == SECRET
    text = world.call("TUR", "--now", NOW, "commitments", "record-evidence", file, "--docket", docket,
                      "--title", "en=Minutes", "--release").out  # fmt: skip
    assert text.splitlines() == ["TUR/6 recorded evidence (said)", "TUR/7 released evidence (said)"]


def test_a_file_without_a_name_gets_one_from_its_act(scene: tuple[World, str], file: Path) -> None:
    world, docket = scene
    ref = record(world, docket, file)
    released = world.say("TUR", NOW, "commitments", "release-evidence", ref)
    name = f"evidence-{ref.replace('/', '-')}.pdf"
    assert world.ok("TUR", "show", released)["content"]["name"] == name


def test_a_long_content_does_not_flood_the_screen(scene: tuple[World, str], file: Path) -> None:
    world, docket = scene
    file.write_bytes(SECRET * 2000)
    released = record(world, docket, file, "--release")
    assert len(world.call("TUR", "show", released).out) < 3000


def test_a_dry_run_keeps_and_says_nothing(scene: tuple[World, str], file: Path) -> None:
    world, docket = scene
    before = world.sizes()
    arguments = ("--now", NOW, "commitments", "record-evidence", file, "--docket", docket, "--title", "en=M")
    assert "Nothing was said" in world.call("TUR", *arguments, "--dry-run").out
    assert world.ok("TUR", *arguments, "--dry-run", "--release")["allowed"] is True
    assert (world.sizes(), kept(world)) == (before, [])
    ref = record(world, docket, file)
    assert world.ok("TUR", "--now", NOW, "commitments", "release-evidence", ref, "--dry-run")["allowed"]
    assert world.ok("TUR", "show", docket)["account"]["acts"][-1]["ref"] == ref


# -------------------------------------------------------------------------------------------- bad input


def test_a_file_that_cannot_be_evidence_is_named_and_nothing_is_kept(
    scene: tuple[World, str], file: Path
) -> None:
    world, docket = scene
    say = ("--docket", docket, "--title", "en=Minutes")
    absent, empty, huge = (world.folder / name for name in ("absent.pdf", "empty.pdf", "huge.pdf"))
    empty.write_bytes(b"")
    with huge.open("wb") as big:
        big.truncate((256 << 20) + 1)
    assert "absent.pdf" in refused(world, 3, "commitments", "record-evidence", absent, *say)
    assert "absent.pdf" in refused(world, 3, "commitments", "record-evidence", absent, *say, "--release")
    assert str(world.folder) in refused(world, 3, "commitments", "record-evidence", world.folder, *say)
    told = refused(world, 1, "commitments", "record-evidence", empty, *say)
    assert "empty.pdf is empty" in told
    told = refused(world, 1, "commitments", "record-evidence", huge, *say)
    assert "huge.pdf" in told
    assert "256 MB" in told
    with huge.open("wb") as big:
        big.truncate((8 << 20) + 1)
    told = refused(world, 1, "commitments", "record-evidence", huge, *say, "--release")
    assert "8 MB" in told
    assert "disclose" in told
    assert kept(world) == []


def test_what_is_typed_wrongly_is_told_before_the_file_is_touched(
    scene: tuple[World, str], file: Path
) -> None:
    world, docket = scene
    refused(world, 2, "commitments", "record-evidence", file, "--title", "en=Minutes")
    assert "title" in refused(world, 1, "commitments", "record-evidence", file, "--docket", docket)
    assert "nobody" in refused(
        world,
        1,
        "commitments",
        "record-evidence",
        file,
        "--docket",
        docket,
        "--title",
        "en=M",
        "--office",
        "nobody",
    )
    assert "media_type" in refused(
        world,
        1,
        "commitments",
        "record-evidence",
        file,
        "--docket",
        docket,
        "--title",
        "en=M",
        "--media-type",
        "pdf",
    )
    refused(world, 1, "commitments", "record-evidence", file, "--docket", "TUR/99", "--title", "en=M")
    assert kept(world) == []


def test_only_its_author_gives_evidence_and_only_evidence_is_given(
    scene: tuple[World, str], file: Path
) -> None:
    world, docket = scene
    ref = record(world, docket, file)
    world.exchange(1)
    out = world.folder / "out"
    for command in (("release-evidence",), ("disclose", "-o", out), ("discard-evidence", "--rule", "r")):
        told = refused(world, 1, "commitments", command[0], ref, *command[1:], party="IRQ")
        assert f"{ref} was recorded by TUR" in told
        assert docket in refused(world, 1, "commitments", command[0], docket, *command[1:])
        assert "TUR/99" in refused(world, 1, "commitments", command[0], "TUR/99", *command[1:])
    assert not out.exists()


def test_a_kept_file_that_was_changed_or_lost_is_named_and_not_released(
    scene: tuple[World, str], file: Path
) -> None:
    world, docket = scene
    ref = record(world, docket, file)
    path = kept(world)[0]
    whole = path.read_bytes()
    path.write_bytes(whole[:-3] + b"?" + whole[-2:])
    told = refused(world, 1, "commitments", "release-evidence", ref)
    assert f"of {ref}" in told
    assert "backup" in told
    path.unlink()
    assert f"of {ref}" in refused(world, 3, "commitments", "release-evidence", ref)


def test_another_file_than_the_recorded_one_is_told_and_nothing_is_written(
    scene: tuple[World, str], file: Path
) -> None:
    """IRQ's node does not look at what it kept."""
    world, docket = scene
    ref = record(world, docket, file, party="IRQ")

    @contextmanager
    def careless(*_: object) -> Iterator[tuple[bytes, io.BytesIO]]:
        yield bytes(32), io.BytesIO(b"another file")

    with pytest.MonkeyPatch.context() as node:
        node.setattr("comity.node.withheld.Withheld.read", careless)
        released = world.say("IRQ", NOW, "commitments", "release-evidence", ref)
    world.exchange(1)
    out = world.folder / "out"
    told = refused(world, 1, "commitments", "save-evidence", ref, "-o", out)
    assert "not the file that was recorded" in told
    assert released in told
    assert not out.exists()
    assert world.ok("TUR", "commitments", "ask", "evidence", docket)[0]["is"] == "mismatch"


# ------------------------------------------------------------------------------------------------- check


def test_check_names_the_withheld_file_that_changed_is_gone_or_is_one_too_many(
    scene: tuple[World, str], file: Path
) -> None:
    world, docket = scene
    refs = [record(world, docket, file) for _ in range(3)]
    world.exchange(1)
    for party in world.parties:
        assert world.ok(party, "check")["sound"]
    by_ref = {ref: shelf(world) / world.ok("TUR", "show", ref)["content"]["digest"] for ref in refs}
    for ref, path in by_ref.items():
        whole = path.read_bytes()
        path.write_bytes(whole[:50] + bytes([whole[50] ^ 1]) + whole[51:])
        came = world.call("TUR", "check")
        assert came.code == 1
        assert f"of {ref}" in came.out
        path.unlink()
        assert f"of {ref}" in world.call("TUR", "check").out
        path.write_bytes(whole)
        path.chmod(0o600)
    stray = shelf(world) / ("cd" * 32)
    stray.write_bytes(b"whatever")
    came = world.call("TUR", "check")
    assert came.code == 1
    assert stray.name in came.out
    stray.unlink()
    assert world.call("TUR", "check").code == 0


def test_a_program_killed_while_it_records_leaves_a_stray_that_check_names(
    scene: tuple[World, str], file: Path
) -> None:
    """Killed between the copy and the act: the one is there, the other is not, and the next try goes through."""
    world, docket = scene
    program = (
        "import os, signal, sys\n"
        "from comity.node.record import Record\n"
        "Record.say = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "from comity.cli.main import run\n"
        "sys.exit(run(sys.argv[1:]))\n"
    )
    arguments = ["--node", str(world.node("TUR")), "commitments", "record-evidence", str(file), "--docket", docket,
                 "--title", "en=Minutes"]  # fmt: skip
    done = subprocess.run([sys.executable, "-c", program, *arguments], check=False, timeout=120)
    assert done.returncode < 0
    (stray,) = kept(world)
    came = world.call("TUR", "check")
    assert came.code == 1
    assert stray.name in came.out
    ref = record(world, docket, file)
    stray.unlink()
    assert world.ok("TUR", "check")["sound"]
    assert world.ok("TUR", "show", ref)["content"]["size"] == len(SECRET)


def test_a_full_disk_keeps_nothing_and_says_nothing(scene: tuple[World, str], file: Path) -> None:
    world, docket = scene
    file.write_bytes(bytes(2 << 20))
    before = world.sizes()
    program = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))\n"
        "from comity.cli.main import run\n"
        "sys.exit(run(sys.argv[1:]))\n"
    )
    arguments = ["--node", str(world.node("TUR")), "commitments", "record-evidence", str(file), "--docket", docket,
                 "--title", "en=Minutes"]  # fmt: skip
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
    assert "File too large" in done.stderr
    assert kept(world) == []
    assert world.sizes() == before
    assert world.ok("TUR", "check")["sound"]


def test_a_copy_of_the_folder_has_the_withheld_files(scene: tuple[World, str], file: Path) -> None:
    """Law 10: after a restore the node is silent, and its evidence is there as before."""
    world, docket = scene
    ref = record(world, docket, file)
    copy = world.folder / "copy"
    shutil.copytree(world.node("TUR"), copy)
    assert call("--node", copy, "check").code == 0
    came = call("--node", copy, "commitments", "release-evidence", ref)
    assert came.code == 1
    assert "restored" in came.err


# -------------------------------------------------------------------------------------------- disclosing


@pytest.mark.parametrize(
    ("language", "says"), [("en", "Verified"), ("tr", "Doğrulandı"), ("ar", "ثبتت صحته")]
)
def test_a_stranger_checks_a_disclosed_file_with_nothing_but_it(
    scene: tuple[World, str], file: Path, language: str, says: str
) -> None:
    world, docket = scene
    ref = record(world, docket, file)
    world.exchange(1)
    shown, out = world.folder / "shown", world.folder / "out.pdf"
    told = world.call("TUR", "commitments", "disclose", ref, "--name", "minutes.pdf", "-o", shown).out
    assert f"comity verify {shown}" in told
    came = call("--language", language, "verify", shown, "-o", out)
    assert came.code == 0
    assert says in came.out
    assert "minutes.pdf" in came.out
    assert world.prints["TUR"] in came.out
    assert out.read_bytes() == SECRET
    data = json.loads(call("--json", "verify", shown).out)
    assert (data["ref"], data["name"], data["content"]["size"]) == (ref, "minutes.pdf", len(SECRET))
    (world.folder / "changed").write_bytes(shown.read_bytes()[:-1] + b"!")
    came = call("verify", world.folder / "changed", "-o", world.folder / "never")
    assert came.code == 1
    assert f"is not the file that {ref} recorded" in came.err
    assert not (world.folder / "never").exists()


def test_a_file_handed_over_by_itself_is_checked_with_the_salt(scene: tuple[World, str], file: Path) -> None:
    world, docket = scene
    ref = record(world, docket, file)
    salt = world.folder / "salt"
    told = world.call("TUR", "commitments", "disclose", ref, "--salt-only", "-o", salt).out
    assert "--file" in told
    assert call("verify", salt, "--file", file).code == 0
    came = call("verify", salt)
    assert came.code == 1
    assert "--file" in came.err
    file.write_bytes(SECRET + b"!")
    assert call("verify", salt, "--file", file).code == 1


def test_the_other_side_checks_a_disclosure_against_its_own_record(
    scene: tuple[World, str], file: Path
) -> None:
    world, docket = scene
    ref = record(world, docket, file)
    shown = world.folder / "shown"
    assert world.ok("TUR", "commitments", "disclose", ref, "-o", shown)["evidence"] == ref
    assert ref in refused(world, 1, "commitments", "verify-evidence", shown, party="IRQ")
    world.exchange(1)
    told = world.ok("IRQ", "commitments", "verify-evidence", shown, "-o", world.folder / "out")
    assert (told["verified"], told["ref"]) == (True, ref)
    assert (world.folder / "out").read_bytes() == SECRET


def test_a_proof_or_a_pouch_takes_no_file_beside_it(scene: tuple[World, str], file: Path) -> None:
    world, docket = scene
    proof = world.folder / "proof"
    world.ok("TUR", "prove", docket, "-o", proof)
    for more in (("--file", file), ("-o", world.folder / "out")):
        came = call("verify", proof, *more)
        assert came.code == 2
        assert "--file" in came.err


# -------------------------------------------------------------------------------- destroying, discarding


def test_destroying_a_release_takes_it_from_both_and_leaves_what_its_author_kept(
    scene: tuple[World, str], file: Path
) -> None:
    world, docket = scene
    ref = record(world, docket, file)
    released = world.say("TUR", NOW, "commitments", "release-evidence", ref)
    world.exchange(1)
    world.say("TUR", NOW, "commitments", "destroy", "--answers", released, "--rule", "retention, 2 years")
    world.exchange(1)
    for party in world.parties:
        assert world.ok(party, "check")["sound"]
        told = refused(world, 1, "commitments", "save-evidence", ref, "-o", world.folder / "out", party=party)
        assert released in told
        assert world.ok(party, "commitments", "ask", "evidence", docket)[0]["is"] == "destroyed"
        for path in world.node(party).rglob("*"):
            assert not path.is_file() or path in kept(world) or SECRET not in path.read_bytes(), path
    assert len(kept(world)) == 1


def test_discarding_what_was_kept_is_remembered_and_missed_by_nobody(
    scene: tuple[World, str], file: Path
) -> None:
    world, docket = scene
    ref = record(world, docket, file)
    discard = ("--now", NOW, "commitments", "discard-evidence", ref)
    assert "--rule" in world.fails("TUR", 2, *discard)
    assert ref in world.call("TUR", *discard, "--rule", "retention, 2 years").out
    assert world.ok("TUR", *discard, "--rule", "retention, 2 years") == {"evidence": ref, "discarded": True}
    assert [path.suffix for path in kept(world)] == [".discarded"]
    assert world.ok("TUR", "check")["sound"]
    for command in ("release-evidence", "disclose"):
        more = ("-o", world.folder / "out") if command == "disclose" else ()
        assert "discarded" in refused(world, 1, "commitments", command, ref, *more)
    mark = kept(world)[0]
    mark.write_bytes(mark.read_bytes().replace(b"2 years", b"9 years"))
    assert world.call("TUR", "check").code == 1


# ------------------------------------------------------------------------------------------- other tongues


@pytest.mark.parametrize("language", ["tr", "ar"])
def test_every_refusal_is_told_in_other_languages(
    scene: tuple[World, str], file: Path, language: str
) -> None:
    world, docket = scene
    ref = record(world, docket, file)
    empty = world.folder / "empty"
    empty.write_bytes(b"")
    english = set()
    for arguments in (
        ("record-evidence", empty, "--docket", docket, "--title", "en=M"),
        ("save-evidence", ref, "-o", world.folder / "out"),
        ("release-evidence", docket),
    ):
        said = [refused(world, 1, "--language", tag, "commitments", *arguments) for tag in ("en", language)]
        assert said[0] != said[1]
        english.add(said[1])
    assert len(english) == 3
