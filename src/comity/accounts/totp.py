"""One-time codes (RFC 6238: six digits, 30 seconds, SHA-1, as every authenticator has them), and recovery codes.

    enrolment = accounts.begin_totp("ayla")           its secret, its otpauth:// address, and that as an SVG to scan
    codes = accounts.confirm_totp("ayla", "492039")   ten recovery codes, shown once, each good for one sign-in

A code counts one step before and after its own, and once. Secrets are sealed at rest (`comity.accounts.seal`): where
their key is gone no code can be checked, recovery codes count as ever, and an administrator can drop the codes.
"""

from __future__ import annotations

import hmac
import io
import secrets
import unicodedata
from base64 import b32encode
from hashlib import sha256
from typing import NamedTuple

import pyotp
import segno

from comity.accounts.change import Change
from comity.accounts.person import Named, name_of
from comity.accounts.register import digest
from comity.accounts.sessions import Session
from comity.accounts.signing import SignIn
from comity.core.errors import Refused, Unavailable

__all__ = ["Enrolment", "OneTimeCodes"]

_STEP_MS = 30_000
_RECOVERY = 10


class Enrolment(NamedTuple):
    """What an authenticator needs: the secret to type, or its address as a picture to scan."""

    secret: str
    uri: str
    svg: str


class OneTimeCodes(SignIn):
    """The second step by a code."""

    def second_factor(self, ticket: str, code: str, address: str) -> Session:
        """A code, or a recovery code. Raises `Refused("second_factor_failed")`; "ticket_ended": sign in anew."""
        with self._read() as read:
            row = read.row("SELECT person FROM ticket WHERE hash=?", digest(ticket))
        self._spend(row[0] if row else "", address)
        with self._change(address=address) as change:
            name, way = self._holder(change, ticket, change.now)
            used = self._used(change, name, code)
            if used:
                change.tell("DELETE FROM ticket WHERE hash=?", digest(ticket))
                return self._open(change, name, f"{way}+{used}", strong=True)
            self._miss(change, ticket, name)
        raise Refused("second_factor_failed")

    def begin_totp(self, person: Named) -> Enrolment:
        """A fresh secret, which counts once a code of it was shown. Raises `Refused("totp_there")`."""
        name = name_of(person)
        secret = b32encode(secrets.token_bytes(20)).decode()
        with self._change(name) as change:
            if change.person(name).totp:
                raise Refused("totp_there")
            sealed = self._seal.close(change, name, secret)
            change.tell("UPDATE person SET totp_next=? WHERE name=?", sealed, name)
        uri = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=self.settings.rp_name)
        return Enrolment(secret, uri, _svg(uri))

    def confirm_totp(self, person: Named, code: str, *, address: str = "") -> list[str]:
        """The first code. From now on the second step is asked for; the recovery codes are given only here."""
        name = name_of(person)
        self._spend(name, address)
        with self._change(name, address) as change:
            row = change.row("SELECT totp_next FROM person WHERE name=? AND totp=''", name)
            if row is None or not row[0]:
                raise Refused("totp_not_begun")
            step = self._near(change, name, row[0], code, 0)
            if step is None:
                raise Refused("totp_key_gone")
            if step:
                codes = [_recovery() for _ in range(_RECOVERY)]
                change.tell(
                    "UPDATE person SET totp=totp_next, totp_next='', totp_step=? WHERE name=?", step, name
                )
                change.tell("DELETE FROM recovery WHERE person=?", name)
                for made in codes:
                    change.tell("INSERT INTO recovery VALUES(?,?)", _recovery_hash(name, made), name)
                change.note("audit.totp_set", about=name)
                return codes
            change.note("audit.totp_wrong", about=name)
        raise Refused("second_factor_failed")

    def drop_totp(self, by: str, name: Named, *, address: str = "") -> None:
        """Forget a person's codes: their own wish or an administrator's, who ends their sessions by it."""
        found = name_of(name)
        with self._change(by, address) as change:
            change.require_self(found)
            if not change.person(found).totp:
                raise Refused("totp_not_begun")
            change.tell("UPDATE person SET totp='', totp_next='', totp_step=0 WHERE name=?", found)
            change.tell("DELETE FROM recovery WHERE person=?", found)
            if by != found:
                change.forget_sessions(found)
            change.note("audit.totp_dropped", about=found)

    def _used(self, change: Change, name: str, code: str) -> str:
        """By what the code is good, and that it is used up: "totp", "recovery"; else "".

        Raises `Refused("totp_key_gone")` where nobody can tell.
        """
        row = change.row("SELECT totp, totp_step FROM person WHERE name=? AND totp!=''", name)
        if row is None:
            return ""
        step = self._near(change, name, row[0], code, row[1])
        if step:
            change.tell("UPDATE person SET totp_step=? WHERE name=?", step, name)
            return "totp"
        if change.tell("DELETE FROM recovery WHERE hash=? AND person=?", _recovery_hash(name, code), name):
            return "recovery"
        if step is None:
            raise Refused("totp_key_gone")
        return ""

    def _near(self, change: Change, name: str, sealed: str, code: str, after: int) -> int | None:
        """See `_step`; None where this is a code, and its secret does not open."""
        digits = _digits(code)
        if len(digits) != 6:
            return 0
        try:
            return _step(self._seal.open(change, name, sealed), digits, change.now, after)
        except Unavailable:
            return None


def _step(secret: str, code: str, now: int, after: int) -> int:
    """The time step that six digits belong to, if it is near and later than the last one used; else 0."""
    otp, here = pyotp.TOTP(secret), now // _STEP_MS
    good = [step for step in (here - 1, here, here + 1) if hmac.compare_digest(otp.generate_otp(step), code)]
    return next((step for step in good if step > after), 0)


def _digits(code: str) -> str:
    """The digits, whichever script's they are: an Arabic keyboard types its own."""
    if len(code) > 64:
        return ""
    return "".join(str(unicodedata.decimal(c)) for c in code if unicodedata.decimal(c, None) is not None)


def _recovery() -> str:
    """80 bits in four groups, in letters that are not taken for each other."""
    text = b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(text[at : at + 4] for at in range(0, 16, 4))


def _recovery_hash(name: str, code: str) -> bytes:
    letters = "".join(c for c in unicodedata.normalize("NFKC", code[:64]).lower() if c.isalnum())
    return sha256(f"{name}\n{letters}".encode("utf-8", "surrogatepass")).digest()


def _svg(uri: str) -> str:
    made = io.BytesIO()
    segno.make(uri, error="m").save(
        made, kind="svg", xmldecl=False, svgns=True, scale=4, dark="#000000", light="#ffffff"
    )
    return made.getvalue().decode()
