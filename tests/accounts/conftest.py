"""Accounts that are closed again after each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.accounts.directory import Directory
from tests.accounts.house import Clock, house
from tests.accounts.town import Town

from comity.accounts import Accounts


@pytest.fixture
def made(tmp_path: Path) -> Iterator[tuple[Accounts, Clock]]:
    accounts, clock = house(tmp_path)
    yield accounts, clock
    accounts.close()


@pytest.fixture
def accounts(made: tuple[Accounts, Clock]) -> Accounts:
    return made[0]


@pytest.fixture
def clock(made: tuple[Accounts, Clock]) -> Clock:
    return made[1]


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    clock = Clock()
    with Directory(clock) as directory:
        made = Town(tmp_path, directory, clock)
        yield made
        made.accounts.close()
