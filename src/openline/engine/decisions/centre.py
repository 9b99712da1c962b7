"""Inputs about the centre itself: configuration, start, time."""

from openline.engine import commands as c
from openline.engine import events as e
from openline.engine import inputs as i
from openline.engine.decision import Decision
from openline.engine.decisions.acts import comfort_whoever_is_alone, mix
from openline.engine.decisions.endings import end_call
from openline.engine.decisions.new_rules import reckon_anew
from openline.engine.decisions.outside import outside_gone, outside_not_dialled
from openline.engine.decisions.sending import recording_failed
from openline.engine.decisions.sound import leg_returned
from openline.engine.settings import Settings
from openline.engine.state import AgentState, Call, CallState, State
from openline.model import Instant, LegId, Reason

_AT_EASE = (AgentState.PAUSED, AgentState.WRAP_UP)
"""States in which nobody outside depends on the agent's being there."""


def configuration_published(d: Decision, seen: i.ConfigurationPublished) -> None:
    """Adopts the settings as a whole, unless something live needs what they no longer have."""
    if seen.settings == d.state.settings:
        d.pass_over(seen, Reason.NOTHING_TO_DO)
    elif _in_use(d.state, seen.settings):
        d.pass_over(seen, Reason.CONFIGURATION_IN_USE)
    else:
        d.record(e.ConfigurationAdopted(settings=seen.settings))
        reckon_anew(d, Reason.CONFIGURATION_CHANGED)


def _in_use(state: State, settings: Settings) -> bool:
    queues = {queue.key for queue in settings.queues}
    lines = {line.key for line in settings.lines if line.queue in queues}
    agents = {agent.key for agent in settings.agents}
    boxes = {box.key for box in settings.boxes}
    menus = {menu.key for menu in settings.menus}
    return (
        any(
            call.line not in lines
            or (call.queue is not None and call.queue not in queues)
            or (call.box is not None and call.box not in boxes)
            or (call.menu is not None and call.menu not in menus)
            for call in state.calls.values()
        )
        or any(
            promise.line not in lines or promise.queue not in queues
            for promise in state.callbacks.values()
        )
        or any(
            (agent.state is not AgentState.SIGNED_OUT and agent.key not in agents)
            or (agent.wrap_up_queue is not None and agent.wrap_up_queue not in queues)
            for agent in state.agents.values()
        )
    )


def centre_started(d: Decision, seen: i.CentreStarted) -> None:
    """Reconciles the record with what is really there; nothing is ordered again blindly.

    Who is not there has from now on the usual time to come back, and every offer its full lease:
    while the program was away nobody could come back or answer. Who was lost and is there again is
    taken up like anybody who returns. Legs that the record does not know are ended.
    """
    heal_at = Instant(d.now + d.state.settings.heal_within)
    absent_at = Instant(d.now + d.state.settings.absent_after)
    d.record(e.CentreResumed(legs_seen=len(seen.legs)))
    present = frozenset(seen.legs)
    for call in list(d.state.calls.values()):
        if call.leg not in present and call.has_leg and call.state is not CallState.DIALLING:
            d.record(e.CallerLost(call=call.id, gone_at=heal_at, reason=Reason.RESTARTED))
    # Before their agents are lost: the work after it, which then begins, is theirs for long.
    _cut_half_dialled(d, present)
    for agent in d.state.agents.values():
        if agent.leg is not None and agent.leg not in present:
            gone_at = absent_at if agent.state in _AT_EASE else heal_at
            d.record(e.AgentLost(agent=agent.key, gone_at=gone_at, reason=Reason.RESTARTED))
    for offer in list(d.state.offers.values()):
        call = d.state.calls[offer.call]
        queue = d.state.queues[call.queue]  # type: ignore[index]  # an offered call has a queue
        d.record(
            e.OfferRenewed(
                offer=offer.id,
                expires_at=Instant(d.now + queue.ring_timeout),
                reason=Reason.RESTARTED,
            )
        )
    _part_with_the_lost_outside(d, present)
    for call in d.state.calls.values():
        _comfort(d, call, present)
    for leg in seen.legs:
        party = d.state.calls_by_leg.get(leg) or d.state.agents_by_leg.get(leg)
        if party is None and leg not in d.state.calls_by_outside_leg:
            d.order(c.HangUpLeg(id=d.command_id(), leg=leg, reason=Reason.UNKNOWN_LEG))
        elif party is not None and party.gone_at is not None:
            leg_returned(d, i.LegReturned(leg=leg))


def _cut_half_dialled(d: Decision, present: frozenset[LegId]) -> None:
    """Ends what was being dialled, unless it rings on and the agent is still on the line.

    Nothing is dialled again blindly: the callback goes back to its place and waits for its pause.
    """
    for call in list(d.state.calls.values()):
        if call.state is CallState.DIALLING:
            assert call.agent is not None, f"call {call.id} is dialled for nobody"
            agent = d.state.agents[call.agent]
            is_alone = agent.gone_at is not None or agent.leg not in present
            if call.leg not in present or is_alone:
                end_call(d, call, Reason.RESTARTED)


def _part_with_the_lost_outside(d: Decision, present: frozenset[LegId]) -> None:
    """Goes on without those outside whose legs are gone; a telephone does not come back.

    In the order of the calls: that of the legs is another one in a state that was read again.
    """
    rung = d.state.calls_by_outside_leg
    parties = [(call, party) for call in d.state.calls.values() for party in call.parties]
    for call, party in parties if rung else ():
        if party.outside is not None and party.leg not in present and party.leg in rung:
            outside_gone(d, call, party, Reason.RESTARTED)


def _comfort(d: Decision, call: Call, present: frozenset[LegId]) -> None:
    """Orders music for whoever is there and whose other side is missing now."""
    owner = None if call.agent is None else d.state.agents[call.agent]
    if owner is None and not call.parties:
        return
    own = () if owner is None else (owner.leg,)
    legs = (call.leg, *own, *(party.leg for party in call.parties))
    missing = sum(leg not in present for leg in legs)
    if missing == 0 or missing == len(legs):
        return
    if call.parties:
        mix(d, call, Reason.RESTARTED)
    elif owner is not None:
        comfort_whoever_is_alone(d, call, owner)


def time_passed(d: Decision, seen: i.TimePassed) -> None:
    """Does nothing of its own: what was due has been done before any input is answered."""


def clock_stepped(d: Decision, seen: i.ClockStepped) -> None:
    """Notes it; instants go on by the monotonic clock, so nothing fires and nothing starves."""
    d.record(e.ClockStepNoted(by=seen.by))


def command_failed(d: Decision, seen: i.CommandFailed) -> None:
    """Notes it for the story of the call.

    What follows from it comes as an input of its own: a page that cannot be reached is lost, a
    sound that does not come is reported by the page. Only a recording that cannot be made is gone
    on from here, and a number that cannot be dialled.
    """
    d.record(e.CommandFailureNoted(command=seen.command, leg=seen.leg, why=seen.why))
    call = d.state.calls_by_leg.get(seen.leg)
    if call is not None and call.state is CallState.VOICEMAIL and call.playback == seen.command:
        recording_failed(d, call)
    elif call is not None and call.dial is not None and call.dial == seen.command:
        end_call(d, call, Reason.DIAL_FAILED)
    elif call is None:
        outside_not_dialled(d, seen)
