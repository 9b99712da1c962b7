"""While the store refuses steps they go to the spool, and calls go on (I21)."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import SupportsIndex

import pytest

from openline.model import BugError, Instant, OpenlineError, PeerError
from openline.store import Gap, JournalRecord, JournalWriter, Spool
from tests.store.test_writer import FULL, MemoryStore, record

SMALL = 64 * 1024


class Told:
    """Notes what the writer tells the loop."""

    def __init__(self) -> None:
        self.durable: list[int] = []
        self.failed: list[OpenlineError] = []
        self.recovered = asyncio.Event()
        self.failure = asyncio.Event()
        self._waiting: list[tuple[int, asyncio.Event]] = []

    def note(self, step: int) -> None:
        self.durable.append(step)
        for wanted, event in self._waiting:
            if step >= wanted:
                event.set()

    def fail(self, error: OpenlineError) -> None:
        self.failed.append(error)
        self.failure.set()

    async def until(self, step: int) -> None:
        """Waits until a step may be acted upon."""
        if not self.durable or self.durable[-1] < step:
            event = asyncio.Event()
            self._waiting.append((step, event))
            await event.wait()


class Parts:
    """Is a writer with a store in memory and a real spool."""

    def __init__(self, path: Path, retry_seconds: float = 1_000) -> None:
        self.store = MemoryStore()
        self.told = Told()
        self.spool = Spool(path, size=SMALL)
        self.spool.allocate()
        self.writer = JournalWriter(
            self.store,
            durable=self.told.note,
            failed=self.told.fail,
            recovered=self.told.recovered.set,
            spool=self.spool,
            retry_seconds=retry_seconds,
        )


class Refusals(list[Exception]):
    """Refuses until it is told otherwise."""

    def __init__(self) -> None:
        super().__init__([FULL])

    def pop(self, _index: SupportsIndex = -1) -> Exception:
        return FULL


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "spool"


def run(test: Callable[[], Coroutine[None, None, None]]) -> None:
    asyncio.run(test())


def test_steps_that_the_store_refuses_are_durable_and_calls_go_on(path: Path) -> None:
    async def test() -> None:
        parts = Parts(path)
        parts.writer.submit(record(1))
        await parts.told.until(1)
        assert parts.spool.used == 0
        parts.store.errors = Refusals()
        for step in (2, 3, 4):
            parts.writer.submit(record(step))
            await parts.told.until(step)
        assert parts.told.durable == [1, 2, 3, 4]
        assert parts.told.failed == [FULL]
        assert parts.writer.backlog == 0
        assert not parts.told.recovered.is_set()
        assert parts.store.steps == [1]
        # As a kill would leave it.
        assert [each.step for each in Spool(path, size=SMALL).waiting] == [2, 3, 4]
        parts.store.errors = []
        await parts.writer.close()

    run(test)


def test_they_return_in_order_and_once_when_it_takes_them_again(path: Path) -> None:
    async def test() -> None:
        parts = Parts(path, retry_seconds=0.001)
        parts.store.errors = [FULL] * 5
        for step in range(1, 11):
            parts.writer.submit(record(step))
        await parts.told.recovered.wait()
        await parts.told.until(10)
        parts.writer.submit(record(11))
        await parts.writer.flush()
        assert parts.store.steps == list(range(1, 12))
        assert parts.told.durable == sorted(set(parts.told.durable))
        assert parts.spool.used == 0
        await parts.writer.close()

    run(test)


def test_other_writes_are_refused_meanwhile_and_a_flush_is_not(path: Path) -> None:
    async def test() -> None:
        parts = Parts(path)
        parts.store.errors = Refusals()
        parts.writer.submit(record(1))
        await parts.writer.flush()
        with pytest.raises(PeerError, match="full"):
            await parts.writer.run(lambda: pytest.fail("a write overtook a record"))
        assert parts.told.durable == [1]
        await parts.writer.close()

    run(test)


def test_a_close_while_it_refuses_leaves_the_steps_for_the_next_start(path: Path) -> None:
    async def test() -> None:
        parts = Parts(path)
        parts.store.errors = Refusals()
        parts.writer.submit(record(1))
        parts.writer.submit(record(2))
        await parts.writer.close()
        parts.spool.close()
        assert [each.step for each in Spool(path, size=SMALL).waiting] == [1, 2]

    run(test)


def test_when_the_spool_is_full_too_calls_go_on_from_memory_and_the_loss_would_be_known(
    path: Path,
) -> None:
    async def test() -> None:
        parts = Parts(path, retry_seconds=0.001)
        parts.store.errors = Refusals()
        for step in range(1, 41):
            parts.writer.submit(large(step))
            await parts.told.until(step)
        assert parts.told.durable[-1] == 40
        kept = [each.step for each in Spool(path, size=SMALL).waiting]
        assert kept == list(range(1, len(kept) + 1))
        assert 3 < len(kept) < 40
        gap = Spool(path, size=SMALL).gap
        assert gap is not None
        assert gap.after_step == kept[-1]
        assert any("spool" in str(error) for error in parts.told.failed)
        with pytest.raises(PeerError):
            await parts.writer.flush()
        # Nothing was lost after all.
        parts.store.errors = []
        await parts.told.recovered.wait()
        assert parts.store.steps == list(range(1, 41))
        assert (parts.spool.used, parts.spool.gap) == (0, None)
        await parts.writer.close()

    run(test)


def test_a_close_with_steps_in_memory_alone_says_so(path: Path) -> None:
    async def test() -> None:
        parts = Parts(path)
        parts.store.errors = Refusals()
        for step in range(1, 41):
            parts.writer.submit(large(step))
        with pytest.raises(PeerError):
            await parts.writer.close()
        parts.spool.close()
        kept = Spool(path, size=SMALL)
        assert kept.gap == Gap(after_step=len(kept.waiting), since=Instant(large(1).at))

    run(test)


def test_a_broken_invariant_is_final_with_a_spool_too(path: Path) -> None:
    async def test() -> None:
        parts = Parts(path)
        parts.store.errors = [BugError("gap")]
        parts.writer.submit(record(1))
        await parts.told.failure.wait()
        assert isinstance(parts.told.failed[0], BugError)
        assert parts.told.durable == []
        assert parts.spool.used == 0
        with pytest.raises(BugError):
            await parts.writer.close()

    run(test)


def large(step: int) -> JournalRecord:
    return JournalRecord(step=step, at=record(step).at, schema=1, body=bytes(5_000), hash=bytes(32))
