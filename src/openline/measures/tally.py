"""Plain sums from which every figure is computed: what was counted, never an average.

A tally speaks of the queue entries that *began* in its interval, whatever became of them and
whenever it did: a call that entered at 10:14 and was answered at 10:16 is answered in the interval
of 10:00. So in each tally, at every moment,

    offered = answered + abandoned + flowed_out + left_for_callback + those still waiting
    offers  = answered + offers_missed + offers_declined + offers_caller_left + offers_agent_gone
              + those ringing now

Arrivals are another count, of calls and not of entries, booked where the call arrived:

    arrived = left_before_queue + left_in_menu + heard_closed + heard_message + voicemail_left
              + arrived_answered + arrived_answered_outside + arrived_abandoned
              + arrived_for_callback + those still here

and sums add: of intervals to a day, of queues to a centre, of days to a year. An average cannot be
added, a tally can; that is why figures are computed last (see `figures`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from openline.model import Duration

if TYPE_CHECKING:
    from collections.abc import Iterable


class Tally(msgspec.Struct, kw_only=True, gc=False):
    """Holds the sums of one slice: an interval, a day, a queue, or several of them together."""

    arrived: int = 0
    """Calls that reached a line, each once; booked where the call arrived."""
    left_before_queue: int = 0
    """Arrived calls that ended in the greeting, or when they were asked for consent."""
    left_in_menu: int = 0
    """Arrived calls that ended in a menu."""
    heard_closed: int = 0
    """Arrived calls that ended because the line was closed."""
    heard_message: int = 0
    """Arrived calls that ended with a message, or at a box in which nothing was left."""
    voicemail_left: int = 0
    """Arrived calls that ended with a message of theirs in a box."""
    arrived_answered: int = 0
    """Arrived calls that were spoken with here, through however many queues they went."""
    arrived_answered_outside: int = 0
    """Arrived calls that were spoken with outside in the end, by a queue's own sending."""
    arrived_abandoned: int = 0
    """Arrived calls that gave up in a queue."""
    arrived_for_callback: int = 0
    """Arrived calls that ended because the caller will be called back."""
    offered: int = 0
    """Queue entries. A call that lost its agent or was transferred is a second one."""
    answered: int = 0
    answered_in_target: int = 0
    """Answered after a wait of at most the queue's threshold (≤ T)."""
    abandoned: int = 0
    abandoned_in_target: int = 0
    """Abandoned after a wait of at most the threshold; only Asterisk's SL2 asks."""
    short_abandoned: int = 0
    """Abandoned sooner than the short-abandon limit (< S); counted in `abandoned` too."""
    flowed_out: int = 0
    """Entries that ended because the queue sent the call elsewhere while it waited."""
    answered_outside: int = 0
    """Of these, those that somebody answered at a number outside; nobody here spoke with them."""
    answered_outside_in_target: int = 0
    """Of these, those who waited for that no longer than the threshold (≤ T)."""
    left_for_callback: int = 0
    """Entries that ended because the caller will be called back; that is no abandon."""
    callbacks_attempted: int = 0
    """Of these, those whose number was dialled at least once."""
    callbacks_reached: int = 0
    """Of these, those where somebody or something answered."""
    callbacks_connected: int = 0
    """Of these, those where the caller was spoken with."""
    callbacks_in_target: int = 0
    """Connected within the threshold, counted from the queue entry (≤ T)."""
    wait_of_callbacks: Duration = Duration(0)
    """From the queue entry until the caller was reached."""
    wait_of_answered: Duration = Duration(0)
    wait_of_abandoned: Duration = Duration(0)
    longest_wait: Duration = Duration(0)
    """Of answered calls."""
    waits: dict[int, int] = msgspec.field(default_factory=dict)
    """How many answered calls waited about how long, by `waits.step_of`; kept for reports only."""
    handled: int = 0
    """Conversations whose wrap-up is over; talk, hold and wrap-up are booked with them."""
    transferred: int = 0
    """Conversations that the agent handed on to another queue or agent without asking first."""
    transferred_after_consult: int = 0
    """Conversations that the agent handed to the colleague with whom she had spoken about it."""
    transferred_outside: int = 0
    """Conversations that the agent handed on to somebody outside, asked before or not."""
    consults: int = 0
    """Consultations in which whoever was asked answered."""
    consult_time: Duration = Duration(0)
    """How long the colleagues were consulted; part of nobody's talk but theirs who consulted."""
    talk: Duration = Duration(0)
    """Without hold."""
    hold: Duration = Duration(0)
    wrap_up: Duration = Duration(0)
    offers: int = 0
    """Times that one agent was rung for one call."""
    offers_missed: int = 0
    offers_declined: int = 0
    offers_caller_left: int = 0
    """Withdrawn because the caller hung up or was lost."""
    offers_agent_gone: int = 0
    """Withdrawn because the agent's connection was lost or she left."""

    def add(self, other: Tally) -> None:
        """Adds the other's sums to these.

        Written out, because the wallboard does it some hundred times for each picture.
        """
        self.arrived += other.arrived
        self.left_before_queue += other.left_before_queue
        self.left_in_menu += other.left_in_menu
        self.heard_closed += other.heard_closed
        self.heard_message += other.heard_message
        self.voicemail_left += other.voicemail_left
        self.arrived_answered += other.arrived_answered
        self.arrived_answered_outside += other.arrived_answered_outside
        self.arrived_abandoned += other.arrived_abandoned
        self.arrived_for_callback += other.arrived_for_callback
        self.offered += other.offered
        self.answered += other.answered
        self.answered_in_target += other.answered_in_target
        self.abandoned += other.abandoned
        self.abandoned_in_target += other.abandoned_in_target
        self.short_abandoned += other.short_abandoned
        self.flowed_out += other.flowed_out
        self.answered_outside += other.answered_outside
        self.answered_outside_in_target += other.answered_outside_in_target
        self.left_for_callback += other.left_for_callback
        self.callbacks_attempted += other.callbacks_attempted
        self.callbacks_reached += other.callbacks_reached
        self.callbacks_connected += other.callbacks_connected
        self.callbacks_in_target += other.callbacks_in_target
        self.wait_of_callbacks = Duration(self.wait_of_callbacks + other.wait_of_callbacks)
        self.wait_of_answered = Duration(self.wait_of_answered + other.wait_of_answered)
        self.wait_of_abandoned = Duration(self.wait_of_abandoned + other.wait_of_abandoned)
        self.longest_wait = max(self.longest_wait, other.longest_wait)
        for step, calls in other.waits.items():
            self.waits[step] = self.waits.get(step, 0) + calls
        self.handled += other.handled
        self.transferred += other.transferred
        self.transferred_after_consult += other.transferred_after_consult
        self.transferred_outside += other.transferred_outside
        self.consults += other.consults
        self.consult_time = Duration(self.consult_time + other.consult_time)
        self.talk = Duration(self.talk + other.talk)
        self.hold = Duration(self.hold + other.hold)
        self.wrap_up = Duration(self.wrap_up + other.wrap_up)
        self.offers += other.offers
        self.offers_missed += other.offers_missed
        self.offers_declined += other.offers_declined
        self.offers_caller_left += other.offers_caller_left
        self.offers_agent_gone += other.offers_agent_gone

    def plus(self, other: Tally) -> Tally:
        """Returns the sum of both and changes neither.

        >>> Tally(offered=3, answered=2).plus(Tally(offered=1, abandoned=1)).offered
        4
        """
        return total((self, other))


def total(tallies: Iterable[Tally]) -> Tally:
    """Returns the sum of all of them, a new one; of none, the empty tally.

    >>> total([Tally(offered=3), Tally(offered=4)]).offered
    7
    """
    result = Tally()
    for tally in tallies:
        result.add(tally)
    return result


class AgentTime(msgspec.Struct, kw_only=True, frozen=True, gc=False):
    """Holds how long agents were in each state while they were signed in.

    Time signed out is not here.
    """

    ready: Duration = Duration(0)
    """Free for a call, the ringing of an offer included."""
    talking: Duration = Duration(0)
    """Talk and hold."""
    wrap_up: Duration = Duration(0)
    paused: Duration = Duration(0)

    @property
    def on_queue(self) -> Duration:
        """The time there for calls: free, ringing, talking or in wrap-up."""
        return Duration(self.ready + self.talking + self.wrap_up)

    @property
    def signed_in(self) -> Duration:
        """The time on the queue and paused together."""
        return Duration(self.on_queue + self.paused)

    def plus(self, other: AgentTime) -> AgentTime:
        """Returns the sum of both.

        >>> AgentTime(talking=Duration(2)).plus(AgentTime(talking=Duration(3))).talking
        5
        """
        return AgentTime(
            ready=Duration(self.ready + other.ready),
            talking=Duration(self.talking + other.talking),
            wrap_up=Duration(self.wrap_up + other.wrap_up),
            paused=Duration(self.paused + other.paused),
        )
