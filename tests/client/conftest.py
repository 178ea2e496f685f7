"""A node for a whole file of tests, whose events come at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.api.house import Built


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    built = Built(tmp_path_factory.mktemp("house"), every=0.01)
    yield built
    built.close()
