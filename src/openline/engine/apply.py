"""The only code that changes the state: one function for each event.

Nothing is decided here and nothing is refused but a transition that the tables do not know, which
is a bug of ours. Live calls, recovery and replay all pass through it, so a state rebuilt from the
record is the state that was.
"""

from collections.abc import Callable
from typing import Any

from openline.engine import events as e
from openline.engine.index import Due
from openline.engine.state import Agent, Call, CallState, Offer, State, Unstaffed
from openline.engine.transitions import AGENT_TRANSITIONS, CALL_TRANSITIONS
from openline.model import BugError, Duration, Instant, Reason

_GREETING = CallState.GREETING


def apply(state: State, event: e.AnyEvent) -> None:
    """Changes the state as the event says, at `state.now`."""
    APPLY[type(event)](state, event)


def apply_step(state: State, step: int, now: Instant, events: tuple[e.AnyEvent, ...]) -> None:
    """Applies one whole step of the record, as recovery and the durable copy do."""
    if step != state.step + 1:
        raise BugError(f"step {step} cannot follow step {state.step}")
    state.step = step
    state.now = now
    for event in events:
        APPLY[type(event)](state, event)


# --- moving along the tables ---------------------------------------------------------------


def _move_call(call: Call, event: e.Event) -> None:
    try:
        following = CALL_TRANSITIONS[call.state][type(event)]
    except KeyError:
        raise BugError(
            f"call {call.id} is {call.state.value}: {type(event).__name__} cannot happen to it"
        ) from None
    if following is not None:
        call.state = following


def _move_agent(state: State, agent: Agent, event: e.Event, reason: Reason | None) -> None:
    try:
        agent.state = AGENT_TRANSITIONS[agent.state][type(event)]
    except KeyError:
        raise BugError(
            f"agent {agent.key} is {agent.state.value}: {type(event).__name__} cannot happen to her"
        ) from None
    agent.since = state.now
    agent.reason = reason
    if state.index.at_work:
        state.index.agent_moved(agent)


# --- the centre itself ---------------------------------------------------------------------


def _nothing(state: State, event: e.Event) -> None:
    """Leaves the state as it is: the event is for the record only."""


def _configuration_adopted(state: State, event: e.ConfigurationAdopted) -> None:
    state.adopt(event.settings)


# --- calls ---------------------------------------------------------------------------------


def _call_arrived(state: State, event: e.CallArrived) -> None:
    call = Call(
        id=event.call,
        leg=event.leg,
        line=event.line,
        origin=event.origin,
        caller=event.caller,
        state=_GREETING,
        arrived_at=state.now,
    )
    state.calls[call.id] = call
    state.calls_by_leg[call.leg] = call
    state.next_call = event.call + 1


def _greeting_started(state: State, event: e.GreetingStarted) -> None:
    call = state.calls[event.call]
    _move_call(call, event)
    call.playback = event.playback
    call.greeting_due_at = event.due_at
    state.index.due(event.due_at, Due.GREETING_OVERDUE, call.id)


def _call_queued(state: State, event: e.CallQueued) -> None:
    call = state.calls[event.call]
    _move_call(call, event)
    call.playback = None
    call.greeting_due_at = None
    call.queue = event.queue
    call.entry = event.entry
    call.priority = event.priority
    call.waiting_since = event.waiting_since
    call.queued_at = state.now
    call.agent = None
    call.answered_at = None
    call.held_since = None
    call.held = Duration(0)
    state.index.call_waits(call)


def _call_offered(state: State, event: e.CallOffered) -> None:
    call = state.calls[event.call]
    agent = state.agents[event.agent]
    _move_call(call, event)
    _move_agent(state, agent, event, event.reason)
    call.offer = event.offer
    agent.offer = event.offer
    state.offers[event.offer] = Offer(
        id=event.offer, call=event.call, agent=event.agent, expires_at=event.expires_at
    )
    state.next_offer = event.offer + 1
    state.index.due(event.expires_at, Due.OFFER_EXPIRES, event.offer)


def _offer_renewed(state: State, event: e.OfferRenewed) -> None:
    state.offers[event.offer].expires_at = event.expires_at
    state.index.due(event.expires_at, Due.OFFER_EXPIRES, event.offer)


def _end_offer(
    state: State,
    event: e.OfferAccepted | e.OfferDeclined | e.OfferMissed | e.OfferWithdrawn,
    reason: Reason | None,
) -> tuple[Call, Agent]:
    del state.offers[event.offer]
    call = state.calls[event.call]
    agent = state.agents[event.agent]
    _move_call(call, event)
    _move_agent(state, agent, event, reason)
    call.offer = None
    agent.offer = None
    return call, agent


def _offer_accepted(state: State, event: e.OfferAccepted) -> None:
    call, agent = _end_offer(state, event, None)
    call.agent = event.agent
    call.answered_at = state.now
    call.accepted = event.offer
    call.waited = event.waited
    agent.call = event.call
    agent.busy_since = state.now


def _offer_returned(state: State, event: e.OfferDeclined | e.OfferMissed) -> None:
    call, agent = _end_offer(state, event, event.becomes)
    agent.pause_reason = None
    state.index.call_waits(call)


def _offer_withdrawn(state: State, event: e.OfferWithdrawn) -> None:
    call, agent = _end_offer(state, event, event.reason)
    state.index.call_waits(call)
    state.index.agent_idles(agent)


def _sound_session_started(state: State, event: e.SoundSessionStarted) -> None:
    state.calls[event.call].session = event.session


def _call_held(state: State, event: e.CallHeld) -> None:
    call = state.calls[event.call]
    _move_call(call, event)
    call.held_since = state.now


def _call_resumed(state: State, event: e.CallResumed) -> None:
    call = state.calls[event.call]
    _move_call(call, event)
    call.held = held_so_far(call, state.now)
    call.held_since = None


def held_so_far(call: Call, now: Instant) -> Duration:
    """Returns how long the caller was parked in the present conversation, up to now."""
    if call.held_since is None:
        return call.held
    return Duration(call.held + now - call.held_since)


def _caller_lost(state: State, event: e.CallerLost) -> None:
    call = state.calls[event.call]
    call.gone_at = event.gone_at
    state.index.due(event.gone_at, Due.CALLER_GONE, call.id)


def _caller_returned(state: State, event: e.CallerReturned) -> None:
    call = state.calls[event.call]
    call.gone_at = None
    state.index.call_waits(call)


def _call_ended(state: State, event: e.CallEnded) -> None:
    call = state.calls[event.call]
    _move_call(call, event)
    del state.calls[event.call]
    del state.calls_by_leg[call.leg]


# --- agents --------------------------------------------------------------------------------


def _agent_signed_in(state: State, event: e.AgentSignedIn) -> None:
    agent = state.agents[event.agent]
    _move_agent(state, agent, event, event.reason)
    agent.pause_reason = None
    agent.leg = event.leg
    agent.origins = event.origins
    agent.signed_in_at = state.now
    agent.busy = Duration(0)
    agent.gone_at = None
    state.agents_by_leg[event.leg] = agent


def _agent_signed_out(state: State, event: e.AgentSignedOut) -> None:
    agent = state.agents[event.agent]
    _move_agent(state, agent, event, event.reason)
    if agent.leg is not None:
        del state.agents_by_leg[agent.leg]
    agent.leg = None
    agent.origins = ()
    agent.gone_at = None
    _clear_work(agent, state.now)
    agent.by = event.by


def _agent_origins_changed(state: State, event: e.AgentOriginsChanged) -> None:
    agent = state.agents[event.agent]
    agent.origins = event.origins
    state.index.agent_idles(agent)
    if state.index.at_work:
        state.index.agent_moved(agent)


def _agent_ready(state: State, event: e.AgentReady) -> None:
    agent = state.agents[event.agent]
    _move_agent(state, agent, event, event.reason)
    _clear_work(agent, state.now)
    agent.by = event.by
    agent.idle_since = state.now
    state.index.agent_idles(agent)


def _agent_paused(state: State, event: e.AgentPaused) -> None:
    agent = state.agents[event.agent]
    _move_agent(state, agent, event, event.reason)
    _clear_work(agent, state.now)
    agent.pause_reason = event.pause_reason
    agent.by = event.by
    agent.rests_until = event.rests_until
    if event.rests_until is not None:
        state.index.due(event.rests_until, Due.RECOVERY_OVER, agent.number)


def _clear_work(agent: Agent, now: Instant) -> None:
    if agent.busy_since is not None:
        agent.busy = Duration(agent.busy + now - agent.busy_since)
        agent.busy_since = None
    agent.call = None
    agent.pause_reason = None
    agent.pause_after = None
    agent.rests_until = None
    agent.forced_to = None
    agent.forced_by = None
    agent.forced_pause = None
    agent.warn_at = None
    agent.wrap_up_line = None
    agent.wrap_up_queue = None
    agent.wrap_up_origin = None


def _pause_noted(state: State, event: e.PauseNoted) -> None:
    state.agents[event.agent].pause_after = event.pause_reason


def _agent_lost(state: State, event: e.AgentLost) -> None:
    agent = state.agents[event.agent]
    agent.gone_at = event.gone_at
    state.index.due(event.gone_at, Due.AGENT_GONE, agent.number)


def _agent_returned(state: State, event: e.AgentReturned) -> None:
    agent = state.agents[event.agent]
    agent.gone_at = None
    state.index.agent_idles(agent)


def _wrap_up_started(state: State, event: e.WrapUpStarted) -> None:
    agent = state.agents[event.agent]
    _move_agent(state, agent, event, None)
    agent.call = event.call
    agent.wrap_up_line = event.line
    agent.wrap_up_queue = event.queue
    agent.wrap_up_origin = event.origin
    agent.warn_at = event.warn_at
    state.index.due(event.warn_at, Due.WRAP_UP_LIMIT, agent.number)


def _wrap_up_limit_reached(state: State, event: e.WrapUpLimitReached) -> None:
    state.agents[event.agent].warn_at = None


def _wrap_up_extended(state: State, event: e.WrapUpExtended) -> None:
    agent = state.agents[event.agent]
    agent.warn_at = event.warn_at
    state.index.due(event.warn_at, Due.WRAP_UP_LIMIT, agent.number)


def _state_force_noted(state: State, event: e.StateForceNoted) -> None:
    agent = state.agents[event.agent]
    agent.forced_to = event.to
    agent.forced_by = event.by
    agent.forced_pause = event.pause_reason


def _recovery_break_over(state: State, event: e.RecoveryBreakOver) -> None:
    state.agents[event.agent].rests_until = None


# --- queues --------------------------------------------------------------------------------


def _queue_unstaffed(state: State, event: e.QueueUnstaffed) -> None:
    unstaffed = Unstaffed(queue=event.queue, ring_at=event.ring_at)
    state.unstaffed[event.queue] = unstaffed
    state.index.queue_unstaffed(unstaffed)


def _on_call_rung(state: State, event: e.OnCallRung) -> None:
    state.unstaffed[event.queue].ring_at = None


def _queue_staffed(state: State, event: e.QueueStaffed) -> None:
    del state.unstaffed[event.queue]
    state.index.queue_staffed(event.queue)


APPLY: dict[type[e.Event], Callable[[State, Any], None]] = {
    e.ConfigurationAdopted: _configuration_adopted,
    e.CentreResumed: _nothing,
    e.ClockStepNoted: _nothing,
    e.CommandFailureNoted: _nothing,
    e.InputPassedOver: _nothing,
    e.RequestRefused: _nothing,
    e.CallArrived: _call_arrived,
    e.GreetingStarted: _greeting_started,
    e.CallQueued: _call_queued,
    e.CallOffered: _call_offered,
    e.OfferRenewed: _offer_renewed,
    e.OfferAccepted: _offer_accepted,
    e.OfferDeclined: _offer_returned,
    e.OfferMissed: _offer_returned,
    e.OfferWithdrawn: _offer_withdrawn,
    e.SoundSessionStarted: _sound_session_started,
    e.SoundConfirmed: _nothing,
    e.CallHeld: _call_held,
    e.CallResumed: _call_resumed,
    e.CallerLost: _caller_lost,
    e.CallerReturned: _caller_returned,
    e.CallEnded: _call_ended,
    e.AgentSignedIn: _agent_signed_in,
    e.AgentSignedOut: _agent_signed_out,
    e.AgentOriginsChanged: _agent_origins_changed,
    e.AgentReady: _agent_ready,
    e.AgentPaused: _agent_paused,
    e.PauseNoted: _pause_noted,
    e.AgentLost: _agent_lost,
    e.AgentReturned: _agent_returned,
    e.WrapUpStarted: _wrap_up_started,
    e.WrapUpLimitReached: _wrap_up_limit_reached,
    e.WrapUpFinished: _nothing,
    e.WrapUpExtended: _wrap_up_extended,
    e.StateForceNoted: _state_force_noted,
    e.RecoveryBreakOver: _recovery_break_over,
    e.QueueUnstaffed: _queue_unstaffed,
    e.OnCallRung: _on_call_rung,
    e.QueueStaffed: _queue_staffed,
}
