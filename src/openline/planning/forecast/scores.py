"""How good a forecast was, and how good any could be.

*WAPE*: the sum of the absolute errors over the sum of the calls. *MASE*: the mean absolute error
over that of taking last week's calls, on the days before (Hyndman and Koehler 2006); below 1 is
better than last week. *Coverage*: the share of intervals that held what came. *Noise floor*: the
WAPE of somebody who knew the true mean of every interval, since calls come by chance.
"""

import math

import numpy as np

from openline.planning.forecast.history import Floats

_log_gamma = np.vectorize(math.lgamma, otypes=[np.float64])


def wape(forecast: Floats, actual: Floats) -> float:
    """Returns the absolute errors by the calls, over what is known of both; NaN without calls.

    >>> wape(np.array([8.0, 12.0]), np.array([10.0, 10.0]))
    0.2
    """
    known = np.isfinite(forecast) & np.isfinite(actual)
    calls = actual[known].sum()
    return float(np.abs(actual - forecast)[known].sum() / calls) if calls > 0 else math.nan


def mean_error(forecast: Floats, actual: Floats) -> float:
    """Returns the mean absolute error in calls; NaN where nothing is known of both."""
    known = np.isfinite(forecast) & np.isfinite(actual)
    return float(np.abs(actual - forecast)[known].mean()) if known.any() else math.nan


def week_error(calls: Floats) -> float:
    """Returns the mean absolute difference of a slot from a week before, MASE's yardstick."""
    return mean_error(calls[:-7], calls[7:]) if len(calls) > 7 else math.nan


def coverage(low: Floats, high: Floats, actual: Floats) -> float:
    """Returns the share of intervals that hold what came, bounds included; NaN without any."""
    known = np.isfinite(low) & np.isfinite(high) & np.isfinite(actual)
    if not known.any():
        return math.nan
    return float(((low <= actual) & (actual <= high))[known].mean())


def noise(mean: Floats) -> Floats:
    """Returns the mean absolute deviation of Poisson counts from their mean, in calls.

    It is 2 e^(-μ) μ^(m+1) / m! with m = ⌊μ⌋ (De Moivre; Diaconis and Zabell 1991). With ten calls
    on average the best forecast misses by two and a half:

    >>> round(float(noise(np.array([10.0]))[0]), 3)
    2.502
    """
    some = np.maximum(mean, 1e-12)
    whole = np.floor(some)
    return np.asarray(
        2 * np.exp(-some + (whole + 1) * np.log(some) - _log_gamma(whole + 1)), dtype=np.float64
    )


def noise_floor(mean: Floats) -> float:
    """Returns the WAPE that chance alone causes around these means; NaN without calls.

    >>> round(noise_floor(np.array([10.0, 10.0])), 3)
    0.25
    """
    known = mean[np.isfinite(mean)]
    total = known.sum()
    return float(noise(known).sum() / total) if total > 0 else math.nan
