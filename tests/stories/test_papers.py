"""A memorandum on paper, from the command line: made, signed by both, checked by a stranger, changed, packed, in ink.

Seen to fail: with an incomplete paper verified as if it were whole, and with a scan taken for any other.
"""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from tests.stories.scene import World, call

from comity.papers import certificates

pytestmark = pytest.mark.usefixtures("cheap")

NOW = "2024-08-02T09:00:00Z"
LATER = "2024-08-16T09:00:00Z"


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A mechanism in which a memorandum was adopted, and each minister has a certificate."""
    made = World(tmp_path).found()
    docket = made.say("TUR", NOW, "instruments", "propose", *made.memorandum())
    assert docket == "TUR/2"
    made.exchange(1)
    for party in made.parties:
        made.say(party, NOW, "instruments", "accept", "--docket", docket)
        made.ok(party, "--now", NOW, "paper", "certify", "--office", "mfa")
    made.exchange()
    return made


def sign(world: World, party: str, *more: object) -> Path:
    file = world.folder / f"by-{party}.pdf"
    world.ok(party, "--now", LATER, "paper", "sign", "TUR/2", "--office", "mfa", "--in", "en", "--in", "ar",
             "--place", "Baghdad", "-o", file, *more)  # fmt: skip
    world.exchange(1)
    return file


def test_both_sign_and_a_stranger_sees_it_with_the_file_alone(world: World, tmp_path: Path) -> None:
    """And not before both have; the same file comes out of either record."""
    unsigned = tmp_path / "unsigned.pdf"
    world.ok("TUR", "paper", "make", "TUR/2", "--in", "en", "--in", "ar", "-o", unsigned)
    assert call("verify", unsigned).code == 1
    assert call("verify", unsigned, "--text-only").code == 0
    first = sign(world, "TUR")
    came = call("verify", first)
    assert came.code == 1
    assert "not signed by IRQ" in came.out
    file = sign(world, "IRQ")
    came = call("verify", file)
    assert came.code == 0, came
    assert "Verified: this is the text of TUR/2 that the parties accepted." in came.out
    told = json.loads(call("--json", "verify", file).out)
    assert [one["party"] for one in told["signatures"]] == ["TUR", "IRQ"]
    assert (told["missing"], told["verified"], told["ref"]) == ([], True, "TUR/2")
    for language in ("tr", "ar"):
        assert call("--language", language, "verify", file).code == 0
    for party in world.parties:
        again = tmp_path / f"again-{party}.pdf"
        world.ok(party, "paper", "assemble", "TUR/2", "--in", "en", "--in", "ar", "-o", again)
        assert again.read_bytes() == file.read_bytes()


def test_one_letter_changed_is_refused(world: World, tmp_path: Path) -> None:
    """Which byte it is is said, and that it is not the accepted text."""
    raw = bytearray(sign(world, "TUR").read_bytes())
    at = raw.index(b"/Title(") + 8
    raw[at] ^= 1
    changed = tmp_path / "changed.pdf"
    changed.write_bytes(raw)
    came = call("verify", changed)
    assert came.code == 1
    assert "is not the text that the parties accepted" in came.err
    changed.write_bytes(bytes(raw[:-400]))
    assert call("verify", changed).code == 1
    changed.write_bytes(b"%PDF-1.7\n%%EOF\n")
    assert "nothing is known of its text" in call("verify", changed).err


def test_a_signature_on_paper_is_not_consent_and_that_is_said(world: World) -> None:
    """What binds is said in the record; so the signer is told what remains to be done."""
    came = world.call("TUR", "--now", LATER, "paper", "sign", "TUR/2", "--office", "mfa")
    assert came.code == 0
    assert "comity instruments sign --docket TUR/2" in came.out
    assert "signed this paper" in world.fails(
        "TUR", 1, "--now", LATER, "paper", "sign", "TUR/2", "--office", "mfa"
    )
    world.say(
        "IRQ",
        LATER,
        "instruments",
        "sign",
        "--docket",
        "TUR/2",
        "--signed-on",
        "2024-08-15",
        "--place",
        "Baghdad",
    )
    assert "remains" not in world.call("IRQ", "--now", LATER, "paper", "sign", "TUR/2", "--office", "mfa").out


def test_a_paper_can_be_signed_as_a_file_that_people_hand_on(world: World, tmp_path: Path) -> None:
    """Outside the record, which then knows nothing of it."""
    at, files = tmp_path / "0.pdf", []
    world.ok("TUR", "paper", "make", "TUR/2", "-o", at)
    before = world.sizes()
    for party in world.parties:
        out = tmp_path / f"{party}.pdf"
        signing = ("--now", LATER, "paper", "sign", "TUR/2", "--office", "mfa", "--over", at)
        world.fails(party, 2, *signing)
        came = world.call(party, *signing, "-o", out)
        assert came.code == 0, came
        assert "Hand this file on" in came.out
        at = out
        files.append(out)
    assert world.sizes() == before
    assert call("verify", at).code == 0
    other = world.say(
        "TUR", NOW, "instruments", "propose", *world.memorandum("memorandum-draft1"), "--office", "mfa"
    )
    world.fails(
        "TUR", 1, "--now", LATER, "paper", "sign", other, "--office", "mfa", "--over", files[0], "-o", at
    )


def test_who_cannot_sign_is_told_why(world: World, tmp_path: Path) -> None:
    """No certificate, no full powers, no such office, nothing accepted yet."""
    signing = ("--now", LATER, "paper", "sign", "TUR/2")
    world.say("TUR", NOW, "charter", "fill-office", "--office", "envoy", "--titles", "en=Envoy", "--new-key")
    assert "comity paper certify --office envoy" in world.fails("TUR", 1, *signing, "--office", "envoy")
    world.ok("TUR", "--now", NOW, "paper", "certify", "--office", "envoy")
    assert "no full powers" in world.fails("TUR", 1, *signing, "--office", "envoy")
    world.fails("TUR", 1, *signing, "--office", "nobody")
    world.fails("TUR", 1, "--now", NOW, "paper", "certify", "--office", "nobody")
    texts = world.memorandum("memorandum-draft1")
    draft = world.say("TUR", NOW, "instruments", "propose", *texts, "--office", "mfa")
    out = tmp_path / "x.pdf"
    world.fails("TUR", 1, "paper", "make", draft, "-o", out)
    world.fails("TUR", 1, "paper", "make", "TUR/2", "--in", "fr", "-o", out)
    world.fails("TUR", 1, "paper", "make", "TUR/0", "-o", out)
    assert not out.exists()
    world.fails("TUR", 2, "paper", "make", "TUR/2", "-o", "-")


@pytest.mark.parametrize("sealed", [False, True])
def test_a_ministrys_own_certificate_can_be_brought(world: World, tmp_path: Path, sealed: bool) -> None:
    """In PEM with its key, perhaps under a passphrase; another key, or an RSA one, is refused."""
    private = ec.generate_private_key(ec.SECP256R1())
    der = certificates.make(private, "State TUR", "Minister", datetime(2024, 8, 1, tzinfo=UTC))
    cert, key, secret = tmp_path / "c.der", tmp_path / "k.pem", tmp_path / "secret"
    cert.write_bytes(der)
    secret.write_text("open sesame\n")
    how = BestAvailableEncryption(b"open sesame") if sealed else NoEncryption()
    key.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how))
    given = ["--certificate", cert, "--private-key", key]
    given += ["--key-passphrase-file", secret] if sealed else []
    told = world.ok("TUR", "--now", NOW, "paper", "certify", "--office", "mfa", *given)
    assert told["sha256"] == certificates.fingerprint(der)
    assert call("verify", sign(world, "TUR"), "--text-only").code == 0
    other = ec.generate_private_key(ec.SECP256R1())
    key.write_bytes(other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    assert "is not the key" in world.fails("TUR", 1, "paper", "certify", "--office", "mfa", *given[:4])
    world.fails("TUR", 2, "paper", "certify", "--office", "mfa", *given[:2])


def test_an_original_in_ink_joins_the_docket_by_the_hash_of_its_scan(world: World, tmp_path: Path) -> None:
    """And can be told from any other scan."""
    scan, other = tmp_path / "scan.pdf", tmp_path / "other.pdf"
    scan.write_bytes(b"%PDF-1.4\nscanned")
    other.write_bytes(b"%PDF-1.4\nscanned otherwise")
    given = (
        "--docket",
        "TUR/2",
        "--pages",
        "12",
        "--signed-on",
        "2024-08-15",
        "--place",
        "Baghdad",
        "--kept-at",
        "en=State archive",
    )
    ref = world.say("TUR", LATER, "instruments", "record-original", scan, *given)
    assert world.ok("TUR", "show", ref)["content"]["size"] == scan.stat().st_size
    came = world.call("TUR", "verify", scan, "--against", "TUR/2")
    assert came.code == 0
    assert ref in came.out
    assert "State archive" in came.out
    assert world.ok("TUR", "verify", scan, "--against", "TUR/2")["acts"][0]["by"] == "TUR"
    assert "is none of the 1 originals" in world.fails("TUR", 1, "verify", other, "--against", "TUR/2")
    world.fails("TUR", 1, "verify", other, "--against", "TUR/0")
    before = world.sizes()
    record = ("TUR", 1, "--now", LATER, "instruments", "record-original")
    assert "already" in world.fails(*record, scan, *given) or "recorded this scan" in world.fails(
        *record, scan, *given
    )
    for bad, said in ((b"", "is empty"), (b"PK\3\4", "is not a scan")):
        other.write_bytes(bad)
        assert said in world.fails(*record, other, *given)
    world.fails("TUR", 3, *record[2:], tmp_path / "absent.pdf", *given)
    assert world.sizes() == before


def test_an_instrument_in_force_is_packed_for_a_register(world: World, tmp_path: Path) -> None:
    """Refused before; checked by a stranger; refused when one file in it was changed."""
    out = tmp_path / "pack.zip"
    assert "not in force" in world.fails("TUR", 1, "paper", "pack", "TUR/2", "--on", "2024-12-31", "-o", out)
    for party in world.parties:
        sign(world, party)
    for party in world.parties:
        world.say(
            party,
            LATER,
            "instruments",
            "sign",
            "--docket",
            "TUR/2",
            "--signed-on",
            "2024-08-15",
            "--place",
            "Baghdad",
        )
    world.exchange(1)
    for party in world.parties:
        world.say(party, LATER, "instruments", "notify", "--docket", "TUR/2")
    world.exchange()
    world.ok("IRQ", "paper", "pack", "TUR/2", "--on", "2024-12-31", "-o", out)
    came = call("verify", out)
    assert came.code == 0, came
    assert "in force on 2024-12-31" in came.out
    told = json.loads(call("--json", "verify", out).out)
    assert {"text-en.md", "text-tr.md", "text-ar.md", "paper.pdf", "statement.pdf"} <= set(told["files"])
    raw, made = out.read_bytes(), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(made, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            new.writestr(
                info, data.replace(b"2024-08-15", b"2024-08-14") if info.filename == "dates.json" else data
            )
    out.write_bytes(made.getvalue())
    came = call("verify", out)
    assert came.code == 1
    assert "dates.json: was changed" in came.err


def test_all_acts_of_a_matter_are_proved_at_once(world: World, tmp_path: Path) -> None:
    out = tmp_path / "docket.json"
    world.ok("IRQ", "prove", "--docket", "TUR/2", "-o", out)
    came = call("verify", out)
    assert came.code == 0
    assert "these acts of TUR/2 were said" in came.out
    told = json.loads(call("--json", "verify", out).out)
    assert {act["kind"] for act in told["acts"]} == {"instrument.proposed/1", "instrument.accepted/1"}
    world.fails("IRQ", 2, "prove", "TUR/2", "--docket", "TUR/2", "-o", out)
    world.fails("IRQ", 1, "prove", "--docket", "TUR/99", "-o", out)
