"""A house for a whole file of tests where it may grow, and one for a single test where it must be fresh."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.api.house import Built


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    built = Built(tmp_path_factory.mktemp("house"))
    yield built
    built.close()
