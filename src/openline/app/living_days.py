"""Days lived for the page as they are: a study, or the twin held against its record.

The same runs as of `openline simulate --runs` and `openline twin`, told as values after each run.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

from openline.app.sharing import Shared, all_runs
from openline.app.study import LEAST_RUNS, WATCHED, Scenario, run_once, scenario_of
from openline.app.twin import Twin, twin_of
from openline.configuration import Published
from openline.measures import definition
from openline.model import SECOND, RefusedError
from openline.planning.plan_asked import Known
from openline.planning.study_asked import (
    MOST_DAYS,
    MOST_RUNS,
    PRECISION,
    BandLearnt,
    FigureLived,
    LearntTold,
    LineTold,
    Lived,
    PartLived,
    StudyAsked,
)
from openline.planning.try_asked import RUNS, Callers, Phase
from openline.reports import USUAL
from openline.reports.fidelity import fit
from openline.reports.runs import ALL, Group, Per, Run, estimates, groups_of
from openline.simulation.experience import BANDS, BANDS_DAYS

OF_THE_WHOLE = tuple(key for key in USUAL if key != "wait_longest")
OF_A_PART = ("offered", "abandoned", "service_level", "handle_time")
OFTEN = 20
"""Parts are told so often at most: they take longer to work out than the whole."""

Tell = Callable[[Lived], None]


def lives_days(
    published: Published, data: Path, asked: StudyAsked, shared: Shared, tell: Tell
) -> Iterator[Lived]:
    """Yields what is known after each run; `tell` hears how far the record is read.

    Closed early, it ends what is still lived.

    Raises `RefusedError` for days or callers that make no sense.
    """
    if not 1 <= asked.days <= MOST_DAYS or asked.runs not in {None, *RUNS}:
        raise RefusedError(f"From 1 to {MOST_DAYS} days can be lived.", code="bad_span")
    scenario, twin = _world(published, data, asked, tell)
    learnt = None if twin is None else learnt_told(twin)
    recorded = None if twin is None else twin.recorded.of()
    most = asked.runs or MOST_RUNS
    runs: list[Run] = []
    parts: tuple[PartLived, ...] = ()
    is_precise = None
    with closing(all_runs((partial(run_once, scenario),), most, shared)) as lived:
        for number, (sums,) in enumerate(lived, start=1):
            runs.append(sums.of())
            is_over = number == most
            if asked.runs is None and number >= LEAST_RUNS:
                is_precise = _is_precise(runs)
                is_over = is_over or is_precise
            if is_over or number <= 2 or number % max(1, most // OFTEN) == 0:
                parts = _parts(runs, recorded)
            yield Lived(
                phase=Phase.DONE if is_over else Phase.LIVING,
                done=number,
                of=asked.runs,
                days=scenario.days,
                learnt=learnt,
                whole=_figures(runs, recorded, ALL, OF_THE_WHOLE),
                parts=parts,
                is_precise=is_precise if is_over else None,
            )
            if is_over:
                return


def _world(
    published: Published, data: Path, asked: StudyAsked, tell: Tell
) -> tuple[Scenario, Twin | None]:
    if asked.callers is Callers.INVENTED:
        return scenario_of(published, start=asked.since, days=asked.days, seed=None), None
    last = asked.since + timedelta(days=asked.days - 1)
    twin = twin_of(
        data,
        published,
        since=asked.since.isoformat(),
        until=last.isoformat(),
        origins=(asked.origin,),
        seed=1,
        tell=lambda done, of: tell(Lived(phase=Phase.READING, done=done, of=of)),
    )
    return twin.scenario, twin


def _is_precise(runs: Sequence[Run]) -> bool:
    known = estimates(runs, ALL, WATCHED).values()
    return all(
        each.half_width is not None and each.half_width <= PRECISION
        for each in known
        if each.value is not None
    )


def _parts(runs: Sequence[Run], recorded: Run | None) -> tuple[PartLived, ...]:
    parts = (
        PartLived(
            per=group.per.value,
            key=group.key,
            figures=_figures(runs, recorded, group, OF_A_PART),
        )
        for group in groups_of(runs)
        if group.per is not Per.ALL
    )
    return tuple(part for part in parts if _is_called(part))


def _is_called(part: PartLived) -> bool:
    """Whether anybody called then, in the runs or in the record."""
    return any(
        figure.lived.value or figure.recorded for figure in part.figures if figure.key == "offered"
    )


def _figures(
    runs: Sequence[Run], recorded: Run | None, group: Group, keys: Sequence[str]
) -> tuple[FigureLived, ...]:
    found = []
    for key, estimate in estimates(runs, group, keys).items():
        lived = Known(value=estimate.value, half=estimate.half_width)
        told = FigureLived(key=key, unit=definition(key).unit, lived=lived)
        if recorded is not None:
            held = fit(recorded, runs, group, key)
            told = FigureLived(
                key=key,
                unit=told.unit,
                lived=lived,
                recorded=held.recorded,
                low=None if held.low is None else max(0.0, held.low),
                high=held.high,
                fits=held.is_within,
            )
        found.append(told)
    return tuple(found)


def learnt_told(twin: Twin) -> LearntTold:
    """Returns what was learnt, for a page."""
    learnt, experience = twin.learnt, twin.learnt.experience
    lines = []
    for line in learnt.lines:
        talks = [work.talk for part in line.works for work in part]
        lines.append(
            LineTold(
                line=line.line,
                calls_per_day=sum(map(sum, line.per_half_hour)) / 7,
                talk_s=sum(talks) / len(talks) / SECOND if talks else 0.0,
                half_left_after_s=line.patience.at(0.5) / SECOND,
                has_own_patience=line.has_own_patience,
            )
        )
    edges = (0, *BANDS_DAYS)
    return LearntTold(
        calls=learnt.calls,
        busyness_cv=learnt.busyness_cv,
        redial_share=learnt.redial_share,
        patience_was_seen=learnt.patience_was_seen,
        lines=tuple(lines),
        bands=tuple(
            BandLearnt(
                from_days=edges[band],
                until_days=BANDS_DAYS[band] if band < BANDS - 1 else None,
                calls=experience.calls[band],
                talk=experience.talk[band],
                wrap_up=experience.wrap_up[band],
            )
            for band in range(BANDS)
            if experience.calls[band]
        ),
        missed=twin.missed,
        configurations=twin.configurations,
    )
