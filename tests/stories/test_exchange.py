"""Two `comity serve` processes and `comity sync`: what each says arrives, and who cannot be reached is named."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.stories.scene import World

from comity.demo.stage import free_ports

NOW = "2024-08-02T09:00:00Z"


class Linked(World):
    """A world whose parties' cards carry addresses on the loopback."""

    def __init__(self, folder: Path, scheme: str = "http", tls: tuple[object, ...] = ()) -> None:
        super().__init__(folder)
        self.ports = dict(zip(self.parties, free_ports(2), strict=True))
        self._scheme, self._tls = scheme, tls

    def cards(self) -> list[Path]:
        for party in self.parties:
            self.ok(party, "init", "--party", party, "--name", f"en=State {party}", "--classic-keys")
            address = f"{self._scheme}://127.0.0.1:{self.ports[party]}"
            made = self.ok(
                party, "card", "make", "-o", self.folder / f"{party}.card", "--address", address, *self._tls
            )
            self.prints[party] = made["fingerprint"]
        return [self.folder / f"{party}.card" for party in self.parties]

    @contextmanager
    def serving(self, party: str, *more: object) -> Iterator[subprocess.Popen[str]]:
        arguments = ["--json", "serve", "--port", str(self.ports[party]), "--every", "0", *map(str, more)]
        process = subprocess.Popen(
            [sys.executable, "-m", "comity", "--node", str(self.node(party)), *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            assert process.stdout is not None
            told = process.stdout.readline()
            assert told, process.stderr.read() if process.stderr else ""
            assert json.loads(told)["party"] == party
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=120)
            assert process.returncode == 0, err
            assert "Traceback" not in out + err


def test_what_each_says_arrives_and_is_reported(tmp_path: Path) -> None:
    world = Linked(tmp_path).found()
    docket = world.say("TUR", NOW, "instruments", "propose", *world.memorandum())
    with world.serving("IRQ"):
        first = world.ok("TUR", "sync")[0]
        assert (first["party"], first["said"], first["held_by_them"]) == ("IRQ", 3, 3)
        assert first["given"]["TUR"] == 1
        again = world.ok("TUR", "sync", "IRQ")[0]
        assert (again["said"], again["held_by_them"]) == (3, 3)
        assert sum(again["received"].values()) == 0
        accepted = world.say("IRQ", NOW, "instruments", "accept", "--answers", docket)
        assert world.ok("TUR", "sync")[0]["received"]["IRQ"] == 1
        assert world.ok("TUR", "show", accepted)["party"] == "IRQ"
    assert "said 3, held by them 3" in world.call("TUR", "status").out or world.ok("TUR", "status")


@pytest.mark.parametrize("language", ["en", "tr", "ar"])
def test_who_cannot_be_reached_is_named_with_exit_3_and_nothing_is_lost(
    tmp_path: Path, language: str
) -> None:
    world = Linked(tmp_path).found()
    said = world.fails("TUR", 3, "--language", language, "sync")
    assert str(world.ports["IRQ"]) in said
    told = world.call("TUR", "--json", "sync")
    assert told.code == 3
    assert json.loads(told.out)[0]["error"] == "unavailable"
    assert world.ok("TUR", "check")["sound"]


def test_a_party_without_an_address_is_named(tmp_path: Path) -> None:
    world = World(tmp_path).found()
    said = world.fails("TUR", 1, "sync")
    assert "comity charter move" in said
    world.say("IRQ", NOW, "charter", "move", "--address", "http://127.0.0.1:9")
    world.exchange(1)
    assert "127.0.0.1:9" in world.fails("TUR", 3, "sync", "IRQ")


def test_a_server_fetches_by_itself_every_few_seconds(tmp_path: Path) -> None:
    world = Linked(tmp_path).found()
    with world.serving("IRQ"), world.serving("TUR", "--every", "0.2"):
        ref = world.say("IRQ", NOW, "instruments", "propose", *world.memorandum())
        until = time.monotonic() + 120
        while world.call("TUR", "show", ref).code and time.monotonic() < until:
            time.sleep(0.1)
        assert world.ok("TUR", "show", ref)["standing"] == "received"


def test_two_servers_do_not_share_a_port(tmp_path: Path) -> None:
    world = Linked(tmp_path).found()
    with world.serving("IRQ"):
        came = world.call("TUR", "serve", "--port", world.ports["IRQ"], "--every", "0")
    assert came.code == 3
    assert str(world.ports["IRQ"]) in came.err


def certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "node.example")])
    begun = datetime.now(UTC) - timedelta(days=2)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(begun).not_valid_after(begun + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    plain = serialization.NoEncryption()
    cert, private = folder / "cert.pem", folder / "key.pem"
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )
    return cert, private


def test_over_tls_the_card_pins_the_certificate_even_an_expired_one(tmp_path: Path) -> None:
    """Law: no expired certificate bricks a network; the pin decides, not a clock."""
    cert, private = certificate(tmp_path)
    world = Linked(tmp_path, "https", ("--tls", cert)).found()
    with world.serving("IRQ", "--certificate", cert, "--private-key", private):
        assert world.ok("TUR", "sync")[0]["held_by_them"] == 2
    other = tmp_path / "other"
    other.mkdir()
    false_cert, false_key = certificate(other)
    with world.serving("IRQ", "--certificate", false_cert, "--private-key", false_key):
        said = world.fails("TUR", 1, "sync")
    assert "certificate" in said


def test_what_is_no_certificate_cannot_be_pinned(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.ok("TUR", "init", "--party", "TUR", "--name", "en=T", "--classic-keys")
    (tmp_path / "no.pem").write_text("hello", "utf-8")
    said = world.fails("TUR", 1, "card", "make", "-o", tmp_path / "card", "--tls", tmp_path / "no.pem")
    assert "no.pem" in said
    assert not (tmp_path / "card").exists()


def test_a_revoked_node_key_speaks_no_more_and_the_new_one_does(tmp_path: Path) -> None:
    world = Linked(tmp_path).found()
    keys = [
        key for key in world.ok("TUR", "key", "list") if key["use"] == "node" and key["type"] == "ed25519"
    ]
    with world.serving("IRQ"):
        world.say("TUR", NOW, "charter", "add-key", "--use", "node", "--new-key")
        world.ok("TUR", "sync")
        world.say("TUR", NOW, "charter", "revoke-key", "--key", keys[0]["id"])
        assert world.ok("TUR", "sync")[0]["held_by_them"] == 4
        world.say("TUR", NOW, "charter", "fill-office", "--office", "one", "--titles", "en=One")
        assert world.ok("TUR", "sync")[0]["held_by_them"] == 5
    assert world.ok("IRQ", "check")["sound"]
    assert world.ok("TUR", "check")["sound"]
