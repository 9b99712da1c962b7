"""`openline simulate`: some days of a configuration among simulated people."""

import json as json_codec
import time
from datetime import datetime
from pathlib import Path

import typer

from openline.app.options import DEMO, example
from openline.app.simulating import Simulated, simulate
from openline.cli.figures import console, shown
from openline.cli.progress import Telling
from openline.cli.studies import date_of
from openline.configuration import Published, load
from openline.measures import definition
from openline.model import Instant
from openline.reports import USUAL, By, Calendar, figures


def run_simulation(
    *,
    config: Path | None,
    days: int,
    seed: int | None,
    start: str | None,
    record: Path | None,
    check: bool,
    json: bool,
) -> None:
    """Simulates and tells the figures, queue by queue and together."""
    path = config or example(DEMO)
    published = load(path)
    begun = time.perf_counter()
    with Telling("Simulating") as telling:
        result = simulate(
            published,
            days=days,
            seed=seed,
            start=None if start is None else date_of(start),
            today=datetime.now(published.zone).date(),
            record=record,
            is_checked=check,
            tell=telling,
        )
    if json:
        typer.echo(json_codec.dumps(_json(path, published, result, check), ensure_ascii=False))
        return
    _table(path, published, result)
    said = f"{result.arrived:,} calls in {time.perf_counter() - begun:.1f} s."
    if check:
        said += f" Every invariant held after each of {result.steps:,} steps."
    if record is not None:
        said += f" The record is in {record}."
    typer.echo(said)


def _json(path: Path, published: Published, result: Simulated, check: bool) -> dict[str, object]:
    clock = _clock(published, result)
    totals = result.history.totals
    return {
        "configuration": str(path),
        "seed": result.seed,
        "from": clock.local(result.start).isoformat(),
        "to": clock.local(result.end).isoformat(),
        "zone": clock.zone.key,
        "arrived": result.arrived,
        "still_there": result.live,
        "steps": result.steps,
        "invariants_checked": check,
        "queues": [
            {"queue": key, **figures(sums, USUAL)}
            for key, sums in totals.items()
            if key is not None
        ],
        "total": figures(totals[None], USUAL),
    }


def _clock(published: Published, result: Simulated) -> Calendar:
    return Calendar(published.zone, By.DAY, since=result.start, until=result.end)


def _table(path: Path, published: Published, result: Simulated) -> None:
    from rich.box import SIMPLE
    from rich.table import Table

    clock = _clock(published, result)
    last = clock.local(Instant(result.end - 1))
    title = (
        f"{path.name}, {clock.local(result.start):%Y-%m-%d} to {last:%Y-%m-%d}, "
        f"{clock.zone.key}, seed {result.seed}"
    )
    table = Table(title=title, title_justify="left", box=SIMPLE)
    table.add_column("")
    language = published.languages[0]
    totals = result.history.totals
    for name in totals:
        words = "All" if name is None else published.name_of("queue", name, language)
        table.add_column(words, justify="right")
    for key in USUAL:
        table.add_row(definition(key).name, *(shown(key, sums) for sums in totals.values()))
    console().print(table)
