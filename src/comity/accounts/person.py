"""People as others see them: who they are, which offices they hold, how they sign in. No secret is in here.

person.offices("3f2a...") == {"secretariat", "co-chair"}
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from comity.core.charter import ROOT

__all__ = ["FOUNDING", "MACHINE", "Named", "Person", "name_of"]

MACHINE = "machine"
"""Who acts at the node's own command line, where the files themselves could be changed. No person has this name."""

FOUNDING = "+founding"
"""Where `root` is held by whoever may found mechanisms: no mechanism's identifier begins so."""


class Person(msgspec.Struct, frozen=True):
    """One person. `codes` is how many recovery codes are left."""

    name: str
    display: str
    language: str
    admin: bool
    disabled: bool
    locked: bool
    password: bool
    totp: bool
    passkeys: int
    codes: int
    held: frozenset[tuple[str, str]]
    since: datetime

    def offices(self, mechanism: str) -> frozenset[str]:
        """The offices that the person may speak for in a mechanism: all that decides what they may say."""
        if self.disabled:
            return frozenset()
        return frozenset(office for where, office in self.held if where == mechanism)

    @property
    def founds(self) -> bool:
        """Whether the person may speak with their party's root key where there is no mechanism yet."""
        return ROOT in self.offices(FOUNDING)


Named = Person | str
"""A person, or their name."""


def name_of(person: Named) -> str:
    """The name."""
    return person if isinstance(person, str) else person.name
