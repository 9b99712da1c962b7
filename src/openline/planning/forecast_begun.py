"""A forecast that begins where somebody says: on a day, or in the middle of one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import numpy as np

from openline.model import RefusedError
from openline.planning.forecast import Forecast, History, forecast, learn, rest_of_day

Marks = dict[date, str]


def forecast_from(
    history: History,
    days: int,
    begins: datetime | None,
    marks: Callable[[History], Marks],
    tell: Callable[[int, int], None] = lambda done, of: None,
) -> tuple[Forecast, float | None, History]:
    """Returns the forecast from `begins` on, by how much of a begun day goes on, and its history.

    Without `begins` it is from the end of the history. The day on which it begins is the last of
    the history that is returned, where it has begun.

    Raises:
        RefusedError: the history begins later (`bad_origin`).
    """
    if begins is None:
        return forecast(learn(history, days, marks(history), tell), days), None, history
    is_begun = bool(begins.hour or begins.minute)
    history = reaching(history, begins.date(), with_day=is_begun)
    marked = marks(history)
    if not is_begun:
        return forecast(learn(history, days, marked, tell), days), None, history
    done = (begins.hour * 60 + begins.minute) // history.minutes
    known = learn(history.until(history.days - 1), days, marked, tell)
    made, slope = rest_of_day(known, days, history.calls[-1], done)
    return made, slope, history


def reaching(history: History, day: date, *, with_day: bool) -> History:
    """Returns the history up to a day, with empty days where it ends sooner.

    Raises:
        RefusedError: it begins later (`bad_origin`).
    """
    wanted = (day - history.first).days + with_day
    if wanted <= 0:
        raise RefusedError(
            f"--origin {day}: the history begins on {history.first}, so nothing came before.",
            code="bad_origin",
        )
    lacking = wanted - history.days
    if lacking <= 0:
        return history.until(wanted)
    empty = np.full((lacking, history.slots), np.nan)
    aht = None if history.aht_s is None else np.concatenate([history.aht_s, empty])
    return replace(history, calls=np.concatenate([history.calls, empty]), aht_s=aht)
