"""The rest of a day, once a part of it is over.

A morning with a fifth more calls than expected does not mean an afternoon with a fifth more: a part
of it was chance. How much carries over is learned from past days, as the slope of what came later
on what came before, both against their forecasts, and drawn towards none. Scaling by the full ratio
over-reacts. Where no past day tells, days are taken to differ by a tenth, as they usually do, and
the rest to be chance.
"""

from dataclasses import replace

import numpy as np

from openline.planning.forecast.backtest import learned
from openline.planning.forecast.forecast import Forecast, Learned, forecast
from openline.planning.forecast.history import Floats
from openline.planning.forecast.intervals import Spread, of_days

USUAL_BUSYNESS = 0.1
"""By so much days usually differ beside all that is known of them (coefficient of variation)."""
DRAWN = 5.0
"""The slope is drawn to none as by so many days on which nothing carried over."""


def rest_of_day(known: Learned, horizon: int, today: Floats, done: int) -> tuple[Forecast, float]:
    """Returns the forecast whose first day knows its first `done` slots, and the slope.

    `known` was learned from the days before; `today` holds the calls that have come, NaN where
    nothing is known.
    """
    before = forecast(known, horizon)
    tried = known.tried
    method = known.chosen(1)
    seen = learned(tried, 1)
    actual, said = tried.actual[seen], tried.calls[method][0][seen]
    early, early_said = _together(actual[:, :done], said[:, :done])
    _, late_said = _together(actual[:, done:], said[:, done:])
    usable = (early_said > 0) & (late_said > 0)
    more = early[usable] / early_said[usable] - 1
    came, expected = _together(today[None, :done], before.mean[:1, :done])
    slope = carried(known, done, float(expected[0]))
    busy = came[0] / expected[0] - 1 if expected[0] > 0 else 0.0
    mean = before.mean.copy()
    mean[0, done:] *= max(1 + slope * busy, 0.0)
    mean[0, :done] = np.nan_to_num(today[:done])
    # Errors of the past, as they would have been with the same correction.
    ratio = np.zeros(len(seen))
    ratio[usable] = slope * more
    shifted = said * np.maximum(1 + ratio, 0.0)[:, None]
    shifted[:, :done] = np.nan
    bounds = before.bounds.copy()
    spread = Spread(actual, shifted)
    wider = np.array([1.0 if before.marks[0] is None else 1.5])
    bounds[:, 0] = np.where(mean[:1] > 0, spread.bounds(mean[:1], wider), 0.0)[:, 0]
    bounds[:, 0, :done] = mean[0, :done]
    rest = of_days(actual[:, done:], shifted[:, done:])
    day_bounds = before.day_bounds.copy()
    if done < mean.shape[1] and mean[0, done:].sum() > 0:
        left = np.array([[mean[0, done:].sum()]])
        day_bounds[:, 0] = mean[0, :done].sum() + rest.bounds(left, wider)[:, 0, 0]
    made = replace(before, mean=mean, bounds=bounds, day_bounds=day_bounds, begins_at=done)
    return made, slope


def carried(known: Learned | None, done: int, expected: float) -> float:
    """Returns how much of a difference after `done` slots goes on for the rest of the day, 0 to 1.

    `expected` calls were forecast for them. Without a past that tells, it is what follows from days
    that differ as usual: with `e` calls expected and busyness `c`, a share e·c² / (1 + e·c²).

    >>> round(carried(None, 20, 100.0), 3)
    0.5
    """
    if known is not None:
        tried = known.tried
        seen = learned(tried, 1)
        actual, said = tried.actual[seen], tried.calls[known.chosen(1)][0][seen]
        early, early_said = _together(actual[:, :done], said[:, :done])
        late, late_said = _together(actual[:, done:], said[:, done:])
        usable = (early_said > 0) & (late_said > 0)
        more = early[usable] / early_said[usable] - 1
        later = late[usable] / late_said[usable] - 1
        drawn = (more**2).sum() * (1 + DRAWN / max(usable.sum(), 1))
        if drawn > 0:
            return float(np.clip((more * later).sum() / drawn, 0, 1))
    usual = max(expected, 0.0) * USUAL_BUSYNESS**2
    return usual / (1 + usual)


def _together(actual: Floats, said: Floats) -> tuple[Floats, Floats]:
    """Returns both sums of each day, over the slots in which both are known."""
    both = np.isfinite(actual) & np.isfinite(said)
    return np.where(both, actual, 0.0).sum(axis=1), np.where(both, said, 0.0).sum(axis=1)
