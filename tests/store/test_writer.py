"""Records reach the disk in order, in groups, without the loop waiting, and are never dropped."""

import asyncio
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from openline.model import BugError, Instant, OpenlineError, PeerError
from openline.store import JournalRecord, JournalWriter, SnapshotRecord, Spool
from openline.store.sqlite import SqliteStore

NOW = Instant(1_700_000_000_000_000)
FULL = PeerError("The disk is full.")


def record(step: int) -> JournalRecord:
    return JournalRecord(step=step, at=NOW, schema=1, body=b"body", hash=bytes(32))


class MemoryStore:
    """Keeps the contract of `append` in memory; can be held up, and can fail for a while."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.errors: list[Exception] = []
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.has_begun = threading.Event()

    def append(self, records: Sequence[JournalRecord]) -> None:
        self.has_begun.set()
        self.may_go_on.wait()
        if self.errors:
            raise self.errors.pop(0)
        expected = 1 + sum(map(len, self.batches))
        steps = [each.step for each in records]
        if steps != list(range(expected, expected + len(steps))):
            raise BugError(f"The journal expected step {expected}.")
        self.batches.append(steps)

    @property
    def steps(self) -> list[int]:
        return [step for batch in self.batches for step in batch]


class Seen:
    """Notes what the writer tells the loop."""

    def __init__(self) -> None:
        self.durable: list[int] = []
        self.failed: list[OpenlineError] = []
        self.failure = asyncio.Event()
        self.thread = threading.get_ident()

    def note(self, step: int) -> None:
        assert threading.get_ident() == self.thread
        self.durable.append(step)

    def fail(self, error: OpenlineError) -> None:
        assert threading.get_ident() == self.thread
        self.failed.append(error)
        self.failure.set()


def make(store: MemoryStore | SqliteStore, seen: Seen) -> JournalWriter:
    # No retry by the clock within a test, unless it asks for one.
    return JournalWriter(store, durable=seen.note, failed=seen.fail, retry_seconds=1_000)


def test_each_record_becomes_durable_and_the_loop_hears_of_it() -> None:
    async def run() -> None:
        store, seen = MemoryStore(), Seen()
        writer = make(store, seen)
        for step in (1, 2, 3):
            writer.submit(record(step))
            await writer.flush()
        assert seen.durable == [1, 2, 3]
        assert writer.backlog == 0
        assert len(writer.commit_seconds) == 3
        await writer.close()

    asyncio.run(run())


def test_what_waits_while_the_disk_works_is_written_in_one_commit() -> None:
    async def run() -> None:
        store, seen = MemoryStore(), Seen()
        writer = make(store, seen)
        store.may_go_on.clear()
        writer.submit(record(1))
        await asyncio.to_thread(store.has_begun.wait)
        for step in range(2, 101):
            writer.submit(record(step))
        assert writer.backlog == 100
        store.may_go_on.set()
        await writer.flush()
        assert store.batches == [[1], list(range(2, 101))]
        assert seen.durable == [1, 100]
        assert writer.backlog == 0
        await writer.close()

    asyncio.run(run())


def test_a_small_write_keeps_its_place_between_records() -> None:
    async def run() -> None:
        store, seen = MemoryStore(), Seen()
        writer = make(store, seen)
        store.may_go_on.clear()
        writer.submit(record(1))
        first = writer.run(lambda: list(store.steps))
        writer.submit(record(2))
        second = writer.run(lambda: list(store.steps))
        store.may_go_on.set()
        assert await first == [1]
        assert await second == [1, 2]
        await writer.close()

    asyncio.run(run())


def test_a_small_write_that_fails_tells_who_asked_and_stops_nothing() -> None:
    async def run() -> None:
        store, seen = MemoryStore(), Seen()
        writer = make(store, seen)

        def fail() -> None:
            raise PeerError("no")

        with pytest.raises(PeerError, match="no"):
            await writer.run(fail)
        writer.submit(record(1))
        await writer.flush()
        assert store.steps == [1]
        assert seen.failed == []
        await writer.close()

    asyncio.run(run())


def test_a_write_that_nobody_waits_for_any_more_does_no_harm() -> None:
    async def run() -> None:
        store, seen = MemoryStore(), Seen()
        writer = make(store, seen)
        store.may_go_on.clear()
        writer.submit(record(1))
        given_up = writer.run(lambda: 1)
        given_up.cancel()
        store.may_go_on.set()
        await writer.flush()
        await writer.close()

    asyncio.run(run())


def test_records_that_the_disk_refused_are_written_in_order_with_the_next() -> None:
    async def run() -> None:
        store, seen = MemoryStore(), Seen()
        writer = make(store, seen)
        store.errors = [FULL]
        writer.submit(record(1))
        await seen.failure.wait()
        assert seen.failed == [FULL]
        assert (writer.backlog, store.steps) == (1, [])
        writer.submit(record(2))
        await writer.flush()
        assert store.batches == [[1, 2]]
        assert seen.durable == [2]
        await writer.close()

    asyncio.run(run())


def test_records_that_the_disk_refused_are_tried_again_by_themselves() -> None:
    async def run() -> None:
        store, seen = MemoryStore(), Seen()
        done = asyncio.Event()
        writer = JournalWriter(
            store, durable=lambda _: done.set(), failed=seen.fail, retry_seconds=0.001
        )
        store.errors = [FULL, FULL, FULL]
        writer.submit(record(1))
        await done.wait()
        assert seen.failed == [FULL, FULL, FULL]
        assert store.steps == [1]
        await writer.close()

    asyncio.run(run())


def test_it_says_whether_the_spool_keeps_what_the_store_refuses(tmp_path: Path) -> None:
    async def run() -> None:
        store, seen, gone_on = MemoryStore(), Seen(), asyncio.Event()
        spool = Spool(tmp_path / "spool", size=12_288)
        spool.allocate()

        def durable(step: int) -> None:
            if step == 2:
                gone_on.set()

        writer = JournalWriter(
            store, durable=durable, failed=seen.fail, spool=spool, retry_seconds=1_000
        )
        store.errors = [FULL]
        writer.submit(record(1))
        await seen.failure.wait()
        await asyncio.sleep(0)
        spooling = [writer.is_spooling]
        large = JournalRecord(step=2, at=NOW, schema=1, body=b"x" * 20_000, hash=bytes(32))
        seen.failure.clear()
        writer.submit(large)
        await seen.failure.wait()
        await gone_on.wait()  # calls that are in go on from memory
        spooling.append(writer.is_spooling)
        assert spooling == [True, False]
        await writer.close()  # tries the store once more, which works again
        assert store.steps == [1, 2]
        spool.close()

    asyncio.run(run())


def test_without_a_spool_nothing_is_spooled() -> None:
    async def run() -> None:
        writer = make(MemoryStore(), Seen())
        assert not writer.is_spooling
        await writer.close()

    asyncio.run(run())


def test_while_records_wait_no_other_write_overtakes_them() -> None:
    async def run() -> None:
        store, seen = MemoryStore(), Seen()
        writer = make(store, seen)
        store.errors = [FULL, FULL]
        writer.submit(record(1))
        with pytest.raises(PeerError, match="full"):
            await writer.run(lambda: pytest.fail("a write overtook a record"))
        # By now both attempts were made: one for the record, or one for the write, or both.
        store.errors = []
        await writer.flush()
        assert store.steps == [1]
        await writer.close()

    asyncio.run(run())


@pytest.mark.parametrize("error", [BugError("gap"), KeyError("surprise")])
def test_a_broken_invariant_is_final(error: Exception) -> None:
    async def run() -> None:
        store, seen = MemoryStore(), Seen()
        writer = make(store, seen)
        store.errors = [error]
        writer.submit(record(1))
        await seen.failure.wait()
        writer.submit(record(2))
        with pytest.raises(BugError):
            await writer.flush()
        assert len(seen.failed) == 1
        assert isinstance(seen.failed[0], BugError)
        assert store.steps == []
        with pytest.raises(BugError):
            await writer.close()

    asyncio.run(run())


def test_closing_writes_what_waits_and_refuses_more() -> None:
    async def run() -> None:
        store, seen = MemoryStore(), Seen()
        writer = make(store, seen)
        for step in range(1, 51):
            writer.submit(record(step))
        await writer.close()
        await writer.close()
        assert store.steps == list(range(1, 51))
        assert seen.durable[-1] == 50
        with pytest.raises(BugError):
            writer.submit(record(51))
        with pytest.raises(BugError):
            writer.run(lambda: None)

    asyncio.run(run())


def test_closing_tells_when_records_are_lost() -> None:
    async def run() -> None:
        store, seen = MemoryStore(), Seen()
        writer = make(store, seen)
        store.errors = [FULL] * 10
        writer.submit(record(1))
        with pytest.raises(PeerError, match="full"):
            await writer.close()

    asyncio.run(run())


def test_a_thousand_records_go_into_a_real_store_whole(tmp_path: Path) -> None:
    async def run() -> None:
        store = SqliteStore.open(tmp_path / "openline.sqlite", now=NOW, program_version="1.0")
        seen = Seen()
        writer = make(store, seen)
        for step in range(1, 1_001):
            writer.submit(record(step))
            if step % 100 == 0:
                await asyncio.sleep(0)
        snapshot = SnapshotRecord(step=1_000, at=NOW, schema=1, body=b"state", hash=bytes(32))
        saved = writer.run(lambda: store.save_snapshot(snapshot))
        await saved
        assert [each.step for each in store.read()] == list(range(1, 1_001))
        assert seen.durable == sorted(seen.durable)
        assert seen.durable[-1] == 1_000
        assert len(seen.durable) < 1_000
        await writer.close()
        store.close()

    asyncio.run(run())
