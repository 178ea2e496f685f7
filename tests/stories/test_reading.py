"""Reading a mechanism: every reading command, in three languages, in a pipe and on a terminal, as text and as JSON."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from tests.stories.scene import World, call

from comity.core.act import LANGUAGES
from comity.demo import story

READING = [
    ["status"],
    ["status", "--on", "2026-06-01"],
    ["list", "charter"],
    ["list", "instruments"],
    ["list", "meetings", "--after", "TUR/4", "--limit", "1"],
    ["show", "TUR/0"],
    ["show", "TUR/4"],
    ["show", "TUR/9"],
    ["show", "TUR/6"],
    ["show", "TUR/9", "--act"],
    ["log", "TUR"],
    ["log", "IRQ", "--from", "3", "--limit", "2"],
    ["check"],
    ["key", "list"],
    ["instruments", "ask", "in_force", "TUR/9"],
    ["instruments", "ask", "next_dates", "TUR/9", "--on", "2024-10-01"],
    ["instruments", "redline", "TUR/9", "IRQ/8"],
    ["instruments", "aligned", "TUR/9"],
    ["instruments", "markdown", "TUR/9"],
    ["meetings", "ask", "decisions", "TUR/4"],
    ["meetings", "silent", "--on", "2026-06-01"],
    ["meetings", "silent", "--all"],
    ["list", "commitments"],
    ["list", "statements"],
    ["statements", "sources-of", "TUR/9"],
]


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("told") / "nodes"
    assert story.run("en", once=True, file=None, folder=folder) == 0
    return folder / "tur"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_every_reading_command_reads_in_every_language(node: Path, command: list[str], language: str) -> None:
    came = call("--node", node, "--language", language, *command)
    assert came.code == 0, came
    assert came.err == ""
    assert came.out.strip()
    assert "\x1b" not in came.out
    for key in ("label.", "standing.", "milestone.", "kind.", "status.", "question.", "help.", "value."):
        assert f" {key}" not in came.out, key


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_everything_that_reads_gives_json_and_the_same_in_every_language(
    node: Path, command: list[str]
) -> None:
    told = [call("--node", node, "--language", language, "--json", *command) for language in LANGUAGES]
    assert all(came.code == 0 for came in told)
    read = [json.loads(came.out) for came in told]
    if "redline" in command or "markdown" in command:  # these are asked for in a language
        return
    assert read[0] == read[1] == read[2]


@pytest.mark.parametrize(
    "command", [["status"], ["show", "TUR/4"], ["instruments", "redline", "TUR/9", "IRQ/8"]], ids=" ".join
)
def test_a_terminal_gets_colours_and_a_pipe_does_not(node: Path, command: list[str]) -> None:
    arguments = [sys.executable, "-m", "comity", "--node", str(node), *command]
    ours, theirs = pty.openpty()
    env = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "200"}
    env.pop("NO_COLOR", None)
    process = subprocess.Popen(arguments, stdout=theirs, stderr=theirs, env=env)
    os.close(theirs)
    drawn = b""
    while True:
        try:
            chunk = os.read(ours, 65536)
        except OSError:
            break
        if not chunk:
            break
        drawn += chunk
    os.close(ours)
    assert process.wait(120) == 0
    piped = subprocess.run(arguments, capture_output=True, check=True, env=env).stdout
    assert b"\x1b[" in drawn
    assert b"\x1b[" not in piped


def test_show_says_who_said_it_when_in_which_office_and_how_settled_it_is(node: Path) -> None:
    out = call("--node", node, "show", "IRQ/14").out
    for said in ("IRQ (Iraq)", "signed", "2024-08-15 13:00 UTC", "defence", "TUR/9", "received"):
        assert said in out


def test_a_docket_shows_the_conversation_party_by_party(node: Path) -> None:
    lines = call("--node", node, "show", "TUR/4").out.splitlines()
    header = next(line for line in lines if "Iraq" in line and "Türkiye" in line)
    counter = next(line for line in lines if "IRQ/4" in line)
    accepted = next(line for line in lines if "TUR/5" in line)
    assert counter.index("IRQ/4") == header.index("Iraq")
    assert accepted.index("TUR/5") == header.index("Türkiye")
    assert "→ IRQ/4" in accepted


def test_the_withdrawal_that_crossed_is_shown_without_effect(node: Path) -> None:
    dockets = json.loads(call("--node", node, "--json", "list", "meetings").out)
    crossed = [
        docket["docket"]
        for docket in dockets
        if any(found["what"] == "withdrawn_too_late" for found in docket["milestones"])
    ]
    assert len(crossed) == 1
    assert "has no effect" in call("--node", node, "show", crossed[0]).out


def test_a_log_that_goes_on_says_so(node: Path) -> None:
    out = call("--node", node, "log", "TUR", "--limit", "3").out
    assert "--from 3" in out


def test_the_calendar_and_akoma_ntoso_are_written_to_files(node: Path, tmp_path: Path) -> None:
    assert call("--node", node, "meetings", "ical", "TUR/4", "-o", tmp_path / "m.ics").code == 0
    assert (tmp_path / "m.ics").read_bytes().startswith(b"BEGIN:VCALENDAR")
    assert (
        call("--node", node, "instruments", "akn", "TUR/9", "--in", "tr", "-o", tmp_path / "t.xml").code == 0
    )
    assert b'date="2024-08-15"' in (tmp_path / "t.xml").read_bytes()


def test_markdown_goes_out_and_comes_in_again_as_the_same_text(node: Path, tmp_path: Path) -> None:
    files = [tmp_path / f"again.{tag}.md" for tag in LANGUAGES]
    for tag, file in zip(LANGUAGES, files, strict=True):
        assert call("--node", node, "instruments", "markdown", "TUR/3", "--in", tag, "-o", file).code == 0
    world = World(tmp_path / "other").found()
    ref = world.say("TUR", "2024-09-01T00:00:00Z", "instruments", "propose", *files)
    told = world.ok("TUR", "show", ref, "--act")["content"]["text"]
    first = json.loads(call("--node", node, "--json", "show", "TUR/3", "--act").out)["content"]["text"]
    assert told == first


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (["show", "TUR/99"], "TUR/99"),
        (["show", "XYZ/1"], "XYZ/1"),
        (["log", "XYZ"], "XYZ"),
        (["list", "gardens"], "gardens"),
        (["prove", "TUR/99", "-o", "x"], "TUR/99"),
        (["prove", "--fault", "IRQ", "-o", "x"], "IRQ"),
        (["instruments", "ask", "in_force", "TUR/5"], "TUR/5"),
        (["instruments", "ask", "in_force", "TUR/4"], "in_force"),
        (["instruments", "markdown", "TUR/4"], "TUR/4"),
        (["instruments", "markdown", "TUR/9", "--in", "nl"], "nl"),
        (["instruments", "redline", "TUR/9", "TUR/10"], "TUR/10"),
        (["meetings", "ical", "TUR/9"], "TUR/9"),
        (["--mechanism", "zzz", "status"], "zzz"),
        (["sync", "XYZ"], "XYZ"),
        (["instruments", "accept", "--docket", "TUR/99", "--office", "mfa"], "TUR/99"),
        (["instruments", "sign", "--docket", "TUR/9", "--sign-with", "nobody", "--signed-on", "2024-08-15",
          "--place", "Ankara", "--office", "mfa"], "nobody"),
        (["meetings", "accept-item", "--docket", "TUR/4", "--office", "mfa"], "100"),
        (["charter", "revoke-key", "--key", "ed25519:nonsense"], "comity key list"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_cannot_be_done_is_refused_in_the_chosen_language(
    node: Path, command: list[str], says: str, language: str
) -> None:
    came = call("--node", node, "--language", language, *command)
    assert came.code == 1, came
    assert says in came.err
    if language != "en":
        assert came.err != call("--node", node, *command).err
    assert "refused." not in came.err
