"""Could a conversation have changed hands like this?"""

from collections.abc import Callable
from typing import Any

from openline.engine import AgentState, CallState
from openline.engine import events as e
from openline.engine.targets import ToAgent
from openline.invariants.catalogue import expect
from openline.invariants.offers import over
from openline.invariants.told import Told, ToldOffer


def nobody_is_left_alone(told: Told) -> None:
    """Holds a step to its end: what was handed on has arrived, and who gave it has let go.

    Whom an agent is dialling is hers, too.
    """
    expect(not told.handed_on, "I2", f"{list(told.handed_on)} gave calls away and work on")
    for call in told.calls.values():
        talks = call.stage in (CallState.TALKING, CallState.HELD, CallState.DIALLING)
        expect(talks == (call.agent is not None), "I19", f"call {call.id} was left alone")
        for key in (call.asked, call.consulted):
            is_in_talk = key is None or talks
            expect(is_in_talk, "I25", f"{key} is kept by call {call.id}, which is nobody's")
    for agent in told.agents.values():
        if agent.stage is AgentState.TALKING:
            talk = None if agent.call is None else told.calls.get(agent.call)
            is_in_it = talk is not None and agent.key in (talk.agent, talk.consulted)
            expect(is_in_it, "I2", f"{agent.key} talks in call {agent.call} and has no part in it")


def _call_transferred(told: Told, event: e.CallTransferred) -> None:
    call = told.calls[event.call]
    expect(call.agent == event.agent, "I2", f"{event.agent} gives away a call not hers")
    assert call.answered_at is not None
    held = call.held + (0 if call.held_since is None else told.now - call.held_since)
    expect(
        (event.queue, event.talked, event.held) == (call.queue, told.now - call.answered_at, held),
        "I9",
        f"call {call.id}: what its agent had of it",
    )
    told.handed_on[event.agent] = call.id
    call.agent = event.taken_by
    expect(call.asked is None, "I3", f"call {call.id} is handed on while somebody is rung for it")
    if event.taken_by is None:
        expect(call.consulted is None, "I2", f"call {call.id} left {call.consulted} behind")
        call.promised_to = event.to.agent if isinstance(event.to, ToAgent) else None
        return
    expect(event.taken_by == call.consulted, "I2", f"call {call.id} went to a stranger")
    is_right = event.consulted == told.now - call.consulted_since
    expect(is_right, "I9", f"call {call.id}: how long they conferred")
    call.consulted = None
    call.stage, call.answered_at, call.held_since, call.held = CallState.TALKING, told.now, None, 0


def _consult_offered(told: Told, event: e.ConsultOffered) -> None:
    call, agent = told.calls[event.call], told.agents[event.agent]
    expect(event.offer > told.last_offer, "I3", f"offer number {event.offer} was drawn twice")
    expect(agent.is_idle, "I3", f"{agent.key} was asked while {agent.stage.value}")
    expect(agent.offer is None and agent.call is None, "I3", f"{agent.key} has a call")
    expect(call.agent == event.by, "I2", f"{event.by} asks about a call not hers")
    expect(call.stage is CallState.HELD, "I19", f"the caller of {call.id} was not parked")
    expect(call.asked is None and call.consulted is None, "I2", f"two are asked about {call.id}")
    expect(call.origin in agent.origins, "origin", f"{agent.key} takes no such calls")
    if event.queue is not None:
        serves = told.reaches[agent.key].get(event.queue) == 0
        expect(serves, "origin", f"{agent.key} was asked for {event.queue} and does not serve it")
    expect(event.expires_at > told.now, "I15", f"offer {event.offer} was born dead")
    told.last_offer = event.offer
    told.offers[event.offer] = ToldOffer(
        call=call.id, agent=agent.key, expires_at=event.expires_at, is_consult=True
    )
    call.asked = agent.key
    agent.stage, agent.offer = AgentState.OFFERED, event.offer


def _consult_accepted(told: Told, event: e.ConsultAccepted) -> None:
    call, agent = over(told, event)
    call.asked, call.consulted, call.consulted_since = None, agent.key, told.now
    agent.stage, agent.call, agent.busy_since = AgentState.TALKING, call.id, told.now


def _consult_in_vain(
    told: Told, event: e.ConsultDeclined | e.ConsultMissed | e.ConsultWithdrawn
) -> None:
    call, agent = over(told, event)
    call.asked = None
    is_taken_back = isinstance(event, e.ConsultWithdrawn)
    agent.stage = AgentState.READY if is_taken_back else AgentState.PAUSED


def _consult_ended(told: Told, event: e.ConsultEnded) -> None:
    call, agent = told.calls[event.call], told.agents[event.agent]
    expect(call.consulted == event.agent, "I2", f"{event.agent} was not asked about {call.id}")
    expect(event.took == told.now - call.consulted_since, "I9", f"call {call.id}: a consultation")
    call.consulted = agent.call = None


FOLD: dict[type[e.Event], Callable[[Told, Any], None]] = {
    e.CallTransferred: _call_transferred,
    e.ConsultOffered: _consult_offered,
    e.ConsultAccepted: _consult_accepted,
    e.ConsultDeclined: _consult_in_vain,
    e.ConsultMissed: _consult_in_vain,
    e.ConsultWithdrawn: _consult_in_vain,
    e.ConsultEnded: _consult_ended,
}
