"""What a caller does next, whoever drives him: `run` in simulated time or the live world.

A party (see `colleague` for the other kind) keeps a small record of where it stands. Three things
happen to a record:

- it is begun, by an arrival or a shift, or taken over from the durable state after a restart;
- the party *hears* a command to its leg, which changes the record;
- its next move falls due and it *moves*: it hands inputs to the centre.

From the record alone follows when the next move falls due (`next_at`), so a party has one pending
move, and a change of the record makes an older one void (`turn`). A command heard twice changes
nothing. A party never assumes that a request was granted: what it asked for in vain it asks again
later, or lets be.
"""

from collections.abc import Callable
from typing import Any

from openline.engine import Agent, Call, CallState
from openline.engine import commands as c
from openline.engine import inputs as i
from openline.engine.destinations import ToQueue
from openline.engine.targets import Target, ToOutside
from openline.model import (
    SECOND,
    AgentKey,
    CommandId,
    Duration,
    Instant,
    LegId,
    Medium,
    Origin,
    Reason,
    SealedRef,
)
from openline.simulation.behaviour import CallbackPlan, CallerName, CallerPlan, agent_at

Moves = tuple[i.AnyInput, ...]

_ASKS_AGAIN = 10 * SECOND
"""After a request that nothing came of."""
_SPEAKS_AT_MOST = Duration(90 * SECOND)
"""Into a voicemail box; less where the box allows less."""
_CHOOSES_AFTER = 3 * SECOND
"""When he presses a key, from the beginning of the question."""
_TALKS_LONGER_BY = 10
"""So many times as long as into a voicemail box he would have talked with somebody."""


class Caller:
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
        self.may_speak = _SPEAKS_AT_MOST
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
    ) -> "Caller":
        """Begins one whose telephone rings."""
        caller = cls(name, plan, leg)
        caller.callback = callback
        caller.rings_since = now
        return caller

    @classmethod
    def found(cls, name: CallerName, plan: CallerPlan, call: Call, agent: Agent | None) -> "Caller":
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

    def next_at(self, now: Instant) -> Instant | None:
        """Returns when the next move falls due; it may be past already."""
        plan = self.plan
        if self.answered_at is not None:
            return self._next_of_talk(self.answered_at, plan)
        if self.rings_since is not None:
            return self._reacts_at(self.rings_since)
        if self.waiting_since is not None:
            leaves_at = Instant(self.waiting_since + plan.patience)
            asks_at = self.asks_callback_at
            return leaves_at if asks_at is None else min(asks_at, leaves_at)
        if self.recording is not None and self.asked_at is None:
            speaks = min(plan.talk // _TALKS_LONGER_BY, self.may_speak)
            return Instant(self.greeting_since + speaks)
        if self.asks and self.asked_at is None and (self._has_key or plan.leaves_in_menu):
            return Instant(self.greeting_since + _CHOOSES_AFTER)
        if self.playback is not None and self.asked_at is None:
            return Instant(self.greeting_since + plan.listens)
        return self.calls_at

    @property
    def _has_key(self) -> bool:
        return self.pressed < len(self.plan.keys)

    def _reacts_at(self, rings_since: Instant) -> Instant | None:
        callback = self.callback
        if callback is None or not (callback.answers or callback.is_busy):
            return None
        return Instant(rings_since + callback.reacts_after)

    def _next_of_talk(self, answered_at: Instant, plan: CallerPlan) -> Instant | None:
        if self.asked_at is not None:
            return Instant(self.asked_at + _ASKS_AGAIN)
        if self.held_since is not None:
            return None if self.agent is None else Instant(self.held_since + plan.hold)
        if self._is_to_be_held:
            return Instant(answered_at + plan.hold_after)
        return Instant(answered_at + self.held + self._talk_left)

    @property
    def _talk_left(self) -> Duration:
        """How much of his talk he has with the present agent."""
        first = self.plan.transfer_after
        if first == 0:
            return self.plan.talk
        return Duration(self.plan.talk - first) if self.is_handed_on else first

    @property
    def _is_to_be_held(self) -> bool:
        return (
            self.plan.hold > 0
            and self.held == 0
            and self.agent is not None
            and (self.plan.transfer_after == 0 or self._is_held_in_time)
        )

    @property
    def _is_held_in_time(self) -> bool:
        """Whether the pause in his talk comes before he is handed on; later there is none."""
        return not self.is_handed_on and self.plan.hold_after < self.plan.transfer_after

    def moves(self, now: Instant) -> Moves:
        """Makes the move that has fallen due."""
        agent = self.agent
        if self.answered_at is None:
            return self._moves_unanswered(now)
        asked_in_vain = self.asked_at is not None
        self.asked_at = now
        if agent is not None:
            if self.held_since is not None:
                return (i.ResumeRequested(agent=agent),)
            if not asked_in_vain:
                if self._is_to_be_held:
                    return (i.HoldRequested(agent=agent),)
                if self.plan.transfer_after > 0 and not self.is_handed_on:
                    return (i.TransferRequested(agent=agent, to=self._handed_on_to),)
                if self.plan.is_ended_by_agent:
                    return (i.HangUpRequested(agent=agent),)
        return self._hangs_up()

    @property
    def _handed_on_to(self) -> Target:
        if self.plan.transfer_outside is not None:
            return ToOutside(outside=self.plan.transfer_outside)
        assert self.plan.transfer_to is not None, f"{self.leg} is handed on to nobody"
        return ToQueue(queue=self.plan.transfer_to)

    def _moves_unanswered(self, now: Instant) -> Moves:
        if self.calls_at is not None:
            self.calls_at = None
            line = self.plan.line
            arrived = i.LegArrived(
                leg=self.leg,
                line=line,
                origin=Origin.SIMULATED,
                can_be_called_back=self.plan.medium is Medium.VOICE,
                waiting_since=self.place_since,
                partner=self.plan.partner,
                medium=self.plan.medium,
            )
            return (arrived,)
        if self.rings_since is not None:
            return self._reacts()
        if self.asks_callback_at is not None and self.asks_callback_at <= now:
            self.asks_callback_at = None
            return (i.CallbackAsked(leg=self.leg, number=SealedRef(self.name.leg)),)
        if self.recording is not None:
            self.asked_at = now
            spoken = Duration(now - self.greeting_since)
            return (i.VoicemailEnded(leg=self.leg, recording=self.recording, length=spoken),)
        if self.asks and self.plan.leaves_in_menu:
            return self._hangs_up()
        if self.waiting_since is None and self.playback is not None:
            self.asked_at = now
            if self.asks and self._has_key:
                key = self.plan.keys[self.pressed]
                self.pressed += 1
                return (i.DigitPressed(leg=self.leg, playback=self.playback, digit=key),)
            return (i.PlaybackFinished(leg=self.leg, playback=self.playback),)
        return self._hangs_up()

    def _reacts(self) -> Moves:
        self.rings_since = None
        if self.callback is not None and self.callback.answers:
            return (i.DialAnswered(leg=self.leg),)
        self.is_gone = True
        return (i.DialFailed(leg=self.leg, why=i.DialFailure.BUSY),)

    def _hangs_up(self) -> Moves:
        self.is_gone = True
        return (i.LegHungUp(leg=self.leg),)

    def hears(self, command: c.Command, now: Instant) -> bool:
        """Takes a command in; returns whether it changed where he stands."""
        hear = _CALLER_HEARS.get(type(command))
        return hear is not None and hear(self, command, now)


def _hears_sound(
    caller: Caller, command: c.PlayGreeting | c.PlayMessage | c.AskDigit, now: Instant
) -> bool:
    if caller.playback == command.id:
        return False
    caller.playback = command.id
    caller.recording = caller.waiting_since = None
    caller.asks = type(command) is c.AskDigit
    caller.greeting_since = now
    caller.asked_at = None
    return True


def _hears_tone(caller: Caller, command: c.RecordVoicemail, now: Instant) -> bool:
    if caller.recording == command.id:
        return False
    caller.recording = command.id
    caller.may_speak = min(command.limit, _SPEAKS_AT_MOST)
    caller.greeting_since = now
    caller.asked_at = None
    return True


def _hears_music(caller: Caller, command: c.PlayMusic, now: Instant) -> bool:
    if command.reason is Reason.TRANSFERRED:
        caller.answered_at = caller.agent = caller.held_since = caller.asked_at = None
        caller.held = Duration(0)
        caller.is_handed_on = True
        caller.waiting_since = now
        return True
    if caller.answered_at is not None:
        # The agent's page is lost: he waits with the conversation open, or queues anew.
        return False
    return _waits(caller, now)


def _waits(caller: Caller, now: Instant) -> bool:
    if caller.waiting_since is not None:
        return False
    caller.asks = False
    caller.waiting_since = now
    caller.place_since = caller.place_since or now
    caller.asked_at = None
    return True


def _hears_room(caller: Caller, command: c.MixCall, now: Instant) -> bool:
    """Learns that he was handed on outside; then nobody here asks anything for him any more.

    Whom his queue sends outside hears music first, and then whoever answers there.
    """
    if caller.answered_at is None:
        return _hears_outside(caller, command, now)
    if command.reason is not Reason.TRANSFERRED or caller.agent is None:
        return False
    caller.agent = caller.held_since = caller.asked_at = None
    caller.held = Duration(0)
    caller.answered_at = now
    caller.is_handed_on = True
    return True


def _hears_outside(caller: Caller, command: c.MixCall, now: Instant) -> bool:
    heard = next((one for one in command.hears if one.leg == caller.leg), None)
    if heard is None:
        return False
    if not heard.others:
        return _waits(caller, now)
    caller.answered_at, caller.asked_at = now, None
    return True


def _hears_agent(caller: Caller, command: c.ConnectLegs, now: Instant) -> bool:
    agent = agent_at(command.agent_leg)
    if caller.answered_at is not None and caller.agent == agent:
        return False
    if caller.answered_at is None:
        caller.answered_at = now
    caller.agent = agent
    caller.asked_at = None
    return True


def _hears_hold(caller: Caller, command: c.HoldCall, now: Instant) -> bool:
    if caller.held_since is not None:
        return False
    caller.held_since = now
    caller.asked_at = None
    return True


def _hears_resume(caller: Caller, command: c.ResumeCall, now: Instant) -> bool:
    if caller.held_since is None:
        return False
    # Never nothing, so that nobody is held a second time.
    caller.held = Duration(caller.held + max(1, now - caller.held_since))
    caller.held_since = None
    caller.asked_at = None
    return True


def _hears_offer_of_callback(caller: Caller, command: c.OfferCallback, now: Instant) -> bool:
    callback = caller.callback
    if callback is None or not callback.takes_it or caller.answered_at is not None:
        return False
    caller.asks_callback_at = Instant(now + callback.decides_after)
    return True


def _hears_end(caller: Caller, command: c.HangUpLeg | c.EndWithWords, now: Instant) -> bool:
    caller.is_gone = True
    return True


_CALLER_HEARS: dict[type[c.Command], Callable[[Caller, Any, Instant], bool]] = {
    c.PlayGreeting: _hears_sound,
    c.PlayMessage: _hears_sound,
    c.AskDigit: _hears_sound,
    c.RecordVoicemail: _hears_tone,
    c.PlayMusic: _hears_music,
    c.ConnectLegs: _hears_agent,
    c.MixCall: _hears_room,
    c.HoldCall: _hears_hold,
    c.ResumeCall: _hears_resume,
    c.OfferCallback: _hears_offer_of_callback,
    c.HangUpLeg: _hears_end,
    c.EndWithWords: _hears_end,
}
