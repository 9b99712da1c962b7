"""Inputs by which an agent asks a colleague for advice on her call, and may give it to her.

The caller hears music. Whom she asks must be ready now: a consultation does not wait in a queue,
for that a transfer is better. It is an offer of its own kind, with a lease; declined or missed, the
owner is told and takes her caller back herself. While both are there, hold and resume lead from one
to the other. Afterwards the colleague is ready again, for the call was not hers and there is no
wrap-up, unless she noted a pause or a supervisor wants her elsewhere.
"""

from openline.engine import commands as c
from openline.engine import events as e
from openline.engine import inputs as i
from openline.engine.apply.transfers import party_of
from openline.engine.decision import Decision
from openline.engine.decisions.acts import (
    BECAUSE,
    back_to_two,
    connect,
    conversation,
    leg_of,
    mix,
    offer_to,
    order_resume,
    ring,
    stop_ringing,
    talk_so_far,
    wrap_up,
)
from openline.engine.decisions.requests import own_call
from openline.engine.decisions.supervision import follow_force
from openline.engine.decisions.transfers import may_be_rung
from openline.engine.parties import Party, PartyState
from openline.engine.state import Agent, Call, CallState, Offer
from openline.engine.targets import Target, ToAgent
from openline.model import AgentKey, Duration, Instant, OfferId, Reason


def consult_requested(d: Decision, seen: i.ConsultRequested) -> None:
    """Parks the caller and rings a colleague for advice."""
    own = own_call(d, seen)
    if own is None:
        return
    agent, call = own
    if call.parties:
        d.refuse(seen, agent.key, Reason.CONSULT_UNDER_WAY)
        return
    asked = _asked(d, call, seen.to)
    if isinstance(asked, Reason):
        d.refuse(seen, agent.key, asked)
        return
    if call.state is CallState.TALKING:
        d.record(e.CallHeld(call=call.id, agent=agent.key))
    assert call.queue is not None, f"call {call.id} is talked in and came by no queue"
    by_name = isinstance(seen.to, ToAgent)
    queue = call.queue if isinstance(seen.to, ToAgent) else seen.to.queue
    number = OfferId(d.state.next_offer)
    expires_at = Instant(d.now + d.state.queues[queue].ring_timeout)
    d.record(
        e.ConsultOffered(
            offer=number,
            call=call.id,
            agent=asked.key,
            leg=leg_of(asked),
            by=agent.key,
            queue=None if by_name else queue,
            expires_at=expires_at,
            reason=Reason.ASKED_FOR if by_name else BECAUSE[d.state.queues[queue].choice],
        )
    )
    mix(d, call, Reason.CONSULTING)
    ring(d, asked, number, call, expires_at)


def _asked(d: Decision, call: Call, to: Target) -> Agent | Reason:
    """Returns who is to be asked, or why nobody is."""
    if isinstance(to, ToAgent):
        agent = d.state.agents.get(to.agent)
        if agent is None:
            return Reason.UNKNOWN_AGENT
        return agent if may_be_rung(call, agent) else Reason.AGENT_NOT_READY
    if to.queue not in d.state.queues:
        return Reason.UNKNOWN_QUEUE
    return d.state.index.first_idle(to.queue, call.origin, 0) or Reason.NOBODY_READY


def accept_consult(d: Decision, offer: Offer) -> None:
    """Lets the two agents talk; the caller goes on hearing music."""
    agent, call = d.state.agents[offer.agent], d.state.calls[offer.call]
    d.record(e.ConsultAccepted(offer=offer.id, call=call.id, agent=agent.key))
    stop_ringing(d, agent, offer.id, Reason.ACCEPTED)
    # The owner may have gone back to her caller while it rang: then she comes when she will.
    mix(d, call, Reason.CONSULTING, anew=call.state is CallState.HELD)


def decline_consult(d: Decision, offer: Offer) -> None:
    """Lets the owner know that her colleague cannot."""
    agent, call = d.state.agents[offer.agent], d.state.calls[offer.call]
    d.record(e.ConsultDeclined(offer=offer.id, call=call.id, agent=agent.key))
    stop_ringing(d, agent, offer.id, Reason.DECLINED)
    back_to_two(d, call)


def miss_consult(d: Decision, offer: Offer) -> None:
    """Lets the owner know that her colleague did not answer."""
    agent, call = d.state.agents[offer.agent], d.state.calls[offer.call]
    d.record(e.ConsultMissed(offer=offer.id, call=call.id, agent=agent.key))
    stop_ringing(d, agent, offer.id, Reason.MISSED)
    back_to_two(d, call)


def consult_complete_requested(d: Decision, seen: i.ConsultCompleteRequested) -> None:
    """Gives the call to whoever was consulted; the first agent does the work after it."""
    own = own_call(d, seen)
    if own is None:
        return
    agent, call = own
    joined = joined_in(call)
    if joined is None:
        d.refuse(seen, agent.key, Reason.NO_CONSULT)
    else:
        hand_over(d, call, joined, Reason.TRANSFERRED_AFTER_CONSULT)


def hand_over(d: Decision, call: Call, to: Party, reason: Reason) -> None:
    """Makes the consulted agent the owner and connects her with the caller."""
    assert call.agent is not None, f"call {call.id} is nobody's to give"
    assert call.queue is not None, f"call {call.id} is talked in and came by no queue"
    agent = d.state.agents[call.agent]
    talked, held = talk_so_far(call, d.now)
    d.record(
        e.CallTransferred(
            call=call.id,
            line=call.line,
            queue=call.queue,
            origin=call.origin,
            agent=agent.key,
            to=ToAgent(agent=to.agent),
            reason=reason,
            talked=talked,
            held=held,
            taken_by=to.agent,
            consulted=Duration(d.now - to.since),
        )
    )
    if reason is Reason.TRANSFERRED_AFTER_CONSULT:
        wrap_up(d, call, agent, reason)
    connect(d, call, d.state.agents[to.agent], reason)


def consult_cancel_requested(d: Decision, seen: i.ConsultCancelRequested) -> None:
    """Ends the consultation and brings the agent back to her caller."""
    own = own_call(d, seen)
    if own is None:
        return
    agent, call = own
    if not call.parties:
        d.pass_over(seen, Reason.NOTHING_TO_DO)
        return
    was_joined = joined_in(call) is not None
    freed = dismiss(d, call, Reason.CONSULT_OVER)
    if call.state is CallState.HELD:
        d.record(e.CallResumed(call=call.id, agent=agent.key))
    if was_joined:
        connect(d, call, agent, Reason.CONSULT_OVER)
    else:
        order_resume(d, call, agent)
    send_on(d, freed)


def leave_consult(d: Decision, call: Call, agent: Agent, reason: Reason) -> None:
    """Lets the consulted agent go; the owner takes her caller back herself."""
    part(d, call, agent, reason)
    set_free(d, agent)
    pair_again(d, call, reason)
    offer_to(d, agent)


def pair_again(d: Decision, call: Call, reason: Reason) -> None:
    """Connects the owner with her caller again, whose connection went with the consultation."""
    assert call.agent is not None, f"call {call.id} has no owner"
    connect(d, call, d.state.agents[call.agent], reason)


def dismiss(d: Decision, call: Call, reason: Reason) -> tuple[AgentKey, ...]:
    """Lets everybody else in the call go; returns the agents who are to be sent on."""
    freed = []
    for party in call.parties:
        freed.append(party.agent)
        agent = d.state.agents[party.agent]
        if party.state is PartyState.RINGING:
            d.record(
                e.ConsultWithdrawn(offer=party.offer, call=call.id, agent=agent.key, reason=reason)
            )
            stop_ringing(d, agent, party.offer, reason)
        else:
            part(d, call, agent, reason)
            set_free(d, agent)
    return tuple(freed)


def part(d: Decision, call: Call, agent: Agent, reason: Reason) -> None:
    """Ends her part in the call; what she does next is still to be said."""
    assert call.queue is not None, f"call {call.id} is talked in and came by no queue"
    took = Duration(d.now - party_of(call, agent.key).since)
    d.record(
        e.ConsultEnded(
            call=call.id,
            line=call.line,
            queue=call.queue,
            origin=call.origin,
            agent=agent.key,
            reason=reason,
            took=took,
        )
    )
    d.order(
        c.ReleaseAgent(
            id=d.command_id(), leg=leg_of(agent), call=call.id, reason=Reason.CONSULT_OVER
        )
    )


def set_free(d: Decision, agent: Agent) -> None:
    """Lets her be ready, or what she or a supervisor wanted for afterwards; nobody is routed."""
    if agent.forced_to is not None:
        follow_force(d, agent)
    elif agent.pause_after is not None:
        d.record(
            e.AgentPaused(
                agent=agent.key, reason=Reason.ASKED_DURING_CALL, pause_reason=agent.pause_after
            )
        )
    else:
        d.record(e.AgentReady(agent=agent.key, reason=Reason.CONSULT_OVER))


def send_on(d: Decision, agents: tuple[AgentKey, ...]) -> None:
    """Offers those who are free again what waits for them."""
    for key in agents:
        offer_to(d, d.state.agents[key])


def consultation(d: Decision, agent: Agent) -> Call | None:
    """Returns the call on which the agent is consulted and talks, or None."""
    if agent.call is None or conversation(d, agent) is not None:
        return None
    call = d.state.calls.get(agent.call)
    is_in_it = call is not None and any(
        party.agent == agent.key and party.state is PartyState.JOINED for party in call.parties
    )
    return call if is_in_it else None


def joined_in(call: Call) -> Party | None:
    """Returns who is consulted in the call and there, or None."""
    return next((p for p in call.parties if p.state is PartyState.JOINED), None)
