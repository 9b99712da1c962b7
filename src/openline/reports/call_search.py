"""Finds the calls that somebody asked for among the columns of many days.

All days are gone through to count; that is some nanoseconds for each call. What is shown is looked
up of the days alone that a page touches. A page begins after a place, which is a call: what has
come since moves no row from one page to another.

Days overlap a little in time, since a call belongs to the day on which it arrived and is listed by
when it entered its last queue.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from openline.measures import start_of_interval
from openline.model import SECOND, CallId, Duration, Instant, Origin, QueueKey
from openline.reports.call_columns import NONE, Details, Filters, Kind
from openline.reports.call_list import PAGE, CallList, CallsAsked, ListedCall
from openline.reports.story import EXACT_FOR


class Day(NamedTuple):
    """Is one day to be searched."""

    number: int
    """Names the day in a place."""
    filters: Filters
    details: Callable[[], Details]
    """Fetches what is shown; called for the days that a page touches."""


class _Place(NamedTuple):
    """Is where a page begins or ends: a call, by its rank in the list."""

    at: int
    call: int


_NEWEST = _Place(2**62, 0)


class _Chosen:
    """Is a day with the calls that were chosen of it, in the order of the list."""

    def __init__(self, day: Day, mask: NDArray[np.bool_]) -> None:
        self.filters = day.filters
        self.number = day.number
        self.count = int(np.count_nonzero(mask))
        self._mask = mask
        self._fetch = day.details
        self._details: Details | None = None

    @cached_property
    def indexes(self) -> NDArray[np.intp]:
        """Where in the columns those are that were chosen."""
        return np.flatnonzero(self._mask)

    @property
    def details(self) -> Details:
        if self._details is None:
            self._details = self._fetch()
        return self._details

    def older(self, place: _Place) -> int:
        """Returns how many of those that were chosen come before a place, in time."""
        if self.filters.last_at < place.at:
            return self.count
        if self.filters.first_at > place.at:
            return 0
        at, call = _longs(self.details.at)[self.indexes], _longs(self.details.call)[self.indexes]
        return int(np.count_nonzero((at < place.at) | ((at == place.at) & (call < place.call))))

    def found(self, begin: int, end: int) -> "list[_Found]":
        """Returns those that were chosen from one to just before another."""
        begin = max(0, begin)
        if begin >= min(end, self.count):
            return []  # most days are touched by no page, and their details are not fetched
        at, call = _longs(self.details.at), _longs(self.details.call)
        return [
            _Found(_Place(int(at[index]), int(call[index])), self, index)
            for index in self.indexes[begin:end].tolist()
        ]


class _Found(NamedTuple):
    """Is a call that was found."""

    place: _Place
    day: _Chosen
    row: int
    """Of the day's columns."""

    @property
    def name(self) -> str:
        return f"{self.day.number}-{self.place.call}"


def search(
    days: Sequence[Day],
    asked: CallsAsked,
    *,
    since: Instant,
    until: Instant,
    now: Instant,
    targets: Mapping[QueueKey, Duration],
    page: int = PAGE,
) -> CallList:
    """Returns the page that was asked for of the calls of some days.

    Counting costs some nanoseconds and bytes for each call of the days; the rows of the page cost
    the calls of the few days that it touches, however deep in the list it is.
    """
    outcomes: Counter[str] = Counter()
    chosen: list[_Chosen] = []
    for day in days:
        first, last = _span(day.filters, asked)
        if last >= since and first < until:
            found = _Chosen(day, _mask(day, asked, since, until, outcomes))
            if found.count:
                chosen.append(found)
    count = sum(each.count for each in chosen)
    shown: list[_Found] = []
    if asked.newer_than is not None and (place := _place_of(days, asked.newer_than)):
        shown = _newer(chosen, place, page)
        # What is left at the top is shown with what follows it, as a page of its full length.
        shown = shown if len(shown) == page else []
    elif asked.older_than is not None and (place := _place_of(days, asked.older_than)):
        shown = _older(chosen, place, page)
    shown = shown or _older(chosen, _NEWEST, page)
    rank = count - sum(each.older(shown[0].place) for each in chosen) if shown else 0
    return CallList(
        since=since,
        until=until,
        rows=tuple(_listed(each, now, targets) for each in shown),
        first=rank,
        count=count,
        outcomes=dict(outcomes.most_common()),
        newer=shown[0].name if rank > 1 else None,
        older=shown[-1].name if shown and rank + len(shown) - 1 < count else None,
    )


def _older(chosen: Sequence[_Chosen], place: _Place, page: int) -> list[_Found]:
    """Returns the newest of what is older than a place, the newest first."""
    met: list[_Found] = []
    for day in sorted(chosen, key=lambda each: each.filters.last_at, reverse=True):
        if len(met) == page and day.filters.last_at < met[-1].place.at:
            break
        end = day.older(place)
        met += day.found(end - page, end)
        met = sorted(met, key=lambda each: each.place, reverse=True)[:page]
    return met


def _newer(chosen: Sequence[_Chosen], place: _Place, page: int) -> list[_Found]:
    """Returns the oldest of what is newer than a place, the newest first."""
    met: list[_Found] = []
    after = _Place(place.at, place.call + 1)
    for day in sorted(chosen, key=lambda each: each.filters.first_at):
        if len(met) == page and day.filters.first_at > met[0].place.at:
            break
        begin = day.older(after)
        met += day.found(begin, begin + page)
        met = sorted(met, key=lambda each: each.place)[:page][::-1]
    return met


def _mask(
    day: Day, asked: CallsAsked, since: Instant, until: Instant, outcomes: Counter[str]
) -> NDArray[np.bool_]:
    """Returns which calls of a day were asked for, and counts outcomes before that filter."""
    filters = day.filters
    kind = np.frombuffer(filters.kind, "<u4")
    wanted = np.array([_is_wanted(each, asked) for each in filters.kinds], bool)
    mask: NDArray[np.bool_] = wanted[kind]
    if asked.waited_s > 0:
        mask &= np.frombuffer(filters.waited_s, "<u4") >= asked.waited_s
    first, last = _span(filters, asked)
    if first < since or last >= until:
        details = day.details()
        at = _longs(details.arrived if asked.by_arrival else details.at)
        mask &= (at >= since) & (at < until)
    counts = np.bincount(kind[mask], minlength=len(filters.kinds))
    for each, count in zip(filters.kinds, counts.tolist(), strict=True):
        if count:
            outcomes[each.outcome] += count
    if asked.outcome is not None:
        has_outcome = np.array([each.outcome == asked.outcome for each in filters.kinds], bool)
        mask &= has_outcome[kind]
    return mask


def _span(filters: Filters, asked: CallsAsked) -> tuple[Instant, Instant]:
    """Returns the first and the last of the times by which calls of the day are chosen."""
    if asked.by_arrival:
        return filters.first_arrived, filters.last_arrived
    return filters.first_at, filters.last_at


def _is_wanted(kind: Kind, asked: CallsAsked) -> bool:
    return (
        kind.origin in asked.origins
        and (asked.queue is None or kind.queue == asked.queue)
        and (asked.line is None or kind.line == asked.line)
        and (asked.language is None or kind.language == asked.language)
    )


def _place_of(days: Sequence[Day], name: str) -> _Place | None:
    """Returns the place of a name; None where there is no such call any more."""
    number, _, call = name.partition("-")
    if not (number.isdecimal() and call.isdecimal() and len(call) <= 15):
        return None
    for day in days:
        if day.number == int(number):
            details = day.details()
            found = np.flatnonzero(_longs(details.call) == int(call))
            if len(found):
                return _Place(int(_longs(details.at)[found[0]]), int(call))
    return None


def _listed(found: _Found, now: Instant, targets: Mapping[QueueKey, Duration]) -> ListedCall:
    filters, details, index = found.day.filters, found.day.details, found.row
    kind = filters.kinds[int(np.frombuffer(filters.kind, "<u4")[index])]
    at = Instant(found.place.at)
    waited, talk = int(_longs(details.waited)[index]), int(_longs(details.talk)[index])
    target = None if kind.queue is None or not kind.is_taken else targets.get(kind.queue)
    is_exact = kind.origin is Origin.SIMULATED or at >= now - EXACT_FOR
    return ListedCall(
        call=CallId(found.place.call),
        at=at if is_exact else start_of_interval(at),
        is_exact=is_exact,
        line=kind.line,
        queue=kind.queue,
        origin=kind.origin,
        outcome=kind.outcome,
        ended_because=kind.ended_because,
        waited_s=None if waited == NONE else waited / SECOND,
        is_in_target=None if target is None else max(0, waited) <= target,
        offers=int(_longs(details.offers)[index]),
        talk_s=None if talk == NONE else talk / SECOND,
    )


def _longs(column: bytes) -> NDArray[np.int64]:
    return np.frombuffer(column, "<i8")
