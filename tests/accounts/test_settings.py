"""Settings of accounts: safe where nothing is set, strict where something is."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.accounts import Provider, Settings, read_settings
from comity.core.errors import Malformed, Unavailable


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    """Argon2id at 64 MiB, 3 passes, 4 lanes; 30 idle minutes, 12 hours; locked after 10 failures."""
    found = read_settings(tmp_path)
    assert found == Settings()
    assert (found.argon_memory_kib, found.argon_iterations, found.argon_lanes) == (65536, 3, 4)
    assert (found.idle_minutes, found.absolute_hours, found.lock_after) == (30, 12, 10)


def test_a_file_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    """It may hold a provider's secret."""
    path = tmp_path / "accounts.json"
    path.write_text('{"rp_id":"node.example","origins":["https://node.example"]}')
    path.chmod(0o644)
    with pytest.raises(Unavailable, match="0600"):
        read_settings(tmp_path)
    path.chmod(0o600)
    assert read_settings(tmp_path).rp_id == "node.example"


@pytest.mark.parametrize("raw", [b"", b"[]", b'{"x":1}', b'{"idle_minutes":0}', b"\xff", b"[" * 100_000])
def test_what_is_no_settings_is_malformed(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "accounts.json"
    path.write_bytes(raw)
    path.chmod(0o600)
    with pytest.raises(Malformed):
        read_settings(tmp_path)


@given(st.binary(max_size=80))
def test_no_bytes_raise_anything_but_malformed(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "some settings" / "accounts.json"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(raw)
    path.chmod(0o600)
    with suppress(Malformed):
        read_settings(path.parent)


def test_a_provider_s_secret_is_not_shown() -> None:
    assert "hush" not in repr(Provider("ministry", "Ministry", "https://id.example", "comity", "hush"))
