"""Facts about one queue as a whole."""

from openline.engine.events.base import Event
from openline.model import AgentKey, Instant, QueueKey


class QueueUnstaffed(Event, frozen=True, kw_only=True):
    """Real calls wait and nobody is at work who could take them; whoever is on call is told."""

    queue: QueueKey
    ring_at: Instant


class OnCallRung(Event, frozen=True, kw_only=True):
    """The on-call list was rung, once until the queue is staffed again."""

    queue: QueueKey
    agents: tuple[AgentKey, ...]
    """Those who were rung: neither at work elsewhere nor recovering."""


class QueueStaffed(Event, frozen=True, kw_only=True):
    """Somebody is at work again who could take the calls, or none waits any more."""

    queue: QueueKey


AnyQueueEvent = QueueUnstaffed | OnCallRung | QueueStaffed
