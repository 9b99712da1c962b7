"""Does one settled queue agree with exact Erlang A, whatever its load, its size and its patience?

Sixteen queues: 4 and 20 agents, offered 0.6, 0.9, 1.0 and 1.3 erlangs an agent, callers patient for
a half and for three service times. In each the share that gives up, the mean wait and the share
that waits at all are held against theory (`planning/erlang.py` has formula, source and a
worked number). The bound is three standard errors, of which 48 comparisons by pure chance would
break one in seven times; so the seeds are fixed.
"""

from itertools import product

from benchmarks.figure import Figure
from tests.simulation.stationary import SERVICE_S, Compared, compared

NAME = "erlang_grid"
IS_LONG = True

AGENTS = (4, 20)
LOADS = (0.6, 0.9, 1.0, 1.3)
PATIENCE = (0.5, 3.0)
RUNS = 30
CALLS = 2_000
BOUND = 3.0


def run() -> list[Figure]:
    """Holds each queue of the grid against theory and tells how far off it is at most."""
    figures = []
    for agents, load, patience in product(AGENTS, LOADS, PATIENCE):
        per_hour = load * agents * 3600 / SERVICE_S
        found = compared(per_hour, agents, patience * SERVICE_S, runs=RUNS, calls=CALLS)
        worst = max(found, key=_errors_off)
        figures.append(
            Figure.at_most(
                name=f"{agents} agents, load {load:g}, patience {patience:g} service times",
                value=worst.errors_off,
                unit="errors",
                against=f"{worst.what} {worst.found:.4g} ± {worst.error:.2g}, "
                f"exact {worst.exact:.4g}",
                reference=BOUND,
            )
        )
    return figures


def _errors_off(one: Compared) -> float:
    return one.errors_off
