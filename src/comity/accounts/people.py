"""People and the offices they hold. Administrators manage them, and nobody gives themselves an office.

accounts.add("machine", "ayla", "Ayla Demir", "tr", "a long password", admin=True)
accounts.grant("ayla", "deniz", "3f2a...", "secretariat")
"""

from __future__ import annotations

import secrets
import unicodedata

from comity.accounts import allowance
from comity.accounts.change import Change
from comity.accounts.password import require_good
from comity.accounts.person import FOUNDING, MACHINE, Named, Person, name_of
from comity.accounts.register import Register, normal
from comity.core.act import LANGUAGES
from comity.core.charter import ROOT
from comity.core.errors import Refused

__all__ = ["People"]

_REVOKED = "DELETE FROM held WHERE person=? AND mechanism=? AND office=?"


class People(Register):
    """Who there is. `by` is the name of the person who wants it, or `MACHINE`; every verb is one transaction."""

    def add(
        self, by: str, name: str, display: str, language: str, password: str = "", admin: bool = False,
        *, address: str = "",
    ) -> Person:  # fmt: skip
        """A new person. Without a password they sign in by a directory, once an administrator has bound them to it."""
        with self._heard(by, address):
            if password:
                require_good(password, name, display)
        stored = self._passwords.hash(password) if password else ""
        with self._change(by, address) as change:
            change.require_admin()
            found = normal(name)
            if not found:
                raise Refused("person_name")
            if change.row("SELECT 1 FROM person WHERE name=?", found) is not None:
                raise Refused("person_exists")
            change.tell(
                "INSERT INTO person(name, display, language, password, admin, handle, since) VALUES(?,?,?,?,?,?,?)",
                found, _display(display), _language(language), stored, admin, secrets.token_bytes(32), change.now,
            )  # fmt: skip
            change.note("audit.added_admin" if admin else "audit.added", about=found)
            return change.person(found)

    def person(self, name: Named) -> Person:
        """The person of that name. Raises `Refused("person_unknown")`."""
        with self._read() as read:
            return read.person(normal(name_of(name)))

    def people(self) -> list[Person]:
        """Everybody, by name."""
        with self._read() as read:
            return [read.person(name) for (name,) in read.rows("SELECT name FROM person ORDER BY name")]

    def grant(self, by: str, name: Named, mechanism: str, office: str, *, address: str = "") -> None:
        """Let a person speak for an office. Not oneself: another administrator must."""
        with self._change(by, address) as change:
            change.require_admin()
            found = change.person(name_of(name)).name
            if by == found:
                raise Refused("grant_to_oneself")
            for part in (mechanism, office):
                if not 1 <= len(part) <= 128 or not part.isprintable():
                    raise Refused("office_name")
            if change.tell("INSERT OR IGNORE INTO held VALUES(?,?,?)", found, mechanism, office):
                change.note("audit.granted", about=found, mechanism=mechanism[:12], office=office)

    def revoke(self, by: str, name: Named, mechanism: str, office: str, *, address: str = "") -> None:
        """Let a person no longer speak for an office."""
        with self._change(by, address) as change:
            change.require_admin()
            found = change.person(name_of(name)).name
            if not change.tell(_REVOKED, found, mechanism, office):
                raise Refused("office_not_granted", office=office)
            change.note("audit.revoked", about=found, mechanism=mechanism[:12], office=office)

    def let_found(self, by: str, name: Named, founds: bool = True, *, address: str = "") -> None:
        """Let a person found mechanisms, or no longer. Not oneself: another administrator must."""
        with self._change(by, address) as change:
            change.require_admin()
            found = change.person(name_of(name)).name
            if by == found and founds:
                raise Refused("grant_to_oneself")
            sql = "INSERT OR IGNORE INTO held VALUES(?,?,?)" if founds else _REVOKED
            if change.tell(sql, found, FOUNDING, ROOT):
                change.note("audit.may_found" if founds else "audit.may_not_found", about=found)

    def founded(self, name: Named, mechanism: str, *, address: str = "") -> None:
        """Give whoever founds a mechanism the office of its root key: it is what they accept the charter with."""
        found = name_of(name)
        with self._change(found, address) as change:
            if not change.person(found).founds:
                raise Refused("not_a_founder")
            if change.tell("INSERT OR IGNORE INTO held VALUES(?,?,?)", found, mechanism, ROOT):
                change.note("audit.founded", about=found, mechanism=mechanism[:12])

    def set_admin(self, by: str, name: Named, admin: bool = True, *, address: str = "") -> None:
        """Make somebody an administrator, or no longer one. It gives no office."""
        with self._change(by, address) as change:
            change.require_admin()
            found = change.person(name_of(name)).name
            change.tell("UPDATE person SET admin=? WHERE name=?", admin, found)
            _require_one_left(change)
            change.note("audit.made_admin" if admin else "audit.unmade_admin", about=found)

    def disable(self, by: str, name: Named, *, address: str = "") -> None:
        """Let somebody in no more; what they had open ends at once."""
        with self._change(by, address) as change:
            change.require_admin()
            found = change.person(name_of(name)).name
            change.tell("UPDATE person SET disabled=1 WHERE name=?", found)
            _require_one_left(change)
            change.forget_sessions(found)
            change.note("audit.disabled", about=found)

    def enable(self, by: str, name: Named, *, address: str = "") -> None:
        """Let somebody in again."""
        with self._change(by, address) as change:
            change.require_admin()
            found = change.person(name_of(name)).name
            change.tell("UPDATE person SET disabled=0 WHERE name=?", found)
            change.note("audit.enabled", about=found)

    def unlock(self, by: str, name: Named, *, address: str = "") -> None:
        """Lift the lock that too many failed sign-ins set."""
        with self._change(by, address) as change:
            change.require_admin()
            found = change.person(name_of(name)).name
            change.tell("UPDATE person SET locked=0, failures=0 WHERE name=?", found)
            change.tell("DELETE FROM allowance WHERE key=?", allowance.name_key("name", found))
            change.note("audit.unlocked", about=found)

    def rename(self, by: str, name: Named, display: str, language: str, *, address: str = "") -> Person:
        """How a person is shown, and in which language they are spoken to; their own wish or an administrator's."""
        with self._change(by, address) as change:
            found = name_of(name)
            change.require_self(found)
            change.person(found)
            shown, spoken = _display(display), _language(language)
            change.tell("UPDATE person SET display=?, language=? WHERE name=?", shown, spoken, found)
            change.note("audit.renamed", about=found)
            return change.person(found)

    def set_password(
        self, by: str, name: Named, password: str, old: str | None = None, *, address: str = ""
    ) -> None:
        """A new password; every session ends. One's own asks for the old one, another's for an administrator."""
        found = name_of(name)
        if by == found:
            self.require_password(by, old or "", address)
        with self._change(by, address) as change:
            change.require_self(found)
            require_good(password, found, change.person(found).display)
        stored = self._passwords.hash(password)
        with self._change(by, address) as change:
            change.require_self(found)
            change.tell("UPDATE person SET password=? WHERE name=?", stored, found)
            change.forget_sessions(found)
            change.note("audit.password_set", about=found)

    def require_password(self, person: Named, password: str, address: str = "") -> None:
        """Ask somebody who is signed in for their password again. Raises `Refused`; a failure counts as one."""
        name = name_of(person)
        self._spend(name, address)
        with self._read() as read:
            read.person(name)
            row = read.row("SELECT password FROM person WHERE name=? AND NOT locked AND NOT disabled", name)
        right = self._passwords.check(password, row[0] if row else "")
        with self._change(name, address) as change:
            if right:
                return
            self._fail(change, name, "audit.password_wrong")
        raise Refused("password_wrong")

    def _spend(self, name: str, address: str) -> None:
        """Spend a try for a name and for an address, where known. Raises `Refused` where either has none left."""
        at = self.settings
        with self._change("", address) as change:
            waits = [0]
            if name:
                key = allowance.name_key("name", name)
                waits.append(allowance.take(change, key, at.name_burst, at.name_refill_seconds))
            if address:
                key = allowance.address_key(address)
                waits.append(allowance.take(change, key, at.address_burst, at.address_refill_seconds))
        if any(waits):
            raise Refused("sign_in_often", seconds=max(waits))

    def _fail(self, change: Change, name: str, what: str) -> None:
        """Count a failure; too many in a row lock the account."""
        change.of(name).note(what)
        row = change.row("SELECT failures, locked FROM person WHERE name=?", name)
        if row is None or row[1]:
            return
        change.tell("UPDATE person SET failures=failures+1 WHERE name=?", name)
        if row[0] + 1 >= self.settings.lock_after:
            change.tell("UPDATE person SET locked=1 WHERE name=?", name)
            change.of(name).note("audit.locked")


def _display(display: str) -> str:
    shown = unicodedata.normalize("NFC", display).strip()
    if not 1 <= len(shown) <= 200 or any(unicodedata.category(letter) in ("Cc", "Cs") for letter in shown):
        raise Refused("person_display")
    return shown


def _language(language: str) -> str:
    if language not in LANGUAGES:
        raise Refused("person_language", known=", ".join(LANGUAGES))
    return language


def _require_one_left(change: Change) -> None:
    """Somebody must be able to manage the accounts; whoever is at the machine can make a new administrator."""
    if change.by != MACHINE and change.row("SELECT 1 FROM person WHERE admin AND NOT disabled") is None:
        raise Refused("last_admin")
