"""Whether a roster covers a forecast: who is there, who is needed, and what the difference does.

For each interval stand side by side the people on the roster and those to schedule, and the people
on the phones and those needed there; shrinkage lies between. 10 on the roster at 25 % shrinkage are
7.5 on the phones: now 7, now 8, and the figures are the mean of both. Somebody who is there for a
part of an interval counts for that part, and only whole people count.

The risk is Erlang A's, each interval for itself: the share of callers who leave, and who is
answered in time, with the people who are on the phones. `openline compare` asks the engine itself.
"""

import csv
import io
import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction

import numpy as np

from openline.model import RefusedError
from openline.planning.erlang import Behaviour, Counts, Floats, Model
from openline.planning.roster_file.shift import Shift
from openline.planning.staffing import Questions, Targets, behave, least_agents, to_schedule
from openline.planning.staffing_forecast import Intervals, questions_of

_CHANGE = re.compile(r"([+-]\d{1,4})@(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")
_DAY = 1440


@dataclass(frozen=True, kw_only=True)
class Service:
    """Says how calls behave and what is promised."""

    aht_s: float | None
    """None: each interval's own, from the forecast."""
    patience_s: float
    target_share: float
    target_s: float
    shrinkage: Fraction
    """In percent."""


@dataclass(frozen=True, kw_only=True)
class Cover:
    """Holds the intervals of the days that a roster plans, a column each."""

    intervals: Intervals
    needed: Counts
    """On the phones, so that the target is met."""
    to_schedule: Counts
    """So that the needed are on the phones."""
    rostered: Counts
    on_phones: Floats
    """Those of the rostered who are on the phones on average, by the shrinkage."""
    figures: Behaviour
    """With those on the phones."""
    left_out: tuple[str, ...]
    """Days of the forecast on which the roster plans nobody before its first or after its last."""

    @property
    def stamps(self) -> tuple[str, ...]:
        """The begin of each interval as it stands in the forecast."""
        return self.intervals.stamps

    @property
    def calls(self) -> Floats:
        """The calls expected in each interval."""
        return self.intervals.calls

    @property
    def gap(self) -> Counts:
        """People rostered beyond those to schedule; below zero where some are missing."""
        return np.asarray(self.rostered - self.to_schedule, dtype=np.int64)

    @property
    def leave(self) -> Floats:
        """Callers expected to leave in each interval with this roster."""
        return np.asarray(self.calls * self.figures.abandon_probability)

    @property
    def late(self) -> Floats:
        """Callers expected not to be answered in time, those who leave among them."""
        return np.asarray(self.calls * (1 - self.figures.service_level))

    def rows(self, places: list[int]) -> "Cover":
        """Returns some of the intervals."""
        aht = self.intervals.aht_s
        return Cover(
            intervals=Intervals(
                stamps=tuple(self.stamps[at] for at in places),
                calls=self.calls[places],
                aht_s=None if aht is None else aht[places],
                interval_s=self.intervals.interval_s,
            ),
            needed=self.needed[places],
            to_schedule=self.to_schedule[places],
            rostered=self.rostered[places],
            on_phones=self.on_phones[places],
            figures=Behaviour(*(column[places] for column in self.figures)),
            left_out=self.left_out,
        )

    def table(self) -> str:
        """Returns the rows as CSV."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(
            [
                *("timestamp", "calls", "needed_on_phones", "to_schedule", "rostered", "on_phones"),
                *("gap", "service_level", "abandon_probability", "mean_wait_s", "leave"),
            ]
        )
        for at, stamp in enumerate(self.stamps):
            writer.writerow(
                [
                    stamp,
                    float(self.calls[at]),
                    *(int(c[at]) for c in (self.needed, self.to_schedule)),
                    int(self.rostered[at]),
                    float(self.on_phones[at]),
                    int(self.gap[at]),
                    float(self.figures.service_level[at]),
                    float(self.figures.abandon_probability[at]),
                    float(self.figures.mean_wait_s[at]),
                    float(self.leave[at]),
                ]
            )
        return text.getvalue()


@dataclass(frozen=True, kw_only=True)
class Change:
    """Is so many people more or fewer between two times of each day."""

    people: int
    begin: int
    """Minutes after midnight."""
    end: int
    """Minutes after midnight; no later than `begin` where it reaches into the next day."""

    def holds_at(self, minute: int) -> bool:
        """Tells whether the change is in force at a minute of the day."""
        if self.begin < self.end:
            return self.begin <= minute < self.end
        return minute >= self.begin or minute < self.end


def change_of(text: str, what: str) -> Change:
    """Returns what `+1@20:00-22:00` says.

    Raises:
        RefusedError: it says nothing of the kind (`bad_change`).

    >>> change_of("-2@22:00-02:00", "--change")
    Change(people=-2, begin=1320, end=120)
    """
    found = _CHANGE.fullmatch(text.strip().replace("\N{MINUS SIGN}", "-"))
    if found is not None:
        people, begin_hour, begin, end_hour, end = (int(each) for each in found.groups())
        first, last = begin_hour * 60 + begin, end_hour * 60 + end
        if people and begin < 60 > end and first < _DAY >= last and first != last:
            return Change(people=people, begin=first, end=last)
    raise RefusedError(
        f"{what}: {text!r} is no change. Write +1@20:00-22:00 for one person more from 20:00 to "
        f"22:00 on every day, or -2@09:00-17:00 for two fewer.",
        code="bad_change",
    )


def cover_of(shifts: tuple[Shift, ...], intervals: Intervals, service: Service) -> Cover:
    """Returns how the shifts cover the days of a forecast on which shifts begin, and between.

    Times of the forecast are read as the clock on the wall says them.

    Raises:
        RefusedError: roster and forecast have no day in common (`no_common_day`), nobody said how
            long a call takes (`aht_missing`), or the target is out of reach.
    """
    times = [datetime.fromisoformat(stamp).replace(tzinfo=None) for stamp in intervals.stamps]
    days = [shift.start.date() for shift in shifts]
    first, last = min(days), max(days)
    inside = np.array([first <= time.date() <= last for time in times])
    if not inside.any():
        raise RefusedError(
            f"The roster plans {_span(first, last)}, the forecast "
            f"{_span(times[0].date(), times[-1].date())}: they have no day in common.",
            code="no_common_day",
        )
    kept = np.flatnonzero(inside)
    chosen = Intervals(
        stamps=tuple(intervals.stamps[at] for at in kept),
        calls=intervals.calls[kept],
        aht_s=None if intervals.aht_s is None else intervals.aht_s[kept],
        interval_s=intervals.interval_s,
    )
    rostered = present(shifts, [times[at] for at in kept], timedelta(seconds=chosen.interval_s))
    outside = dict.fromkeys(times[at].date().isoformat() for at in np.flatnonzero(~inside))
    return cover_by(rostered, chosen, service, tuple(outside))


def cover_by(
    rostered: Counts, intervals: Intervals, service: Service, left_out: tuple[str, ...] = ()
) -> Cover:
    """Returns how so many people cover the intervals, one count for each.

    Raises:
        RefusedError: nobody said how long a call takes (`aht_missing`), or the target is out of
            reach (`target_out_of_reach`).
    """
    questions = _questions(intervals, service)
    every = np.ones(len(intervals.stamps))
    needed = least_agents(questions, Targets.of_service_level(service.target_share * every))
    return _cover(intervals, needed, rostered, service, left_out)


def changed(cover: Cover, change: Change, service: Service) -> Cover:
    """Returns the cover with a change of the roster; never are there fewer than none."""
    clock = [datetime.fromisoformat(stamp) for stamp in cover.stamps]
    more = [change.people * change.holds_at(each.hour * 60 + each.minute) for each in clock]
    rostered = np.maximum(cover.rostered + np.array(more, dtype=np.int64), 0)
    return _cover(cover.intervals, cover.needed, rostered, service, cover.left_out)


def with_calls(cover: Cover, forecast: Intervals, service: Service) -> Cover:
    """Returns the same roster under another forecast, which has all its intervals."""
    places = {stamp: at for at, stamp in enumerate(forecast.stamps)}
    calls = forecast.calls[[places[stamp] for stamp in cover.stamps]]
    intervals = replace(cover.intervals, calls=calls)
    figures = _figures(intervals, cover.on_phones, service)
    return replace(cover, intervals=intervals, figures=figures)


def present(shifts: tuple[Shift, ...], begins: list[datetime], length: timedelta) -> Counts:
    """Returns how many people are there in each interval, each for the part that he is there.

    >>> day = datetime(2026, 3, 2)
    >>> ana = Shift(person="Ana", group="", start=day, end=day + timedelta(minutes=45), row=2)
    >>> present((ana,), [day, day + timedelta(minutes=30)], timedelta(minutes=30)).tolist()
    [1, 0]
    """
    seconds = int(length.total_seconds())
    there = [0] * len(begins)
    order = sorted(range(len(begins)), key=lambda at: begins[at])
    starts = np.array([begins[at] for at in order], dtype="datetime64[s]")
    for shift in shifts:
        low, high = np.searchsorted(
            starts,
            np.array([shift.start - length, shift.end], dtype="datetime64[s]"),
            side="left",
        )
        for place in order[low:high]:
            begin = begins[place]
            shared = min(shift.end, begin + length) - max(shift.start, begin)
            there[place] += max(int(shared.total_seconds()), 0)
    return np.array([each // seconds for each in there], dtype=np.int64)


def _questions(intervals: Intervals, service: Service) -> Questions:
    return questions_of(
        intervals,
        model=Model.ERLANG_A,
        aht_s=service.aht_s,
        patience_s=service.patience_s,
        target_s=service.target_s,
    )


def _figures(intervals: Intervals, on_phones: Floats, service: Service) -> Behaviour:
    """Returns the figures with a mean number of people, between those of the whole numbers."""
    questions = _questions(intervals, service)
    low = np.floor(on_phones).astype(np.int64)
    part = on_phones - low
    fewer, more = behave(questions, low), behave(questions, low + 1)
    return Behaviour(
        *(
            np.where(part > 0, (1 - part) * a + part * b, a)
            for a, b in zip(fewer, more, strict=True)
        )
    )


def _cover(
    intervals: Intervals,
    needed: Counts,
    rostered: Counts,
    service: Service,
    left_out: tuple[str, ...],
) -> Cover:
    missing = service.shrinkage
    planned = [to_schedule(count, missing) for count in needed.tolist()]
    there = [float(count * (100 - missing) / 100) for count in rostered.tolist()]
    on_phones = np.array(there)
    return Cover(
        intervals=intervals,
        needed=needed,
        to_schedule=np.array(planned, dtype=np.int64),
        rostered=rostered,
        on_phones=on_phones,
        figures=_figures(intervals, on_phones, service),
        left_out=left_out,
    )


def _span(first: date, last: date) -> str:
    return f"{first}" if first == last else f"{first} to {last}"
