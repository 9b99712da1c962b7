"""What becomes of a call when somebody who was in it, or was rung for it, is gone?

Its caller and its agent go on. A call that was handed on outside ends when nobody is left there; if
nobody was reached, its caller goes on in the queue that he came by, at his first place, as after a
transfer to a colleague who does not answer. Likewise one that its queue sent outside.
"""

from openline.engine.apply.parties import party_of
from openline.engine.decision import Decision
from openline.engine.decisions.acts import connect, mix, offer_to, queue_again, sound_again
from openline.engine.decisions.endings import end_call
from openline.engine.decisions.forwarding import come_back
from openline.engine.decisions.parties import part, set_free
from openline.engine.parties import Party, PartyKind, PartyState
from openline.engine.state import Agent, Call, CallState
from openline.model import Reason


def leave(d: Decision, call: Call, agent: Agent, reason: Reason) -> None:
    """Lets an agent go who takes part in another's call."""
    party = party_of(call, agent.key)
    part(d, call, agent, reason)
    set_free(d, agent, party)
    go_on_without(d, call, party, reason)
    offer_to(d, agent)


def go_on_without(d: Decision, call: Call, party: Party, reason: Reason) -> None:
    """Lets the others go on after somebody is gone.

    Whoever was consulted had the owner's connection: the caller's is made anew.
    """
    if call.state is CallState.OUTSIDE:
        _go_on_outside(d, call, party, reason)
    elif call.state is CallState.FORWARDED and party.state is PartyState.JOINED:
        end_call(d, call, reason)
    elif call.state is CallState.FORWARDED:
        come_back(d, call, reason)
    elif party.kind is PartyKind.CONSULTED and party.state is PartyState.JOINED:
        assert call.agent is not None, f"call {call.id} has no owner"
        connect(d, call, d.state.agents[call.agent], reason)
    else:
        sound_again(d, call)


def _go_on_outside(d: Decision, call: Call, party: Party, reason: Reason) -> None:
    if call.parties:
        mix(d, call, reason)
    elif party.state is PartyState.JOINED:
        end_call(d, call, reason)
    else:
        queue_again(d, call, reason)
