"""What is seen of those outside, and calls that are given to them.

A call that was handed on outside is nobody's here: it is its caller's and theirs. What becomes of
it when they are gone is decided in `leaving`.
"""

from openline.engine import commands as c
from openline.engine import events as e
from openline.engine import inputs as i
from openline.engine.decision import Decision
from openline.engine.decisions.acts import (
    mix,
    talk_so_far,
    wrap_up,
)
from openline.engine.decisions.leaving import go_on_without
from openline.engine.decisions.parties import (
    clear_for_another,
    dial,
    joined,
    part_outside,
    send_on,
)
from openline.engine.parties import Party, PartyKind, PartyState
from openline.engine.settings import OutsideSettings
from openline.engine.state import Agent, Call
from openline.model import Duration, LegId, OutsideKey, Reason

CANNOT_DIAL_OUT = "cannot_dial_out"
"""Why an order failed whose port can dial nobody outside."""
WHY_FAILED = {
    i.DialFailure.BUSY: Reason.BUSY,
    i.DialFailure.NO_ANSWER: Reason.NO_ANSWER,
    i.DialFailure.FAILED: Reason.DIAL_FAILED,
    i.DialFailure.HELD_BACK: Reason.CALLS_OUT_SPENT,
}


def outside_answered(d: Decision, seen: i.DialAnswered) -> None:
    """Lets somebody outside take part."""
    found = _at(d, seen.leg)
    if found is None:
        d.pass_over(seen, Reason.UNKNOWN_LEG)
        return
    call, party = found
    if party.state is PartyState.JOINED:
        d.pass_over(seen, Reason.OUT_OF_DATE)
        return
    assert party.outside is not None, f"party {party.number} is an agent"
    d.record(
        e.OutsideAnswered(
            party=party.number,
            call=call.id,
            outside=party.outside,
            rang=Duration(d.now - party.since),
        )
    )
    joined(d, call, party)


def outside_failed(d: Decision, seen: i.DialFailed) -> None:
    """Goes on without somebody outside who was not reached."""
    found = _at(d, seen.leg)
    if found is None:
        d.pass_over(seen, Reason.UNKNOWN_LEG)
    elif found[1].state is PartyState.JOINED:
        d.pass_over(seen, Reason.OUT_OF_DATE)
    else:
        outside_gone(d, *found, WHY_FAILED[seen.why])


def outside_not_dialled(d: Decision, seen: i.CommandFailed) -> None:
    """Goes on without somebody outside whose number could not be dialled at all."""
    found = _at(d, seen.leg)
    if found is not None:
        call, party = found
        if party.state is PartyState.RINGING and party.dial == seen.command:
            is_unable = seen.why == CANNOT_DIAL_OUT
            reason = Reason.CANNOT_DIAL_OUT if is_unable else Reason.DIAL_FAILED
            outside_gone(d, call, party, reason)


def outside_hung_up(d: Decision, seen: i.LegHungUp | i.LegLost) -> None:
    """Goes on without somebody outside who hung up; a telephone that is lost does not come back."""
    found = _at(d, seen.leg)
    if found is None:
        d.pass_over(seen, Reason.UNKNOWN_LEG)
    else:
        outside_gone(d, *found, Reason.OUTSIDE_HUNG_UP)


def rung_long_enough(d: Decision, call: Call) -> None:
    """Stops ringing somebody outside who does not answer."""
    for party in call.parties:
        if party.outside is not None and party.state is PartyState.RINGING:
            d.order(c.HangUpLeg(id=d.command_id(), leg=party.leg, reason=Reason.NO_ANSWER))
            outside_gone(d, call, party, Reason.NO_ANSWER)
            return


def outside_gone(d: Decision, call: Call, party: Party, reason: Reason) -> None:
    """Lets the others go on without somebody outside, whose leg is gone."""
    part_outside(d, call, party, reason)
    go_on_without(d, call, party, reason)


def transfer_outside(d: Decision, call: Call, agent: Agent, outside: OutsideSettings) -> None:
    """Hands the caller on to somebody outside without asking first."""
    _give(d, call, agent, outside.key, None, Reason.TRANSFERRED)
    dial(d, call, agent.key, outside, PartyKind.THIRD, Reason.TRANSFERRED)
    mix(d, call, Reason.TRANSFERRED)


def give_outside(d: Decision, call: Call, agent: Agent, to: Party, reason: Reason) -> None:
    """Gives the call to somebody outside who was consulted."""
    assert to.outside is not None, f"party {to.number} is an agent"
    _give(d, call, agent, to.outside, to, reason)
    mix(d, call, reason, anew=True)


def _give(
    d: Decision, call: Call, agent: Agent, outside: OutsideKey, to: Party | None, reason: Reason
) -> None:
    assert call.queue is not None, f"call {call.id} is talked in and came by no queue"
    freed = clear_for_another(d, call)
    talked, held = talk_so_far(call, d.now)
    d.record(
        e.CallGivenOutside(
            call=call.id,
            line=call.line,
            queue=call.queue,
            origin=call.origin,
            agent=agent.key,
            outside=outside,
            reason=reason,
            talked=talked,
            held=held,
            party=None if to is None else to.number,
            consulted=Duration(0 if to is None else d.now - to.since),
        )
    )
    wrap_up(d, call, agent, reason)
    send_on(d, freed)


def _at(d: Decision, leg: LegId) -> tuple[Call, Party] | None:
    """Returns the call and the party in it that is at the leg outside, or None."""
    call = d.state.calls_by_outside_leg.get(leg)
    if call is None:
        return None
    return call, next(party for party in call.parties if party.leg == leg)
