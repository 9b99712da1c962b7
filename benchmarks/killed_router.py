"""How soon are calls routed again after the centre is killed, and does anybody hear it?

A real Asterisk, a caller who talks with an agent and callers who wait, all with sound. The centre
is killed at random points a hundred times, five in half a minute at most, since whoever dies
oftener is given up. Each time it is measured until it has its telephones again and takes calls. The
same callers are there at the end, and their longest silence beside one with nobody killed.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from benchmarks.figure import Figure
from openline.app.parent import CRASHES_ALLOWED, CRASHES_WITHIN_S
from tests.live.asterisk.desk import Desk
from tests.live.asterisk.house import House, house, until
from tests.live.asterisk.sipp import caller, telephone

NAME = "killed_router"
IS_LONG = True
ROUNDS, WAITING, SEED = 100, 5, 20261123
LONGEST_LIFE_S = 12.0
"""Some are killed before their spare is loaded, most after."""
BOUND_S, HEARD_S = 2.0, 0.02
"""A packet of sound may be as late as one more packet than in the control."""
FOUND_WITHIN_S = 60.0


def run(rounds: int = ROUNDS) -> list[Figure]:
    """Kills the centre so often and tells what it cost."""
    chance = random.Random(SEED)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        home = stack.enter_context(house(Path(folder)))
        stack.enter_context(telephone(home.ports["amira"], hertz=600, stays_s=7_200))
        amira = stack.enter_context(Desk(home.centre.base, "amira"))
        parties = [stack.enter_context(caller(home.server, stays_s=7_200)) for _ in range(WAITING)]
        amira.waits(WAITING, 30)
        amira.does("ready")
        amira.is_in("talking", 30)
        begun = time.monotonic()
        time.sleep(30)
        control = max(party.ear.longest_gap_s(since=begun) for party in parties)
        begun, took = time.monotonic(), list[float]()
        killed: list[float] = []
        for number in range(rounds):
            if number >= CRASHES_ALLOWED:
                earliest = killed[-CRASHES_ALLOWED] + CRASHES_WITHIN_S + 1
                time.sleep(max(0.0, earliest - time.monotonic()))
            time.sleep(chance.uniform(0, LONGEST_LIFE_S))
            killed.append(time.monotonic())
            took.append(_killed_s(home))
            sys.stderr.write(f"{number + 1}: {took[-1]:.2f} s\n")
        gap = max(party.ear.longest_gap_s(since=begun) for party in parties)
        amira.waits(WAITING - 1, 30)
        assert amira.view["state"] == "talking"
    took.sort()
    return [
        Figure.at_most(
            name=f"from the kill to routing again, the median of {rounds}",
            value=took[len(took) // 2],
            unit="s",
            against=f"bound: {BOUND_S:g} s on a machine that does nothing else",
            reference=BOUND_S,
        ),
        Figure.at_most(
            name=f"from the kill to routing again, the worst of {rounds}",
            value=took[-1],
            unit="s",
            against=f"bound: {BOUND_S:g} s on a machine that does nothing else",
            reference=BOUND_S,
        ),
        Figure.at_most(
            name=f"longest silence of {WAITING} callers in all the kills",
            value=gap,
            unit="s",
            against="half a minute in which nobody is killed, and one packet more",
            reference=control + HEARD_S,
        ),
    ]


def _killed_s(home: House) -> float:
    """Kills the centre; returns how long it was until another took calls."""
    before, begun = home.centre.pid, time.monotonic()
    home.centre.kill()
    until(
        # In this order: who routes has written down who he is.
        lambda: home.is_routing() and home.centre.pid != before,
        FOUND_WITHIN_S,
        what="it does not route again",
        every_s=0.005,
    )
    return time.monotonic() - begun
