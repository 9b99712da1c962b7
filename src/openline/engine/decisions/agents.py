"""Inputs from agents: each is granted, refused with a reason, or fulfilled already."""

from openline.engine import events as e
from openline.engine import inputs as i
from openline.engine.apply.parties import party_of
from openline.engine.decision import Decision
from openline.engine.decisions.acts import (
    connect,
    offer_call,
    offer_to,
    order_hold,
    order_resume,
    sign_out,
    stop_ringing,
    withdraw,
    work_of,
)
from openline.engine.decisions.callbacks import dial
from openline.engine.decisions.endings import end_call
from openline.engine.decisions.leaving import leave
from openline.engine.decisions.parties import (
    accept_party,
    consulted_in,
    decline_party,
    takes_part_in,
)
from openline.engine.decisions.requests import own_call, permitted
from openline.engine.state import Agent, AgentState, CallState, Offer
from openline.model import Duration, LegId, OfferId, Reason

# Every call comes past these; a member of an enum is slow to look up on its class.
_ACCEPTED, _FIRST_CONNECTION = Reason.ACCEPTED, Reason.FIRST_CONNECTION
_AGENT_HUNG_UP = Reason.AGENT_HUNG_UP


# --- coming and going ----------------------------------------------------------------------


def sign_in_requested(d: Decision, seen: i.SignInRequested) -> None:
    """Signs an agent in, paused: she says herself when she is ready."""
    agent = d.state.agents.get(seen.agent)
    if agent is None:
        d.refuse(seen, seen.agent, Reason.UNKNOWN_AGENT)
    elif agent.state is AgentState.SIGNED_OUT and _is_taken(d, seen.leg):
        d.refuse(seen, agent.key, Reason.LEG_KNOWN_ALREADY)
    elif agent.state is AgentState.SIGNED_OUT:
        d.record(e.AgentSignedIn(agent=agent.key, leg=seen.leg, origins=seen.origins))
    elif agent.leg == seen.leg:
        d.pass_over(seen, Reason.NOTHING_TO_DO)
    else:
        d.refuse(seen, agent.key, Reason.ALREADY_SIGNED_IN)


def _is_taken(d: Decision, leg: LegId) -> bool:
    return leg in d.state.calls_by_leg or leg in d.state.agents_by_leg


def sign_out_requested(d: Decision, seen: i.SignOutRequested) -> None:
    """Signs an agent out; a call that was being offered goes back to its place first."""
    agent = permitted(d, seen)
    if agent is None:
        return
    returned = None
    if agent.offer is not None:
        returned, _ = withdraw(d, d.state.offers[agent.offer], Reason.AGENT_LEFT)
    sign_out(d, agent, Reason.ASKED)
    if returned is not None:
        offer_call(d, returned)


def origins_chosen(d: Decision, seen: i.OriginsChosen) -> None:
    """Changes which origins an agent serves; an offer that is out stands."""
    agent = permitted(d, seen)
    if agent is None:
        return
    if agent.origins == seen.origins:
        d.pass_over(seen, Reason.NOTHING_TO_DO)
        return
    d.record(e.AgentOriginsChanged(agent=agent.key, origins=seen.origins))
    offer_to(d, agent)


def ready_requested(d: Decision, seen: i.ReadyRequested) -> None:
    """Makes an agent ready and offers her the call that is next for her."""
    agent = permitted(d, seen)
    if agent is not None:
        d.record(e.AgentReady(agent=agent.key, reason=Reason.ASKED))
        offer_to(d, agent)


def pause_requested(d: Decision, seen: i.PauseRequested) -> None:
    """Pauses an agent now, or notes it while she has a call to finish."""
    agent = permitted(d, seen)
    if agent is None:
        return
    if seen.pause_reason not in d.state.settings.pause_reasons:
        d.refuse(seen, agent.key, Reason.UNKNOWN_PAUSE_REASON)
        return
    if seen.pause_reason in (agent.pause_reason, agent.pause_after):
        d.pass_over(seen, Reason.NOTHING_TO_DO)
        return
    if agent.state in (AgentState.TALKING, AgentState.WRAP_UP):
        d.record(e.PauseNoted(agent=agent.key, pause_reason=seen.pause_reason))
        return
    returned = None
    if agent.offer is not None:
        returned, _ = withdraw(d, d.state.offers[agent.offer], Reason.AGENT_LEFT)
    d.record(e.AgentPaused(agent=agent.key, reason=Reason.ASKED, pause_reason=seen.pause_reason))
    if returned is not None:
        offer_call(d, returned)


# --- offers --------------------------------------------------------------------------------


def _offered_to(d: Decision, seen: i.AcceptRequested | i.DeclineRequested) -> Offer | None:
    """Returns the offer that the agent speaks of, if it is out to her."""
    agent = permitted(d, seen)
    if agent is None:
        return None
    if agent.offer != seen.offer:
        d.refuse(seen, agent.key, Reason.OFFER_IS_OVER)
        return None
    return d.state.offers[seen.offer]


def accept_requested(d: Decision, seen: i.AcceptRequested) -> None:
    """Gives the call to the agent and connects the two."""
    talker = d.state.agents.get(seen.agent)
    if talker is not None and talker.call is not None and _has_accepted(d, talker, seen.offer):
        d.pass_over(seen, Reason.NOTHING_TO_DO)
        return
    offer = _offered_to(d, seen)
    if offer is None:
        return
    if offer.is_for_party:
        accept_party(d, offer)
        return
    call, agent = d.state.calls[offer.call], d.state.agents[offer.agent]
    assert call.queue is not None, f"call {call.id} is offered and in no queue"
    assert call.queued_at is not None, f"call {call.id} is offered and waits since never"
    is_to_be_dialled = call.callback is not None and call.reached_at is None
    if is_to_be_dialled and agent.gone_at is not None:
        # A word from a page that is not back yet: nobody may be rung for an empty chair.
        d.refuse(seen, agent.key, Reason.CONNECTION_LOST)
        return
    d.record(
        e.OfferAccepted(
            offer=offer.id,
            call=call.id,
            queue=call.queue,
            origin=call.origin,
            agent=agent.key,
            waited=Duration(d.now - call.queued_at),
        )
    )
    stop_ringing(d, agent, offer.id, _ACCEPTED)
    if is_to_be_dialled:
        dial(d, call, agent)
    else:
        connect(d, call, agent, _FIRST_CONNECTION)


def _has_accepted(d: Decision, agent: Agent, offer: OfferId) -> bool:
    """Tells whether she is in the call of that offer already."""
    call = work_of(d, agent)
    if call is not None:
        return call.accepted == offer
    asked_about = takes_part_in(d, agent)
    return asked_about is not None and party_of(asked_about, agent.key).number == offer


def decline_requested(d: Decision, seen: i.DeclineRequested) -> None:
    """Gives the caller his own place back and pauses the agent."""
    offer = _offered_to(d, seen)
    if offer is not None and offer.is_for_party:
        decline_party(d, offer)
    elif offer is not None:
        call, agent = d.state.calls[offer.call], d.state.agents[offer.agent]
        d.record(e.OfferDeclined(offer=offer.id, call=call.id, agent=agent.key))
        stop_ringing(d, agent, offer.id, Reason.DECLINED)
        offer_call(d, call)


# --- conversation --------------------------------------------------------------------------


def hold_requested(d: Decision, seen: i.HoldRequested) -> None:
    """Parks the caller."""
    own = own_call(d, seen)
    if own is None:
        return
    agent, call = own
    if call.state is CallState.HELD:
        d.pass_over(seen, Reason.NOTHING_TO_DO)
        return
    d.record(e.CallHeld(call=call.id, agent=agent.key))
    order_hold(d, call, agent)


def resume_requested(d: Decision, seen: i.ResumeRequested) -> None:
    """Takes the parked caller back."""
    own = own_call(d, seen)
    if own is None:
        return
    agent, call = own
    if call.state is CallState.TALKING:
        d.pass_over(seen, Reason.NOTHING_TO_DO)
        return
    d.record(e.CallResumed(call=call.id, agent=agent.key))
    order_resume(d, call, agent)


def hang_up_requested(d: Decision, seen: i.HangUpRequested) -> None:
    """Ends the conversation; who only takes part leaves it."""
    agent = permitted(d, seen)
    if agent is None:
        return
    call = work_of(d, agent)
    if call is None:
        asked_about = takes_part_in(d, agent)
        assert asked_about is not None, f"{agent.key} talks and is in no call"
        leave(d, asked_about, agent, Reason.PARTY_LEFT)
    elif call.parties and consulted_in(call) is not None:
        d.refuse(seen, agent.key, Reason.CONSULT_UNDER_WAY)
    else:
        end_call(d, call, _AGENT_HUNG_UP)
