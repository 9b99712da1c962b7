"""Which queues have callers and nobody at work who could take them, and was anybody rung at home?

Only queues with an on-call list are watched for this (see `engine.decisions.on_call`).
"""

from typing import TypedDict

from openline.engine import AnyEvent, State
from openline.engine import events as e
from openline.model import Instant, QueueKey


class UnstaffedPicture(TypedDict):
    """Is one such queue, for a page."""

    since: Instant
    ring_at: Instant | None
    """When people at home will be rung; None once they were."""
    rung_at: Instant | None
    rung: int
    """How many were rung: 0 if all on the list were at work elsewhere or resting."""


class UnstaffedQueues:
    """Keeps the queues that are unstaffed now."""

    __slots__ = ("_queues",)

    def __init__(self, state: State) -> None:
        """Begins as it is in the state, of which nothing is kept."""
        self._queues = {
            queue: UnstaffedPicture(
                since=found.since, ring_at=found.ring_at, rung_at=found.rung_at, rung=found.rung
            )
            for queue, found in state.unstaffed.items()
        }

    def notice(self, now: Instant, event: AnyEvent) -> None:
        """Takes one event into account."""
        match event:
            case e.QueueUnstaffed():
                self._queues[event.queue] = UnstaffedPicture(
                    since=now, ring_at=event.ring_at, rung_at=None, rung=0
                )
            case e.OnCallRung():
                found = self._queues[event.queue]
                found["ring_at"], found["rung_at"] = None, now
                found["rung"] = len(event.agents)
            case e.QueueStaffed():
                self._queues.pop(event.queue, None)
            case _:
                pass

    def of(self, queue: QueueKey) -> UnstaffedPicture | None:
        """Returns how it stands with a queue, or None where somebody is at work or nobody waits."""
        found = self._queues.get(queue)
        return None if found is None else found.copy()
