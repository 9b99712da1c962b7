"""Inputs about connections: a page lost and back, sound there and gone.

Two things can break apart. A page can be lost (refresh, sleep, dead network, our own restart): its
place is kept for `heal_within`, the other side hears music meanwhile. And sound can be lost while
both pages are there: then a new session is begun. A session number counts these beginnings, so that
a late word about an old one is passed over.
"""

from openline.engine import commands as c
from openline.engine import events as e
from openline.engine import inputs as i
from openline.engine.decision import Decision
from openline.engine.decisions.acts import (
    comfort_whoever_is_alone,
    connect,
    conversation,
    leg_of,
    mix,
    offer_call,
    offer_to,
    order_hold,
    order_resume,
    play_music,
    sound_for,
    withdraw,
    work_of,
)
from openline.engine.decisions.endings import end_call
from openline.engine.decisions.outside import outside_hung_up
from openline.engine.decisions.parties import takes_part_in
from openline.engine.decisions.sending import ask_again, go_in, play_again
from openline.engine.mix import is_heard_at, who_hears_whom
from openline.engine.state import Agent, AgentState, Call, CallState
from openline.model import Instant, Reason


def leg_lost(d: Decision, seen: i.LegLost) -> None:
    """Keeps the place of whoever was at the leg, for a while."""
    call = d.state.calls_by_leg.get(seen.leg)
    agent = d.state.agents_by_leg.get(seen.leg)
    if call is not None and call.state is CallState.DIALLING:
        end_call(d, call, Reason.DIAL_FAILED)
    elif call is not None and call.gone_at is None:
        _caller_lost(d, call)
    elif agent is not None and agent.gone_at is None:
        _agent_lost(d, agent)
    else:
        known = call is not None or agent is not None
        if known:
            d.pass_over(seen, Reason.NOTHING_TO_DO)
        else:
            outside_hung_up(d, seen)


def _caller_lost(d: Decision, call: Call) -> None:
    gone_at = Instant(d.now + d.state.settings.heal_within)
    d.record(e.CallerLost(call=call.id, gone_at=gone_at, reason=Reason.CONNECTION_CLOSED))
    if call.parties:
        mix(d, call, Reason.CALLER_LOST)
    elif call.agent is not None:
        play_music(d, call, leg_of(d.state.agents[call.agent]), Reason.CALLER_LOST)


def _agent_lost(d: Decision, agent: Agent) -> None:
    settings = d.state.settings
    at_ease = agent.state in (AgentState.PAUSED, AgentState.WRAP_UP)
    gone_at = Instant(d.now + (settings.absent_after if at_ease else settings.heal_within))
    d.record(e.AgentLost(agent=agent.key, gone_at=gone_at, reason=Reason.CONNECTION_CLOSED))
    if agent.offer is not None:
        call, _ = withdraw(d, d.state.offers[agent.offer], Reason.AGENT_UNREACHABLE)
        offer_call(d, call)
    talk = work_of(d, agent) or takes_part_in(d, agent)
    if talk is None:
        return
    if talk.state is CallState.DIALLING:
        # Nobody may answer to silence.
        end_call(d, talk, Reason.AGENT_LOST)
    elif talk.parties:
        mix(d, talk, Reason.AGENT_LOST)
    else:
        play_music(d, talk, talk.leg, Reason.AGENT_LOST)


def leg_returned(d: Decision, seen: i.LegReturned) -> None:
    """Takes up with the leg where it was."""
    call = d.state.calls_by_leg.get(seen.leg)
    agent = d.state.agents_by_leg.get(seen.leg)
    if call is not None and call.state is CallState.DIALLING:
        d.pass_over(seen, Reason.OUT_OF_DATE)
    elif call is not None:
        d.record(e.CallerReturned(call=call.id))
        if call.parties:
            _take_up_mix(d, call, seen)
        else:
            resume_caller(d, call, seen.session)
    elif agent is not None:
        d.record(e.AgentReturned(agent=agent.key))
        talk = conversation(d, agent) or takes_part_in(d, agent)
        if talk is not None and talk.parties:
            _take_up_mix(d, talk, seen)
        elif talk is not None:
            _take_up_talk(d, talk, agent, seen.session)
        elif agent.offer is not None:
            offer = d.state.offers[agent.offer]
            d.order(
                c.RingAgent(
                    id=d.command_id(),
                    leg=seen.leg,
                    agent=agent.key,
                    offer=offer.id,
                    call=offer.call,
                    expires_at=offer.expires_at,
                )
            )
        else:
            offer_to(d, agent)
    else:
        d.pass_over(seen, Reason.UNKNOWN_LEG)


def resume_caller(d: Decision, call: Call, session: int | None) -> None:
    """Lets the caller hear again what he is to hear now, in this session if he still has it."""
    if call.agent is not None:
        _take_up_talk(d, call, d.state.agents[call.agent], session)
    elif call.state is CallState.GREETING and call.playback is not None:
        greeting = d.state.lines[call.line].greeting
        if greeting is None:  # the line has none any more
            go_in(d, call, Reason.NO_GREETING)
            return
        d.order(
            c.PlayGreeting(
                id=call.playback, leg=call.leg, call=call.id, sound=sound_for(d, call, greeting)
            )
        )
    elif call.state in (CallState.MENU, CallState.CONSENT):
        ask_again(d, call)
    elif call.state in (CallState.MESSAGE, CallState.VOICEMAIL, CallState.FORWARDED):
        play_again(d, call)
    else:
        play_music(d, call, call.leg, Reason.CAME_BACK)
        offer_call(d, call)


def _take_up_talk(d: Decision, call: Call, agent: Agent, session: int | None) -> None:
    """Goes on with a conversation: as it is where the sound was kept, else in a new session."""
    if session != call.session:
        connect(d, call, agent, Reason.PAGE_RELOADED)
    elif comfort_whoever_is_alone(d, call, agent):
        return
    elif call.state is CallState.HELD:
        order_hold(d, call, agent)
    else:
        order_resume(d, call, agent)


def _take_up_mix(d: Decision, call: Call, seen: i.LegReturned) -> None:
    """Goes on with a call with parties: in a new session only if this leg is in the present one."""
    is_heard = is_heard_at(who_hears_whom(d.state, call), seen.leg)
    mix(d, call, Reason.CAME_BACK, anew=is_heard and seen.session != call.session)


def sound_connected(d: Decision, seen: i.SoundConnected) -> None:
    """Notes for the story that a side hears the other."""
    call = _call_at(d, seen)
    if call is not None:
        d.record(e.SoundConfirmed(call=call.id, session=seen.session, leg=seen.leg))


def sound_lost(d: Decision, seen: i.SoundLost) -> None:
    """Begins a new session; the second report of the same loss finds the number moved on."""
    call = _call_at(d, seen)
    if call is not None and call.agent is not None:
        connect(d, call, d.state.agents[call.agent], Reason.SOUND_LOST)


def _call_at(d: Decision, seen: i.SoundConnected | i.SoundLost) -> Call | None:
    """Returns the conversation at the leg if the report is of its present session."""
    call = d.state.calls_by_leg.get(seen.leg)
    if call is None:
        agent = d.state.agents_by_leg.get(seen.leg)
        if agent is not None:
            call = conversation(d, agent) or takes_part_in(d, agent)
    if call is None:
        d.pass_over(seen, Reason.UNKNOWN_LEG)
        return None
    if call.agent is None or call.session != seen.session or call.session == 0:
        d.pass_over(seen, Reason.OUT_OF_DATE)
        return None
    return call
