"""Weekday profile × level: when in its day a weekday's calls come, times how busy the day is.

The profile is a weighted mean of past weeks (an older week counts less). A small line's weekday is
mostly chance, so each weekday's shares are drawn to the shares of all days, by as much as they
differ no more than chance alone would make them (James and Stein; Pearson's χ² against its degrees
of freedom). The level comes from `levels`.
"""

import numpy as np

from openline.planning.forecast.days import effects
from openline.planning.forecast.history import Bools, Floats, Ints
from openline.planning.forecast.levels import Levels
from openline.planning.forecast.methods import Grid, mean, same_weekday

WEEK_COUNTS = 0.92
"""A week counts so much of the week after it: half after two months."""
ENOUGH = 0.7
"""A day's total is taken from its rows where these usually hold so much of its calls."""


class Profile:
    """Makes the method for one grid; what it learns is kept for all targets."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        calls, days = grid.calls, grid.days
        self._counted, self._weight = _weighted(calls, days.weekday, days.is_example)
        self._totals = _totals(calls, days.weekday)
        taught = np.where(days.is_example, self._totals, np.nan)
        self._levels = Levels(np.sqrt(taught + 0.25), days.weekday)
        known = np.arange(1, len(calls), dtype=np.int64)
        root = np.full(len(calls), np.nan)
        root[1:] = self._levels.expected(known, 1)
        with np.errstate(divide="ignore", invalid="ignore"):
            self._relative = np.sqrt(self._totals + 0.25) / np.maximum(root, 0.5) - 1
        self._spread = _spread(np.sqrt(taught + 0.25) - root)

    def __call__(self, grid: Grid, targets: Ints, ahead: int) -> Floats:
        days = grid.days
        roots = self._levels.expected(targets, ahead)
        found = np.full((len(targets), grid.calls.shape[1]), np.nan)
        for row, target in enumerate(targets):
            known = int(target) - ahead + 1
            shares = self._shares(int(target), ahead)
            if shares is None:
                continue
            busy = 1 + effects(self._relative, days, int(target), known)
            root = max(float(roots[row]), 0.0) * max(busy, 0.0)
            # The square of a mean root is below the mean by the roots' variance.
            total = max(root**2 + self._spread[known - 1] - 0.25, 0.0)
            found[row] = total * shares
        return found

    def _shares(self, target: int, ahead: int) -> Floats | None:
        """Returns the shares of a day's slots, which add to 1; None before anything is known."""
        newest = target - ahead
        week = np.arange(max(newest - 6, 0), newest + 1)
        together = _rate(self._counted[week].sum(axis=0), self._weight[week].sum(axis=0))
        if not together.sum() > 0:
            return None
        common = together / together.sum()
        same = target - same_weekday(ahead)
        if same < 0 or not self._weight[same].any():
            return np.asarray(common)
        counted, weight = self._counted[same], self._weight[same]
        rate = _rate(counted, weight)
        if not rate.sum() > 0:
            return np.asarray(common)
        # Slots in which this weekday is closed are zero, whatever other days do.
        is_open = weight > 0
        guess = np.where(is_open, common, 0.0)
        if not guess.sum() > 0:
            return np.asarray(rate / rate.sum())
        guess = guess / guess.sum()
        draw = _draw(counted, guess)
        return np.asarray(draw * guess + (1 - draw) * rate / rate.sum())


def _weighted(calls: Floats, weekday: Ints, is_example: Bools) -> tuple[Floats, Floats]:
    """Returns, up to each day, the weighted sum of its weekday's calls and of the weights."""
    counted, weight = np.zeros(calls.shape), np.zeros(calls.shape)
    for day in range(len(calls)):
        if day >= 7:
            counted[day], weight[day] = (
                WEEK_COUNTS * counted[day - 7],
                WEEK_COUNTS * weight[day - 7],
            )
        if is_example[day]:
            known = np.isfinite(calls[day])
            counted[day] += np.where(known, calls[day], 0.0)
            weight[day] += known
    return counted, weight


def _rate(counted: Floats, weight: Floats) -> Floats:
    return np.asarray(np.divide(counted, weight, out=np.zeros_like(counted), where=weight > 0))


def _draw(counted: Floats, guess: Floats) -> float:
    """Returns how far a weekday's shares are drawn to the common ones, from 0 to 1."""
    expected = counted.sum() * guess
    told = expected > 0
    freedom = int(told.sum()) - 1
    if freedom < 1:
        return 1.0
    # A weighted sum varies less than a count of its size.
    chance = 1 / (1 + WEEK_COUNTS)
    square = float(((counted - expected)[told] ** 2 / expected[told]).sum()) / chance
    return min(1.0, freedom / square) if square > 0 else 1.0


def _totals(calls: Floats, weekday: Ints) -> Floats:
    """Returns each day's calls; where rows are missing, as many as the rows that are there say."""
    known = np.isfinite(calls)
    totals = np.where(known.any(axis=1), np.where(known, calls, 0.0).sum(axis=1), np.nan)
    for day in np.flatnonzero(known.any(axis=1)):
        before = calls[max(day - 28, day % 7) : day : 7]
        if not len(before):
            continue
        usual = np.nan_to_num(mean(before))
        share = usual[known[day]].sum() / usual.sum() if usual.sum() > 0 else 1.0
        totals[day] = totals[day] / share if share >= ENOUGH else np.nan
    return np.asarray(totals)


def _spread(errors: Floats) -> Floats:
    """Returns the variance of the errors up to each day; 0.25, that of chance, before any."""
    known = np.isfinite(errors)
    count = known.cumsum()
    return np.asarray(((np.where(known, errors, 0.0) ** 2).cumsum() + 2.5) / (count + 10))
