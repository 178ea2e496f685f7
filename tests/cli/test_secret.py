"""Secrets at the command line: typed or from a file, and asked for by the key that needs them."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

import pytest

from comity.cli.secret import Prompted, password, typed
from comity.cli.session import Session
from comity.core.errors import Malformed, Refused, Unavailable
from comity.core.keys import ED25519, verify
from comity.node.keystore import KeyStore

pytestmark = pytest.mark.usefixtures("cheap")


def session_with(keys: KeyStore) -> Session:
    session = Session()
    session.__dict__["node"] = SimpleNamespace(keys=keys, close=lambda: None)
    return session


def test_a_line_of_the_standard_input_is_one_secret() -> None:
    with mock.patch.object(sys, "stdin", io.StringIO("one\r\ntwo\n")):
        assert [typed(Session(), "ask.pin", key="x") for _ in range(3)] == ["one", "two", ""]


def test_a_file_s_first_line_is_a_password(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes("dağ başı\nmore".encode())
    assert password(Session(), tmp_path / "file") == "dağ başı"
    (tmp_path / "file").write_bytes(b"\xff")
    with pytest.raises(Malformed):
        password(Session(), tmp_path / "file")
    with pytest.raises(Unavailable):
        password(Session(), tmp_path / "nothing")


def test_a_key_that_asks_is_asked_for_and_no_other(tmp_path: Path) -> None:
    keys = KeyStore(tmp_path)
    plain, own = keys.make(ED25519).public, keys.make(ED25519, passphrase="dağın ardında").public
    ring = Prompted(session_with(keys))
    with mock.patch.object(sys, "stdin", io.StringIO("dağın ardında\nwrong\n")):
        assert verify(plain, b"x", ring.signer(plain).sign(b"x"))
        assert verify(own, b"x", ring.signer(own).sign(b"x"))
        with pytest.raises(Refused, match="passphrase_wrong"):
            ring.signer(own)
    assert keys.has(ring.make(ED25519).public)
