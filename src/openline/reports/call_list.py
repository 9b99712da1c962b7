"""The list of calls that are over, filtered: what supervisors ask for, and the page they get.

A row has what `CallRow` has of a call but for who answered; nothing in it leads to a caller. Calls
of people are listed exactly for seven days; after that their times stand in steps of a quarter of
an hour, as in their story (see `Story`).

The time of a call is when it entered its (last) queue, as the figures of reports book it, or when
it arrived if it entered none. How a page is found: `call_search`.
"""

import msgspec

from openline.model import CallId, Instant, LineKey, Origin, QueueKey

PAGE = 100
"""Calls on one page."""


class CallsAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Says which calls somebody wants to see."""

    since: str | None = None
    """As `--from` of a report; left out, the last day of the record."""
    until: str | None = None
    queue: str | None = None
    line: str | None = None
    language: str | None = None
    outcome: str | None = None
    by_arrival: bool = False
    """Whether it is those that arrived in that time, as reports book arrivals, wherever they went;
    else those that entered their (last) queue then."""
    waited_s: int = 0
    """Only those that waited at least so long."""
    origins: tuple[Origin, ...] = (Origin.REAL,)
    older_than: str | None = None
    """The page after the one that named this place; a place that is gone, the newest page."""
    newer_than: str | None = None
    """The page before it."""


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
    first: int
    """Which the first of them is of all, counted from 1."""
    count: int
    """Of all pages."""
    outcomes: dict[str, int]
    """How many there are of each, before the filter by outcome; the most frequent first."""
    newer: str | None
    """The place to ask for what is newer than this page, if anything is."""
    older: str | None
