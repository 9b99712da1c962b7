"""Inputs of supervisors who listen to a talk: heard by nobody, by the agent, or by all.

Only on lines whose greeting says that calls may be heard, and never where the caller heard no
greeting: whoever is called back. The fact is on record before any sound flows, the agent sees it,
and the supervisor takes no calls meanwhile. Afterwards she is what she was before.
"""

from openline.engine import events as e
from openline.engine import inputs as i
from openline.engine.decision import Decision
from openline.engine.decisions.acts import leg_of, mix, work_of
from openline.engine.decisions.parties import takes_part_in
from openline.engine.parties import Party, PartyKind
from openline.engine.state import Agent, AgentState, Call, CallState, State
from openline.model import OfferId, Reason

_MAY_LISTEN = (AgentState.PAUSED, AgentState.READY)


def listen_requested(d: Decision, seen: i.ListenRequested) -> None:
    """Lets a supervisor take part in a talk to listen, or changes who hears her."""
    supervisor, agent = d.state.agents.get(seen.by), d.state.agents.get(seen.agent)
    if supervisor is None or agent is None:
        d.refuse(seen, seen.by, Reason.UNKNOWN_AGENT)
        return
    call = work_of(d, agent)
    if call is None or call.state is CallState.DIALLING:
        d.refuse(seen, seen.by, Reason.CALL_IS_OVER)
        return
    listener = _as_listener(d, supervisor, call)
    if listener is None:
        _start(d, seen, supervisor, agent, call)
    elif listener.mode is seen.mode:
        d.pass_over(seen, Reason.NOTHING_TO_DO)
    else:
        d.record(
            e.ListeningChanged(
                party=listener.number, call=call.id, agent=supervisor.key, mode=seen.mode
            )
        )
        mix(d, call, Reason.LISTENING)


def _as_listener(d: Decision, supervisor: Agent, call: Call) -> Party | None:
    if takes_part_in(d, supervisor) is not call:
        return None
    parties = (one for one in call.parties if one.agent == supervisor.key)
    return next((one for one in parties if one.kind is PartyKind.LISTENER), None)


def _start(
    d: Decision, seen: i.ListenRequested, supervisor: Agent, agent: Agent, call: Call
) -> None:
    refusal = _refusal(d, supervisor, call)
    if refusal is not None:
        d.refuse(seen, seen.by, refusal)
        return
    assert call.queue is not None, f"call {call.id} is talked in and came by no queue"
    d.record(
        e.ListeningStarted(
            party=OfferId(d.state.next_offer),
            call=call.id,
            line=call.line,
            queue=call.queue,
            origin=call.origin,
            agent=supervisor.key,
            of=agent.key,
            leg=leg_of(supervisor),
            mode=seen.mode,
        )
    )
    mix(d, call, Reason.LISTENING)


def may_be_heard(state: State, call: Call) -> bool:
    """Tells whether the caller was told that others may hear the call."""
    return state.lines[call.line].listening and call.callback is None


def _refusal(d: Decision, supervisor: Agent, call: Call) -> Reason | None:
    if not may_be_heard(d.state, call):
        return Reason.NOT_HEARD_HERE
    if supervisor.state is AgentState.SIGNED_OUT:
        return Reason.NOT_SIGNED_IN
    if supervisor.state not in _MAY_LISTEN or supervisor.gone_at is not None:
        return Reason.NOT_IN_THIS_STATE
    if supervisor.rests_until is not None:
        return Reason.IN_RECOVERY
    if any(party.kind is PartyKind.LISTENER for party in call.parties):
        return Reason.SOMEBODY_LISTENS
    return None
