"""What all tests share: those that drive a browser are told by the fixture that they ask for; passphrases that cost little."""

from __future__ import annotations

from collections.abc import Iterator
from unittest import mock

import pytest
from hypothesis import HealthCheck, settings

# No property is timed: a machine may be slow. Examples are the same ones in every run, so that a failure is one of the change
# at hand; `make soak` draws others.
settings.register_profile(
    "same", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("other", settings.get_profile("same"), derandomize=False)
settings.load_profile("same")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark them, so that they can be run by themselves."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


@pytest.fixture
def cheap() -> Iterator[None]:
    """What makes a passphrase dear to guess would make tests slow."""
    with mock.patch("comity.node.keystore.ARGON", {"iterations": 1, "lanes": 1, "memory_kib": 64}):
        yield
