"""Acts about those who are in a call besides the caller and its agent.

An agent is asked by an offer of its own kind, with a lease; declined or missed, the call is as it
was. Whoever is outside is dialled. Afterwards an agent is ready again, for the call was not hers
and there is no wrap-up, unless she noted a pause or a supervisor wants her elsewhere.
"""

from openline.engine import commands as c
from openline.engine import events as e
from openline.engine.apply.parties import party_of
from openline.engine.decision import Decision
from openline.engine.decisions.acts import (
    BECAUSE,
    leg_of,
    mix,
    offer_to,
    ring,
    sound_again,
    stop_ringing,
    work_of,
)
from openline.engine.decisions.rules import may_be_connected
from openline.engine.decisions.supervision import follow_force
from openline.engine.destinations import ToQueue
from openline.engine.parties import Party, PartyKind, PartyState
from openline.engine.settings import OutsideKind, OutsideSettings
from openline.engine.state import Agent, Call, CallState, Offer
from openline.engine.targets import Target, ToAgent, ToOutside
from openline.model import AgentKey, Duration, Instant, LegId, OfferId, Reason

# --- asking --------------------------------------------------------------------------------


def may_be_rung(call: Call, agent: Agent) -> bool:
    """Tells whether she is ready and takes calls of this origin; what she knows is for people."""
    return agent.is_idle and call.origin in agent.origins


def whom_to_ask(d: Decision, call: Call, to: Target) -> Agent | OutsideSettings | Reason:
    """Returns who is to be asked into the call, or why nobody is."""
    if isinstance(to, ToOutside):
        outside = d.state.outside.get(to.outside)
        if outside is None:
            return Reason.UNKNOWN_OUTSIDE
        return outside if may_be_connected(call, outside) else Reason.NOT_FROM_THIS_LINE
    if isinstance(to, ToQueue):
        if to.queue not in d.state.queues:
            return Reason.UNKNOWN_QUEUE
        return d.state.index.idle.first_idle(to.queue, call.origin, 0) or Reason.NOBODY_READY
    agent = d.state.agents.get(to.agent)
    if agent is None:
        return Reason.UNKNOWN_AGENT
    return agent if may_be_rung(call, agent) else Reason.AGENT_NOT_READY


def ask_agent(
    d: Decision, call: Call, by: Agent, asked: Agent, to: ToQueue | ToAgent, kind: PartyKind
) -> None:
    """Rings a colleague who is to come into the call."""
    assert call.queue is not None, f"call {call.id} is talked in and came by no queue"
    by_name = isinstance(to, ToAgent)
    queue = call.queue if isinstance(to, ToAgent) else to.queue
    number = OfferId(d.state.next_offer)
    expires_at = Instant(d.now + d.state.queues[queue].ring_timeout)
    d.record(
        e.PartyAsked(
            offer=number,
            call=call.id,
            agent=asked.key,
            leg=leg_of(asked),
            kind=kind,
            by=by.key,
            queue=None if by_name else queue,
            expires_at=expires_at,
            reason=Reason.ASKED_FOR if by_name else BECAUSE[d.state.queues[queue].choice],
        )
    )
    ring(d, asked, number, call, expires_at)


def dial(
    d: Decision,
    call: Call,
    by: AgentKey | None,
    outside: OutsideSettings,
    kind: PartyKind,
    reason: Reason,
) -> None:
    """Orders somebody outside to be rung for the call, by whom an agent wants or a queue."""
    number = OfferId(d.state.next_offer)
    order = d.command_id()
    leg = LegId(f"{call.leg.partition(':')[0]}:outside-{number}")
    give_up_at = Instant(d.now + outside.ring_timeout)
    passes_number = outside.kind is OutsideKind.EMERGENCY
    d.record(
        e.OutsideDialled(
            party=number,
            call=call.id,
            line=call.line,
            outside=outside.key,
            leg=leg,
            kind=kind,
            by=by,
            dial=order,
            give_up_at=give_up_at,
            passes_number=passes_number,
            reason=reason,
        )
    )
    d.order(
        c.DialOutside(
            id=order,
            leg=leg,
            call=call.id,
            outside=outside.key,
            give_up_at=give_up_at,
            passes_number=passes_number,
        )
    )


# --- what an agent answers -----------------------------------------------------------------


def accept_party(d: Decision, offer: Offer) -> None:
    """Lets whoever was asked into the call take part."""
    agent, call = d.state.agents[offer.agent], d.state.calls[offer.call]
    d.record(e.PartyJoined(offer=offer.id, call=call.id, agent=agent.key))
    stop_ringing(d, agent, offer.id, Reason.ACCEPTED)
    joined(d, call, party_of(call, agent.key))


def joined(d: Decision, call: Call, party: Party) -> None:
    """Orders the sound of a call into which somebody has come."""
    if party.kind is PartyKind.CONSULTED:
        # The owner may have gone back to her caller while it rang: then she comes when she will.
        mix(d, call, Reason.CONSULTING, anew=call.state is CallState.HELD)
    else:
        mix(d, call, Reason.THIRD_JOINED)


def decline_party(d: Decision, offer: Offer) -> None:
    """Lets the owner know that her colleague cannot."""
    agent, call = d.state.agents[offer.agent], d.state.calls[offer.call]
    d.record(e.PartyDeclined(offer=offer.id, call=call.id, agent=agent.key))
    stop_ringing(d, agent, offer.id, Reason.DECLINED)
    sound_again(d, call)


def miss_party(d: Decision, offer: Offer) -> None:
    """Lets the owner know that her colleague did not answer."""
    agent, call = d.state.agents[offer.agent], d.state.calls[offer.call]
    d.record(e.PartyMissed(offer=offer.id, call=call.id, agent=agent.key))
    stop_ringing(d, agent, offer.id, Reason.MISSED)
    sound_again(d, call)


# --- leaving -------------------------------------------------------------------------------


def dismiss(
    d: Decision, call: Call, reason: Reason, *, kind: PartyKind | None = None
) -> tuple[AgentKey, ...]:
    """Lets everybody else in the call go, or those of a kind.

    Returns the agents who are to be sent on.
    """
    leaving = [party for party in call.parties if kind is None or party.kind is kind]
    return tuple(agent for party in leaving if (agent := let_go(d, call, party, reason)))


def let_go(d: Decision, call: Call, party: Party, reason: Reason) -> AgentKey | None:
    """Lets one party go, rung or there; returns the agent who is to be sent on, if it was one."""
    if party.agent is None:
        part_outside(d, call, party, reason)
        d.order(c.HangUpLeg(id=d.command_id(), leg=party.leg, reason=reason))
        return None
    agent = d.state.agents[party.agent]
    if party.state is PartyState.RINGING:
        d.record(e.PartyWithdrawn(offer=party.number, call=call.id, agent=agent.key, reason=reason))
        stop_ringing(d, agent, party.number, reason)
    else:
        part(d, call, agent, reason)
        set_free(d, agent, party)
    return agent.key


def part(d: Decision, call: Call, agent: Agent, reason: Reason) -> None:
    """Ends her part in the call; what she does next is still to be said."""
    assert call.queue is not None, f"call {call.id} is talked in and came by no queue"
    party = party_of(call, agent.key)
    d.record(
        e.PartyLeft(
            call=call.id,
            line=call.line,
            queue=call.queue,
            origin=call.origin,
            agent=agent.key,
            kind=party.kind,
            reason=reason,
            took=Duration(d.now - party.since),
        )
    )
    d.order(c.ReleaseAgent(id=d.command_id(), leg=leg_of(agent), call=call.id, reason=reason))


def part_outside(d: Decision, call: Call, party: Party, reason: Reason) -> None:
    """Records that somebody outside is not, or no longer, in the call."""
    assert party.outside is not None, f"party {party.number} is an agent"
    if party.state is PartyState.RINGING:
        d.record(
            e.OutsideFailed(party=party.number, call=call.id, outside=party.outside, reason=reason)
        )
        return
    assert call.queue is not None, f"call {call.id} is talked in and came by no queue"
    d.record(
        e.OutsideLeft(
            party=party.number,
            call=call.id,
            line=call.line,
            queue=call.queue,
            origin=call.origin,
            outside=party.outside,
            kind=party.kind,
            reason=reason,
            took=Duration(d.now - party.since),
        )
    )


def set_free(d: Decision, agent: Agent, party: Party) -> None:
    """Lets her be what she or a supervisor wanted for afterwards, else ready; nobody is routed.

    Who listened is what she was before.
    """
    if agent.forced_to is not None:
        follow_force(d, agent)
    elif agent.pause_after is not None:
        d.record(
            e.AgentPaused(
                agent=agent.key, reason=Reason.ASKED_DURING_CALL, pause_reason=agent.pause_after
            )
        )
    elif party.kind is PartyKind.LISTENER and not party.was_ready:
        d.record(
            e.AgentPaused(agent=agent.key, reason=Reason.PART_OVER, pause_reason=party.pause_reason)
        )
    else:
        d.record(e.AgentReady(agent=agent.key, reason=Reason.PART_OVER))


def send_on(d: Decision, agents: tuple[AgentKey, ...]) -> None:
    """Offers those who are free again what waits for them."""
    for key in agents:
        offer_to(d, d.state.agents[key])


# --- who is in it --------------------------------------------------------------------------


def takes_part_in(d: Decision, agent: Agent) -> Call | None:
    """Returns the call of another in which the agent takes part, or None."""
    if agent.call is None or work_of(d, agent) is not None:
        return None
    call = d.state.calls.get(agent.call)
    is_in_it = call is not None and any(
        party.agent == agent.key and party.state is PartyState.JOINED for party in call.parties
    )
    return call if is_in_it else None


def consulted_in(call: Call) -> Party | None:
    """Returns who is consulted in the call, or is being rung for that; None if nobody is."""
    return next((p for p in call.parties if p.kind is PartyKind.CONSULTED), None)


def others_in(call: Call) -> bool:
    """Tells whether anybody but a listener takes part in the call, or is rung for it."""
    return any(party.kind is not PartyKind.LISTENER for party in call.parties)


def clear_for_another(d: Decision, call: Call) -> tuple[AgentKey, ...]:
    """Ends what belongs to the agent who gives the call away: who listens to her, whom she rings.

    Returns the agents who are to be sent on.
    """
    if not call.parties:
        return ()
    leaving = [
        party
        for party in call.parties
        if party.kind is PartyKind.LISTENER or party.state is PartyState.RINGING
    ]
    freed = (let_go(d, call, party, Reason.HANDED_ON) for party in leaving)
    return tuple(agent for agent in freed if agent is not None)


def is_ringing_in(call: Call) -> bool:
    """Tells whether somebody is being rung for the call."""
    return any(party.state is PartyState.RINGING for party in call.parties)
