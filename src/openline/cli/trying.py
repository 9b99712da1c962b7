"""The commands that try something in simulated time, on the live engine: their options and help."""

from pathlib import Path
from typing import Annotated

import typer

from openline.cli.looking import Config, Data, Json, Origins, Since, Until
from openline.model import RefusedError

Start = Annotated[str | None, typer.Option(help="The first day, like 2026-03-02. Default: today.")]
Seed = Annotated[int | None, typer.Option(help="Other callers. Default: the configuration's.")]
Runs = Annotated[
    int | None, typer.Option(help="How many runs, each with other callers; default 20.")
]
Precision = Annotated[
    float | None,
    typer.Option(
        "--until-precision",
        help="Stop once service level and abandon rate are known so well, as 0.01.",
    ),
]
Jobs = Annotated[
    int | None, typer.Option(help="So many processes. Default: as many as processors.")
]
Ray = Annotated[
    str | None,
    typer.Option(
        help="Share the runs over a Ray cluster: local, auto or HOST:PORT. Needs openline[ray]."
    ),
]
People = Annotated[int | None, typer.Option(help="What if: -3 people on the roster, or 3 more.")]
Extra = Annotated[
    list[str], typer.Option(help="What if: one more, as 18:00-22:00, or 2x18:00-22:00.")
]
Volume = Annotated[float | None, typer.Option(help="What if: so many times the calls, as 2.0.")]
Outages = Annotated[
    list[str], typer.Option("--outage", help="What if: nobody can work, as 14:00-15:00.")
]
CallbackAfter = Annotated[
    str | None, typer.Option(help="What if: a callback is offered after so long, as 4m.")
]
Rules = Annotated[
    list[str],
    typer.Option(
        "--rule",
        help="What if a rule were so: talk.target=60s, talk.needs=spanish:3, ben.skills=spanish:3, "
        "talk.callback=4m, talk.overflow=2m, talk.priority=5, evening.open=16:00-22:00.",
    ),
]
Forecast = Annotated[
    Path | None,
    typer.Option(help="The calls of this file of `openline forecast --out`, from its first day."),
]
Kept = Annotated[Path | None, typer.Option("--out", help="Keep every run in this file (JSON).")]
Part = Annotated[str | None, typer.Option(help="Tell apart: interval, weekday, queue or language.")]


def simulate(
    config: Annotated[
        Path | None,
        typer.Option(help="A configuration that simulates. Default: the demonstration's."),
    ] = None,
    days: Annotated[int, typer.Option(help="How many days.")] = 1,
    seed: Seed = None,
    start: Start = None,
    check: Annotated[
        bool, typer.Option("--check", help="Hold every invariant against every step; slower.")
    ] = False,
    record: Annotated[
        Path | None, typer.Option(help="Keep the record in this new data folder.")
    ] = None,
    runs: Runs = None,
    until_precision: Precision = None,
    jobs: Jobs = None,
    ray: Ray = None,
    by: Part = None,
    people: People = None,
    extra: Extra = [],  # noqa: B006
    volume: Volume = None,
    outage: Outages = [],  # noqa: B006
    callback_after: CallbackAfter = None,
    rule: Rules = [],  # noqa: B006
    forecast: Forecast = None,
    out: Kept = None,
    json: Json = False,
) -> None:
    """Simulates days of a configuration on the live engine and tells how they went.

    With --runs, --until-precision, --by, --forecast, --out or a what-if: many runs, and how well
    each figure is known. Ctrl-C keeps the runs that are finished.

    For example:

      openline simulate

      openline simulate --config openline.toml --days 7 --seed 3 --start 2026-03-02

      openline simulate --config examples/small-line.toml --days 2 --record data/tried

      openline simulate --config openline.toml --runs 50 --by interval --out study.json

      openline simulate --config openline.toml --people -3 --volume 1.5 --until-precision 0.01
    """
    from openline.cli.changes import changes_of
    from openline.simulation.changes import NOTHING

    changes = changes_of(
        people=people,
        extra=extra,
        volume=volume,
        outage=outage,
        callback_after=callback_after,
        rule=rule,
    )
    is_study = changes != NOTHING or any(
        each is not None for each in (runs, until_precision, jobs, ray, by, out, forecast)
    )
    if not is_study:
        from openline.cli.simulate import run_simulation

        run_simulation(
            config=config,
            days=days,
            seed=seed,
            start=start,
            record=record,
            check=check,
            json=json,
        )
        return
    if check or record is not None:
        raise RefusedError(
            f"{'--check' if check else '--record'} is for one run: leave out --runs, --jobs, "
            f"--ray, --by, --until-precision, --out and what-ifs.",
            code="one_run_only",
        )
    from openline.app.sharing import shared_of
    from openline.cli.studies import run_study

    run_study(
        config=config,
        days=days,
        seed=seed,
        start=start,
        runs=runs,
        precision=until_precision,
        shared=shared_of(jobs, ray),
        changes=changes,
        forecast=forecast,
        by=by,
        out=out,
        json=json,
    )


def compare(
    first: Annotated[Path, typer.Argument(help="A configuration that simulates.")],
    second: Annotated[
        Path | None, typer.Argument(help="Another. Default: the same, with what is different.")
    ] = None,
    days: Annotated[int, typer.Option(help="How many days.")] = 1,
    seed: Seed = None,
    start: Start = None,
    runs: Runs = None,
    until_precision: Precision = None,
    jobs: Jobs = None,
    ray: Ray = None,
    people: People = None,
    extra: Extra = [],  # noqa: B006
    volume: Volume = None,
    outage: Outages = [],  # noqa: B006
    callback_after: CallbackAfter = None,
    rule: Rules = [],  # noqa: B006
    forecast: Forecast = None,
    mend: Annotated[
        bool, typer.Option(help="Look for what would mend it, where more people hang up.")
    ] = True,
    json: Json = False,
) -> None:
    """Compares two configurations among the same callers and says what differs, and how sure.

    What-ifs are of the second. The callers are those of the first's seed in both.

    For example:

      openline compare openline.toml other.toml

      openline compare openline.toml --people -3 --days 7 --start 2026-03-02

      openline compare openline.toml --rule talk.needs=spanish:3 --rule ben.skills=spanish:3

      openline compare openline.toml --outage 14:00-15:00 --runs 50 --no-mend --json
    """
    from openline.app.sharing import shared_of
    from openline.cli.changes import changes_of
    from openline.cli.what_differs import compare_worlds

    compare_worlds(
        first=first,
        second=second,
        days=days,
        seed=seed,
        start=start,
        runs=runs,
        precision=until_precision,
        shared=shared_of(jobs, ray),
        changes=changes_of(
            people=people,
            extra=extra,
            volume=volume,
            outage=outage,
            callback_after=callback_after,
            rule=rule,
        ),
        forecast=forecast,
        mends=mend,
        json=json,
    )


def twin(
    config: Config = None,
    data: Data = None,
    since: Since = None,
    until: Until = None,
    origin: Origins = [],  # noqa: B006
    other: Annotated[
        Path | None, typer.Option("--with", help="What if: the rules of this configuration.")
    ] = None,
    people: Annotated[int | None, typer.Option(help="What if: -3 people of the record.")] = None,
    extra: Extra = [],  # noqa: B006
    volume: Volume = None,
    outage: Outages = [],  # noqa: B006
    callback_after: CallbackAfter = None,
    rule: Rules = [],  # noqa: B006
    runs: Runs = None,
    jobs: Jobs = None,
    ray: Ray = None,
    seed: Annotated[int, typer.Option(help="Other drawn callers.")] = 1,
    mend: Annotated[
        bool, typer.Option(help="Look for what would mend it, where more people hang up.")
    ] = True,
    json: Json = False,
) -> None:
    """Learns from the record and says how well its twin reproduces it; or tries a what-if on it.

    Learnt are arrivals, patience, talk, wrap-up and redials; agents are there as recorded. The
    period is whole days; without one, the last seven of the record.

    For example:

      openline twin --config openline.toml --from 2026-03-01 --to 2026-03-31

      openline twin --config openline.toml --people -3 --runs 50

      openline twin --config openline.toml --with tried.toml
    """
    from openline.app.sharing import shared_of
    from openline.cli.changes import changes_of
    from openline.cli.report import origins_of
    from openline.cli.twin import try_twin

    try_twin(
        config=config,
        data=data,
        since=since,
        until=until,
        origins=origins_of(origin),
        other=other,
        changes=changes_of(
            people=people,
            extra=extra,
            volume=volume,
            outage=outage,
            callback_after=callback_after,
            rule=rule,
        ),
        runs=runs,
        shared=shared_of(jobs, ray),
        seed=seed,
        mends=mend,
        json=json,
    )


def study(
    file: Annotated[Path, typer.Argument(help="A study that --out kept.")],
    by: Part = None,
    json: Json = False,
) -> None:
    """Tells a study again that was kept, by other parts if need be.

    For example:

      openline study study.json --by weekday
    """
    from openline.cli.studies import show_study

    show_study(file, by, json)


def tried(
    names: Annotated[
        list[str] | None,
        typer.Argument(help="One to tell again, or two to compare. Default: list all."),
    ] = None,
    data: Data = None,
    remove: Annotated[
        str | None, typer.Option(help="Remove this one; for a week it can be put back.")
    ] = None,
    put_back: Annotated[str | None, typer.Option(help="Take a removal back.")] = None,
    json: Json = False,
) -> None:
    """Lists the changes that were tried on the page, tells one again, or compares two.

    Two can be compared where the same people called on the same days: run by run.

    For example:

      openline tried --data data/openline

      openline tried 1772539200-1 1772539260-1 --data data/openline

      openline tried --remove 1772539200-1 --data data/openline
    """
    from openline.cli.tried import tell_tried

    tell_tried(names or [], data=data, remove=remove, put_back=put_back, json=json)
