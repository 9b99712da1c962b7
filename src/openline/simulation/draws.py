"""Chance that can be looked up again: numbers between 0 and 1, by name and row.

A row is a pure function of (seed, name, number): whoever asks for it again, after a restart or in
another scenario, gets the same numbers. Rows are made in blocks, because seeding a generator costs
a hundred times what one number costs; only the last few blocks are kept. Every draw takes a fixed
count of numbers, so no decision shifts those of the next row.
"""

from math import cos, exp, log, log1p, pi, sqrt
from random import Random

_BLOCK = 64
_KEPT = 16

Row = tuple[float, ...]


class Draws:
    """Gives rows of `width` numbers from 0 (included) to 1 (not included)."""

    __slots__ = ("_blocks", "_prefix", "_width")

    def __init__(self, seed: int, name: str, width: int) -> None:
        self._prefix = f"{seed}:{name}:"
        self._width = width
        self._blocks: dict[int, list[Row]] = {}

    def row(self, number: int) -> Row:
        """Returns the row of that number."""
        block, place = divmod(number, _BLOCK)
        rows = self._blocks.get(block)
        if rows is None:
            rows = self._made(block)
        return rows[place]

    def _made(self, block: int) -> list[Row]:
        if len(self._blocks) >= _KEPT:
            # The oldest goes first; numbers are mostly asked for in rising order.
            del self._blocks[next(iter(self._blocks))]
        number = Random(self._prefix + str(block)).random
        width = range(self._width)
        rows = [tuple([number() for _ in width]) for _ in range(_BLOCK)]
        self._blocks[block] = rows
        return rows


def exponential(mean: float, u: float) -> float:
    """Returns the value of an exponential distribution below which the share `u` lies.

    >>> round(exponential(60.0, 0.5), 3)  # the median is the mean times ln 2
    41.589
    """
    return -mean * log1p(-u)


class Lognormal:
    """Draws from the lognormal distribution with this mean and coefficient of variation.

    With s² = ln(1 + cv²) and m = ln(mean) - s²/2, exp(m + s·z) has that mean and that cv for a
    standard normal z (Johnson, Kotz, Balakrishnan: Continuous Univariate Distributions 1, ch. 14).
    z comes from two numbers by Box and Muller (1958), of whose pair one half is used.
    """

    __slots__ = ("_m", "_s")

    def __init__(self, mean: float, cv: float) -> None:
        variance = log1p(cv * cv)
        self._s = sqrt(variance)
        self._m = log(mean) - variance / 2 if mean > 0 else float("-inf")

    def draw(self, u: float, v: float) -> float:
        """Returns one value; 0 where the mean is 0."""
        return exp(self._m + self._s * sqrt(-2.0 * log1p(-u)) * cos(2.0 * pi * v))
