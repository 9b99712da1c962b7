"""Could this have happened to a call?"""

from collections.abc import Callable
from typing import Any

from openline.engine import CallOutcome, CallState
from openline.engine import events as e
from openline.invariants import callbacks, forwarding
from openline.invariants.catalogue import expect
from openline.invariants.told import Told, ToldCall
from openline.model import Instant, Origin, Reason


def _call_arrived(told: Told, event: e.CallArrived) -> None:
    expect(event.call > told.last_call, "I1", f"call number {event.call} was drawn twice")
    expect(
        all(call.leg != event.leg for call in told.calls.values()),
        "I11",
        f"two calls at leg {event.leg}",
    )
    told.last_call = event.call
    told.arrived += 1
    told.calls[event.call] = ToldCall(
        id=event.call,
        leg=event.leg,
        line=event.line,
        origin=event.origin,
        arrived_at=told.now,
        language=event.language,
        can_be_called_back=event.can_be_called_back,
        regains=event.waiting_since,
        medium=event.medium,
    )


def _medium_changed(told: Told, event: e.MediumChanged) -> None:
    call = told.calls[event.call]
    expect(event.medium is not call.medium, "medium", f"call {call.id} has that medium already")
    call.medium = event.medium
    call.needs_session = call.agent is not None


def everybody_is_joined_as_he_chose(told: Told) -> None:
    """Holds a conversation whose medium changed to a session that was begun since."""
    for call in told.calls.values():
        expect(not call.needs_session, "medium", f"call {call.id} goes on in the old session")


def _partner_recognised(told: Told, event: e.PartnerRecognised) -> None:
    call = told.calls[event.call]
    known = next((each for each in told.settings.partners if each.key == event.partner), None)
    begun = known is not None and known.begins <= told.now
    expect(begun and call.origin is not Origin.PRACTICE, "partner", f"{event.partner} is none")
    call.partner = event.partner


def _greeting_started(told: Told, event: e.GreetingStarted) -> None:
    expect(told.calls[event.call].stage is CallState.GREETING, "I1", "greeted too late")


def _call_queued(told: Told, event: e.CallQueued) -> None:
    call = told.calls[event.call]
    expect(call.stage is not CallState.QUEUED, "I11", f"call {call.id} was queued twice")
    expect(call.offer is None, "I3", f"call {call.id} was queued under an offer")
    expect(event.entry == call.entries + 1, "I8", f"call {call.id}: an entry was not counted")
    if call.entries:
        is_own = event.waiting_since == (call.waiting_since if call.keeps_place else told.now)
        expect(is_own, "I17", f"call {call.id} did not get his own place back")
    else:
        told.queued += 1
        is_now = event.waiting_since == (call.regains or told.now) <= told.now
        expect(is_now, "I5", f"call {call.id} waits since another time")
    if event.reason is Reason.TRANSFERRED:
        queue = told.queue_settings[event.queue]
        is_preferred = event.priority == max(queue.priority, queue.transferred_priority)
        expect(is_preferred, "transfer", f"call {call.id} is not preferred as its queue says")
    if call.agent is not None:
        # She is let go in the same step; see `freed` in `agents`, which holds the two together.
        told.agents[call.agent].call = None
    is_same = (event.topic, event.language) == (call.topic, call.language)
    expect(is_same, "topic", f"call {call.id} was queued under another topic or language")
    call.menu, call.was_held_back = None, False
    call.stage, call.queue, call.priority = CallState.QUEUED, event.queue, event.priority
    call.entries, call.waiting_since = event.entry, event.waiting_since
    call.queued_at = told.now
    call.step, call.widens_at = 0, event.widens_at
    _leaves_in_time(told, call, event)
    call.agent, call.answered_at, call.held_since, call.held = None, None, None, 0


def _leaves_in_time(told: Told, call: ToldCall, event: e.CallQueued) -> None:
    """Holds the end of the wait to the maximum of the queue."""
    expect(
        event.leaves_at == told.leaves_at(call),
        "interflow",
        f"call {call.id} leaves at another time than is configured",
    )
    call.leaves_at, call.is_overdue, call.keeps_place = event.leaves_at, False, True
    call.announce_at = None


def _wait_announced(told: Told, event: e.WaitAnnounced) -> None:
    call, configured = told.calls[event.call], told.queue_settings[event.queue].announcements
    assert configured is not None
    is_heard = call.is_offerable
    place = told.place_of(call) if is_heard and configured.place else None
    expect(event.place == place, "announced", f"call {call.id} is at place {place}")
    may_tell = is_heard and configured.wait
    expect(may_tell or event.wait is None, "announced", f"call {call.id} is not told of the wait")
    every = configured.every
    next_at = Instant(told.now + every) if every else None
    expect(event.next_at == next_at, "announced", f"call {call.id} is told again at another time")
    call.announce_at = event.next_at


def _call_widened(told: Told, event: e.CallWidened) -> None:
    call = told.calls[event.call]
    has_place = call.stage in (CallState.QUEUED, CallState.OFFERED)
    expect(has_place and event.queue == call.queue, "overflow", f"call {call.id} waits not")
    expect(
        (event.step, event.next_at) == told.steps_of(call),
        "overflow",
        f"call {call.id} reached step {event.step}, which is not what its wait has come to",
    )
    call.step, call.widens_at = event.step, event.next_at


def _sound_session_started(told: Told, event: e.SoundSessionStarted) -> None:
    call = told.calls[event.call]
    expect(event.session == call.session + 1, "I6", "a sound session was left out")
    call.session = event.session
    call.needs_session = False


def _sound_confirmed(told: Told, event: e.SoundConfirmed) -> None:
    call = told.calls[event.call]
    expect(event.session == call.session, "I11", "a late sound report was believed")


def _hold_changed(told: Told, event: e.CallHeld | e.CallResumed) -> None:
    call = told.calls[event.call]
    expect(call.agent == event.agent, "I2", f"{event.agent} parks a call that is not hers")
    if isinstance(event, e.CallHeld):
        expect(call.stage is CallState.TALKING, "I11", f"call {call.id} was held twice")
        call.stage, call.held_since = CallState.HELD, told.now
    else:
        assert call.held_since is not None
        call.held += told.now - call.held_since
        call.stage, call.held_since = CallState.TALKING, None


def _caller_lost(told: Told, event: e.CallerLost) -> None:
    told.calls[event.call].is_lost = True


def _caller_returned(told: Told, event: e.CallerReturned) -> None:
    told.calls[event.call].is_lost = False


def _call_ended(told: Told, event: e.CallEnded) -> None:
    call = told.calls.pop(event.call)
    expect(call.offer is None, "I28", f"call {call.id} ended under an offer")
    left = [party.who for party in call.parties.values()]
    expect(not left, "I25", f"call {call.id} ended and left {left} behind")
    expect(event.queue == call.queue and event.agent == call.agent, "I8", "whose call it was")
    waited, talked, held = 0, 0, 0
    outcome = CallOutcome.LEFT_BEFORE_QUEUE
    if call.answered_at is not None:
        outcome, waited = CallOutcome.ANSWERED, call.waited
        talked, held = told.now - call.answered_at, call.held
        held += 0 if call.held_since is None else told.now - call.held_since
    elif call.stage is CallState.OUTSIDE:
        outcome, waited = CallOutcome.ANSWERED, call.waited
    elif call.stage is CallState.FORWARDED:
        outcome, waited = forwarding.outcome_of(told, call)
    elif call.stage in _ELSEWHERE:
        outcome = _outcome_elsewhere(call)
        if call.waited_before_sent is not None:
            waited = call.waited_before_sent
            told.queued_and_sent_on += 1
    elif call.queued_at is not None:
        outcome, waited = CallOutcome.ABANDONED, told.now - call.queued_at
    of_callback = callbacks.outcome_of(told, call, event)
    if of_callback is not None:
        outcome = of_callback
        waited = call.waited if call.stage is CallState.DIALLING else waited
    expect(event.outcome is outcome, "I1", f"call {call.id} ended as {event.outcome.value}")
    is_same = (event.topic, event.language) == (call.topic, call.language)
    expect(is_same, "topic", f"call {call.id} ended under another topic or language")
    expect(
        (event.waited, event.talked, event.held) == (waited, talked, held),
        "I9",
        f"call {call.id}: waited, talked, held are not {waited}, {talked}, {held}",
    )
    expect(
        waited >= 0 and 0 <= held <= talked <= told.now - call.arrived_at,
        "I9",
        f"call {call.id} has a duration that cannot be",
    )
    told.ended[outcome] += 1


_ELSEWHERE = (CallState.MENU, CallState.MESSAGE, CallState.VOICEMAIL)


def _outcome_elsewhere(call: ToldCall) -> CallOutcome:
    """Returns how a call ends that hears something and waits for nobody."""
    if call.stage is CallState.MENU:
        return CallOutcome.LEFT_IN_MENU
    if call.has_left_voicemail:
        return CallOutcome.VOICEMAIL_LEFT
    return CallOutcome.HEARD_CLOSED if call.is_closed_to else CallOutcome.HEARD_MESSAGE


FOLD: dict[type[e.Event], Callable[[Told, Any], None]] = {
    e.CallArrived: _call_arrived,
    e.MediumChanged: _medium_changed,
    e.PartnerRecognised: _partner_recognised,
    e.GreetingStarted: _greeting_started,
    e.CallQueued: _call_queued,
    e.CallWidened: _call_widened,
    e.WaitAnnounced: _wait_announced,
    e.SoundSessionStarted: _sound_session_started,
    e.SoundConfirmed: _sound_confirmed,
    e.CallHeld: _hold_changed,
    e.CallResumed: _hold_changed,
    e.CallerLost: _caller_lost,
    e.CallerReturned: _caller_returned,
    e.CallEnded: _call_ended,
}
