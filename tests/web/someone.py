"""A person of a test's own, with their browser on the page of their account."""

from __future__ import annotations

import pytest
from tests.web.stage import PASSWORD, Client, Stage

from comity.accounts import MACHINE, Accounts
from comity.web.visit import SESSION

__all__ = ["Someone", "someone"]


@pytest.fixture
def someone(stage: Stage, request: pytest.FixtureRequest) -> tuple[Client, Accounts, str]:
    """A person of this test's own, who holds one office, with their browser on their page."""
    accounts = stage.house("TUR").accounts
    name = f"p{abs(hash(request.node.name)) % 10**8}"
    accounts.add(MACHINE, name, "Deneme Kişi", "en", PASSWORD)
    accounts.grant(MACHINE, name, stage.house("TUR").mechanisms()[0].mechanism, "mfa")
    client = Client(stage.app("TUR"), {SESSION: stage.cookie("TUR", name), "comity_language": "en"})
    assert client.get("/account").status_code == 200
    return client, accounts, name


Someone = tuple[Client, Accounts, str]
