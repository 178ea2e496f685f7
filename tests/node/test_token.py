"""Keys on a hardware token, held by SoftHSM 2: the PIN each time, and one of our errors for whatever goes wrong."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core.errors import Malformed, Refused, Unavailable
from comity.core.keys import ED25519, key_id, verify
from comity.node.keystore import KeyStore
from comity.node.token import Place, TokenSigner, enrol, enrolled, public_on

PLACES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")
MODULE = next((place for place in PLACES if Path(place).exists()), PLACES[0])
PIN = "482913"


@pytest.fixture(scope="module")
def softhsm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A token "officer" with an Ed25519 key "co-chair", two of one name, and one on another curve."""
    assert Path(MODULE).exists(), (
        "SoftHSM 2 is not installed: apt-get install softhsm2 (Debian), then run again"
    )
    import pkcs11

    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    conf = folder / "softhsm2.conf"
    conf.write_text(
        f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n"
    )
    with mock.patch.dict(os.environ, {"SOFTHSM2_CONF": str(conf)}):
        init = [
            "softhsm2-util",
            "--init-token",
            "--free",
            "--label",
            "officer",
            "--so-pin",
            "00000000",
            "--pin",
            PIN,
        ]
        subprocess.run(init, check=True, capture_output=True)
        library = pkcs11.lib(MODULE)
        library.reinitialize()
        ed25519, p256 = b"\x13\x0cedwards25519", bytes.fromhex("06082a8648ce3d030107")
        with library.get_token(token_label="officer").open(rw=True, user_pin=PIN) as session:
            for label in ("co-chair", "twice", "twice"):
                kind, how = pkcs11.KeyType.EC_EDWARDS, pkcs11.Mechanism.EC_EDWARDS_KEY_PAIR_GEN
                params = session.create_domain_parameters(
                    kind, {pkcs11.Attribute.EC_PARAMS: ed25519}, local=True
                )
                params.generate_keypair(mechanism=how, store=True, label=label)
            params = session.create_domain_parameters(
                pkcs11.KeyType.EC, {pkcs11.Attribute.EC_PARAMS: p256}, local=True
            )
            params.generate_keypair(store=True, label="another curve")
        yield MODULE
        library.finalize()


def test_a_token_signs_what_anybody_verifies(softhsm: str) -> None:
    public = public_on(softhsm, "officer", "co-chair")
    assert public == public_on(softhsm, "officer", "co-chair", PIN)
    signer = TokenSigner(Place(public, "co-chair", softhsm, "officer"), PIN)
    for message in (b"", b"message", bytes(100_000)):
        assert verify(public, message, signer.sign(message))
    assert PIN not in repr(signer)


def test_a_key_store_finds_a_key_on_its_token_and_asks_for_the_pin_each_time(
    softhsm: str, tmp_path: Path
) -> None:
    """What lies in the folder says where it is, and no PIN."""
    public = public_on(softhsm, "officer", "co-chair")
    store = KeyStore(tmp_path / "keys")
    assert not store.has(public)
    store.enrol(Place(public, "co-chair", softhsm, "officer"))
    again = KeyStore(tmp_path / "keys")
    assert again.has(public)
    assert again.asks(public) == "pin"
    assert verify(public, b"x", again.signer(public, PIN).sign(b"x"))
    with pytest.raises(Refused, match="passphrase_needed"):
        again.signer(public)
    raw = (tmp_path / "tokens.json").read_bytes()
    assert PIN.encode() not in raw
    assert json.loads(raw)["keys"][0]["token"] == "officer"
    other = again.make(ED25519).public
    assert (again.asks(other), again.signer(other).public) == ("", other)


def test_a_wrong_pin_is_refused_and_the_right_one_works_after_it(softhsm: str) -> None:
    place = Place(public_on(softhsm, "officer", "co-chair"), "co-chair", softhsm, "officer")
    for wrong in ("000000", "1", "x" * 300):
        with pytest.raises(Refused, match="passphrase_wrong"):
            TokenSigner(place, wrong).sign(b"x")
    assert TokenSigner(place, PIN).sign(b"x")


@pytest.mark.parametrize(
    ("token", "label", "why"),
    [
        ("nobody's", "co-chair", "not in any slot"),
        ("officer", "nothing", "no Ed25519 key"),
        ("officer", "twice", "several keys"),
        ("officer", "another curve", "no Ed25519 key"),
    ],
)
def test_what_is_not_on_the_token_is_named(softhsm: str, token: str, label: str, why: str) -> None:
    with pytest.raises(Unavailable, match=why):
        public_on(softhsm, token, label, PIN)


def test_a_token_that_holds_another_key_under_the_label_signs_nothing_of_ours(
    softhsm: str, tmp_path: Path
) -> None:
    other = KeyStore(tmp_path).make(ED25519).public
    with pytest.raises(Unavailable, match="another key"):
        TokenSigner(Place(other, "co-chair", softhsm, "officer"), PIN).sign(b"x")


def test_a_module_that_is_not_there_or_is_none_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="not there"):
        public_on(str(tmp_path / "nothing.so"), "officer", "co-chair")
    (tmp_path / "none.so").write_bytes(b"not a library")
    with pytest.raises(Unavailable, match="cannot be used"):
        public_on(str(tmp_path / "none.so"), "officer", "co-chair")
    with mock.patch.dict("sys.modules", {"pkcs11": None}), pytest.raises(Unavailable, match="install"):
        public_on(MODULE, "officer", "co-chair")


def test_places_are_written_whole_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "tokens.json"
    keys = [KeyStore(tmp_path / "keys").make(ED25519).public for _ in range(3)]
    places = {key: Place(key, f"label {key_id(key)}", MODULE, "officer") for key in keys}
    for place in places.values():
        enrol(path, place)
    assert enrolled(path) == places
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o622)
    with pytest.raises(Unavailable, match="0600"):
        enrolled(path)


@pytest.mark.parametrize(
    "raw",
    [b"", b"[]", b'{"keys":[],"v":2}', b'{"keys":[{}],"v":1}', b"[" * 100_000, b"\xff",
     b'{"keys":[{"key":"ed25519:x","label":"","module":"","token":""}],"v":1}'],
)  # fmt: skip
def test_a_file_that_is_none_is_malformed(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "tokens.json").write_bytes(raw)
    with pytest.raises(Malformed):
        enrolled(tmp_path / "tokens.json")


@given(raw=st.binary(max_size=60))
def test_no_bytes_raise_anything_but_malformed(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    folder = (
        tmp_path_factory.getbasetemp() / "some tokens"
    )  # a folder of its own: stores look beside their own
    folder.mkdir(exist_ok=True)
    (folder / "tokens.json").write_bytes(raw)
    with suppress(Malformed):
        enrolled(folder / "tokens.json")
