"""Who waits how long in Erlang A, as integrals over the virtual wait.

The virtual wait is how long a caller of endless patience would wait. In units of the mean patience
(u) its density is proportional to exp(h(u)), h(u) = y (1 - e^(-u)) - x u, with x and y as in
`erlang`. h is concave, so there is one peak: at u* = ln(y/x) in overload, else at 0. Everything is
taken relative to the peak, which keeps the numbers near 1 however long the queue is.

The integrals are sums over Gauss-Legendre panels that begin at the peak with its own width and
double in size away from it, so that one rule serves a needle and a plain alike. Costs 1,280 values
of the exponential function a row: for few rows; `erlang.sums` is cheaper where it can be used.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(20)
_DOUBLINGS = 32
_EDGES = np.concatenate(([0.0], 2.0 ** np.arange(_DOUBLINGS)))


class Waiting(NamedTuple):
    """Holds weights by what becomes of callers; all share a factor that is left out."""

    below: Floats
    """Of the states in which somebody is free."""
    all: Floats
    """Of those who wait."""
    leaving: Floats
    served: Floats
    in_time: Floats
    """Of those served after a wait that is not longer than the target."""
    served_wait: Floats
    """Times their wait, in mean patiences."""


def integrals(x: Floats, y: Floats, until: Floats, below: Floats) -> Waiting:
    """Returns the weights of those who wait; `until` is the target in mean patiences."""
    _, top = _peak(x, y)

    def whole(of: Callable[[Floats], Floats]) -> Floats:
        return x * _integral(x, y, np.full_like(x, np.inf), of)

    with np.errstate(over="ignore", invalid="ignore"):
        lowered = np.where(top > 0, below * np.exp(-top), below)
    return Waiting(
        below=lowered,
        all=whole(np.ones_like),
        leaving=whole(lambda u: -np.expm1(-u)),
        served=whole(lambda u: np.exp(-u)),
        in_time=x * _integral(x, y, until, lambda u: np.exp(-u)),
        served_wait=whole(lambda u: u * np.exp(-u)),
    )


def served_by(x: Floats, y: Floats, until: Floats) -> Floats:
    """Returns the weight of those served after a wait of at most `until`, the factor left in."""
    _, top = _peak(x, y)
    return np.exp(top) * x * _integral(x, y, until, lambda u: np.exp(-u))


def _peak(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Returns where h is largest, and h there."""
    excess = np.maximum(y / x - 1.0, 0.0)
    at = np.log1p(excess)
    return at, x * (excess - at)


def _integral(x: Floats, y: Floats, until: Floats, of: Callable[[Floats], Floats]) -> Floats:
    """Returns ∫ of(u) exp(h(u) - h(u*)) du from 0 to `until`."""
    peak, _ = _peak(x, y)
    # Where the integrand is largest, and how far it stays so.
    centre = np.minimum(peak, until)
    bend = y * np.exp(-centre)
    width = 1.0 / (1.0 + np.sqrt(bend) + np.abs(bend - x))
    total = np.zeros_like(x)
    for side in (-1.0, 1.0):
        edges = centre[:, None] + side * width[:, None] * _EDGES
        edges = np.clip(edges, 0.0, until[:, None])
        half = np.diff(edges, axis=1) / 2
        u = edges[:, :-1, None] + half[:, :, None] * (1.0 + _NODES)
        beside = u - peak[:, None, None]
        # h(u) - h(u*), which near the peak is a small difference of large numbers.
        top = np.minimum(x, y)[:, None, None]
        below_peak = (top - x[:, None, None]) * beside - top * (np.expm1(-beside) + beside)
        values = of(u) * np.exp(below_peak)
        total += side * np.einsum("rpk,rp,k->r", values, half, _WEIGHTS)
    return total
