"""The calls that arrived in one day as columns: so little of each that a year is filtered at once.

A list of a year goes through millions of calls. So what calls are chosen by is kept apart from what
is shown of those that are chosen (`Filters`, `Details`), and what many calls of a day share is
written once (`Kind`); a call is then a number of its kind and how long it waited. Numbers are in
columns of fixed width, little-endian, so that `call_search` reads them as they lie.

Nothing is here that `CallRow` does not have, and neither who answered. Calls are in the order of
the list, the oldest first: by when they entered their (last) queue, then by number. A call belongs
to the day on which it arrived, also where it entered a queue after midnight: so it is in one day
only, and forgotten with the first of the days that know of it.
"""

import sys
from array import array
from collections.abc import Iterable
from typing import Literal, NamedTuple

import msgspec

from openline.model import SECOND, Duration, Instant, LineKey, Origin, QueueKey
from openline.reports.calls import CallRow

FORM = 1
"""The version of the form of both parts."""
NONE = -1
"""Stands for a time that there is none of."""
_LONGEST_S = 2**32 - 1


class Kind(msgspec.Struct, frozen=True, array_like=True):
    """Is what many calls of a day have in common."""

    line: LineKey
    queue: QueueKey | None
    origin: Origin
    outcome: str
    ended_because: str
    language: str | None
    is_taken: bool
    """Whether somebody answered."""


class Filters(msgspec.Struct, frozen=True, array_like=True):
    """Is what calls of a day are chosen by."""

    first_at: Instant
    last_at: Instant
    """The times of the first and of the last call of the list; 0 where there is none."""
    first_arrived: Instant
    last_arrived: Instant
    """When the first and the last of them arrived."""
    kinds: tuple[Kind, ...]
    kind: bytes
    """Of each call the number of its kind, 4 bytes."""
    waited_s: bytes
    """Of each call how many whole seconds it waited, 4 bytes."""


class Details(msgspec.Struct, frozen=True, array_like=True):
    """Is what is shown of the calls of a day, 8 bytes of each; and when it arrived."""

    at: bytes
    call: bytes
    waited: bytes
    """In microseconds; `NONE` where it entered no queue."""
    talk: bytes
    """In microseconds; `NONE` where nobody answered."""
    offers: bytes
    arrived: bytes


class DayColumns(NamedTuple):
    """Holds the calls of one day."""

    filters: Filters
    details: Details


def time_of(row: CallRow) -> Instant:
    """Returns the instant by which a call is listed and counted."""
    return row.arrived_at if row.queued_at is None else row.queued_at


def columns_of(rows: Iterable[CallRow]) -> DayColumns:
    """Returns the columns of some calls, in whichever order they come."""
    calls = sorted(rows, key=lambda row: (time_of(row), row.call))
    kinds: dict[Kind, int] = {}
    numbers = [kinds.setdefault(_kind(row), len(kinds)) for row in calls]
    return DayColumns(
        Filters(
            first_at=time_of(calls[0]) if calls else Instant(0),
            last_at=time_of(calls[-1]) if calls else Instant(0),
            first_arrived=min((row.arrived_at for row in calls), default=Instant(0)),
            last_arrived=max((row.arrived_at for row in calls), default=Instant(0)),
            kinds=tuple(kinds),
            kind=_column("I", numbers),
            waited_s=_column("I", (min((row.waited or 0) // SECOND, _LONGEST_S) for row in calls)),
        ),
        Details(
            at=_column("q", (time_of(row) for row in calls)),
            call=_column("q", (row.call for row in calls)),
            waited=_column("q", (_time(row.waited) for row in calls)),
            talk=_column("q", (_time(row.talk) for row in calls)),
            offers=_column("q", (row.offers for row in calls)),
            arrived=_column("q", (row.arrived_at for row in calls)),
        ),
    )


def _kind(row: CallRow) -> Kind:
    return Kind(
        line=row.line,
        queue=row.queue,
        origin=row.origin,
        outcome=row.outcome,
        ended_because=row.ended_because,
        language=row.language,
        is_taken=row.agent is not None,
    )


def _time(time: Duration | None) -> int:
    return NONE if time is None else time


def _column(code: Literal["I", "q"], values: Iterable[int]) -> bytes:
    column = array(code, values)
    if sys.byteorder == "big":
        column.byteswap()
    return column.tobytes()
