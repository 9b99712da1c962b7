"""Many runs of the same days, over all processors: the live engine, other people each time.

A run is a whole simulation with a seed of its own; run n has the seed of the study plus n - 1, so
that each can be looked at alone. Runs are independent of each other, and of how many processes
share them: equal studies give equal figures on any machine. The first two hours before the days are
lived too, and not counted, so that nobody's night begins in an empty centre.

Who lives the runs, `sharing` says. Whoever interrupts a study keeps the runs that are finished.
"""

from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from functools import partial

import msgspec

from openline.app.sharing import Shared, all_runs
from openline.configuration import Published
from openline.engine import AnyInput, Outcome
from openline.model import (
    MINUTE,
    Duration,
    Instant,
    LineKey,
    Origin,
    QueueKey,
    RefusedError,
)
from openline.reports import By, Calendar, Historian
from openline.reports.runs import ALL, Estimate, RunSums, estimates, run_sums
from openline.simulation import People, WorldProfile, simulate
from openline.simulation.changes import NOTHING, Changes, World, changed
from openline.simulation.civil import instant_of, zone
from openline.simulation.learned import LearnedWorld, people_like
from openline.simulation.rostered import RosteredWorld, people_on
from openline.simulation.rules import AnyRule, ruled, targets_with

WARM_UP = Duration(120 * MINUTE)
INTERVAL_MINUTES = 30
MOST_RUNS = 100_000
MOST_DAYS = 3_660
LEAST_RUNS = 10
"""Before a study stops because it is precise enough: fewer runs seem to agree by chance."""
USUAL_RUNS = 20
MOST_RUNS_FOR_PRECISION = 2_000
WATCHED = ("service_level", "abandon_rate")
"""The figures that must be known as well as was asked."""

Told = Callable[[int, Estimate], None]
"""Is told how many runs are finished and how well the service level is known."""


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """Is all that a run needs, in plain values that another process can be given."""

    world: World | LearnedWorld | RosteredWorld
    zone: str
    start: date
    days: int
    targets: dict[QueueKey, Duration]
    short_abandons: dict[QueueKey, Duration]
    languages: dict[LineKey, str]
    slice_minutes: int | None = None
    """How long the slices are of which each is told by itself; None: half hours, and none is."""


class Studied(msgspec.Struct, frozen=True, kw_only=True):
    """Is what came of a study."""

    runs: tuple[RunSums, ...]
    is_interrupted: bool = False
    is_precise: bool = True
    """False where precision was asked for and the runs ran out before."""


def scenario_of(
    published: Published, *, start: date, days: int, seed: int | None, changes: Changes = NOTHING
) -> Scenario:
    """Returns the days of a configuration, with changes.

    Raises `RefusedError` where there is nobody to simulate (`no_simulation`), the span makes no
    sense (`bad_span`), or a change or rule does not (`bad_change`, `bad_rule`).
    """
    profile = published.simulation
    if profile is None:
        raise RefusedError(
            "The configuration has no [simulation]: it does not say who calls and who answers. "
            "Copy that part from one of the examples.",
            code="no_simulation",
        )
    if not 1 <= days <= MOST_DAYS:
        raise RefusedError(f"--days {days}: from 1 to {MOST_DAYS}.", code="bad_span")
    if not 1971 <= start.year <= 8000:
        raise RefusedError(f"--start {start}: from the year 1971 to 8000.", code="bad_span")
    if seed is not None:
        profile = msgspec.structs.replace(profile, seed=seed)
    since = instant_of(start, 0, published.zone)
    world = World(settings=published.settings_at(since), profile=profile)
    scenario = Scenario(
        world=changed(world, changes),
        zone=published.time_zone,
        start=start,
        days=days,
        targets={key: target.within for key, target in published.targets.items()},
        short_abandons={key: each.short_abandon for key, each in published.targets.items()},
        languages=published.line_languages,
    )
    return with_rules(scenario, changes.rules)


def with_rules(scenario: Scenario, rules: tuple[AnyRule, ...]) -> Scenario:
    """Returns the days under other rules; raises `RefusedError` (code `bad_rule`)."""
    if not rules:
        return scenario
    world = scenario.world
    settings = ruled(
        world.settings, rules, zone_name=scenario.zone, start=scenario.start, days=scenario.days
    )
    return msgspec.structs.replace(
        scenario,
        world=msgspec.structs.replace(world, settings=settings),
        targets=targets_with(scenario.targets, rules),
    )


def run_once(scenario: Scenario, number: int) -> RunSums:
    """Lives the days once; `number` counts from 0."""
    where = zone(scenario.zone)
    since = instant_of(scenario.start, 0, where)
    until = instant_of(scenario.start + timedelta(days=scenario.days), 0, where)
    minutes = scenario.slice_minutes or INTERVAL_MINUTES
    calendar = Calendar(where, By.INTERVAL, since=since, until=until, minutes=minutes)
    world = scenario.world
    historian = Historian(
        calendar,
        settings=world.settings,
        targets=scenario.targets,
        short_abandons=scenario.short_abandons,
    )

    def noted(_: AnyInput, now: Instant, outcome: Outcome) -> None:
        historian.take(now, outcome.events)

    seed, people = _people(world, number)
    simulate(world.settings, people, Instant(since - WARM_UP), until, on_step=noted)
    return run_sums(
        seed,
        historian,
        calendar,
        origins=(Origin.SIMULATED,),
        judged=scenario.targets,
        languages=scenario.languages,
        with_slices=scenario.slice_minutes is not None,
    )


def _people(
    world: World | LearnedWorld | RosteredWorld, number: int
) -> tuple[int, WorldProfile | People]:
    """Returns the seed of a run, and its people."""
    if isinstance(world, LearnedWorld):
        seed = world.seed + number
        return seed, people_like(msgspec.structs.replace(world, seed=seed))
    seed = world.profile.seed + number
    if isinstance(world, RosteredWorld):
        profile = msgspec.structs.replace(world.profile, seed=seed)
        return seed, people_on(msgspec.structs.replace(world, profile=profile))
    return seed, msgspec.structs.replace(world.profile, seed=seed)


def study(
    scenarios: tuple[Scenario, ...],
    *,
    runs: int,
    precision: float | None,
    shared: Shared,
    tell: Told,
) -> tuple[Studied, ...]:
    """Runs each scenario as often, run by run side by side; returns what is finished.

    With a precision it stops as soon as the watched figures of each scenario are known so well (the
    half width of their intervals), after `runs` at the latest. An interrupt ends it early, with as
    many runs of each.

    Raises `PeerError` where a process dies, or the cluster does.
    """
    done: list[list[RunSums]] = [[] for _ in scenarios]
    lives = tuple(partial(run_once, scenario) for scenario in scenarios)
    is_interrupted, is_precise = False, precision is None
    try:
        with closing(all_runs(lives, runs, shared)) as lived:
            for number, results in enumerate(lived, start=1):
                for kept, result in zip(done, results, strict=True):
                    kept.append(result)
                if not _is_looked_at(number):
                    continue
                known = [_known(kept) for kept in done]
                tell(number, known[0]["service_level"])
                if precision is not None and number >= LEAST_RUNS and _are_narrow(known, precision):
                    is_precise = True
                    break
    except KeyboardInterrupt:
        is_interrupted = True
    least = min(map(len, done))
    return tuple(
        Studied(runs=tuple(kept[:least]), is_interrupted=is_interrupted, is_precise=is_precise)
        for kept in done
    )


def _is_looked_at(number: int) -> bool:
    """Whether the figures are looked at after so many runs: seldom when there are many."""
    return number % max(1, number // 20) == 0


def _known(kept: list[RunSums]) -> dict[str, Estimate]:
    return estimates([run.of() for run in kept], ALL, WATCHED)


def _are_narrow(known: list[dict[str, Estimate]], precision: float) -> bool:
    halves = [
        estimate.half_width
        for figures in known
        for estimate in figures.values()
        if estimate.value is not None
    ]
    return all(half is not None and half <= precision for half in halves)
