"""What a cell says: a time, a count, a handle time. Spreadsheets write each in many ways."""

import math
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

Cell = str | int | float | bool | datetime | None
"""What a spreadsheet's cell holds; of a text file all are strings."""

EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  # a spreadsheet's dates have no zone
EXCEL_DAYS = (20_000.0, 80_000.0)
"""Numbers that are dates in a spreadsheet: 1954 to 2119."""

_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})[-/.](\d{4}|\d{2})")
_TIME = re.compile(
    r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([ap]\.?\s*m\.?)?\s*"
    r"(z|utc|[+-]\d{2}:?\d{2}|[+-]\d{2})?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?", re.IGNORECASE)
_DECIMAL_COMMA = re.compile(r"-?\d+,(\d+)")


class BadCellError(Exception):
    """Says what is wrong with a cell, by the code of a finding and its values."""

    def __init__(self, code: str, **values: str | float) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


def is_day_first(cells: Iterable[Cell]) -> bool | None:
    """Tells whether 03/04 is the third of April, from all of a column; None where nothing tells.

    A part above 12 tells, and points between the numbers. Else the order tells in which the dates
    run on from row to row.
    """
    pairs: list[tuple[int, int, int]] = []
    for cell in cells:
        found = _YEAR_LAST.match(cell.strip()) if isinstance(cell, str) else None
        if found is None:
            continue
        first, second = int(found[1]), int(found[3])
        if found[2] == "." or first > 12:
            return True
        if second > 12:
            return False
        pairs.append((first, second, _year(found[4])))
    if not pairs:
        return True
    as_days = [(year, month, day) for day, month, year in pairs]
    as_months = [(year, month, day) for month, day, year in pairs]
    jumps_days, jumps_months = _jumps(as_days), _jumps(as_months)
    if jumps_days == jumps_months:
        return None
    return jumps_days < jumps_months


def _jumps(dates: list[tuple[int, int, int]]) -> int:
    """Counts where dates do not go on to the same day or one soon after."""
    count = 0
    for (y1, m1, d1), (y2, m2, d2) in pairwise(dates):
        gap = (y2 - y1) * 372 + (m2 - m1) * 31 + d2 - d1
        count += not 0 <= gap <= 7
    return count


def moment(cell: Cell, *, day_first: bool) -> datetime:
    """Returns the time a cell says, with a zone only where one is written.

    Raises:
        BadCellError: it says none.
    """
    if isinstance(cell, datetime):
        return cell.replace(microsecond=0)
    if isinstance(cell, bool) or cell is None:
        raise BadCellError("no_time")
    if isinstance(cell, int | float):
        return _of_excel(float(cell))
    text = cell.strip()
    if not text:
        raise BadCellError("no_time")
    if _NUMBER.fullmatch(text.replace(",", ".")):
        return _of_excel(float(text.replace(",", ".")))
    wrong = BadCellError("bad_time", cell=text)
    if (found := _YEAR_FIRST.match(text)) is not None:
        year, month, day = int(found[1]), int(found[2]), int(found[3])
    elif (found := _YEAR_LAST.match(text)) is not None:
        year = _year(found[4])
        day, month = int(found[1]), int(found[3])
        if not day_first:
            day, month = month, day
    else:
        raise wrong
    rest = text[found.end() :].strip().lstrip("Tt,").strip()
    hour = minute = second = 0
    zone: timezone | None = None
    if rest:
        time = _TIME.fullmatch(rest)
        if time is None:
            raise wrong
        hour, minute, second = int(time[1]), int(time[2]), int(time[3] or 0)
        if time[4]:
            if not 1 <= hour <= 12:
                raise wrong
            hour = hour % 12 + (12 if time[4].lower().startswith("p") else 0)
        zone = _zone(time[5])
    try:
        if hour == 24 and minute == second == 0:
            return datetime(year, month, day, tzinfo=zone) + timedelta(days=1)
        return datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        raise wrong from None


def _year(text: str) -> int:
    return int(text) + (2000 if len(text) == 2 else 0)


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    if text.lower() in ("z", "utc"):
        return UTC
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return timezone(-offset if text[0] == "-" else offset)


def _of_excel(number: float) -> datetime:
    if not EXCEL_DAYS[0] <= number <= EXCEL_DAYS[1]:
        raise BadCellError("bad_time", cell=f"{number:g}")
    # Days are kept as fractions: 08:30 comes back as 08:29:59.999.
    return EXCEL_EPOCH + timedelta(seconds=round(number * 86_400))


def count(cell: Cell, what: str) -> float | None:
    """Returns a number that is not negative, or None for an empty cell.

    Raises:
        BadCellError: it is none.
    """
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    if isinstance(cell, bool | datetime):
        raise BadCellError("bad_number", cell=str(cell), what=what)
    value = float(cell) if isinstance(cell, int | float) else _number(cell.strip(), what)
    if not math.isfinite(value):
        raise BadCellError("bad_number", cell=str(cell), what=what)
    if value < 0:
        raise BadCellError("below_zero", cell=f"{value:g}", what=what)
    return value


def _number(text: str, what: str) -> float:
    plain = text.replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    if _NUMBER.fullmatch(plain):
        return float(plain)
    comma = _DECIMAL_COMMA.fullmatch(plain)
    if comma is not None and len(comma[1]) != 3:
        return float(plain.replace(",", "."))
    if comma is not None:
        raise BadCellError(
            "thousands",
            cell=text,
            whole=plain.replace(",", ""),
            decimal=plain.replace(",", "."),
        )
    raise BadCellError("bad_number", cell=text, what=what)
