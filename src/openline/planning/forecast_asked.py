"""What a page asks of a forecast and what it is told: values, and nothing that computes.

Apart from `forecast_sheet`, which makes the answer, so that whoever only passes them on loads no
arrays.
"""

import msgspec

from openline.model import Origin
from openline.planning.history_file.findings import Finding

HORIZONS = (7, 14, 28, 56)
"""Days that the page offers."""
INTERVALS = (15, 30, 60)
SHOWN_BEFORE = 7
"""So many days of the past stand before the forecast in the picture."""


class ForecastAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Is what somebody wants to know."""

    content: bytes = b""
    """A file, or what was pasted; empty: learn from the centre's own record."""
    name: str = ""
    days: int = 14
    minutes: int | None = None
    holidays: str = ""
    """Whose public holidays are marked, as `US-TX`; empty for none."""
    special: str = ""
    """Marked days, as `2026-09-10=campaign`, parted by commas or lines."""
    line: str = ""
    """Only this line; empty: all together."""
    so_far: bool = False
    """The last day has begun: the rest of it is forecast."""
    origins: tuple[Origin, ...] = (Origin.REAL,)
    """Of the record alone."""
    skips_faulty: bool = False
    missing_is_zero: bool = False


class ForecastDay(msgspec.Struct, frozen=True, kw_only=True):
    """Is one day to come."""

    day: str
    """ISO 8601."""
    mean: float
    low80: float
    high80: float
    low95: float
    high95: float
    method: str
    mark: str | None


class ForecastSheet(msgspec.Struct, frozen=True, kw_only=True):
    """Is a forecast as a page shows it. What is undefined is None."""

    minutes: int
    before: tuple[float | None, ...]
    """The calls of the last days of the past, slot by slot."""
    mean: tuple[float, ...]
    """The calls to come, slot by slot, from midnight on."""
    bounds: tuple[tuple[float, ...], ...]
    """Low and high of 80 %, low and high of 95 %."""
    days: tuple[ForecastDay, ...]
    table: str
    """All intervals, with tabs between the cells, to be pasted into a spreadsheet."""
    tested_days: int
    error: float | None
    guard_error: float | None
    naive_error: float | None
    noise_floor: float | None
    odd: tuple[str, ...]
    findings: tuple[Finding, ...]
    lines: tuple[str, ...]
    """All lines that the history has, by name."""
    done: int
    """How many slots of the first day have come; they are the last of `before`."""
    came: float
    """The calls that came in them."""
    carries: float | None
    """How much of today's difference goes on, 0 to 1; None where no day has begun."""
    rows: int
    """How many rows were learned from."""


class ForecastAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Is a forecast, or what is wrong with the file it was asked of."""

    sheet: ForecastSheet | None = None
    faults: tuple[Finding, ...] = ()
