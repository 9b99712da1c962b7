"""`openline simulate --runs …` and `openline study`: many runs, each figure with its interval."""

import json as json_codec
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import typer

from openline.app.expected import Expected, expected_of, with_expected
from openline.app.options import DEMO, example
from openline.app.sharing import Shared
from openline.app.study import (
    MOST_RUNS,
    MOST_RUNS_FOR_PRECISION,
    USUAL_RUNS,
    Studied,
    scenario_of,
    study,
)
from openline.app.study_file import StudyFile, check_can_write, file_of, read_study, write_study
from openline.cli.changes import words_of
from openline.cli.figures import console, heading, span
from openline.cli.progress import Telling
from openline.configuration import Published, load
from openline.measures import definition
from openline.model import RefusedError
from openline.reports import COLUMNS, USUAL, column
from openline.reports.runs import ALL, Estimate, Group, Per, Run, estimates, groups_of
from openline.simulation.changes import Changes

KNOWN = "95 times in 100 the figure lies within its ±."


def run_study(
    *,
    config: Path | None,
    days: int,
    seed: int | None,
    start: str | None,
    runs: int | None,
    precision: float | None,
    shared: Shared,
    changes: Changes,
    forecast: Path | None,
    by: str | None,
    out: Path | None,
    json: bool,
) -> None:
    """Studies the days and tells every figure with its interval."""
    per = per_of(by)
    if out is not None:
        check_can_write(out)
    path = config or example(DEMO)
    published = load(path)
    expected = None if forecast is None else expected_of(forecast, published.zone)
    first = first_day(published, start, expected)
    scenario = scenario_of(published, start=first, days=days, seed=seed, changes=changes)
    if expected is not None:
        scenario = with_expected(scenario, expected)
    most = runs_of(runs, precision)
    with Telling("Simulating") as telling:
        telling(0, most)
        (found,) = study(
            (scenario,),
            runs=most,
            precision=precision,
            shared=shared,
            tell=lambda done, best: telling(done, most, so_far(best)),
        )
    if not found.runs:
        raise RefusedError(
            "Interrupted before the first run was finished: nothing to tell.", code="interrupted"
        )
    kept = file_of(path.name, scenario, changes, found)
    if out is not None:
        write_study(out, kept)
    tell_study(kept, per, json)
    if not json:
        for sentence in (*_ends(found, precision), *([f"Kept in {out}."] if out else [])):
            typer.echo(sentence)


def first_day(published: Published, start: str | None, expected: Expected | None) -> date:
    """Returns the first day: as asked, else that of the forecast, else today."""
    if start is not None:
        return date_of(start)
    return datetime.now(published.zone).date() if expected is None else expected.first


def show_study(path: Path, by: str | None, json: bool) -> None:
    """Tells a study that was kept."""
    per = per_of(by)
    tell_study(read_study(path), per, json)


def so_far(best: Estimate) -> str:
    """Returns the figure so far, for the bar."""
    return "" if best.value is None else f"service level {shown(best, 'service_level')}"


def runs_of(runs: int | None, precision: float | None) -> int:
    """Returns how many runs there may be; raises `RefusedError` for what makes no sense."""
    if precision is not None and not 0.0001 <= precision <= 0.5:
        raise RefusedError(
            f"--until-precision {precision:g}: from 0.0001 to 0.5; 0.01 is one in a hundred.",
            code="bad_precision",
        )
    most = runs or (USUAL_RUNS if precision is None else MOST_RUNS_FOR_PRECISION)
    if runs is not None and not 1 <= runs <= MOST_RUNS:
        raise RefusedError(f"--runs {runs}: from 1 to {MOST_RUNS:,}.", code="bad_runs")
    return most


def date_of(text: str) -> date:
    """Reads `--start`; raises `RefusedError` (code `bad_span`)."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RefusedError(
            f"--start {text}: write a date like 2026-03-02.", code="bad_span"
        ) from None


def per_of(by: str | None) -> Per | None:
    """Reads `--by`; raises `RefusedError` (code `unknown_part`)."""
    if by is None:
        return None
    try:
        return Per(by)
    except ValueError:
        raise RefusedError(
            f"--by {by}: there are {', '.join(each.value for each in Per)}.", code="unknown_part"
        ) from None


def title_of(kept: StudyFile) -> str:
    """Returns what was studied, in a line."""
    last = kept.start + timedelta(days=kept.days - 1)
    seeds = f"seed {kept.runs[0].seed}"
    if len(kept.runs) > 1:
        seeds = f"{len(kept.runs):,} runs, seeds {kept.runs[0].seed} to {kept.runs[-1].seed}"
    span_ = f"{kept.start}" if kept.days == 1 else f"{kept.start} to {last}"
    return ", ".join((kept.configuration, *words_of(kept.changes), span_, kept.zone, seeds))


def shown(estimate: Estimate, key: str) -> str:
    """Returns a figure as people read it, with its ±; a dash where nothing can be said."""
    value, half = estimate
    if value is None:
        return "–"
    unit = definition(key).unit
    if unit == "share":
        return f"{value:.1%}" + ("" if half is None else f" ± {100 * half:.1f}")
    if unit == "count":
        return f"{value:,.1f}" + ("" if half is None else f" ± {half:,.1f}")
    return span(value) + ("" if half is None else f" ± {span(half)}")


def tell_study(kept: StudyFile, per: Per | None, json: bool) -> None:
    """Tells a study, as a table or for machines."""
    runs = [run.of() for run in kept.runs]
    groups = groups_of(runs)
    if json:
        typer.echo(json_codec.dumps(_json(kept, runs, groups), ensure_ascii=False))
        return
    typer.echo(title_of(kept))
    if per is None or per is Per.ALL:
        _whole(runs, [group for group in groups if group.per in (Per.ALL, Per.QUEUE)])
    else:
        _by(runs, [group for group in groups if group.per is per])


def _json(kept: StudyFile, runs: Sequence[Run], groups: Sequence[Group]) -> dict[str, object]:
    return {
        "configuration": kept.configuration,
        "changes": list(words_of(kept.changes)),
        "from": kept.start.isoformat(),
        "days": kept.days,
        "zone": kept.zone,
        "runs": len(runs),
        "seeds": [run.seed for run in kept.runs],
        "interrupted": kept.is_interrupted,
        "confidence": 0.95,
        "groups": [
            {"per": group.per.value, "key": group.key, "figures": in_file(runs, group)}
            for group in groups
        ],
    }


def in_file(runs: Sequence[Run], group: Group) -> dict[str, dict[str, float | None]]:
    """Returns every figure of a slice by its name in files, with the half width."""
    return {
        column(key): {"value": each.value, "half_width": each.half_width}
        for key, each in estimates(runs, group, COLUMNS).items()
    }


def _whole(runs: Sequence[Run], groups: Sequence[Group]) -> None:
    from rich.box import SIMPLE
    from rich.table import Table

    table = Table(box=SIMPLE)
    table.add_column("")
    columns = [estimates(runs, group, USUAL) for group in groups]
    for group in groups:
        table.add_column("All" if group == ALL else group.key, justify="right")
    for key in USUAL:
        table.add_row(definition(key).name, *(shown(each[key], key) for each in columns))
    console().print(table)
    typer.echo(f"Counts are of one run. {KNOWN}" if len(runs) > 1 else "One run: no ± can be told.")


_OF_A_PART = ("offered", "abandoned", "service_level", "abandon_rate", "asa", "occupancy")


def _by(runs: Sequence[Run], groups: Sequence[Group]) -> None:
    from rich.box import SIMPLE
    from rich.table import Table

    table = Table(box=SIMPLE)
    table.add_column("")
    for key in _OF_A_PART:
        table.add_column(heading(key), justify="right")
    for group in groups:
        figures = estimates(runs, group, _OF_A_PART)
        if not figures["offered"].value and not figures["occupancy"].value:
            continue
        table.add_row(group.key, *(shown(figures[key], key) for key in _OF_A_PART))
    console().print(table)
    typer.echo(f"Counts are of one run. {KNOWN}" if len(runs) > 1 else "One run: no ± can be told.")


def _ends(found: Studied, precision: float | None) -> list[str]:
    count = len(found.runs)
    runs = "1 run" if count == 1 else f"{count:,} runs"
    if found.is_interrupted:
        return [f"Interrupted; the figures are of the {runs} that were finished."]
    if precision is None:
        return []
    if found.is_precise:
        return [f"Precise enough after {runs}: service level and abandon rate to ± {precision:g}."]
    return [f"Not as precise as ± {precision:g} after {runs}. Allow more with --runs."]
