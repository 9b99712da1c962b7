"""How long callers would wait, learnt from those who left and those who were answered first.

Who was answered after a minute would have waited at least a minute; how long, nobody saw. To leave
him out would make callers look impatient, and to count his minute as his patience even more so. The
product-limit estimate takes him for what he is (Kaplan and Meier 1958): at each instant at which
somebody left, the share of those still waiting who did not.

    S(t) = Π over instants s ≤ t at which callers left: 1 - left(s) / waiting just before s

Beyond the longest wait nothing was seen; there patience goes on as an exponential one with the mean
that fits all waits (all waiting, divided by the number who left: what Erlang A assumes).
"""

from bisect import bisect_left
from collections.abc import Iterable
from itertools import groupby
from math import log

from openline.engine.value import Value
from openline.model import MINUTE, Duration

USUAL_MEAN = Duration(3 * MINUTE)
"""Assumed where nobody ever left."""


class Patience(Value, frozen=True, kw_only=True):
    """Is a distribution of patience, as it was seen."""

    waits: tuple[Duration, ...] = ()
    """At which callers left, in order."""
    staying: tuple[float, ...] = ()
    """S at each of them: the share that would wait longer."""
    mean: Duration = USUAL_MEAN
    """Of an exponential distribution: beyond the last wait, and where nobody left."""
    left: int = 0
    """How many were seen to leave."""

    def at(self, u: float) -> Duration:
        """Returns the patience below which the share `u` of callers lies."""
        staying = 1.0 - u
        place = bisect_left(self.staying, -staying, key=lambda share: -share)
        if place < len(self.waits):
            return self.waits[place]
        last, rest = (self.waits[-1], self.staying[-1]) if self.waits else (Duration(0), 1.0)
        return Duration(int(last - self.mean * log(max(staying, 1e-12) / rest)))


def patience_of(waits: Iterable[tuple[Duration, bool]], *, least_waiting: int = 1) -> Patience:
    """Returns what the waits tell; each with whether it ended because the caller left.

    Where fewer than `least_waiting` still wait, one who leaves tells little: from there on patience
    is the exponential one.

    Six callers: one leaves after 3 s, one is answered at 5, two leave at 6, one is answered at 8,
    one leaves at 10. S(3) = 5/6, S(6) = 5/6 · 2/4, S(10) = 0.

    >>> seen = [(3, True), (5, False), (6, True), (6, True), (8, False), (10, True)]
    >>> patience = patience_of((Duration(wait), left) for wait, left in seen)
    >>> patience.waits, [round(share, 4) for share in patience.staying], patience.mean
    ((3, 6, 10), [0.8333, 0.4167, 0.0], 9)
    """
    ordered = sorted(waits)
    there, staying = len(ordered), 1.0
    at: list[Duration] = []
    shares: list[float] = []
    for wait, same in groupby(ordered, key=lambda each: each[0]):
        ended = [left for _, left in same]
        if any(ended) and there >= least_waiting:
            staying *= 1.0 - sum(ended) / there
            at.append(wait)
            shares.append(staying)
        there -= len(ended)
    left = sum(was_leaving for _, was_leaving in ordered)
    whole = sum(wait for wait, _ in ordered)
    return Patience(
        waits=tuple(at),
        staying=tuple(shares),
        mean=Duration(whole // left) if left else USUAL_MEAN,
        left=left,
    )
