"""Secrets of one-time codes: whoever has the database alone makes no codes, and whoever loses the key gets in."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from base64 import b32decode, b32encode
from hashlib import sha256
from pathlib import Path

import pyotp
import pytest
from tests.accounts.house import PASSWORD, Clock, enrolled, house, refused, settings, whats

from comity.accounts import MACHINE, Accounts
from comity.core.errors import Unavailable
from comity.node.keystore import KeyStore

NAMES = ("ayla", "deniz", *(f"guest{number}" for number in range(60)))
SECRETS = {name: b32encode(sha256(name.encode()).digest()[:20]).decode() for name in NAMES}


def holds(folder: Path, secret: str) -> list[str]:
    """The files of the accounts that hold a secret, as text or as bytes."""
    forms = (secret.encode(), b32decode(secret))
    files = {path.name: path.read_bytes() for path in folder.glob("accounts.db*")}
    return [name for name, raw in files.items() if any(form in raw for form in forms)]


def aged(folder: Path) -> None:
    """A database of format 1, in which everybody's secret, and what deniz has begun, lie as they are.

    They lie in free pages, too: some tool copied it that does not overwrite what it deletes.
    """
    opened = sqlite3.connect(folder / "accounts.db")
    opened.execute("PRAGMA secure_delete=OFF")
    opened.execute("CREATE TABLE copied(secret)")
    opened.executemany("INSERT INTO copied VALUES(?)", [(secret,) for secret in SECRETS.values()])
    opened.execute("DROP TABLE copied")
    opened.execute("DROP TABLE seal")
    for name, secret in SECRETS.items():
        column = "totp_next" if name == "deniz" else "totp"
        opened.execute(f"UPDATE person SET {column}=? WHERE name=?", (secret, name))
    opened.execute("PRAGMA user_version=1")
    opened.commit()
    opened.close()


def version(folder: Path) -> int:
    opened = sqlite3.connect(folder / "accounts.db")
    found = opened.execute("PRAGMA user_version").fetchone()[0]
    opened.close()
    return int(found)


@pytest.fixture
def old(tmp_path: Path) -> tuple[Path, Clock]:
    """The folder of a node with a database of format 1."""
    accounts, clock = house(tmp_path)
    for name in NAMES[2:]:
        accounts.add(MACHINE, name, "A Guest", "en")
    accounts.close()
    aged(tmp_path)
    assert all(holds(tmp_path, secret) for secret in SECRETS.values())
    return tmp_path, clock


def test_a_secret_is_in_no_file_of_the_accounts_at_any_time(tmp_path: Path) -> None:
    accounts, clock = house(tmp_path)
    secret = accounts.begin_totp("deniz").secret
    assert holds(tmp_path, secret) == []
    accounts.confirm_totp("deniz", pyotp.TOTP(secret).at(clock.now))
    assert holds(tmp_path, secret) == []
    accounts.close()
    assert holds(tmp_path, secret) == []
    (key,) = (tmp_path / "keys").iterdir()
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_the_database_alone_makes_no_codes(tmp_path: Path) -> None:
    """A thief opens it on a machine of their own, with all that is in it."""
    accounts, clock = house(tmp_path)
    authenticator, _ = enrolled(accounts, clock, "deniz")
    accounts.close()
    (tmp_path / "thief").mkdir()
    shutil.copy(tmp_path / "accounts.db", tmp_path / "thief")
    stolen = Accounts(tmp_path / "thief", clock, settings())
    with stolen._read() as read:
        row = read.row("SELECT totp FROM person WHERE name='deniz'")
        assert row is not None
        with pytest.raises(Unavailable):
            stolen._seal.open(read, "deniz", row[0])
    with refused("totp_key_gone"):
        stolen.second_factor(stolen.sign_in("deniz", PASSWORD, "a").ticket, authenticator.at(clock.now), "a")
    stolen.close()


def test_a_database_of_format_1_is_sealed_when_it_is_next_opened(old: tuple[Path, Clock]) -> None:
    """Nothing of the plain secrets is left, in no free page and not in the write-ahead log; and they still count."""
    folder, clock = old
    accounts = Accounts(folder, clock, settings())
    assert [name for name, secret in SECRETS.items() if holds(folder, secret)] == []
    assert version(folder) == 3
    ticket = accounts.sign_in("ayla", PASSWORD, "a").ticket
    assert accounts.second_factor(ticket, pyotp.TOTP(SECRETS["ayla"]).at(clock.now), "a").strong
    assert accounts.confirm_totp("deniz", pyotp.TOTP(SECRETS["deniz"]).at(clock.now))
    assert accounts.verify_audit() is None
    accounts.close()


def test_sealing_is_one_transaction(old: tuple[Path, Clock], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it fails half way, everything is as it was, and is sealed the next time."""
    folder, clock = old
    from comity.accounts import seal

    whole, done = seal.Seal.close, []

    def fails(self: seal.Seal, change: seal.Change, name: str, secret: str) -> str:
        done.append(name)
        if len(done) == 2:
            raise Unavailable("disk", "is full")
        return whole(self, change, name, secret)

    monkeypatch.setattr(seal.Seal, "close", fails)
    with pytest.raises(Unavailable, match="full"):
        Accounts(folder, clock, settings())
    assert version(folder) == 1
    monkeypatch.undo()
    Accounts(folder, clock, settings()).close()
    assert version(folder) == 3


def test_while_somebody_reads_the_rest_is_scrubbed_at_the_next_opening(
    old: tuple[Path, Clock], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader keeps the write-ahead log from being emptied: the secrets are sealed, and their old pages go later."""
    folder, clock = old
    from comity.accounts import database

    monkeypatch.setattr(database, "_BUSY_MS", 20)
    reader = sqlite3.connect(folder / "accounts.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM person").fetchone()
    accounts = Accounts(folder, clock, settings())
    assert version(folder) == 2
    reader.execute("COMMIT")
    reader.close()
    accounts.close()
    Accounts(folder, clock, settings()).close()
    assert version(folder) == 3
    assert [name for name, secret in SECRETS.items() if holds(folder, secret)] == []


def test_without_the_key_s_file_codes_are_refused_and_recovery_codes_count(tmp_path: Path) -> None:
    """Nothing was tried, so nothing is counted against the person; an administrator can let them begin anew."""
    accounts, clock = house(tmp_path, lock_after=3)
    authenticator, recovery = enrolled(accounts, clock, "deniz")
    accounts.close()
    shutil.rmtree(tmp_path / "keys")
    accounts = Accounts(tmp_path, clock, settings(lock_after=3))
    ticket = accounts.sign_in("deniz", PASSWORD, "a").ticket
    for _ in range(4):
        with refused("totp_key_gone"):
            accounts.second_factor(ticket, authenticator.at(clock.now), "a")
    assert accounts.audit(0, 100)[-1].facts == {"code": "totp_key_gone"}
    assert accounts.second_factor(ticket, recovery[0], "a").strong
    accounts.drop_totp("ayla", "deniz")
    again, _ = enrolled(accounts, clock, "deniz")
    ticket = accounts.sign_in("deniz", PASSWORD, "a").ticket
    assert accounts.second_factor(ticket, again.at(clock.now), "a").strong
    accounts.close()


def test_a_wrong_recovery_code_counts_as_a_failure_though_the_key_is_gone(tmp_path: Path) -> None:
    accounts, clock = house(tmp_path)
    enrolled(accounts, clock, "deniz")
    accounts.close()
    shutil.rmtree(tmp_path / "keys")
    accounts = Accounts(tmp_path, clock, settings())
    with refused("second_factor_failed"):
        accounts.second_factor(accounts.sign_in("deniz", PASSWORD, "a").ticket, "abcd-efgh-ijkl-mnop", "a")
    assert whats(accounts)[-1] == "audit.second_step_failed"
    accounts.close()


def test_a_key_that_is_gone_while_somebody_sets_up_codes_is_said(tmp_path: Path) -> None:
    accounts, clock = house(tmp_path)
    secret = accounts.begin_totp("deniz").secret
    accounts.close()
    shutil.rmtree(tmp_path / "keys")
    accounts = Accounts(tmp_path, clock, settings())
    with refused("totp_key_gone"):
        accounts.confirm_totp("deniz", pyotp.TOTP(secret).at(clock.now))
    accounts.close()


def test_what_is_sealed_opens_for_its_own_person_alone(accounts: Accounts, clock: Clock) -> None:
    """Or whoever can write in the database gave somebody a secret that they know."""
    authenticator, _ = enrolled(accounts, clock, "deniz")
    enrolled(accounts, clock, "murat")
    with accounts._change() as change:
        change.tell("UPDATE person SET totp=(SELECT totp FROM person WHERE name='deniz') WHERE name='murat'")
    with refused("totp_key_gone"):
        accounts.second_factor(
            accounts.sign_in("murat", PASSWORD, "a").ticket, authenticator.at(clock.now), "a"
        )


def test_under_a_passphrase_the_key_opens_with_it_alone(tmp_path: Path) -> None:
    """Then a copy of the whole folder makes no codes either."""
    house(tmp_path)[0].close()
    clock = Clock()
    KeyStore(tmp_path / "keys", "long and secret").make("ed25519")
    without = Accounts(tmp_path, clock, settings())
    with pytest.raises(Unavailable, match="passphrase"):
        without.begin_totp("deniz")
    accounts = Accounts(tmp_path, clock, settings(), KeyStore(tmp_path / "keys", "long and secret"))
    authenticator, _ = enrolled(accounts, clock, "deniz")
    assert accounts.sign_in("deniz", PASSWORD, "a").needs == "totp"
    with refused("totp_key_gone"):
        without.second_factor(
            without.sign_in("deniz", PASSWORD, "a").ticket, authenticator.at(clock.now), "a"
        )
    for opened in (accounts, without):
        opened.close()
