"""How well drawn days reproduce the recorded ones, measure by measure.

What was recorded is one draw of chance, like each run. So the question is not whether a figure
equals the runs' mean, but whether it lies where one more run would: within

    mean ± t(n - 1) · s · √(1 + 1/n)

of the n runs' own figures, 95 times in 100 (a prediction interval). About one figure in twenty lies
outside though nothing is wrong with the twin.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import sqrt
from statistics import fmean, stdev
from typing import NamedTuple

from openline.measures.student import t_quantile
from openline.reports.columns import COLUMNS
from openline.reports.runs import Group, Per, Run


class Fit(NamedTuple):
    """Is a recorded figure beside where the twin's runs put it."""

    recorded: float | None
    mean: float | None
    """Of the runs' figures."""
    low: float | None
    high: float | None
    is_within: bool | None
    """None: nothing can be said, because one of them has no figure."""


def fit(recorded: Run, runs: Sequence[Run], group: Group, key: str) -> Fit:
    """Returns how well a figure of one slice is reproduced."""
    column = COLUMNS[key]
    was = column(recorded[group]) if group in recorded else None
    drawn = [column(run[group]) for run in runs if group in run]
    known = [value for value in drawn if value is not None]
    if not known:
        return Fit(was, None, None, None, None)
    mean = fmean(known)
    if len(known) < 2:
        return Fit(was, mean, None, None, None)
    half = t_quantile(len(known) - 1) * stdev(known) * sqrt(1 + 1 / len(known))
    low, high = mean - half, mean + half
    return Fit(was, mean, low, high, None if was is None else low <= was <= high)


def fits(
    recorded: Run, runs: Sequence[Run], per: Per, keys: Iterable[str]
) -> dict[str, Mapping[str, Fit]]:
    """Returns the figures by the parts of one kind that the record met."""
    groups = sorted(group for group in recorded if group.per is per)
    names = tuple(keys)
    return {group.key: {key: fit(recorded, runs, group, key) for key in names} for group in groups}
