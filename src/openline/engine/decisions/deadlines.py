"""What follows when a deadline comes: no offer, no greeting and no lost page lasts for ever.

Each function leaves its deadline gone or moved on, so that the same one never comes twice.
"""

from collections.abc import Callable

from openline.engine import events as e
from openline.engine.apply.parties import party_of
from openline.engine.decision import Decision
from openline.engine.decisions.acts import (
    conversation,
    offer_call,
    queue_again,
    sign_out,
    stop_ringing,
    withdraw,
)
from openline.engine.decisions.announcements import announce
from openline.engine.decisions.callback_offers import callback_offer_due
from openline.engine.decisions.callbacks import (
    callback_due,
    dialled_long_enough,
    promise_ends,
)
from openline.engine.decisions.consults import hand_over
from openline.engine.decisions.endings import end_call
from openline.engine.decisions.forwarding import announced
from openline.engine.decisions.interflow import maximum_wait_reached
from openline.engine.decisions.leaving import go_on_without
from openline.engine.decisions.menus import nothing_pressed
from openline.engine.decisions.on_call import on_call_due
from openline.engine.decisions.overflow import widen
from openline.engine.decisions.parties import (
    consulted_in,
    dismiss,
    miss_party,
    part,
    takes_part_in,
)
from openline.engine.decisions.sending import go_in, message_over
from openline.engine.due import Due
from openline.engine.parties import Party, PartyState
from openline.engine.state import Agent, AgentState, Call, CallState
from openline.model import CallId, Instant, OfferId, Reason


def _offer_expires(d: Decision, number: int) -> None:
    offer = d.state.offers[OfferId(number)]
    if offer.is_for_party:
        miss_party(d, offer)
        return
    call, agent = d.state.calls[offer.call], d.state.agents[offer.agent]
    d.record(e.OfferMissed(offer=offer.id, call=call.id, agent=agent.key))
    stop_ringing(d, agent, offer.id, Reason.MISSED)
    offer_call(d, call)


def _sound_overdue(d: Decision, number: int) -> None:
    """Goes on with a caller although the end of what he heard was never reported."""
    call = d.state.calls[CallId(number)]
    if call.state is CallState.GREETING:
        go_in(d, call, Reason.GREETING_OVERDUE)
    elif call.state is CallState.MESSAGE:
        message_over(d, call, Reason.MESSAGE_OVERDUE)
    elif call.state is CallState.FORWARDED:
        announced(d, call)
    elif call.state in (CallState.MENU, CallState.CONSENT):
        nothing_pressed(d, call)
    else:
        end_call(d, call, Reason.VOICEMAIL_OVERDUE)


def _caller_gone(d: Decision, number: int) -> None:
    end_call(d, d.state.calls[CallId(number)], Reason.CALLER_LOST)


def _agent_gone(d: Decision, number: int) -> None:
    """Frees whoever depends on an agent who did not come back; later signs her out."""
    agent = d.state.index.agent_by_number(number)
    if agent.state in (AgentState.PAUSED, AgentState.WRAP_UP):
        absent_at = Instant(agent.since + d.state.settings.absent_after)
        if d.now < absent_at:
            # She was lost in a call that ended meanwhile: nobody depends on her any more.
            d.record(e.AgentLost(agent=agent.key, gone_at=absent_at, reason=Reason.CONNECTION_LOST))
        else:
            sign_out(d, agent, Reason.ABSENT)
        return
    call = conversation(d, agent)
    if call is not None:
        _owner_gone(d, call, agent)
        return
    others_call = takes_part_in(d, agent)
    if others_call is not None:
        party = party_of(others_call, agent.key)
        part(d, others_call, agent, Reason.AGENT_LOST)
        _pause_absent(d, agent)
        go_on_without(d, others_call, party, Reason.AGENT_LOST)
        return
    returned = None
    if agent.offer is not None:
        returned, _ = withdraw(d, d.state.offers[agent.offer], Reason.AGENT_UNREACHABLE)
    _pause_absent(d, agent)
    if returned is not None:
        offer_call(d, returned)


def _owner_gone(d: Decision, call: Call, agent: Agent) -> None:
    """Gives the call to whoever was consulted on it and is there, else back to its queue."""
    consulted = consulted_in(call)
    if consulted is not None and _can_take_over(d, consulted):
        hand_over(d, call, consulted, Reason.AGENT_LOST)
        _pause_absent(d, agent)
        return
    freed = dismiss(d, call, Reason.AGENT_LOST)
    # He was answered and cut off through no fault of his: his first place is his again.
    queue_again(d, call, Reason.AGENT_LOST, freed)
    _pause_absent(d, agent)


def _can_take_over(d: Decision, party: Party) -> bool:
    if party.agent is None or party.state is PartyState.RINGING:
        return False
    return d.state.agents[party.agent].gone_at is None


def _pause_absent(d: Decision, agent: Agent) -> None:
    d.record(e.AgentPaused(agent=agent.key, reason=Reason.CONNECTION_LOST))
    gone_at = Instant(d.now + d.state.settings.absent_after)
    d.record(e.AgentLost(agent=agent.key, gone_at=gone_at, reason=Reason.CONNECTION_LOST))


def _wrap_up_limit(d: Decision, number: int) -> None:
    d.record(e.WrapUpLimitReached(agent=d.state.index.agent_by_number(number).key))


def _recovery_over(d: Decision, number: int) -> None:
    """Tells her, and leaves it to her when she is ready."""
    d.record(e.RecoveryBreakOver(agent=d.state.index.agent_by_number(number).key))


def _on_call(d: Decision, number: int) -> None:
    on_call_due(d, d.state.index.work.unstaffed_by_number(number).queue)


def _overflow(d: Decision, number: int) -> None:
    call = d.state.calls[CallId(number)]
    widen(d, call, Reason.WAITED)
    offer_call(d, call)


def _maximum_wait(d: Decision, number: int) -> None:
    maximum_wait_reached(d, d.state.calls[CallId(number)])


def _announcement(d: Decision, number: int) -> None:
    announce(d, d.state.calls[CallId(number)])


DUE: dict[int, Callable[[Decision, int], None]] = {
    Due.OFFER_EXPIRES: _offer_expires,
    Due.SOUND_OVERDUE: _sound_overdue,
    Due.CALLER_GONE: _caller_gone,
    Due.AGENT_GONE: _agent_gone,
    Due.WRAP_UP_LIMIT: _wrap_up_limit,
    Due.RECOVERY_OVER: _recovery_over,
    Due.ON_CALL: _on_call,
    Due.OVERFLOW: _overflow,
    Due.MAXIMUM_WAIT: _maximum_wait,
    Due.ANNOUNCEMENT: _announcement,
    Due.PROMISE_ENDS: promise_ends,
    Due.DIALLED_LONG_ENOUGH: dialled_long_enough,
    Due.CALLBACK_DUE: callback_due,
    Due.CALLBACK_OFFER: callback_offer_due,
}
