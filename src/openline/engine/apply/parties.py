"""What an event about those who are in a call besides its caller and agent changes."""

from collections.abc import Callable
from typing import Any

import msgspec

from openline.engine import events as e
from openline.engine.apply.moves import move_agent
from openline.engine.due import Due
from openline.engine.parties import HandOver, Party, PartyKind, PartyState
from openline.engine.state import Agent, AgentState, Call, CallState, Offer, State
from openline.model import AgentKey, Duration, OfferId, Reason


def party_of(call: Call, agent: AgentKey) -> Party:
    """Returns as what the agent is in a call that is another's."""
    return next(party for party in call.parties if party.agent == agent)


def without(call: Call, number: OfferId) -> None:
    """Takes a party out of the call."""
    call.parties = tuple(party for party in call.parties if party.number != number)


def _joins(state: State, call: Call, number: OfferId) -> None:
    call.parties = tuple(
        msgspec.structs.replace(party, state=PartyState.JOINED, since=state.now)
        if party.number == number
        else party
        for party in call.parties
    )


# --- agents --------------------------------------------------------------------------------


def _party_asked(state: State, event: e.PartyAsked) -> None:
    call = state.calls[event.call]
    agent = state.agents[event.agent]
    move_agent(state, agent, event, event.reason)
    agent.offer = event.offer
    state.offers[event.offer] = Offer(
        id=event.offer,
        call=event.call,
        agent=event.agent,
        expires_at=event.expires_at,
        is_for_party=True,
    )
    state.next_offer = event.offer + 1
    state.index.deadlines.due(event.expires_at, Due.OFFER_EXPIRES, event.offer)
    party = Party(
        number=event.offer,
        kind=event.kind,
        state=PartyState.RINGING,
        leg=event.leg,
        since=state.now,
        agent=event.agent,
    )
    call.parties = (*call.parties, party)


def _end_offer(
    state: State,
    event: e.PartyJoined | e.PartyDeclined | e.PartyMissed | e.PartyWithdrawn,
    reason: Reason | None,
) -> Agent:
    del state.offers[event.offer]
    agent = state.agents[event.agent]
    move_agent(state, agent, event, reason)
    agent.offer = None
    return agent


def _party_joined(state: State, event: e.PartyJoined) -> None:
    agent = _end_offer(state, event, None)
    agent.call = event.call
    agent.busy_since = state.now
    _joins(state, state.calls[event.call], event.offer)


def _party_refused(state: State, event: e.PartyDeclined | e.PartyMissed) -> None:
    agent = _end_offer(state, event, event.becomes)
    agent.pause_reason = None
    without(state.calls[event.call], event.offer)


def _party_withdrawn(state: State, event: e.PartyWithdrawn) -> None:
    agent = _end_offer(state, event, event.reason)
    without(state.calls[event.call], event.offer)
    state.index.idle.agent_idles(agent)


def _party_left(state: State, event: e.PartyLeft) -> None:
    call = state.calls[event.call]
    without(call, party_of(call, event.agent).number)
    # She is made ready, paused or signed out in the same step.
    state.agents[event.agent].call = None


# --- listening -----------------------------------------------------------------------------


def _listening_started(state: State, event: e.ListeningStarted) -> None:
    call, agent = state.calls[event.call], state.agents[event.agent]
    party = Party(
        number=event.party,
        kind=PartyKind.LISTENER,
        state=PartyState.JOINED,
        leg=event.leg,
        since=state.now,
        agent=event.agent,
        mode=event.mode,
        was_ready=agent.state is AgentState.READY,
        pause_reason=agent.pause_reason,
    )
    call.parties = (*call.parties, party)
    state.next_offer = event.party + 1
    move_agent(state, agent, event, None)
    agent.call = event.call
    agent.busy_since = state.now
    agent.pause_reason = agent.by = None


def _listening_changed(state: State, event: e.ListeningChanged) -> None:
    call = state.calls[event.call]
    call.parties = tuple(
        msgspec.structs.replace(party, mode=event.mode) if party.number == event.party else party
        for party in call.parties
    )


# --- outside -------------------------------------------------------------------------------


def _outside_dialled(state: State, event: e.OutsideDialled) -> None:
    call = state.calls[event.call]
    party = Party(
        number=event.party,
        kind=event.kind,
        state=PartyState.RINGING,
        leg=event.leg,
        since=state.now,
        outside=event.outside,
        dial=event.dial,
    )
    call.parties = (*call.parties, party)
    call.playback = call.due_at = call.sound = None
    call.give_up_at = event.give_up_at
    state.next_offer = event.party + 1
    state.calls_by_outside_leg[event.leg] = call
    state.index.deadlines.due(event.give_up_at, Due.DIALLED_LONG_ENOUGH, call.id)
    if event.passes_number and event.by is not None:  # no queue ever passes a number on
        state.hand_overs[event.party] = HandOver(
            number=event.party,
            call=event.call,
            line=event.line,
            outside=event.outside,
            origin=call.origin,
            by=event.by,
            at=state.now,
        )


def _outside_answered(state: State, event: e.OutsideAnswered) -> None:
    call = state.calls[event.call]
    call.give_up_at = None
    _joins(state, call, event.party)
    if call.state is CallState.FORWARDED:
        assert call.queued_at is not None, f"call {call.id} is queued since never"
        call.reached_at = state.now
        call.waited = Duration(state.now - call.queued_at)


def _outside_gone(state: State, event: e.OutsideFailed | e.OutsideLeft) -> None:
    call = state.calls[event.call]
    party = next(party for party in call.parties if party.number == event.party)
    if party.state is PartyState.RINGING:
        call.give_up_at = None
    without(call, party.number)
    del state.calls_by_outside_leg[party.leg]


def _hand_over_reviewed(state: State, event: e.HandOverReviewed) -> None:
    del state.hand_overs[event.hand_over]


APPLY: dict[type[e.Event], Callable[[State, Any], None]] = {
    e.PartyAsked: _party_asked,
    e.PartyJoined: _party_joined,
    e.PartyDeclined: _party_refused,
    e.PartyMissed: _party_refused,
    e.PartyWithdrawn: _party_withdrawn,
    e.PartyLeft: _party_left,
    e.ListeningStarted: _listening_started,
    e.ListeningChanged: _listening_changed,
    e.OutsideDialled: _outside_dialled,
    e.HandOverReviewed: _hand_over_reviewed,
    e.OutsideAnswered: _outside_answered,
    e.OutsideFailed: _outside_gone,
    e.OutsideLeft: _outside_gone,
}
