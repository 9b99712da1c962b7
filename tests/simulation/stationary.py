"""One queue that has settled, to be held against theory: many short runs, each with its seed."""

from dataclasses import dataclass
from math import sqrt
from statistics import mean, stdev

import numpy as np

from openline.engine import AnyInput, CallOutcome, Outcome
from openline.engine import events as e
from openline.model import Instant
from openline.planning.erlang import Model
from openline.planning.staffing import Questions, behave
from openline.simulation import simulate
from openline.simulation.arrivals import HOUR
from tests.simulation.worlds import one_queue, seconds

START = Instant(490_014 * HOUR)
SERVICE_S = 60.0


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Is one figure, as it was found and as theory has it."""

    what: str
    found: float
    error: float
    """The standard error of what was found."""
    exact: float

    @property
    def errors_off(self) -> float:
        """How many standard errors lie between the two."""
        return abs(self.found - self.exact) / self.error


def compared(
    per_hour: float, agents: int, patience_s: float, *, runs: int, calls: int, first_seed: int = 0
) -> list[Compared]:
    """Holds share abandoned, mean wait and share that waits against exact Erlang A."""
    columns = (np.array([each]) for each in (per_hour, 3600.0, SERVICE_S, patience_s, 20.0))
    theory = behave(Questions(Model.ERLANG_A, *columns), np.array([agents]))
    abandoned, waits, delayed = [], [], []
    for seed in range(first_seed, first_seed + runs):
        counted = _one_run(seed, per_hour, agents, patience_s, calls / per_hour)
        offered = len(counted)
        abandoned.append(sum(is_lost for _, is_lost in counted) / offered)
        waits.append(sum(wait for wait, _ in counted) / offered)
        delayed.append(sum(wait > 0 for wait, _ in counted) / offered)
    return [
        Compared(what=what, found=mean(found), error=stdev(found) / sqrt(runs), exact=exact)
        for what, found, exact in (
            ("abandoned share", abandoned, float(theory.abandon_probability[0])),
            ("mean wait", waits, float(theory.mean_wait_s[0])),
            ("share that waits", delayed, float(theory.wait_probability[0])),
        )
    ]


def _one_run(
    seed: int, per_hour: float, agents: int, patience_s: float, hours: float
) -> list[tuple[float, bool]]:
    """Returns (wait in seconds, left unanswered) of each call after half an hour's beginning."""
    settings, profile = one_queue(
        seed,
        per_hour=per_hour,
        agents=agents,
        service=seconds(SERVICE_S),
        patience=seconds(patience_s),
    )
    warm = START + HOUR // 2
    counted: list[tuple[float, bool]] = []

    def count(seen: AnyInput, now: Instant, outcome: Outcome) -> None:
        for event in outcome.events:
            if isinstance(event, e.OfferAccepted) and now >= warm:
                counted.append((event.waited / 1e6, False))
            elif (
                isinstance(event, e.CallEnded)
                and event.outcome is CallOutcome.ABANDONED
                and now >= warm
            ):
                counted.append((event.waited / 1e6, True))

    end = Instant(int(warm + hours * HOUR))
    simulate(settings, profile, START, end, on_step=count)
    return counted
