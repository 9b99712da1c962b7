"""Facts about what supervisors switch for whole lines."""

from openline.engine.events.base import Event
from openline.model import AgentKey, LineKey, SurgeKey


class LineClosed(Event, frozen=True, kw_only=True):
    """A supervisor closed the line: who calls now hears so; who is in stays in."""

    line: LineKey
    by: AgentKey


class LineReopened(Event, frozen=True, kw_only=True):
    """A supervisor opened the line again; its hours hold as before."""

    line: LineKey
    by: AgentKey


class SurgeSwitched(Event, frozen=True, kw_only=True):
    """From here on the lines and queues of the surge hold, or (None) the usual ones."""

    surge: SurgeKey | None
    by: AgentKey


AnyLineEvent = LineClosed | LineReopened | SurgeSwitched
