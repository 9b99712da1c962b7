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

from openline.engine import commands as c
from openline.engine import inputs as i
from openline.engine.destinations import ToQueue
from openline.engine.targets import Target, ToOutside
from openline.model import SECOND, Duration, Instant, Medium, Origin, SealedRef
from openline.simulation.behaviour import CallerPlan
from openline.simulation.caller_hears import record_hears
from openline.simulation.caller_record import CallerRecord

Moves = tuple[i.AnyInput, ...]

_ASKS_AGAIN = 10 * SECOND
"""After a request that nothing came of."""
_CHOOSES_AFTER = 3 * SECOND
"""When he presses a key, from the beginning of the question."""
_TALKS_LONGER_BY = 10
"""So many times as long as into a voicemail box he would have talked with somebody."""


class Caller(CallerRecord):
    """Makes the moves of one caller."""

    __slots__ = ()

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
        return record_hears(self, command, now)
