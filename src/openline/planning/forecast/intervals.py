"""How far off a forecast may be: intervals learned from its errors on the past.

An interval is as wide as errors were, made the same number of days ahead, and not as a formula
would have it. Errors are compared in units of √(κ μ), where μ is the forecast mean and κ says by
how much a slot varies more than chance (1: as Poisson counts do). For busy lines the bounds are
quantiles of these errors. For lines with few calls a slot they are quantiles of a negative
binomial count of that mean and variance, at those probabilities that held the right share of the
past; so they are whole calls.
"""

import numpy as np

from openline.planning.forecast.history import Floats

SHARES = (0.80, 0.95)
"""What share of calls the intervals shall hold."""
FEW = 10.0
"""Below so many calls a slot, on average, bounds are counts."""
DAYS_NEEDED = 10
"""With fewer days of errors than that, bounds come from a guess."""
GUESSED = 0.2
"""The guess: days differ from their forecast by so much, beside chance."""
DRAWN = 15.0
"""A slot's κ is drawn to the common one as by so many days."""
HALF_LIFE_DAYS = 12.0
"""An error counts half after so many days: methods learn, and err less in time."""
THIN = 300
"""Fewer errors than that (those of whole days) tell little of how far out errors lie."""
HALF_LIFE_THIN_DAYS = 24.0
REACH = 1.07
"""With few errors, of days that are alike, the quantiles of so much larger shares are taken."""
_TAILS = np.linspace(0.0005, 0.35, 700)
_NORMAL = {0.80: 1.2816, 0.95: 1.96}


class Spread:
    """Holds what was learned about errors so many days ahead."""

    def __init__(self, actual: Floats, mean: Floats) -> None:
        """Learns from days × slots of what came and what had been forecast; NaN is left out."""
        known = np.isfinite(actual) & np.isfinite(mean)
        days = int(known.any(axis=1).sum())
        self._is_guess = days < DAYS_NEEDED
        mu = np.where(known, np.maximum(mean, 1e-6), 0.0)
        square = np.where(known, (actual - mean) ** 2, 0.0)
        if self._is_guess:
            return
        typical = mu.sum(axis=0) / np.maximum(known.sum(axis=0), 1)
        common = square.sum() / max(mu.sum(), 1e-9)
        self._kappa = (square.sum(axis=0) + DRAWN * common * typical) / np.maximum(
            mu.sum(axis=0) + DRAWN * typical, 1e-9
        )
        self._kappa = np.where(typical > 0, self._kappa, common)
        self._is_few = bool(mu[known].mean() < FEW)
        kappa = np.broadcast_to(self._kappa, mu.shape)[known]
        age = np.arange(len(mu))[::-1]
        is_thin = known.sum() < THIN
        half = HALF_LIFE_THIN_DAYS if is_thin else HALF_LIFE_DAYS
        weight = np.broadcast_to(0.5 ** (age / half)[:, None], mu.shape)[known]
        wanted = {share: min(share * REACH, 0.995) if is_thin else share for share in SHARES}
        if self._is_few:
            self._tails = _tails(actual[known], mu[known], kappa, weight, wanted)
            return
        error = (actual - mean)[known] / np.sqrt(kappa * mu[known])
        self._quantiles = {
            share: _quantiles(error, weight, _ends(wanted[share])) for share in SHARES
        }

    def bounds(self, mean: Floats, widened: Floats) -> Floats:
        """Returns low and high of 80 %, low and high of 95 %, for days × slots of means.

        Where a mean is NaN, its bounds are. `widened` says by day how many times as wide as usual
        the intervals are.
        """
        found = np.empty((4, *mean.shape))
        wide = widened[:, None]
        unknown = ~np.isfinite(mean)
        mean = np.where(unknown, 0.0, mean)
        for at, share in enumerate(SHARES):
            if self._is_guess:
                reach = _NORMAL[share] * np.sqrt(mean + (GUESSED * mean) ** 2)
                low, high = mean - wide * reach, mean + wide * reach
            elif self._is_few:
                kappa = np.broadcast_to(self._kappa, mean.shape) * wide**2
                low, high = _counted(mean, kappa, self._tails[share])
            else:
                unit = np.sqrt(self._kappa * mean) * wide
                least, most = self._quantiles[share]
                low, high = mean + least * unit, mean + most * unit
            found[2 * at] = np.clip(low, 0.0, mean)
            found[2 * at + 1] = np.maximum(high, mean)
        # The wider holds the narrower, also where the past was too short to say so.
        found[2] = np.minimum(found[0], found[2])
        found[3] = np.maximum(found[1], found[3])
        found[:, unknown] = np.nan
        return found


def _ends(share: float) -> tuple[float, float]:
    return (1 - share) / 2, (1 + share) / 2


def _quantiles(error: Floats, weight: Floats, ends: tuple[float, float]) -> tuple[float, float]:
    order = np.argsort(error, kind="stable")
    upto = (weight[order].cumsum() - weight[order] / 2) / weight.sum()
    low, high = np.interp(ends, upto, error[order])
    return float(low), float(high)


def _tails(
    actual: Floats, mean: Floats, kappa: Floats, weight: Floats, wanted: dict[float, float]
) -> dict[float, float]:
    """Returns for each share the probability to be cut off at either end, so that it was held."""
    counts = np.floor(actual + 0.5)
    upto = cumulative(mean, kappa, int(counts.max(initial=0)) + 1)
    row = np.arange(len(counts))
    place = counts.astype(np.int64)
    here = upto[row, place]
    below = np.where(place > 0, upto[row, np.maximum(place - 1, 0)], 0.0)
    # Held at a tail of a, if P(≤ y) ≥ a and P(< y) < 1 - a: up to this tail, that is.
    limit = np.minimum(here, 1 - below)
    order = np.argsort(limit, kind="stable")
    behind = np.concatenate([[0.0], weight[order].cumsum()]) / weight.sum()
    held = 1 - behind[np.searchsorted(limit[order], _TAILS, side="left")]
    return {share: float(_TAILS[np.argmin(np.abs(held - wanted[share]))]) for share in SHARES}


def _counted(mean: Floats, kappa: Floats, tail: float) -> tuple[Floats, Floats]:
    mu, spread = mean.ravel(), kappa.ravel()
    most = int(np.ceil((mu + 12 * np.sqrt(spread * mu) + 12 * spread).max(initial=0))) + 2
    upto = cumulative(mu, spread, most)
    low = (upto < tail).sum(axis=1).astype(np.float64)
    high = (upto < 1 - tail).sum(axis=1).astype(np.float64)
    return low.reshape(mean.shape), high.reshape(mean.shape)


def cumulative(mean: Floats, kappa: Floats, most: int) -> Floats:
    """Returns P(count ≤ k) for k from 0 to `most`, of negative binomial counts, a row a mean.

    Their variance is κ times the mean; with κ of 1 and below they are Poisson counts.

    >>> [round(float(p), 4) for p in cumulative(np.array([1.0]), np.array([1.0]), 2)[0]]
    [0.3679, 0.7358, 0.9197]
    >>> [round(float(p), 4) for p in cumulative(np.array([2.0]), np.array([2.0]), 2)[0]]
    [0.25, 0.5, 0.6875]
    """
    over = np.maximum(kappa - 1, 1e-9)
    mu = np.maximum(mean, 1e-9)
    size = mu / over
    chance = np.exp(-size * np.log1p(over))
    found = np.empty((len(mu), most + 1))
    found[:, 0] = chance
    for k in range(1, most + 1):
        chance = chance * (size + k - 1) / k * (over / (1 + over))
        found[:, k] = found[:, k - 1] + chance
    return np.minimum(found, 1.0)


def of_days(actual: Floats, mean: Floats) -> Spread:
    """Returns how far off the totals of days were; a day counts where all its open slots are known.

    The bounds of a day are no sums of its slots' bounds: errors of slots partly make up for one
    another.
    """
    known = np.isfinite(actual) & np.isfinite(mean)
    wanted = np.nan_to_num(mean) > 0
    whole = (known | ~wanted).all(axis=1) & known.any(axis=1)
    came = np.where(known, actual, 0.0).sum(axis=1)
    said = np.where(known, mean, 0.0).sum(axis=1)
    return Spread(np.where(whole, came, np.nan)[:, None], said[:, None])
