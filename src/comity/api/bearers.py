"""Who asks: a token for one office of one mechanism, in the one header that no browser sends by itself.

    Authorization: Bearer comity_5zTqbCtiV95yNV5HKqBaTEh-a0Y8Ap7TBt8vAbVja1g

A token that was found good is believed for a second, so that a thousand requests do not ask the accounts a thousand
times; a revoked one opens nothing after that second. Cookies are never read: no page can make a browser speak here.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlsplit

from comity.accounts import Accounts, Token
from comity.core.errors import Refused

__all__ = ["Bearers", "require_own_origin"]

_MOST = 1024


class Bearers:
    """The tokens that were good a moment ago. `clock` counts seconds and never goes back."""

    def __init__(
        self, accounts: Accounts, seconds: float = 1.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._accounts, self._seconds, self._clock = accounts, seconds, clock
        self._good: dict[str, tuple[Token, float]] = {}

    def remembered(self, header: str) -> Token | None:
        """The token of an `Authorization` header, if it was good within the last second. Never waits."""
        found = self._good.get(header)
        if found is None or self._clock() - found[1] >= self._seconds:
            return None
        return found[0]

    def find(self, header: str, address: str) -> Token:
        """The token of an `Authorization` header. Raises `Refused`; asks the accounts, which may wait."""
        known = self.remembered(header)
        if known is not None:
            return known
        began = self._clock()
        scheme, _, raw = header.partition(" ")
        found = self._accounts.token(raw.strip(), address) if scheme.lower() == "bearer" else None
        if found is None:
            self._good.pop(header, None)
            raise Refused("token_needed")
        if len(self._good) >= _MOST:
            self._good.clear()
        self._good[header] = (found, began)
        return found


def require_own_origin(host: str, origin: str, site: str) -> None:
    """Refuse what a browser sends from a page of another site: it has no business here. Raises `Refused`."""
    try:
        own = not origin or (bool(host) and urlsplit(origin).netloc == host)
    except ValueError:
        own = False
    if not own or site in ("cross-site", "same-site"):
        raise Refused("origin_foreign", origin=origin or "—")
