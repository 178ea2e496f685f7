"""Sign-in by a ministry's own directory: OpenID Connect Core 1.0, authorization code, PKCE (RFC 7636), nonce, state.

    errand = accounts.begin_oidc("ministry", "https://node.example/sign-in/ministry")
    ... the browser goes to errand.url, with errand.state in a cookie, and comes back with ?code=...&state=... ...
    step = accounts.finish_oidc(cookie, {"code": "...", "state": "..."}, "10.0.0.7")

Whom the directory names (`sub`) is bound to a person by an administrator, and never by an e-mail address.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

from comity.accounts.directory import Directory
from comity.accounts.passkeys import Passkeys
from comity.accounts.person import Named, name_of
from comity.accounts.register import digest, secret
from comity.accounts.settings import Provider
from comity.accounts.signing import Step
from comity.core.errors import Malformed, Refused, Unavailable

__all__ = ["Directories", "Errand"]

_MOST = 10_000  # errands that browsers may be on at once
_LONGEST = 2000  # characters of an address to come back to


class Errand(NamedTuple):
    """Where the browser is sent, and what its cookie must hold when it comes back."""

    url: str
    state: str


class Directories(Passkeys):
    """People whom somebody else vouches for."""

    @cached_property
    def _directories(self) -> dict[str, Directory]:
        return {provider.name: Directory(provider, self._now) for provider in self.settings.providers}

    def provider(self, name: str) -> Provider:
        """The provider of that name in the settings. Raises `Refused`."""
        found = next((provider for provider in self.settings.providers if provider.name == name), None)
        if found is None:
            raise Refused("provider_unknown")
        return found

    def bind(self, by: str, name: Named, provider: str, subject: str, *, address: str = "") -> None:
        """Let somebody of a directory sign in as a person."""
        with self._change(by, address) as change:
            change.require_admin()
            known = self.provider(provider).name
            if not 1 <= len(subject) <= 255 or not subject.isprintable():  # OpenID Connect Core section 2
                raise Refused("oidc_unbound")
            found = change.person(name_of(name)).name
            if change.row("SELECT 1 FROM bound WHERE provider=? AND subject=?", known, subject) is not None:
                raise Refused("oidc_bound")
            change.tell("INSERT INTO bound VALUES(?,?,?)", known, subject, found)
            change.note("audit.bound", about=found, provider=known)

    def unbind(self, by: str, name: Named, provider: str, subject: str, *, address: str = "") -> None:
        """Let somebody of a directory no longer sign in as a person; what they have open ends."""
        with self._change(by, address) as change:
            change.require_admin()
            sql = "DELETE FROM bound WHERE provider=? AND subject=? AND person=?"
            if not change.tell(sql, provider, subject, name_of(name)):
                raise Refused("oidc_unbound")
            change.forget_sessions(name_of(name))
            change.note("audit.unbound", about=name_of(name), provider=provider)

    def bound(self, person: Named) -> list[tuple[str, str]]:
        """Whom of which directory a person is bound to."""
        with self._read() as read:
            return read.rows(
                "SELECT provider, subject FROM bound WHERE person=? ORDER BY provider, subject",
                name_of(person),
            )

    def begin_oidc(self, provider: str, back: str) -> Errand:
        """Send a browser to the directory; `back` is where it returns to. Raises `Refused` or `Unavailable`."""
        known, back = self.provider(provider).name, back[:_LONGEST]
        state, nonce, verifier = secret(), secret(), secret()
        url = self._directories[known].address(state, nonce, verifier, back)
        with self._change() as change:
            self._sweep(change)
            until = change.now + self.settings.ticket_minutes * 60_000
            sql = "INSERT INTO errand VALUES(?,?,?,?,?,?)"
            change.tell(sql, digest(state), known, nonce, verifier, back, until)
            change.tell(
                "DELETE FROM errand WHERE state IN (SELECT state FROM errand ORDER BY until DESC LIMIT -1 OFFSET ?)",
                _MOST,
            )
        return Errand(url, state)

    def finish_oidc(self, state: str, answer: Mapping[str, str], address: str) -> Step:
        """The browser is back. `state` is from its cookie, `answer` from the address it came to.

        Raises `Refused("oidc_failed")`; "sign_in_failed" where nobody here is bound; `Unavailable`.
        """
        self._spend("", address)
        with self._change(address=address) as change:
            sql = "SELECT provider, nonce, verifier, back FROM errand WHERE state=? AND until>?"
            row = change.row(sql, digest(state), change.now)
            change.tell("DELETE FROM errand WHERE state=?", digest(state))
        if row is None or answer.get("state") != state or not answer.get("code"):
            self.note("audit.oidc_failed", "", address, provider=row[0] if row else "")
            raise Refused("oidc_failed")
        provider = self.provider(row[0])
        try:
            subject = self._directories[provider.name].subject(answer, *row[1:])
        except (Malformed, Unavailable) as error:
            self.note("audit.oidc_failed", "", address, provider=provider.name)
            if isinstance(error, Unavailable):
                raise
            raise Refused("oidc_failed") from error
        with self._change(address=address) as change:
            found = change.row(
                "SELECT b.person FROM bound b JOIN person p ON p.name=b.person"
                " WHERE b.provider=? AND b.subject=? AND NOT p.locked AND NOT p.disabled",
                provider.name, subject,
            )  # fmt: skip
            if found is not None:
                way = f"oidc:{provider.name}"
                if not provider.strong:
                    return self._next(change, found[0], way)
                return Step(
                    change.person(found[0]), "", "", (), self._open(change, found[0], way, strong=True)
                )
            change.note("audit.oidc_nobody", provider=provider.name, subject=subject)
        raise Refused("sign_in_failed")
