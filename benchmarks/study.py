"""How fast is a study of the yardstick line?

A simulated day with every figure, after start-up; how much of it the figures cost beside the bare
engine and its people; and the same runs on one process and on two. Ratios are taken within one
run of the benchmark: the machine's other work slows all of it.
"""

import multiprocessing
import time
from datetime import date
from multiprocessing.synchronize import Barrier
from pathlib import Path

from benchmarks.figure import Figure
from openline.app.sharing import Shared
from openline.app.study import WARM_UP, Scenario, run_once, scenario_of, study
from openline.configuration import load
from openline.model import Instant
from openline.reports.runs import Estimate
from openline.simulation import simulate
from openline.simulation.changes import World
from openline.simulation.civil import instant_of, zone

NAME = "study"

EXAMPLE = Path(__file__).parents[1] / "examples" / "yardstick.toml"
DAY = date(2026, 3, 3)
RUNS = 24
"""Enough that the last run, which one process has for itself, weighs little."""
ROUNDS = 3
BEFORE = 5
"""So many runs are lived before the clock starts: by then the processes are there."""


def run() -> list[Figure]:
    """Measures one day, and eight on one process and on two, alternating."""
    published = load(EXAMPLE)
    scenario = scenario_of(published, start=DAY, days=1, seed=1)
    whole = min(_timed(scenario) for _ in range(ROUNDS))
    bare = min(_bare(scenario) for _ in range(ROUNDS))
    alone, shared, apart = [], [], []
    for _ in range(2):
        alone.append(_studied(scenario, 1))
        shared.append(_studied(scenario, 2))
        apart.append(_apart(scenario))
    return [
        Figure.at_most(
            name="a simulated day of the yardstick line",
            value=whole,
            unit="s",
            against="bound: 1 s of a processor after start-up",
            reference=1.0,
        ),
        Figure.at_most(
            name="with all figures",
            value=whole,
            unit="s",
            against="bound: 1.8 times the bare engine and its people",
            reference=1.8 * bare,
        ),
        Figure.at_least(
            name="two processes",
            value=min(alone) / min(shared),
            unit="x",
            against="bound: 1.8 times one, the start of the processes not counted",
            reference=1.8,
        ),
        Figure.at_least(
            name="two processes of a study",
            value=min(alone) / min(shared),
            unit="x",
            against="peer: two programs that share nothing, each with half of the runs; 0.97 of it",
            reference=0.97 * min(alone) / min(apart),
        ),
    ]


def _timed(scenario: Scenario) -> float:
    begun = time.process_time()
    run_once(scenario, 0)
    return time.process_time() - begun


def _bare(scenario: Scenario) -> float:
    since = instant_of(scenario.start, 0, zone(scenario.zone))
    world = scenario.world
    assert isinstance(world, World), "the example invents its people"
    until = instant_of(date.fromordinal(DAY.toordinal() + 1), 0, zone(scenario.zone))
    begun = time.process_time()
    simulate(world.settings, world.profile, Instant(since - WARM_UP), until)
    return time.process_time() - begun


def _studied(scenario: Scenario, jobs: int) -> float:
    """Returns the time of the runs, from when the processes are there."""
    began: list[float] = []

    def told(done: int, _: Estimate) -> None:
        if done == BEFORE:
            began.append(time.perf_counter())

    study(
        (scenario,),
        runs=RUNS + BEFORE,
        precision=None,
        shared=Shared(processes=jobs),
        tell=told,
    )
    return time.perf_counter() - began[0]


def _apart(scenario: Scenario) -> float:
    """Returns the time of the runs in two processes that have nothing to do with each other."""
    context = multiprocessing.get_context("forkserver")
    together = context.Barrier(3)
    halves = [context.Process(target=_half, args=(scenario, RUNS // 2, together)) for _ in range(2)]
    for half in halves:
        half.start()
    together.wait()
    begun = time.perf_counter()
    for half in halves:
        half.join()
    return time.perf_counter() - begun


def _half(scenario: Scenario, runs: int, together: Barrier) -> None:
    run_once(scenario, 0)
    together.wait()
    for number in range(1, runs + 1):
        run_once(scenario, number)
