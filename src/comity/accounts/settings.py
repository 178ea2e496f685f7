"""What may be set about accounts; every value has a default that is safe for one node on one machine.

    {"origins":["https://node.example"],"rp_id":"node.example",
     "providers":[{"client_id":"comity","client_secret":"...","issuer":"https://id.example","name":"ministry",
                   "title":"Ministry directory"}]}

That is `accounts.json` in the node's folder, which may be absent. It may hold a provider's secret, so it must be
readable by its owner alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec

from comity.core.errors import Malformed, Unavailable
from comity.node.files import require_private

__all__ = ["Provider", "Settings", "read_settings"]

_Positive = Annotated[int, msgspec.Meta(ge=1, le=1 << 31)]
_Short = Annotated[str, msgspec.Meta(min_length=1, max_length=400)]


class Provider(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An identity provider. `strong`: its own sign-in asks for a second factor, so that ours is not asked for."""

    name: Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9-]{0,39}$")]
    title: _Short
    issuer: _Short
    client_id: _Short
    client_secret: str = ""
    strong: bool = False

    def __repr__(self) -> str:
        """Without the secret: it may come to stand in a log."""
        return f"Provider({self.name!r}, {self.issuer!r})"


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`accounts.json`. Argon2id as RFC 9106 section 4 recommends second; tries are a burst and what refills it."""

    rp_id: _Short = "localhost"
    rp_name: _Short = "Comity"
    origins: tuple[_Short, ...] = ("http://localhost",)
    providers: tuple[Provider, ...] = ()
    argon_iterations: _Positive = 3
    argon_memory_kib: _Positive = 65536
    argon_lanes: _Positive = 4
    idle_minutes: _Positive = 30
    absolute_hours: _Positive = 12
    lock_after: _Positive = 10
    name_burst: _Positive = 15
    name_refill_seconds: _Positive = 20
    address_burst: _Positive = 100
    address_refill_seconds: _Positive = 1
    ticket_minutes: _Positive = 5
    draft_days: _Positive = 14
    token_days: _Positive = 366


def read_settings(folder: Path) -> Settings:
    """The settings in a node's folder, or the defaults. Raises `Malformed` or `Unavailable`."""
    path = folder / "accounts.json"
    try:
        require_private(f"file {path}", path)
        raw = path.read_bytes()
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise Unavailable(f"file {path}", f"cannot be read: {error.strerror}") from error
    try:
        return msgspec.json.decode(raw, type=Settings)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise Malformed("accounts.json", str(error)) from error
