"""What is known of a line's calls: a grid of civil days and slots of the day.

A slot counts what the clock on the wall says, so a day has the same slots all year. The hour that
a clock change leaves out is missing; of the hour that comes twice the grid holds the mean of both.
What is missing is NaN and never zero. Whoever makes a grid says which slots of a weekday are closed
(see `opened`); a closed slot is missing in the grid and zero in a forecast.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

MINUTES_OF_DAY = 1440


@dataclass(frozen=True, kw_only=True)
class History:
    """Is the grid: a row a day without a gap, a column a slot."""

    first: date
    minutes: int
    """How long a slot is; divides a day."""
    calls: Floats
    """Days × slots; NaN where nothing is known."""
    is_open: Bools
    """Weekdays from Monday × slots."""
    aht_s: Floats | None = None
    """Mean handle time of the calls of a slot, where it was told."""

    @property
    def days(self) -> int:
        """How many days the grid has."""
        return len(self.calls)

    @property
    def slots(self) -> int:
        """How many slots a day has."""
        return int(self.calls.shape[1])

    def day(self, at: int) -> date:
        """Returns the date of a row, also beyond the last."""
        return self.first + timedelta(days=at)

    def weekdays(self, days: int) -> Ints:
        """Returns the weekday of each of the first `days` rows, Monday 0."""
        return (self.first.weekday() + np.arange(days, dtype=np.int64)) % 7

    def until(self, days: int) -> "History":
        """Returns the first days alone."""
        aht = None if self.aht_s is None else self.aht_s[:days]
        return History(
            first=self.first,
            minutes=self.minutes,
            calls=self.calls[:days],
            is_open=self.is_open,
            aht_s=aht,
        )


def has_rows(calls: Floats) -> Bools:
    """Returns of which days anything is known."""
    return np.asarray(np.isfinite(calls).any(axis=1), dtype=np.bool_)


OPEN_FROM = 0.1
"""A slot in which fewer of its weekdays have a row than this share counts as closed."""


def opened(calls: Floats, first: date) -> Bools:
    """Returns which slots of a weekday are open: those that have rows, week by week.

    A weekday that has not come yet is taken for open where most other days are.
    """
    known = np.isfinite(calls)
    weekday = (first.weekday() + np.arange(len(calls))) % 7
    lived = has_rows(calls)
    share = np.zeros((7, calls.shape[1]))
    for each in range(7):
        mine = weekday == each
        if not mine.any():
            share[each] = known[lived].mean(axis=0) if lived.any() else 0
        elif (lived & mine).sum() >= OPEN_FROM * mine.sum():
            share[each] = known[lived & mine].mean(axis=0) if (lived & mine).any() else 0
    return np.asarray(share >= OPEN_FROM, dtype=np.bool_)
