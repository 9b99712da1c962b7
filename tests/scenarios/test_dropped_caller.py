"""Night 4: the dropped caller.

He waits nine minutes, his mobile dies, and he rings again four minutes later from the same number;
then a stranger rings from a hidden number. The first has the old place; the second none to take.
"""

from openline.centre.redial import Redials
from openline.engine import Outcome
from openline.engine import events as e
from openline.engine import inputs as i
from openline.model import SECOND, Duration, LegId, LineKey, Origin
from tests.builders import seconds
from tests.engine.builders import BEGIN
from tests.engine.rehearsal import Rehearsal, only
from tests.virtual_clock import VirtualClock

LINE = LineKey("direct")
HIS, ANOTHERS = "+15550100", "+15550199"


class Night:
    """Is an engine whose port asks the memory of lost places before each call."""

    def __init__(self) -> None:
        self.engine = Rehearsal()
        self.clock = VirtualClock(BEGIN)
        self.redials = Redials(self.clock)

    def rings(self, leg: str, number: str | None) -> Outcome:
        since = self.redials.arrives(LegId(leg), LINE, Origin.REAL, number)
        return self.told(self.engine.arrive(leg, waiting_since=since))

    def told(self, outcome: Outcome) -> Outcome:
        self.redials.noticed(self.clock.now(), outcome.events)
        return outcome

    def wait(self, minutes: float) -> None:
        self.clock.advance(Duration(round(minutes * 60 * SECOND)))
        for _ in self.engine.wait(minutes * 60):
            pass


def test_the_first_has_his_old_place_and_the_stranger_has_none_to_take() -> None:
    night = Night()
    night.rings("sip:1", HIS)
    night.wait(1)
    night.rings("sip:2", ANOTHERS)
    night.wait(8)
    night.told(night.engine.see(i.LegHungUp(leg=LegId("sip:1"))))
    night.wait(4)
    night.rings("sip:3", HIS)
    night.rings("sip:4", None)
    assert night.engine.call("sip:3").waiting_since == BEGIN
    assert night.engine.call("sip:4").waiting_since == night.engine.now
    for expected in ("sip:3", "sip:2", "sip:4"):
        night.engine.ready("ben")
        assert night.engine.agent_offered(expected) == "ben"
        night.engine.accept("ben")
        night.engine.hang_up("ben")
        night.engine.finish("ben", ready=False)


def test_nothing_on_record_joins_his_two_calls() -> None:
    night = Night()
    first = only(night.rings("sip:1", HIS).events, e.CallArrived)
    night.wait(9)
    night.told(night.engine.see(i.LegHungUp(leg=LegId("sip:1"))))
    night.wait(4)
    outcome = night.rings("sip:3", HIS)
    again = only(outcome.events, e.CallArrived)
    assert again.waiting_since == BEGIN
    assert again.call != first.call
    words = repr(outcome.events) + repr(night.engine.steps[-1].seen)
    assert HIS not in words
    assert "sip:1" not in words


def test_his_wait_is_counted_anew_for_the_measures() -> None:
    night = Night()
    night.rings("sip:1", HIS)
    night.wait(9)
    night.told(night.engine.see(i.LegHungUp(leg=LegId("sip:1"))))
    night.wait(4)
    night.rings("sip:3", HIS)
    night.wait(0.5)
    night.engine.ready("ben")
    accepted = only(night.engine.accept("ben").events, e.OfferAccepted)
    assert accepted.waited == seconds(30)
