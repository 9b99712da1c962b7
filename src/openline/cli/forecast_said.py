"""What `openline forecast` and `openline forecast-backtest` say: for people, and for machines."""

import math
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import numpy as np
from rich.console import Console
from rich.table import Table

from openline.planning.forecast import Forecast, History, Tested
from openline.planning.forecast.backtest import CHOSEN
from openline.planning.history_file.reading import HistoryFile
from openline.planning.history_file.writing import rows_of

BARS = " ▁▂▃▄▅▆▇█"
NAMES = {
    "seasonal_naive": "last week's calls",
    "four_weeks": "mean of four weeks",
    "profile": "weekday profile × level",
    "regression": "regression",
    "blend": "blend of both",
    "similar line": "similar line",
    CHOSEN: "chosen each week",
}


def as_json(
    made: Forecast, file: HistoryFile, slope: float | None, size: float | None
) -> dict[str, object]:
    """Returns a forecast for machines; `slope` and `size` where they were asked for."""
    begin = datetime(*made.first.timetuple()[:3]) + timedelta(  # noqa: DTZ001  # civil time
        minutes=made.begins_at * made.minutes
    )
    fields: dict[str, object] = {
        "origin": begin.isoformat(),
        "horizon_days": len(made.mean),
        "interval_s": made.minutes * 60,
        "zone": str(file.zone) if file.zone is not None else None,
        "calls": made.total,
        "tested_days": made.tested_days,
        "wape": _or_null(made.error),
        "wape_four_weeks": _or_null(made.guard_error),
        "wape_seasonal_naive": _or_null(made.naive_error),
        "noise_floor": _or_null(made.noise_floor),
        "findings": [
            {"row": each.row or None, "column": each.column or None, "words": each.words}
            for each in file.findings
        ],
        "left_out_days": [day.isoformat() for day in made.odd],
        "days": [
            {
                "date": (made.first + timedelta(days=at)).isoformat(),
                "mean": round(float(made.mean[at].sum()), 2),
                **{
                    name: round(float(bound), 2)
                    for name, bound in zip(
                        ("low80", "high80", "low95", "high95"),
                        made.day_bounds[:, at],
                        strict=True,
                    )
                },
                "method": made.methods[at],
                "mark": made.marks[at],
            }
            for at in range(len(made.mean))
        ],
    }
    if slope is not None:
        fields["carries_over"] = slope
    if size is not None:
        fields["size"] = size
    fields["rows"] = [
        {name: value for name, value in row._asdict().items() if value is not None}
        for row in rows_of(made, file.zone)
    ]
    return fields


def say(
    made: Forecast, file: HistoryFile, line: str | None, slope: float | None, size: float | None
) -> None:
    """Says a forecast, day by day, and how far to trust it."""
    console = Console(highlight=False)
    _say_findings(console, file, made.odd)
    of = f" of line {line}" if line else ""
    days = len(made.mean)
    console.print(
        f"[bold]{made.total:,.0f} calls[/bold]{of} in {days} day{'s' * (days > 1)} from "
        f"{made.first:%Y-%m-%d} on, by {made.minutes} minutes."
    )
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("day", no_wrap=True)
    for heading in ("calls", "4 days in 5", "19 in 20"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("0 h    6 h   12 h   18 h", no_wrap=True)
    table.add_column("")
    top = max(float(_hours(made.mean[at]).max()) for at in range(days)) or 1.0
    for at in range(days):
        low80, high80, low95, high95 = made.day_bounds[:, at]
        table.add_row(
            f"{made.first + timedelta(days=at):%a %m-%d}",
            f"{made.mean[at].sum():,.0f}",
            f"{low80:,.0f}–{high80:,.0f}",
            f"{low95:,.0f}–{high95:,.0f}",
            _picture(made.mean[at], top),
            made.marks[at] or "",
        )
    console.print(table)
    console.print(_trust(made))
    if slope is not None:
        console.print(
            f"Of what today differs from its forecast so far, {100 * slope:.0f} % are taken to "
            f"go on; that is what past days did."
        )
    if size is not None:
        console.print(f"The new line is taken to be {size:.3g} times the similar one.")


def _trust(made: Forecast) -> str:
    """Returns in words how much the forecast is worth."""
    if math.isnan(made.error):
        return (
            "The history was too short to try methods on past days: the intervals are a guess. "
            f"Chance alone misses by {_share(made.noise_floor)} of the calls."
        )
    names = [NAMES[name] for name in dict.fromkeys(made.methods)]
    return (
        f"Method: {', '.join(names)}, the best on {made.tested_days} past days. There it missed "
        f"by {_share(made.error)} of the calls; the mean of four weeks by "
        f"{_share(made.guard_error)}, last week's calls by {_share(made.naive_error)}.\n"
        f"Chance alone misses by {_share(made.noise_floor)}: no method can do better than that."
    )


def _say_findings(console: Console, file: HistoryFile, odd: Sequence[date]) -> None:
    for each in file.findings[:20]:
        console.print(f"{file.name}, {each}" if each.row else f"{file.name}: {each}")
    if len(file.findings) > 20:
        console.print(f"{file.name}: and {len(file.findings) - 20:,} more findings.")
    if odd:
        days = ", ".join(f"{day:%Y-%m-%d}" for day in odd[:12])
        more = f" and {len(odd) - 12} more" if len(odd) > 12 else ""
        console.print(
            f"{file.name}: {days}{more} had far more or fewer calls than usual, and were not "
            f"learned from. Mark such days with --special if they come again."
        )


def _hours(slots: np.ndarray) -> np.ndarray:
    """Returns 24 hours of a day's slots, or the slots where they are longer."""
    many = len(slots)
    return slots.reshape(24, -1).sum(axis=1) if many % 24 == 0 else slots


def _picture(slots: np.ndarray, top: float) -> str:
    return "".join(
        BARS[min(math.ceil(float(value) / top * (len(BARS) - 1)), len(BARS) - 1)]
        for value in _hours(slots)
    )


def _share(value: float) -> str:
    return "–" if math.isnan(value) else f"{100 * value:.1f} %"


def _or_null(value: float) -> float | None:
    return value if math.isfinite(value) else None


def tested_json(tested: Tested, file: HistoryFile, history: History) -> dict[str, object]:
    """Returns a back-test for machines."""

    def scores(each: object) -> dict[str, float | None]:
        names = ("wape", "mase", "coverage80", "coverage95")
        return {name: _or_null(getattr(each, name)) for name in names}

    return {
        "history": file.name,
        "horizon_days": tested.horizon,
        "test_days": tested.test_days,
        "first_test_day": tested.first.isoformat(),
        "interval_s": history.minutes * 60,
        "noise_floor": _or_null(tested.noise_floor),
        "methods": {
            name: {
                **scores(score),
                "by_days_ahead": {
                    str(ahead): scores(each) for ahead, each in tested.by_distance[name].items()
                },
            }
            for name, score in tested.scores.items()
        },
    }


def say_tested(tested: Tested, file: HistoryFile) -> None:
    """Says a back-test, a row a method."""
    console = Console(highlight=False)
    _say_findings(console, file, ())
    console.print(
        f"{tested.test_days} days from {tested.first:%Y-%m-%d} on, each forecast from 1 to "
        f"{tested.horizon} days before."
    )
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("method", no_wrap=True)
    far = max(next(iter(tested.by_distance.values())))
    headings = ("WAPE", "1 day ahead", f"{far} days ahead", "MASE", "80 % held", "95 % held")
    for heading in headings:
        table.add_column(heading, justify="right")
    for name, score in tested.scores.items():
        by = tested.by_distance[name]
        mase = "–" if math.isnan(score.mase) else f"{score.mase:.2f}"
        table.add_row(
            NAMES[name],
            _share(score.wape),
            _share(by[1].wape),
            _share(by[far].wape),
            mase,
            _share(score.coverage80),
            _share(score.coverage95),
            style="bold" if name == CHOSEN else None,
        )
    console.print(table)
    console.print(
        f"WAPE: errors by calls. MASE: below 1 is better than last week's calls. Chance alone "
        f"misses by {_share(tested.noise_floor)}."
    )
