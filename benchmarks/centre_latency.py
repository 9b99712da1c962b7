"""How long does a caller wait for our disk, beyond what the disk itself takes?

A real centre with its real store gets an input every 5 ms, whether or not it has answered the last
one; taken is the time from the input to the carrying out of the first order that follows from it.
In turn with it, slice by slice, plain sqlite3 commits rows of the same size to the same disk at the
same rate. The difference is ours: two hops between threads, the engine, the record, a second apply.
"""

from __future__ import annotations

import asyncio
import sqlite3
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import uvloop

from benchmarks.figure import Figure
from benchmarks.instruments import percentile, ticks
from benchmarks.rooms import LINE, real_centre, room
from openline.centre import Centre
from openline.engine import AnyCommand, AnyInput, State
from openline.engine import inputs as i
from openline.model import AgentKey, LegId, Origin
from openline.store.sqlite import SqliteStore
from openline.telephony.port import Capabilities, See

NAME = "centre_latency"

SLICES = 8
PER_SLICE = 200
EVERY_S = 0.005
AGENTS = 20

P99_BOUND_MS = 3.0
CPU_BOUND_US = 500.0
BURST = 2_000
BURST_BOUND_US = 60.0

Slice = tuple[list[float], list[float]]
"""The centre's waits and then the bare commits, in milliseconds."""


def run() -> list[Figure]:
    """Runs centre and bare commits in turn; returns their distance and the centre's own work."""
    # Beside the working folder, which is on a disk: the system's folder may be in memory.
    with (
        tempfile.TemporaryDirectory(prefix=".bench-", dir=Path.cwd()) as folder,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        measured = runner.run(_measure(Path(folder)))
    slices, cpu_us, burst_us = measured
    waits = [wait for of_one, _ in slices for wait in of_one]
    commits = [commit for _, of_one in slices for commit in of_one]
    # A disk has its moments: one of them must not decide for either side.
    above = statistics.median(
        percentile(waited, 99) - percentile(committed, 99) for waited, committed in slices
    )
    return [
        Figure.at_most(
            name="input to order, p99 above the disk's own commit p99",
            value=above,
            unit="ms",
            against=f"bound: {P99_BOUND_MS:g} ms at {1 / EVERY_S:.0f} inputs/s, median of slices",
            reference=P99_BOUND_MS,
        ),
        Figure.at_most(
            name="input to order, p50",
            value=statistics.median(waits),
            unit="ms",
            against=f"bare sqlite3 commit p50 + {P99_BOUND_MS:g} ms",
            reference=statistics.median(commits) + P99_BOUND_MS,
        ),
        Figure.at_most(
            name="processor time of the event loop per step, one at a time",
            value=cpu_us,
            unit="µs",
            against=f"bound: {CPU_BOUND_US:g} µs, caches cold, waking up included",
            reference=CPU_BOUND_US,
        ),
        Figure.at_most(
            name="processor time of the event loop per step, in a burst",
            value=burst_us,
            unit="µs",
            against=f"bound: {BURST_BOUND_US:g} µs over {BURST} steps",
            reference=BURST_BOUND_US,
        ),
    ]


async def _measure(folder: Path) -> tuple[list[Slice], float, float]:
    port = _TimingPort()
    async with real_centre(folder, room(AGENTS), port) as (centre, store):
        return await _measure_in(folder, centre, store, port)


async def _measure_in(
    folder: Path, centre: Centre, store: SqliteStore, port: _TimingPort
) -> tuple[list[Slice], float, float]:
    inputs = _inputs(centre)
    for _ in range(2 * AGENTS + PER_SLICE):  # signs in, and warms up
        centre.see(next(inputs))
    await centre.writer.flush()
    port.take_waits()

    bare = _BareJournal(folder / "bare.sqlite", size=_usual_size(store))
    slices: list[Slice] = []
    cpu_ns = steps = 0
    for _ in range(SLICES):
        cpu, before = time.thread_time_ns(), centre.engine.state.step
        await _feed(centre, port, inputs)
        cpu_ns += time.thread_time_ns() - cpu
        steps += centre.engine.state.step - before
        slices.append((port.take_waits(), await asyncio.to_thread(bare.commit_slice)))
    bare.close()

    cpu = time.thread_time_ns()
    for _ in range(BURST):
        centre.see(next(inputs))
    await centre.writer.flush()
    burst_ns = time.thread_time_ns() - cpu
    return slices, cpu_ns / steps / 1_000, burst_ns / BURST / 1_000


async def _feed(centre: Centre, port: _TimingPort, inputs: Iterator[AnyInput]) -> None:
    """Lets a thread hand in inputs at their times, as a socket would, and waits for their end."""
    loop = asyncio.get_running_loop()

    def take(seen_at: float) -> None:
        seen = next(inputs)
        step = centre.engine.state.step
        centre.see(seen)
        if centre.engine.state.step > step:
            port.seen_at[step + 1] = seen_at

    def hand_in() -> None:
        for _ in ticks(PER_SLICE, EVERY_S):
            loop.call_soon_threadsafe(take, time.perf_counter())

    feeder = threading.Thread(target=hand_in)
    feeder.start()
    await asyncio.to_thread(feeder.join)
    await centre.writer.flush()
    port.seen_at.clear()


class _TimingPort:
    """Takes the time at the first order of each step."""

    prefix = "bench"
    capabilities = Capabilities(
        announcements=True,
        hold=True,
        transfer=True,
        consult=True,
        real_audio=False,
        voicemail=False,
        dials=False,
    )

    def __init__(self) -> None:
        self.seen_at: dict[int, float] = {}
        self._waits_ms: list[float] = []

    def start(self, see: See) -> None:
        pass

    def resume(self, state: State) -> tuple[LegId, ...]:
        return ()

    def carry_out(self, command: AnyCommand) -> None:
        # The number of the step stands above the lower 16 bits of the order's.
        seen_at = self.seen_at.pop(command.id >> 16, None)
        if seen_at is not None:
            self._waits_ms.append((time.perf_counter() - seen_at) * 1_000)

    async def stop(self) -> None:
        pass

    def take_waits(self) -> list[float]:
        """Returns the waits since it was asked last, in milliseconds."""
        waits, self._waits_ms = self._waits_ms, []
        return waits


class _BareJournal:
    """Commits rows like the journal's with nothing round it."""

    def __init__(self, path: Path, *, size: int) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.execute(
            "CREATE TABLE journal (step INTEGER PRIMARY KEY, at, schema, body, hash)"
        )
        self._row = (0, 1, bytes(size), bytes(32))

    def commit_slice(self) -> list[float]:
        """Commits a row every 5 ms; returns how long each took, in milliseconds."""
        took = []
        for _ in ticks(PER_SLICE, EVERY_S):
            begun = time.perf_counter()
            self._connection.execute(
                "INSERT INTO journal (at, schema, body, hash) VALUES (?, ?, ?, ?)", self._row
            )
            took.append((time.perf_counter() - begun) * 1_000)
        return took

    def close(self) -> None:
        self._connection.close()


def _usual_size(store: SqliteStore) -> int:
    return round(statistics.mean(len(record.body) for record in store.read(2)))


def _inputs(centre: Centre) -> Iterator[AnyInput]:
    """Yields the inputs of a busy room without end: each agent takes one call after another."""
    agents = [AgentKey(f"agent-{number}") for number in range(AGENTS)]
    for agent in agents:
        leg = LegId(f"bench:{agent}")
        yield i.SignInRequested(agent=agent, leg=leg, origins=(Origin.REAL,))
        yield i.ReadyRequested(agent=agent)
    state = centre.engine.state
    number = 0
    while True:
        for _ in agents:
            number += 1
            yield i.LegArrived(leg=LegId(f"bench:{number}"), line=LINE, origin=Origin.REAL)
        for agent in agents:
            offer = state.agents[agent].offer
            if offer is not None:
                yield i.AcceptRequested(agent=agent, offer=offer)
        for agent in agents:
            yield i.HoldRequested(agent=agent)
            yield i.ResumeRequested(agent=agent)
        for agent in agents:
            yield i.HangUpRequested(agent=agent)
        for agent in agents:
            yield i.WrapUpFinishRequested(agent=agent, disposition="helped")
