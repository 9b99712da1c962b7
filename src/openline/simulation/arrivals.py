"""When callers call: a Poisson process whose rate follows the hours, the weekday and the day.

    rate(t) = calls per hour · (1 + amplitude · cos(2π (t - peak) / 24)) · weekday · busyness

with t in local hours. It is drawn exactly, by thinning (Lewis and Shedler 1979): candidates come at
the highest rate of a quarter of an hour, each is kept with the chance rate / highest.

Where the volume is not 1, each caller stays away by a chance of his own, or further streams of the
same rate join him, each with places of its own: the same people call, and some more or some less.

The callers of one UTC hour are a pure function of (profile, hour). So a restarted world finds every
caller again, wherever it starts. UTC hours are never doubled or left out, so a local day has 23 or
25 of them when the clocks change. Each quarter of a UTC hour has one offset and one local date in
every zone there is, since offsets, clock changes and midnights all fall on quarters.
"""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import lru_cache
from math import ceil, cos, pi, sin
from operator import itemgetter
from random import Random

from openline.model import MINUTE, SECOND, Instant
from openline.simulation.civil import zone
from openline.simulation.profile import DAY_MINUTES, WorldProfile

HOUR = 60 * MINUTE
STREAM = 10_000
"""So many places of an hour belong to one stream of callers."""
MOST_VOLUME = 9.0
"""A caller's name has room for so many streams."""
_QUARTER_S = 900.0
_QUARTER = 15 * MINUTE


class Arrivals:
    """Gives the instants at which callers of a profile call."""

    def __init__(self, profile: WorldProfile) -> None:
        self._profile = profile
        self._zone = zone(profile.zone)
        mean = sum(profile.weekday_factors) / len(profile.weekday_factors)
        self._weekdays = tuple(factor / (mean or 1) for factor in profile.weekday_factors)
        self._opens = profile.opens_minute / 60
        self._closes = profile.closes_minute / 60
        if profile.closes_minute <= profile.opens_minute:
            self._closes += 24
        self._per_hour = profile.calls_per_day / self._curve_over_opening() if mean > 0 else 0.0
        self._expected = dict(profile.expected)
        self._busyness: dict[date, float] = {}

    def in_hour(self, hour: int, stream: int = 0) -> list[Instant]:
        """Returns the arrivals of one UTC hour, in order; `hour` counts from 1970."""
        more = f":{stream}" if stream else ""
        chance = Random(f"{self._profile.seed}:arrivals:{hour}{more}")
        found: list[Instant] = []
        for quarter in range(4):
            self._thin(hour * HOUR + quarter * _QUARTER, chance, found)
        return found

    def after(self, instant: Instant) -> Iterator[tuple[Instant, int, int]]:
        """Yields (arrival, hour, index within the hour) for all later than the instant.

        It never ends, unless nobody ever calls or the calls are those of a forecast.
        """
        if self._per_hour <= 0 or self._profile.volume <= 0:
            return
        hour = instant // HOUR
        last = max(self._expected) // 4 if self._expected else None
        in_hour = self._named(hour)
        index = bisect_right(in_hour, instant, key=itemgetter(0))
        while True:
            for at, place in in_hour[index:]:
                yield at, hour, place
            hour += 1
            if last is not None and hour > last:
                return
            in_hour = self._named(hour)
            index = 0

    def _named(self, hour: int) -> list[tuple[Instant, int]]:
        """Returns the arrivals of an hour and their places in it, in order."""
        volume = self._profile.volume
        if volume == 1:
            return [(at, place) for place, at in enumerate(self.in_hour(hour))]
        found: list[tuple[Instant, int]] = []
        for stream in range(ceil(volume)):
            kept = min(1.0, volume - stream)
            stays = Random(f"{self._profile.seed}:stays:{stream}:{hour}")
            found += [
                (at, stream * STREAM + place)
                for place, at in enumerate(self.in_hour(hour, stream))
                if stays.random() < kept
            ]
        return sorted(found)

    def rate(self, instant: Instant) -> float:
        """Returns the calls per hour at the instant."""
        local = datetime.fromtimestamp(instant // SECOND, self._zone)
        t = local.hour + local.minute / 60 + local.second / 3600
        return self._of_day(local.date()) * self._curve(t)

    def _thin(self, start: int, chance: Random, found: list[Instant]) -> None:
        local = datetime.fromtimestamp(start // SECOND, self._zone)
        if self._expected:
            mean = self._expected.get(start // _QUARTER, 0.0) * self._busyness_of(local.date())
            at = chance.expovariate(mean) if mean > 0 else 1.0
            while at < 1.0:
                found.append(Instant(start + int(at * _QUARTER)))
                at += chance.expovariate(mean)
            return
        begin = local.hour + local.minute / 60
        of_day = self._of_day(local.date())
        highest = of_day * self._highest(begin)
        if highest <= 0:
            return
        per_second = highest / 3600
        at = chance.expovariate(per_second)
        while at < _QUARTER_S:
            if chance.random() * highest < of_day * self._curve(begin + at / 3600):
                found.append(Instant(start + int(at * SECOND)))
            at += chance.expovariate(per_second)

    def _of_day(self, day: date) -> float:
        return self._per_hour * self._weekdays[day.weekday()] * self._busyness_of(day)

    def _busyness_of(self, day: date) -> float:
        drawn = self._busyness.get(day)
        if drawn is None:
            drawn = 1.0
            if self._profile.busyness_cv > 0:
                variance = self._profile.busyness_cv**2
                chance = Random(f"{self._profile.seed}:day:{day}")
                drawn = chance.gammavariate(1 / variance, variance)
            self._busyness[day] = drawn
        return drawn

    def _curve(self, t: float) -> float:
        if not self._is_open(t):
            return 0.0
        swing = self._profile.amplitude * cos(2 * pi * (t - self._profile.peak_hour) / 24)
        return max(0.0, 1 + swing)

    def _highest(self, begin: float) -> float:
        """Returns a bound of the curve over the quarter that begins there."""
        end = begin + 0.25
        if not (self._is_open(begin) or self._is_open(end) or begin <= self._opens < end):
            return 0.0
        amplitude, peak = self._profile.amplitude, self._profile.peak_hour
        if begin <= peak <= end:
            return 1 + amplitude
        ends = (cos(2 * pi * (begin - peak) / 24), cos(2 * pi * (end - peak) / 24))
        return max(0.0, 1 + amplitude * max(ends))

    def _is_open(self, t: float) -> bool:
        return self._opens <= t < self._closes or self._opens <= t + 24 < self._closes

    def _curve_over_opening(self) -> float:
        """Returns the curve's integral over the opening, in hours; 24 for a whole day."""
        if self._closes - self._opens >= DAY_MINUTES / 60:
            return 24.0
        peak = self._profile.peak_hour
        rise = sin(2 * pi * (self._closes - peak) / 24) - sin(2 * pi * (self._opens - peak) / 24)
        return self._closes - self._opens + self._profile.amplitude * 12 / pi * rise


@lru_cache(maxsize=64)
def hour_name(hour: int) -> str:
    """Writes a UTC hour for a leg's name.

    >>> hour_name(498_734)
    '20261123T14'
    """
    return datetime.fromtimestamp(hour * 3600, UTC).strftime("%Y%m%dT%H")


def hour_of_name(name: str) -> int:
    """Reads what `hour_name` wrote; raises ValueError at anything else."""
    moment = datetime.strptime(name, "%Y%m%dT%H").replace(tzinfo=UTC)
    return int(moment.timestamp()) // 3600
