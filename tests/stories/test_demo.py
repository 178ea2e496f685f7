"""The whole story, as `make demo` tells it: it ends by itself, and both nodes end with the same settled state."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
import urllib.request
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.stories.scene import call

from comity.accounts import Accounts

COMMITTEES = {"trade", "energy", "water", "transport", "education"}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any], str]:
    folder = tmp_path_factory.mktemp("demo")
    file, nodes = folder / "demo.json", folder / "nodes"
    done = subprocess.run(
        [sys.executable, "-m", "comity", "demo", "--json", str(file), "--dir", str(nodes)],
        capture_output=True, text=True, check=False, timeout=240, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return nodes, json.loads(file.read_text("utf-8")), done.stdout


def test_both_nodes_end_with_the_same_state_and_everything_settled(told: Any) -> None:
    _, came, _ = told
    tur, irq = came["nodes"]["TUR"], came["nodes"]["IRQ"]
    assert tur["state_digest"] == irq["state_digest"]
    assert tur["acts"] == irq["acts"] > 30
    assert tur["settled"] == irq["settled"] == len(came["milestones"])
    assert {standing for found in came["milestones"] for standing in found["standing"].values()} == {
        "settled"
    }


def test_the_story_has_all_that_it_promises(told: Any) -> None:
    _, came, _ = told
    whats = [found["what"] for found in came["milestones"]]
    assert whats.count("bracket_agreed") == 2
    assert whats.count("signed") == 2
    assert {"charter_accepted", "affirmed", "date_agreed", "item_agreed", "delegation_named", "revised", "adopted",
            "signed_by_all", "held", "minutes_approved", "decision_taken", "notified", "entry_fixed",
            "withdrawn_too_late"} <= set(whats)  # fmt: skip
    assert "withdrawn" not in whats


def test_the_steps_are_agreed_disputed_and_unanswered_on_both_nodes(told: Any) -> None:
    """One commitment each, one split in two, and a file that is known by its hash alone."""
    whats = [found["what"] for found in told[1]["milestones"]]
    assert whats.count("commitment_agreed") == 6
    assert {
        "status_agreed",
        "replaced",
        "evidence_recorded",
        "text_agreed",
        "report_agreed",
        "seat_filled",
    } <= set(whats)
    assert "evidence_released" not in whats
    for word in ("agreed. Iraq: done", "disputed, both views", "unanswered so far", "1 October 2024"):
        assert word in told[2], word


def test_the_signed_paper_is_verified_and_a_changed_one_refused(told: Any, tmp_path: Path) -> None:
    nodes = told[0]
    for name, code in (("memorandum-tur.pdf", 0), ("changed.pdf", 1)):
        done = subprocess.run(
            [sys.executable, "-m", "comity", "verify", str(nodes / name)],
            cwd=tmp_path, capture_output=True, text=True, check=False, env={"PATH": os.environ["PATH"]},
        )  # fmt: skip
        assert done.returncode == code, done.stderr
    assert (nodes / "memorandum-tur.pdf").read_bytes() == (nodes / "memorandum-irq.pdf").read_bytes()


def test_the_bodies_are_in_force_with_their_seats(told: Any) -> None:
    bodies = {body["body"]: body for body in told[1]["bodies"]}
    assert set(bodies) >= COMMITTEES | {
        "planning",
        "security-centre",
        "training-centre",
        "security-mechanism",
    }
    assert all(body["in_force"] for body in bodies.values())
    assert bodies["security-centre"]["seat"] == "Baghdad"
    assert bodies["training-centre"]["seat"] == "Bashika"
    assert bodies["security-mechanism"]["met"] == ["2024-08-15"]


def test_a_stranger_has_verified_and_can_again(told: Any, tmp_path: Path) -> None:
    nodes, came, _ = told
    assert came["verified"] is True
    assert came["verification"]["kind"] == "instrument.signed/1"
    done = subprocess.run(
        [sys.executable, "-m", "comity", "verify", str(nodes / "proof.json")],
        cwd=tmp_path, capture_output=True, text=True, check=True, env={"PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert came["verification"]["ref"] in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_each_step_is_one_line_with_its_reference_and_standing(told: Any) -> None:
    lines = [line for line in told[2].splitlines() if line.startswith("2024-")]
    assert len(lines) == told[1]["nodes"]["TUR"]["acts"]
    assert all("TUR/" in line or "IRQ/" in line for line in lines)
    assert all(line.endswith(("[received]", "[said]")) for line in lines)
    assert "\x1b" not in told[2]


def test_both_nodes_check_clean_and_nothing_of_them_lives_elsewhere(told: Any) -> None:
    nodes, _, _ = told
    for party in ("tur", "irq"):
        assert call("--node", nodes / party, "check").code == 0
        assert {path.name for path in (nodes / party).iterdir()} == {
            "node.json",
            "keys",
            "cards",
            "mechanisms",
            "accounts.db",
            "accounts.json",
        }
        assert (nodes / f"{party}.log").read_text("utf-8") == ""


def test_acts_are_of_august_to_november_2024(told: Any) -> None:
    nodes, _, _ = told
    for party in ("TUR", "IRQ"):
        acts = json.loads(call("--node", nodes / "tur", "--json", "log", party).out)
        assert all("2024-08-01" <= act["time"] < "2024-12-01" for act in acts)


@pytest.mark.parametrize("language", ["tr", "ar"])
def test_the_story_is_told_in_the_other_languages_too(language: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "comity", "--language", language, "demo", "--once"],
        capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for english in (
        "settled",
        "demo.",
        "standing.",
        "{",
        "received",
        "Türkiye:" if language == "ar" else "Iraq:",
    ):
        shown = done.stdout.replace("{+", "").replace("[-", "")
        assert english not in shown, english


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("x", "utf-8")
    came = call("demo", "--once", "--dir", tmp_path)
    assert came.code == 3
    assert str(tmp_path) in came.err
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_a_kept_folder_is_opened_again_with_both_nodes_pages_until_it_is_stopped(told: Any) -> None:
    """On a terminal both nodes serve pages side by side, whose printed accounts open them; Ctrl-C ends it."""
    nodes = told[0]
    again = subprocess.run(
        [sys.executable, "-m", "comity", "demo", "--dir", str(nodes)],
        capture_output=True, text=True, check=False, timeout=120, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert (again.returncode, again.stderr) == (0, "")
    mine, theirs = pty.openpty()
    # Ctrl-C as a terminal has it: whoever starts the tests in the background has told their children to ignore it.
    running = subprocess.Popen(
        [sys.executable, "-m", "comity", "demo", "--dir", str(nodes)],
        stdin=theirs,
        stdout=theirs,
        start_new_session=True,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    os.close(theirs)
    said = ""
    try:
        while "Ctrl-C" not in said:
            said += os.read(mine, 4096).decode("utf-8", "replace")
        for address in re.findall(r"http://[a-z0-9.]+:\d+", said):
            with urllib.request.urlopen(f"{address}/sign-in", timeout=120) as page:
                assert page.status == 200
        name, password = re.findall(r"name (\S+), password (\S+):", said)[0]
        step = Accounts(nodes / "tur", lambda: datetime.now(UTC)).sign_in(name, password, "127.0.0.1")
        assert step.session is not None
    finally:
        running.send_signal(signal.SIGINT)
        assert running.wait(120) == 0
        os.close(mine)
    assert len(re.findall(r"name \S+, password", said)) == 8
