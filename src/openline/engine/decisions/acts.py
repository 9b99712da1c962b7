"""The acts that several inputs share: to queue, to offer, to take back, to end, to connect."""

from openline.engine import commands as c
from openline.engine import events as e
from openline.engine.apply.calls import held_so_far
from openline.engine.decision import Decision
from openline.engine.decisions.announcements import announce
from openline.engine.decisions.callback_offers import plan_callback_offer
from openline.engine.decisions.overflow import widen
from openline.engine.decisions.rules import maximum_wait_at, may_flow_out, may_leave
from openline.engine.mix import who_hears_whom
from openline.engine.parties import PartyKind, PartyState
from openline.engine.rings import reach_of
from openline.engine.routing import next_agent, next_call
from openline.engine.settings import AgentChoice, QueueSettings
from openline.engine.state import Agent, AgentState, Call, CallState, Offer
from openline.model import (
    AgentKey,
    Duration,
    Instant,
    LegId,
    OfferId,
    Origin,
    PartnerKey,
    QueueKey,
    Reason,
    SealedRef,
)

# Every call comes past these; a member of an enum is slow to look up on its class.
_QUEUED, _HELD = CallState.QUEUED, CallState.HELD
_DIALLING = CallState.DIALLING
_READY, _TALKING, _WRAP_UP = AgentState.READY, AgentState.TALKING, AgentState.WRAP_UP
BECAUSE = {
    AgentChoice.LONGEST_IDLE: Reason.LONGEST_IDLE,
    AgentChoice.BEST_SKILL: Reason.BEST_SKILL,
    AgentChoice.LEAST_OCCUPIED: Reason.LEAST_OCCUPIED,
}
"""Why this agent, when the call was there last; see `choice`."""
_WHATEVER_SHE_KNOWS = (Reason.TAKEN, Reason.TRANSFERRED)
"""Why a call rings for an agent without a look at her skills."""


def enqueue(
    d: Decision,
    call: Call,
    reason: Reason,
    waiting_since: Instant | None = None,
    into: QueueKey | None = None,
) -> None:
    """Puts the call into a queue (its line's) and offers it at once if somebody is idle."""
    queue = d.state.queues[d.state.lines[call.line].queue if into is None else into]
    put_into(d, call, queue, queue.priority, reason, waiting_since)
    offer_call(d, call)
    inform(d, call, queue)


def queue_again(d: Decision, call: Call, reason: Reason, free: tuple[AgentKey, ...] = ()) -> None:
    """Gives a call whose agent is gone back to its queue, at the place that it first had.

    Those who are free with it (`free`) take what is next for them, which need not be this call.
    """
    queue = d.state.queues[call.queue]  # type: ignore[index]  # an answered call has a queue
    put_into(d, call, queue, max(queue.priority, call.priority), reason, call.waiting_since)
    for key in free:
        offer_to(d, d.state.agents[key])
    offer_call(d, call)
    inform(d, call, queue)


def put_into(
    d: Decision,
    call: Call,
    queue: QueueSettings,
    priority: int,
    reason: Reason,
    waiting_since: Instant | None = None,
) -> None:
    """Puts the call into a queue, with music, and offers it to nobody yet.

    Once it is offered, `inform` is to follow.
    """
    since = waiting_since or (call.regains if call.entry == 0 else None) or d.now
    widens_at = Instant(since + queue.overflow[0].after) if queue.overflow else None
    leaves_at = None
    if queue.interflow and may_flow_out(call):
        leaves_at = maximum_wait_at(d.state, call, queue.key, d.now)
        may_leave(d, call)
    d.record(
        e.CallQueued(
            call=call.id,
            line=call.line,
            origin=call.origin,
            queue=queue.key,
            entry=call.entry + 1,
            priority=priority,
            waiting_since=since,
            reason=reason,
            topic=call.topic,
            language=call.language,
            widens_at=widens_at,
            leaves_at=leaves_at,
        )
    )
    if widens_at is not None and widens_at <= d.now:
        widen(d, call, Reason.WAITED)
    play_music(d, call, call.leg, reason)


def inform(d: Decision, call: Call, queue: QueueSettings) -> None:
    """Tells a caller who came to the queue what he may know, unless he was offered to somebody.

    That is his wait and, at once or in time, that he can be called back.
    """
    if queue.announcements is not None and (call.is_waiting or queue.announcements.every):
        announce(d, call)
    if queue.callback is not None:
        plan_callback_offer(d, call, queue.callback)


def offer_call(d: Decision, call: Call) -> None:
    """Offers a waiting call to an idle agent, if there is one for it.

    A call that was to leave its queue, and was only ringing or lost, leaves it now.
    """
    if call.state is not _QUEUED or call.gone_at is not None:
        return
    queue = d.state.queues[call.queue]  # type: ignore[index]  # a waiting call has a queue
    if call.is_overdue and maximum_wait_at(d.state, call, queue.key, d.now) is not None:
        may_leave(d, call)
        return
    agent = next_agent(d.state, call)
    if agent is not None:
        offer(d, call, agent, BECAUSE[queue.choice])


def offer_to(d: Decision, agent: Agent) -> None:
    """Offers an idle agent the call that is next for her, if one waits."""
    if agent.state is not _READY or agent.gone_at is not None:
        return
    found = next_call(d.state, agent)
    if found is not None:
        call, reason, passed_over = found
        if passed_over is not None and not passed_over.was_held_back:
            hold_back(d, passed_over)
        offer(d, call, agent, reason)


def recognise(d: Decision, call: Call, partner: PartnerKey | None, reason: Reason) -> None:
    """Notes which organisation calls, if it is a partner by now; nobody practises as one."""
    known = None if partner is None else d.state.partners.get(partner)
    if known is None or call.origin is Origin.PRACTICE or d.now < known.begins:
        return
    if call.partner != known.key:
        d.record(e.PartnerRecognised(call=call.id, partner=known.key, reason=reason))


def hold_back(d: Decision, call: Call) -> None:
    """Notes that the call is passed over although it is before another: its share is full."""
    limits = d.state.index.callers.limits
    share = limits.full_share(call)
    assert share is not None, f"call {call.id} is held back and no share of it is full"
    assert call.queue is not None, f"call {call.id} waits in no queue"
    d.record(
        e.ShareLimitHeld(
            call=call.id,
            queue=call.queue,
            share=share,
            serving=limits.serving[share, call.origin],
            reason=Reason.SHARE_LIMIT,
        )
    )


def _given_by(d: Decision, call: Call, agent: Agent, reason: Reason) -> AgentKey | None:
    """Returns the supervisor without whose change of her skills it would not ring for her."""
    changed = d.state.changed_skills.get(agent.key)
    if changed is None or call.queue is None or reason in _WHATEVER_SHE_KNOWS:
        return None
    usual = reach_of(changed.instead_of, d.state.queues[call.queue])
    return changed.by if usual is None or call.step < usual else None


def offer(d: Decision, call: Call, agent: Agent, reason: Reason) -> None:
    """Offers a waiting call to an idle agent: a lease that ends by itself."""
    queue = d.state.queues[call.queue]  # type: ignore[index]  # a waiting call has a queue
    number = OfferId(d.state.next_offer)
    expires_at = Instant(d.now + queue.ring_timeout)
    d.record(
        e.CallOffered(
            offer=number,
            call=call.id,
            queue=queue.key,
            agent=agent.key,
            expires_at=expires_at,
            reason=reason,
            by=_given_by(d, call, agent, reason) if d.state.changed_skills else None,
        )
    )
    ring(d, agent, number, call, expires_at)


def ring(d: Decision, agent: Agent, offer: OfferId, call: Call, expires_at: Instant) -> None:
    """Orders the agent's leg to ring for an offer."""
    d.order(
        c.RingAgent(
            id=d.command_id(),
            leg=leg_of(agent),
            agent=agent.key,
            offer=offer,
            call=call.id,
            expires_at=expires_at,
            callback=call.callback,
        )
    )


def withdraw(d: Decision, offer: Offer, reason: Reason) -> tuple[Call, Agent]:
    """Takes an offer back: the call as it was, the agent ready; nobody is routed yet."""
    call = d.state.calls[offer.call]
    agent = d.state.agents[offer.agent]
    if offer.is_for_party:
        d.record(e.PartyWithdrawn(offer=offer.id, call=call.id, agent=agent.key, reason=reason))
    else:
        d.record(e.OfferWithdrawn(offer=offer.id, call=call.id, agent=agent.key, reason=reason))
    stop_ringing(d, agent, offer.id, reason)
    if offer.is_for_party:
        sound_again(d, call)
    return call, agent


def sound_again(d: Decision, call: Call) -> None:
    """Orders the sound of a call anew after somebody was asked into it in vain, held or not."""
    assert call.agent is not None, f"call {call.id} has no owner"
    owner = d.state.agents[call.agent]
    if call.state is _HELD:
        order_hold(d, call, owner)
    else:
        order_resume(d, call, owner)


def stop_ringing(d: Decision, agent: Agent, offer: OfferId, reason: Reason) -> None:
    """Orders the agent's leg to stop ringing."""
    d.order(
        c.StopRinging(
            id=d.command_id(), leg=leg_of(agent), agent=agent.key, offer=offer, reason=reason
        )
    )


def sound_for(d: Decision, call: Call, name: str) -> str:
    """Returns the sound that is played to the caller for a recording: in his language, if any."""
    if call.language is None or not d.state.recordings:
        return name
    return d.state.recordings.get((name, call.language), name)


def wrap_up(d: Decision, call: Call, agent: Agent, reason: Reason) -> None:
    """Lets the agent begin the work after the call, which she has no part in any more."""
    queue = d.state.queues[call.queue]  # type: ignore[index]  # an answered call has a queue
    d.record(
        e.WrapUpStarted(
            agent=agent.key,
            call=call.id,
            line=call.line,
            queue=queue.key,
            origin=call.origin,
            warn_at=Instant(d.now + queue.wrap_up_limit),
            reason=reason,
        )
    )
    d.order(c.ReleaseAgent(id=d.command_id(), leg=leg_of(agent), call=call.id, reason=reason))


def finish_wrap_up(
    d: Decision, agent: Agent, disposition: str | None, note: SealedRef | None
) -> None:
    """Records the end of the work after the call; she must do it now."""
    assert agent.call is not None, f"{agent.key} wraps up no call"
    assert agent.wrap_up_line is not None, f"{agent.key} wraps up a call of no line"
    assert agent.wrap_up_queue is not None, f"{agent.key} wraps up a call of no queue"
    assert agent.wrap_up_origin is not None, f"{agent.key} wraps up a call of no origin"
    d.record(
        e.WrapUpFinished(
            agent=agent.key,
            call=agent.call,
            line=agent.wrap_up_line,
            queue=agent.wrap_up_queue,
            origin=agent.wrap_up_origin,
            disposition=disposition,
            note=note,
            took=Duration(d.now - agent.since),
        )
    )


def sign_out(d: Decision, agent: Agent, reason: Reason, by: AgentKey | None = None) -> None:
    """Signs an agent out who has no offer; work after a call ends with it, unsaid."""
    if agent.state is _WRAP_UP:
        finish_wrap_up(d, agent, None, None)
    d.record(e.AgentSignedOut(agent=agent.key, reason=reason, by=by))


def talk_so_far(call: Call, now: Instant) -> tuple[Duration, Duration]:
    """Returns how long the present conversation has lasted, hold included, and its hold alone."""
    if call.answered_at is None:
        return Duration(0), Duration(0)
    return Duration(now - call.answered_at), held_so_far(call, now)


def connect(d: Decision, call: Call, agent: Agent, reason: Reason) -> None:
    """Begins a new sound session between the two, and parks it again if the call is held.

    With more than two in the call the session is theirs who are to hear each other now.

    While one side is lost no connection is tried: the side that is there hears music, and the
    number of the session moves on so that what is left of the old one counts no more.
    """
    if call.parties:
        mix(d, call, reason, anew=True)
        return
    d.record(e.SoundSessionStarted(call=call.id, session=call.session + 1, reason=reason))
    if comfort_whoever_is_alone(d, call, agent):
        return
    d.order(
        c.ConnectLegs(
            id=d.command_id(),
            leg=call.leg,
            agent_leg=leg_of(agent),
            call=call.id,
            session=call.session,
        )
    )
    if call.state is _HELD:
        order_hold(d, call, agent)


def comfort_whoever_is_alone(d: Decision, call: Call, agent: Agent) -> bool:
    """Orders music for one side while the other is lost; returns whether that was so."""
    if agent.gone_at is not None:
        play_music(d, call, call.leg, Reason.AGENT_LOST)
    elif call.gone_at is not None:
        play_music(d, call, leg_of(agent), Reason.CALLER_LOST)
    else:
        return False
    return True


def mix(d: Decision, call: Call, reason: Reason, *, anew: bool = False) -> None:
    """Orders who hears whom in a call with parties; `anew` where other people are to be paired."""
    if anew:
        d.record(e.SoundSessionStarted(call=call.id, session=call.session + 1, reason=reason))
    d.order(
        c.MixCall(
            id=d.command_id(),
            leg=call.leg,
            call=call.id,
            session=call.session,
            hears=who_hears_whom(d.state, call),
            music=sound_for(d, call, d.state.lines[call.line].hold_music),
            reason=reason,
        )
    )


def _is_consulting(call: Call) -> bool:
    """Tells whether the owner goes from one to another when she holds or resumes."""
    return any(
        party.kind is PartyKind.CONSULTED and party.state is PartyState.JOINED
        for party in call.parties
    )


def order_hold(d: Decision, call: Call, agent: Agent) -> None:
    """Orders music for the caller and silence for the agent, or whoever she consults."""
    if call.parties:
        mix(d, call, Reason.ON_HOLD, anew=_is_consulting(call))
        return
    d.order(
        c.HoldCall(
            id=d.command_id(),
            leg=call.leg,
            agent_leg=leg_of(agent),
            call=call.id,
            session=call.session,
            music=sound_for(d, call, d.state.lines[call.line].hold_music),
        )
    )


def order_resume(d: Decision, call: Call, agent: Agent) -> None:
    """Orders that both hear each other again, in the session they have if it is still theirs."""
    if call.parties:
        mix(d, call, Reason.RESUMED, anew=_is_consulting(call))
        return
    if comfort_whoever_is_alone(d, call, agent):
        # To resume what is lost would end the music of who is there and give silence.
        return
    d.order(
        c.ResumeCall(
            id=d.command_id(),
            leg=call.leg,
            agent_leg=leg_of(agent),
            call=call.id,
            session=call.session,
        )
    )


def play_music(d: Decision, call: Call, leg: LegId, reason: Reason) -> None:
    """Orders the line's hold music for one leg."""
    d.order(
        c.PlayMusic(
            id=d.command_id(),
            leg=leg,
            call=call.id,
            music=sound_for(d, call, d.state.lines[call.line].hold_music),
            reason=reason,
        )
    )


def leg_of(agent: Agent) -> LegId:
    """Returns the leg of an agent who is signed in."""
    assert agent.leg is not None, f"agent {agent.key} is {agent.state} and has no leg"
    return agent.leg


def work_of(d: Decision, agent: Agent) -> Call | None:
    """Returns the call that is hers, in talk or while a callback is dialled, or None."""
    if agent.state is not _TALKING or agent.call is None:
        return None
    call = d.state.calls.get(agent.call)
    return call if call is not None and call.agent == agent.key else None


def conversation(d: Decision, agent: Agent) -> Call | None:
    """Returns the call that is hers and in which she talks, or None; not while it is dialled."""
    call = work_of(d, agent)
    return None if call is None or call.state is _DIALLING else call
