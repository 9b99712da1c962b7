"""What an event about a conversation that changes hands changes."""

from collections.abc import Callable
from typing import Any

import msgspec

from openline.engine import events as e
from openline.engine.apply.moves import move_agent, move_call
from openline.engine.index import Due
from openline.engine.parties import Party, PartyKind, PartyState
from openline.engine.state import Agent, Call, Offer, State
from openline.model import AgentKey, Duration, Reason


def _call_transferred(state: State, event: e.CallTransferred) -> None:
    call = state.calls[event.call]
    move_call(call, event)
    call.agent = event.taken_by
    if event.taken_by is None:
        # It is queued in the same step, and keeps what it is until then.
        return
    party = party_of(call, event.taken_by)
    call.accepted = party.offer
    call.answered_at = state.now
    call.held_since = None
    call.held = Duration(0)
    _without(call, event.taken_by)


def party_of(call: Call, agent: AgentKey) -> Party:
    """Returns as what the agent is in a call that is another's."""
    return next(party for party in call.parties if party.agent == agent)


def _without(call: Call, agent: AgentKey) -> None:
    call.parties = tuple(party for party in call.parties if party.agent != agent)


def _consult_offered(state: State, event: e.ConsultOffered) -> None:
    call = state.calls[event.call]
    agent = state.agents[event.agent]
    move_agent(state, agent, event, event.reason)
    agent.offer = event.offer
    state.offers[event.offer] = Offer(
        id=event.offer,
        call=event.call,
        agent=event.agent,
        expires_at=event.expires_at,
        is_consult=True,
    )
    state.next_offer = event.offer + 1
    state.index.due(event.expires_at, Due.OFFER_EXPIRES, event.offer)
    party = Party(
        kind=PartyKind.CONSULTED,
        state=PartyState.RINGING,
        leg=event.leg,
        agent=event.agent,
        offer=event.offer,
        since=state.now,
    )
    call.parties = (*call.parties, party)


def _end_offer(
    state: State,
    event: e.ConsultAccepted | e.ConsultDeclined | e.ConsultMissed | e.ConsultWithdrawn,
    reason: Reason | None,
) -> Agent:
    del state.offers[event.offer]
    agent = state.agents[event.agent]
    move_agent(state, agent, event, reason)
    agent.offer = None
    return agent


def _consult_accepted(state: State, event: e.ConsultAccepted) -> None:
    agent = _end_offer(state, event, None)
    agent.call = event.call
    agent.busy_since = state.now
    call = state.calls[event.call]
    call.parties = tuple(
        msgspec.structs.replace(party, state=PartyState.JOINED, since=state.now)
        if party.agent == event.agent
        else party
        for party in call.parties
    )


def _consult_refused(state: State, event: e.ConsultDeclined | e.ConsultMissed) -> None:
    agent = _end_offer(state, event, event.becomes)
    agent.pause_reason = None
    _without(state.calls[event.call], event.agent)


def _consult_withdrawn(state: State, event: e.ConsultWithdrawn) -> None:
    agent = _end_offer(state, event, event.reason)
    _without(state.calls[event.call], event.agent)
    state.index.agent_idles(agent)


def _consult_ended(state: State, event: e.ConsultEnded) -> None:
    _without(state.calls[event.call], event.agent)
    # She is made ready, paused or signed out in the same step.
    state.agents[event.agent].call = None


APPLY: dict[type[e.Event], Callable[[State, Any], None]] = {
    e.CallTransferred: _call_transferred,
    e.ConsultOffered: _consult_offered,
    e.ConsultAccepted: _consult_accepted,
    e.ConsultDeclined: _consult_refused,
    e.ConsultMissed: _consult_refused,
    e.ConsultWithdrawn: _consult_withdrawn,
    e.ConsultEnded: _consult_ended,
}
