"""`openline report --by partner`: what each partner may be told of its own calls, week by week."""

from collections.abc import Sequence
from pathlib import Path

import typer

from openline.app.files import form_of, write
from openline.app.options import options
from openline.app.partner_reporting import partner_weeks
from openline.app.workbook import Record
from openline.cli.figures import console, span
from openline.cli.progress import Telling
from openline.configuration import Published, load
from openline.model import Origin, RefusedError
from openline.reports import Calendar
from openline.reports.partners import LEAST, PartnerWeek

FORMS = ("csv", "json", "parquet", "xlsx")
TYPES: dict[str, type] = {
    "partner": str,
    "week": str,
    "offered": int,
    "answered": int,
    "abandoned": int,
    "other": int,
    "held_back": int,
    "service_level": float,
    "asa_s": int,
}
NOTE = (
    f"A number of calls under {LEAST} is not told, nor what it could be reckoned from; only whole "
    "weeks are. Held back: passed over because the share limit held."
)


def partner_report(
    *,
    config: Path | None,
    data: Path | None,
    partners: Sequence[str],
    since: str | None,
    until: str | None,
    origins: tuple[Origin, ...],
    forms: Sequence[str],
    out: Path | None,
) -> None:
    """Makes the report and writes it in the form that was asked for."""
    form = form_of(out, forms, known=FORMS)
    chosen = options(config=config, data=data, speed=1, port=None)
    published = load(chosen.config)
    if not published.settings.partners:
        raise RefusedError("The configuration has no [partners].", code="no_partners")
    with Telling("Reading the record") as telling:
        weeks, calendar = partner_weeks(
            chosen.data,
            published,
            partners=tuple(partners),
            since=since,
            until=until,
            origins=origins,
            tell=telling,
        )
    if form == "table":
        _table(weeks, calendar, published)
    else:
        write(form, out, TYPES, [_record(week, calendar) for week in weeks])
        if out is not None:
            typer.echo(f"{out} holds {len(weeks)} rows. {NOTE}")


def _record(week: PartnerWeek, calendar: Calendar) -> Record:
    return {
        "partner": week.partner,
        "week": f"{calendar.local(week.week.start):%Y-%m-%d}",
        "offered": week.offered,
        "answered": week.answered,
        "abandoned": week.abandoned,
        "other": week.other,
        "held_back": week.held_back,
        "service_level": week.service_level,
        "asa_s": week.asa_s,
    }


def _table(weeks: Sequence[PartnerWeek], calendar: Calendar, published: Published) -> None:
    from rich.box import SIMPLE
    from rich.table import Table

    told = [week for week in weeks if week.offered is not None]
    table = Table(box=SIMPLE, padding=0)
    table.add_column("Week from", no_wrap=True)
    table.add_column("Partner")
    for name in ("Offered", "Answered", "Aband.", "Other", "Held back", "Level", "ASA"):
        table.add_column(name, justify="right", no_wrap=True)
    language = published.languages[0]
    for week in told:
        table.add_row(
            f"{calendar.local(week.week.start):%Y-%m-%d}",
            published.name_of("partner", week.partner, language),
            *(_count(n) for n in (week.offered, week.answered, week.abandoned, week.other)),
            _count(week.held_back),
            "–" if week.service_level is None else f"{week.service_level:.0%}",
            "–" if week.asa_s is None else span(week.asa_s),
        )
    console().print(table)
    quiet = len(weeks) - len(told)
    if quiet:
        typer.echo(f"{quiet} more weeks of a partner have fewer than {LEAST} calls.")
    if not weeks:
        typer.echo("There is no whole week in this period: from Monday to Sunday.")
    typer.echo(NOTE)


def _count(number: int | None) -> str:
    return "–" if number is None else f"{number:,}"
