"""The commands that look at a centre and change nothing: their options and their help."""

from pathlib import Path
from typing import Annotated

import typer

from openline.model import RefusedError

Config = Annotated[
    Path | None,
    typer.Option(help="The centre's configuration (TOML). Default: the demonstration's."),
]
Data = Annotated[Path | None, typer.Option(help="The data folder. Default: data/NAME, as `run`.")]
Json = Annotated[bool, typer.Option("--json", help="Answer for machines.")]
Csv = Annotated[bool, typer.Option("--csv", help="Comma-separated values.")]
Out = Annotated[
    Path | None, typer.Option(help="Write a file; its ending says what: .csv, .json or .parquet.")
]
Since = Annotated[
    str | None, typer.Option("--from", help="First day, or a time: 2026-03-01T16:00. Civil time.")
]
Until = Annotated[
    str | None, typer.Option("--to", help="Last day, with it; or a time, without it.")
]
Queues = Annotated[list[str], typer.Option("--queue", help="Only this queue; may be repeated.")]
Lines = Annotated[list[str], typer.Option("--line", help="Only this line; may be repeated.")]
Origins = Annotated[
    list[str],
    typer.Option("--origin", help="real, practice or simulated; may be repeated. Default: real."),
]


def report(
    config: Config = None,
    data: Data = None,
    by: Annotated[
        str, typer.Option(help="What a row is: interval, hour, day, week, month, or partner.")
    ] = "day",
    since: Since = None,
    until: Until = None,
    queue: Queues = [],  # noqa: B006  # Typer copies it
    line: Lines = [],  # noqa: B006
    per: Annotated[
        str | None, typer.Option(help="Tell queues or lines apart: queue or line.")
    ] = None,
    interval: Annotated[str, typer.Option(help="Length of an interval: 15m, 30m or 60m.")] = "15m",
    origin: Origins = [],  # noqa: B006
    measures: Annotated[
        str,
        typer.Option(help="Which figures, with commas between; or `arrivals`, or `all`."),
    ] = "",
    partner: Annotated[
        list[str], typer.Option(help="Only these, with --by partner; may be repeated.")
    ] = [],  # noqa: B006
    explain: Annotated[
        bool, typer.Option("--explain", help="Say what each figure means, and nothing else.")
    ] = False,
    json: Json = False,
    csv: Csv = False,
    out: Out = None,
) -> None:
    """Reports what happened: calls, waits, service level, handle time, occupancy.

    The centre may be running meanwhile. Without a period: the last seven days of the record.

    For example:

      openline report --config openline.toml

      openline report --by interval --interval 30m --from 2026-03-08 --to 2026-03-08

      openline report --by month --per queue --measures offered,service_level,wait_p90 --csv

      openline report --by interval --out march.parquet --from 2026-03-01 --to 2026-03-31

      openline report --by partner --from 2026-03-30 --to 2026-04-26 --csv

      openline report --explain --measures service_level,occupancy
    """
    from openline.cli.partner_report import partner_report
    from openline.cli.report import explain as explained
    from openline.cli.report import origins_of, request_of
    from openline.cli.report import report as report_record

    chosen = [key.strip() for key in measures.split(",") if key.strip()]
    if explain:
        explained(chosen)
        return
    if by == "partner":
        if queue or line or per is not None or chosen or interval != "15m":
            raise RefusedError(
                "--by partner: a partner is told the same of every week; leave out --queue, "
                "--line, --per, --interval and --measures.",
                code="not_with_partner",
            )
        partner_report(
            config=config,
            data=data,
            partners=partner,
            since=since,
            until=until,
            origins=origins_of(origin),
            forms=_forms(json, csv),
            out=out,
        )
        return
    if partner:
        raise RefusedError("--partner goes with --by partner.", code="not_with_partner")
    report_record(
        config=config,
        data=data,
        request=request_of(
            by=by,
            interval=interval,
            since=since,
            until=until,
            queues=queue,
            lines=line,
            per=per,
            origins=origin,
        ),
        measures=chosen,
        forms=_forms(json, csv),
        out=out,
    )


def export(
    what: Annotated[str, typer.Argument(help="calls or intervals.")],
    config: Config = None,
    data: Data = None,
    since: Since = None,
    until: Until = None,
    queue: Queues = [],  # noqa: B006
    line: Lines = [],  # noqa: B006
    interval: Annotated[str, typer.Option(help="Length of an interval: 15m, 30m or 60m.")] = "15m",
    origin: Origins = [],  # noqa: B006
    agents: Annotated[
        bool, typer.Option("--agents", help="With who answered; the last seven days only.")
    ] = False,
    csv: Csv = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="JSON, one row to a line.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="Write a file: .csv, .jsonl or .parquet.")
    ] = None,
) -> None:
    """Exports calls one by one, or sums by interval, line and queue: coded fields only.

    For the centre's own use: an export holds exact times. Nothing in it leads to a caller.

    For example:

      openline export calls --config openline.toml --from 2026-03-01 --to 2026-03-31 --out march.csv

      openline export intervals --interval 30m --jsonl
    """
    from openline.cli.export import export as export_record
    from openline.cli.report import request_of

    export_record(
        what,
        config=config,
        data=data,
        request=request_of(
            by="interval",
            interval=interval,
            since=since,
            until=until,
            queues=queue,
            lines=line,
            per=None,
            origins=origin,
        ),
        agents=agents,
        forms=[name for name, wanted in (("csv", csv), ("jsonl", jsonl)) if wanted],
        out=out,
    )


def doctor(config: Config = None, data: Data = None, json: Json = False) -> None:
    """Examines machine, configuration and data folder, and says how to mend what is wrong.

    Changes nothing; the centre may be running. Ends with 1 if something is wrong.

    For example:

      openline doctor --config openline.toml

      openline doctor --data data/openline --json
    """
    from openline.cli.doctor import diagnose

    raise SystemExit(diagnose(config=config, data=data, json=json))


def _forms(json: bool, csv: bool) -> list[str]:
    return [name for name, wanted in (("json", json), ("csv", csv)) if wanted]
