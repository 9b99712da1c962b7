"""How busy days are as a whole: exponential smoothing of their totals.

Totals are smoothed as square roots, on which chance is about equally large for quiet and busy
lines. The model is Holt-Winters with a damped trend and an additive week (Hyndman and others,
*Forecasting with exponential smoothing*, 2008: ETS(A,Ad,A)); its four constants are chosen from a
grid by the squared one-day errors so far. Levels are fitted to days, not to intervals: what is left
of an evening would leak into the level of the next morning.

All candidates run through the days at once, and every day's state is kept: what would have been
forecast on any past day is read off, and a back-test costs one pass.
"""

from itertools import product

import numpy as np

from openline.planning.forecast.history import Floats, Ints

ALPHAS = (0.02, 0.05, 0.1, 0.2, 0.4)
BETAS = (0.0, 0.02)
GAMMAS = (0.02, 0.05, 0.15)
DAMPING = 0.95
"""So much of the trend is left a day later."""
FORGETTING = 0.99
"""An error counts so much less with each day when constants are chosen."""
FIRST_DAYS = 28
"""The states begin as the means of these days."""


class Levels:
    """Holds the states of all candidates after each day."""

    def __init__(self, roots: Floats, weekday: Ints) -> None:
        """Smooths square roots of daily totals; a NaN leaves the state as it was."""
        count = len(roots)
        self._weekday = weekday
        grid = np.array(list(product(ALPHAS, BETAS, GAMMAS)))
        alpha, beta, gamma = grid.T
        size = len(grid)
        level, week = _begin(roots[:FIRST_DAYS], weekday[:FIRST_DAYS])
        levels, trends = np.full(size, level), np.zeros(size)
        weeks = np.repeat(week[:, None], size, axis=1)
        self._levels = np.empty((count, size))
        self._trends = np.empty((count, size))
        self._weeks = np.empty((count, 7, size))
        self._best = np.zeros(count, dtype=np.int64)
        errors = np.zeros(size)
        for day in range(count):
            expected = levels + DAMPING * trends
            error = roots[day] - expected - weeks[weekday[day]]
            if np.isfinite(roots[day]):
                errors = FORGETTING * errors + error**2
                levels = expected + alpha * error
                trends = DAMPING * trends + beta * error
                weeks[weekday[day]] += gamma * error
            else:
                levels, trends = expected, DAMPING * trends
            self._levels[day], self._trends[day], self._weeks[day] = levels, trends, weeks
            self._best[day] = np.argmin(errors)

    def expected(self, targets: Ints, ahead: int) -> Floats:
        """Returns the square root of each target's total as it looked so many days before."""
        since = targets - ahead
        chosen = self._best[since]
        trend = self._trends[since, chosen] * sum(DAMPING**k for k in range(1, ahead + 1))
        week = self._weeks[since, self._weekday[targets], chosen]
        return np.asarray(self._levels[since, chosen] + trend + week)


def _begin(roots: Floats, weekday: Ints) -> tuple[float, Floats]:
    known = np.isfinite(roots)
    if not known.any():
        return 0.0, np.zeros(7)
    level = float(roots[known].mean())
    week = np.zeros(7)
    for each in range(7):
        mine = known & (weekday == each)
        if mine.any():
            # Drawn a little to the common level, since four days do not make a weekday.
            week[each] = (roots[mine] - level).sum() / (mine.sum() + 0.5)
    return level, week
