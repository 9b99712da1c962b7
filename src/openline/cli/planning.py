"""The commands that plan: how they are called; what they do stands in the file of each."""

from pathlib import Path
from typing import Annotated

import typer

from openline.model import RefusedError


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
    csv: Annotated[
        Path | None, typer.Option(help="A table of questions; the other options are not used.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="With --csv: where the answers go.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Answer for machines.")] = False,
) -> None:
    """Says how many agents a queue needs, or how many agents would do.

    The table has the columns calls, interval_s, aht_s, patience_s, model, target_percent, target_s
    and agents (empty: find the least); the answers are written beside them.

    For example:

      openline staff --calls 146 --interval 30m --aht 6m --patience 3m --target 80/20

      openline staff --calls 12 --aht 22m --patience 5m --agents 6 --json

      openline staff --csv week.csv --out staffed.csv
    """
    from openline.cli.staff import staff_one, staff_table

    if csv is not None:
        staff_table(csv, out)
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
        json=json,
    )
