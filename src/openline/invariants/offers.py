"""Could this have happened to an offer: to that agent, before anybody else's, in its time?"""

from collections.abc import Callable
from typing import Any

from openline.engine import AgentState, CallState
from openline.engine import events as e
from openline.invariants.catalogue import expect
from openline.invariants.told import Told, ToldAgent, ToldCall, ToldOffer
from openline.model import Reason

_CHOSEN = (Reason.LONGEST_IDLE, Reason.BEST_SKILL, Reason.LEAST_OCCUPIED)


def _call_offered(told: Told, event: e.CallOffered) -> None:
    call, agent = told.calls[event.call], told.agents[event.agent]
    expect(event.offer > told.last_offer, "I3", f"offer number {event.offer} was drawn twice")
    expect(agent.is_idle, "I3", f"{agent.key} was offered a call while {agent.stage.value}")
    expect(agent.offer is None and agent.call is None, "I3", f"{agent.key} has a call")
    expect(call.is_offerable, "I2", f"call {call.id} was offered while {call.stage.value}")
    is_by_skill = call.promised_to is None and event.reason is not Reason.TAKEN
    if event.reason is Reason.TAKEN:
        _taken(told, call, agent)
    elif call.promised_to is None:
        expect(told.could_take(agent, call), "origin", f"{agent.key} does not serve call {call.id}")
    else:
        # Whoever hands a call on knows who can take it; only its origin is not hers to choose.
        expect(agent.key == call.promised_to, "transfer", f"call {call.id} went astray")
        expect(call.origin in agent.origins, "origin", f"{agent.key} takes no such calls")
        call.promised_to = None
    expect(event.expires_at > told.now, "I15", f"offer {event.offer} was born dead")
    if event.reason is not Reason.TAKEN:
        _in_order(told, call, agent)
        _passed_over_is_told(told, call, agent)
    given_by = told.gave_skills(agent, call) if is_by_skill else None
    expect(event.by == given_by, "skills", f"{agent.key} can take call {call.id} by {given_by}")
    if event.reason in _CHOSEN:
        for peer in told.agents.values():
            expect(
                not (peer.is_idle and told.could_take(peer, call))
                or told.turn(agent, call) <= told.turn(peer, call),
                "fairness",
                f"{agent.key} was offered call {call.id}, though it was the turn of {peer.key}",
            )
    told.last_offer = event.offer
    told.offers[event.offer] = ToldOffer(call=call.id, agent=agent.key, expires_at=event.expires_at)
    call.stage, call.offer = CallState.OFFERED, event.offer
    agent.stage, agent.offer = AgentState.OFFERED, event.offer


def _taken(told: Told, call: ToldCall, agent: ToldAgent) -> None:
    """Holds that whoever takes a call takes the next one of its queue, and of her origins."""
    expect(call.origin in agent.origins, "origin", f"{agent.key} takes no such calls")
    for other in told.calls.values():
        if (
            other.is_offerable
            and (other.queue, other.origin) == (call.queue, call.origin)
            and not told.is_leaving(other)
        ):
            is_next = told.place(call) <= told.place(other)
            expect(is_next, "taken", f"call {call.id} was taken before call {other.id}")


def _in_order(told: Told, call: ToldCall, agent: ToldAgent) -> None:
    """Holds that nobody was before the call whom the agent could have had."""
    full = told.full_shares(call.origin) if told.settings.shares else frozenset()
    is_held = not full.isdisjoint(told.shares_of(call))
    for other in told.calls.values():
        if (
            other.is_offerable
            and told.could_take(agent, other)
            and (other is call or not told.is_leaving(other))
        ):
            others_full = (
                full
                if other.origin is call.origin or not told.settings.shares
                else told.full_shares(other.origin)
            )
            others_hold = not others_full.isdisjoint(told.shares_of(other))
            expect(
                not is_held or others_hold,
                "share",
                f"call {call.id} was offered though its share is full and call {other.id} waits",
            )
            if others_hold and not is_held:
                continue
            is_starved = told.is_past_ceiling(other)
            expect(
                told.place(call) <= told.place(other),
                "I16" if is_starved and other.origin is call.origin else "I4",
                f"call {call.id} was offered to {agent.key} before call {other.id}",
            )


def _passed_over_is_told(told: Told, call: ToldCall, agent: ToldAgent) -> None:
    """Holds that the first who is passed over because of a limit is told to be."""
    if not told.settings.shares:
        return
    before = [
        other
        for other in told.calls.values()
        if other.is_offerable
        and told.could_take(agent, other)
        and told.place(other) < told.place(call)
    ]
    first = min(before, key=told.place, default=None)
    is_told = first is None or first.was_held_back
    expect(is_told, "share", "nobody told that a share limit held")


def _share_limit_held(told: Told, event: e.ShareLimitHeld) -> None:
    call = told.calls[event.call]
    expect(call.is_offerable and call.queue == event.queue, "share", f"call {call.id} waits not")
    full = told.full_shares(call.origin)
    first = next((share for share in told.shares_of(call) if share in full), None)
    expect(first == event.share, "share", f"the share {event.share} is not full")
    expect(not call.was_held_back, "share", f"call {call.id} was told twice to be held back")
    call.was_held_back = True


def _offer_renewed(told: Told, event: e.OfferRenewed) -> None:
    told.offers[event.offer].expires_at = event.expires_at
    told.offers[event.offer].needs_renewal = False


Ending = (
    e.OfferAccepted
    | e.OfferDeclined
    | e.OfferMissed
    | e.OfferWithdrawn
    | e.PartyJoined
    | e.PartyDeclined
    | e.PartyMissed
    | e.PartyWithdrawn
)


def over(told: Told, event: Ending) -> tuple[ToldCall, ToldAgent]:
    """Ends the offer, which must be theirs and end in its time; returns whose it was."""
    offer = told.offers.pop(event.offer)
    expect(
        offer.call == event.call and offer.agent == event.agent,
        "I2",
        f"offer {event.offer} was not {event.agent}'s for call {event.call}",
    )
    if isinstance(event, e.OfferMissed | e.PartyMissed):
        is_due = told.now >= offer.expires_at and not offer.needs_renewal
        expect(is_due, "I17", f"offer {event.offer} was missed before its time")
    elif not isinstance(event, e.OfferWithdrawn | e.PartyWithdrawn):
        expect(told.now < offer.expires_at, "I15", f"{event.agent} spoke too late and was heard")
    call, agent = told.calls[event.call], told.agents[event.agent]
    agent.offer = None
    if not offer.is_for_party:
        call.offer = None
    return call, agent


def _offer_accepted(told: Told, event: e.OfferAccepted) -> None:
    call, agent = over(told, event)
    expect(call.answered_at is None, "I2", f"call {call.id} was answered twice")
    assert call.queued_at is not None
    expect(event.waited == told.now - call.queued_at, "I9", f"wait of call {call.id}")
    told.accepted += 1
    call.stage, call.agent, call.answered_at = CallState.TALKING, agent.key, told.now
    call.waited = event.waited
    call.widens_at = call.leaves_at = call.announce_at = None
    call.is_overdue = False
    call.callback_offer_at = None
    agent.stage, agent.call = AgentState.TALKING, call.id
    agent.busy_since = told.now


def _offer_ended(told: Told, event: e.OfferDeclined | e.OfferMissed | e.OfferWithdrawn) -> None:
    call, agent = over(told, event)
    call.stage = CallState.QUEUED
    is_taken_back = isinstance(event, e.OfferWithdrawn)
    agent.stage = AgentState.READY if is_taken_back else AgentState.PAUSED


FOLD: dict[type[e.Event], Callable[[Told, Any], None]] = {
    e.ShareLimitHeld: _share_limit_held,
    e.CallOffered: _call_offered,
    e.OfferRenewed: _offer_renewed,
    e.OfferAccepted: _offer_accepted,
    e.OfferDeclined: _offer_ended,
    e.OfferMissed: _offer_ended,
    e.OfferWithdrawn: _offer_ended,
}
