"""Where does a caller stand? What he hears and waits for; nothing of what he does next.

It is begun by an arrival, or taken over from the durable state after a restart.
"""

from typing import Self

from openline.engine import Agent, Call, CallState
from openline.model import SECOND, AgentKey, CommandId, Duration, Instant, LegId
from openline.simulation.behaviour import CallbackPlan, CallerName, CallerPlan, agent_at

SPEAKS_AT_MOST = Duration(90 * SECOND)
"""Into a voicemail box; less where the box allows less."""


class CallerRecord:
    """Keeps where one caller stands."""

    __slots__ = (
        "agent",
        "answered_at",
        "asked_at",
        "asks",
        "asks_callback_at",
        "callback",
        "calls_at",
        "greeting_since",
        "held",
        "held_since",
        "is_gone",
        "is_handed_on",
        "leg",
        "may_speak",
        "name",
        "place_since",
        "plan",
        "playback",
        "pressed",
        "recording",
        "rings_since",
        "turn",
        "waiting_since",
    )

    def __init__(
        self, name: CallerName, plan: CallerPlan, leg: LegId, calls_at: Instant | None = None
    ) -> None:
        self.name = name
        self.plan = plan
        self.leg = leg
        self.calls_at = calls_at
        """When he is going to call; None as soon as he has."""
        self.turn = 0
        self.is_gone = False
        self.playback: CommandId | None = None
        self.asks = False
        """Whether what he hears asks him to press a key."""
        self.pressed = 0
        """How many keys he has pressed."""
        self.recording: CommandId | None = None
        """The recording into which he speaks; then `greeting_since` is when it began."""
        self.may_speak = SPEAKS_AT_MOST
        """The limit of the recording."""
        self.greeting_since = Instant(0)
        self.waiting_since: Instant | None = None
        self.answered_at: Instant | None = None
        self.agent: AgentKey | None = None
        """The colleague he talks with; None while it is a person, who needs no script."""
        self.held_since: Instant | None = None
        self.held = Duration(0)
        self.is_handed_on = False
        """Whether he talks, or will talk, with the second agent."""
        self.asked_at: Instant | None = None
        """When the last move of this turn of the conversation was made."""
        self.callback: CallbackPlan | None = None
        """What he makes of a callback; known once he is offered one, or is rung for it."""
        self.asks_callback_at: Instant | None = None
        self.place_since: Instant | None = None
        """What his place counts from; a redial soon after has it back."""
        self.rings_since: Instant | None = None
        """Set while he is being called back and has not reacted."""

    @classmethod
    def called_back(
        cls, name: CallerName, plan: CallerPlan, callback: CallbackPlan, leg: LegId, now: Instant
    ) -> Self:
        """Begins one whose telephone rings."""
        caller = cls(name, plan, leg)
        caller.callback = callback
        caller.rings_since = now
        return caller

    @classmethod
    def found(cls, name: CallerName, plan: CallerPlan, call: Call, agent: Agent | None) -> Self:
        """Takes a caller over from the durable state."""
        caller = cls(name, plan, call.leg)
        if call.state is CallState.VOICEMAIL:
            caller.recording = call.playback
        else:
            caller.playback = call.playback
            caller.asks = call.state in (CallState.MENU, CallState.CONSENT)
        caller.greeting_since = call.arrived_at
        if call.playback is None:
            caller.waiting_since = call.queued_at
            caller.place_since = call.waiting_since
        caller.answered_at = call.answered_at
        caller.held_since = call.held_since
        caller.held = call.held
        # Who lost his agent instead talks the shorter for it; the record does not tell them apart.
        is_outside = call.state is CallState.OUTSIDE
        caller.is_handed_on = (call.entry > 1 or is_outside) and plan.transfer_after > 0
        if is_outside:
            caller.answered_at = min(party.since for party in call.parties)
        if call.state is CallState.FORWARDED:
            caller.answered_at = call.reached_at
        if agent is not None and agent.leg is not None:
            caller.agent = agent_at(agent.leg)
        return caller
