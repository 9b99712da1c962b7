"""What an event about a queue changes."""

from collections.abc import Callable
from typing import Any

from openline.engine import events as e
from openline.engine.state import State, Unstaffed


def _queue_unstaffed(state: State, event: e.QueueUnstaffed) -> None:
    unstaffed = Unstaffed(queue=event.queue, since=state.now, ring_at=event.ring_at)
    state.unstaffed[event.queue] = unstaffed
    state.index.work.queue_unstaffed(unstaffed)


def _on_call_rung(state: State, event: e.OnCallRung) -> None:
    unstaffed = state.unstaffed[event.queue]
    unstaffed.ring_at = None
    unstaffed.rung_at = state.now
    unstaffed.rung = len(event.agents)


def _queue_staffed(state: State, event: e.QueueStaffed) -> None:
    del state.unstaffed[event.queue]
    state.index.work.queue_staffed(event.queue)


APPLY: dict[type[e.Event], Callable[[State, Any], None]] = {
    e.QueueUnstaffed: _queue_unstaffed,
    e.OnCallRung: _on_call_rung,
    e.QueueStaffed: _queue_staffed,
}
