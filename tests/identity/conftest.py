"""A real store in a temporary folder, and a clock that stands until a test moves it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from openline.identity import Accounts, IdentityStore
from openline.model import Duration, Instant
from openline.store.sqlite import SqliteStore


class Clock:
    """Tells the time that a test set."""

    def __init__(self) -> None:
        self.instant = Instant(1_700_000_000_000_000)

    def __call__(self) -> Instant:
        return self.instant

    def forward(self, duration: Duration | int) -> None:
        self.instant = Instant(self.instant + duration)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[IdentityStore]:
    opened = SqliteStore.open(tmp_path / "openline.sqlite", now=clock(), program_version="1.0")
    yield opened
    opened.close()


@pytest.fixture
def accounts(store: IdentityStore, clock: Clock) -> Iterator[Accounts]:
    made = Accounts(store, now=clock, is_demo=True)
    yield made
    made.close()
