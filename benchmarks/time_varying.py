"""Is a day staffed well in which calls come and go? Tried on the live engine.

A day curve with its peak at 20:00, calls of 6 and of 30 minutes, and the target that at most 20 in
100 find everybody busy. Two answers: the exact one, and the usual rule, a steady-state formula for
each half hour at its highest rate (SIPP max). The engine lives many days with the exact one; held
against the target is what cannot be chance: the estimate less two standard errors, over days. A
day tells little of one half hour, so there are years of them (a standard error of 0.005 after so
many); each is held against the exact share too, in standard errors, and their mean, which is known
ten times as well.
"""

import time
from collections import defaultdict
from math import cos, pi, sqrt
from statistics import fmean, stdev

import msgspec
import numpy as np

from benchmarks.figure import Figure
from openline.engine import AnyInput, Outcome
from openline.engine import events as e
from openline.model import MINUTE, SECOND, Duration, Instant
from openline.planning.erlang import Model
from openline.planning.staffing import Questions, Targets, least_agents
from openline.planning.time_varying import Day, staff_day
from openline.simulation import ColleagueGroup, Shift, WorldProfile, simulate
from tests.simulation.worlds import one_queue, seconds

NAME = "time_varying"
IS_LONG = True

ERLANGS = 20.0
AMPLITUDE = 0.75
PEAK_HOUR = 20.0
PATIENCE_S = 180.0
DELAYED = 0.2
HALF_HOURS = 48
MINUTES = HALF_HOURS * 30
DAYS = {360.0: 1_200, 1800.0: 3_000}
"""By the length of a call: so many days of the engine."""
START = Instant(20_000 * 24 * 60 * MINUTE)


def run() -> list[Figure]:
    """Measures calls of both lengths."""
    return [figure for aht_s in DAYS for figure in _measure(aht_s)]


def _rate(minute: float, aht_s: float) -> float:
    swing = AMPLITUDE * cos(2 * pi * (minute / 60 - PEAK_HOUR) / 24)
    return ERLANGS / aht_s * (1 + swing)


def _measure(aht_s: float) -> list[Figure]:
    steps = 6
    rates = np.array([_rate(5 * step + 2.5, aht_s) for step in range(HALF_HOURS * steps)])
    day = Day(
        rates=rates,
        steps=steps,
        step_s=300.0,
        aht_s=aht_s,
        patience_s=PATIENCE_S,
        target_s=0.0,
        service_level=np.full(HALF_HOURS, 1 - DELAYED),
    )
    begun = time.process_time()
    staffed = staff_day(day)
    took = time.process_time() - begun
    hours, usual = float(staffed.agents.sum()) / 2, float(_sipp_max(aht_s).sum()) / 2
    delayed = _lived(aht_s, [int(n) for n in staffed.agents])
    means = {k: fmean(each) for k, each in delayed.items()}
    errors = {k: stdev(each) / sqrt(len(each)) for k, each in delayed.items()}
    worst = max(means[k] - 2 * errors[k] for k in means) - DELAYED
    shares: list[float] = staffed.wait_probability.tolist()
    exact = fmean(shares)
    furthest = max(abs(means[k] - shares[k]) / errors[k] for k in means)
    minutes = f"{aht_s / 60:g}-minute calls"
    return [
        Figure.at_most(
            name=f"{minutes}: hours of the exact answer",
            value=hours,
            unit="h",
            against="bound: 3 % under SIPP max",
            reference=0.97 * usual,
        ),
        Figure.at_most(
            name=f"{minutes}: worst half hour over its target, by the engine",
            value=worst,
            unit="",
            against="bound: 0.01, by what cannot be chance (two standard errors)",
            reference=0.01,
        ),
        Figure.at_most(
            name=f"{minutes}: mean over half hours, engine less exact",
            value=abs(fmean(means.values()) - exact),
            unit="",
            against="bound: 0.01",
            reference=0.01,
        ),
        Figure.at_most(
            name=f"{minutes}: half hour furthest from the exact share",
            value=furthest,
            unit="standard errors",
            against="bound: 4; of 48 by chance about 2.5",
            reference=4.0,
        ),
        Figure.at_most(
            name=f"{minutes}: time for the answer",
            value=took,
            unit="s",
            against="bound: 30 s of a processor",
            reference=30.0,
        ),
    ]


def _sipp_max(aht_s: float) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    every = np.ones(HALF_HOURS)
    highest = np.array(
        [max(_rate(30 * k + minute, aht_s) for minute in range(31)) for k in range(HALF_HOURS)]
    )
    questions = Questions(
        Model.ERLANG_A,
        highest * 1800,
        1800 * every,
        aht_s * every,
        PATIENCE_S * every,
        0 * every,
    )
    return least_agents(questions, Targets.of_service_level((1 - DELAYED) * every))


# --- on the engine -------------------------------------------------------------------------


def _lived(aht_s: float, agents: list[int]) -> dict[int, list[float]]:
    """Returns for each half hour the share that waited, day by day."""
    settings, profile = one_queue(
        7,
        per_hour=ERLANGS / aht_s * 3600,
        agents=max(agents),
        service=seconds(aht_s),
        patience=seconds(PATIENCE_S),
    )
    profile = _staffed(profile, agents)
    day = Duration(24 * 60 * MINUTE)
    days = DAYS[aht_s]
    came: dict[tuple[int, int], int] = defaultdict(int)
    at_once: dict[tuple[int, int], int] = defaultdict(int)
    queued: dict[int, Instant] = {}

    def noted(_: AnyInput, now: Instant, outcome: Outcome) -> None:
        for event in outcome.events:
            match event:
                case e.CallQueued():
                    queued[event.call] = now
                    came[_place(now, day)] += 1
                case e.OfferAccepted() if queued.get(event.call) == now:
                    at_once[_place(now, day)] += 1
                case e.CallEnded():
                    queued.pop(event.call, None)
                case _:
                    pass

    # The first day is lived and not counted.
    simulate(settings, profile, START, Instant(START + (days + 1) * day), on_step=noted)
    found: dict[int, list[float]] = defaultdict(list)
    for half_hour in range(HALF_HOURS):
        mean = sum(came[number, half_hour] for number in range(1, days + 1)) / days
        for number in range(1, days + 1):
            waited = came[number, half_hour] - at_once[number, half_hour]
            # Against the mean number of calls: busy days count more, and the mean is the share.
            found[half_hour].append(waited / mean if mean else 0.0)
    return found


def _place(now: Instant, day: Duration) -> tuple[int, int]:
    since = now - START
    return since // day, since % day // (30 * MINUTE)


def _staffed(profile: WorldProfile, agents: list[int]) -> WorldProfile:
    """Returns the profile in which so many are there in each half hour, and go when it is over."""
    (group,) = profile.colleagues
    groups: list[ColleagueGroup] = []
    for number, agent in enumerate(group.agents):
        shifts: list[Shift] = []
        begin: int | None = None
        for half_hour in range(HALF_HOURS + 1):
            is_there = half_hour < HALF_HOURS and agents[half_hour] > number
            if is_there and begin is None:
                begin = half_hour
            elif not is_there and begin is not None:
                shifts.append(Shift(start_minute=30 * begin, end_minute=30 * half_hour))
                begin = None
        groups.append(
            msgspec.structs.replace(group, name=agent, agents=(agent,), shifts=tuple(shifts))
        )
    return msgspec.structs.replace(
        profile,
        amplitude=AMPLITUDE,
        peak_hour=PEAK_HOUR,
        colleagues=tuple(groups),
        greeting_length=Duration(SECOND),
    )
