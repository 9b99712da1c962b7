"""When a colleague is on duty, on a break, or at home.

A timeline is a pure function of the profile and the agent's key. It is made a week at a time, in
spans that follow each other without a gap; overlapping shifts are one. Shifts are kept by local
time: in the night when the clocks change they are an hour longer or shorter.
"""

from bisect import bisect_right
from datetime import date, timedelta
from itertools import pairwise
from random import Random

from openline.engine.value import Value
from openline.model import AgentKey, Duration, Instant
from openline.model.names import Name
from openline.simulation.civil import instant_of, local_date, zone
from openline.simulation.profile import (
    DAY_MINUTES,
    ColleagueGroup,
    Outage,
    Shift,
    WorldProfile,
)

_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)
_Stretch = tuple[Instant, Instant]


class Duty(Name):
    """Says what the roster wants of a colleague."""

    OFF = "off"
    ON = "on"
    BREAK = "break"


class Span(Value, frozen=True, kw_only=True):
    """Is a stretch of time with one duty."""

    duty: Duty
    start: Instant
    until: Instant
    shift_ends_at: Instant
    """The end of the shift it belongs to; of a span off duty, its own."""
    pause_reason: str | None = None


class Timeline:
    """Tells the duty of one agent at any instant."""

    __slots__ = ("_agent", "_group", "_now", "_outages", "_seed", "_spans", "_starts", "_zone")

    def __init__(self, profile: WorldProfile, group: ColleagueGroup, agent: AgentKey) -> None:
        self._group = group
        self._agent = agent
        self._seed = profile.seed
        self._outages = profile.outages
        self._zone = zone(profile.zone)
        self._spans: list[Span] = []
        self._starts: list[Instant] = []
        self._now: Span | None = None

    def at(self, instant: Instant) -> Span:
        """Returns the span that holds the instant; its end may be only where knowledge ends."""
        span = self._now
        if span is None or not span.start <= instant < span.until:
            if not self._spans or not self._starts[0] <= instant < self._spans[-1].until:
                self._make_week(local_date(instant, self._zone))
            span = self._now = self._spans[bisect_right(self._starts, instant) - 1]
        return span

    def is_tired(self, instant: Instant) -> bool:
        """Whether it is the last part of a shift."""
        span = self.at(instant)
        return span.shift_ends_at - instant <= self._group.tired_last

    def _make_week(self, day: date) -> None:
        begin = instant_of(day, 0, self._zone)
        end = instant_of(day + _WEEK, 0, self._zone)
        shifts: list[_Stretch] = []
        breaks: list[tuple[Instant, Instant, str]] = []
        # A shift of the day before may reach into the first day; its end decides who is tired in
        # the last one.
        for number in range(-1, 8):
            on = day + number * _DAY
            breaks.extend((*self._clock(each, on), each.pause_reason) for each in self._outages)
            for shift in self._group.shifts:
                if on.weekday() in shift.days:
                    start, until = self._stretch(shift, on)
                    if start < until:
                        shifts.append((start, until))
                        breaks.extend(
                            (
                                Instant(start + pause.after),
                                min(until, Instant(start + pause.after + pause.length)),
                                pause.pause_reason,
                            )
                            for pause in shift.breaks
                        )
        self._spans = _spans(begin, end, _merged(shifts), breaks)
        self._starts = [span.start for span in self._spans]

    def _stretch(self, shift: Shift, day: date) -> _Stretch:
        start, until = self._clock(shift, day)
        late = Duration(0)
        if self._group.late_by_at_most > 0:
            chance = Random(f"{self._seed}:late:{self._agent}:{start}")
            late = Duration(int(chance.random() * self._group.late_by_at_most))
        return Instant(start + late), until

    def _clock(self, each: Shift | Outage, day: date) -> _Stretch:
        ends = each.end_minute
        if ends <= each.start_minute:
            ends += DAY_MINUTES
        start = instant_of(day, each.start_minute, self._zone)
        return start, instant_of(day, ends, self._zone)


def _merged(stretches: list[_Stretch]) -> list[_Stretch]:
    """Joins those that overlap or touch."""
    joined: list[_Stretch] = []
    for start, until in sorted(stretches):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], until))
        else:
            joined.append((start, until))
    return joined


def _spans(
    begin: Instant,
    end: Instant,
    shifts: list[_Stretch],
    breaks: list[tuple[Instant, Instant, str]],
) -> list[Span]:
    """Cuts the time from begin to end wherever the duty changes."""
    edges = {begin, end}
    for start, until in shifts:
        edges |= {start, until}
    for start, until, _ in breaks:
        edges |= {start, until}
    cuts = sorted(edge for edge in edges if begin <= edge <= end)
    spans: list[Span] = []
    for start, until in pairwise(cuts):
        ends_at = next((last for first, last in shifts if first <= start < last), None)
        reason = next((why for first, last, why in breaks if first <= start < last), None)
        if ends_at is None:
            duty, ends_at, reason = Duty.OFF, until, None
        else:
            duty = Duty.ON if reason is None else Duty.BREAK
        spans.append(
            Span(duty=duty, start=start, until=until, shift_ends_at=ends_at, pause_reason=reason)
        )
    return spans
