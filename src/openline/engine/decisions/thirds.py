"""Inputs about who joins a conversation: an interpreter, or any other third.

The caller stays with his agent while the third is rung. Thirds may drop out and be replaced; they
stay in the call when it is given to somebody who was consulted, and end with it.
"""

from openline.engine import inputs as i
from openline.engine.decision import Decision
from openline.engine.decisions.consults import ask
from openline.engine.decisions.leaving import go_on_without
from openline.engine.decisions.parties import (
    is_ringing_in,
    let_go,
    send_on,
    whom_to_ask,
)
from openline.engine.decisions.requests import own_call
from openline.engine.parties import PartyKind
from openline.model import Reason

LIMIT = 4
"""So many others may be in a call: more voices help nobody."""


def third_requested(d: Decision, seen: i.ThirdRequested) -> None:
    """Rings somebody who is to join the conversation."""
    own = own_call(d, seen)
    if own is None:
        return
    agent, call = own
    if is_ringing_in(call):
        d.refuse(seen, agent.key, Reason.SOMEBODY_IS_RUNG)
        return
    if len(call.parties) >= LIMIT:
        d.refuse(seen, agent.key, Reason.TOO_MANY_IN_CALL)
        return
    asked = whom_to_ask(d, call, seen.to)
    if isinstance(asked, Reason):
        d.refuse(seen, agent.key, asked)
    else:
        ask(d, call, agent, asked, seen, PartyKind.THIRD)


def party_dismiss_requested(d: Decision, seen: i.PartyDismissRequested) -> None:
    """Lets a third go, or rings one no longer."""
    own = own_call(d, seen)
    if own is None:
        return
    agent, call = own
    party = next((one for one in call.parties if one.number == seen.party), None)
    if party is None:
        d.pass_over(seen, Reason.NOTHING_TO_DO)
    elif party.kind is not PartyKind.THIRD:
        d.refuse(seen, agent.key, Reason.NO_THIRD)
    else:
        freed = let_go(d, call, party, Reason.LET_GO)
        go_on_without(d, call, party, Reason.LET_GO)
        if freed is not None:
            send_on(d, (freed,))
