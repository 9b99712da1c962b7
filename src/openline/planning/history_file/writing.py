"""A forecast as rows: every interval with its mean and bounds, in the order of time.

Where the zone is known, the hour that a clock change leaves out has no row, and the one that comes
twice has two.
"""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

from openline.planning.forecast.forecast import Forecast

COLUMNS = ("timestamp", "mean", "low80", "high80", "low95", "high95")
AHT = "aht_s"
DIGITS = 4


class Row(NamedTuple):
    """Is one interval to come."""

    timestamp: str
    mean: float
    low80: float
    high80: float
    low95: float
    high95: float
    aht_s: float | None


def rows_of(made: Forecast, zone: tzinfo | None) -> Iterator[Row]:
    """Yields the intervals of a forecast; times have an offset where a zone is known."""
    begin = datetime(*made.first.timetuple()[:3])  # noqa: DTZ001  # civil time; the zone comes below
    days, slots = made.mean.shape
    for day in range(days):
        for slot in range(made.begins_at if day == 0 else 0, slots):
            civil = begin + timedelta(days=day, minutes=slot * made.minutes)
            low80, high80, low95, high95 = (
                round(float(bound), DIGITS) for bound in made.bounds[:, day, slot]
            )
            mean = round(float(made.mean[day, slot]), DIGITS)
            aht = None if made.aht_s is None else round(float(made.aht_s[slot]), 1)
            for stamp in stamps(civil, zone):
                yield Row(stamp, mean, low80, high80, low95, high95, aht)


def stamps(civil: datetime, zone: tzinfo | None) -> list[str]:
    """Returns a civil time as it is written: once, or never or twice where clocks change.

    >>> from zoneinfo import ZoneInfo
    >>> stamps(datetime(2026, 3, 8, 2, 30), ZoneInfo("America/Chicago"))
    []
    """
    if zone is None:
        return [civil.isoformat()]
    early, late = civil.replace(tzinfo=zone), civil.replace(tzinfo=zone, fold=1)
    if early.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != civil:
        return []
    if early.utcoffset() != late.utcoffset():
        return [early.isoformat(), late.isoformat()]
    return [early.isoformat()]


def csv_of(made: Forecast, zone: tzinfo | None) -> str:
    """Returns the rows as CSV, with handle times where the history told any."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    names = COLUMNS if made.aht_s is None else (*COLUMNS, AHT)
    writer.writerow(names)
    for row in rows_of(made, zone):
        writer.writerow(row[: len(names)])
    return text.getvalue()
