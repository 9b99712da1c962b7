"""Invented calls, for tests and benchmarks: never measured anywhere, and made from a seed.

Counts are doubly stochastic: Poisson around a mean that is itself left to chance. The mean has a
profile of the day that differs by weekday, a season, growth, payday waves in the month, holidays
with half the calls, and a busyness of the day that depends on that of the day before.
"""

from datetime import date, timedelta

import numpy as np

from openline.planning.forecast.history import Floats, History, opened

HOLIDAYS = ((1, 1), (5, 1), (12, 25))
FIRST = date(2025, 1, 6)


def holidays(first: date, days: int) -> dict[date, str]:
    """Returns the invented holidays of a stretch."""
    all_days = (first + timedelta(days=at) for at in range(days))
    return {day: f"{day:%d %b}" for day in all_days if (day.month, day.day) in HOLIDAYS}


def means(
    *,
    days: int,
    per_day: float,
    minutes: int = 30,
    first: date = FIRST,
    is_open_at_night: bool = True,
) -> Floats:
    """Returns what would come on average, were all days equally busy."""
    slots = 1440 // minutes
    hour = (np.arange(slots) + 0.5) * minutes / 60
    weekday_peak = np.exp(-((hour - 11) ** 2) / 18) + 0.8 * np.exp(-((hour - 17) ** 2) / 12)
    weekend_peak = np.exp(-((hour - 14) ** 2) / 30)
    found = np.empty((days, slots))
    for at in range(days):
        day = first + timedelta(days=at)
        weekday = day.weekday()
        peak = weekend_peak if weekday >= 5 else weekday_peak
        shape = 0.15 + peak
        if not is_open_at_night:
            shape = np.where((hour >= 8) & (hour < 20), shape, 0.0)
        size = (1.25, 1.05, 1.0, 1.0, 0.95, 0.7, 0.6)[weekday]
        season = 1 + 0.12 * np.sin(2 * np.pi * (day.timetuple().tm_yday - 20) / 365)
        growth = 1 + 0.0004 * at
        payday = 1 + 0.12 * (day.day <= 4)
        holiday = 0.5 if (day.month, day.day) in HOLIDAYS else 1.0
        found[at] = per_day * size * season * growth * payday * holiday * shape / shape.sum()
    return found


def invented(
    *,
    seed: int,
    days: int = 200,
    per_day: float = 2000.0,
    minutes: int = 30,
    first: date = FIRST,
    busyness: float = 0.08,
    is_open_at_night: bool = True,
) -> History:
    """Returns invented calls; `busyness` is by how much days differ beside all that is known."""
    chance = np.random.default_rng(seed)
    mean = means(
        days=days,
        per_day=per_day,
        minutes=minutes,
        first=first,
        is_open_at_night=is_open_at_night,
    )
    state = np.empty(days)
    state[0] = chance.normal()
    for at in range(1, days):
        state[at] = 0.6 * state[at - 1] + 0.8 * chance.normal()
    mean = mean * np.exp(busyness * state - busyness**2 / 2)[:, None]
    calls = chance.poisson(mean).astype(np.float64)
    if not is_open_at_night:
        calls[mean == 0] = np.nan
    return History(first=first, minutes=minutes, calls=calls, is_open=opened(calls, first))
