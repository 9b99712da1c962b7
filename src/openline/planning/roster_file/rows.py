"""Rows of a spreadsheet become shifts.

Columns are `person`, `start` and `end`, optionally `date` (then start and end are times of the
day) and `group`; other columns are left alone. A shift whose end is earlier on the clock than its
begin ends on the next day.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from openline.model import RefusedError
from openline.planning.history_file.cells import BadCellError, Cell, is_day_first, moment
from openline.planning.history_file.sheet import Sheet
from openline.planning.roster_file.faults import Fault
from openline.planning.roster_file.shift import Shift

NAMES = {
    "person": ("person", "name", "agent", "who", "persona", "nombre"),
    "date": ("date", "day", "fecha", "día", "dia"),
    "start": ("start", "begin", "from", "inicio", "desde"),
    "end": ("end", "until", "to", "fin", "hasta"),
    "group": ("group", "skill", "skills", "team", "grupo", "equipo"),
}
LIKE_TIME, LIKE_MOMENT = "08:30", "2026-03-02 08:30"
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?::\d{2})?\s*([ap]\.?\s*m\.?)?", re.IGNORECASE)
_MINUTES = 1440


_Cell = Callable[[list[Cell], str], Cell]


class _WrongCellError(Exception):
    def __init__(self, column: str, code: str, **values: str | int) -> None:
        super().__init__(code)
        self.column, self.code, self.values = column, code, values


def shifts_of_rows(sheet: Sheet) -> tuple[list[Shift], list[Fault]]:
    """Returns the shifts of a table and its faults.

    Raises:
        RefusedError: a column is missing (`bad_roster`).
    """
    places = {
        name: next((at for at, head in enumerate(sheet.header) if head in known), None)
        for name, known in NAMES.items()
    }
    missing = [name for name in ("person", "start", "end") if places[name] is None]
    if missing:
        raise RefusedError(
            f"{sheet.name}, row {sheet.header_row}: there is no column {', '.join(missing)}. The "
            f"columns are person, start and end, and if you like date and group.",
            code="bad_roster",
        )

    def cell(row: list[Cell], column: str) -> Cell:
        place = places[column]
        return row[place] if place is not None and place < len(row) else None

    dated = "start" if places["date"] is None else "date"
    day_first = is_day_first([cell(row, dated) for _, row in sheet.rows])
    shifts, faults = [], []
    for line, row in sheet.rows:
        try:
            person = _text(cell(row, "person"))
            if not person:
                raise _WrongCellError("person", "no_person")
            if places["date"] is not None:
                start, end = _by_the_clock(row, cell, day_first)
            else:
                start = _moment(cell(row, "start"), "start", day_first)
                end = _moment(cell(row, "end"), "end", day_first)
            shifts.append(
                Shift(
                    person=person, group=_text(cell(row, "group")), start=start, end=end, row=line
                )
            )
        except _WrongCellError as wrong:
            faults.append(
                Fault(row=line, column=wrong.column, code=wrong.code, values=wrong.values)
            )
    return shifts, faults


def _by_the_clock(
    row: list[Cell], cell: _Cell, day_first: bool | None
) -> tuple[datetime, datetime]:
    day = _moment(cell(row, "date"), "date", day_first, like="2026-03-02")
    midnight = day.replace(hour=0, minute=0, second=0)
    begin = _minute(cell(row, "start"), "start")
    until = _minute(cell(row, "end"), "end")
    if until < begin:
        until += _MINUTES
    return midnight + timedelta(minutes=begin), midnight + timedelta(minutes=until)


def _moment(cell: Cell, column: str, day_first: bool | None, like: str = LIKE_MOMENT) -> datetime:
    if isinstance(cell, str) and day_first is None and re.match(r"\d{1,2}[-/]", cell.strip()):
        raise _WrongCellError(column, "unclear_date", cell=cell.strip())
    try:
        at = moment(cell, day_first=bool(day_first))
    except BadCellError as wrong:
        raise _WrongCellError(
            column, wrong.code, like=like, **{k: str(v) for k, v in wrong.values.items()}
        ) from None
    if at.tzinfo is not None:
        raise _WrongCellError(column, "bad_time", cell=str(cell), like=like)
    return at


def _minute(cell: Cell, column: str) -> int:
    """Returns the minute of the day: 8:30, 8.30, 8:30 pm, 24:00, or a spreadsheet's time."""
    if cell is None or cell == "":
        raise _WrongCellError(column, "no_time", like=LIKE_TIME)
    if isinstance(cell, datetime):
        return cell.hour * 60 + cell.minute
    wrong = _WrongCellError(column, "bad_time", cell=str(cell), like=LIKE_TIME)
    if isinstance(cell, bool):
        raise wrong
    if isinstance(cell, int | float):
        if not 0 <= cell <= 1:
            raise wrong
        return round(cell * _MINUTES)
    found = _CLOCK.fullmatch(cell.strip())
    if found is None:
        raise wrong
    hour, minute = int(found[1]), int(found[2])
    if found[3]:
        if not 1 <= hour <= 12:
            raise wrong
        hour = hour % 12 + (12 if found[3].lower().startswith("p") else 0)
    if minute > 59 or hour * 60 + minute > _MINUTES:
        raise wrong
    return hour * 60 + minute


def _text(cell: Cell) -> str:
    return "" if cell is None else " ".join(str(cell).split())
