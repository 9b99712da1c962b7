"""What would have been forecast on past days, and which method does best on a line.

Each method answers for each of the last days, as it looked from so many days before; it sees
nothing later. Which method is used is chosen for every distance by the errors, those of the
neighbouring distances too, so that a tie does not flip from day to day.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from openline.planning.forecast.history import Floats, Ints
from openline.planning.forecast.intervals import DAYS_NEEDED, Spread
from openline.planning.forecast.methods import Grid, Method, four_weeks, seasonal_naive
from openline.planning.forecast.profile import Profile
from openline.planning.forecast.regression import Regression
from openline.planning.forecast.scores import coverage, mean_error, wape

Tell = Callable[[int, int], None]

SEASONAL_NAIVE, FOUR_WEEKS = "seasonal_naive", "four_weeks"
PROFILE, REGRESSION, BLEND = "profile", "regression", "blend"
METHODS = (SEASONAL_NAIVE, FOUR_WEEKS, PROFILE, REGRESSION, BLEND)
CHOSEN = "chosen"
CANDIDATES = (FOUR_WEEKS, PROFILE, REGRESSION, BLEND)
"""What may be chosen: last week alone never is, for the four-week mean is as simple and better."""

FIRST_TARGET = 21
"""Before so many days no test is made: there is nothing to learn from."""
LEARNED_DAYS = 63
"""So many days of errors an interval is learned from: a method learns, and errs less in time."""
TUNING_DAYS = LEARNED_DAYS + 35
"""So many days are tried before a forecast: errors from two weeks ahead are known later."""
HALF_LIFE_DAYS = 21.0
"""An error counts half after so many days when a method is chosen."""
BLOCK = 7
"""A test learns its intervals anew so often, in days."""
DAYS_SINGLY = 14
"""To this distance each day has its own test; further out each week has one."""


def distances(horizon: int) -> list[int]:
    """Returns how many days ahead tests are made for a horizon.

    >>> distances(3), distances(30)[12:]
    ([1, 2, 3], [13, 14, 21, 28, 35])
    """
    singly = list(range(1, min(horizon, DAYS_SINGLY) + 1))
    return singly + list(range(DAYS_SINGLY + 7, horizon + 7, 7))


def distance(day: int) -> int:
    """Returns from how far ahead a day of the forecast, counted from 1, is forecast."""
    return day if day <= DAYS_SINGLY else -(-day // 7) * 7


def methods(grid: Grid) -> dict[str, Method]:
    """Returns the methods that are not made of others, made for this grid."""
    return {
        SEASONAL_NAIVE: seasonal_naive,
        FOUR_WEEKS: four_weeks,
        PROFILE: Profile(grid),
        REGRESSION: Regression(grid),
    }


def answers(grid: Grid, made: Mapping[str, Method], targets: Ints, ahead: int) -> dict[str, Floats]:
    """Returns every method's calls for the targets; a plainer one stands in where one has none."""
    found = {name: method(grid, targets, ahead) for name, method in made.items()}
    plain = found[FOUR_WEEKS]
    found[PROFILE] = np.where(np.isfinite(found[PROFILE]), found[PROFILE], plain)
    found[REGRESSION] = np.where(np.isfinite(found[REGRESSION]), found[REGRESSION], found[PROFILE])
    found[BLEND] = (found[PROFILE] + found[REGRESSION]) / 2
    return found


@dataclass(frozen=True, kw_only=True)
class Tried:
    """Holds what each method would have said of past days, from each distance."""

    aheads: tuple[int, ...]
    targets: Ints
    actual: Floats
    calls: dict[str, Floats]
    """By method: distances × days × slots."""

    def at(self, ahead: int) -> int:
        """Returns the place of a distance."""
        return self.aheads.index(ahead)


def try_methods(grid: Grid, known: int, days: int, horizon: int, tell: Tell) -> Tried:
    """Lets every method answer for the last `days` of the `known` days of the grid."""
    aheads = distances(horizon)
    targets = np.arange(max(known - days, FIRST_TARGET), known, dtype=np.int64)
    slots = grid.calls.shape[1]
    made = methods(grid)
    calls = {name: np.full((len(aheads), len(targets), slots), np.nan) for name in METHODS}
    for at, ahead in enumerate(aheads):
        tell(at, len(aheads))
        able = targets - ahead >= FIRST_TARGET - 7
        if able.any():
            for name, answer in answers(grid, made, targets[able], ahead).items():
                calls[name][at][able] = answer
    return Tried(aheads=tuple(aheads), targets=targets, actual=grid.calls[targets], calls=calls)


def choose(tried: Tried, before: int | None = None) -> list[str]:
    """Returns the best candidate for each distance, by its errors on days before one.

    Newer errors count more. Without a test (a history of a few weeks) it is the profile, which
    needs the least.
    """
    scores = np.full((len(CANDIDATES), len(tried.aheads)), np.nan)
    for row, name in enumerate(CANDIDATES):
        for at, ahead in enumerate(tried.aheads):
            seen = _known(tried.targets, ahead, before)
            error = np.abs(tried.calls[name][at][seen] - tried.actual[seen])
            known = np.isfinite(error)
            age = seen[-1] - seen if len(seen) else seen
            weight = 0.5 ** (age / HALF_LIFE_DAYS)[:, None] * known
            calls = (weight * np.where(known, tried.actual[seen], 0.0)).sum()
            if known.any(axis=1).sum() >= DAYS_NEEDED and calls > 0:
                scores[row, at] = (weight * np.where(known, error, 0.0)).sum() / calls
    chosen = []
    for at in range(len(tried.aheads)):
        near = scores[:, max(at - 1, 0) : at + 2]
        together = np.where(np.isfinite(near).all(axis=1), near.sum(axis=1), np.inf)
        best = int(np.argmin(together))
        chosen.append(CANDIDATES[best] if math.isfinite(together[best]) else PROFILE)
    return chosen


def _known(targets: Ints, ahead: int, before: int | None) -> Ints:
    """Returns the places of the days whose calls are known when one stands before a day."""
    places = np.arange(len(targets), dtype=np.int64)
    return places if before is None else places[targets <= before - ahead]


def learned(tried: Tried, ahead: int, before: int | None = None) -> Ints:
    """Returns the places of the days by whose errors intervals are learned: the newest open."""
    places = _known(tried.targets, ahead, before)
    lived = np.isfinite(tried.actual[places]).any(axis=1)
    return np.asarray(places[lived][-LEARNED_DAYS:], dtype=np.int64)


@dataclass(frozen=True, kw_only=True)
class Score:
    """Is how a method did, over all distances or from one."""

    wape: float
    mase: float
    coverage80: float
    coverage95: float


def score_methods(
    tried: Tried, test_days: int, scale: float, tell: Tell
) -> tuple[dict[str, Score], dict[str, dict[int, Score]]]:
    """Scores every method on the last days: altogether, and by distance.

    Intervals and choice are learned anew each week, from the days before. `scale` is MASE's.
    """
    tested = np.arange(len(tried.targets) - test_days, len(tried.targets))
    blocks = [tested[start : start + BLOCK] for start in range(0, test_days, BLOCK)]
    chosen = np.full((len(tried.aheads), *tried.actual.shape), np.nan)
    # In the days before the first test, what would have been chosen then: its errors teach, too.
    early = np.arange(0, len(tried.targets) - test_days)
    for block in [early[at : at + BLOCK] for at in range(0, len(early), BLOCK)] + blocks:
        for at, name in enumerate(choose(tried, int(tried.targets[block[0]]))):
            chosen[at, block] = tried.calls[name][at, block]
    calls = {**tried.calls, CHOSEN: chosen}
    whole: dict[str, Score] = {}
    by_distance: dict[str, dict[int, Score]] = {}
    for number, (name, mean) in enumerate(calls.items()):
        bounds = np.full((4, len(tried.aheads), test_days, tried.actual.shape[1]), np.nan)
        for at, ahead in enumerate(tried.aheads):
            tell(number * len(tried.aheads) + at, len(calls) * len(tried.aheads))
            for number_of, block in enumerate(blocks):
                seen = learned(tried, ahead, int(tried.targets[block[0]]))
                spread = Spread(tried.actual[seen], mean[at][seen])
                start = number_of * BLOCK
                bounds[:, at, start : start + len(block)] = spread.bounds(
                    mean[at][block], np.ones(len(block))
                )
        actual = np.broadcast_to(tried.actual[tested], mean[:, tested].shape)
        whole[name] = _score(mean[:, tested], bounds, actual, scale)
        by_distance[name] = {
            ahead: _score(mean[at, tested], bounds[:, at], actual[at], scale)
            for at, ahead in enumerate(tried.aheads)
        }
    return whole, by_distance


def _score(mean: Floats, bounds: Floats, actual: Floats, scale: float) -> Score:
    return Score(
        wape=wape(mean, actual),
        mase=mean_error(mean, actual) / scale if scale > 0 else math.nan,
        coverage80=coverage(bounds[0], bounds[1], actual),
        coverage95=coverage(bounds[2], bounds[3], actual),
    )
