"""A ministry's directory as it is reached: what it says of itself, its keys, and whom it names for a code.

    directory = Directory(provider, clock)
    directory.address(state, nonce, verifier, back)        where the browser is sent
    directory.subject({"code": "..."}, nonce, verifier, back)      "77"

Description and keys are fetched from its issuer, kept an hour in memory, and believed only as far as TLS goes. One that
is ill is asked again after a few seconds, so that nobody who waits for it keeps others from being answered.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
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

from comity.accounts.settings import Provider
from comity.core.errors import Malformed, Unavailable

__all__ = ["Directory"]

_T = TypeVar("_T")
_ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA", "Ed25519")
_LARGEST = 1 << 20
_KEPT_MS = 3_600_000
_AGAIN_MS = 60_000  # how soon keys are fetched again for a key that nobody knows
_ILL_MS = 10_000  # how soon a directory that did not answer is asked again
_LEEWAY = 120  # seconds by which the directory's clock may differ
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_ODD = (
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
)  # what a shape that nobody expects makes libraries raise


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


class _Ill(NamedTuple):
    why: str
    since: int


class Directory:
    """One provider of the settings. `now` is the time in ms since 1970."""

    def __init__(self, provider: Provider, now: Callable[[], int]) -> None:
        self._provider, self._now = provider, now
        self._thing = f"directory {provider.name}"
        self._found: _Kept | _Ill | None = None
        self._fetching = threading.Lock()

    def address(self, state: str, nonce: str, verifier: str, back: str) -> str:
        """Where the browser is sent. Raises `Unavailable`."""
        url = add_params_to_uri(
            self._described().description.authorization_endpoint,
            [
                ("response_type", "code"), ("client_id", self._provider.client_id), ("redirect_uri", back),
                ("scope", "openid"), ("state", state), ("nonce", nonce),
                ("code_challenge", create_s256_code_challenge(verifier)), ("code_challenge_method", "S256"),
            ],
        )  # fmt: skip
        return str(url)

    def subject(self, answer: Mapping[str, str], nonce: str, verifier: str, back: str) -> str:
        """Whom the directory names, once all is checked (OpenID Connect Core section 3.1.3.7).

        Raises `Malformed` where it is not as it must be, or `Unavailable`.
        """
        try:
            return self._named(answer, nonce, verifier, back)
        except JoseError as error:
            raise Malformed("ID token", "its signature does not verify") from error

    def _named(self, answer: Mapping[str, str], nonce: str, verifier: str, back: str) -> str:
        kept, provider = self._described(), self._provider
        if answer.get("iss", provider.issuer) != provider.issuer:  # RFC 9207
            raise Malformed("answer", "it is of another issuer")
        granted = _decoded(self._exchange(kept.description, answer["code"], verifier, back), _Granted)
        try:
            token = _opened(granted.id_token, kept.keys)
        except InvalidKeyIdError:
            token = _opened(granted.id_token, self._described(again=True).keys)
        options: Any = {
            "iss": {"essential": True, "value": provider.issuer},
            "aud": {"essential": True, "value": provider.client_id},
            "sub": {"essential": True},
        }
        params = {"nonce": nonce, "client_id": provider.client_id, "access_token": granted.access_token}
        try:
            CodeIDToken(token.claims, token.header, options, params).validate(self._now() // 1000, _LEEWAY)
        except _ODD as error:
            raise Malformed("ID token", "its claims are not as they should be") from error
        subject = token.claims["sub"]
        if not isinstance(subject, str) or not 1 <= len(subject) <= 255:
            raise Malformed("ID token", "it names nobody")
        return subject

    def _described(self, *, again: bool = False) -> _Kept:
        """The directory's description and keys, at most an hour old. Raises `Unavailable`."""
        with self._fetching:
            now, found = self._now(), self._found
            age = now - found.since if found is not None else -1
            if isinstance(found, _Kept) and 0 <= age < (_AGAIN_MS if again else _KEPT_MS):
                return found
            if isinstance(found, _Ill) and 0 <= age < _ILL_MS:
                raise Unavailable(self._thing, found.why)
            try:
                self._found = kept = self._fetched(now)
            except Unavailable as error:
                self._found = _Ill(error.why, now)
                raise
            return kept

    def _fetched(self, now: int) -> _Kept:
        url = get_well_known_url(self._provider.issuer, external=True)
        try:
            description = _decoded(self._asked("GET", url), _Description)
            if description.issuer != self._provider.issuer:
                raise Malformed(self._thing, "describes another issuer than accounts.json names")
            self._safe(description.authorization_endpoint)
            keys = KeySet.import_key_set(msgspec.json.decode(self._asked("GET", description.jwks_uri)))
        except (Malformed, JoseError, *_ODD) as error:
            raise Unavailable(
                self._thing, "does not describe itself as OpenID Connect asks; tell its keeper"
            ) from error
        return _Kept(description, keys, now)

    def _exchange(self, description: _Description, code: str, verifier: str, back: str) -> bytes:
        """The token endpoint's answer for a code (RFC 6749 section 4.1.3)."""
        name, secret = self._provider.client_id, self._provider.client_secret
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier,
        }  # fmt: skip
        if secret and "client_secret_basic" in description.token_endpoint_auth_methods_supported:
            basic = httpx.BasicAuth(quote(name), quote(secret))  # RFC 6749 section 2.3.1
            return self._asked("POST", description.token_endpoint, form, basic)
        form |= {"client_id": name} | ({"client_secret": secret} if secret else {})
        return self._asked("POST", description.token_endpoint, form)

    def _asked(
        self, method: str, url: str, form: dict[str, str] | None = None, basic: httpx.Auth | None = None
    ) -> bytes:
        """What is at an address, up to 1 MiB; no redirection is followed. Raises `Malformed` or `Unavailable`."""
        accept = {"Accept": "application/json"}
        try:
            parsed = self._safe(url)
            body = b""
            with (
                httpx.Client(timeout=10, follow_redirects=False) as client,
                client.stream(method, parsed, data=form, auth=basic, headers=accept) as got,
            ):
                for part in got.iter_bytes():
                    body += part
                    if len(body) > _LARGEST:
                        raise Malformed(self._thing, "its answer is longer than 1 MiB")
        except httpx.HTTPError as error:
            raise Unavailable(self._thing, f"cannot be reached: {error}") from error
        if got.status_code >= 500:
            raise Unavailable(self._thing, f"answers with status {got.status_code}; try again later")
        if got.status_code != 200:
            raise Malformed(self._thing, f"answers with status {got.status_code}")
        return body

    def _safe(self, url: str) -> httpx.URL:
        """An address under TLS, or on this machine. Raises `Unavailable`."""
        try:
            parsed = httpx.URL(url)
        except httpx.InvalidURL as error:
            raise Unavailable(self._thing, f"has an address that is none: {url[:200]}") from error
        if parsed.scheme != "https" and not (parsed.scheme == "http" and parsed.host in _LOOPBACK):
            raise Unavailable(self._thing, f"has an address without TLS: {url[:200]}")
        return parsed


def _opened(token: str, keys: KeySet) -> jwt.Token:
    """The token, once the one key that it names has verified it."""

    def chosen(guest: GuestProtocol) -> Key:
        named = guest.headers().get("kid")
        found = [key for key in keys if named is None or key.kid == named]
        if len(found) != 1:
            raise InvalidKeyIdError("no such key")
        return found[0]

    try:
        return jwt.decode(token[:_LARGEST], chosen, algorithms=_ALGORITHMS)
    except (*_ODD, RecursionError) as error:
        raise Malformed("ID token", "it is none") from error


def _decoded(raw: bytes, kind: type[_T]) -> _T:
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise Malformed("directory's answer", str(error)) from error
