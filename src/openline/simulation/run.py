"""A whole span of time at once: the live engine among simulated people, as fast as it will go.

No clock runs and nothing waits: the next thing that happens, a move of somebody or a deadline of
the engine, comes at its instant. What is counted here is the least that a check or a benchmark
needs; everything else is computed from the events by `measures`, which `on_step` can feed.
"""

from collections.abc import Callable

import msgspec

from openline.engine import AnyInput, CallOutcome, Engine, Outcome, Settings, State
from openline.engine import events as e
from openline.engine import inputs as i
from openline.model import SECOND, Duration, Instant, QueueKey
from openline.simulation.people import People
from openline.simulation.profile import WorldProfile

TWENTY_SECONDS = Duration(20 * SECOND)
_ATTEMPTS = (CallOutcome.CALLBACK_MADE, CallOutcome.CALLBACK_FAILED)
"""Ends of calls that we made ourselves: nobody arrived with them."""
OnStep = Callable[[AnyInput, Instant, Outcome], None]
"""Told of each input, its instant and what it led to."""


class QueueCount(msgspec.Struct, kw_only=True):
    """Counts the calls that left one queue for good; waits run from the queue entry."""

    answered: int = 0
    answered_within: int = 0
    """Of these, those that waited no longer than the threshold."""
    abandoned: int = 0
    sent_on: int = 0
    """To a message or a voicemail box, where the call ended."""
    waited: Duration = Duration(0)
    """Of all, answered or not."""
    waited_by_answered: Duration = Duration(0)
    talked: Duration = Duration(0)


class Summary(msgspec.Struct, kw_only=True):
    """Counts what happened in a run."""

    start: Instant
    end: Instant
    inputs: int = 0
    arrived: int = 0
    ended: int = 0
    never_queued: int = 0
    """Ended without ever entering a queue."""
    left_for_callback: int = 0
    queues: dict[QueueKey, QueueCount]

    @property
    def live(self) -> int:
        """Calls that were there at the end."""
        return self.arrived - self.ended


def simulate(
    settings: Settings,
    profile: WorldProfile | People,
    start: Instant,
    end: Instant,
    *,
    within: Duration = TWENTY_SECONDS,
    on_step: OnStep | None = None,
) -> Summary:
    """Runs the engine with these settings from an empty centre at `start` up to `end`.

    Whoever is on duty signs in at once. Equal arguments give equal runs; people that are handed in
    instead of a profile are used up by it.
    """
    engine = Engine(State())
    people = profile if isinstance(profile, People) else People(profile)
    summary = Summary(start=start, end=end, queues={q.key: QueueCount() for q in settings.queues})
    handle, hear = engine.handle, people.hear

    def see(seen: AnyInput, now: Instant) -> None:
        outcome = handle(seen, now)
        summary.inputs += 1
        for event in outcome.events:
            kind = type(event)
            if kind is e.CallEnded:
                _count(summary, event, within)  # type: ignore[arg-type]  # the kind was looked at
            elif kind is e.CallArrived:
                summary.arrived += 1
        for command in outcome.commands:
            hear(command, now)
        if on_step is not None:
            on_step(seen, now, outcome)

    see(i.ConfigurationPublished(settings=settings), start)
    people.take_over(State(), start)
    passed = i.TimePassed()
    while True:
        move_at = people.next_at()
        due_at = engine.next_wakeup()
        if due_at is not None and (move_at is None or due_at < move_at):
            if due_at >= end:
                return summary
            see(passed, due_at)
        elif move_at is None or move_at >= end:
            return summary
        else:
            for move in people.move(move_at):
                see(move, move_at)


def _count(summary: Summary, ended: e.CallEnded, within: Duration) -> None:
    if ended.outcome in _ATTEMPTS:
        return
    summary.ended += 1
    if ended.outcome is CallOutcome.LEFT_FOR_CALLBACK:
        summary.left_for_callback += 1
        return
    if ended.queue is None:
        summary.never_queued += 1
        return
    queue = summary.queues[ended.queue]
    queue.waited = Duration(queue.waited + ended.waited)
    if ended.outcome is CallOutcome.ANSWERED:
        queue.answered += 1
        queue.answered_within += ended.waited <= within
        queue.waited_by_answered = Duration(queue.waited_by_answered + ended.waited)
        queue.talked = Duration(queue.talked + ended.talked)
    elif ended.outcome is CallOutcome.ABANDONED:
        queue.abandoned += 1
    else:
        queue.sent_on += 1
