"""Officers' own keys: tried a few times only, each time written down, and never with what."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import pytest
from tests.accounts.house import Clock, refused, whats

from comity.accounts import Accounts
from comity.core.errors import Refused, Unavailable
from comity.core.keys import ED25519, key_id, verify
from comity.node.keystore import KeyStore
from comity.node.token import Place, TokenSigner

pytestmark = pytest.mark.usefixtures("cheap")

OWN = "dağın ardında"
ADDRESS = "10.0.0.7"


@pytest.fixture
def keys(tmp_path: Path) -> KeyStore:
    return KeyStore(tmp_path / "keys")


def test_a_key_that_asks_for_nothing_is_opened_as_ever(accounts: Accounts, keys: KeyStore) -> None:
    public = keys.make(ED25519).public
    assert verify(public, b"x", accounts.signer("deniz", keys, public).sign(b"x"))
    assert "audit.key_opened" not in whats(accounts)


def test_an_officer_opens_their_key_and_the_trail_says_which(
    accounts: Accounts, keys: KeyStore, tmp_path: Path
) -> None:
    public = keys.make(ED25519, passphrase=OWN).public
    with refused("passphrase_needed"):
        accounts.signer("deniz", keys, public)
    for _ in range(20):
        assert verify(public, b"x", accounts.signer("deniz", keys, public, OWN, ADDRESS).sign(b"x"))
    row = accounts.audit(0, 100)[-1]
    assert (row.what, row.person, row.facts) == ("audit.key_opened", "deniz", {"key": key_id(public)})
    assert (
        OWN.encode()
        not in (tmp_path / "accounts.db").read_bytes() + (tmp_path / "accounts.db-wal").read_bytes()
    )


def test_wrong_passphrases_are_few(accounts: Accounts, keys: KeyStore, clock: Clock) -> None:
    public = keys.make(ED25519, passphrase=OWN).public
    for _ in range(5):
        with refused("passphrase_wrong"):
            accounts.signer("deniz", keys, public, "another one", ADDRESS)
    with refused("sign_in_often"):
        accounts.signer("deniz", keys, public, OWN, ADDRESS)
    assert whats(accounts).count("audit.passphrase_wrong") == 5
    clock.passes(minutes=1)
    assert accounts.signer("deniz", keys, public, OWN, ADDRESS).public == public


def test_a_token_s_pin_is_tried_when_it_signs_and_as_seldom(accounts: Accounts, keys: KeyStore) -> None:
    """A token counts wrong PINs itself, too."""
    public = keys.make(ED25519).public
    keys.enrol(Place(public, "co-chair", "/nowhere.so", "officer"))
    signer = accounts.signer("deniz", keys, public, "482913", ADDRESS)
    with mock.patch.object(TokenSigner, "sign", return_value=b"signed"):
        assert signer.sign(b"x") == b"signed"
    with mock.patch.object(TokenSigner, "sign", side_effect=Refused("passphrase_wrong")):
        for _ in range(5):
            with refused("passphrase_wrong"):
                signer.sign(b"x")
        with refused("sign_in_often"):
            signer.sign(b"x")
    assert whats(accounts).count("audit.key_opened") == 1


def test_a_token_that_is_not_there_is_no_wrong_pin(accounts: Accounts, keys: KeyStore) -> None:
    public = keys.make(ED25519).public
    keys.enrol(Place(public, "co-chair", "/nowhere.so", "officer"))
    with pytest.raises(Unavailable):
        accounts.signer("deniz", keys, public, "482913").sign(b"x")
    assert "audit.passphrase_wrong" not in whats(accounts)


def test_a_ring_opens_with_what_its_person_typed(accounts: Accounts, keys: KeyStore) -> None:
    """It is what the pages and the API give to whoever takes keys."""
    own, plain = keys.make(ED25519, passphrase=OWN).public, keys.make(ED25519).public
    ring = accounts.ring("deniz", keys, OWN, ADDRESS)
    assert [ring.signer(key).public for key in (own, plain)] == [own, plain]
    assert [ring.asks(key) for key in (own, plain)] == ["passphrase", ""]
    with refused("passphrase_wrong"):
        accounts.ring("deniz", keys, "another one").signer(own)
    with refused("passphrase_needed"):
        accounts.ring("deniz", keys).signer(own)
    assert keys.has(ring.make(ED25519).public)
