"""What an event about a call changes."""

from collections.abc import Callable
from typing import Any, Final

from openline.engine import events as e
from openline.engine.apply.moves import move_agent, move_call, nothing
from openline.engine.due import Due
from openline.engine.state import Agent, Call, CallState, Offer, State
from openline.model import CommandId, Duration, Instant, Medium, Reason

# Every call comes past these, and what stands on a class is slow to look up.
_GREETING = CallState.GREETING
_VOICE = Medium.VOICE
_OFFER_EXPIRES: Final = Due.OFFER_EXPIRES


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
    call.entry_key = event.entry
    call.language = event.language
    call.can_be_called_back = event.can_be_called_back
    call.regains = event.waiting_since
    if event.medium is not _VOICE:
        call.medium = event.medium
        call.was_typed = True
    state.calls[call.id] = call
    state.calls_by_leg[call.leg] = call
    state.next_call = event.call + 1


def _medium_changed(state: State, event: e.MediumChanged) -> None:
    call = state.calls[event.call]
    call.medium = event.medium
    call.was_typed = True


def _partner_recognised(state: State, event: e.PartnerRecognised) -> None:
    call = state.calls[event.call]
    move_call(call, event)
    call.partner = event.partner


def _share_limit_held(state: State, event: e.ShareLimitHeld) -> None:
    call = state.calls[event.call]
    move_call(call, event)
    call.was_held_back = True


def _greeting_started(state: State, event: e.GreetingStarted) -> None:
    call = state.calls[event.call]
    move_call(call, event)
    _awaits(state, call, event.playback, event.due_at)


def _awaits(state: State, call: Call, playback: CommandId, due_at: Instant) -> None:
    call.playback = playback
    call.due_at = due_at
    state.index.deadlines.due(due_at, Due.SOUND_OVERDUE, call.id)


def _consent_asked(state: State, event: e.ConsentAsked) -> None:
    call = state.calls[event.call]
    move_call(call, event)
    call.has_heard_prompt = False
    _awaits(state, call, event.playback, event.due_at)


def _consent_answered(state: State, event: e.ConsentAnswered) -> None:
    call = state.calls[event.call]
    move_call(call, event)
    call.consent = event.given
    call.playback = call.due_at = None


def _menu_started(state: State, event: e.MenuStarted) -> None:
    call = state.calls[event.call]
    move_call(call, event)
    call.menu = event.menu
    call.attempt = event.attempt
    call.has_heard_prompt = False
    _awaits(state, call, event.playback, event.due_at)


def _prompt_heard(state: State, event: e.PromptHeard) -> None:
    call = state.calls[event.call]
    move_call(call, event)
    call.has_heard_prompt = True
    call.due_at = event.due_at
    state.index.deadlines.due(event.due_at, Due.SOUND_OVERDUE, call.id)


def _choice_made(state: State, event: e.ChoiceMade) -> None:
    call = state.calls[event.call]
    move_call(call, event)
    if event.topic is not None:
        call.topic = event.topic
    if event.language is not None:
        call.language = event.language


def _leaves_queue(call: Call) -> None:
    call.widens_at = None
    call.announce_at = None
    call.leaves_at = None
    call.is_overdue = False
    call.callback_offer_at = None


def _call_sent(state: State, event: e.CallSent) -> None:
    call = state.calls[event.call]
    if state.index.callers.lines:
        state.index.callers.leaves_line(call)
    move_call(call, event)
    call.hops = event.hops
    call.sent_because = event.reason
    _leaves_queue(call)
    if event.left is not None:
        call.waited = event.waited


def _call_forwarded(state: State, event: e.CallForwarded) -> None:
    call = state.calls[event.call]
    if state.index.callers.lines:
        state.index.callers.leaves_line(call)
    move_call(call, event)
    call.hops = event.hops
    call.sent_because = event.reason
    call.forwarded_to = event.outside
    call.sound = event.sound
    _leaves_queue(call)
    if event.playback is not None and event.due_at is not None:
        _awaits(state, call, event.playback, event.due_at)


def _forward_failed(state: State, event: e.ForwardFailed) -> None:
    call = state.calls[event.call]
    move_call(call, event)
    call.back_at = state.now
    call.playback = call.due_at = call.sound = None
    call.leaves_at = event.leaves_at
    state.index.callers.call_waits(call)
    if event.leaves_at is not None:
        state.index.deadlines.due(event.leaves_at, Due.MAXIMUM_WAIT, call.id)
    if state.index.callers.lines:
        state.index.callers.enters_line(call)


def _hop_limit_reached(state: State, event: e.HopLimitReached) -> None:
    call = state.calls[event.call]
    move_call(call, event)
    call.is_overdue = False


def _message_started(state: State, event: e.MessageStarted) -> None:
    call = state.calls[event.call]
    move_call(call, event)
    call.sound = event.sound
    call.menu = None
    call.box = event.box
    _awaits(state, call, event.playback, event.due_at)


def _voicemail_started(state: State, event: e.VoicemailStarted) -> None:
    call = state.calls[event.call]
    move_call(call, event)
    call.sound = None
    _awaits(state, call, event.recording, event.due_at)


def _voicemail_left(state: State, event: e.VoicemailLeft) -> None:
    call = state.calls[event.call]
    move_call(call, event)
    call.has_left_voicemail = True


def _call_queued(state: State, event: e.CallQueued) -> None:
    call = state.calls[event.call]
    move_call(call, event)
    call.playback = None
    call.due_at = None
    call.menu = None
    call.queue = event.queue
    call.entry = event.entry
    call.priority = event.priority
    call.waiting_since = event.waiting_since
    call.queued_at = state.now
    call.widens_at = event.widens_at
    call.leaves_at = event.leaves_at
    if event.entry > 1:
        _begins_anew(call)
    if call.partner is not None:
        state.index.callers.partner_moved(call)
    state.index.callers.call_waits(call)
    if event.widens_at is not None:
        state.index.deadlines.due(event.widens_at, Due.OVERFLOW, call.id)
    if event.leaves_at is not None:
        state.index.deadlines.due(event.leaves_at, Due.MAXIMUM_WAIT, call.id)
    if state.index.callers.lines:
        state.index.callers.enters_line(call)


def _begins_anew(call: Call) -> None:
    """Forgets what was in the queue entry before, and in the conversation."""
    call.step = 0
    call.is_overdue = False
    call.announce_at = None
    call.agent = None
    call.answered_at = None
    call.held_since = None
    call.held = Duration(0)
    call.was_held_back = False


def _wait_announced(state: State, event: e.WaitAnnounced) -> None:
    call = state.calls[event.call]
    move_call(call, event)
    call.announce_at = event.next_at
    if event.next_at is not None:
        state.index.deadlines.due(event.next_at, Due.ANNOUNCEMENT, call.id)


def _maximum_wait_reached(state: State, event: e.MaximumWaitReached) -> None:
    call = state.calls[event.call]
    move_call(call, event)
    call.leaves_at = None
    call.is_overdue = True


def _maximum_wait_moved(state: State, event: e.MaximumWaitMoved) -> None:
    call = state.calls[event.call]
    move_call(call, event)
    call.leaves_at = event.leaves_at
    call.is_overdue = False
    if event.leaves_at is not None:
        state.index.deadlines.due(event.leaves_at, Due.MAXIMUM_WAIT, call.id)


def _call_widened(state: State, event: e.CallWidened) -> None:
    call = state.calls[event.call]
    move_call(call, event)
    call.step = event.step
    call.widens_at = event.next_at
    state.index.callers.call_waits(call)
    if event.next_at is not None:
        state.index.deadlines.due(event.next_at, Due.OVERFLOW, call.id)


def _call_offered(state: State, event: e.CallOffered) -> None:
    call = state.calls[event.call]
    agent = state.agents[event.agent]
    if state.index.callers.lines:
        state.index.callers.leaves_line(call)
    move_call(call, event)
    move_agent(state, agent, event, event.reason)
    call.offer = event.offer
    agent.offer = event.offer
    if call.partner is not None:
        state.index.callers.partner_moved(call)
    state.offers[event.offer] = Offer(
        id=event.offer, call=event.call, agent=event.agent, expires_at=event.expires_at
    )
    state.next_offer = event.offer + 1
    state.index.deadlines.due(event.expires_at, _OFFER_EXPIRES, event.offer)


def _offer_renewed(state: State, event: e.OfferRenewed) -> None:
    state.offers[event.offer].expires_at = event.expires_at
    state.index.deadlines.due(event.expires_at, Due.OFFER_EXPIRES, event.offer)


def _end_offer(
    state: State,
    event: e.OfferAccepted | e.OfferDeclined | e.OfferMissed | e.OfferWithdrawn,
    reason: Reason | None,
) -> tuple[Call, Agent]:
    del state.offers[event.offer]
    call = state.calls[event.call]
    agent = state.agents[event.agent]
    move_call(call, event)
    move_agent(state, agent, event, reason)
    call.offer = None
    agent.offer = None
    if call.partner is not None and type(event) is not e.OfferAccepted:
        state.index.callers.partner_moved(call)
    return call, agent


def _offer_accepted(state: State, event: e.OfferAccepted) -> None:
    call, agent = _end_offer(state, event, None)
    call.agent = event.agent
    call.answered_at = state.now
    call.accepted = event.offer
    _leaves_queue(call)
    call.waited = event.waited
    agent.call = event.call
    agent.busy_since = state.now


def _offer_returned(state: State, event: e.OfferDeclined | e.OfferMissed) -> None:
    call, agent = _end_offer(state, event, event.becomes)
    agent.pause_reason = None
    state.index.callers.call_waits(call)
    if state.index.callers.lines:
        state.index.callers.enters_line(call)


def _offer_withdrawn(state: State, event: e.OfferWithdrawn) -> None:
    call, agent = _end_offer(state, event, event.reason)
    state.index.callers.call_waits(call)
    if state.index.callers.lines:
        state.index.callers.enters_line(call)
    state.index.idle.agent_idles(agent)


def _sound_session_started(state: State, event: e.SoundSessionStarted) -> None:
    state.calls[event.call].session = event.session


def _call_held(state: State, event: e.CallHeld) -> None:
    call = state.calls[event.call]
    move_call(call, event)
    call.held_since = state.now


def _call_resumed(state: State, event: e.CallResumed) -> None:
    call = state.calls[event.call]
    move_call(call, event)
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
    state.index.deadlines.due(event.gone_at, Due.CALLER_GONE, call.id)


def _caller_returned(state: State, event: e.CallerReturned) -> None:
    call = state.calls[event.call]
    call.gone_at = None
    state.index.callers.call_waits(call)


def _call_ended(state: State, event: e.CallEnded) -> None:
    call = state.calls[event.call]
    if state.index.callers.lines:
        state.index.callers.leaves_line(call)
    move_call(call, event)
    if call.partner is not None:
        state.index.callers.partner_left(call)
    del state.calls[event.call]
    if call.has_leg:
        del state.calls_by_leg[call.leg]


APPLY: dict[type[e.Event], Callable[[State, Any], None]] = {
    e.CallArrived: _call_arrived,
    e.MediumChanged: _medium_changed,
    e.PartnerRecognised: _partner_recognised,
    e.GreetingStarted: _greeting_started,
    e.ConsentAsked: _consent_asked,
    e.ConsentAnswered: _consent_answered,
    e.MenuStarted: _menu_started,
    e.PromptHeard: _prompt_heard,
    e.ChoiceMade: _choice_made,
    e.CallSent: _call_sent,
    e.HopLimitReached: _hop_limit_reached,
    e.MessageStarted: _message_started,
    e.VoicemailStarted: _voicemail_started,
    e.VoicemailLeft: _voicemail_left,
    e.CallQueued: _call_queued,
    e.CallWidened: _call_widened,
    e.MaximumWaitMoved: _maximum_wait_moved,
    e.MaximumWaitReached: _maximum_wait_reached,
    e.WaitAnnounced: _wait_announced,
    e.ShareLimitHeld: _share_limit_held,
    e.CallForwarded: _call_forwarded,
    e.ForwardFailed: _forward_failed,
    e.CallOffered: _call_offered,
    e.OfferRenewed: _offer_renewed,
    e.OfferAccepted: _offer_accepted,
    e.OfferDeclined: _offer_returned,
    e.OfferMissed: _offer_returned,
    e.OfferWithdrawn: _offer_withdrawn,
    e.SoundSessionStarted: _sound_session_started,
    e.SoundConfirmed: nothing,
    e.CallHeld: _call_held,
    e.CallResumed: _call_resumed,
    e.CallerLost: _caller_lost,
    e.CallerReturned: _caller_returned,
    e.CallEnded: _call_ended,
}
