"""The commands that plan: how they are called; what they do stands in the file of each."""

from pathlib import Path
from typing import Annotated

import typer

from openline.model import RefusedError


def least(
    config: Annotated[
        Path | None,
        typer.Option(help="A configuration that simulates. Default: the demonstration's."),
    ] = None,
    days: Annotated[int, typer.Option(help="How many days; 7 for rosters of a week.")] = 7,
    seed: Annotated[
        int | None, typer.Option(help="Other callers. Default: the configuration's.")
    ] = None,
    start: Annotated[
        str | None, typer.Option(help="The first day, like 2026-03-02. Default: today.")
    ] = None,
    runs: Annotated[int | None, typer.Option(help="Runs of each roster; default 8.")] = None,
    jobs: Annotated[
        int | None, typer.Option(help="So many processes. Default: as many as processors.")
    ] = None,
    ray: Annotated[
        str | None,
        typer.Option(
            help="Share the runs over a Ray cluster: local, auto or HOST:PORT. Needs openline[ray]."
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Answer for machines.")] = False,
) -> None:
    """Finds the least people by whom every queue reaches its target: with skills, by simulation.

    People are taken from the configuration's roster, kind by kind, as long as the targets are
    reached. It lives many rosters: minutes for a small line, longer for a large one.

    For example:

      openline least --config openline.toml --days 7 --start 2026-03-02
    """
    from openline.app.sharing import shared_of
    from openline.cli.least import find_least

    find_least(
        config=config,
        days=days,
        seed=seed,
        start=start,
        runs=runs,
        shared=shared_of(jobs, ray),
        json=json,
    )


def staff(
    calls: Annotated[str | None, typer.Option(help="Calls in the interval, as 146.")] = None,
    interval: Annotated[str, typer.Option(help="How long the interval is: 15m, 30m, 1h.")] = "30m",
    aht: Annotated[
        str | None, typer.Option(help="Mean talk, hold and wrap-up together, as 6m or 360.")
    ] = None,
    patience: Annotated[
        str | None, typer.Option(help="How long callers wait before they leave, on average.")
    ] = None,
    target: Annotated[str, typer.Option(help="80/20: 80 % answered within 20 seconds.")] = "80/20",
    model: Annotated[
        str,
        typer.Option(help="Callers leave (erlang-a), wait for ever (-c) or are refused (-b)."),
    ] = "erlang-a",
    agents: Annotated[
        int | None, typer.Option(help="So many: what happens then? Instead of finding the least.")
    ] = None,
    max_abandon: Annotated[
        str | None, typer.Option(help="At most so many in a hundred may leave.")
    ] = None,
    max_occupancy: Annotated[
        str | None, typer.Option(help="Agents are busy for at most so much of their time, in %.")
    ] = None,
    shrinkage: Annotated[
        str | None,
        typer.Option(help="Paid time not on the phones, in %; says how many to schedule."),
    ] = None,
    concurrency: Annotated[
        int, typer.Option(help="Typed contacts: so many at once; --aht is of one among them.")
    ] = 1,
    csv: Annotated[
        Path | None,
        typer.Option(help="A table of questions; of the other options, --shrinkage is used."),
    ] = None,
    varying: Annotated[
        bool,
        typer.Option(
            "--varying", help="With --csv: the rows are intervals in order; long calls go on."
        ),
    ] = False,
    forecast: Annotated[
        Path | None, typer.Option(help="A file of `openline forecast --out`: staff its intervals.")
    ] = None,
    plan_for: Annotated[
        str, typer.Option(help="With --forecast: plan for the mean, for high80 or for high95.")
    ] = "mean",
    out: Annotated[
        Path | None, typer.Option(help="With --csv or --forecast: where the answers go.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Answer for machines.")] = False,
) -> None:
    """Says how many agents a queue needs, or how many agents would do.

    The table has the columns calls, interval_s, aht_s, patience_s, model, target_percent, target_s
    and agents (empty: find the least); the answers are written beside them.

    For example:

      openline staff --calls 146 --interval 30m --aht 6m --patience 3m --target 80/20

      openline staff --calls 12 --aht 22m --patience 5m --agents 6 --json

      openline staff --csv week.csv --out staffed.csv

      openline staff --csv day.csv --varying --shrinkage 30 --out staffed.csv

      openline staff --forecast fortnight.csv --aht 6m --patience 3m --shrinkage 30
    """
    from openline.cli.staff import staff_days, staff_one, staff_table

    if varying and csv is None:
        raise RefusedError(
            "--varying is for a table, whose rows are the intervals of a day: --csv day.csv.",
            code="option_missing",
        )
    if csv is not None and forecast is not None:
        raise RefusedError("--csv --forecast: choose one of them.", code="two_forms")
    if forecast is not None:
        staff_days(
            forecast,
            planned_for=plan_for,
            aht=aht,
            patience=patience,
            target_text=target,
            model=model,
            most_abandoned=max_abandon,
            most_occupied=max_occupancy,
            shrinkage_text=shrinkage,
            out=out,
        )
        return
    if csv is not None:
        staff_table(csv, out, is_varying=varying, shrinkage_text=shrinkage)
        return
    if calls is None or aht is None:
        raise RefusedError(
            f"--{'calls' if calls is None else 'aht'} is missing. For example: openline staff "
            f"--calls 146 --interval 30m --aht 6m --patience 3m --target 80/20",
            code="option_missing",
        )
    staff_one(
        calls=calls,
        interval=interval,
        aht=aht,
        patience=patience,
        target_text=target,
        model=model,
        agents=agents,
        most_abandoned=max_abandon,
        most_occupied=max_occupancy,
        shrinkage_text=shrinkage,
        concurrency=concurrency,
        json=json,
    )


History = Annotated[
    Path | None,
    typer.Argument(help="Calls of the past, .csv or .xlsx. Default: the centre's own record."),
]
Interval = Annotated[
    str | None, typer.Option(help="Length of an interval, as 30m. Default: the history's own.")
]
Origin = Annotated[
    str | None,
    typer.Option(help="First day to forecast, 2026-03-02; only what came before is used."),
]
Horizon = Annotated[str, typer.Option(help="How many days to look ahead, as 14d.")]
Zone = Annotated[
    str | None, typer.Option(help="The file's time zone, as Europe/Madrid; for clock changes.")
]
Line = Annotated[str | None, typer.Option(help="Only this line. Default: all together.")]
Holidays = Annotated[
    list[str], typer.Option(help="Whose public holidays to mark: US, US-TX, ES; may be repeated.")
]
Special = Annotated[
    list[str], typer.Option(help="A day to mark, as 2026-03-02=campaign; may be repeated.")
]
SkipFaulty = Annotated[
    bool, typer.Option("--skip-faulty", help="Count faulty rows as missing, and say which.")
]
MissingIsZero = Annotated[
    bool,
    typer.Option("--missing-is-zero", help="A row that is not there means that nobody called."),
]
Kind = Annotated[
    list[str],
    typer.Option(help="From the record: real (default), practice or simulated calls."),
]
Config = Annotated[
    Path | None, typer.Option(help="The centre's configuration, to learn from its own record.")
]
Data = Annotated[Path | None, typer.Option(help="The data folder. Default: data/NAME, as `run`.")]
Json = Annotated[bool, typer.Option("--json", help="Answer for machines.")]


def forecast(
    history: History = None,
    *,
    horizon: Horizon = "14d",
    origin: Origin = None,
    interval: Interval = None,
    line: Line = None,
    holidays: Holidays = [],  # noqa: B006  # Typer copies it
    special: Special = [],  # noqa: B006
    so_far: Annotated[
        bool, typer.Option("--so-far", help="The last day has begun: forecast the rest of it.")
    ] = False,
    like: Annotated[
        str | None, typer.Option(help="For a new line: a similar line, or a file of a usual week.")
    ] = None,
    per_day: Annotated[
        str | None, typer.Option(help="For a new line: so many calls a day are expected.")
    ] = None,
    zone: Zone = None,
    skip_faulty: SkipFaulty = False,
    missing_is_zero: MissingIsZero = False,
    config: Config = None,
    data: Data = None,
    kind: Kind = [],  # noqa: B006
    out: Annotated[
        Path | None, typer.Option(help="Write every interval with its bounds, as CSV.")
    ] = None,
    json: Json = False,
) -> None:
    """Forecasts the calls of the coming days, with how far off that may be.

    The history has the columns timestamp and calls, and if you like aht_s and line. Several methods
    are tried on its newest days, and the best is taken for each day ahead.

    For example:

      openline forecast history.csv --horizon 14d

      openline forecast history.xlsx --holidays US-TX --special 2026-03-02=campaign --out next.csv

      openline forecast history.csv --origin 2026-03-02T13:00 --horizon 1d

      openline forecast history.csv --line night --like day --per-day 40

      openline forecast --config openline.toml
    """
    from openline.cli.forecast import Asked, make_forecast

    make_forecast(
        Asked(
            source=history,
            config=config,
            data=data,
            kind=kind,
            interval=interval,
            zone=zone,
            line=line,
            origin=origin,
            skip_faulty=skip_faulty,
            missing_is_zero=missing_is_zero,
        ),
        horizon=horizon,
        holidays=holidays,
        special=special,
        so_far=so_far,
        like=like,
        per_day=per_day,
        out=out,
        json=json,
    )


def forecast_backtest(
    history: History = None,
    *,
    horizon: Horizon = "14d",
    test_days: Annotated[int, typer.Option(help="How many of the newest days to test.")] = 40,
    origin: Origin = None,
    interval: Interval = None,
    line: Line = None,
    holidays: Holidays = [],  # noqa: B006
    special: Special = [],  # noqa: B006
    zone: Zone = None,
    skip_faulty: SkipFaulty = False,
    missing_is_zero: MissingIsZero = False,
    config: Config = None,
    data: Data = None,
    kind: Kind = [],  # noqa: B006
    json: Json = False,
) -> None:
    """Tells how well each method would have forecast the newest days, standing before them.

    For example:

      openline forecast-backtest history.csv --horizon 14d --test-days 40
    """
    from openline.cli.forecast import Asked, make_backtest

    make_backtest(
        Asked(
            source=history,
            config=config,
            data=data,
            kind=kind,
            interval=interval,
            zone=zone,
            line=line,
            origin=origin,
            skip_faulty=skip_faulty,
            missing_is_zero=missing_is_zero,
        ),
        horizon=horizon,
        test_days=test_days,
        holidays=holidays,
        special=special,
        json=json,
    )
