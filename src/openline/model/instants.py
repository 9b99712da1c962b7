"""Time inside the centre: whole microseconds, UTC.

An instant counts from 1970-01-01 00:00 UTC and never runs backwards within one centre; a duration
is a difference of two. Civil time and zones exist only at the edges.
"""

from typing import NewType

Instant = NewType("Instant", int)
Duration = NewType("Duration", int)

MILLISECOND = 1_000
SECOND = 1_000_000
MINUTE = 60 * SECOND
