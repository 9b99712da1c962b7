"""One decision in the making: the events and commands that answer one input.

An event is applied the moment it is recorded, so that the next line of the decision sees its
effect. The acts that several inputs share (to offer, to end, to connect) stand in `decisions/acts`.
"""

from openline.engine.apply import APPLY
from openline.engine.commands import AnyCommand
from openline.engine.events import AnyEvent, InputPassedOver, RequestRefused
from openline.engine.inputs import Input
from openline.engine.state import State
from openline.model import AgentKey, CallId, CommandId, Reason

COMMANDS_PER_STEP_BITS = 16


class Decision:
    """Collects what one input leads to; it is emptied for the next, not made anew."""

    __slots__ = ("_next_command", "commands", "events", "now", "state", "to_leave")

    def __init__(self, state: State) -> None:
        self.state = state
        self.events: list[AnyEvent] = []
        self.commands: list[AnyCommand] = []
        self.to_leave: list[CallId] | None = None
        """Calls that may have to leave their queues at the end of the step (`interflow`)."""
        self.now = state.now
        self._next_command = (state.step + 1) << COMMANDS_PER_STEP_BITS

    def clear(self) -> None:
        """Makes itself ready for the next input."""
        self.events.clear()
        self.commands.clear()
        self.to_leave = None
        self._next_command = (self.state.step + 1) << COMMANDS_PER_STEP_BITS

    def record(self, event: AnyEvent) -> None:
        """Makes the event a fact."""
        APPLY[type(event)](self.state, event)
        self.events.append(event)

    def order(self, command: AnyCommand) -> None:
        """Adds an order, to be carried out when the events are durable."""
        self.commands.append(command)

    def command_id(self) -> CommandId:
        """Draws the id of the next command: the step's number and a counter within it."""
        drawn = self._next_command
        self._next_command = drawn + 1
        # Once for every order there is: `CommandId(…)` would double what it costs.
        return drawn  # type: ignore[return-value]

    def pass_over(self, seen: Input, reason: Reason) -> None:
        """Records that an input meant nothing now."""
        self.record(InputPassedOver(input=type(seen).__name__, reason=reason))

    def refuse(self, seen: Input, agent: AgentKey, reason: Reason) -> None:
        """Records that an agent's request was refused."""
        self.record(RequestRefused(agent=agent, request=type(seen).__name__, reason=reason))
