"""What may leave a centre's record, for those who run it: calls one by one, or sums by interval.

Both are for the centre's own operations and are exact. Nothing here is fit to be handed to others:
a table for publication hides small cells, and an exact time beside a line lets somebody who knows
that a person called recognise the call. What is refused, and why:

- Sealed references, legs, notes, free text: never; nothing in an export leads to a caller.
- Dispositions: never beside a call. Exact time, topic and line together tell one person's story.
- Who answered: only when asked for, and only for calls of the last seven days (invented colleagues
  may be named for ever). Longer lists of who
  answered when are a way to judge people by the minute.
- Practice and simulated calls: only when asked for; each row says what it is.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from openline.app.record import Record, record_of
from openline.app.reporting import Request, asked_of, read_history, stretch
from openline.centre.clock import wall_now
from openline.centre.reading import events_between
from openline.configuration import Published
from openline.measures import Cell, Slice, Tally
from openline.model import MINUTE, Duration, Instant, Origin, RefusedError
from openline.reports import Asked, Calendar, CallRow, CallRows, Historian
from openline.store import Store

AGENTS_FOR = Duration(7 * 24 * 60 * MINUTE)
"""So long who answered may be exported."""

Tell = Callable[[int, int], None]


class CellRow(msgspec.Struct, frozen=True, kw_only=True):
    """Is what happened in one interval at one line and queue."""

    slice: Slice
    cell: Cell
    tally: Tally


class Export(msgspec.Struct, frozen=True, kw_only=True):
    """Says what is exported, and what clock the times are shown by."""

    calendar: Calendar
    asked: Asked
    last: Instant


def _prepared(
    store: Store, published: Published, request: Request, *, agents: bool = False
) -> Export:
    calendar, last = stretch(store, published, request)
    is_of_people = set(request.origins) != {Origin.SIMULATED}
    if agents and is_of_people and calendar.since < max(last, wall_now()) - AGENTS_FOR:
        raise RefusedError(
            "--agents: who answered is given out for the last seven days only. Choose a later "
            "--from, or leave --agents out.",
            code="agents_too_old",
        )
    return Export(calendar=calendar, asked=asked_of(request, published), last=last)


def calls(
    data: Path,
    published: Published,
    request: Request,
    *,
    agents: bool,
    tell: Tell,
    write: Callable[[Export, Iterator[CallRow]], None],
) -> None:
    """Hands the calls that arrived in the period to `write`, each when it is over.

    Raises `RefusedError` for what is not given out, `PeerError` for a record that cannot be read.
    """
    with record_of(data, published.store.url) as record:
        export = _prepared(record.store, published, request, agents=agents)
        write(export, _calls(record, published, export, tell))


def _calls(record: Record, published: Published, export: Export, tell: Tell) -> Iterator[CallRow]:
    since, until, asked = export.calendar.since, export.calendar.until, export.asked
    targets = {key: target.within for key, target in published.targets.items()}
    rows = CallRows(since, until, targets)
    span = max(1, min(until, export.last) - since)
    for count, (at, events) in enumerate(events_between(record.store, record.keys, since)):
        if at >= until and rows.is_settled:
            break
        for row in rows.take(at, events):
            if _is_wanted(row, asked):
                yield row
        if count % 4096 == 0:
            tell(min(at - since, span), span)
    yield from (row for row in rows.rest() if _is_wanted(row, asked))


def _is_wanted(row: CallRow, asked: Asked) -> bool:
    return (
        row.origin in asked.origins
        and (asked.queues is None or row.queue in asked.queues)
        and (asked.lines is None or row.line in asked.lines)
    )


def intervals(
    data: Path,
    published: Published,
    request: Request,
    *,
    tell: Tell,
    write: Callable[[Export, Iterator[CellRow]], None],
) -> None:
    """Hands the sums of each interval, line and queue in the period to `write`, in order."""
    with record_of(data, published.store.url) as record:
        export = _prepared(record.store, published, request)
        read = read_history(record, published, export.calendar, export.last, tell, request.origins)
    write(export, _cells(read.historian, export))


def _cells(historian: Historian, export: Export) -> Iterator[CellRow]:
    asked = export.asked
    for slice_, cells in historian.cells():
        for cell in sorted(cells, key=_place):
            if (
                cell.origin in asked.origins
                and (asked.queues is None or cell.queue in asked.queues)
                and (asked.lines is None or cell.line in asked.lines)
            ):
                yield CellRow(slice=slice_, cell=cell, tally=cells[cell])


def _place(cell: Cell) -> tuple[str, str, str]:
    return cell.line, cell.queue or "", cell.origin.value
