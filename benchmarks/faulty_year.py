"""Night 12: does the yardstick line keep its invariants for a year, with faults by a seed?

365 days of 6,500 calls, with kills, lost legs and orders, doubled and late inputs, a store that
refuses and a clock that is set. Every event is held to the invariants (`openline.invariants`), an
engine beside it must decide every step alike, and every tenth step each live call and agent is
looked at from all sides. The sums of the year must be the sums of its intervals, and the memory
must not depend on the length.

`OPENLINE_DAYS=20 ./bench faulty_year` plays a part.
"""

import os
import sys
import time
from datetime import UTC, datetime

from benchmarks.figure import Figure
from benchmarks.instruments import peak_mb, say
from openline.model import SECOND, Instant
from openline.simulation import Faults
from tests.scenarios.watched import DAY, Watched
from tests.simulation.worlds import yardstick

NAME = "faulty_year"
IS_LONG = True

SEED = 2026
DAYS = int(os.environ.get("OPENLINE_DAYS", "365"))
LOOK_EVERY = 10
START = Instant(int(datetime(2026, 3, 30, 5, tzinfo=UTC).timestamp()) * SECOND)
MEMORY_MB = 150
GROWTH_MB = 10


def run() -> list[Figure]:
    """Plays the days and says how fast it went, with how much memory, and whether it adds up."""
    line = Watched(*yardstick(SEED), Faults(seed=SEED), look_every=LOOK_EVERY)
    peaks: list[float] = []

    def tell(day: Instant) -> None:
        peaks.append(peak_mb())
        done = (day - START) // DAY
        if done % 10 == 0:
            arrived = line.watch.history.arrived
            say(f"day {done} of {DAYS}, {arrived:,} calls, {peaks[-1]:.0f} MB")
            sys.stderr.flush()

    begun = time.process_time()
    line.play(START, Instant(START + DAYS * DAY), tell)
    took = time.process_time() - begun
    calls = line.watch.history.arrived
    met = ", ".join(f"{count} {fault.value}" for fault, count in line.centre.met.most_common())
    whole, summed = line.books.whole, line.books.sum()
    # The first days fill what is filled once: rings, blocks of draws, the allocator's arenas.
    settled = peaks[min(5, len(peaks) - 1)] if peaks else peak_mb()
    return [
        Figure.at_least(
            name=f"{DAYS} days, every event checked",
            value=calls / took,
            unit="calls/s of CPU",
            against=f"bound: the year within 2 h of CPU; {line.watch.state.step:,} steps; {met}",
            reference=2_400_000 / 7_200,
        ),
        Figure.at_most(
            name="memory at its peak",
            value=peak_mb(),
            unit="MB",
            against="bound of the project",
            reference=MEMORY_MB,
        ),
        Figure.at_most(
            name="memory gained after the sixth day",
            value=peak_mb() - settled,
            unit="MB",
            against="bound: independent of the length",
            reference=GROWTH_MB,
        ),
        Figure(
            name="calls offered",
            value=whole.offered,
            unit="calls",
            against="sum of the intervals; all other sums agree too",
            reference=summed.offered,
            ratio=whole.offered / summed.offered if summed.offered else None,
            ok=whole == summed and whole.arrived == calls,
        ),
    ]
