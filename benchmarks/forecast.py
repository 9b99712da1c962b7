"""How good, how honest and how fast is the forecast?

Two lines of invented calls (`tests.planning.invented_calls`: doubly stochastic, days that depend on
one another, season, growth, paydays, holidays), a large and a small one, a year of half hours each.
Errors are compared with those of plain methods in the same run; on the small line chance is most of
any error, so what is compared there is the error beyond the noise floor.

No measured series is shipped. To measure on your own, name a file in `FORECAST_HISTORY`:

    FORECAST_HISTORY=calls.csv ./bench forecast

Measured so, on the last 60 days, not shipped since their licences do not say that they may be:
`bank_calls` of the R package fpp3 (a North American bank, weekdays of 2003, half hours): error by
error of last week 0.54 at one day; by that of the four-week mean 0.68 at one day and 0.79 at two
weeks; 80 % intervals held 81 %. Fire dispatches of Seattle by the hour, 2018 and 2019 (open data of
the city): 0.73, 0.91 and 0.90, where the noise floor alone makes 0.64, 0.79 and 0.79; 80 % held.
"""

import os
import time
from pathlib import Path

from benchmarks.figure import Figure
from openline.planning.forecast import Tested, backtest, forecast, learn
from openline.planning.forecast.backtest import CHOSEN, FOUR_WEEKS, SEASONAL_NAIVE
from openline.planning.history_file.reading import read_history
from openline.planning.history_file.sheet import sheet_of
from tests.planning.invented_calls import holidays, invented

NAME = "forecast"

SEED = 20260330
DAYS = 365
TEST_DAYS = 60
HORIZON = 14
YEAR_S = 5.0


def run() -> list[Figure]:
    """Measures both invented lines, or the file that is named."""
    named = os.environ.get("FORECAST_HISTORY")
    if named is not None:
        path = Path(named)
        history = read_history(sheet_of(path.read_bytes(), path.name)).all()
        tested = backtest(history, HORIZON, TEST_DAYS, {})
        return [_against_week(path.name, tested), *_against_guard(path.name, tested)]
    large = invented(seed=SEED, days=DAYS, per_day=20_000, busyness=0.05)
    small = invented(seed=SEED, days=DAYS, per_day=60, busyness=0.1)
    marks = holidays(large.first, DAYS + HORIZON)
    # Of the processor: what else the machine does is not ours.
    begun = time.process_time()
    forecast(learn(large, HORIZON, marks), HORIZON)
    took = time.process_time() - begun
    tested = backtest(small, HORIZON, TEST_DAYS, marks)
    floor = tested.noise_floor
    return [
        *_against_guard("large line", backtest(large, HORIZON, TEST_DAYS, marks)),
        Figure.at_most(
            name="small line, error beyond the noise floor",
            value=tested.scores[CHOSEN].wape - floor,
            unit="WAPE",
            against="half that of the four-week mean",
            reference=(tested.scores[FOUR_WEEKS].wape - floor) / 2,
        ),
        *_held("small line", tested),
        Figure.at_most(
            name="a year of half hours, two weeks ahead, processor time",
            value=took,
            unit="s",
            against="bound: a few seconds",
            reference=YEAR_S,
        ),
    ]


def _against_week(name: str, tested: Tested) -> Figure:
    """Returns the error from one day ahead, beside that of last week's calls.

    Of measured series only: how far below it one can come is decided by how much days differ that
    nobody foresees, and of invented ones we should have decided that ourselves.
    """
    return Figure.at_most(
        name=f"{name}, 1 day ahead",
        value=tested.by_distance[CHOSEN][1].wape,
        unit="WAPE",
        against="two thirds of last week's",
        reference=tested.by_distance[SEASONAL_NAIVE][1].wape * 2 / 3,
    )


def _against_guard(name: str, tested: Tested) -> list[Figure]:
    """Returns the errors from one day and two weeks ahead, beside those of the four-week mean."""
    chosen, guard = tested.by_distance[CHOSEN], tested.by_distance[FOUR_WEEKS]
    asked = ((1, 4 / 5, "four fifths"), (HORIZON, 9 / 10, "nine tenths"))
    figures = [
        Figure.at_most(
            name=f"{name}, {ahead} day{'s' * (ahead > 1)} ahead",
            value=chosen[ahead].wape,
            unit="WAPE",
            against=f"{words} of the four-week mean's",
            reference=share * guard[ahead].wape,
        )
        for ahead, share, words in asked
    ]
    return [*figures, *_held(name, tested)]


def _held(name: str, tested: Tested) -> list[Figure]:
    held = tested.scores[CHOSEN].coverage80
    return [
        Figure.at_most(
            name=f"{name}, 80 % intervals off their share",
            value=abs(held - 0.8),
            unit="of 1",
            against="bound: 76 to 84 % held",
            reference=0.04,
        )
    ]
