"""`openline report`: what happened, by interval, hour, day, week or month.

Every figure is one of `measures.definitions`; a total is computed from the sums of the rows, never
from their figures. In files a share runs from 0 to 1 and a time is in seconds, with `_s` after its
name; what is undefined is empty (null).
"""

from collections.abc import Sequence
from pathlib import Path

import typer

from openline.app.files import form_of, write, write_text
from openline.app.options import options
from openline.app.report_files import as_json, records, types_of
from openline.app.reporting import Made, Request, make_report
from openline.cli.figures import console, heading, shown
from openline.cli.progress import Telling
from openline.configuration import load
from openline.measures import definition
from openline.model import Origin, RefusedError
from openline.planning.quantities import duration_s
from openline.reports import By, chosen, column
from openline.reports.calendar import MINUTES_ALLOWED

FORMS = ("csv", "json", "parquet", "xlsx")


def report(
    *,
    config: Path | None,
    data: Path | None,
    request: Request,
    measures: Sequence[str],
    forms: Sequence[str],
    out: Path | None,
) -> None:
    """Makes the report and writes it in the form that was asked for."""
    keys = chosen(measures)
    form = form_of(out, forms, known=FORMS)
    chosen_options = options(config=config, data=data, speed=1, port=None)
    with Telling("Reading the record") as telling:
        made = make_report(chosen_options.data, load(chosen_options.config), request, telling)
    if form == "table":
        _table(made, keys)
        return
    if form == "json":
        text = as_json(made, keys)
        if out is None:
            typer.echo(text, nl=False)
        else:
            write_text(out, text)
    else:
        write(form, out, types_of(request, keys), records(made, keys))
    if out is not None:
        typer.echo(f"{out} holds {len(made.history.rows)} rows. {_note(made)}".rstrip())


def explain(measures: Sequence[str]) -> None:
    """Says what each figure means; needs no record."""
    for key in chosen(measures):
        told = definition(key)
        typer.echo(
            f"{told.name} ({column(key)}, {told.unit})\n  {told.words}\n  Source: {told.source}"
        )


def request_of(
    *,
    by: str,
    interval: str,
    since: str | None,
    until: str | None,
    queues: Sequence[str],
    lines: Sequence[str],
    per: str | None,
    origins: Sequence[str],
) -> Request:
    """Returns what was typed, checked; raises `RefusedError` for words that mean nothing."""
    minutes = duration_s(interval, "--interval") / 60
    if minutes not in MINUTES_ALLOWED:
        allowed = ", ".join(f"{each}m" for each in MINUTES_ALLOWED)
        raise RefusedError(
            f"--interval {interval}: an interval is {allowed} long.", code="bad_interval"
        )
    try:
        chosen_by = By(by)
    except ValueError:
        raise RefusedError(
            f"--by {by}: a row is one of {', '.join(each.value for each in By)}.", code="bad_by"
        ) from None
    return Request(
        by=chosen_by,
        minutes=int(minutes),
        since=since,
        until=until,
        queues=tuple(queues),
        lines=tuple(lines),
        per=per,
        origins=origins_of(origins),
    )


def origins_of(names: Sequence[str]) -> tuple[Origin, ...]:
    """Returns the origins of these names; real where none is named."""
    try:
        return tuple(dict.fromkeys(Origin(name) for name in names)) or (Origin.REAL,)
    except ValueError:
        raise RefusedError(
            f"--origin {' '.join(names)}: calls are {', '.join(each.value for each in Origin)}.",
            code="bad_origin",
        ) from None


# --- for people ----------------------------------------------------------------------------


def _table(made: Made, keys: Sequence[str]) -> None:
    from rich.box import SIMPLE
    from rich.table import Table

    per = made.request.per
    table = Table(title=_title(made), title_justify="left", box=SIMPLE, padding=0)
    table.add_column("From", no_wrap=True)
    if per is not None:
        table.add_column(per.capitalize())
    for key in keys:
        table.add_column(heading(key), justify="right", no_wrap=True)
    for row in made.history.rows:
        cells = [_when(made, row.slice.start)]
        if per is not None:
            cells.append(row.key or "")
        table.add_row(*cells, *(shown(key, row.sums) for key in keys))
    table.add_section()
    for name, sums in made.history.totals.items():
        cells = ["Total"] if per is None else ["Total", name or "all"]
        table.add_row(*cells, *(shown(key, sums) for key in keys))
    console().print(table)
    note = _note(made)
    if note:
        typer.echo(note)


def _title(made: Made) -> str:
    calendar = made.calendar
    begin, end = (calendar.local(at) for at in (calendar.since, calendar.until))
    origins = " and ".join(origin.value for origin in made.request.origins)
    return f"{begin:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M}, {calendar.zone.key}, {origins} calls"


def _when(made: Made, start: int) -> str:
    from openline.model import Instant

    at = made.calendar.local(Instant(start))
    if made.request.by in (By.INTERVAL, By.HOUR):
        return f"{at:%a %m-%d %H:%M %Z}"
    return f"{at:%a %m-%d}"


def _note(made: Made) -> str:
    """Returns what must be said beside the figures."""
    said = ""
    if made.forgotten_until is not None:
        begins = made.calendar.local(made.forgotten_until)
        said = (
            f"Of the time before {begins:%Y-%m-%d %H:%M} only sums of real calls are left, by the "
            "targets that held then. "
        )
    total = made.history.totals[None].tally
    if total.offered or total.arrived:
        return said.rstrip()
    origins = " or ".join(origin.value for origin in made.request.origins)
    said += f"No {origins} call in this period."
    if made.other_origins:
        others = " and ".join(origin.value for origin in made.other_origins)
        said += f" There are {others} calls: add " + " ".join(
            f"--origin {origin.value}" for origin in made.other_origins
        )
    return said
