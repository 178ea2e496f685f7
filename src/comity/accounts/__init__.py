"""A node's own people: who they are, how they sign in, which offices they hold. See `comity.accounts.store`.

from comity.accounts import Accounts, read_settings
accounts = Accounts(node.folder, lambda: datetime.now(UTC), read_settings(node.folder))
"""

from __future__ import annotations

from comity.accounts.oidc import Errand
from comity.accounts.passkeys import Passkey
from comity.accounts.person import FOUNDING, MACHINE, Named, Person
from comity.accounts.sessions import Session
from comity.accounts.settings import Provider, Settings, read_settings
from comity.accounts.signing import Step
from comity.accounts.store import Accounts
from comity.accounts.tokens import Token
from comity.accounts.totp import Enrolment
from comity.accounts.trail import Row

__all__ = [
    "FOUNDING",
    "MACHINE",
    "Accounts",
    "Enrolment",
    "Errand",
    "Named",
    "Passkey",
    "Person",
    "Provider",
    "Row",
    "Session",
    "Settings",
    "Step",
    "Token",
    "read_settings",
]
