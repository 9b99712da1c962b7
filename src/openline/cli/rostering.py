"""The command about rosters: how it is called; `roster` and `roster_twin` are what it does."""

from pathlib import Path
from typing import Annotated

import typer

from openline.model import RefusedError


def roster(
    roster: Annotated[
        Path, typer.Argument(help="A table (.csv, .xlsx) with person, start and end; or an .ics.")
    ],
    forecast: Annotated[
        Path | None,
        typer.Option(help="A file of `openline forecast --out`: does the roster cover it?"),
    ] = None,
    *,
    aht: Annotated[
        str | None, typer.Option(help="Mean talk, hold and wrap-up together, as 6m.")
    ] = None,
    patience: Annotated[
        str | None, typer.Option(help="How long callers wait before they leave, on average.")
    ] = None,
    target: Annotated[str, typer.Option(help="80/20: 80 % answered within 20 seconds.")] = "80/20",
    shrinkage: Annotated[
        str, typer.Option(help="Paid time not on the phones, in %: breaks, training, illness.")
    ] = "0",
    plan_for: Annotated[
        str, typer.Option(help="Plan for the mean, for high80 or for high95.")
    ] = "mean",
    change: Annotated[
        str | None,
        typer.Option(help="What if? +1@20:00-22:00 is one more then, on every day."),
    ] = None,
    day: Annotated[
        str | None, typer.Option(help="One day, interval by interval, like 2026-03-02.")
    ] = None,
    group: Annotated[str | None, typer.Option(help="Only the shifts of this group.")] = None,
    zone: Annotated[
        str | None, typer.Option(help="Where a calendar's roster is worked, as Europe/Madrid.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="With --forecast: write every interval, as CSV.")
    ] = None,
    twin: Annotated[
        bool,
        typer.Option("--twin", help="Let the live engine work the roster, and tell its verdict."),
    ] = False,
    config: Annotated[
        Path | None, typer.Option(help="With --twin: whose lines, queues and rules they are.")
    ] = None,
    runs: Annotated[
        int | None, typer.Option(help="With --twin: so often, each with other callers; default 20.")
    ] = None,
    seed: Annotated[int, typer.Option(help="With --twin: other callers.")] = 1,
    jobs: Annotated[
        int | None, typer.Option(help="With --twin: so many processes. Default: all processors.")
    ] = None,
    ray: Annotated[
        str | None,
        typer.Option(
            help="With --twin: share the runs over a Ray cluster: local, auto or HOST:PORT."
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Answer for machines.")] = False,
) -> None:
    """Reads a roster, and says where it covers a forecast and where too few are planned.

    On the roster are people to schedule; of these --shrinkage leaves those on the phones. The
    risk of each interval is that of a queue whose callers leave (Erlang A). With --twin the live
    engine works the roster under a configuration's rules, many times; Ctrl-C keeps what is done.

    For example:

      openline roster shifts.xlsx

      openline roster shifts.csv --forecast fortnight.csv --aht 6m --patience 3m --shrinkage 30

      openline roster shifts.ics --zone Europe/Madrid --forecast fortnight.csv --aht 6m
      --patience 3m --change +1@20:00-22:00

      openline roster shifts.csv --forecast fortnight.csv --aht 6m --patience 3m --day 2026-03-02

      openline roster shifts.csv --forecast fortnight.csv --aht 6m --patience 3m --twin
      --config openline.toml
    """
    from openline.app.sharing import shared_of
    from openline.cli.roster import RosterAsked, tell_roster
    from openline.cli.roster_twin import TwinAsked

    if not twin and any(each is not None for each in (config, runs, jobs, ray)):
        raise RefusedError(
            "--config, --runs, --jobs and --ray are for the twin: add --twin.",
            code="option_missing",
        )
    asked = None
    if twin:
        asked = TwinAsked(config=config, runs=runs, seed=seed, shared=shared_of(jobs, ray))
    tell_roster(
        RosterAsked(
            source=roster,
            forecast=forecast,
            aht=aht,
            patience=patience,
            target=target,
            shrinkage=shrinkage,
            planned_for=plan_for,
            change=change,
            day=day,
            group=group,
            zone=zone,
            out=out,
            twin=asked,
            json=json,
        )
    )
