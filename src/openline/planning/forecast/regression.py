"""Regression on the weeks before, the last days, and the place in the month.

Works on square roots, x = √(calls + ¼), slot by slot. A day is its weekday's mean of the last
twelve weeks, plus a weighted sum of *features*, each known `ahead` days before:

- by how much the last, the last four, eight and 24 same weekdays differ from those twelve, in the
  slot and over the day (a trend, a change of the day's shape);
- by how much the last open day, and the last 5 and 15, differed from what was usual for them, in
  the slot and over the day (a busy week stays busy for a while);
- the place in the month, as waves, alone and times the weekday's mean (benefits are paid, rents are
  due);
- by how much the same weeks of last year differed from the weeks before them (the season).

The weights are fitted by least squares, drawn towards zero (ridge), over all slots of all days
known so far; a back-test adds up the equations day by day and solves them anew for each. Marked
days take no part and get the mean effect of their kin (`days.effects`). Back from roots, the mean
is the square of the mean root plus the roots' variance in the slot.
"""

import numpy as np

from openline.planning.forecast.days import Days, effects
from openline.planning.forecast.history import Floats, Ints, has_rows
from openline.planning.forecast.methods import Grid, row_mean, same_weekday

BASE_WEEKS = 12
OTHER_WEEKS = (1, 4, 8, 24)
RECENT_DAYS = (1, 5, 15)
YEAR = 364
DRAWN = 15.0
"""How hard weights are drawn to zero: as by so many days without any effect."""
DAYS_NEEDED = 28
"""So many days must be known before weights are fitted."""


class Regression:
    """Makes the method for one grid."""

    def __init__(self, grid: Grid) -> None:
        days = grid.days
        self._roots = np.sqrt(grid.calls + 0.25)
        self._taught = np.where(days.is_example[:, None], self._roots, np.nan)
        self._base = _last_weeks(self._taught, BASE_WEEKS)
        self._others = [_last_weeks(self._taught, weeks) for weeks in OTHER_WEEKS]
        unusual = self._taught - _later(self._base, 7)
        self._lived = np.flatnonzero(np.isfinite(unusual).any(axis=1))
        self._recent = [_last_days(unusual[self._lived], count) for count in RECENT_DAYS]

    def __call__(self, grid: Grid, targets: Ints, ahead: int) -> Floats:
        days = grid.days
        base = _later(self._base, same_weekday(ahead))
        features = self._features(days, base, ahead)
        told = self._taught - base
        usable = np.isfinite(told) & np.isfinite(features).all(axis=2)
        x = np.where(usable[..., None], features, 0.0)
        y = np.where(usable, told, 0.0)
        turned = x.transpose(0, 2, 1)
        squares = (turned @ x).cumsum(axis=0)
        products = (turned @ y[..., None])[..., 0].cumsum(axis=0)
        rows = usable.sum(axis=1).cumsum()
        lived = usable.any(axis=1).cumsum()
        # A feature that is not known says that nothing differs.
        seen = np.nan_to_num(features)
        slots = grid.calls.shape[1]
        found = np.full((len(targets), slots), np.nan)
        for row, target in enumerate(targets):
            newest = int(target) - ahead
            if lived[newest] < DAYS_NEEDED:
                continue
            size = np.diag(squares[newest]) / rows[newest]
            ridge = DRAWN * rows[newest] / lived[newest] * np.maximum(size, 1e-9)
            weights = np.linalg.solve(squares[newest] + np.diag(ridge), products[newest])
            past = slice(0, newest + 1)
            error = np.where(usable[past], y[past] - x[past] @ weights, 0.0)
            spread = (error**2).sum(axis=0) / np.maximum(usable[past].sum(axis=0), 1)
            root = base[target] + seen[target] @ weights
            if days.marks[target] is not None:
                fitted = base[past] + seen[past] @ weights
                relative = row_mean(self._roots[past]) / row_mean(
                    np.where(np.isfinite(self._roots[past]), fitted, np.nan)
                )
                root = root * max(1 + effects(relative - 1, days, int(target), newest + 1), 0.0)
            found[row] = np.maximum(np.maximum(root, 0.0) ** 2 + spread - 0.25, 0.0)
        return found

    def _features(self, days: Days, base: Floats, ahead: int) -> Floats:
        """Returns days × slots × features."""
        count, slots = base.shape
        by_slot = [_later(other, same_weekday(ahead)) - base for other in self._others]
        place = np.searchsorted(self._lived, np.arange(count) - ahead, side="right") - 1
        for means in self._recent:
            known = place >= RECENT_DAYS[1] - 1
            newest = np.full((count, slots), np.nan)
            if len(means):
                newest[known] = means[place[known]]
            by_slot.append(newest)
        by_day = [row_mean(each) for each in by_slot]
        by_day.append(self._season(ahead))
        wide = [np.broadcast_to(each[:, None], (count, slots)) for each in (*by_day, *days.month.T)]
        waves = [base * wave[:, None] for wave in days.month.T]
        return np.stack([*by_slot, *wide, *waves], axis=2)

    def _season(self, ahead: int) -> Floats:
        """Returns by how much the weeks round the same day of last year differed from before."""
        back = same_weekday(ahead)
        then = _last_weeks(self._taught, 3)
        around = _later(then, YEAR - 7)
        before = _later(self._base, YEAR + back)
        # Without last year there is no season to be seen, which is no reason to leave a day out.
        return np.nan_to_num(row_mean(around - before))


def _later(rows: Floats, days: int) -> Floats:
    """Returns the rows moved so many days later."""
    moved = np.full(rows.shape, np.nan)
    if days < len(rows):
        moved[days:] = rows[: len(rows) - days]
    return moved


def _last_weeks(rows: Floats, weeks: int) -> Floats:
    """Returns for each day the mean of the last so many known days of its weekday, it included."""
    found = np.full(rows.shape, np.nan)
    lived = has_rows(rows)
    for start in range(min(7, len(rows))):
        mine = np.arange(start, len(rows), 7)
        good = mine[lived[mine]]
        if not len(good):
            continue
        means = _last_days(rows[good], weeks)
        place = np.searchsorted(good, mine, side="right") - 1
        found[mine[place >= 0]] = means[place[place >= 0]]
    return found


def _last_days(rows: Floats, count: int) -> Floats:
    """Returns for each row the mean of the last so many, it included, over what is known."""
    known = np.isfinite(rows)
    total = np.where(known, rows, 0.0).cumsum(axis=0)
    many = known.cumsum(axis=0).astype(np.float64)
    total[count:] = total[count:] - total[:-count].copy() if len(rows) > count else total[count:]
    many[count:] = many[count:] - many[:-count].copy() if len(rows) > count else many[count:]
    return np.asarray(np.divide(total, many, out=np.full(rows.shape, np.nan), where=many > 0.5))
