"""Keys in files: readable by their owner alone, sealed under a passphrase, and never used when something is wrong."""

from __future__ import annotations

import json
import os
import stat
import string
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from comity.core.errors import ComityError, Malformed, Refused, Unavailable
from comity.core.keys import DOCUMENT, ED25519, ML_DSA, SEALING, b64, key_id, verify
from comity.exchange.sealing import OVERHEAD, seal
from comity.node.keystore import DocumentKey, KeyStore, SealingKey, SigningKey

KINDS = (ED25519, ML_DSA, SEALING)
CHEAP = {"iterations": 1, "lanes": 1, "memory_kib": 64}


@pytest.fixture(autouse=True)
def cheap() -> Iterator[None]:
    """What makes a passphrase dear to guess would make these tests slow."""
    with mock.patch("comity.node.keystore.ARGON", CHEAP):
        yield


def only_file(folder: Path) -> Path:
    (path,) = folder.glob("*")
    return path


def use(store: KeyStore, public: str) -> SigningKey | SealingKey:
    return store.sealing(public) if public.startswith(SEALING) else store.signer(public)


def write(path: Path, fields: Any) -> None:
    path.write_bytes(fields if isinstance(fields, bytes) else json.dumps(fields).encode())
    path.chmod(0o600)


def test_the_cost_of_guessing_is_high_by_default() -> None:
    """RFC 9106 section 4, the second recommended choice: 64 MiB, 3 passes, 4 lanes."""
    mock.patch.stopall()
    import comity.node.keystore as module

    source = Path(module.__file__).read_text("utf-8")
    assert 'ARGON = {"iterations": 3, "lanes": 4, "memory_kib": 65536}' in source


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("passphrase", ["", "açıl susam açıl"])
def test_a_key_that_was_made_is_found_again(tmp_path: Path, kind: str, passphrase: str) -> None:
    """By another process, under its public name, in a file that only its owner can read."""
    made = KeyStore(tmp_path / "keys", passphrase).make(kind)
    path = only_file(tmp_path / "keys")
    assert path.name == f"{key_id(made.public)}.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    store = KeyStore(tmp_path / "keys", passphrase)
    assert store.has(made.public)
    found = use(store, made.public)
    assert found.secret() == made.secret()
    assert found.public == made.public
    if isinstance(found, SigningKey):
        assert verify(made.public, b"message", found.sign(b"message"))
    store.probe(path)


@pytest.mark.parametrize("kind", KINDS)
def test_the_file_is_private_from_its_first_moment(tmp_path: Path, kind: str) -> None:
    """Whatever the process's umask: no moment at which another could have opened it."""
    modes = []
    real = os.open

    def watched(path: Any, flags: int, mode: int = 0o777) -> int:
        descriptor = real(path, flags, mode)
        modes.append(stat.S_IMODE(os.fstat(descriptor).st_mode))
        return descriptor

    old = os.umask(0)
    try:
        with mock.patch("os.open", watched):
            KeyStore(tmp_path).make(kind)
    finally:
        os.umask(old)
    assert modes == [0o600]
    assert [path.suffix for path in tmp_path.iterdir()] == [".key"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o601])
def test_a_file_that_others_can_reach_is_not_used(tmp_path: Path, mode: int) -> None:
    public = KeyStore(tmp_path).make(ED25519).public
    only_file(tmp_path).chmod(mode)
    with pytest.raises(Unavailable, match="0600"):
        KeyStore(tmp_path).signer(public)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_sealed_shows_nothing_and_opens_with_its_passphrase_alone(tmp_path: Path, kind: str) -> None:
    made = KeyStore(tmp_path, "right").make(kind)
    raw = only_file(tmp_path).read_bytes()
    secret = made.secret()
    assert secret not in raw
    assert b64(secret).encode() not in raw
    assert "private" not in json.loads(raw)
    for wrong in ("", "wrong", "Right", "right ", "righ"):
        with pytest.raises(Unavailable, match="passphrase"):
            use(KeyStore(tmp_path, wrong), made.public)
    assert use(KeyStore(tmp_path, "right"), made.public).secret() == secret


def test_two_sealings_of_one_key_share_no_salt_and_no_nonce(tmp_path: Path) -> None:
    key = SigningKey.generate()
    kept = []
    for name in ("one", "two"):
        KeyStore(tmp_path / name, "same").put(key, sealed=True)
        kept.append(json.loads(only_file(tmp_path / name).read_bytes()))
    assert kept[0]["nonce"] != kept[1]["nonce"]
    assert kept[0]["kdf"]["salt"] != kept[1]["kdf"]["salt"]
    assert kept[0]["sealed"] != kept[1]["sealed"]


def changes(value: Any) -> Iterator[Any]:
    """Other values that a damaged or a hostile file could have in one place."""
    yield from (None, "", 0, -1, 2, 1 << 40, True, [], {}, "x", "é", 1.5)
    if isinstance(value, str) and value:
        letters = string.ascii_letters + string.digits
        for place in {0, len(value) // 2, len(value) - 1}:
            other = next(c for c in letters if c != value[place])
            yield value[:place] + other + value[place + 1 :]
        yield value[:-1]
        yield value + "A"
    if isinstance(value, int):
        yield value + 1


def tampered(fields: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, value in fields.items():
        yield f"without {name}", {k: v for k, v in fields.items() if k != name}
        for other in changes(value):
            if other != value or type(other) is not type(value):
                yield f"{name}={other!r}"[:60], fields | {name: other}
        if isinstance(value, dict):
            yield from ((f"{name}.{inner}", fields | {name: part}) for inner, part in tampered(value))
    yield "an extra field", fields | {"extra": 1}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("passphrase", ["", "right"])
def test_a_key_file_tampered_with_in_any_field_is_never_used(
    tmp_path: Path, kind: str, passphrase: str
) -> None:
    """One of the four errors, whatever the field; no private byte in it; and never another key than was asked for."""
    made = KeyStore(tmp_path, passphrase).make(kind)
    path = only_file(tmp_path)
    fields = json.loads(path.read_bytes())
    secrets = [made.secret(), b64(made.secret()).encode(), b64(made.secret())[:20].encode()]
    for name, other in tampered(fields):
        if "memory_kib" in name and other["kdf"].get("memory_kib") == CHEAP["memory_kib"] + 1:
            continue  # a different cost, and so a different key: covered by iterations, and the library rounds it
        write(path, other)
        if kind == SEALING and name.startswith("private="):
            with suppress(
                ComityError
            ):  # X25519 ignores five bits of its secret (RFC 7748): the same key, then
                assert isinstance(found := use(KeyStore(tmp_path), made.public), SealingKey)
                assert found.open(seal(b"x", made.public, b""), b"") == b"x"
            continue
        with pytest.raises(ComityError) as refused:
            use(KeyStore(tmp_path, passphrase), made.public)
        told = str(refused.value).encode()
        assert not any(secret in told for secret in secrets), name
    write(path, fields)
    assert use(KeyStore(tmp_path, passphrase), made.public).secret() == made.secret()


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"null", b"[]", b"\xff\xfe", b'{"key":"\xff"}', b"[" * 100_000, b'{"key":1e999}']
)
def test_a_file_that_is_no_key_is_malformed(tmp_path: Path, raw: bytes) -> None:
    public = KeyStore(tmp_path).make(ED25519).public
    write(only_file(tmp_path), raw)
    with pytest.raises(Malformed):
        KeyStore(tmp_path).signer(public)
    with pytest.raises(Malformed):
        KeyStore(tmp_path).probe(only_file(tmp_path))


def test_every_truncation_of_a_key_file_is_refused(tmp_path: Path) -> None:
    public = KeyStore(tmp_path).make(ED25519).public
    path = only_file(tmp_path)
    raw = path.read_bytes()
    for length in range(len(raw)):
        write(path, raw[:length])
        with pytest.raises(ComityError):
            KeyStore(tmp_path).signer(public)


def test_a_key_of_another_name_is_not_used(tmp_path: Path) -> None:
    """A file put in the place of another key's would make the node sign with what nobody expects."""
    one, two = (KeyStore(tmp_path / name).make(ED25519).public for name in ("one", "two"))
    target = only_file(tmp_path / "one")
    target.write_bytes(only_file(tmp_path / "two").read_bytes())
    with pytest.raises(Malformed, match="another key than its name says"):
        KeyStore(tmp_path / "one").signer(one)
    with pytest.raises(Malformed, match="another key than its name says"):
        KeyStore(tmp_path / "one").probe(target)
    assert KeyStore(tmp_path / "two").signer(two).public == two


def test_a_private_part_that_is_not_its_public_part_s_is_refused(tmp_path: Path) -> None:
    store = KeyStore(tmp_path)
    public = store.make(ED25519).public
    path = only_file(tmp_path)
    fields = json.loads(path.read_bytes())
    write(path, fields | {"private": b64(SigningKey.generate().secret())})
    with pytest.raises(Malformed, match="does not belong"):
        KeyStore(tmp_path).signer(public)


def test_a_key_that_is_elsewhere_says_so(tmp_path: Path) -> None:
    """A root key is kept offline: the error says to bring it."""
    with pytest.raises(Unavailable, match="offline"):
        KeyStore(tmp_path / "nothing").signer(SigningKey.generate().public)
    assert not KeyStore(tmp_path).has(SigningKey.generate().public)


def test_keys_are_used_for_what_they_are(tmp_path: Path) -> None:
    store = KeyStore(tmp_path)
    signing, sealing = store.make(ED25519).public, store.make(SEALING).public
    with pytest.raises(Unavailable, match="for signing, not for sealing"):
        store.sealing(signing)
    with pytest.raises(Unavailable, match="for sealing, not for signing"):
        store.signer(sealing)


def test_a_folder_that_cannot_be_written_to_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("a file")
    with pytest.raises(Unavailable, match="cannot be written"):
        KeyStore(tmp_path / "keys").make(ED25519)
    with pytest.raises(Unavailable, match="cannot be read"):
        KeyStore(tmp_path / "keys").signer(SigningKey.generate().public)
    with pytest.raises(Unavailable, match="cannot be read"):
        KeyStore(tmp_path).probe(tmp_path / "nothing.key")


def test_a_half_written_file_is_never_the_key_s(tmp_path: Path) -> None:
    """The disk runs full while a key is written: its place stays empty, and a second try succeeds."""
    store = KeyStore(tmp_path)
    with (
        mock.patch("os.fsync", side_effect=OSError(28, "No space left on device")),
        pytest.raises(Unavailable),
    ):
        store.make(ED25519)
    assert list(tmp_path.glob("*.key")) == []
    public = store.make(ED25519).public
    assert KeyStore(tmp_path).signer(public).public == public


def test_what_is_sealed_to_a_key_opens_with_it_and_its_info_alone(tmp_path: Path) -> None:
    store = KeyStore(tmp_path)
    mine = store.sealing(store.make(SEALING).public)
    other = SealingKey.generate()
    for plain in (b"", b"x", bytes(70_000)):
        sealed = seal(plain, mine.public, b"here")
        assert len(sealed) == len(plain) + OVERHEAD
        assert mine.open(sealed, b"here") == plain
        for key, box, info in (
            (other, sealed, b"here"),
            (mine, sealed, b"there"),
            (mine, sealed[:-1], b"here"),
            (mine, sealed + b"\0", b"here"),
            (mine, b"", b"here"),
            (mine, bytes([sealed[0] ^ 1]) + sealed[1:], b"here"),
            (mine, sealed[:-1] + bytes([sealed[-1] ^ 1]), b"here"),
        ):
            with pytest.raises(Malformed):
                key.open(box, info)
    assert seal(b"x", mine.public, b"") != seal(b"x", mine.public, b"")


@pytest.mark.parametrize(
    "key",
    ["", "x", f"{SEALING}:", f"{SEALING}:{b64(bytes(1215))}", SigningKey.generate().public],
    ids=["nothing", "a letter", "no key", "too short", "a signing key"],
)
def test_nothing_is_sealed_to_what_is_no_sealing_key(key: str) -> None:
    with pytest.raises(Malformed):
        seal(b"x", key, b"")


# ------------------------------------------------------------------------------------ keys that sign papers


def test_a_document_key_is_kept_like_the_others_and_signs_what_p256_verifies(tmp_path: Path) -> None:
    """Sealed under the passphrase or not; the public part is the point in the certificate."""
    for passphrase in ("", "open sesame"):
        folder = tmp_path / (passphrase or "plain")
        made = KeyStore(folder, passphrase).make(DOCUMENT)
        assert isinstance(made, DocumentKey)
        point = made.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        again = KeyStore(folder, passphrase).document(point)
        assert (again.public, again.secret()) == (made.public, made.secret())
        again.private.public_key().verify(again.sign(b"paper"), b"paper", ec.ECDSA(hashes.SHA256()))


def test_a_document_key_signs_nothing_in_the_record_and_no_other_key_a_paper(tmp_path: Path) -> None:
    """Each file says what its key is for."""
    store = KeyStore(tmp_path)
    document, signing = store.make(DOCUMENT), store.make(ED25519)
    with pytest.raises(Unavailable):
        store.signer(document.public)
    with pytest.raises(Unavailable):
        store.sealing(document.public)
    with pytest.raises(Unavailable):
        store.document(b"\4" + bytes(64))
    assert isinstance(signing, SigningKey)


def test_a_document_key_under_its_officers_own_passphrase_opens_with_it_alone(tmp_path: Path) -> None:
    """And is kept open by nobody: each paper asks again."""
    store = KeyStore(tmp_path, "the folder's")
    key = DocumentKey.generate()
    with pytest.raises(Refused, match="passphrase_short"):
        store.put(key, passphrase="short")
    assert not store.has(key.public)
    store.put(key, passphrase=OWN)
    point = key.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    for given, code in (("", "passphrase_needed"), ("the folder's", "passphrase_wrong")):
        with pytest.raises(Refused, match=code):
            store.document(point, given)
    assert store.document(point, OWN).secret() == key.secret()
    with pytest.raises(Refused, match="passphrase_needed"):
        store.document(point)


def test_a_document_key_whose_number_p256_does_not_allow_is_malformed(tmp_path: Path) -> None:
    """Nothing but `Malformed`, whatever the file holds."""
    for secret in (bytes(32), b"\xff" * 32):
        with pytest.raises(Malformed):
            DocumentKey.from_secret(DOCUMENT, secret)


# --------------------------------------------------------------------------- keys under an officer's own passphrase

OWN = "dağın ardında"


def test_a_key_under_its_officer_s_own_passphrase_opens_with_that_one_alone(tmp_path: Path) -> None:
    """Not with the folder's, and not for the next caller: whoever signs types it."""
    store = KeyStore(tmp_path, "the folder's")
    public = store.make(ED25519, passphrase=OWN).public
    assert store.asks(public) == "passphrase"
    for again in (store, KeyStore(tmp_path, "the folder's"), KeyStore(tmp_path, OWN)):
        assert verify(public, b"message", again.signer(public, OWN).sign(b"message"))
        assert verify(public, b"message", again.signer(public, "dag\u0306ın ardında").sign(b"message"))
        for wrong, code in (
            (None, "passphrase_needed"),
            ("", "passphrase_needed"),
            ("the folder's", "passphrase_wrong"),
            (OWN + " ", "passphrase_wrong"),
        ):
            with pytest.raises(Refused) as refused:
                again.signer(public, wrong)
            assert refused.value.code == code
    store.probe(only_file(tmp_path))


def test_a_key_is_sealed_anew_under_its_officer_s_own_passphrase(tmp_path: Path) -> None:
    """From the folder's, and from one own to the next; a store that had it open asks from then on."""
    for folder, passphrase in (("plain", ""), ("sealed", "the folder's")):
        running = KeyStore(tmp_path / folder, passphrase)
        public = running.make(ED25519).public
        assert running.signer(public).public == public
        assert running.asks(public) == ""
        KeyStore(tmp_path / folder, passphrase).reseal(public, "", OWN)
        with pytest.raises(Refused, match="passphrase_needed"):
            running.signer(public)
        with pytest.raises(Refused, match="passphrase_wrong"):
            running.reseal(public, "another one", "a third one")
        running.reseal(public, OWN, "a third one")
        with pytest.raises(Refused, match="passphrase_wrong"):
            running.signer(public, OWN)
        assert verify(public, b"x", running.signer(public, "a third one").sign(b"x"))
        raw = only_file(tmp_path / folder).read_bytes()
        assert b"private" not in raw


@pytest.mark.parametrize("short", ["", "seven77", "x" * 1025])
def test_an_officer_s_own_passphrase_is_not_short(tmp_path: Path, short: str) -> None:
    store = KeyStore(tmp_path)
    public = store.make(ED25519).public
    with pytest.raises(Refused, match="passphrase_short"):
        store.reseal(public, "", short)
    assert store.signer(public).public == public
    if short:
        with pytest.raises(Refused, match="passphrase_short"):
            store.make(ED25519, passphrase=short)


def test_a_file_whose_own_mark_was_changed_opens_with_nothing(tmp_path: Path) -> None:
    """Taking the mark away does not let the folder's passphrase have it, nor the other way round."""
    store = KeyStore(tmp_path, OWN)
    public = store.make(ED25519, passphrase=OWN).public
    path = only_file(tmp_path)
    fields = json.loads(path.read_bytes())
    write(path, {name: value for name, value in fields.items() if name != "own"})
    with pytest.raises(Unavailable, match="does not open"):
        KeyStore(tmp_path, OWN).signer(public)
    for name, other in tampered(fields):
        if "memory_kib" in name and other["kdf"].get("memory_kib") == CHEAP["memory_kib"] + 1:
            continue
        write(path, other)
        with pytest.raises(ComityError):
            KeyStore(tmp_path, "").signer(public, OWN)
    write(path, {"key": public, "v": 1, "private": fields["sealed"][:43], "own": True})
    with pytest.raises(Malformed):
        KeyStore(tmp_path).signer(public, OWN)


def test_a_passphrase_that_nobody_asked_for_is_not_looked_at(tmp_path: Path) -> None:
    public = KeyStore(tmp_path).make(ED25519).public
    assert KeyStore(tmp_path).signer(public, "anything").public == public


def test_a_folder_is_locked_while_keys_are_under_a_passphrase_that_was_not_given(tmp_path: Path) -> None:
    """An officer's own passphrase is asked for each time, and locks nothing else."""
    KeyStore(tmp_path).make("ed25519", passphrase="an officer's own")
    assert not KeyStore(tmp_path).locked()
    KeyStore(tmp_path, "long and secret").make("ed25519")
    assert KeyStore(tmp_path).locked()
    assert not KeyStore(tmp_path, "long and secret").locked()
