"""`openline export`: calls one by one, or sums by interval, as coded fields only."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import typer

from openline.app.exporting import CellRow, Export, calls, intervals
from openline.app.files import form_of, write
from openline.app.options import options
from openline.app.reporting import Request
from openline.app.workbook import Value
from openline.cli.progress import Telling
from openline.configuration import load
from openline.measures import Tally
from openline.model import SECOND, Instant, RefusedError
from openline.reports import CallRow

FORMS = ("csv", "jsonl", "parquet")

CALL_COLUMNS: dict[str, type] = {
    "call": int,
    "origin": str,
    "line": str,
    "queue": str,
    "arrived_at": str,
    "queued_at": str,
    "answered_at": str,
    "ended_at": str,
    "outcome": str,
    "ended_because": str,
    "entries": int,
    "offers": int,
    "offers_not_taken": int,
    "wait_s": float,
    "is_in_target": bool,
    "talk_s": float,
    "hold_s": float,
    "wrap_up_s": float,
}
AGENT_COLUMN: dict[str, type] = {"agent": str}

TIMES = {"wait_of_answered", "wait_of_abandoned", "longest_wait", "talk", "hold", "wrap_up"}
SUMS = tuple(name for name in Tally.__struct_fields__ if name != "waits")
INTERVAL_COLUMNS: dict[str, type] = {
    "start": str,
    "end": str,
    "line": str,
    "queue": str,
    "origin": str,
    **{f"{name}_s" if name in TIMES else name: float if name in TIMES else int for name in SUMS},
}


def export(
    what: str,
    *,
    config: Path | None,
    data: Path | None,
    request: Request,
    agents: bool,
    forms: Sequence[str],
    out: Path | None,
) -> None:
    """Exports and says how much, where it went to a file."""
    if what not in ("calls", "intervals"):
        raise RefusedError(
            f"export {what}: there are calls and intervals to export.", code="unknown_export"
        )
    if agents and what != "calls":
        raise RefusedError("--agents: only calls have an agent.", code="bad_agents")
    form = form_of(out, forms, known=FORMS)
    form = "csv" if form == "table" else form
    chosen = options(config=config, data=data, speed=1, port=None)
    published = load(chosen.config)
    columns = CALL_COLUMNS | (AGENT_COLUMN if agents else {})
    count = 0

    def write_calls(made: Export, rows: Iterator[CallRow]) -> None:
        nonlocal count
        records = (_call(made, row, agents) for row in rows)
        count = write(form, out, columns, records)

    def write_intervals(made: Export, rows: Iterator[CellRow]) -> None:
        nonlocal count
        count = write(form, out, INTERVAL_COLUMNS, (_interval(made, row) for row in rows))

    with Telling("Reading the record") as telling:
        if what == "calls":
            calls(chosen.data, published, request, agents=agents, tell=telling, write=write_calls)
        else:
            intervals(chosen.data, published, request, tell=telling, write=write_intervals)
    if out is not None:
        typer.echo(
            f"{out} holds {count:,} {what}." if what == "calls" else f"{out} holds {count:,} rows."
        )


def _call(made: Export, row: CallRow, agents: bool) -> dict[str, Value]:
    def when(at: Instant | None) -> str | None:
        return None if at is None else made.calendar.local(at).isoformat(timespec="milliseconds")

    def seconds(time: int | None) -> float | None:
        return None if time is None else time / SECOND

    record: dict[str, Value] = {
        "call": row.call,
        "origin": row.origin.value,
        "line": row.line,
        "queue": row.queue,
        "arrived_at": when(row.arrived_at),
        "queued_at": when(row.queued_at),
        "answered_at": when(row.answered_at),
        "ended_at": when(row.ended_at),
        "outcome": row.outcome,
        "ended_because": row.ended_because,
        "entries": row.entries,
        "offers": row.offers,
        "offers_not_taken": row.offers_not_taken,
        "wait_s": seconds(row.waited),
        "is_in_target": row.is_in_target,
        "talk_s": seconds(row.talk),
        "hold_s": seconds(row.hold),
        "wrap_up_s": seconds(row.wrap_up),
    }
    return record | {"agent": row.agent} if agents else record


def _interval(made: Export, row: CellRow) -> dict[str, Value]:
    record: dict[str, Value] = {
        "start": made.calendar.local(row.slice.start).isoformat(),
        "end": made.calendar.local(row.slice.end).isoformat(),
        "line": row.cell.line,
        "queue": row.cell.queue,
        "origin": row.cell.origin.value,
    }
    for name in SUMS:
        value = int(getattr(row.tally, name))
        if name in TIMES:
            record[f"{name}_s"] = value / SECOND
        else:
            record[name] = value
    return record
