"""Could this have happened to a queue that nobody staffs?"""

from collections.abc import Callable
from typing import Any

from openline.engine import events as e
from openline.invariants.catalogue import expect
from openline.invariants.told import Told, ToldUnstaffed


def _queue_unstaffed(told: Told, event: e.QueueUnstaffed) -> None:
    queue = event.queue
    expect(queue not in told.unstaffed, "on-call", f"{queue} was unstaffed twice")
    expect(told.needs_on_call(queue, lost_too=False), "on-call", f"{queue} is staffed")
    after = told.queue_settings[queue].on_call_after
    expect(event.ring_at == told.now + after, "on-call", f"{queue}: another time")
    told.unstaffed[queue] = ToldUnstaffed(ring_at=event.ring_at)


def _on_call_rung(told: Told, event: e.OnCallRung) -> None:
    queue = event.queue
    unstaffed = told.unstaffed[queue]
    expect(not unstaffed.was_rung, "on-call", f"the list of {queue} was rung twice")
    expect(told.now >= unstaffed.ring_at, "on-call", f"the list of {queue} was rung too early")
    expect(told.needs_on_call(queue, lost_too=True), "on-call", f"{queue} needs nobody")
    for key in event.agents:
        agent = told.agents[key]
        is_free = not agent.is_at_work and agent.rests_until is None
        expect(is_free, "on-call", f"{key} was rung though she works or rests")
    unstaffed.was_rung = True


def _queue_staffed(told: Told, event: e.QueueStaffed) -> None:
    del told.unstaffed[event.queue]


FOLD: dict[type[e.Event], Callable[[Told, Any], None]] = {
    e.QueueUnstaffed: _queue_unstaffed,
    e.OnCallRung: _on_call_rung,
    e.QueueStaffed: _queue_staffed,
}
