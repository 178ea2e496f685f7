"""How a call begins and ends: exit codes, languages, a quick start."""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
from pathlib import Path

import click
import pytest
from tests.stories.scene import call

from comity.cli import errors
from comity.cli.main import COMMANDS, chapter_names, root, run
from comity.cli.session import Session
from comity.core.act import LANGUAGES
from comity.core.errors import Broken, ComityError, Malformed, Refused, Unavailable


def test_one_table_maps_every_error_to_its_exit_code() -> None:
    assert set(ComityError.__subclasses__()) <= set(errors.EXIT)
    codes = {
        Malformed("thing", "why"): 1,
        Refused("node_which"): 1,
        Broken("thing", "why"): 1,
        Unavailable("thing", "why"): 3,
        click.UsageError("x"): 2,
        FileNotFoundError(2, "No such file", "x"): 3,
    }
    for error, code in codes.items():
        assert errors.exit_code(error) == code


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "command", [[], ["init"], ["charter", "fill-office"], ["meetings", "convene"], ["pouch"]]
)
def test_help_is_in_the_chosen_language_and_ends_with_0(command: list[str], language: str) -> None:
    came = call("--language", language, *command, "--help")
    assert came.code == 0
    assert Session().words.of("cli", language)["option.help"] in came.out
    assert "command." not in came.out
    assert "option." not in came.out


def test_the_language_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMITY_LANGUAGE", "tr")
    assert "Kullanım" in call("--help").out
    monkeypatch.setenv("COMITY_LANGUAGE", "xx")
    assert "Usage" in call("--help").out


TYPED_WRONGLY = [
    "no-such-command",
    "status --no-such-option",
    "show",
    "show seventeen",
    "show TUR/01",
    "show tur/1",
    "--now yesterday status",
    "--now 2024-08-15T10:00:00 status",
    "--language de status",
    "meetings ask state TUR/1 --on 15.8.2024",
    "meetings ask no_such_question TUR/1",
    "prove -o x",
    "prove TUR/1 --fault IRQ -o x",
    "init --party TUR --name Türkiye",
    "log TUR --from -1",
    "log TUR --limit many",
    "serve --certificate x",
    "serve --port 99999",
    "serve --port localhost:8440",
    "serve --every often",
    "serve --port",
    "demo --once=3",
    "bench web --dir /no/such/folder",
    "paper make TUR/1 -o /",
    "status extra",
    "status extra arguments",
]


@pytest.mark.parametrize("typed", TYPED_WRONGLY)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_typed_wrongly_is_a_usage_error_that_says_how_to_go_on(
    typed: str, language: str, tmp_path: Path
) -> None:
    came = call("--node", tmp_path, "--language", language, *typed.split())
    assert came.code == 2
    assert came.out == ""
    assert "usage." not in came.err
    assert "--help" in came.err


@pytest.mark.parametrize("typed", [one for one in TYPED_WRONGLY if "--language" not in one])
@pytest.mark.parametrize("language", ["tr", "ar"])
def test_what_the_command_library_says_of_it_is_not_left_in_english(
    typed: str, language: str, tmp_path: Path
) -> None:
    english, told = (
        words(call("--node", tmp_path, "--language", tag, *typed.split()).err, typed)
        for tag in ("en", language)
    )
    assert english, "there was something to translate"
    assert english & told == set()


def words(said: str, typed: str) -> set[str]:
    """Without what was typed, what could have been, and commands."""
    said = re.sub(r"""'[^']*'|"[^"]*"|--?[a-z-]+|comity [a-z -]*|\b[A-Z]{2,}\b""", " ", said)
    return set(re.findall(r"[a-z]{3,}", said.lower())) - set(re.findall(r"[a-z]{3,}", typed.lower()))


def test_no_arguments_show_the_help() -> None:
    came = call()
    assert came.code == 2
    assert "Usage" in came.out


def test_without_a_node_one_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COMITY_NODE", raising=False)
    came = call("status")
    assert came.code == 1
    assert "--node" in came.err


def test_a_folder_without_a_node_is_unavailable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMITY_NODE", str(tmp_path))
    came = call("status")
    assert came.code == 3
    assert str(tmp_path) in came.err
    assert "comity init" in came.err


def test_an_error_is_json_where_json_was_asked_for(tmp_path: Path) -> None:
    came = call("--node", tmp_path, "--json", "status")
    told = json.loads(came.err)
    assert told["error"] == "unavailable"
    assert told["message"]
    assert came.out == ""
    refused = json.loads(call("--json", "status").err)
    assert (refused["error"], refused["code"]) == ("refused", "node_which")


def test_common_options_may_stand_before_or_after_the_command(tmp_path: Path) -> None:
    assert call("--node", tmp_path, "status").err == call("status", "--node", tmp_path).err


def test_the_start_is_quick_and_imports_nothing_that_is_not_used() -> None:
    """`comity --help` under half a second of processor time: the machine is shared, and others make it wait."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "comity", "--help"], capture_output=True, check=True, env=env
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert b"verify" in done.stdout
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.5
    program = "import sys; from comity.cli.main import run; run(['--help']); print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True, env=env
    )
    loaded = set(done.stdout.splitlines()[-1].split())
    assert not loaded & {
        "rich",
        "uvicorn",
        "icalendar",
        "yaml",
        "babel",
        "cryptography",
        "comity.node",
        "comity.chapters",
    }


def test_every_chapter_has_its_command() -> None:
    context = click.Context(root(), obj=Session())
    assert root().list_commands(context) == [*COMMANDS, *chapter_names()]


def test_a_closed_pipe_is_no_error() -> None:
    command = f"{sys.executable} -m comity --help | head -n 1"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_terminal_that_cannot_write_a_letter_gets_no_traceback(language: str) -> None:
    env = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "COMITY_LANGUAGE": language}
    done = subprocess.run(
        [sys.executable, "-m", "comity", "status"], capture_output=True, env=env, check=False
    )
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr


def test_an_interrupt_ends_quietly(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("comity.cli.spoken.Group.main", interrupted)
    assert run(["status"]) == 1
