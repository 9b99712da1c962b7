"""Could a conversation have changed hands like this?"""

from collections.abc import Callable
from typing import Any

from openline.engine import AgentState, CallState
from openline.engine import events as e
from openline.engine.parties import PartyKind
from openline.engine.targets import ToAgent
from openline.invariants.catalogue import expect
from openline.invariants.told import Told, ToldCall


def nobody_is_left_alone(told: Told) -> None:
    """Holds a step to its end: what was handed on has arrived, and who gave it has let go.

    Whom an agent is dialling is hers, too. Who was handed on outside is with somebody there, or
    somebody is being rung for him.
    """
    expect(not told.handed_on, "I2", f"{list(told.handed_on)} gave calls away and work on")
    for call in told.calls.values():
        talks = call.stage in (CallState.TALKING, CallState.HELD, CallState.DIALLING)
        expect(talks == (call.agent is not None), "I19", f"call {call.id} was left alone")
        if call.stage is CallState.OUTSIDE:
            expect(bool(call.parties), "I19", f"call {call.id} was left alone outside")
        elif not talks and call.stage is not CallState.FORWARDED:
            left = [party.who for party in call.parties.values()]
            expect(not left, "I25", f"{left} are kept by call {call.id}, which is nobody's")
    for agent in told.agents.values():
        if agent.stage is AgentState.TALKING:
            talk = None if agent.call is None else told.calls.get(agent.call)
            is_in_it = talk is not None and (
                talk.agent == agent.key
                or any(
                    one.is_there and not one.is_outside and one.who == agent.key
                    for one in talk.parties.values()
                )
            )
            expect(is_in_it, "I2", f"{agent.key} talks in call {agent.call} and has no part in it")


def _gives_up(told: Told, call: ToldCall, event: e.CallTransferred | e.CallGivenOutside) -> None:
    """Holds what is told of the agent who lets a call go to what was told before."""
    expect(call.agent == event.agent, "I2", f"{event.agent} gives away a call not hers")
    assert call.answered_at is not None
    held = call.held + (0 if call.held_since is None else told.now - call.held_since)
    expect(
        (event.queue, event.talked, event.held) == (call.queue, told.now - call.answered_at, held),
        "I9",
        f"call {call.id}: what its agent had of it",
    )
    told.handed_on[event.agent] = call.id
    is_rung = any(not party.is_there for party in call.parties.values())
    expect(not is_rung, "I3", f"call {call.id} is handed on while somebody is rung for it")


def _call_transferred(told: Told, event: e.CallTransferred) -> None:
    call = told.calls[event.call]
    _gives_up(told, call, event)
    call.agent = event.taken_by
    if event.taken_by is None:
        expect(not call.parties, "I2", f"call {call.id} left somebody behind")
        call.promised_to = event.to.agent if isinstance(event.to, ToAgent) else None
        return
    consulted = next(
        (n for n, one in call.parties.items() if one.who == event.taken_by and not one.is_outside),
        None,
    )
    assert consulted is not None, f"call {call.id} went to a stranger"
    party = call.parties.pop(consulted)
    is_consulted = party.kind is PartyKind.CONSULTED and not party.is_outside
    expect(is_consulted, "I2", f"call {call.id} went to who was not asked")
    expect(event.consulted == told.now - party.since, "I9", f"call {call.id}: how long they spoke")
    call.stage, call.answered_at, call.held_since, call.held = CallState.TALKING, told.now, None, 0


def _call_given_outside(told: Told, event: e.CallGivenOutside) -> None:
    call = told.calls[event.call]
    _gives_up(told, call, event)
    took = 0
    if event.party is not None:
        party = call.parties[event.party]
        is_consulted = party.kind is PartyKind.CONSULTED and party.who == event.outside
        expect(is_consulted, "I2", f"call {call.id} went to who was not asked")
        took, party.kind = told.now - party.since, PartyKind.THIRD
    expect(event.consulted == took, "I9", f"call {call.id}: how long they spoke")
    call.agent, call.stage = None, CallState.OUTSIDE
    call.answered_at, call.held_since, call.held = None, None, 0


FOLD: dict[type[e.Event], Callable[[Told, Any], None]] = {
    e.CallTransferred: _call_transferred,
    e.CallGivenOutside: _call_given_outside,
}
