"""Sign-in by a ministry's own directory: OpenID Connect Core 1.0, authorization code, PKCE (RFC 7636), nonce, state.

    errand = accounts.begin_oidc("ministry", "https://node.example/sign-in/ministry")
    ... the browser goes to errand.url, with errand.state in a cookie, and comes back with ?code=...&state=... ...
    step = accounts.finish_oidc(cookie, {"code": "...", "state": "..."}, "10.0.0.7")

Whom the directory names (`sub`) is bound to a person by an administrator, and never by an e-mail address. Its
description and keys are fetched from its issuer, kept an hour in memory, and believed only as far as TLS goes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from urllib.parse import quote_plus as quote

import httpx
import msgspec
from authlib.common.urls import add_params_to_uri  # type: ignore[import-untyped]
from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from authlib.oidc.discovery import get_well_known_url  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import GuestProtocol, Key, KeySet

from comity.accounts.passkeys import Passkeys
from comity.accounts.person import Named, name_of
from comity.accounts.register import digest, secret
from comity.accounts.settings import Provider, Settings
from comity.accounts.signing import Step
from comity.core.errors import Malformed, Refused, Unavailable
from comity.node.keystore import KeyStore

__all__ = ["Directories", "Errand"]

_T = TypeVar("_T")
_ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA", "Ed25519")
_LARGEST = 1 << 20
_KEPT_MS = 3_600_000
_AGAIN_MS = 60_000  # how soon keys are fetched again for a key that nobody knows
_LEEWAY = 120  # seconds by which the directory's clock may differ
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Errand(NamedTuple):
    """Where the browser is sent, and what its cookie must hold when it comes back."""

    url: str
    state: str


class _Description(msgspec.Struct, frozen=True):
    """What we need of OpenID Connect Discovery 1.0 section 3."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


class _Granted(msgspec.Struct, frozen=True):
    """What we need of a token endpoint's answer."""

    id_token: str
    access_token: str = ""


class _Kept(NamedTuple):
    description: _Description
    keys: KeySet
    since: int


class Directories(Passkeys):
    """People whom somebody else vouches for."""

    def __init__(
        self, folder: Path, clock: Callable[[], datetime], settings: Settings | None = None,
        keys: KeyStore | None = None,
    ) -> None:  # fmt: skip
        super().__init__(folder, clock, settings, keys)
        self._kept: dict[str, _Kept] = {}
        self._fetching = {provider.name: threading.Lock() for provider in self.settings.providers}

    def provider(self, name: str) -> Provider:
        """The provider of that name in the settings. Raises `Refused`."""
        found = next((provider for provider in self.settings.providers if provider.name == name), None)
        if found is None:
            raise Refused("provider_unknown")
        return found

    def bind(self, by: str, name: Named, provider: str, subject: str, *, address: str = "") -> None:
        """Let somebody of a directory sign in as a person."""
        known = self.provider(provider).name
        if not 1 <= len(subject) <= 255 or not subject.isprintable():  # OpenID Connect Core section 2
            raise Refused("oidc_unbound")
        with self._change(by, address) as change:
            change.require_admin()
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
        known = self.provider(provider)
        description = self._described(known).description
        state, nonce, verifier = secret(), secret(), secret()
        with self._change() as change:
            self._sweep(change)
            until = change.now + self.settings.ticket_minutes * 60_000
            sql = "INSERT INTO errand VALUES(?,?,?,?,?,?)"
            change.tell(sql, digest(state), known.name, nonce, verifier, back[:2000], until)
        url = add_params_to_uri(
            description.authorization_endpoint,
            [
                ("response_type", "code"), ("client_id", known.client_id), ("redirect_uri", back[:2000]),
                ("scope", "openid"), ("state", state), ("nonce", nonce),
                ("code_challenge", create_s256_code_challenge(verifier)), ("code_challenge_method", "S256"),
            ],
        )  # fmt: skip
        return Errand(str(url), state)

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
            subject = self._subject(provider, answer, *row[1:])
        except (Malformed, JoseError) as error:
            self.note("audit.oidc_failed", "", address, provider=provider.name)
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

    # ------------------------------------------------------------------------------- the directory

    def _subject(
        self, provider: Provider, answer: Mapping[str, str], nonce: str, verifier: str, back: str
    ) -> str:
        """Whom the directory names, once all is checked (OpenID Connect Core section 3.1.3.7)."""
        kept = self._described(provider)
        if answer.get("iss", provider.issuer) != provider.issuer:  # RFC 9207
            raise Malformed("answer", "it is of another issuer")
        granted = _decoded(
            self._exchange(provider, kept.description, answer["code"], verifier, back), _Granted
        )
        try:
            token = self._opened(granted.id_token, kept.keys)
        except InvalidKeyIdError:
            token = self._opened(granted.id_token, self._described(provider, again=True).keys)
        options: Any = {
            "iss": {"essential": True, "value": provider.issuer},
            "aud": {"essential": True, "value": provider.client_id},
            "sub": {"essential": True},
        }
        params = {"nonce": nonce, "client_id": provider.client_id, "access_token": granted.access_token}
        try:
            CodeIDToken(token.claims, token.header, options, params).validate(self._now() // 1000, _LEEWAY)
        except (
            ValueError,
            TypeError,
            KeyError,
            AttributeError,
        ) as error:  # claims of a shape that nobody expects
            raise Malformed("ID token", "its claims are not as they should be") from error
        subject = token.claims["sub"]
        if not isinstance(subject, str) or not 1 <= len(subject) <= 255:
            raise Malformed("ID token", "it names nobody")
        return subject

    def _opened(self, token: str, keys: KeySet) -> jwt.Token:
        def chosen(guest: GuestProtocol) -> Key:
            named = guest.headers().get("kid")
            found = [key for key in keys if named is None or key.kid == named]
            if len(found) != 1:
                raise InvalidKeyIdError("no such key")
            return found[0]

        try:
            return jwt.decode(token[:_LARGEST], chosen, algorithms=_ALGORITHMS)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise Malformed("ID token", "it is none") from error

    def _described(self, provider: Provider, *, again: bool = False) -> _Kept:
        """The directory's description and keys, at most an hour old."""
        with self._fetching[provider.name]:  # a directory that is ill keeps nobody from another
            now, kept = self._now(), self._kept.get(provider.name)
            oldest = _AGAIN_MS if again else _KEPT_MS
            if kept is not None and 0 <= now - kept.since < oldest:
                return kept
            thing = f"directory {provider.name}"
            url = get_well_known_url(provider.issuer, external=True)
            try:
                description = _decoded(self._asked(thing, "GET", url), _Description)
                if description.issuer != provider.issuer:
                    raise Malformed(thing, "describes another issuer than accounts.json names")
                _safe(thing, description.authorization_endpoint)
                keys = KeySet.import_key_set(
                    msgspec.json.decode(self._asked(thing, "GET", description.jwks_uri))
                )
            except (Malformed, JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
                raise Unavailable(
                    thing, "does not describe itself as OpenID Connect asks; tell its keeper"
                ) from error
            self._kept[provider.name] = _Kept(description, keys, now)
            return self._kept[provider.name]

    def _exchange(
        self, provider: Provider, description: _Description, code: str, verifier: str, back: str
    ) -> bytes:
        """The token endpoint's answer for a code (RFC 6749 section 4.1.3)."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": verifier,
        }
        basic = None
        if (
            provider.client_secret
            and "client_secret_basic" in description.token_endpoint_auth_methods_supported
        ):
            basic = httpx.BasicAuth(
                quote(provider.client_id), quote(provider.client_secret)
            )  # RFC 6749 section 2.3.1
        else:
            form["client_id"] = provider.client_id
            if provider.client_secret:
                form["client_secret"] = provider.client_secret
        thing = f"directory {provider.name}"
        return self._asked(thing, "POST", description.token_endpoint, form, basic)

    def _asked(
        self,
        thing: str,
        method: str,
        url: str,
        form: dict[str, str] | None = None,
        basic: httpx.Auth | None = None,
    ) -> bytes:
        """What is at an address, up to 1 MiB; no redirection is followed. Raises `Malformed` or `Unavailable`."""
        try:
            parsed = _safe(thing, url)
            body = b""
            with (
                httpx.Client(timeout=10, follow_redirects=False) as client,
                client.stream(
                    method, parsed, data=form, auth=basic, headers={"Accept": "application/json"}
                ) as got,
            ):
                for part in got.iter_bytes():
                    body += part
                    if len(body) > _LARGEST:
                        raise Malformed(thing, "its answer is longer than 1 MiB")
        except httpx.HTTPError as error:
            raise Unavailable(thing, f"cannot be reached: {error}") from error
        if got.status_code >= 500:
            raise Unavailable(thing, f"answers with status {got.status_code}; try again later")
        if got.status_code != 200:
            raise Malformed(thing, f"answers with status {got.status_code}")
        return body


def _decoded(raw: bytes, kind: type[_T]) -> _T:
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise Malformed("directory's answer", str(error)) from error


def _safe(thing: str, url: str) -> httpx.URL:
    """An address under TLS, or on this machine. Raises `Unavailable`."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise Unavailable(thing, f"has an address that is none: {url[:200]}") from error
    if parsed.scheme != "https" and not (parsed.scheme == "http" and parsed.host in _LOOPBACK):
        raise Unavailable(thing, f"has an address without TLS: {url[:200]}")
    return parsed
