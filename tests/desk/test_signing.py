"""Certificates and signatures on papers, for whoever asks: what is named and signed once, with whose keys, and what is not.

Seen to fail: with the key kept only after its certificate was named; with `once` left out of the transaction that says the
signature; with an officer's own passphrase passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat
from tests.accounts.house import house, refused, whats
from tests.papers.desk import LANGUAGES, Desk, certificate, document_key, officer
from tests.papers.meeting import furnished
from tests.worlds.world import key

from comity.accounts import Accounts
from comity.core.act import Ref
from comity.core.chains import unb64_any
from comity.core.errors import Broken, Malformed, Unavailable
from comity.core.keys import key_id
from comity.desk import signing
from comity.desk.signing import Brought, Held, certify, consented, prepared, sign, signed_in_record, subject
from comity.node.keystore import KeyStore
from comity.node.record import Record
from comity.node.repeating import once
from comity.papers import certificates
from comity.papers.verifying import verify_paper

pytestmark = pytest.mark.usefixtures("cheap")

OWN = "dağın ardında"


@pytest.fixture
def keys(tmp_path: Path) -> KeyStore:
    """Türkiye's folder: its root key, its minister's, and the one with which the minister signs papers."""
    found = KeyStore(tmp_path / "keys")
    for one in (key("TUR", "root"), officer("TUR minister"), document_key("TUR minister")):
        found.put(one)
    return found


@pytest.fixture
def accounts(tmp_path: Path) -> Iterator[Accounts]:
    made, _ = house(tmp_path)
    yield made
    made.close()


def brought(passphrase: str = "", other: bool = False) -> Brought:
    """A certificate in PEM from elsewhere, and its private key, or another."""
    private = ec.generate_private_key(ec.SECP256R1())
    der = certificates.make(private, "State TUR", "Minister", Desk.laid().clock())
    if other:
        private = ec.generate_private_key(ec.SECP256R1())
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"open sesame"))
    return Brought(der, pem, passphrase, ("c.der", "k.pem"))


# --------------------------------------------------------------------------------------- certificates


def test_a_certificate_that_is_made_here_names_the_office_and_its_key_is_kept(keys: KeyStore) -> None:
    desk = Desk.laid(ready=False)
    record = desk.nodes["TUR"]
    found = certify(record, keys, "minister", None, desk.clock())
    assert found.ref == Ref("TUR", record.store.size("TUR") - 1)
    assert subject(record, "minister")[1] in found.subject
    point = certificates.read(
        next(one for one in _ders(record) if certificates.fingerprint(one) == found.sha256)
    ).point
    assert found.key == key_id(keys.document(point).public)
    assert found.until.year > 2050


def test_what_was_asked_for_once_is_named_once(keys: KeyStore) -> None:
    desk = Desk.laid(ready=False)
    record, asked = desk.nodes["TUR"], once("deniz", "form 1", b"minister")
    first = certify(record, keys, "minister", None, desk.clock(), once=asked)
    assert certify(record, keys, "minister", None, desk.clock(), once=asked) == first
    assert len(_ders(record)) == 1
    with refused("once_for_another"):
        certify(record, keys, "minister", None, desk.clock(), once=once("deniz", "form 1", b"other"))


def test_a_certificate_can_be_brought_with_its_key(keys: KeyStore) -> None:
    desk = Desk.laid(ready=False)
    record, before = desk.nodes["TUR"], desk.sizes("TUR")
    for wrong, why in (
        (brought("open sesame", other=True), "is not the key"),
        (brought("open"), "not with this passphrase"),
        (brought(), "is under a passphrase"),
        (brought("open sesame")._replace(certificate=b"-----BEGIN nothing"), "not a certificate"),
    ):
        with pytest.raises(Malformed, match=why) as raised:
            certify(record, keys, "minister", wrong, desk.clock())
        assert raised.value.thing in wrong.called
    assert desk.sizes("TUR") == before
    given = brought("open sesame")
    found = certify(record, keys, "minister", given, desk.clock())
    assert found.sha256 == certificates.fingerprint(given.certificate)
    assert keys.has(signing.document_key(certificates.read(given.certificate).point))


@pytest.mark.parametrize("office", ["nobody", "root"])
def test_an_office_that_is_not_filled_gets_none(keys: KeyStore, office: str) -> None:
    desk = Desk.laid()
    with refused("office_not_held"):
        certify(desk.nodes["TUR"], keys, office, None, desk.clock())


def test_a_key_that_cannot_be_kept_is_not_named(keys: KeyStore) -> None:
    """Else the office would have a certificate with which nobody can sign."""
    desk = Desk.laid()
    before = desk.sizes("TUR")
    full = Unavailable("key file", "cannot be written")
    with mock.patch.object(keys, "put", side_effect=full), pytest.raises(Unavailable):
        certify(desk.nodes["TUR"], keys, "minister", None, desk.clock())
    assert desk.sizes("TUR") == before


# -------------------------------------------------------------------------------------------- signing


def test_an_instrument_is_signed_in_the_record_once(keys: KeyStore) -> None:
    desk = Desk.laid()
    record, asked = desk.nodes["TUR"], once("deniz", "form 2", b"sign")

    def press() -> object:
        return sign(record, keys, desk.docket, LANGUAGES, "minister", "Ankara", now=desk.clock(), once=asked)

    first = press()
    size = record.store.size("TUR")
    assert press() == first
    assert record.store.size("TUR") == size
    signed = sign(record, keys, desk.docket, LANGUAGES, "minister", "Ankara", now=desk.clock(), once=asked)
    assert signed.raw == desk.assembled("TUR")
    assert verify_paper(signed.raw).missing == ("IRQ",)
    assert not signed.consented
    assert signed_in_record(record, desk.docket)
    with refused("paper_signed_already"):
        sign(record, keys, desk.docket, LANGUAGES, "minister", "Ankara", now=desk.clock())


def test_others_who_speak_while_a_paper_is_set_are_no_clock_that_went_back(keys: KeyStore) -> None:
    desk = Desk.laid()
    before = desk.clock()
    desk.now += timedelta(hours=1)
    desk.fill("TUR", "envoy")
    found = sign(desk.nodes["TUR"], keys, desk.docket, LANGUAGES, "minister", "", now=before)
    assert found.ref is not None


def test_minutes_are_a_file_that_people_hand_on(keys: KeyStore) -> None:
    """The record knows nothing of it; whose file it is not, nobody signs."""
    room = furnished()
    record, before = room.nodes["TUR"], room.sizes("TUR")
    found = sign(record, keys, room.meeting, ("en",), "minister", "Ankara", now=room.now)
    assert (found.ref, found.consented, room.sizes("TUR")) == (None, True, before)
    assert not signed_in_record(record, room.meeting)
    assert [one.party for one in verify_paper(found.raw).signatures] == ["TUR"]
    other = KeyStore(keys._folder.parent / "other")
    other.put(document_key("IRQ minister"))
    both = sign(room.nodes["IRQ"], other, room.meeting, (), "minister", "Baghdad", found.raw, now=room.now)
    assert verify_paper(both.raw).missing == ()
    with refused("paper_signed_already"):
        sign(record, keys, room.meeting, (), "minister", "Ankara", both.raw, now=room.now)
    with pytest.raises(Malformed, match="not of"):
        sign(record, keys, room.report, (), "minister", "Ankara", found.raw, now=room.now)
    with pytest.raises((Malformed, Broken)):
        sign(record, keys, room.meeting, (), "minister", "Ankara", found.raw[:-300], now=room.now)


def test_what_cannot_be_signed_is_told_before_any_key_is_opened(keys: KeyStore) -> None:
    desk = Desk.laid()
    record, today = desk.nodes["TUR"], desk.clock().date()
    found = prepared(record, desk.docket, LANGUAGES, "minister", today)
    assert (found.docket, found.sort, found.in_record) == (desk.docket, "instrument", True)
    assert found.paper is not None
    assert found.certificate.der == certificate("TUR minister")
    assert not prepared(record, desk.docket, (), "minister", today, handed=True).in_record
    desk.fill("TUR", "envoy", "")
    with refused("certificate_missing"):
        prepared(record, desk.docket, LANGUAGES, "envoy", today)
    desk.certify("TUR", "envoy")
    with refused("powers_missing"):
        prepared(record, desk.docket, LANGUAGES, "envoy", today)
    with refused("office_not_held"):
        prepared(record, desk.docket, LANGUAGES, "nobody", today)
    with refused("paper_of_what"):
        prepared(record, Ref("TUR", 0), LANGUAGES, "minister", today)


def test_our_word_in_the_record_is_what_binds() -> None:
    room = furnished()
    assert consented(room.nodes["TUR"], room.meeting)
    assert consented(room.nodes["TUR"], room.docket)  # recorded as in force long ago
    assert not consented(Desk.laid().nodes["TUR"], Desk.laid().docket)


# ------------------------------------------------------------------------------------- officers' own keys


def test_a_document_key_may_lie_under_its_officers_own_passphrase(keys: KeyStore, accounts: Accounts) -> None:
    """It is asked for at each signature, a few times only; the trail says which key was opened, and never with what."""
    desk = Desk.laid(ready=False)
    record, deniz = desk.nodes["TUR"], accounts.person("deniz")
    with refused("passphrase_short"):
        certify(record, Held(accounts, deniz, keys, "", "short"), "minister", None, desk.clock())
    found = certify(record, Held(accounts, deniz, keys, "", OWN), "minister", None, desk.clock())
    again = KeyStore(keys._folder)

    def press(passphrase: str) -> object:
        held = Held(accounts, deniz, again, "", passphrase)
        return sign(record, held, desk.docket, LANGUAGES, "minister", "Ankara", now=desk.clock())

    with refused("passphrase_needed"):
        press("")
    with refused("passphrase_wrong"):
        press("another one")
    assert press(OWN)
    assert whats(accounts)[-1] == "audit.key_opened"
    assert accounts.audit(0, 1000)[-1].facts == {"key": found.key}
    for _ in range(5):
        with refused("passphrase_wrong"):
            press("another one")
    with refused("sign_in_often"):
        press(OWN)


def _ders(record: Record) -> list[bytes]:
    with record.reading():
        half = record.folds.half("TUR", record.ready)
    return [unb64_any(one.der, "certificate") for one in half.certificates]
