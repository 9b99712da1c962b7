"""A forecast as the calls of a simulated world: what a file expects, quarter of an hour by quarter.

Times without an offset are civil times of the centre; one that comes twice, when the clocks go
back, is the second hour the second time. Which line a caller rings, and what he does, stays as it
is configured; days differ as much as it is configured too.
"""

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from openline.app.study import Scenario
from openline.model import RefusedError
from openline.planning.staffing_forecast import Intervals, read_forecast
from openline.simulation.changes import World

QUARTER_S = 900
LONGEST_S = 3_600


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """Is what a forecast expects."""

    first: date
    last: date
    quarters: tuple[tuple[int, float], ...]
    """Quarters of an hour since 1970, each with its mean."""


def expected_of(path: Path, where: ZoneInfo) -> Expected:
    """Reads a file of `openline forecast --out`.

    Raises `RefusedError` (code `bad_forecast`) where it is none, with row and column.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RefusedError(f"{path}: cannot be read: {error}.", code="bad_forecast") from None
    return expected_in(read_forecast(text, path.name, "mean"), path.name, where)


def expected_in(intervals: Intervals, name: str, where: ZoneInfo) -> Expected:
    """Returns what intervals expect, quarter of an hour by quarter.

    Raises `RefusedError` (code `bad_forecast`) where they are no quarters or sums of some.
    """
    length = int(intervals.interval_s)
    if length % QUARTER_S or not 0 < length <= LONGEST_S:
        raise RefusedError(
            f"{name}: its intervals are {length} s long. Make a forecast by intervals of 15, "
            f"30 or 60 minutes: openline forecast … --interval 30m.",
            code="bad_forecast",
        )
    parts = length // QUARTER_S
    quarters: dict[int, float] = {}
    days: set[date] = set()
    for row, (stamp, calls) in enumerate(
        zip(intervals.stamps, intervals.calls.tolist(), strict=True), start=2
    ):
        moment = datetime.fromisoformat(stamp)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=where)
            if int(moment.timestamp()) // QUARTER_S in quarters:
                moment = moment.replace(fold=1)
        since = int(moment.timestamp())
        if since % QUARTER_S or since // QUARTER_S in quarters:
            raise RefusedError(
                f"{name}, row {row}, column timestamp: {stamp} "
                f"{'does not begin a quarter of an hour' if since % QUARTER_S else 'comes twice'}.",
                code="bad_forecast",
            )
        days.add(moment.astimezone(where).date())
        for part in range(parts):
            quarters[since // QUARTER_S + part] = calls / parts
    return Expected(first=min(days), last=max(days), quarters=tuple(sorted(quarters.items())))


def with_expected(scenario: Scenario, expected: Expected) -> Scenario:
    """Returns the days with the calls of the forecast.

    Raises `RefusedError` (code `bad_span`) where it does not reach so far.
    """
    end = scenario.start + timedelta(days=scenario.days - 1)
    if scenario.start < expected.first or end > expected.last:
        raise RefusedError(
            f"The forecast reaches from {expected.first} to {expected.last}, and the days are "
            f"{scenario.start} to {end}. Choose others with --start and --days.",
            code="bad_span",
        )
    world = scenario.world
    assert isinstance(world, World), "its people are invented"
    profile = msgspec.structs.replace(world.profile, expected=expected.quarters)
    return msgspec.structs.replace(scenario, world=msgspec.structs.replace(world, profile=profile))
