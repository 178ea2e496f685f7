"""A node and a ministry's directory, with somebody whom both know."""

from __future__ import annotations

from pathlib import Path

from tests.accounts.directory import Directory
from tests.accounts.house import Clock, house

from comity.accounts import Errand, Provider, Step

BACK = "http://localhost/sign-in/ministry"


class Town:
    """Accounts and the ministry's directory, in which deniz is person 77."""

    def __init__(self, folder: Path, directory: Directory, clock: Clock, *, strong: bool = False) -> None:
        provider = Provider("ministry", "Ministry", directory.issuer, "comity", "s:e c+ret", strong)
        self.accounts, made = house(folder, providers=(provider,))
        self.accounts._clock = clock
        clock.now = made.now
        self.accounts.bind("ayla", "deniz", "ministry", "77")
        self.directory, self.clock = directory, clock

    def errand(self) -> Errand:
        return self.accounts.begin_oidc("ministry", BACK)

    def sign_in(self, subject: str = "77") -> Step:
        errand = self.errand()
        return self.accounts.finish_oidc(errand.state, self.directory.visit(errand.url, subject), "10.0.0.7")
