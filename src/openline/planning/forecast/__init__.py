"""What the coming days bring: pure functions over arrays, without files and clocks.

`history` is the grid of what came, `methods`, `profile` and `regression` say what will, `backtest`
lets them compete on the past, `intervals` says how far off they are, `forecast` puts it together.
`so_far` forecasts the rest of a day that has begun, `similar` a line that is new.
"""

from openline.planning.forecast.forecast import (
    MOST_HORIZON,
    Forecast,
    Learned,
    Tested,
    backtest,
    forecast,
    learn,
)
from openline.planning.forecast.history import History
from openline.planning.forecast.similar import scaled
from openline.planning.forecast.so_far import carried, rest_of_day

__all__ = [
    "MOST_HORIZON",
    "Forecast",
    "History",
    "Learned",
    "Tested",
    "backtest",
    "carried",
    "forecast",
    "learn",
    "rest_of_day",
    "scaled",
]
