"""The plain methods, and what all methods share.

A method answers for days of a grid, `targets`, what they bring, standing so many days before each:
it may use only days at least `ahead` before the target. So the same function makes a forecast
(`ahead` is how far away the day is) and its test on the past (see `backtest`).

The grid is the history with empty days behind it. Answers are NaN where a method has none.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from openline.planning.forecast.days import Days
from openline.planning.forecast.history import Floats, Ints, has_rows


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Is what methods see: calls of days past and to come (NaN), and what is known of the days."""

    calls: Floats
    days: Days


Method = Callable[[Grid, Ints, int], Floats]
"""From a grid, target days and how many days before them one stands, to calls by target × slot."""


def same_weekday(ahead: int) -> int:
    """Returns how far back the newest day of the same weekday lies that may be used.

    >>> [same_weekday(ahead) for ahead in (1, 7, 8, 14)]
    [7, 7, 14, 14]
    """
    return -(-ahead // 7) * 7


def seasonal_naive(grid: Grid, targets: Ints, ahead: int) -> Floats:
    """Takes the newest day of the same weekday that has rows: last Tuesday for Tuesday."""
    return _mean_of_last(grid, targets, ahead, 1)


def four_weeks(grid: Grid, targets: Ints, ahead: int) -> Floats:
    """Takes the mean of the last four same weekdays that have rows.

    Planners do this by hand. Beyond a few days it is hard to beat (Taylor 2008), so it is the
    guard: a method that does no better is not used.
    """
    return _mean_of_last(grid, targets, ahead, 4)


def _mean_of_last(grid: Grid, targets: Ints, ahead: int, wanted: int) -> Floats:
    lived = has_rows(grid.calls)
    weekday = grid.days.weekday
    found = np.full((len(targets), grid.calls.shape[1]), np.nan)
    for row, target in enumerate(targets):
        before = np.arange(target - same_weekday(ahead), -1, -7)
        before = before[lived[before] & (weekday[before] == weekday[target])][:wanted]
        if len(before):
            found[row] = mean(grid.calls[before])
    return found


def mean(rows: Floats) -> Floats:
    """Returns the mean of each column over what is known; NaN where nothing is."""
    known = np.isfinite(rows)
    count = known.sum(axis=0)
    total = np.where(known, rows, 0.0).sum(axis=0)
    return np.asarray(np.divide(total, count, out=np.full(rows.shape[1:], np.nan), where=count > 0))


def row_mean(rows: Floats) -> Floats:
    """Returns the mean of each row over what is known; NaN where nothing is."""
    return mean(np.moveaxis(rows, 1, 0))
