"""A history file becomes grids of calls, one a line, with everything that was found on the way.

Columns are `timestamp` (or `date` and `time`) and `calls`, optionally `aht_s` and `line`; other
columns are left alone. A row tells how many calls came in the interval that begins at its time. A
missing row is missing and not zero. A cell that cannot be right is a *fault*: the file is refused
with all of them, or their rows are left out where that was asked for.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from openline.model import RefusedError
from openline.planning.forecast.history import MINUTES_OF_DAY, History
from openline.planning.history_file.cells import BadCellError, Cell, count, is_day_first, moment
from openline.planning.history_file.findings import FaultyHistoryError, Finding
from openline.planning.history_file.grid import Entry, add_up, end_of, gaps, grid_of, step_of
from openline.planning.history_file.sheet import Sheet

NAMES = {
    "timestamp": ("timestamp", "datetime", "date_time", "start", "interval_start", "date time"),
    "date": ("date", "day", "fecha"),
    "time": ("time", "hora", "interval"),
    "calls": ("calls", "offered", "call_volume", "volume", "count", "llamadas"),
    "aht_s": ("aht_s", "aht", "handle_time_s", "handle_time"),
    "line": ("line", "queue", "skill", "línea", "linea"),
    "part": ("part",),
}
"""How columns may be called. `part` is of our own reports: their totals are left out."""
FINEST_MINUTES = 15


@dataclass(frozen=True, kw_only=True)
class HistoryFile:
    """Is a file as it was understood."""

    name: str
    lines: dict[str, History]
    """By line, in the file's order; one named `""` where there is no such column."""
    findings: tuple[Finding, ...]
    """What somebody should know: gaps, clock changes, rows left out."""
    zone: tzinfo | None
    """What times are told in: a zone, or the one offset that all rows have."""
    rows: int
    last: datetime
    """The civil time at which the last interval ends."""

    def all(self) -> History:
        """Returns the calls of all lines together."""
        return add_up(list(self.lines.values()))

    def line(self, key: str) -> History:
        """Returns one line.

        Raises:
            RefusedError: there is none of that name (`unknown_line`).
        """
        if key in self.lines:
            return self.lines[key]
        known = ", ".join(name for name in self.lines if name)
        there = f"There are: {known}." if known else "There is no column `line`."
        raise RefusedError(
            f"--line {key}: {self.name} has no line of that name. {there}", code="unknown_line"
        )


class _Row(NamedTuple):
    row: int
    at: datetime
    calls: float
    aht_s: float | None
    line: str


def read_history(
    sheet: Sheet,
    *,
    minutes: int | None = None,
    zone: ZoneInfo | None = None,
    before: date | datetime | None = None,
    skips_faulty: bool = False,
    missing_is_zero: bool = False,
) -> HistoryFile:
    """Reads a table; `minutes` is the interval to count by, else the file's own.

    Only rows before `before` (civil time) are used. With `missing_is_zero` a row that is not there
    says that nobody called, as in exports that leave quiet intervals out.

    Raises:
        RefusedError: a column is missing, a cell is faulty, or nothing is left (`bad_history`).
    """
    places = _columns(sheet)
    rows, faults, notes = _rows(sheet, places)
    if faults and not skips_faulty:
        raise FaultyHistoryError(sheet.name, faults)
    notes += [_left_out(fault) for fault in faults]
    if before is not None:
        limit = before if isinstance(before, datetime) else datetime(*before.timetuple()[:3])  # noqa: DTZ001
        rows = [row for row in rows if _civil(row.at, zone) < limit]
    if not rows:
        when = f" before {before}" if before is not None else ""
        raise RefusedError(
            f"{sheet.name}: there is no row with calls{when}, so there is nothing to learn from.",
            code="no_rows",
        )
    lines: dict[str, list[Entry]] = defaultdict(list)
    for row in rows:
        entry = Entry(row.row, _civil(row.at, zone), row.at, row.calls, row.aht_s)
        lines[row.line].append(entry)
    step = step_of([entry.civil for each in lines.values() for entry in each], sheet.name)
    wanted = _interval(minutes, step, sheet.name)
    made: dict[str, History] = {}
    doubles: list[Finding] = []
    for key, entries in lines.items():
        history, found, told = grid_of(entries, step, wanted, zone, missing_is_zero=missing_is_zero)
        made[key] = history
        doubles += found
        notes += told
        if not missing_is_zero:
            notes += gaps(history, key)
    if doubles and not skips_faulty:
        raise FaultyHistoryError(sheet.name, doubles)
    notes += [_left_out(fault) for fault in doubles]
    offsets = {row.at.utcoffset() for row in rows}
    offset = rows[0].at.tzinfo if len(offsets) == 1 else None
    if zone is None and len(offsets) > 1:
        notes.append(Finding(column="timestamp", code="offsets"))
    return HistoryFile(
        name=sheet.name,
        lines=made,
        findings=tuple(notes),
        zone=zone or offset,
        rows=len(rows),
        last=max(end_of(history) for history in made.values()),
    )


def _columns(sheet: Sheet) -> dict[str, int]:
    places: dict[str, int] = {}
    for meaning, names in NAMES.items():
        for name in names:
            if name in sheet.header and meaning not in places:
                places[meaning] = sheet.header.index(name)
    if "timestamp" not in places and "date" not in places and "time" in places:
        places["timestamp"] = places.pop("time")
    missing = [name for name in ("timestamp", "calls") if name not in places]
    if missing == ["timestamp"] and "date" in places:
        missing = []
    if missing:
        seen = ", ".join(name for name in sheet.header if name) or "nothing"
        raise RefusedError(
            f"{sheet.name}, row {sheet.header_row}: there is no column {' and no '.join(missing)}. "
            f"The first row names the columns: timestamp, calls, and if you like aht_s and line. "
            f"It has: {seen}.",
            code="no_column",
        )
    return places


def _rows(sheet: Sheet, places: dict[str, int]) -> tuple[list[_Row], list[Finding], list[Finding]]:
    """Returns the rows, the faults and what is to be told."""
    time_column = "timestamp" if "timestamp" in places else "date"
    times = [_cell(row, places.get(time_column)) for _, row in sheet.rows]
    day_first = is_day_first(times)
    if day_first is None:
        raise RefusedError(
            f"{sheet.name}, row {sheet.rows[0][0]}, column {time_column}: {times[0]} may be the "
            f"month first or the day first. Write dates like 2026-03-02.",
            code="ambiguous_dates",
        )
    rows: list[_Row] = []
    faults: list[Finding] = []
    empty = 0
    for number, cells in sheet.rows:
        if "part" in places and _text(_cell(cells, places["part"])) == "total":
            continue
        column = time_column
        try:
            at = _moment(cells, places, day_first=day_first)
            column = "calls"
            calls = count(_cell(cells, places["calls"]), "calls")
            column = "aht_s"
            aht = count(_cell(cells, places.get("aht_s")), "seconds")
        except BadCellError as error:
            faults.append(Finding(row=number, column=column, code=error.code, values=error.values))
            continue
        if calls is None:
            empty += 1
            continue
        rows.append(_Row(number, at, calls, aht, _text(_cell(cells, places.get("line")))))
    notes = []
    if empty:
        notes.append(Finding(column="calls", code="empty_cells", values={"count": empty}))
    return rows, faults, notes


def _moment(cells: list[Cell], places: dict[str, int], *, day_first: bool) -> datetime:
    if "timestamp" in places:
        return moment(_cell(cells, places["timestamp"]), day_first=day_first)
    day = moment(_cell(cells, places["date"]), day_first=day_first)
    time = _cell(cells, places.get("time"))
    if time is None or _text(time) == "":
        return day
    clock = moment(f"{day:%Y-%m-%d} {_text(time)}", day_first=True)
    return clock.replace(tzinfo=clock.tzinfo or day.tzinfo)


def _cell(cells: list[Cell], place: int | None) -> Cell:
    return cells[place] if place is not None and place < len(cells) else None


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell).strip()


def _civil(at: datetime, zone: ZoneInfo | None) -> datetime:
    """Returns what the clock on the wall shows."""
    if at.tzinfo is not None and zone is not None:
        at = at.astimezone(zone)
    return at.replace(tzinfo=None)


def _interval(wanted: int | None, step: int, name: str) -> int:
    if wanted is None:
        coarse = next((m for m in (30, 60) if step < FINEST_MINUTES and m % step == 0), step)
        return coarse
    if wanted < step or wanted % step or MINUTES_OF_DAY % wanted:
        raise RefusedError(
            f"--interval {wanted}m: {name} counts by {step} minutes, so an interval can be "
            f"{step}m or a multiple of it that divides a day.",
            code="bad_interval",
        )
    return wanted


def _left_out(fault: Finding) -> Finding:
    return msgspec.structs.replace(fault, is_left_out=True)
