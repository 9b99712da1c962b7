"""The day that has begun, on the planner's page: what came so far, and what that says of its rest.

The forecast of the morning stays what it was; what came is read anew each time, so the rest is told
from both whenever somebody asks, also after a restart. Of the difference so far a part goes on,
learned from past days (`forecast.so_far`).
"""

from dataclasses import replace
from datetime import date, datetime

import numpy as np

from openline.model import RefusedError
from openline.planning.forecast import History, carried, learn
from openline.planning.forecast.backtest import Tell
from openline.planning.forecast.forecast import no_tell
from openline.planning.history_file.reading import HistoryFile
from openline.planning.plan_asked import Today
from openline.planning.plan_tables import Expected

LEAST_DAYS = 14
"""With fewer days before today nothing is learned of how much goes on: the usual part is taken."""


def without_today(file: HistoryFile, history: History) -> History:
    """Returns the days that are over: all but the one that has begun."""
    return history.until(history.days - 1) if _has_begun(file) else history


def today_of(
    file: HistoryFile, history: History, expected: Expected, tell: Tell = no_tell
) -> Today:
    """Returns what came on the last day of a history, and how much of it goes on.

    `history` has the intervals of the forecast. An interval that the history does not know is taken
    as it was expected.

    Raises:
        RefusedError: no day has begun, or none that the forecast has (`no_today`).
    """
    if not _has_begun(file):
        raise RefusedError(
            f"{file.name} ends with a whole day: no day has begun of which the rest could be told.",
            code="no_today",
        )
    day = file.last.date()
    done = (file.last.hour * 60 + file.last.minute) // history.minutes
    places = _places(expected, day)
    if not places:
        raise RefusedError(
            f"The forecast has no interval of {day}, the day that has begun.", code="no_today"
        )
    said = np.zeros(history.slots)
    for at in places:
        said[_minute(expected.stamps[at]) // history.minutes] = expected.columns["mean"][at]
    came = history.calls[-1][:done]
    came = np.where(np.isfinite(came), came, said[:done])
    before = history.until(history.days - 1)
    known = None
    if before.days >= LEAST_DAYS:
        known = learn(before, 1, {}, tell)
    return Today(
        day=day.isoformat(),
        minutes=history.minutes,
        came=tuple(came.tolist()),
        expected=float(said[:done].sum()),
        carries=carried(known, done, float(said[:done].sum())),
    )


def with_today(expected: Expected, today: Today) -> Expected:
    """Returns the forecast with what came in place of what was expected, and its rest corrected."""
    columns = {name: each.copy() for name, each in expected.columns.items()}
    busy = sum(today.came) / today.expected - 1 if today.expected > 0 else 0.0
    times = max(1 + today.carries * busy, 0.0)
    for at in _places(expected, date.fromisoformat(today.day)):
        slot = _minute(expected.stamps[at]) // today.minutes
        for column in columns.values():
            column[at] = today.came[slot] if slot < len(today.came) else column[at] * times
    return replace(expected, columns=columns)


def rest_of(expected: Expected, today: Today | None) -> float:
    """Returns how many calls a forecast has for the rest of the day; 0 where none has begun."""
    if today is None:
        return 0.0
    return sum(
        float(expected.columns["mean"][at])
        for at in _places(expected, date.fromisoformat(today.day))
        if _minute(expected.stamps[at]) >= today.clock
    )


def _has_begun(file: HistoryFile) -> bool:
    return bool(file.last.hour or file.last.minute)


def _places(expected: Expected, day: date) -> list[int]:
    return [at for at, stamp in enumerate(expected.stamps) if _civil(stamp).date() == day]


def _civil(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp).replace(tzinfo=None)


def _minute(stamp: str) -> int:
    moment = _civil(stamp)
    return moment.hour * 60 + moment.minute
