"""Many runs of the same days: how well each figure is known.

A run is kept as its plain sums, slice by slice of what is asked: the whole, each half hour of the
day, each weekday, queue and language. From the sums of all runs together comes the figure, and how
well it is known from what it would be without each of them (the jackknife: Efron 1982, ch. 3):

    half width = t(n - 1) · √((n - 1)/n · Σ (figure without run i - their mean)²)

For a mean this is Student's interval over runs, exactly. For a share it is the one that is right
though busy runs count more: a service level is a share of callers, not of days. Counts and times
that add up are told for one run. The longest wait does not add up: it is the mean over the runs.

Two scenarios that met the same people are compared run by run: without each run in both at once,
so that what the people brought is in both and drops out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isfinite, sqrt
from typing import NamedTuple

import msgspec

from openline.measures import AgentTime, Slice, Tally, definition
from openline.measures.student import t_quantile
from openline.model import Instant, LineKey, Origin, QueueKey
from openline.model.names import Name
from openline.reports.calendar import Calendar
from openline.reports.columns import COLUMNS, Sums
from openline.reports.history import Asked, Historian

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ADDED_TIMES = frozenset({"signed_in_time"})
_LONGEST = frozenset({"wait_longest"})
_PLAIN = tuple(name for name in Tally.__struct_fields__ if name not in ("longest_wait", "waits"))


class Per(Name):
    """Says what a figure of a study is told apart by."""

    ALL = "all"
    INTERVAL = "interval"
    """Half hours of the civil day, all days together."""
    WEEKDAY = "weekday"
    QUEUE = "queue"
    LANGUAGE = "language"


class Group(NamedTuple):
    """Names one slice of a study."""

    per: Per
    key: str
    """As "20:30", "mon", a queue's key or a language; empty for all."""


ALL = Group(Per.ALL, "")


class OfGroup(msgspec.Struct, frozen=True, kw_only=True):
    """Holds the sums of one run in one slice."""

    per: Per
    key: str
    sums: Sums


class SliceCounts(msgspec.Struct, frozen=True, array_like=True):
    """Counts the calls of one slice of the days, in one run."""

    start: Instant
    offered: int
    in_time: int
    abandoned: int


class RunSums(msgspec.Struct, frozen=True, kw_only=True):
    """Holds the sums of one run."""

    seed: int
    groups: tuple[OfGroup, ...]
    slices: tuple[SliceCounts, ...] = ()
    """Each slice of the days by itself, where that was asked for."""

    def of(self) -> dict[Group, Sums]:
        """Returns the sums by slice."""
        return {Group(each.per, each.key): each.sums for each in self.groups}


class Estimate(NamedTuple):
    """Is a figure and how well it is known."""

    value: float | None
    """None: nothing happened that it could speak of."""
    half_width: float | None
    """The figure lies so near to the value, 95 times in 100; None: too few runs to tell."""

    @property
    def is_sure(self) -> bool:
        """Whether the value differs from 0, as far as can be told."""
        if self.value is None or self.half_width is None:
            return False
        return abs(self.value) > self.half_width


Run = Mapping[Group, Sums]


def run_sums(
    seed: int,
    historian: Historian,
    calendar: Calendar,
    *,
    origins: tuple[Origin, ...],
    judged: Iterable[QueueKey],
    languages: Mapping[LineKey, str],
    with_slices: bool = False,
) -> RunSums:
    """Returns the sums of a run whose slices are half hours; `judged` are queues with a target."""
    history = historian.history(Asked(origins=origins))
    with_target = frozenset(judged)
    groups: dict[Group, Sums] = {}
    times = {row.slice: row.sums.time for row in history.rows}
    for slice_, cells in historian.cells():
        moments = (ALL, *moments_of(slice_, calendar))
        time = times.get(slice_)
        for moment in moments:
            of_moment = _at(groups, moment)
            if time is not None and of_moment.time is not None:
                of_moment.time = of_moment.time.plus(time)
        for cell, tally in cells.items():
            if cell.origin not in origins:
                continue
            into = list(moments)
            if cell.queue is not None:
                into.append(Group(Per.QUEUE, cell.queue))
            if cell.line in languages:
                into.append(Group(Per.LANGUAGE, languages[cell.line]))
            for group in into:
                sums = _at(groups, group)
                sums.tally.add(tally)
                if cell.queue in with_target:
                    sums.judged.add(tally)
    return RunSums(
        seed=seed,
        groups=tuple(OfGroup(per=g.per, key=g.key, sums=sums) for g, sums in groups.items()),
        slices=tuple(
            SliceCounts(
                row.slice.start,
                row.sums.judged.offered,
                row.sums.judged.answered_in_target,
                row.sums.judged.abandoned,
            )
            for row in history.rows
        )
        if with_slices
        else (),
    )


def moments_of(slice_: Slice, calendar: Calendar) -> tuple[Group, Group]:
    """Returns the half hour of the day and the weekday of a slice."""
    local = calendar.local(slice_.start)
    clock = local.replace(minute=local.minute // 30 * 30)
    return Group(Per.INTERVAL, f"{clock:%H:%M}"), Group(Per.WEEKDAY, WEEKDAYS[local.weekday()])


def _at(groups: dict[Group, Sums], group: Group) -> Sums:
    sums = groups.get(group)
    if sums is None:
        is_moment = group.per not in (Per.QUEUE, Per.LANGUAGE)
        sums = groups[group] = Sums(
            tally=Tally(),
            judged=Tally(),
            arrivals=group.per is not Per.QUEUE,
            time=AgentTime() if is_moment else None,
        )
    return sums


# --- figures -------------------------------------------------------------------------------


def groups_of(runs: Sequence[Run]) -> list[Group]:
    """Returns all slices that some run met: the whole first, each kind in its order."""
    met = {group for run in runs for group in run}
    kinds = list(Per)

    def place(group: Group) -> tuple[int, int, str]:
        day = WEEKDAYS.index(group.key) if group.per is Per.WEEKDAY else 0
        return kinds.index(group.per), day, group.key

    return sorted(met, key=place)


def estimates(runs: Sequence[Run], group: Group, keys: Iterable[str]) -> dict[str, Estimate]:
    """Returns the figures of one slice over all runs."""
    sums = [_of(run, group) for run in runs]
    without = list(_without(sums))
    return {key: _estimate(_values(key, sums, without)) for key in keys}


def differences(
    first: Sequence[Run], second: Sequence[Run], group: Group, keys: Iterable[str]
) -> dict[str, Estimate]:
    """Returns by how much the figures of the second differ; run i of both met the same people."""
    ours, theirs = ([_of(run, group) for run in runs] for runs in (first, second))
    ours_without, theirs_without = list(_without(ours)), list(_without(theirs))
    return {
        key: _estimate(
            _less(_values(key, theirs, theirs_without), _values(key, ours, ours_without))
        )
        for key in keys
    }


class _Values(NamedTuple):
    """Is a figure over all runs, and without each of them."""

    whole: float | None
    without: list[float | None]


def _less(values: _Values, others: _Values) -> _Values:
    def less(one: float | None, other: float | None) -> float | None:
        return None if one is None or other is None else one - other

    return _Values(
        less(values.whole, others.whole),
        [less(one, other) for one, other in zip(values.without, others.without, strict=True)],
    )


def _values(key: str, sums: Sequence[Sums], without: Sequence[Sums]) -> _Values:
    column = COLUMNS[key]
    count = len(sums)
    if key in _LONGEST:
        each = [column(one) for one in sums]
        known = [value for value in each if value is not None]
        mean = sum(known) / len(known) if known else None
        rest = [
            _mean([v for place, v in enumerate(each) if place != left and v is not None])
            for left in range(count)
        ]
        return _Values(mean, rest)
    whole = column(_total(sums))
    rest = [column(one) for one in without]
    if definition(key).unit != "count" and key not in _ADDED_TIMES:
        return _Values(whole, rest)
    return _Values(_scaled(whole, count), [_scaled(value, count - 1) for value in rest])


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _scaled(value: float | None, count: int) -> float | None:
    return None if value is None or count == 0 else value / count


def _estimate(values: _Values) -> Estimate:
    rest = [value for value in values.without if value is not None]
    count = len(rest)
    if values.whole is None:
        return Estimate(None, None)
    if count < len(values.without) or count < 2:
        return Estimate(values.whole, None)
    mean = sum(rest) / count
    spread = sum((value - mean) ** 2 for value in rest)
    half = t_quantile(count - 1) * sqrt((count - 1) / count * spread)
    return Estimate(values.whole, half if isfinite(half) else None)


# --- sums ----------------------------------------------------------------------------------


def _of(run: Run, group: Group) -> Sums:
    """Returns the sums of a slice, empty ones where the run had nothing there."""
    found = run.get(group)
    return _at({}, group) if found is None else found


def _total(sums: Iterable[Sums]) -> Sums:
    whole: Sums | None = None
    for one in sums:
        if whole is None:
            whole = Sums(
                tally=Tally(),
                judged=Tally(),
                arrivals=one.arrivals,
                time=None if one.time is None else AgentTime(),
            )
        whole.add(one)
    return Sums(tally=Tally(), judged=Tally(), arrivals=True, time=None) if whole is None else whole


def _without(sums: Sequence[Sums]) -> Iterator[Sums]:
    """Yields the sums of all but one, for each."""
    whole = _total(sums)
    for one in sums:
        time = None
        if whole.time is not None and one.time is not None:
            time = AgentTime(
                **{
                    name: getattr(whole.time, name) - getattr(one.time, name)
                    for name in AgentTime.__struct_fields__
                }
            )
        yield Sums(
            tally=_minus(whole.tally, one.tally),
            judged=_minus(whole.judged, one.judged),
            arrivals=whole.arrivals,
            time=time,
        )


def _minus(whole: Tally, one: Tally) -> Tally:
    rest = Tally(longest_wait=whole.longest_wait, waits=dict(whole.waits))
    for name in _PLAIN:
        setattr(rest, name, getattr(whole, name) - getattr(one, name))
    for step, calls in one.waits.items():
        rest.waits[step] -= calls
    return rest
