"""How records become durable without the event loop ever waiting for the disk.

One thread owns writing. The loop submits a record and goes on; the thread takes all that wait,
appends them in one transaction (group commit: one disk flush for the lot, so that a burst costs
little more than a single record) and tells the loop the highest durable step. Other small writes
(`run`) go through the same thread in the order given, so what must be durable before a record is
simply run before it is submitted.

If the store fails, nothing is dropped and nothing overtakes. The records stay here in order and go
durably to the spool, so calls go on; the append is tried again every second, or less often where
trying takes long, and until it succeeds `run` is refused with the same error. If the spool fails
too, calls go on from memory: the spool notes from which step on a crash would leave a gap. Without
a spool they wait. A broken invariant (`BugError`) is final: it is reported and nothing more
written.
"""

import asyncio
import contextlib
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from openline.model import BugError, OpenlineError, PeerError
from openline.store.records import JournalRecord
from openline.store.spool import Spool

COMMITS_KEPT = 1_024

TRYING_SHARE = 10
"""A store that takes long to refuse is tried again after so many times as long: the thread that
tries has calls to serve."""

T = TypeVar("T")


class Appends(Protocol):
    """Is the one thing the writer asks of a store."""

    def append(self, records: Sequence[JournalRecord]) -> None:
        """Adds steps, all durable on return."""


class _Job:
    """Is a small write that waits its turn, and the future its caller awaits."""

    __slots__ = ("future", "work")

    def __init__(self, work: Callable[[], Any], future: "asyncio.Future[Any]") -> None:
        self.work = work
        self.future = future


class JournalWriter:
    """Writes the journal of one centre, on a thread of its own.

    Make it, submit, run, flush and close it on the event loop. `durable` is called there with
    the highest step that may be acted upon, once per commit; `failed` at every attempt that failed;
    `recovered` when the store has everything again after a failure.
    """

    def __init__(
        self,
        store: Appends,
        *,
        durable: Callable[[int], None],
        failed: Callable[[OpenlineError], None],
        recovered: Callable[[], None] | None = None,
        spool: Spool | None = None,
        retry_seconds: float = 1.0,
    ) -> None:
        self._store = store
        self._durable = durable
        self._failed = failed
        self._recovered = recovered
        self._spool = spool
        self._retry_seconds = retry_seconds
        self._loop = asyncio.get_running_loop()
        self._queue: queue.SimpleQueue[JournalRecord | _Job | None] = queue.SimpleQueue()
        # Both are touched on the loop only.
        self._backlog = 0
        self._commits: deque[float] = deque(maxlen=COMMITS_KEPT)
        self._closed = False
        self._is_beyond_spool = False
        # All below are touched on the thread only.
        self._held: list[JournalRecord] = []
        self._spooled = 0
        self._let_go = 0
        """How many of those held, from the first, are in the spool; and may be acted upon."""
        self._error: OpenlineError | None = None
        self._try_at = 0.0
        self._ended = self._loop.create_future()
        self._thread = threading.Thread(target=self._work, name="journal", daemon=True)
        self._thread.start()

    # -- on the loop

    @property
    def backlog(self) -> int:
        """How many submitted records are not yet known to be durable."""
        return self._backlog

    @property
    def is_spooling(self) -> bool:
        """Whether the spool keeps what the store refuses; not without one, nor if it failed."""
        return self._spool is not None and not self._is_beyond_spool

    @property
    def commit_seconds(self) -> tuple[float, ...]:
        """How long the latest commits took, oldest first; at most 1,024."""
        return tuple(self._commits)

    def submit(self, record: JournalRecord) -> None:
        """Takes a record to be written; returns at once."""
        if self._closed:
            raise BugError("A record was submitted to a journal writer that is closed.")
        self._backlog += 1
        self._queue.put(record)

    def run(self, work: Callable[[], T]) -> "asyncio.Future[T]":
        """Runs a small write on the thread, after all that was submitted before it.

        The future holds what it returned or raised. Journal records wait for it, so it should
        take milliseconds; long reading belongs elsewhere.
        """
        if self._closed:
            raise BugError("A write was given to a journal writer that is closed.")
        future: asyncio.Future[T] = self._loop.create_future()
        self._queue.put(_Job(work, future))
        return future

    async def flush(self) -> None:
        """Waits until all that was submitted so far is durable.

        Raises:
            OpenlineError: it is not, and why; `PeerError` will be tried again.
        """
        await self.run(_nothing)

    async def close(self) -> None:
        """Makes a last attempt to write what waits, and ends the thread.

        Raises:
            OpenlineError: records are lost with this process, and why.
        """
        if not self._closed:
            self._closed = True
            self._queue.put(None)
        await self._ended
        self._thread.join()
        if len(self._held) > self._spooled and self._error is not None:
            raise self._error

    def _note(self, count: int, last_step: int, seconds: float, is_beyond_spool: bool) -> None:
        self._backlog -= count
        self._is_beyond_spool = is_beyond_spool
        self._commits.append(seconds)
        self._durable(last_step)

    def _note_store_again(self) -> None:
        self._is_beyond_spool = False

    # -- on the thread

    def _work(self) -> None:
        is_open = True
        while is_open:
            waiting = self._take()
            for item in waiting:
                if isinstance(item, JournalRecord):
                    self._held.append(item)
                elif item is None:
                    is_open = False
                    self._try_at = 0.0
                else:
                    self._append()
                    self._finish(item)
            self._append()
        self._loop.call_soon_threadsafe(self._ended.set_result, None)

    def _take(self) -> list[JournalRecord | _Job | None]:
        """Waits for something to do, then takes all there is; empty when it is time to retry."""
        is_retrying = bool(self._held) and not isinstance(self._error, BugError)
        items = []
        try:
            items.append(self._queue.get(timeout=self._retry_seconds if is_retrying else None))
            while True:
                items.append(self._queue.get_nowait())
        except queue.Empty:
            return items

    def _append(self) -> None:
        if not self._held or isinstance(self._error, BugError):
            return
        begun = time.perf_counter()
        # Without a spool nothing gets on before the store does, so it is asked each time.
        if self._error is not None and self._spool is not None and begun < self._try_at:
            self._go_on_without_store(begun)
            return
        error = self._try()
        ended = time.perf_counter()
        if error is None:
            if self._error is not None:
                self._error = None
                self._empty_spool()
                if self._recovered is not None:
                    self._loop.call_soon_threadsafe(self._recovered)
                self._loop.call_soon_threadsafe(self._note_store_again)
            self._tell_durable(ended - begun)
            self._held = []
            self._spooled = self._let_go = 0
            return
        self._error = error
        self._try_at = ended + max(self._retry_seconds, TRYING_SHARE * (ended - begun))
        self._loop.call_soon_threadsafe(self._failed, error)
        if not isinstance(error, BugError):
            self._go_on_without_store(begun)

    def _try(self) -> OpenlineError | None:
        try:
            self._store.append(self._held)
        except OpenlineError as error:
            return error
        except Exception as error:  # noqa: BLE001 -- the outermost edge of this thread
            bug = BugError(f"The journal could not be written: {type(error).__name__}.")
            bug.__cause__ = error
            return bug
        return None

    def _go_on_without_store(self, begun: float) -> None:
        """Makes what is held durable in the spool; if that fails too, lets it go from memory."""
        new = self._held[self._spooled :]
        if self._spool is None or not new:
            return
        try:
            # After a first failure nothing more goes in: a gap in the middle could not be mended.
            if self._let_go == self._spooled:
                self._spool.write(new)
                self._spooled = len(self._held)
        except PeerError as error:
            self._loop.call_soon_threadsafe(self._failed, error)
            with contextlib.suppress(PeerError):
                self._spool.note_gap(new[0].step - 1, new[0].at)
        self._tell_durable(time.perf_counter() - begun)

    def _tell_durable(self, seconds: float) -> None:
        new = len(self._held) - self._let_go
        if new:
            self._let_go = len(self._held)
            # Neither the store nor the spool has them while there is an error and they are held.
            is_beyond = self._error is not None and self._let_go > self._spooled
            last = self._held[-1].step
            self._loop.call_soon_threadsafe(self._note, new, last, seconds, is_beyond)

    def _empty_spool(self) -> None:
        if self._spool is None:
            return
        try:
            self._spool.clear()
        except PeerError as error:
            # What is in it is in the store as well, and is passed over at the next start.
            self._spool = None
            self._loop.call_soon_threadsafe(self._failed, error)

    def _finish(self, job: _Job) -> None:
        is_kept = job.work is _nothing and self._spooled == len(self._held)
        if self._error is not None and not (is_kept and isinstance(self._error, PeerError)):
            self._settle(job, None, self._error)
            return
        try:
            result = job.work()
        except Exception as error:  # noqa: BLE001 -- handed to whoever awaits the job
            self._settle(job, None, error)
        else:
            self._settle(job, result, None)

    def _settle(self, job: _Job, result: Any, error: Exception | None) -> None:
        def settle() -> None:
            if job.future.done():  # nobody waits for it any more
                return
            if error is None:
                job.future.set_result(result)
            else:
                job.future.set_exception(error)

        self._loop.call_soon_threadsafe(settle)


def _nothing() -> None:
    """Is the job of a flush: to come after everything before it."""
