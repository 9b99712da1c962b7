"""A new line, of which little or nothing is known: the shape of a similar one, times its own size.

The similar line may be another line of the centre, or a typical week that somebody drew up. Its
forecast is scaled by how many calls the new line had beside it in the same slots, or, where it has
none yet, by the calls a day that somebody expects.
"""

from dataclasses import replace

import numpy as np

from openline.planning.forecast.forecast import Forecast
from openline.planning.forecast.history import History

GUESSED = 0.3
"""A size that somebody expects may be off by so much."""
GUESSED_CALLS = 11.0
"""What somebody expects counts as much as so many calls seen: 1/0.3² of them."""
NEW = "similar line"
_REACHES = (-1.2816, 1.2816, -1.96, 1.96)


def scaled(
    similar: Forecast, of: History, own: History | None, expected_per_day: float | None
) -> tuple[Forecast, float]:
    """Returns the new line's forecast, and its size as a share of the similar line's.

    Without calls of its own, `expected_per_day` must be given.
    """
    mine, its = _beside(own, of)
    per_day = similar.mean.sum() / max((similar.mean.sum(axis=1) > 0).sum(), 1)
    guess = None if expected_per_day is None else expected_per_day / max(per_day, 1e-9)
    if guess is None:
        size = mine / max(its, 1e-9)
        doubt = 1 / np.sqrt(max(mine, 1.0))
    else:
        # Counts against a guess: a gamma prior of the guess's doubt, met by what came.
        weight = GUESSED_CALLS / guess if guess > 0 else 0.0
        size = (mine + GUESSED_CALLS) / max(its + weight, 1e-9) if guess > 0 else 0.0
        doubt = 1 / np.sqrt(mine + GUESSED_CALLS)
    mean = size * similar.mean
    # Half of the 80 % interval is 1.2816 standard deviations; chance is left out of them.
    deviation = (similar.bounds[1] - similar.bounds[0]) / (2 * 1.2816)
    beside_chance = np.maximum(deviation**2 - similar.mean, 0.0)
    variance = size**2 * beside_chance + mean + (doubt * mean) ** 2
    bounds = np.stack([np.maximum(mean + z * np.sqrt(variance), 0.0) for z in _REACHES])
    total = mean.sum(axis=1)
    its_days = (similar.day_bounds[1] - similar.day_bounds[0]) / (2 * 1.2816)
    its_days = np.maximum(its_days**2 - similar.mean.sum(axis=1), 0.0)
    of_days = size**2 * its_days + total + (doubt * total) ** 2
    day_bounds = np.stack([np.maximum(total + z * np.sqrt(of_days), 0.0) for z in _REACHES])
    share = float(size)
    made = replace(
        similar,
        mean=mean,
        bounds=np.where(mean > 0, bounds, 0.0),
        day_bounds=day_bounds,
        methods=(NEW,) * len(similar.methods),
        error=np.nan,
        guard_error=np.nan,
        naive_error=np.nan,
        tested_days=0,
    )
    return made, share


def _beside(own: History | None, of: History) -> tuple[float, float]:
    """Returns the calls of both lines in the slots in which both are known."""
    if own is None:
        return 0.0, 0.0
    shift = (own.first - of.first).days
    theirs = np.full(own.calls.shape, np.nan)
    for day in range(own.days):
        if 0 <= day + shift < of.days:
            theirs[day] = of.calls[day + shift]
    both = np.isfinite(own.calls) & np.isfinite(theirs)
    return float(own.calls[both].sum()), float(theirs[both].sum())
