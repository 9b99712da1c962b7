"""The engine's face: one input in, its events and commands out, and when to be woken next.

The engine holds the state and no clock. `handle` first does what has come due by `now`, in the
order of the deadlines, and then answers the input (a restart the other way round); both make one
step of the record. An input that
leads to no event leaves no trace: it takes no step number and changes no byte of the state.

If a step fails half-way (`BugError`), the engine must be thrown away and rebuilt from the record,
which does not hold the step.
"""

from openline.engine import inputs as i
from openline.engine.commands import AnyCommand
from openline.engine.decision import Decision
from openline.engine.decisions import DECIDE, DUE, leave_queues, watch_queues
from openline.engine.events import AnyEvent
from openline.engine.state import State
from openline.engine.value import Value
from openline.model import BugError, Instant


class Outcome(Value, frozen=True, kw_only=True):
    """Holds what one input led to: events to be made durable, then commands to be carried out."""

    events: tuple[AnyEvent, ...]
    commands: tuple[AnyCommand, ...]


class Engine:
    """Answers inputs, one at a time, in the order in which they are given."""

    __slots__ = ("_deadlines", "_decision", "_due", "_latest", "state")

    def __init__(self, state: State) -> None:
        self.state = state
        self._latest = state.now
        self._decision = Decision(state)
        self._deadlines = state.index.deadlines
        self._due = self._deadlines.entries

    def handle(self, seen: i.Input, now: Instant) -> Outcome:
        """Answers one input at `now`, which must not lie before any earlier one.

        Costs O(log n) in waiting calls and idle agents, times the queues an agent serves.
        """
        if now < self._latest:
            raise BugError(f"time ran backwards: {now} after {self._latest}")
        state, d, kind, due = self.state, self._decision, type(seen), self._due
        before = state.now
        self._latest = state.now = d.now = now
        if kind is i.CentreStarted:
            # After a restart the deadlines that passed meanwhile are first given their time again.
            DECIDE[kind](d, seen)
            self._meet_deadlines(now)
        else:
            if due and due[0][0] <= now:
                self._meet_deadlines(now)
            DECIDE[kind](d, seen)
        if d.events:
            if d.to_leave is not None:
                leave_queues(d)
            if state.unstaffed or state.index.work.on_call:
                watch_queues(d)
            state.step += 1
        else:
            state.now = before
        outcome = Outcome(events=tuple(d.events), commands=tuple(d.commands))
        d.clear()
        return outcome

    def _meet_deadlines(self, now: Instant) -> None:
        """Does what has come due by now, in the order of the deadlines."""
        due = self._deadlines.due_by(now)
        while due is not None:
            DUE[due[1]](self._decision, due[2])
            done, due = due, self._deadlines.due_by(now)
            if due == done:
                raise BugError(f"deadline {done} stands although it was met")

    def next_wakeup(self) -> Instant | None:
        """Returns when `TimePassed` should be handed in next, or None if nothing is pending."""
        due = self._deadlines.next_due()
        return None if due is None else due[0]
