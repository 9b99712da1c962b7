"""Is a line open, and what do supervisors switch for whole lines?

Hours come as instants, so that the engine knows no zones; whether a line is open is asked when a
call arrives and at no other time. So closing touches nobody who is in already, and an hour that the
clock shows twice is two different hours here.
"""

from bisect import bisect_right

from openline.engine import events as e
from openline.engine import inputs as i
from openline.engine.decision import Decision
from openline.engine.decisions.new_rules import reckon_anew
from openline.engine.destinations import AnyDestination
from openline.engine.settings import HoursSettings, LineSettings
from openline.engine.state import State
from openline.model import Instant, Reason


def is_open(hours: HoursSettings, now: Instant) -> bool:
    """Tells whether it is open at the instant; at the very instant of a change, as after it.

    >>> from openline.model import HoursKey
    >>> day = HoursSettings(
    ...     key=HoursKey("day"), open_first=False, changes=(Instant(10), Instant(20))
    ... )
    >>> [is_open(day, Instant(at)) for at in (9, 10, 19, 20)]
    [False, True, True, False]
    """
    return hours.open_first != bool(bisect_right(hours.changes, now) % 2)


def turned_away(
    state: State, line: LineSettings, now: Instant
) -> tuple[AnyDestination, Reason] | None:
    """Returns where a new call goes because the line is closed and why; None if it is open."""
    if line.key in state.closed_lines and line.emergency is not None:
        return line.emergency, Reason.CLOSED_BY_SUPERVISOR
    if line.hours is None or line.closed is None or is_open(state.hours[line.hours], now):
        return None
    return line.closed, Reason.LINE_CLOSED


def line_closure_requested(d: Decision, seen: i.LineClosureRequested) -> None:
    """Closes a line for new calls, or opens it again."""
    line = d.state.lines.get(seen.line)
    if line is None:
        d.refuse(seen, seen.by, Reason.UNKNOWN_LINE)
    elif seen.closed == (seen.line in d.state.closed_lines):
        d.pass_over(seen, Reason.NOTHING_TO_DO)
    elif not seen.closed:
        d.record(e.LineReopened(line=seen.line, by=seen.by))
    elif line.emergency is None:
        d.refuse(seen, seen.by, Reason.NOTHING_TO_HEAR)
    else:
        d.record(e.LineClosed(line=seen.line, by=seen.by))


def surge_requested(d: Decision, seen: i.SurgeRequested) -> None:
    """Switches all that a surge changes by one event; whoever waits keeps his place."""
    if seen.surge == d.state.surge:
        d.pass_over(seen, Reason.NOTHING_TO_DO)
    elif seen.surge is not None and all(
        surge.key != seen.surge for surge in d.state.settings.surges
    ):
        d.refuse(seen, seen.by, Reason.UNKNOWN_SURGE)
    else:
        d.record(e.SurgeSwitched(surge=seen.surge, by=seen.by))
        reckon_anew(d, Reason.SURGE_SWITCHED)
