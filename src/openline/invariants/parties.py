"""Could somebody have come into a call like this, and gone out of it?"""

from collections.abc import Callable
from typing import Any

from openline.engine import AgentState, CallState
from openline.engine import events as e
from openline.engine.parties import PartyKind
from openline.engine.settings import OutsideKind
from openline.invariants import forwarding
from openline.invariants.catalogue import expect
from openline.invariants.offers import over
from openline.invariants.told import Told, ToldCall, ToldOffer, ToldParty
from openline.model import Instant, OfferId


def _may_ask(told: Told, call: ToldCall, number: OfferId, kind: PartyKind, until: Instant) -> None:
    """Holds a question to the call that it is about."""
    expect(number > told.last_offer, "I3", f"number {number} was drawn twice")
    expect(until > told.now, "I15", f"offer {number} was born dead")
    is_rung = any(not party.is_there for party in call.parties.values())
    expect(not is_rung, "I3", f"two are rung at once for call {call.id}")
    if kind is PartyKind.CONSULTED:
        expect(call.stage is CallState.HELD, "I19", f"the caller of {call.id} was not parked")
        is_other = all(party.kind is not kind for party in call.parties.values())
        expect(is_other, "I2", f"two are asked about {call.id}")
    told.last_offer = number


def _party_asked(told: Told, event: e.PartyAsked) -> None:
    call, agent = told.calls[event.call], told.agents[event.agent]
    _may_ask(told, call, event.offer, event.kind, event.expires_at)
    expect(agent.is_idle, "I3", f"{agent.key} was asked while {agent.stage.value}")
    expect(agent.offer is None and agent.call is None, "I3", f"{agent.key} has a call")
    expect(call.agent == event.by, "I2", f"{event.by} asks about a call not hers")
    expect(call.origin in agent.origins, "origin", f"{agent.key} takes no such calls")
    if event.queue is not None:
        serves = told.reaches[agent.key].get(event.queue) == 0
        expect(serves, "origin", f"{agent.key} was asked for {event.queue} and does not serve it")
    told.offers[event.offer] = ToldOffer(
        call=call.id, agent=agent.key, expires_at=event.expires_at, is_for_party=True
    )
    call.parties[event.offer] = ToldParty(
        kind=event.kind, who=agent.key, is_outside=False, since=told.now
    )
    agent.stage, agent.offer = AgentState.OFFERED, event.offer


def _party_joined(told: Told, event: e.PartyJoined) -> None:
    call, agent = over(told, event)
    party = call.parties[event.offer]
    party.is_there, party.since = True, told.now
    agent.stage, agent.call, agent.busy_since = AgentState.TALKING, call.id, told.now


def _party_in_vain(told: Told, event: e.PartyDeclined | e.PartyMissed | e.PartyWithdrawn) -> None:
    call, agent = over(told, event)
    del call.parties[event.offer]
    is_taken_back = isinstance(event, e.PartyWithdrawn)
    agent.stage = AgentState.READY if is_taken_back else AgentState.PAUSED


def _party_left(told: Told, event: e.PartyLeft) -> None:
    call, agent = told.calls[event.call], told.agents[event.agent]
    number = next(
        (n for n, one in call.parties.items() if one.who == event.agent and not one.is_outside),
        None,
    )
    assert number is not None, f"{event.agent} leaves call {call.id}, in which she is not"
    party = call.parties.pop(number)
    expect(party.is_there, "I2", f"{event.agent} was not in call {call.id}")
    is_right = (event.kind, event.took) == (party.kind, told.now - party.since)
    expect(is_right, "I9", f"call {call.id}: how long {event.agent} took part")
    agent.call = None


# --- listening -----------------------------------------------------------------------------


def _listening_started(told: Told, event: e.ListeningStarted) -> None:
    call, agent = told.calls[event.call], told.agents[event.agent]
    expect(event.party > told.last_offer, "I3", f"number {event.party} was drawn twice")
    line = next(line for line in told.settings.lines if line.key == call.line)
    may_be_heard = line.listening and call.callback is None
    expect(may_be_heard, "I23", f"{agent.key} listens to call {call.id}, whose caller was not told")
    expect(call.agent == event.of, "I23", f"{event.of} is told of who listens to another")
    is_free = agent.stage in (AgentState.PAUSED, AgentState.READY) and agent.offer is None
    expect(is_free and not agent.is_lost, "I3", f"{agent.key} listens while {agent.stage.value}")
    told.last_offer = event.party
    call.parties[event.party] = ToldParty(
        kind=PartyKind.LISTENER, who=agent.key, is_outside=False, since=told.now, is_there=True
    )
    agent.stage, agent.call, agent.busy_since = AgentState.TALKING, call.id, told.now


def _listening_changed(told: Told, event: e.ListeningChanged) -> None:
    party = told.calls[event.call].parties[event.party]
    is_theirs = party.kind is PartyKind.LISTENER and party.who == event.agent
    expect(is_theirs, "I23", f"{event.agent} does not listen to call {event.call}")


# --- outside -------------------------------------------------------------------------------


def _outside_dialled(told: Told, event: e.OutsideDialled) -> None:
    call = told.calls[event.call]
    _may_ask(told, call, event.party, event.kind, event.give_up_at)
    outside = next((one for one in told.settings.outside if one.key == event.outside), None)
    assert outside is not None, f"{event.outside} is no destination outside"
    is_of_line = not outside.lines or call.line in outside.lines
    expect(is_of_line, "outside", f"{event.outside} was dialled for a call of {call.line}")
    passes = outside.kind is OutsideKind.EMERGENCY
    expect(event.passes_number == passes, "outside", f"{event.outside} was shown the caller")
    call.parties[event.party] = ToldParty(
        kind=event.kind, who=event.outside, is_outside=True, since=told.now
    )
    forwarding.dialled_by_its_queue(told, call, event)
    if passes and event.by is not None:
        told.hand_overs[event.party] = event.by


def _hand_over_reviewed(told: Told, event: e.HandOverReviewed) -> None:
    by = told.hand_overs.pop(event.hand_over)
    expect(by != event.by, "review", f"{by} looked at what was her own hand-over")


def _outside_answered(told: Told, event: e.OutsideAnswered) -> None:
    call = told.calls[event.call]
    party = call.parties[event.party]
    expect(not party.is_there, "I2", f"{event.outside} answered twice")
    forwarding.answered(told, call)
    expect(event.rang == told.now - party.since, "I9", f"how long it rang at {event.outside}")
    party.is_there, party.since = True, told.now


def _outside_failed(told: Told, event: e.OutsideFailed) -> None:
    party = told.calls[event.call].parties.pop(event.party)
    expect(not party.is_there, "I2", f"{event.outside} was there and is said to have failed")


def _outside_left(told: Told, event: e.OutsideLeft) -> None:
    party = told.calls[event.call].parties.pop(event.party)
    is_right = (event.kind, event.took) == (party.kind, told.now - party.since)
    expect(party.is_there and is_right, "I9", f"call {event.call}: how long {event.outside} was in")


FOLD: dict[type[e.Event], Callable[[Told, Any], None]] = {
    e.PartyAsked: _party_asked,
    e.PartyJoined: _party_joined,
    e.PartyDeclined: _party_in_vain,
    e.PartyMissed: _party_in_vain,
    e.PartyWithdrawn: _party_in_vain,
    e.PartyLeft: _party_left,
    e.ListeningStarted: _listening_started,
    e.ListeningChanged: _listening_changed,
    e.OutsideDialled: _outside_dialled,
    e.HandOverReviewed: _hand_over_reviewed,
    e.OutsideAnswered: _outside_answered,
    e.OutsideFailed: _outside_failed,
    e.OutsideLeft: _outside_left,
}
