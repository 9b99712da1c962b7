"""What follows when the channel to an agent's telephone ends and it was not us who ended it: pure.

An agent who puts down her telephone ends her call. While she consults, that gives the call to whom
she has asked, as telephones everywhere do it, once he is on the line; while it still rings there
she would leave her caller alone, so her own telephone rings again and she may take him back. A
channel that ends otherwise is an accident: her caller hears music, and she is rung if she can be.
"""

from openline.engine import AnyInput, State
from openline.engine import inputs as i
from openline.engine.parties import PartyKind, PartyState
from openline.model import AgentKey
from openline.telephony.asterisk import translate as t
from openline.telephony.asterisk.parties import Telephone

_NORMAL = (0, t.NORMAL_CLEARING, 31)


def put_down(
    state: State | None, phone: Telephone, channel: str, cause: int
) -> tuple[AnyInput, ...]:
    """Returns what is told of it; `phone` is as it was before."""
    leg, offer = t.phone_leg(phone.agent), t.offer_of_channel(channel)
    # At her desk she ends a call by the button; what ends at a page otherwise is an accident.
    if phone.is_up and cause in _NORMAL and not phone.in_browser:
        consulted = None if state is None else _consulted_by(state, phone.agent)
        if consulted is None:
            return (i.HangUpRequested(agent=phone.agent),)
        if consulted is PartyState.JOINED:
            return (i.ConsultCompleteRequested(agent=phone.agent),)
    if phone.is_up or phone.pending is not None:
        lost = i.LegLost(leg=leg)
        return (lost, i.LegReturned(leg=leg)) if phone.is_up and phone.is_there else (lost,)
    if offer is not None:
        # Declined, busy or not to be found: she is paused, and no empty chair is rung twice.
        return (i.DeclineRequested(agent=phone.agent, offer=offer),)
    return ()


def _consulted_by(state: State, key: AgentKey) -> PartyState | None:
    """Returns how far a consultation of hers is, or None if she consults nobody."""
    agent = state.agents.get(key)
    call = None if agent is None or agent.call is None else state.calls.get(agent.call)
    if call is None or call.agent != key:
        return None
    return next((p.state for p in call.parties if p.kind is PartyKind.CONSULTED), None)
