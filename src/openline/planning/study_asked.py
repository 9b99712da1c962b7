"""Days lived on the page as they are, with nothing changed: what is asked and what is known.

With callers like those of the record this is the test of the twin: each figure stands beside the
recorded one. With those of `[simulation]` it is a study of days to come: each figure has its ±.
"""

from datetime import date

import msgspec

from openline.model import Origin
from openline.planning.plan_asked import Known
from openline.planning.try_asked import Callers, Phase

MOST_DAYS = 366
PRECISION = 0.01
"""Service level and abandon rate known to one point: then it stops by itself, if that is asked."""
MOST_RUNS = 500
"""Where it stops by itself, at the latest."""


class StudyAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Is which days are to be lived."""

    callers: Callers
    origin: Origin = Origin.REAL
    since: date
    days: int
    runs: int | None = 20
    """None: until the figures are known to `PRECISION`."""


class FigureLived(msgspec.Struct, frozen=True, kw_only=True):
    """Is one figure of a part of the days."""

    key: str
    unit: str
    lived: Known
    """Over all runs; a count is that of one run."""
    recorded: float | None = None
    low: float | None = None
    """One more run lies between `low` and `high`, 95 times in 100."""
    high: float | None = None
    fits: bool | None = None
    """Whether the recorded one does too; None where that cannot be said."""


class PartLived(msgspec.Struct, frozen=True, kw_only=True):
    """Is a part of the days with its figures."""

    per: str
    """`interval`, `weekday`, `queue` or `language`."""
    key: str
    figures: tuple[FigureLived, ...]


class BandLearnt(msgspec.Struct, frozen=True, kw_only=True):
    """Says how long those take who have been there so long."""

    from_days: int
    until_days: int | None
    """Days since the first call; None: without end."""
    calls: int
    talk: float
    """Times as long as usual."""
    wrap_up: float


class LineTold(msgspec.Struct, frozen=True, kw_only=True):
    """Says what was learnt of the callers of a line."""

    line: str
    calls_per_day: float
    talk_s: float
    half_left_after_s: float
    has_own_patience: bool


class LearntTold(msgspec.Struct, frozen=True, kw_only=True):
    """Says what was learnt from the record."""

    calls: int
    busyness_cv: float
    redial_share: float
    patience_was_seen: bool
    lines: tuple[LineTold, ...]
    bands: tuple[BandLearnt, ...]
    """Those in which somebody answered."""
    missed: int
    """Offers that are not drawn."""
    configurations: int


class Lived(msgspec.Struct, frozen=True, kw_only=True):
    """Says what is known after so many runs."""

    phase: Phase
    done: int
    of: int | None
    """Of runs, None where it stops by itself; in `READING` of the record."""
    days: int = 0
    learnt: LearntTold | None = None
    whole: tuple[FigureLived, ...] = ()
    parts: tuple[PartLived, ...] = ()
    is_precise: bool | None = None
    """At the end, where it was to stop by itself: whether it did."""
