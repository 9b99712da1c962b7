"""Who lives the runs of a study: this process, others on this machine, or a Ray cluster.

What a run gives hangs on its number alone, so whoever lives it gives the same sums, and they come
back in the order of their numbers: a study is equal to the digit everywhere.

Processes are started afresh (no fork of a process that may have threads), ignore Ctrl-C and are
stopped by this one. The cluster is `on_ray`.
"""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from multiprocessing.context import BaseContext
from typing import Protocol

import msgspec

from openline.model import PeerError, RefusedError
from openline.reports.runs import RunSums

WORTH_PROCESSES_S = 2.0

Life = Callable[[int], RunSums]
"""Lives a scenario once, by the number of the run: plain values and a function that others can
import, so that another process can be given it."""


class Shared(msgspec.Struct, frozen=True, kw_only=True):
    """Says who shares the runs."""

    processes: int = 1
    """On this machine."""
    ray: str | None = None
    """A cluster instead: `local` starts one here, `auto` or HOST:PORT is one that runs."""


ALONE = Shared()


class Pending(Protocol):
    """Is a run that others live."""

    def result(self) -> RunSums:
        """Waits for its sums; raises `PeerError` where whoever lived it died."""


class Crew(Protocol):
    """Lives runs elsewhere."""

    size: int
    """So many at once."""

    def begin(self, place: int, number: int) -> Pending:
        """Has a run of the scenario at this place lived."""


def shared_of(jobs: int | None, ray: str | None = None) -> Shared:
    """Returns who shares the runs: as asked, else as many processes as there are processors.

    Raises `RefusedError` (code `bad_jobs`) for a number that makes no sense, or both.
    """
    there = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    if jobs is not None and not 1 <= jobs <= 512:
        raise RefusedError(f"--jobs {jobs}: from 1 to 512.", code="bad_jobs")
    if jobs is not None and ray is not None:
        raise RefusedError(
            "--jobs is for processes of this machine, --ray for a cluster: leave out one.",
            code="bad_jobs",
        )
    return Shared(processes=jobs or there or 1, ray=ray)


def all_runs(
    lives: tuple[Life, ...], runs: int, shared: Shared
) -> Generator[tuple[RunSums, ...], None, None]:
    """Yields the results of run 0, 1, 2 … of all scenarios, in that order.

    Closed early, it ends what is still lived.
    """

    def here(number: int) -> tuple[RunSums, ...]:
        return tuple(life(number) for life in lives)

    begins_at, crew = 0, _crew(lives, runs, shared)
    if shared.ray is None:
        begun = time.perf_counter()
        yield here(0)
        # Small studies are over sooner than other processes are there.
        took = time.perf_counter() - begun
        if shared.processes == 1 or took * (runs - 1) < WORTH_PROCESSES_S:
            yield from map(here, range(1, runs))
            return
        begins_at = 1
    with crew as there:
        # The one that is waited for, and as many as keep everybody busy.
        ahead = max(2 * there.size // len(lives), 1) + 1
        waiting: list[list[Pending]] = []
        number = begins_at
        while number < runs or waiting:
            while number < runs and len(waiting) < ahead:
                waiting.append([there.begin(place, number) for place in range(len(lives))])
                number += 1
            yield tuple(each.result() for each in waiting.pop(0))


def _crew(lives: tuple[Life, ...], runs: int, shared: Shared) -> AbstractContextManager[Crew]:
    """Returns who lives the runs; nobody is called before the context is entered."""
    if shared.ray is None:
        return _processes(lives, min(shared.processes, runs * len(lives)))
    # Only who asks for a cluster needs its library.
    from openline.app.on_ray import on_ray  # noqa: PLC0415

    return on_ray(shared.ray, lives)


# --- processes of this machine -------------------------------------------------------------


class _InProcess:
    """Is a run that a process lives."""

    def __init__(self, future: Future[RunSums]) -> None:
        self._future = future

    def result(self) -> RunSums:
        try:
            return self._future.result()
        except BrokenProcessPool:
            raise PeerError(
                "A process of the study died, perhaps because there is too little memory. Try "
                "--jobs 1, or fewer days."
            ) from None


class _Processes:
    """Lives runs in processes of this machine."""

    def __init__(self, pool: ProcessPoolExecutor, size: int) -> None:
        self._pool = pool
        self.size = size

    def begin(self, place: int, number: int) -> _InProcess:
        return _InProcess(self._pool.submit(_one_there, place, number))


@contextmanager
def _processes(lives: tuple[Life, ...], count: int) -> Iterator[_Processes]:
    before = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(
        count, mp_context=_context(), initializer=_begin_there, initargs=(lives,)
    )
    try:
        yield _Processes(pool, count)
    finally:
        # Not waited for: what they are at is not wanted any more.
        pool.shutdown(wait=False, cancel_futures=True)
        for child in set(multiprocessing.active_children()) - before:
            child.terminate()


def _context() -> BaseContext:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["openline.app.study"])
    return context


_lives: tuple[Life, ...] = ()
"""In a process of a study: what it lives. Given once, for it is large."""


def _begin_there(lives: tuple[Life, ...]) -> None:
    global _lives  # noqa: PLW0603 - the one thing a process of a pool can be given at its start
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _lives = lives


def _one_there(place: int, number: int) -> RunSums:
    return _lives[place](number)
