"""Fifty new calls a second by real SIP, and what those hear who come beyond what there is room for.

First fifty callers come in each second, hear music and leave by themselves; each is to be taken at
once, and all are to be on record. Then a few hundred come within a second at a centre that keeps
only a few at its door: whoever there is no room for hears a recording, to its end, and is on no
record; nobody is left ringing. Then nobody and nothing is to be there. `OPENLINE_SECONDS=20` is a
short one.
"""

import os
import sys
import tempfile
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from benchmarks.figure import Figure
from benchmarks.instruments import percentile
from tests.live.asterisk.crowd import Coming, callers, cpu_s
from tests.live.asterisk.day import ends_of, home_of
from tests.live.asterisk.house import until

NAME = "fifty_a_second"
IS_LONG = True
SECONDS = float(os.environ.get("OPENLINE_SECONDS", "120"))
RATE, STAYS_S = 50, 2.0
CROWD, AT_THE_DOOR, CROWD_STAYS_S = 300, 2, 20.0
TAKEN_MS, TOLD_MS, HEARD_MS = 1_000.0, 5_000.0, 1_000.0


class Came(NamedTuple):
    """Is what became of those who came."""

    said: Counter[str]
    on_record: int
    taken_ms: list[float]
    ended_after_ms: list[float]
    """How long they had heard something whom the centre let go."""
    centre_ms: float
    """Processor time for each call."""
    asterisk_ms: float


def _come(plan: list[Coming], within_s: float, most_arriving: int) -> Came:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        enter = stack.enter_context
        home, _, _ = home_of(Path(folder), 1, most_arriving=most_arriving)
        enter(home.server)
        enter(home.start_centre())
        watched = (home.centre.pid, home.server.pid)
        before = [cpu_s(pid) for pid in watched]
        crowd = enter(callers(home.server, plan))
        if not crowd.is_over(within_s):
            sys.stderr.write(crowd.why())
        until(home.is_empty, 30, what="channels are left")
        used = [cpu_s(pid) - b for pid, b in zip(watched, before, strict=True)]
        home.lets_go()
        return Came(
            crowd.said,
            len(ends_of(home.data)[0]),
            crowd.taken_ms,
            [float(line.split()[1]) for line in crowd.lines if line.startswith("ended ")],
            used[0] / len(plan) * 1_000,
            used[1] / len(plan) * 1_000,
        )


def run(seconds: float = SECONDS) -> list[Figure]:
    """Lets them come, and tells what became of them."""
    calls = round(seconds * RATE)
    steady = _come([Coming(n / RATE, STAYS_S) for n in range(calls)], seconds + 120, 100)
    crowd = _come([Coming(0.5 + n / CROWD, CROWD_STAYS_S) for n in range(CROWD)], 120, AT_THE_DOOR)
    sys.stderr.write(
        f"{RATE}/s: {dict(steady.said)}, taken p50 {percentile(steady.taken_ms, 50):.0f} ms; "
        f"CPU of a call: Openline {steady.centre_ms:.1f} ms, Asterisk {steady.asterisk_ms:.1f} ms\n"
        f"{CROWD} at once: {dict(crowd.said)}, {crowd.on_record} on record\n"
    )
    turned_away = crowd.said["ended"]
    return [
        Figure.at_least(
            name=f"calls of {calls} that were taken and are on record, {RATE}/s",
            value=min(steady.said["taken"], steady.said["left"], steady.on_record),
            unit="calls",
            against="bound: all",
            reference=calls,
        ),
        Figure.at_most(
            name=f"p99 from INVITE to the answer, {RATE}/s",
            value=percentile(steady.taken_ms, 99),
            unit="ms",
            against=f"bound: {TAKEN_MS:g} ms, before anybody wonders",
            reference=TAKEN_MS,
        ),
        Figure.at_most(
            name="CPU of Openline at that rate, cores",
            value=steady.centre_ms * RATE / 1_000,
            unit="",
            against="bound: 1, for the centre is one process",
            reference=1,
        ),
        Figure.at_least(
            name=f"callers of {CROWD} at once who were answered, by the centre or by words",
            value=crowd.said["taken"],
            unit="calls",
            against="bound: all",
            reference=CROWD,
        ),
        Figure.at_most(
            name="the longest wait of those for an answer",
            value=max(crowd.taken_ms),
            unit="ms",
            against=f"bound: {TOLD_MS:g} ms, one ring",
            reference=TOLD_MS,
        ),
        Figure.at_least(
            name=f"what the {turned_away} who were turned away heard of the words, the shortest",
            value=min(crowd.ended_after_ms, default=0.0),
            unit="ms",
            against=f"bound: {HEARD_MS:g} ms",
            reference=HEARD_MS,
        ),
        Figure.at_most(
            name="callers who are neither on record nor turned away, or both",
            value=abs(CROWD - turned_away - crowd.on_record),
            unit="calls",
            against="bound: none",
            reference=0,
        ),
    ]
