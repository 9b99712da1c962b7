"""How many agents each interval of a forecast needs.

Reads what `openline forecast --out` writes: `timestamp`, `mean` and the bounds, and `aht_s` where
the history had it. Each interval is staffed for itself, as if it were in a steady state; with long
calls and steep mornings that is a start and not the answer.
"""

import csv
import io
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import pairwise

import numpy as np

from openline.model import RefusedError
from openline.planning.erlang import Behaviour, Counts, Floats, Model
from openline.planning.quantities import number
from openline.planning.staffing import Questions, Targets, behave, least_agents, to_schedule

PLANNED_FOR = ("mean", "high80", "high95")
"""Which column may be planned for: the mean, or the upper end of a range."""


@dataclass(frozen=True, kw_only=True)
class Intervals:
    """Is a forecast as it was read."""

    stamps: tuple[str, ...]
    calls: Floats
    aht_s: Floats | None
    interval_s: float


@dataclass(frozen=True, kw_only=True)
class Staffed:
    """Is a forecast with its agents."""

    intervals: Intervals
    agents: Counts
    figures: Behaviour

    def table(self, missing: Fraction | None) -> str:
        """Returns the rows as CSV, with the people to schedule where shrinkage is known."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        scheduled = [] if missing is None else ["to_schedule"]
        names = ["timestamp", "calls", "agents", *scheduled]
        writer.writerow([*names, "service_level", "abandon_probability", "occupancy"])
        for at, stamp in enumerate(self.intervals.stamps):
            count = int(self.agents[at])
            plan = [] if missing is None else [to_schedule(count, missing)]
            writer.writerow(
                [
                    stamp,
                    float(self.intervals.calls[at]),
                    count,
                    *plan,
                    float(self.figures.service_level[at]),
                    float(self.figures.abandon_probability[at]),
                    float(self.figures.occupancy[at]),
                ]
            )
        return text.getvalue()


def read_forecast(text: str, name: str, column: str) -> Intervals:
    """Reads a forecast file; `column` says what is planned for.

    Raises:
        RefusedError: it is none, with row and column (`bad_forecast`).
    """
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""))
    header = [each.strip().lower() for each in next(reader, [])]
    missing = [each for each in ("timestamp", column) if each not in header]
    if missing:
        raise RefusedError(
            f"{name}, row 1: there is no column {', '.join(missing)}. Give a file that "
            f"`openline forecast --out FILE.csv` wrote.",
            code="bad_forecast",
        )
    stamps: list[str] = []
    times: list[datetime] = []
    calls: list[float] = []
    aht: list[float] = []
    for row in reader:
        if not any(row):
            continue
        if len(row) != len(header):
            raise RefusedError(
                f"{name}, row {reader.line_num}: {len(row)} cells, but {len(header)} columns.",
                code="bad_forecast",
            )
        where = f"{name}, row {reader.line_num}, column"
        cells = dict(zip(header, (cell.strip() for cell in row), strict=True))
        try:
            times.append(datetime.fromisoformat(cells["timestamp"]))
        except ValueError:
            raise RefusedError(
                f"{where} timestamp: {cells['timestamp']!r} is no time like 2026-03-02T08:00:00.",
                code="bad_forecast",
            ) from None
        stamps.append(cells["timestamp"])
        calls.append(number(cells[column], f"{where} {column}", above_zero=False))
        if cells.get("aht_s"):
            aht.append(number(cells["aht_s"], f"{where} aht_s", above_zero=True))
    if len(times) < 2:
        raise RefusedError(f"{name} has fewer than two intervals.", code="bad_forecast")
    if len({time.tzinfo is None for time in times}) > 1:
        raise RefusedError(
            f"{name}: some times have an offset from UTC and some have none.", code="bad_forecast"
        )
    between = Counter((b - a).total_seconds() for a, b in pairwise(times))
    return Intervals(
        stamps=tuple(stamps),
        calls=np.array(calls),
        aht_s=np.array(aht) if len(aht) == len(calls) else None,
        interval_s=between.most_common(1)[0][0],
    )


def staff_forecast(
    intervals: Intervals,
    *,
    model: Model,
    aht_s: float | None,
    patience_s: float,
    target_s: float,
    shares: tuple[float, float, float],
) -> Staffed:
    """Returns the least agents for each interval; `shares` are service level, leaving, occupancy.

    Raises:
        RefusedError: nobody said how long a call takes (`aht_missing`), or a target is out of reach
            (`target_out_of_reach`).
    """
    every = np.ones(len(intervals.calls))
    question = questions_of(
        intervals, model=model, aht_s=aht_s, patience_s=patience_s, target_s=target_s
    )
    agents = least_agents(question, Targets(*(share * every for share in shares)))
    return Staffed(intervals=intervals, agents=agents, figures=behave(question, agents))


def questions_of(
    intervals: Intervals, *, model: Model, aht_s: float | None, patience_s: float, target_s: float
) -> Questions:
    """Returns the question of each interval.

    Raises:
        RefusedError: nobody said how long a call takes (`aht_missing`).
    """
    every = np.ones(len(intervals.calls))
    took = intervals.aht_s if aht_s is None else aht_s * every
    if took is None:
        raise RefusedError(
            "--aht is missing: the forecast has no column aht_s, so say how long one call keeps "
            "somebody busy, as --aht 6m.",
            code="aht_missing",
        )
    return Questions(
        model,
        intervals.calls,
        intervals.interval_s * every,
        took,
        patience_s * every,
        target_s * every,
    )
