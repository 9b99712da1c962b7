"""`openline staff`: how many agents a queue needs, and what one more or less would change."""

import json as json_codec
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from openline.cli.typed import write_whole
from openline.model import RefusedError
from openline.planning.erlang import Behaviour, Floats, Model
from openline.planning.quantities import duration_s, number, percent, shrinkage, target
from openline.planning.staffing import (
    MOST_AGENTS,
    Questions,
    Targets,
    behave,
    least_agents,
    to_schedule,
)
from openline.planning.staffing_asked import MOST_AT_ONCE
from openline.planning.staffing_forecast import PLANNED_FOR, Staffed, read_forecast, staff_forecast
from openline.planning.staffing_table import answered

FEW = 3
"""So few people have breaks in turn, and a mean over the hour hides it."""
AROUND = 3
"""So many agents fewer and more are shown beside the answer."""


def staff_one(
    *,
    calls: str,
    interval: str,
    aht: str,
    patience: str | None,
    target_text: str,
    model: str,
    agents: int | None,
    most_abandoned: str | None,
    most_occupied: str | None,
    shrinkage_text: str | None,
    concurrency: int,
    json: bool,
) -> None:
    """Answers one question on standard output."""
    chosen = _model(model)
    if chosen is Model.ERLANG_A and patience is None:
        raise _patience_missing()
    share, within = target(target_text, "--target")
    question = Questions(
        chosen,
        _one(number(calls, "--calls", above_zero=False)),
        _one(duration_s(interval, "--interval")),
        _one(duration_s(aht, "--aht")),
        _one(1.0 if patience is None else duration_s(patience, "--patience")),
        _one(within),
    )
    targets = Targets(
        _one(share / 100),
        _one(_limit(most_abandoned, "--max-abandon")),
        _one(_limit(most_occupied, "--max-occupancy")),
    )
    missing = None if shrinkage_text is None else shrinkage(shrinkage_text)
    if not 1 <= concurrency <= MOST_AT_ONCE:
        raise RefusedError(
            f"--concurrency: {concurrency} contacts at once. Write 1 to {MOST_AT_ONCE}.",
            code="bad_number",
        )
    if agents is None:
        # Who takes three chats at once counts as three, each as slow as one of three is.
        count = -(-int(least_agents(question, targets)[0]) // concurrency)
    elif 0 <= agents <= MOST_AGENTS:
        count = agents
    else:
        raise RefusedError(
            f"--agents: {agents} is no number of people. Write 0 to {MOST_AGENTS:,}.",
            code="bad_number",
        )
    curve = range(max(count - AROUND, 0), count + AROUND + 1)
    slots = np.array(curve, dtype=np.int64) * concurrency
    behaviour = behave(_repeated(question, len(curve)), slots)
    rows = {n: _figures(behaviour, at) for at, n in enumerate(curve)}
    if json:
        _say_json(question, share, count, rows, missing, concurrency)
    else:
        _say(question, share, count, rows, missing, is_asked=agents is not None)
        if count <= FEW and question.load[0] > 0:
            typer.echo(few_words(count, rows))


def few_words(count: int, rows: dict[int, dict[str, float | None]]) -> str:
    """Returns what a mean does not say where one to three people are on: who is there in a break.

    >>> rows = {1: {"wait_probability": 0.5}, 2: {"wait_probability": 0.18}}
    >>> few_words(2, rows).partition(": ")[2]
    '18.0 % of callers find all busy, and 50.0 % while one of the 2 has hers.'
    """
    busy = _percent(rows[count]["wait_probability"])
    if count == 0:
        return "With nobody on, every caller waits until he leaves."
    if count == 1:
        return (
            f"One person alone: {busy} of callers find her busy, and in her breaks nobody is "
            f"there. Two are the least who can relieve each other."
        )
    less = rows[count - 1]
    return (
        f"So few people have breaks one after the other: {busy} of callers find all busy, and "
        f"{_percent(less['wait_probability'])} while one of the {count} has hers."
    )


def staff_table(
    source: Path, out: Path | None, *, is_varying: bool, shrinkage_text: str | None
) -> None:
    """Answers a table of questions, into a file or on standard output."""
    missing = None if shrinkage_text is None else shrinkage(shrinkage_text)
    table = answered(_read(source), source.name, is_varying=is_varying, shrinkage=missing)
    if out is None:
        typer.echo(table, nl=False)
        return
    write_whole(out, table)


def staff_days(
    source: Path,
    *,
    planned_for: str,
    aht: str | None,
    patience: str | None,
    target_text: str,
    model: str,
    most_abandoned: str | None,
    most_occupied: str | None,
    shrinkage_text: str | None,
    out: Path | None,
) -> None:
    """Staffs each interval of a forecast, into a file, and says each day's peak and hours."""
    chosen = _model(model)
    if planned_for not in PLANNED_FOR:
        raise RefusedError(
            f"--plan-for {planned_for}: plan for one of {', '.join(PLANNED_FOR)}.",
            code="bad_plan",
        )
    if chosen is Model.ERLANG_A and patience is None:
        raise _patience_missing()
    share, within = target(target_text, "--target")
    missing = None if shrinkage_text is None else shrinkage(shrinkage_text)
    staffed = staff_forecast(
        read_forecast(_read(source), source.name, planned_for),
        model=chosen,
        aht_s=None if aht is None else duration_s(aht, "--aht"),
        patience_s=1.0 if patience is None else duration_s(patience, "--patience"),
        target_s=within,
        shares=(
            share / 100,
            _limit(most_abandoned, "--max-abandon"),
            _limit(most_occupied, "--max-occupancy"),
        ),
    )
    if out is not None:
        write_whole(out, staffed.table(missing))
    _say_days(staffed, planned_for, f"{share:g} % answered within {within:g} s", chosen, missing)
    if out is not None:
        typer.echo(f"{out} holds {len(staffed.agents):,} intervals.")


def _read(source: Path) -> str:
    try:
        return source.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise RefusedError(f"{source} is not text in UTF-8.", code="bad_table") from None
    except OSError as error:
        raise RefusedError(f"{source}: {error.strerror}.", code="bad_table") from None


def _patience_missing() -> RefusedError:
    return RefusedError(
        "--patience is missing: Erlang A asks how long callers wait before they leave, on "
        "average. Without it take --model erlang-c, in which nobody ever leaves.",
        code="patience_missing",
    )


def _model(name: str) -> Model:
    try:
        return Model(name.lower())
    except ValueError:
        raise RefusedError(
            f"--model {name}: there is no such model. There are "
            f"{', '.join(each.value for each in Model)}.",
            code="unknown_model",
        ) from None


def _limit(text: str | None, what: str) -> float:
    return 1.0 if text is None else percent(text, what) / 100


def _one(value: float) -> Floats:
    return np.array([value])


def _repeated(question: Questions, times: int) -> Questions:
    return question.rows(np.zeros(times, dtype=np.int64))


def _figures(behaviour: Behaviour, at: int) -> dict[str, float | None]:
    values = {name: float(column[at]) for name, column in behaviour._asdict().items()}
    return {name: value if math.isfinite(value) else None for name, value in values.items()}


def _say_json(
    question: Questions,
    share: float,
    count: int,
    rows: dict[int, dict[str, float | None]],
    missing: Fraction | None,
    concurrency: int,
) -> None:
    answer: dict[str, object] = {
        "model": question.model.value,
        "target_percent": share,
        "target_s": float(question.target_s[0]),
        "load_erlangs": float(question.load[0]),
        "agents": count,
        **({} if concurrency == 1 else {"concurrency": concurrency}),
        **rows[count],
    }
    if 1 <= count <= FEW:
        answer["while_one_has_a_break"] = {"agents": count - 1, **rows[count - 1]}
    if missing is not None:
        answer["to_schedule"] = to_schedule(count, missing)
    answer["curve"] = [{"agents": n, **figures} for n, figures in rows.items()]
    typer.echo(json_codec.dumps(answer, indent=2))


def _say(
    question: Questions,
    share: float,
    count: int,
    rows: dict[int, dict[str, float | None]],
    missing: Fraction | None,
    *,
    is_asked: bool,
) -> None:
    console = Console(highlight=False)
    people = "agent" if count == 1 else "agents"
    aim = f"{share:g} % answered within {question.target_s[0]:g} s"
    if is_asked:
        console.print(f"With [bold]{count} {people}[/bold] on the phones ({question.model.value}):")
    else:
        console.print(
            f"[bold]{count} {people}[/bold] on the phones, for {aim} ({question.model.value})."
        )
    if missing is not None:
        console.print(
            f"[bold]{to_schedule(count, missing)}[/bold] to schedule, so that {count} are there "
            f"when {float(missing):g} % of paid time is not on the phones."
        )
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("agents", "in time", "leave", "mean wait", "ASA", "wait at all", "occupied"):
        table.add_column(heading, justify="right")
    for n, figures in rows.items():
        cells = (
            _percent(figures["service_level"]),
            _percent(figures["abandon_probability"]),
            _seconds(figures["mean_wait_s"]),
            _seconds(figures["asa_s"]),
            _percent(figures["wait_probability"]),
            _percent(figures["occupancy"]),
        )
        table.add_row(str(n), *cells, style="bold" if n == count else None)
    console.print(table)


def _say_days(
    staffed: Staffed, planned_for: str, aim: str, model: Model, missing: Fraction | None
) -> None:
    console = Console(highlight=False)
    intervals = staffed.intervals
    console.print(f"For {aim} ({model.value}), planned for the column {planned_for}:")
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("day", no_wrap=True)
    headings = ["calls", "most at once", "at", "hours on the phones"]
    for heading in (*headings, *([] if missing is None else ["hours to schedule"])):
        table.add_column(heading, justify="right")
    hours = intervals.interval_s / 3600
    by_day: dict[str, list[int]] = {}
    for at, stamp in enumerate(intervals.stamps):
        by_day.setdefault(stamp[:10], []).append(at)
    for day, places in by_day.items():
        agents = [int(staffed.agents[at]) for at in places]
        top = max(agents)
        peak = intervals.stamps[places[agents.index(top)]][11:16]
        cells = [
            day,
            f"{sum(float(intervals.calls[at]) for at in places):,.0f}",
            str(top),
            peak if top else "–",
            f"{sum(agents) * hours:,.1f}",
        ]
        if missing is not None:
            cells.append(f"{sum(to_schedule(each, missing) for each in agents) * hours:,.1f}")
        table.add_row(*cells)
    console.print(table)


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


def _seconds(seconds: float | None) -> str:
    return "endless" if seconds is None else f"{seconds:.1f} s"
