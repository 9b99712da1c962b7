"""`openline roster --twin`: the live engine works the roster, and its verdict is told."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from openline.app.roster_twin import (
    IntervalVerdict,
    TwinService,
    TwinVerdict,
    fewer_leave,
    judge,
    presence_of,
    staffed,
    with_change,
)
from openline.app.sharing import Shared
from openline.app.study import USUAL_RUNS, Scenario
from openline.cli.progress import Telling
from openline.cli.studies import runs_of
from openline.configuration import load
from openline.model import RefusedError
from openline.planning.cover import Change, Cover, Service
from openline.planning.plan_asked import LIKELY, likelihood
from openline.planning.roster_file.shift import Shift
from openline.reports.runs import Estimate

TOLD = 3


@dataclass(frozen=True, kw_only=True)
class TwinAsked:
    """Is what was typed about the twin."""

    config: Path | None
    runs: int | None
    seed: int
    shared: Shared


@dataclass(frozen=True, kw_only=True)
class Lived:
    """Is what came of it."""

    config: str
    cover: Cover
    target_share: float
    verdict: TwinVerdict
    after: TwinVerdict | None
    fewer: Estimate | None
    """How many fewer leave with the change."""
    unknown: int
    is_interrupted: bool


def live(
    asked: TwinAsked,
    shifts: tuple[Shift, ...],
    cover: Cover,
    after: Cover | None,
    change: Change | None,
    service: Service,
) -> Lived:
    """Works the roster so often as was asked, and the changed one among the same callers.

    Raises `RefusedError` where no configuration was named (`option_missing`).
    """
    if asked.config is None:
        raise RefusedError(
            "--config is missing: whose lines, queues and rules does the roster meet? Add --config "
            "openline.toml.",
            code="option_missing",
        )
    published = load(asked.config)
    intervals, calls = cover.intervals, cover.calls
    aht = service.aht_s
    if aht is None:
        assert intervals.aht_s is not None, "the cover needs it too"
        aht = float(np.average(intervals.aht_s, weights=calls if calls.any() else None))
    like = TwinService(
        aht_s=aht,
        patience_s=service.patience_s,
        target_share=service.target_share,
        target_s=service.target_s,
        away_share=float(service.shrinkage) / 100,
    )
    presence = presence_of(shifts)
    first = staffed(published, presence, intervals, like, seed=asked.seed)
    worlds: tuple[Scenario, ...] = (first.scenario,)
    if change is not None and after is not None:
        days = sorted({date.fromisoformat(stamp[:10]) for stamp in cover.stamps})
        other = with_change(presence, change, days)
        second = staffed(published, other, intervals, like, seed=asked.seed)
        worlds = (first.scenario, second.scenario)
    runs = USUAL_RUNS if asked.runs is None else runs_of(asked.runs, None)
    with Telling("Living the roster") as telling:
        verdicts, studied = judge(
            worlds,
            service.target_share,
            runs=runs,
            shared=asked.shared,
            tell=lambda done: telling(done, runs),
        )
    if not studied[0].runs:
        raise RefusedError(
            "Interrupted before the first run was finished: nothing to tell.", code="interrupted"
        )
    return Lived(
        config=asked.config.name,
        cover=cover,
        target_share=service.target_share,
        verdict=verdicts[0],
        after=verdicts[1] if len(verdicts) > 1 else None,
        fewer=fewer_leave(*studied) if len(studied) > 1 else None,
        unknown=first.unknown,
        is_interrupted=studied[0].is_interrupted,
    )


def tell_twin(lived: Lived, console: Console, *, by_interval: bool) -> None:
    """Says the verdict: in sentences, and by day or by interval."""
    verdict = lived.verdict
    runs = "1 run" if verdict.runs == 1 else f"{verdict.runs:,} runs"
    stop = " Interrupted; that is of the runs that were finished." if lived.is_interrupted else ""
    console.print(f"\n[bold]The twin[/bold], by the rules of {lived.config}, {runs}:{stop}")
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("time" if by_interval else "day", no_wrap=True)
    for heading in ("calls", "leave", "in time"):
        table.add_column(heading, justify="right")
    table.add_column("target missed on" if by_interval else "likely to miss the target")
    if by_interval:
        for each in verdict.intervals:
            table.add_row(each.stamp[11:16], *_cells([each]), _risk(each))
    else:
        by_day: dict[str, list[IntervalVerdict]] = defaultdict(list)
        for each in verdict.intervals:
            by_day[each.stamp[:10]].append(each)
        for day, own in by_day.items():
            likely = sum((each.missed or 0) >= LIKELY for each in own)
            table.add_row(day, *_cells(own), f"{likely} of {len(own)} intervals")
    console.print(table)
    for sentence in twin_words(lived):
        typer.echo(sentence)


def _cells(some: list[IntervalVerdict]) -> list[str]:
    calls = sum(each.offered for each in some)
    in_time = sum(each.offered * (each.in_time or 0) for each in some)
    return [
        f"{calls:,.1f}",
        f"{sum(each.leave for each in some):,.1f}",
        f"{100 * in_time / calls:.1f} %" if calls else "–",
    ]


def _risk(each: IntervalVerdict) -> str:
    if each.missed is None:
        return "– (nobody called)"
    return f"{100 * each.missed:.0f} % of days: {likelihood(each.missed)}"


def twin_words(lived: Lived) -> list[str]:
    """Returns sentences: who leaves, how sure that is, where it is worst, what a change does."""
    verdict, formula = lived.verdict, float(lived.cover.leave.sum())
    leave, in_time = verdict.leave, verdict.in_time
    said = []
    if leave.value is not None and in_time.value is not None:
        said.append(
            f"About {leave.value:,.0f} callers leave{_within(leave)}; "
            f"{100 * in_time.value:.1f} % are answered in time{_within(in_time, 100)}. The formula "
            f"says {formula:,.0f} leave."
        )
    worst = sorted(verdict.intervals, key=lambda each: -(each.missed or 0) * each.offered)[:TOLD]
    told = [
        f"{each.stamp[:10]} {each.stamp[11:16]} ({100 * (each.missed or 0):.0f} %)"
        for each in worst
        if (each.missed or 0) >= LIKELY
    ]
    if told:
        said.append(f"Most likely to miss the target: {', '.join(told)}.")
    if lived.fewer is not None:
        said.append(change_words(lived.fewer))
    if lived.unknown:
        people = "1 person is" if lived.unknown == 1 else f"{lived.unknown:,} people are"
        said.append(f"{people} no agents of {lived.config}: each can take every call.")
    return said


def change_words(fewer: Estimate) -> str:
    """Returns what a change does to those who leave, with its confidence.

    >>> change_words(Estimate(14.0, 4.0))
    'With the change about 14 fewer callers leave (10 to 18); we are sure of the sign.'
    """
    value, half = fewer
    if value is None:
        return "Nobody called."
    if half is None:
        return "One run tells nothing of chance: take more."
    if not fewer.is_sure:
        if half == 0:
            return "With the change exactly as many callers leave."
        return (
            f"It cannot be told whether fewer callers leave with the change: the difference lies "
            f"between {value - half:+.1f} and {value + half:+.1f}. More runs tell more."
        )
    low, high = sorted((abs(value) - half, abs(value) + half))
    word = "fewer" if value > 0 else "more"
    return (
        f"With the change about {abs(value):,.0f} {word} callers leave ({low:,.0f} to "
        f"{high:,.0f}); we are sure of the sign."
    )


def _within(estimate: Estimate, times: float = 1) -> str:
    if estimate.half_width is None:
        return ""
    half = times * estimate.half_width
    return f" (± {half:,.0f})" if times == 1 else f" (± {half:.1f})"


def twin_json(lived: Lived) -> dict[str, object]:
    """Returns the verdict for machines."""

    def told(verdict: TwinVerdict) -> dict[str, object]:
        return {
            "calls": verdict.offered._asdict(),
            "leave": verdict.leave._asdict(),
            "in_time": verdict.in_time._asdict(),
            "intervals": [
                {
                    "timestamp": each.stamp,
                    "calls": each.offered,
                    "leave": each.leave,
                    "in_time": each.in_time,
                    "target_missed": each.missed,
                }
                for each in verdict.intervals
            ],
        }

    answer: dict[str, object] = {
        "configuration": lived.config,
        "runs": lived.verdict.runs,
        "interrupted": lived.is_interrupted,
        "people_unknown": lived.unknown,
        **told(lived.verdict),
    }
    if lived.after is not None and lived.fewer is not None:
        answer["after"] = told(lived.after)
        answer["fewer_leave"] = lived.fewer._asdict()
    return answer
