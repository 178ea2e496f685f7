"""A house with accounts: a clock that is set by hand, cheap hashes, three invented people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest

from comity.accounts import MACHINE, Accounts, Settings
from comity.core.errors import Refused

PASSWORD = "uzun bir yol gider"
MECHANISM = "3f2a" * 16
CHEAP = Settings(argon_iterations=1, argon_memory_kib=64, argon_lanes=1)


class Clock:
    """The time, which passes when it is told to."""

    def __init__(self) -> None:
        self.now = datetime(2024, 8, 15, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **time: Any) -> None:
        self.now += timedelta(**time)


def settings(**other: Any) -> Settings:
    """Cheap hashes, and what else is asked for."""
    import msgspec

    return msgspec.structs.replace(CHEAP, **other)


def house(folder: Path, **other: Any) -> tuple[Accounts, Clock]:
    """Accounts with an administrator (ayla), an officer (deniz) who is the secretariat, and one with nothing (murat)."""
    clock = Clock()
    accounts = Accounts(folder, clock, settings(**other))
    accounts.add(MACHINE, "ayla", "Ayla Demir", "tr", PASSWORD, admin=True)
    accounts.add("ayla", "deniz", "Deniz Kaya", "tr", PASSWORD)
    accounts.add("ayla", "murat", "Murat Yüce", "en", PASSWORD)
    accounts.grant("ayla", "deniz", MECHANISM, "secretariat")
    return accounts, clock


def enrolled(accounts: Accounts, clock: Clock, name: str) -> tuple[pyotp.TOTP, list[str]]:
    """An authenticator for somebody, and their recovery codes; the clock is one step on."""
    authenticator = pyotp.TOTP(accounts.begin_totp(name).secret)
    codes = accounts.confirm_totp(name, authenticator.at(clock.now))
    clock.passes(seconds=30)
    return authenticator, codes


def whats(accounts: Accounts) -> list[str]:
    """What the trail says has happened."""
    return [row.what for row in accounts.audit(0, 10_000)]


class refused:  # noqa: N801 -- reads as pytest.raises does
    """`with refused("code"):` -- that refusal, and no other."""

    def __init__(self, code: str) -> None:
        self.code = code
        self._raises = pytest.raises(Refused)

    def __enter__(self) -> Any:
        self.found = self._raises.__enter__()
        return self.found

    def __exit__(self, *error: object) -> bool:
        caught = self._raises.__exit__(*error)
        assert self.found.value.code == self.code
        return bool(caught)
