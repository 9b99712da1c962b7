"""The forecast of a line: the best method for each distance, with intervals from its errors."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from openline.planning.forecast.backtest import (
    BLEND,
    CANDIDATES,
    FOUR_WEEKS,
    SEASONAL_NAIVE,
    TUNING_DAYS,
    Score,
    Tell,
    Tried,
    answers,
    choose,
    distance,
    learned,
    methods,
    score_methods,
    try_methods,
)
from openline.planning.forecast.days import Days, describe
from openline.planning.forecast.history import Floats, History
from openline.planning.forecast.intervals import Spread, of_days
from openline.planning.forecast.methods import Grid
from openline.planning.forecast.scores import noise_floor, wape, week_error

MOST_DAYS = 1100
"""Three years are learned from; older ones say nothing of next week."""
MOST_HORIZON = 400
UNSEEN_WIDER, SEEN_WIDER = 1.5, 1.25
"""Intervals of a marked day are so much wider, the first where no earlier day has its name."""
AHT_DAYS = 56
AHT_DRAWN = 20.0
"""A slot's handle time is drawn to the mean of all as by so many calls."""


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """Is what the coming days bring."""

    first: date
    minutes: int
    mean: Floats
    """Days × slots; zero where the line is closed."""
    bounds: Floats
    """Four of the same: low and high of 80 %, low and high of 95 %."""
    day_bounds: Floats
    """Four bounds of each day's total."""
    methods: tuple[str, ...]
    """By which method each day is forecast."""
    marks: tuple[str | None, ...]
    tested_days: int
    """On how many past days methods were tried; 0 where the history was too short."""
    error: float
    """WAPE of what was chosen, on those days; NaN where nothing was tried."""
    guard_error: float
    """WAPE of the mean of the last four same weekdays."""
    naive_error: float
    """WAPE of taking last week's calls."""
    noise_floor: float
    """WAPE that chance alone will cause."""
    odd: tuple[date, ...]
    """Days that were left out for being far off."""
    begins_at: int = 0
    """How many slots of the first day were over when the forecast was made."""
    aht_s: Floats | None = None
    """Mean handle time by slot of the day, where the history tells any."""

    @property
    def total(self) -> float:
        """All calls that are expected."""
        return float(self.mean[0, self.begins_at :].sum() + self.mean[1:].sum())


@dataclass(frozen=True, kw_only=True)
class Learned:
    """Is a history that was learned from: how each method did, and which is best how far ahead."""

    history: History
    grid: Grid
    tried: Tried
    picked: tuple[str, ...]

    def chosen(self, ahead: int) -> str:
        """Returns the method for a distance."""
        if ahead not in self.tried.aheads:
            return self.picked[-1]
        return self.picked[self.tried.at(ahead)]


def no_tell(_done: int, _total: int) -> None:
    """Tells nobody."""


def learn(
    history: History, horizon: int, marks: Mapping[date, str], tell: Tell = no_tell
) -> Learned:
    """Tries all methods on the newest days of a history, for so many days to come."""
    recent = newest(history)
    grid = _grid(recent, horizon, marks)
    tried = try_methods(grid, recent.days, TUNING_DAYS, horizon, tell)
    return Learned(history=recent, grid=grid, tried=tried, picked=tuple(choose(tried)))


def newest(history: History) -> History:
    """Returns the last years, which are learned from."""
    spare = max(history.days - MOST_DAYS, 0)
    if not spare:
        return history
    aht = None if history.aht_s is None else history.aht_s[spare:]
    return replace(history, first=history.day(spare), calls=history.calls[spare:], aht_s=aht)


def forecast(known: Learned, horizon: int) -> Forecast:
    """Returns the forecast of the days that follow the history."""
    history, grid, tried = known.history, known.grid, known.tried
    days = grid.days
    made = methods(grid)
    mean = np.zeros((horizon, history.slots))
    bounds = np.zeros((4, horizon, history.slots))
    day_bounds = np.zeros((4, horizon))
    chosen = []
    spreads: dict[int, tuple[Spread, Spread]] = {}
    for day in range(1, horizon + 1):
        ahead = distance(day) if history.days >= 28 else day
        method = known.chosen(ahead)
        chosen.append(method)
        target = np.array([history.days - 1 + day], dtype=np.int64)
        said = answers(grid, made, target, ahead)[method]
        row = np.where(is_open(history, days, int(target[0])), np.nan_to_num(said[0]), 0.0)
        mean[day - 1] = row
        if ahead not in spreads:
            spreads[ahead] = spread_of(known, ahead, method)
        wider = np.array([_wider(days, int(target[0]), history.days)])
        of_slots, of_day = spreads[ahead]
        bounds[:, day - 1] = of_slots.bounds(row[None, :], wider)[:, 0]
        day_bounds[:, day - 1] = of_day.bounds(row.sum()[None, None], wider)[:, 0, 0]
    error, guard, naive = _errors(known)
    return Forecast(
        first=history.day(history.days),
        minutes=history.minutes,
        mean=mean,
        bounds=np.where(mean > 0, bounds, 0.0),
        day_bounds=np.where(mean.sum(axis=1) > 0, day_bounds, 0.0),
        methods=tuple(chosen),
        marks=days.marks[history.days : history.days + horizon],
        tested_days=_tested(tried),
        error=error,
        guard_error=guard,
        naive_error=naive,
        noise_floor=noise_floor(mean[mean > 0]),
        odd=tuple(history.day(at) for at in days.odd),
        aht_s=_handle_times(history),
    )


def spread_of(known: Learned, ahead: int, method: str) -> tuple[Spread, Spread]:
    """Returns how far off a method was from a distance, in slots and in whole days."""
    tried = known.tried
    if ahead not in tried.aheads:
        nothing = np.full((0, known.history.slots), np.nan)
        return Spread(nothing, nothing), of_days(nothing, nothing)
    seen = learned(tried, ahead)
    actual, said = tried.actual[seen], tried.calls[method][tried.at(ahead)][seen]
    return Spread(actual, said), of_days(actual, said)


def is_open(history: History, days: Days, target: int) -> Floats:
    """Returns in which slots the line is open on a day, as ones and zeros."""
    opens = history.is_open[days.weekday[target]] & (not days.is_closed[target])
    return np.asarray(opens, dtype=np.float64)


@dataclass(frozen=True, kw_only=True)
class Tested:
    """Is the outcome of a rolling test."""

    horizon: int
    test_days: int
    first: date
    """The first day that was tested."""
    scores: dict[str, Score]
    by_distance: dict[str, dict[int, Score]]
    noise_floor: float
    mean_calls: float
    """Calls an open slot of the tested days."""


def backtest(
    history: History,
    horizon: int,
    test_days: int,
    marks: Mapping[date, str],
    tell: Tell = no_tell,
) -> Tested:
    """Tests every method on the last days, each from every distance up to the horizon."""
    recent = newest(history)
    grid = _grid(recent, 0, marks)
    both = test_days + TUNING_DAYS + horizon
    tried = try_methods(grid, recent.days, both, horizon, lambda a, b: tell(a, 2 * b))
    scale = week_error(recent.calls[: recent.days - test_days])
    scores, by_distance = score_methods(tried, test_days, scale, lambda a, b: tell(b + a, 2 * b))
    tested = tried.actual[-test_days:]
    likely = tried.calls[BLEND][0][-test_days:]
    return Tested(
        horizon=horizon,
        test_days=test_days,
        first=recent.day(recent.days - test_days),
        scores=scores,
        by_distance=by_distance,
        noise_floor=noise_floor(np.where(np.isfinite(tested), likely, np.nan)),
        mean_calls=float(np.nanmean(tested)) if np.isfinite(tested).any() else math.nan,
    )


def _grid(history: History, horizon: int, marks: Mapping[date, str]) -> Grid:
    empty = np.full((horizon, history.slots), np.nan)
    days = describe(history, horizon, marks)
    return Grid(calls=np.concatenate([history.calls, empty]), days=days)


def _wider(days: Days, target: int, known: int) -> float:
    name = days.marks[target]
    if name is None:
        return 1.0
    return SEEN_WIDER if name in days.marks[:known] else UNSEEN_WIDER


def _tested(tried: Tried) -> int:
    any_said = np.isfinite(tried.calls[FOUR_WEEKS][0]).any(axis=1)
    return int((any_said & np.isfinite(tried.actual).any(axis=1)).sum())


def _errors(known: Learned) -> tuple[float, float, float]:
    """Returns WAPE over all distances of what is chosen, of the guard and of last week's calls."""
    tried = known.tried
    actual = np.broadcast_to(tried.actual, tried.calls[FOUR_WEEKS].shape)
    chosen = np.stack([tried.calls[name][at] for at, name in enumerate(known.picked)])
    guard, naive = tried.calls[FOUR_WEEKS], tried.calls[SEASONAL_NAIVE]
    # All on the same days, or they would not be comparable.
    both = np.isfinite(chosen) & np.isfinite(guard) & np.isfinite(naive)
    real = np.where(both, actual, np.nan)
    return wape(chosen, real), wape(guard, real), wape(naive, real)


def _handle_times(history: History) -> Floats | None:
    if history.aht_s is None:
        return None
    calls, aht = history.calls[-AHT_DAYS:], history.aht_s[-AHT_DAYS:]
    known = np.isfinite(calls) & np.isfinite(aht) & (calls > 0)
    weight = np.where(known, calls, 0.0)
    spent = np.where(known, calls * aht, 0.0)
    if not weight.sum() > 0:
        return None
    usual = spent.sum() / weight.sum()
    return np.asarray((spent.sum(axis=0) + AHT_DRAWN * usual) / (weight.sum(axis=0) + AHT_DRAWN))


__all__ = [
    "CANDIDATES",
    "MOST_HORIZON",
    "Forecast",
    "Learned",
    "Score",
    "Tested",
    "backtest",
    "forecast",
    "learn",
]
