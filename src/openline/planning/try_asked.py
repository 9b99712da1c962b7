"""A change tried on the page: what is asked, and what is known of it after each run.

The callers are those of the centre's own record, learnt, or those that the configuration's
`[simulation]` invents, or those of a forecast that is given. They are the same in both worlds, so
what differs comes of the change.
"""

from datetime import date

import msgspec

from openline.model import Instant, Origin
from openline.model.names import Name
from openline.planning.history_file.findings import Finding
from openline.planning.plan_asked import Known, Plan
from openline.planning.roster_file.faults import Fault
from openline.simulation.changes import Changes

MOST_DAYS = 92
RUNS = (10, 20, 50, 100)
LEARNED_DAYS = 7
"""So many days are forecast where a history is given."""


class Callers(Name):
    """Says who calls."""

    RECORD = "record"
    """People like those of the record, on the days of the period."""
    INVENTED = "invented"
    """Those of the configuration's `[simulation]`."""
    PLANNED = "planned"
    """Those of a forecast that is given, met by the people of a roster where one is."""


class Phase(Name):
    """Says what the twin is at."""

    READING = "reading"
    LIVING = "living"
    MENDING = "mending"
    """It looks for what would mend the harm."""
    DONE = "done"
    COMPARED = "compared"
    """Two that were tried before are held against each other."""


class TryAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Is what somebody wants to try."""

    callers: Callers
    origin: Origin = Origin.REAL
    """Which calls of the record are learnt from."""
    since: date
    days: int
    runs: int = 20
    changes: Changes
    plan: Plan | None = None
    """Forecast and roster as they were given, and how calls behave; kept nowhere."""
    plan_mark: str = ""
    """Tells whether the same people call in two such plans, once they are gone."""


class FigureTried(msgspec.Struct, frozen=True, kw_only=True):
    """Is one figure of both worlds."""

    key: str
    unit: str
    before: Known
    after: Known
    difference: Known


class HalfHourTried(msgspec.Struct, frozen=True, kw_only=True):
    """Says how many leave in a half hour of a day, in both worlds."""

    clock: str
    before: float
    after: float
    difference: Known


class MendTried(msgspec.Struct, frozen=True, kw_only=True):
    """Is the least that was found to take the harm back."""

    people: int
    start_minute: int
    end_minute: int
    left: float
    """How many more leave on a day all the same."""
    taken_back: float


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """Says what is known of the two worlds by now."""

    phase: Phase
    done: int
    of: int
    """Of runs; in `READING` of the record, 0 where that is not known."""
    days: int = 0
    calls_learnt: int | None = None
    """From how many calls of the record its people were learnt."""
    leave: Known = Known(value=None, half=None)
    """How many more people leave on a day in the second world."""
    stretch: tuple[int, int] | None = None
    """When most of that is, in minutes of the day."""
    queue: str | None = None
    """Where most of it is; None: nowhere more than elsewhere."""
    language: str | None = None
    weekday: str | None = None
    figures: tuple[FigureTried, ...] = ()
    half_hours: tuple[HalfHourTried, ...] = ()
    mend: MendTried | None = None
    was_mend_looked_for: bool = False
    since: date | None = None
    """The first day of a planned period."""
    unknown: int = 0
    """People of a given roster who are no configured agents: each can take every call."""
    calls_faults: tuple[Finding, ...] = ()
    """What is wrong with a given forecast; then nothing was lived."""
    roster_faults: tuple[Fault, ...] = ()
    kept_as: str | None = None
    """Its name among those that are kept."""


class KeptTry(msgspec.Struct, frozen=True, kw_only=True):
    """Is a change that was tried, with what came of it."""

    name: str
    made_at: Instant
    asked: TryAsked
    tried: Tried
