"""A change tried for the page: both worlds are lived run by run, and what is known told each time.

The same two worlds as of `openline compare` and `openline twin`, told as values in place of words.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import msgspec

from openline.app.comparing import Comparison, Mend, mend_of
from openline.app.planned_world import planned_worlds
from openline.app.sharing import ALONE
from openline.app.study import Scenario, Studied, run_once, scenario_of
from openline.app.twin import twin_of, with_changes
from openline.configuration import Published
from openline.measures import definition
from openline.model import RefusedError
from openline.planning.history_file.findings import FaultyHistoryError
from openline.planning.plan_asked import Known
from openline.planning.roster_file.faults import FaultyRosterError
from openline.planning.try_asked import (
    MOST_DAYS,
    RUNS,
    Callers,
    FigureTried,
    HalfHourTried,
    MendTried,
    Phase,
    Tried,
    TryAsked,
)
from openline.reports import USUAL
from openline.reports.runs import ALL, Estimate, Group, Per, RunSums, differences, estimates
from openline.reports.whereabouts import busiest_stretch, standing_out
from openline.simulation.rostered import RosteredWorld

DAYS_OF_A_WEEK = 7
MOST_FAULTS = 40

Tell = Callable[[Tried], None]


def tries(
    published: Published, data: Path, asked: TryAsked, tell: Tell
) -> Iterator[tuple[Tried, Comparison]]:
    """Yields what is known after each run, and last what would mend the harm.

    `tell` hears what is no result yet: how far the record is read, and that a mend is looked for.

    Raises `RefusedError` for days, callers or changes that make no sense, `FaultyHistoryError` and
    `FaultyRosterError` for cells of a given forecast or roster (`faults_told`).
    """
    if not 1 <= asked.days <= MOST_DAYS or not 1 <= asked.runs <= RUNS[-1]:
        raise RefusedError(f"From 1 to {MOST_DAYS} days can be tried.", code="bad_span")
    learnt, unknown = None, 0
    if asked.callers is Callers.PLANNED:
        planned = planned_worlds(published, asked, _telling(tell))
        first, second, unknown = planned.first, planned.second, planned.unknown
    else:
        first, second, learnt = _worlds(published, data, asked, tell)

    def with_plan(tried: Tried) -> Tried:
        since = first.start if asked.plan is not None else None
        return msgspec.structs.replace(tried, since=since, unknown=unknown)

    runs: tuple[list[RunSums], list[RunSums]] = ([], [])
    found = None
    for number in range(asked.runs):
        for kept, world in zip(runs, (first, second), strict=True):
            kept.append(run_once(world, number))
        found = Comparison(
            first=Studied(runs=tuple(runs[0])),
            second=Studied(runs=tuple(runs[1])),
            days=first.days,
        )
        yield (
            with_plan(tried_of(found, done=number + 1, of=asked.runs, learnt=learnt)),
            found,
        )
    assert found is not None, "at least one run is asked for"
    if isinstance(second.world, RosteredWorld):
        # Whom to add is the planner's own choice: the roster is in her hands.
        done = tried_of(found, done=asked.runs, of=asked.runs, phase=Phase.DONE)
        yield msgspec.structs.replace(with_plan(done), was_mend_looked_for=False), found
        return
    tell(tried_of(found, done=asked.runs, of=asked.runs, learnt=learnt, phase=Phase.MENDING))
    mend = mend_of(found, second, shared=ALONE, tell=lambda done, best: None)
    done = tried_of(
        found, done=asked.runs, of=asked.runs, learnt=learnt, phase=Phase.DONE, mend=mend
    )
    yield with_plan(done), found


def _worlds(
    published: Published, data: Path, asked: TryAsked, tell: Tell
) -> tuple[Scenario, Scenario, int | None]:
    """Returns both worlds, and from how many calls their people were learnt."""
    if asked.callers is Callers.INVENTED:
        first = scenario_of(published, start=asked.since, days=asked.days, seed=None)
        second = scenario_of(
            published, start=asked.since, days=asked.days, seed=None, changes=asked.changes
        )
        return first, second, None
    last = asked.since + timedelta(days=asked.days - 1)
    twin = twin_of(
        data,
        published,
        since=asked.since.isoformat(),
        until=last.isoformat(),
        origins=(asked.origin,),
        seed=1,
        tell=_telling(tell),
    )
    return twin.scenario, with_changes(twin, None, asked.changes), twin.learnt.calls


def _telling(tell: Tell) -> Callable[[int, int], None]:
    return lambda done, of: tell(Tried(phase=Phase.READING, done=done, of=of))


def faults_told(error: FaultyHistoryError | FaultyRosterError) -> Tried:
    """Returns what is told where cells of a given table are faulty."""
    if isinstance(error, FaultyHistoryError):
        return Tried(phase=Phase.READING, done=0, of=0, calls_faults=error.faults[:MOST_FAULTS])
    return Tried(phase=Phase.READING, done=0, of=0, roster_faults=error.faults[:MOST_FAULTS])


def tried_of(
    found: Comparison,
    *,
    done: int,
    of: int,
    learnt: int | None = None,
    phase: Phase = Phase.LIVING,
    mend: Mend | None = None,
) -> Tried:
    """Returns what a comparison tells."""
    first, second = found.runs()
    before, after = (estimates(runs, ALL, USUAL) for runs in (first, second))
    by = {
        per: {key: each.value or 0.0 for key, each in found.by(per, "abandoned").items()}
        for per in (Per.INTERVAL, Per.QUEUE, Per.LANGUAGE, Per.WEEKDAY)
    }
    return Tried(
        phase=phase,
        done=done,
        of=of,
        days=found.days,
        calls_learnt=learnt,
        leave=_per_day(found.difference("abandoned"), found.days),
        stretch=busiest_stretch(by[Per.INTERVAL]),
        queue=standing_out(by[Per.QUEUE]),
        language=standing_out(by[Per.LANGUAGE]),
        weekday=standing_out(by[Per.WEEKDAY]) if found.days >= DAYS_OF_A_WEEK else None,
        figures=tuple(
            FigureTried(
                key=key,
                unit=definition(key).unit,
                before=_known(before[key]),
                after=_known(after[key]),
                difference=_known(each),
            )
            for key, each in differences(first, second, ALL, USUAL).items()
        ),
        half_hours=tuple(
            _half_hour(found, clock, each)
            for clock, each in sorted(found.by(Per.INTERVAL, "abandoned").items())
        ),
        mend=None if mend is None else _mend(mend, found.days),
        was_mend_looked_for=phase is Phase.DONE,
    )


def _half_hour(found: Comparison, clock: str, each: Estimate) -> HalfHourTried:
    group = Group(Per.INTERVAL, clock)
    before, after = (
        estimates(runs, group, ["abandoned"])["abandoned"].value or 0.0 for runs in found.runs()
    )
    return HalfHourTried(
        clock=clock,
        before=before / found.days,
        after=after / found.days,
        difference=_per_day(each, found.days),
    )


def _mend(mend: Mend, days: int) -> MendTried:
    return MendTried(
        people=mend.extra.count,
        start_minute=mend.extra.start_minute,
        end_minute=mend.extra.end_minute,
        left=(mend.left.value or 0.0) / days,
        taken_back=mend.taken_back / days,
    )


def _known(each: Estimate) -> Known:
    return Known(value=each.value, half=each.half_width)


def _per_day(each: Estimate, days: int) -> Known:
    if each.value is None:
        return Known(value=None, half=None)
    half = None if each.half_width is None else each.half_width / days
    return Known(value=each.value / days, half=half)
