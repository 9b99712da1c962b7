"""From what is a stretch of the record reported: from the steps, or from the sums that are kept?

The sums of a day that is over say of real calls what its steps say, to the last call, and are read
some hundred times as fast. So they are taken wherever they can speak: for real calls alone, of days
that were settled when they were summed, by the thresholds that the report applies. Everything else
is read step by step. Where the steps are forgotten, sums are all there is.

Days are those of UTC, as the segments and the sums are; a report's own days are put together from
quarters of an hour, so it makes no difference where one source ends and the other begins.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from openline.app.record import Record
from openline.centre.reading import events_between, state_by
from openline.centre.recovery import last_step_before, steps_after
from openline.centre.sums import CALLS, Counted, days_counted, kept_sums
from openline.configuration import Published
from openline.engine import State
from openline.model import MINUTE, Duration, Instant, Origin
from openline.reports import By, Calendar, Historian
from openline.sealing.kinds import DAY

SIGNED_IN_WITHIN = Duration(48 * 60 * MINUTE)
"""So far before its begin a report reads where no snapshot tells who was signed in."""


class Part(NamedTuple):
    """Is a stretch of time that is read from one source."""

    begin: Instant
    end: Instant
    is_kept: bool
    """Whether it is read from sums."""


class Sources(NamedTuple):
    """Says from what a stretch is read."""

    parts: tuple[Part, ...]
    forgotten_until: Instant | None
    """To where there are only sums, if a part of the stretch is forgotten."""
    others: frozenset[Origin]
    """Of whose calls there are some in days that are read from sums."""

    @property
    def steps(self) -> tuple[Part, ...]:
        """The parts that are read step by step."""
        return tuple(part for part in self.parts if not part.is_kept)


def sources(
    record: Record,
    published: Published,
    since: Instant,
    until: Instant,
    origins: tuple[Origin, ...],
) -> Sources:
    """Returns from what each part of a stretch is read."""
    store = record.store
    counted = days_counted(store, Instant(since - since % DAY), until)
    gone_until = min(_steps_from(record, since, until), until)
    parts: list[Part] = []
    for begin, end in _days(since, until):
        day = Instant(begin - begin % DAY)
        is_kept = begin < gone_until or _says_the_same(counted.get(day), published, origins)
        if parts and parts[-1].is_kept == is_kept:
            parts[-1] = parts[-1]._replace(end=end)
        else:
            parts.append(Part(begin, end, is_kept))
    has_forgotten = gone_until > since and (
        store.forgotten()[0] > 0 or _has_calls(record, since, gone_until)
    )
    taken = [part for part in parts if part.is_kept]
    return Sources(
        parts=tuple(parts),
        forgotten_until=gone_until if has_forgotten else None,
        others=frozenset(
            origin
            for begin, day in counted.items()
            for origin in day.others
            if any(begin < part.end and begin + DAY > part.begin for part in taken)
        ),
    )


def a_historian(published: Published, calendar: Calendar) -> Historian:
    """Returns empty books of these slices, by the thresholds of the configuration."""
    return Historian(
        calendar,
        settings=published.settings,
        targets={key: target.within for key, target in published.targets.items()},
        short_abandons={key: each.short_abandon for key, each in published.targets.items()},
    )


def add_sums(record: Record, part: Part, into: Historian) -> None:
    """Adds the sums that are kept of a part."""
    for begin, end in _months(part.begin, part.end):
        for sums in kept_sums(record.store, begin, end):
            into.add(sums.start, sums.calls, sums.agents)


def add_steps(
    record: Record,
    published: Published,
    part: Part,
    into: Historian,
    tell: Callable[[Duration], None],
) -> None:
    """Adds what the steps of a part say; tells how much of its time is read."""
    calendar = Calendar(published.zone, By.INTERVAL, since=part.begin, until=part.end)
    historian = a_historian(published, calendar)
    known = begin_of(record, part.begin)
    if known.state is not None:
        historian.know(known.state)
    steps = steps_after(record.store, record.keys, known.step)
    for count, (at, events) in enumerate(steps):
        if not historian.take(at, events):
            break
        if count % 4096 == 0:
            tell(Duration(max(0, min(at, part.end) - part.begin)))
    into.merge(historian)


class Begin(NamedTuple):
    """Says from where steps are read so that it is known who was there."""

    step: int
    """Those after it are read."""
    state: State | None


def begin_of(record: Record, begin: Instant) -> Begin:
    """Returns from where to read for what happens from an instant on."""
    state = state_by(record.store, record.keys, begin)
    if state is None:
        at = Instant(begin - SIGNED_IN_WITHIN)
        return Begin(last_step_before(record.store, at), None)
    return Begin(state.step, state)


def _steps_from(record: Record, since: Instant, until: Instant) -> Instant:
    """Returns from when on there are steps that can be read; `until` where there are none."""
    found = next(events_between(record.store, record.keys, since), None)
    # Whole days are forgotten, so the first day of which a step is left is there in full.
    return until if found is None else Instant(found[0] - found[0] % DAY)


def _days(since: Instant, until: Instant) -> Iterator[tuple[Instant, Instant]]:
    """Yields the days that the stretch touches, the first and the last cut off."""
    begin = since
    while begin < until:
        end = min(Instant(begin - begin % DAY + DAY), until)
        yield begin, end
        begin = end


def _months(since: Instant, until: Instant) -> Iterator[tuple[Instant, Instant]]:
    """Yields a month or so at a time, so that a year is never held as rows."""
    for begin in range(since, until, 31 * DAY):
        yield Instant(begin), Instant(min(begin + 31 * DAY, until))


def _has_calls(record: Record, since: Instant, until: Instant) -> bool:
    """Whether sums of calls are kept of the stretch."""
    months = _months(since, until)
    return any(record.store.sums(begin, end, what=CALLS) for begin, end in months)


def _says_the_same(
    counted: Counted | None, published: Published, origins: tuple[Origin, ...]
) -> bool:
    """Whether the sums of a day say what a report would make of its steps."""
    return (
        counted is not None
        and counted.is_settled
        and origins == (Origin.REAL,)
        and counted.targets == {key: each.within for key, each in published.targets.items()}
        and counted.short_abandons
        == {key: each.short_abandon for key, each in published.targets.items()}
    )
