"""How fast are the staffing formulas?

A year of half hours, each with its own number of calls, is staffed for 80/20 by Erlang A, as the
planner's page does after every change.
"""

import time

import numpy as np

from benchmarks.figure import Figure
from openline.planning.erlang import Model
from openline.planning.staffing import Questions, Targets, least_agents

NAME = "staffing"

HALF_HOURS = 365 * 48
ROUNDS = 5
BOUND_S = 0.1
SEED = 20260330


def run() -> list[Figure]:
    """Measures the best of some rounds: the machine's other work is not ours."""
    chance = np.random.default_rng(SEED)
    every = np.ones(HALF_HOURS)
    questions = Questions(
        Model.ERLANG_A,
        chance.gamma(4, 35, HALF_HOURS),
        1800 * every,
        360 * every,
        180 * every,
        20 * every,
    )
    targets = Targets.of_service_level(0.8 * every)
    took = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        least_agents(questions, targets)
        took.append(time.perf_counter() - begun)
    return [
        Figure.at_most(
            name="a year of half hours, Erlang A",
            value=min(took),
            unit="s",
            against="bound: 0.1 s",
            reference=BOUND_S,
        )
    ]
