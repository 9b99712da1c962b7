"""An hour with a hundred who talk and a hundred who wait: does anything grow, is the sound whole?

Callers and telephones both send sound and hear it. Who has talked leaves, and another comes, so
that a hundred talk and a hundred wait all the time. Some of both are listened to: the kernel says
when each packet came, so a busy machine that reads late counts for nothing; the gap between two is
what a caller would hear. What the telephones say is sent by SIPp, and its own jitter is in those
gaps too. Memory of Openline and of Asterisk, and Asterisk's channels, are looked at every five
seconds, and the last third of the time is held against the one before.
`OPENLINE_MINUTES=5 OPENLINE_TALKING=20 OPENLINE_WAITING=20` is a short one.
"""

import os
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.instruments import resident_mb, say
from tests.live.asterisk.crowd import Coming, PickUp, callers, cpu_s, telephones
from tests.live.asterisk.day import Room, home_of
from tests.live.asterisk.listening import Listening

NAME = "soak"
IS_LONG = True
MINUTES = float(os.environ.get("OPENLINE_MINUTES", "60"))
TALKING = int(os.environ.get("OPENLINE_TALKING", "100"))
WAITING = int(os.environ.get("OPENLINE_WAITING", "100"))
TALK_S, COME_S, LISTENED = 90.0, 0.1, 20
GAP_MS, GROWN_MB, GROWN_SHARE = 40.0, 10.0, 0.05


def run(minutes: float = MINUTES) -> list[Figure]:
    """Lives through it and tells."""
    # Who comes first fills the room and the queue; then one comes for each who has talked.
    at_once = TALKING + WAITING
    begun_s = at_once * COME_S + 10
    more = round(minutes * 60 * TALKING / TALK_S)
    comings = [Coming(n * COME_S, 36_000.0) for n in range(at_once)]
    comings += [Coming(begun_s + n * TALK_S / TALKING, 36_000.0) for n in range(more)]
    # The first to talk end one after the other too, not all at once.
    first = [PickUp(0.5, TALK_S * (n + 1) / TALKING) for n in range(TALKING)]
    pick_ups = first + [PickUp(0.5, TALK_S)] * len(comings)
    # So many of those who are there at any time are listened to.
    step = max(2, at_once // LISTENED)
    listened = comings[::step]
    others = [each for n, each in enumerate(comings) if n % step]
    router, asterisk, channels = list[float](), list[float](), list[int]()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        enter = stack.enter_context
        home, keys, port = home_of(Path(folder), TALKING)
        enter(home.server)
        enter(home.start_centre())
        ear = enter(Listening("127.0.0.2"))
        enter(telephones(port, pick_ups, speaks=True))
        enter(Room(home.centre.base, keys))
        pids = (home.centre.pid, home.server.pid)
        before = [cpu_s(pid) for pid in pids]
        crowd = enter(callers(home.server, others, speaks=True))
        enter(callers(home.server, listened, speaks=True, sound=ear.port))
        time.sleep(begun_s)
        ear.gaps.clear()
        begun = time.monotonic()
        while (elapsed := time.monotonic() - begun) < minutes * 60:
            router.append(resident_mb(home.centre.pid))
            asterisk.append(resident_mb(home.server.pid))
            channels.append(len(home.channels()))
            say(f"{elapsed / 60:.1f} of {minutes:g} min, {channels[-1]} channels")
            time.sleep(5)
        used = [cpu_s(pid) - b for pid, b in zip(pids, before, strict=True)]
        told = crowd.said
    per_s = 100 / (minutes * 60 + begun_s)
    sys.stderr.write(
        f"\n{told}; gap p50 {ear.gap_ms(50):.0f}, p99.9 {ear.gap_ms(99.9):.0f} ms of "
        f"{ear.gaps.total()} packets, {ear.silences} silences beyond a second; "
        f"CPU: Openline {used[0] * per_s:.1f} %, Asterisk {used[1] * per_s:.0f} % of a core; "
        f"memory: {router[-1]:.0f} and {asterisk[-1]:.0f} MB\n"
    )
    return [
        Figure.at_most(
            name=f"p99 of the gap between packets at callers, {TALKING} talking {WAITING} waiting",
            value=ear.gap_ms(99),
            unit="ms",
            against=f"bound: {GAP_MS:g} ms, one packet late",
            reference=GAP_MS,
        ),
        Figure.at_most(
            name="memory of Openline grown from the second to the last third",
            value=_grown(router),
            unit="MB",
            against=f"bound: {GROWN_MB:g} MB",
            reference=GROWN_MB,
        ),
        Figure.at_most(
            name="memory of Asterisk grown from the second to the last third",
            value=_grown(asterisk),
            unit="MB",
            against=f"bound: {GROWN_MB:g} MB",
            reference=GROWN_MB,
        ),
        Figure.at_most(
            name="channels of Asterisk grown from the second to the last third",
            value=_grown(channels),
            unit="channels",
            against="bound: one in twenty",
            reference=GROWN_SHARE * statistics.median(channels),
        ),
        Figure.at_least(
            name="channels at all times, the fewest",
            value=min(channels),
            unit="channels",
            against="bound: nine in ten of those who talk, their agents, and those who wait",
            reference=0.9 * (2 * TALKING + WAITING),
        ),
    ]


def _grown(seen: list[float] | list[int]) -> float:
    third = max(1, len(seen) // 3)
    return statistics.median(seen[-third:]) - statistics.median(seen[-2 * third : -third])
