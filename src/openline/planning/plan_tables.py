"""Tables of the planner's page: a forecast by interval, and a roster of shifts or of counts.

What the page shows can be copied into a spreadsheet, changed there and pasted back: `mean` is then
the forecast, `rostered` how many are there. A cell that cannot be right is named by row and column
and nothing is read.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np

from openline.model import RefusedError
from openline.planning.cover import present
from openline.planning.erlang import Counts, Floats
from openline.planning.history_file.cells import BadCellError, Cell, count, is_day_first, moment
from openline.planning.history_file.findings import FaultyHistoryError, Finding
from openline.planning.history_file.sheet import Sheet, sheet_of
from openline.planning.roster_file.calendar import is_calendar
from openline.planning.roster_file.faults import Fault, FaultyRosterError
from openline.planning.roster_file.reading import read_roster
from openline.planning.roster_file.shift import Shift
from openline.planning.staffing_forecast import Intervals

BOUNDS = ("low80", "high80", "low95", "high95")
COUNTED = ("rostered", "people", "agents", "personas")
"""How the column of a roster that counts may be called."""
FEW, MOST = 2, 20_000
DIGITS = 4
HOUR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Expected:
    """Is a forecast as the page carries it."""

    stamps: tuple[str, ...]
    columns: dict[str, Floats]
    """`mean`, and the four bounds or none of them."""
    aht_s: Floats | None
    interval_s: float

    def intervals(self, column: str, volume: float) -> Intervals:
        """Returns what is planned for: a column, times the volume."""
        return Intervals(
            stamps=self.stamps,
            calls=self.columns[column] * volume,
            aht_s=self.aht_s,
            interval_s=self.interval_s,
        )

    def text(self) -> str:
        """Returns the table with tabs between the cells."""
        names = list(self.columns)
        columns = [self.columns[name] for name in names]
        if self.aht_s is not None:
            names, columns = [*names, "aht_s"], [*columns, self.aht_s]
        lines = ["\t".join(("timestamp", *names))]
        for at, stamp in enumerate(self.stamps):
            cells = (f"{round(float(column[at]), DIGITS):g}" for column in columns)
            lines.append("\t".join((stamp, *cells)))
        return "\n".join(lines) + "\n"


def is_expected(sheet: Sheet) -> bool:
    """Tells whether a table is a forecast and not a history."""
    return "mean" in sheet.header


def read_expected(sheet: Sheet) -> Expected:
    """Reads a forecast by interval.

    Raises:
        FaultyHistoryError: cells are faulty, all named with their places.
        RefusedError: there is no time column (`no_column`), or too few rows or too many
            (`one_interval`, `too_many_rows`).
    """
    time = _place(sheet, ("timestamp",))
    named = [name for name in BOUNDS if name in sheet.header]
    wanted = ["mean", *(BOUNDS if len(named) == len(BOUNDS) else ())]
    wanted += ["aht_s"] if "aht_s" in sheet.header else []
    day_first = _day_first(sheet, time)
    times: list[datetime] = []
    values: dict[str, list[float]] = {name: [] for name in wanted}
    faults: list[Finding] = []
    seen: dict[datetime, int] = {}
    is_put_back = False
    for row, cells in sheet.rows:
        column = "timestamp"
        try:
            at = moment(_cell(cells, time), day_first=day_first)
            found: list[float] = []
            for column in wanted:
                value = count(_cell(cells, sheet.header.index(column)), column)
                if value is None:
                    raise BadCellError("bad_number", cell="", what=column)
                found.append(value)
        except BadCellError as error:
            faults.append(Finding(row=row, column=column, code=error.code, values=error.values))
            continue
        if at in seen:
            is_put_back = _is_put_back(times[-1], at, is_put_back)
            if not is_put_back:
                faults.append(_double(row, at, seen[at]))
        else:
            is_put_back = False
        seen.setdefault(at, row)
        times.append(at)
        for name, value in zip(wanted, found, strict=True):
            values[name].append(value)
    if faults:
        raise FaultyHistoryError(sheet.name, faults)
    if not FEW <= len(times) <= MOST:
        few = len(times) < FEW
        raise RefusedError(
            f"{sheet.name} has {len(times):,} intervals; a plan has {FEW} to {MOST:,}.",
            code="one_interval" if few else "too_many_rows",
        )
    if len({time.tzinfo is None for time in times}) > 1:
        raise RefusedError(
            f"{sheet.name}: some times have an offset from UTC and some have none.",
            code="mixed_offsets",
        )
    columns = {name: np.array(each) for name, each in values.items()}
    aht = columns.pop("aht_s", None)
    if aht is not None and (aht <= 0).any():
        aht = None
    return Expected(
        stamps=tuple(time.isoformat() for time in times),
        columns=columns,
        aht_s=aht,
        interval_s=_length(times),
    )


def _is_put_back(before: datetime, at: datetime, was: bool) -> bool:
    """Tells whether a civil time comes twice since the clocks were put back by an hour."""
    if at.tzinfo is not None:
        return False
    return timedelta(0) < before - at < HOUR or (was and timedelta(0) < at - before < HOUR)


def _length(times: list[datetime]) -> float:
    between = Counter((b - a).total_seconds() for a, b in pairwise(times))
    seconds: float = between.most_common(1)[0][0]
    if seconds <= 0 or seconds > 86_400:
        raise RefusedError("The intervals do not follow one another in time.", code="no_intervals")
    return seconds


# --- rosters -----------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Planned:
    """Is a roster: shifts of people, or how many are there in each interval."""

    shifts: tuple[Shift, ...] = ()
    counts: tuple[tuple[datetime, int], ...] = ()
    """By civil time, in order; only where there are no shifts."""
    text: str
    """As the page carries it on."""

    @property
    def people(self) -> int:
        """How many different people are named."""
        return len({shift.person for shift in self.shifts})

    def there(self, stamps: Sequence[str], interval_s: float) -> tuple[Counts, list[int], set[str]]:
        """Returns how many are there, in which of the intervals, and the days that are left out.

        Raises:
            RefusedError: roster and forecast have no day in common (`no_common_day`).
        """
        times = [datetime.fromisoformat(stamp).replace(tzinfo=None) for stamp in stamps]
        days = [shift.start.date() for shift in self.shifts] or [at.date() for at, _ in self.counts]
        first, last = min(days), max(days)
        inside = [at for at, time in enumerate(times) if first <= time.date() <= last]
        if not inside:
            raise RefusedError(
                f"The roster plans {first} to {last}, the forecast {times[0].date()} to "
                f"{times[-1].date()}: they have no day in common.",
                code="no_common_day",
            )
        chosen = [times[at] for at in inside]
        length = timedelta(seconds=interval_s)
        if self.shifts:
            there = present(self.shifts, chosen, length)
        else:
            counted = dict(self.counts)
            there = np.array([counted.get(at, 0) for at in chosen], dtype=np.int64)
        outside = {time.date().isoformat() for time in times} - {
            time.date().isoformat() for time in chosen
        }
        return there, inside, outside


def read_planned(content: bytes, name: str, zone: ZoneInfo) -> Planned:
    """Reads a roster: shifts, a calendar, or a table with `timestamp` and `rostered`.

    Raises:
        RefusedError: it is none, or cells are faulty, all named with their places (`bad_roster`).
    """
    text = content.decode("utf-8-sig", errors="replace")
    if not is_calendar(text):
        sheet = sheet_of(content, name)
        column = next((each for each in COUNTED if each in sheet.header), None)
        if "timestamp" in sheet.header and column is not None:
            return _counted(sheet, column)
    shifts = read_roster(content, name, zone=zone).shifts
    return Planned(shifts=shifts, text=_text_of(shifts))


def _counted(sheet: Sheet, column: str) -> Planned:
    time, place = _place(sheet, ("timestamp",)), sheet.header.index(column)
    day_first = _day_first(sheet, time)
    found: dict[datetime, int] = {}
    seen: dict[datetime, int] = {}
    faults: list[Fault] = []
    before: datetime | None = None
    is_put_back = False
    for row, cells in sheet.rows:
        where = "timestamp"
        try:
            at = moment(_cell(cells, time), day_first=day_first).replace(tzinfo=None)
            where = column
            value = count(_cell(cells, place), column) or 0.0
            if value != int(value) or value > 1_000_000:
                raise BadCellError("bad_number", cell=f"{value:g}")
        except BadCellError as error:
            code = error.code if error.code in ("no_time", "bad_time") else "bad_count"
            values: dict[str, str | int] = {"like": "2026-03-02 08:30"}
            values["cell"] = str(error.values.get("cell", ""))
            faults.append(Fault(row=row, column=where, code=code, values=values))
            continue
        if at in seen and before is not None:
            is_put_back = _is_put_back(before, at, is_put_back)
            if not is_put_back:
                said: dict[str, str | int] = {"time": f"{at:%Y-%m-%d %H:%M}", "other": seen[at]}
                faults.append(Fault(row=row, column="timestamp", code="double", values=said))
        else:
            is_put_back = False
        seen.setdefault(at, row)
        before = at
        found[at] = int(value)
    if faults:
        raise FaultyRosterError(sheet.name, faults)
    if not found:
        raise RefusedError(f"{sheet.name}: there is no row in it.", code="bad_roster")
    counts = tuple(sorted(found.items()))
    lines = [f"{at.isoformat()}\t{people}" for at, people in counts]
    return Planned(counts=counts, text="\n".join(("timestamp\trostered", *lines)) + "\n")


def _text_of(shifts: tuple[Shift, ...]) -> str:
    lines = ["person\tstart\tend\tgroup"]
    lines += [
        f"{each.person}\t{each.start:%Y-%m-%d %H:%M}\t{each.end:%Y-%m-%d %H:%M}\t{each.group}"
        for each in shifts
    ]
    return "\n".join(lines) + "\n"


def _place(sheet: Sheet, names: tuple[str, ...]) -> int:
    place = next((sheet.header.index(name) for name in names if name in sheet.header), None)
    if place is None:
        raise RefusedError(
            f"{sheet.name}, row {sheet.header_row}: there is no column {names[0]}.",
            code="no_column",
        )
    return place


def _day_first(sheet: Sheet, place: int) -> bool:
    found = is_day_first([_cell(row, place) for _, row in sheet.rows])
    if found is None:
        raise RefusedError(
            f"{sheet.name}: its dates may be the month first or the day first. Write dates like "
            f"2026-03-02.",
            code="ambiguous_dates",
        )
    return found


def _double(row: int, at: datetime, other: int) -> Finding:
    values: dict[str, str | int | float] = {"time": f"{at:%Y-%m-%d %H:%M}", "other": other}
    return Finding(row=row, column="timestamp", code="double", values=values)


def _cell(cells: list[Cell], place: int) -> Cell:
    return cells[place] if place < len(cells) else None
