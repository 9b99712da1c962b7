"""The list of calls that are over, filtered: what supervisors page through.

A row has what `CallRow` has of a call but for who answered; nothing in it leads to a caller. Calls
of people are listed exactly for seven days; after that their times stand in steps of a quarter of
an hour, as in their story (see `Story`).

The time of a call is when it entered its (last) queue, as the figures of reports book it, or when
it arrived if it entered none.
"""

from collections import Counter
from collections.abc import Iterable

import msgspec

from openline.measures import start_of_interval
from openline.model import SECOND, CallId, Instant, LineKey, Origin, QueueKey
from openline.reports.calls import CallRow
from openline.reports.story import EXACT_FOR

PAGE = 100
"""Calls on one page."""


class CallsAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Says which calls somebody wants to see."""

    since: str | None = None
    """As `--from` of a report; left out, the last day of the record."""
    until: str | None = None
    queue: str | None = None
    line: str | None = None
    outcome: str | None = None
    waited_s: int = 0
    """Only those that waited at least so long."""
    origins: tuple[Origin, ...] = (Origin.REAL,)
    page: int = 1


class ListedCall(msgspec.Struct, frozen=True, kw_only=True):
    """Is one call of the list."""

    call: CallId
    at: Instant
    is_exact: bool
    """False where the time is that of its quarter of an hour."""
    line: LineKey
    queue: QueueKey | None
    origin: Origin
    outcome: str
    ended_because: str
    waited_s: float | None
    is_in_target: bool | None
    offers: int
    talk_s: float | None


class CallList(msgspec.Struct, frozen=True, kw_only=True):
    """Is one page of the list."""

    since: Instant
    until: Instant
    rows: tuple[ListedCall, ...]
    """The newest first."""
    count: int
    """Of all pages."""
    outcomes: dict[str, int]
    """How many there are of each, before the filter by outcome."""
    page: int


def time_of(row: CallRow) -> Instant:
    """Returns the instant by which a call is listed and counted."""
    return row.arrived_at if row.queued_at is None else row.queued_at


def call_list(
    rows: Iterable[CallRow], asked: CallsAsked, since: Instant, until: Instant, now: Instant
) -> CallList:
    """Returns the page that was asked for; a page beyond the last one is the last one."""
    found = [row for row in rows if _is_wanted(row, asked) and since <= time_of(row) < until]
    outcomes = Counter(row.outcome for row in found)
    if asked.outcome is not None:
        found = [row for row in found if row.outcome == asked.outcome]
    found.sort(key=lambda row: (time_of(row), row.call), reverse=True)
    page = min(max(1, asked.page), max(1, -(-len(found) // PAGE)))
    shown = found[(page - 1) * PAGE : page * PAGE]
    return CallList(
        since=since,
        until=until,
        rows=tuple(_listed(row, now) for row in shown),
        count=len(found),
        outcomes=dict(outcomes.most_common()),
        page=page,
    )


def _is_wanted(row: CallRow, asked: CallsAsked) -> bool:
    return (
        row.origin in asked.origins
        and (asked.queue is None or row.queue == asked.queue)
        and (asked.line is None or row.line == asked.line)
        and (asked.waited_s == 0 or (row.waited or 0) >= asked.waited_s * SECOND)
    )


def _listed(row: CallRow, now: Instant) -> ListedCall:
    at = time_of(row)
    is_exact = row.origin is Origin.SIMULATED or at >= now - EXACT_FOR
    return ListedCall(
        call=row.call,
        at=at if is_exact else start_of_interval(at),
        is_exact=is_exact,
        line=row.line,
        queue=row.queue,
        origin=row.origin,
        outcome=row.outcome,
        ended_because=row.ended_because,
        waited_s=None if row.waited is None else row.waited / SECOND,
        is_in_target=row.is_in_target,
        offers=row.offers,
        talk_s=None if row.talk is None else row.talk / SECOND,
    )
