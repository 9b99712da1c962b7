"""How wide a confidence interval is: the quantiles of Student's t distribution, exactly.

A mean of n runs lies within t · s / √n of the truth, 95 times in 100, where s is how much the runs
differ and t the quantile for n - 1 degrees of freedom (Student 1908; Law, Simulation Modeling and
Analysis, ch. 4). With few runs t is far above the 1.96 of the normal distribution.
"""

from functools import lru_cache
from math import exp, inf, lgamma, log, log1p

_SMALL = 1e-300
_ENOUGH = 1e-15
_STEPS = 200


@lru_cache(maxsize=4_096)
def t_quantile(freedom: int, confidence: float = 0.95) -> float:
    """Returns t so that a value lies between -t and t with this probability.

    Infinite without a degree of freedom: one run says nothing of how much runs differ.

    >>> round(t_quantile(9), 6), round(t_quantile(1), 4)  # as in every printed table
    (2.262157, 12.7062)
    """
    if freedom < 1:
        return inf
    outside = 1.0 - confidence
    low, high = 0.0, 1.0
    while _outside(high, freedom) > outside:
        low, high = high, high * 2
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if _outside(middle, freedom) > outside:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _outside(t: float, freedom: int) -> float:
    """Returns how often a value is further from 0 than t: I(f / (f + t²); f/2, 1/2)."""
    return _beta(freedom / (freedom + t * t), freedom / 2, 0.5)


def _beta(x: float, a: float, b: float) -> float:
    """Returns the regularised incomplete beta function (Abramowitz and Stegun 26.5.8)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1.0 - _beta(1.0 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    # Lentz's way to add up the continued fraction.
    c, d = 1.0, 1.0 / max(1.0 - (a + b) * x / (a + 1), _SMALL)
    whole = d
    for m in range(1, 10_000):
        for part in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1.0 / (1.0 + part * d or _SMALL)
            c = 1.0 + part / c or _SMALL
            whole *= c * d
        if abs(c * d - 1.0) < _ENOUGH:
            break
    return front * whole
