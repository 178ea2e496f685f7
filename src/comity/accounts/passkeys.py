"""Passkeys (WebAuthn): the device signs a challenge for this node's own address, so there is nothing to phish.

    options = accounts.begin_registration("ayla")            JSON for navigator.credentials.create
    accounts.finish_registration("ayla", response, "my laptop")
    options = accounts.begin_authentication()                JSON for navigator.credentials.get; or with a ticket
    session = accounts.finish_authentication(None, response, "10.0.0.7")

A challenge is good once and for five minutes. Without a ticket the passkey alone signs somebody in, so the device must
have verified its owner. A counter that does not grow is refused, and the trail says that there may be a copy.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from comity.accounts.change import Change, moment
from comity.accounts.person import Named, name_of
from comity.accounts.register import digest
from comity.accounts.sessions import Session
from comity.accounts.totp import OneTimeCodes
from comity.core.errors import Refused

__all__ = ["Passkey", "Passkeys"]

_LARGEST = 1 << 16
_MOST = 10_000  # challenges that wait for somebody who has not said who they are

Response = str | bytes | dict[str, Any]
_T = TypeVar("_T")


class Passkey(msgspec.Struct, frozen=True):
    """A passkey, as its owner tells it from their others."""

    id: str
    title: str
    since: datetime
    last: datetime | None


class Passkeys(OneTimeCodes):
    """The second step by a passkey, or both steps at once."""

    def begin_registration(self, person: Named) -> str:
        """What the browser's `navigator.credentials.create` is given, as JSON."""
        name = name_of(person)
        with self._change(name) as change:
            found = change.person(name)
            row = change.row("SELECT handle FROM person WHERE name=?", name)
            options = generate_registration_options(
                rp_id=self.settings.rp_id,
                rp_name=self.settings.rp_name,
                user_name=name,
                user_id=bytes(row[0]) if row else b"",
                user_display_name=found.display,
                challenge=self._challenge(change, f"create:{name}"),
                authenticator_selection=AuthenticatorSelectionCriteria(
                    resident_key=ResidentKeyRequirement.REQUIRED,
                    user_verification=UserVerificationRequirement.REQUIRED,
                ),
                exclude_credentials=_descriptors(change, name),
            )
        return options_to_json(options)

    def finish_registration(
        self, person: Named, response: Response, title: str, *, address: str = ""
    ) -> Passkey:
        """Keep the passkey that the browser answered with. Raises `Refused("passkey_failed")`."""
        name = name_of(person)
        given, challenge = _read(response)
        with self._change(name, address) as change:
            if not 1 <= len(title.strip()) <= 200 or not title.isprintable():
                raise Refused("passkey_title")
            made = None
            if self._answered(change, challenge, f"create:{name}"):
                made = self._judged(
                    verify_registration_response, given, challenge, require_user_verification=True
                )
            if (
                made is not None
                and change.row("SELECT 1 FROM passkey WHERE id=?", made.credential_id) is None
            ):
                change.tell(
                    "INSERT INTO passkey VALUES(?,?,?,?,?,?,0)", made.credential_id, name,
                    made.credential_public_key, made.sign_count, title.strip(), change.now,
                )  # fmt: skip
                change.note("audit.passkey_added", about=name)
                return Passkey(made.credential_id.hex(), title.strip(), moment(change.now), None)
            change.note("audit.passkey_failed")
        raise Refused("passkey_failed")

    def begin_authentication(self, ticket: str | None = None) -> str:
        """What the browser's `navigator.credentials.get` is given, as JSON. Without a ticket any passkey may answer."""
        if ticket is not None:
            with (
                self._read() as read
            ):  # anybody may ask with any ticket: that is no row of a trail that only grows
                self._holder(read, ticket, self._now())
        with self._change() as change:
            self._sweep(change)
            allowed, purpose = None, "get"
            if ticket is not None:
                allowed = _descriptors(change, self._holder(change, ticket, change.now)[0])
                purpose = f"get:{digest(ticket).hex()}"
            verified = UserVerificationRequirement
            options = generate_authentication_options(
                rp_id=self.settings.rp_id,
                challenge=self._challenge(change, purpose),
                allow_credentials=allowed,
                user_verification=verified.REQUIRED if ticket is None else verified.PREFERRED,
            )
        return options_to_json(options)

    def finish_authentication(self, ticket: str | None, response: Response, address: str) -> Session:
        """A session by a passkey. Raises `Refused("sign_in_failed")`, whatever was wrong with the answer."""
        self._spend("", address)
        given, challenge = _read(response)
        with self._change(address=address) as change:
            name, way = self._holder(change, ticket, change.now) if ticket is not None else ("", "")
            purpose = f"get:{digest(ticket).hex()}" if ticket is not None else "get"
            if self._answered(change, challenge, purpose):
                owner = self._verified(change, given, challenge, alone=ticket is None)
                if owner and owner == (name or owner):
                    if ticket is not None:
                        change.tell("DELETE FROM ticket WHERE hash=?", digest(ticket))
                    return self._open(change, owner, f"{way}+passkey" if way else "passkey", strong=True)
            if ticket is not None:
                self._miss(change, ticket, name)
            change.of(name).note("audit.passkey_failed")
        raise Refused("sign_in_failed")

    def passkeys(self, person: Named) -> list[Passkey]:
        """A person's passkeys."""
        with self._read() as read:
            rows = read.rows(
                "SELECT id, title, since, last FROM passkey WHERE person=? ORDER BY since, id",
                name_of(person),
            )
        return [
            Passkey(bytes(made).hex(), title, moment(since), moment(last) if last else None)
            for made, title, since, last in rows
        ]

    def drop_passkey(self, by: str, name: Named, passkey: str, *, address: str = "") -> None:
        """Forget a passkey, by its `id`: its owner's wish or an administrator's, who ends their sessions by it."""
        found = name_of(name)
        with self._change(by, address) as change:
            change.require_self(found)
            if not change.tell("DELETE FROM passkey WHERE person=? AND lower(hex(id))=?", found, passkey):
                raise Refused("passkey_unknown")
            if by != found:
                change.forget_sessions(found)
            change.note("audit.passkey_dropped", about=found)

    def _challenge(self, change: Change, purpose: str) -> bytes:
        """A fresh challenge for one purpose."""
        made = secrets.token_bytes(32)
        until = change.now + self.settings.ticket_minutes * 60_000
        change.tell("INSERT INTO challenge VALUES(?,?,?)", made, purpose, until)
        if purpose == "get":
            change.tell(
                "DELETE FROM challenge WHERE challenge IN"
                " (SELECT challenge FROM challenge WHERE purpose='get' ORDER BY until DESC LIMIT -1 OFFSET ?)",
                _MOST,
            )
        else:
            change.tell("DELETE FROM challenge WHERE purpose=? AND challenge!=?", purpose, made)
        return made

    def _answered(self, change: Change, challenge: bytes, purpose: str) -> bool:
        """Whether we asked this, for this purpose, a short while ago; it is used up by that."""
        sql = "DELETE FROM challenge WHERE challenge=? AND purpose=? AND until>?"
        return bool(change.tell(sql, challenge, purpose, change.now))

    def _verified(self, change: Change, given: dict[str, Any], challenge: bytes, *, alone: bool) -> str:
        """Whose passkey answered, or ""; its counter is kept."""
        row = change.row(
            "SELECT k.id, k.person, k.public, k.count, p.handle FROM passkey k JOIN person p ON p.name=k.person"
            " WHERE k.id=? AND NOT p.locked AND NOT p.disabled",
            _bytes(given.get("rawId")),
        )
        if row is None:
            return ""
        found, person, public, count, handle = row
        told = given["response"].get("userHandle")
        if (told is not None or alone) and _bytes(told) != bytes(handle):
            return ""
        done = self._judged(
            verify_authentication_response, given, challenge,
            credential_public_key=bytes(public),
            credential_current_sign_count=0,  # ours to judge: a counter that stands still is worth a word
            require_user_verification=alone,
        )  # fmt: skip
        if done is None:
            return ""
        if max(count, done.new_sign_count) > 0 and done.new_sign_count <= count:
            change.of(person).note("audit.passkey_copied")
            return ""
        change.tell("UPDATE passkey SET count=?, last=? WHERE id=?", done.new_sign_count, change.now, found)
        return str(person)

    def _judged(
        self, verify: Callable[..., _T], given: dict[str, Any], challenge: bytes, **more: Any
    ) -> _T | None:
        """What the library makes of an answer; None where it is not for this node, this address and this challenge."""
        try:
            return verify(
                credential=given,
                expected_challenge=challenge,
                expected_rp_id=self.settings.rp_id,
                expected_origin=list(self.settings.origins),
                **more,
            )
        except Exception:  # noqa: BLE001 -- whatever the library raises over hostile bytes, the answer is no
            return None


def _read(response: Response) -> tuple[dict[str, Any], bytes]:
    """An answer, and the challenge that it says it answers; nothing and b"" where it is none."""
    try:
        given = response if isinstance(response, dict) else json.loads(response[:_LARGEST])
        client = json.loads(_bytes(given["response"]["clientDataJSON"])[:_LARGEST])
        return given, _bytes(client["challenge"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}, b""


def _bytes(text: object) -> bytes:
    """The bytes of base64url text; none where it is no such text."""
    if not isinstance(text, str) or len(text) > _LARGEST:
        return b""
    try:
        return base64url_to_bytes(text)
    except ValueError:
        return b""


def _descriptors(change: Change, name: str) -> list[PublicKeyCredentialDescriptor]:
    rows = change.rows("SELECT id FROM passkey WHERE person=?", name)
    return [PublicKeyCredentialDescriptor(id=bytes(made)) for (made,) in rows]
