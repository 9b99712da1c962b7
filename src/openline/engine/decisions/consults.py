"""Inputs by which an agent asks somebody for advice on her call, and may give it to him.

The caller hears music. Whom she asks must be ready now: a consultation does not wait in a queue,
for that a transfer is better. If nobody answers, the owner is told and takes her caller back
herself. While both are there, hold and resume lead from one to the other.
"""

from openline.engine import events as e
from openline.engine import inputs as i
from openline.engine.decision import Decision
from openline.engine.decisions.acts import connect, mix, order_resume, talk_so_far, wrap_up
from openline.engine.decisions.outside import give_outside
from openline.engine.decisions.parties import (
    ask_agent,
    clear_for_another,
    consulted_in,
    dial,
    dismiss,
    is_ringing_in,
    send_on,
    whom_to_ask,
)
from openline.engine.decisions.requests import own_call
from openline.engine.parties import Party, PartyKind, PartyState
from openline.engine.settings import OutsideSettings
from openline.engine.state import Agent, Call, CallState
from openline.engine.targets import ToAgent, ToOutside
from openline.model import Duration, Reason


def consult_requested(d: Decision, seen: i.ConsultRequested) -> None:
    """Parks the caller and rings whoever is asked for advice."""
    own = own_call(d, seen)
    if own is None:
        return
    agent, call = own
    if consulted_in(call) is not None or is_ringing_in(call):
        d.refuse(seen, agent.key, Reason.CONSULT_UNDER_WAY)
        return
    asked = whom_to_ask(d, call, seen.to)
    if isinstance(asked, Reason):
        d.refuse(seen, agent.key, asked)
        return
    if call.state is CallState.TALKING:
        d.record(e.CallHeld(call=call.id, agent=agent.key))
    ask(d, call, agent, asked, seen, PartyKind.CONSULTED)
    mix(d, call, Reason.CONSULTING)


def ask(
    d: Decision,
    call: Call,
    by: Agent,
    asked: Agent | OutsideSettings,
    seen: i.ConsultRequested | i.ThirdRequested,
    kind: PartyKind,
) -> None:
    """Rings whoever is asked, here or outside."""
    if isinstance(asked, Agent):
        assert not isinstance(seen.to, ToOutside), "an agent is not outside"
        ask_agent(d, call, by, asked, seen.to, kind)
    else:
        dial(d, call, by.key, asked, kind, Reason.ASKED_FOR)


def consult_complete_requested(d: Decision, seen: i.ConsultCompleteRequested) -> None:
    """Gives the call to whoever was consulted; the first agent does the work after it."""
    own = own_call(d, seen)
    if own is None:
        return
    agent, call = own
    consulted = consulted_in(call)
    if consulted is None or consulted.state is PartyState.RINGING:
        d.refuse(seen, agent.key, Reason.NO_CONSULT)
    elif consulted.agent is None:
        give_outside(d, call, agent, consulted, Reason.TRANSFERRED_AFTER_CONSULT)
    else:
        hand_over(d, call, consulted, Reason.TRANSFERRED_AFTER_CONSULT)


def hand_over(d: Decision, call: Call, to: Party, reason: Reason) -> None:
    """Makes the consulted agent the owner and connects her with the caller."""
    assert call.agent is not None, f"call {call.id} is nobody's to give"
    assert call.queue is not None, f"call {call.id} is talked in and came by no queue"
    assert to.agent is not None, f"call {call.id} is to be owned by somebody outside"
    agent = d.state.agents[call.agent]
    freed = clear_for_another(d, call)
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
    send_on(d, freed)


def consult_cancel_requested(d: Decision, seen: i.ConsultCancelRequested) -> None:
    """Ends the consultation and brings the agent back to her caller."""
    own = own_call(d, seen)
    if own is None:
        return
    agent, call = own
    consulted = consulted_in(call)
    if consulted is None:
        d.pass_over(seen, Reason.NOTHING_TO_DO)
        return
    freed = dismiss(d, call, Reason.CONSULT_OVER, kind=PartyKind.CONSULTED)
    if call.state is CallState.HELD:
        d.record(e.CallResumed(call=call.id, agent=agent.key))
    if consulted.state is PartyState.JOINED:
        connect(d, call, agent, Reason.CONSULT_OVER)
    else:
        order_resume(d, call, agent)
    send_on(d, freed)
