"""Night 8: the interpreter.

A caller speaks K'iche'. Ana adds an interpreter from outside, who drops out and is replaced by
another; she consults a lawyer meanwhile, and gives her caller to a colleague together with the
interpreter. Nobody is ever in a room with nobody who answers for the call.
"""

from openline.engine import AgentState, CallOutcome, CallState
from openline.engine import commands as c
from openline.engine import events as e
from openline.engine.mix import Hears
from openline.model import SECOND, LegId, Reason
from tests.engine.rehearsal import Rehearsal, only

CALLER, ANA, DORA = LegId("sip:caller"), LegId("desk:ana"), LegId("desk:dora")


def hears(orders: object, leg: LegId) -> Hears:
    """Returns what is heard at a leg by the last order for the call."""
    mix = [order for order in orders if isinstance(order, c.MixCall)][-1]  # type: ignore[attr-defined]
    return next(heard for heard in mix.hears if heard.leg == leg)


def test_a_night_with_an_interpreter() -> None:
    night = Rehearsal()
    night.talk("ana", "sip:caller")
    night.wait(40)

    # Ana cannot understand him, and adds an interpreter. They stay together while it rings.
    night.third("ana", outside="interpreter")
    assert night.call("sip:caller").state is CallState.TALKING
    night.wait(8)
    first = night.outside_leg("sip:caller", "interpreter")
    outcome = night.outside_answers("sip:caller", "interpreter")
    assert hears(outcome.commands, CALLER).others == (ANA, first)
    night.wait(120)

    # The interpreter's telephone dies. The two are together as before, and nobody hung up on them.
    outcome = night.outside_hangs_up("sip:caller", "interpreter")
    assert only(outcome.events, e.OutsideLeft).took == 120 * SECOND
    assert only(outcome.commands, c.ResumeCall).leg == CALLER
    assert night.call("sip:caller").state is CallState.TALKING

    # Another comes.
    night.third("ana", outside="interpreter")
    second = night.outside_leg("sip:caller", "interpreter")
    assert second != first
    night.wait(5)
    night.outside_answers("sip:caller", "interpreter")
    night.wait(60)

    # Ana asks a lawyer. Caller and interpreter hear music meanwhile, each alone.
    night.consult("ana", outside="lawyer")
    outcome = night.outside_answers("sip:caller", "lawyer")
    lawyer = night.outside_leg("sip:caller", "lawyer")
    assert hears(outcome.commands, ANA).others == (lawyer,)
    assert hears(outcome.commands, CALLER).music
    assert hears(outcome.commands, second).music
    night.wait(30)

    # She has her answer: the lawyer goes, and the three are together again.
    outcome = night.cancel("ana")
    assert only(outcome.events, e.OutsideLeft).reason is Reason.CONSULT_OVER
    assert set(hears(outcome.commands, CALLER).others) == {ANA, second}
    night.wait(90)

    # Dora knows the law better. Ana asks her, and gives her caller and interpreter together.
    night.ready("dora")
    night.consult("ana", to="dora")
    night.accept("dora")
    night.wait(20)
    outcome = night.complete("ana")
    assert night.call("sip:caller").agent == "dora"
    assert night.agent("ana").state is AgentState.WRAP_UP
    assert set(hears(outcome.commands, CALLER).others) == {DORA, second}
    assert set(hears(outcome.commands, second).others) == {CALLER, DORA}
    night.wait(300)

    # It ends like any other call, and nobody is left behind.
    outcome = night.leave("sip:caller")
    assert only(outcome.events, e.CallEnded).outcome is CallOutcome.ANSWERED
    assert {order.leg for order in outcome.commands if isinstance(order, c.HangUpLeg)} == {second}
    assert night.agent("dora").state is AgentState.WRAP_UP
    assert not night.state.calls_by_outside_leg
