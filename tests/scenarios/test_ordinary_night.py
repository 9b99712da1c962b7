"""Night 1, simplified: 23:00 to 07:00, forty calls an hour falling to ten, six agents.

One goes home at 03:00 in the middle of a call, one comes late. Nobody waits who need not, and the
late agent's first offer is the longest waiting call she can take.
"""

from random import Random

import pytest

from openline.engine import AgentState, CallOutcome, CallState
from openline.engine import events as e
from openline.model import SECOND, AgentKey
from tests.builders import agent
from tests.engine.builders import ANA, BEGIN, BEN, CLEO, DORA, another_version
from tests.engine.rehearsal import Rehearsal, only

HOUR = 3_600
EMIL = agent(AgentKey("emil"), en=2)
FAY = agent(AgentKey("fay"), en=3, es=3)
SIX = another_version(version=1, agents=(ANA, BEN, CLEO, DORA, EMIL, FAY))


class OrdinaryNight:
    """Plays callers and agents who do what is usual, with chance from a seed."""

    def __init__(self, seed: int) -> None:
        self.night = Rehearsal(SIX)
        self.who_goes_home: str | None = None
        self._chance = Random(seed)
        self._legs = 0

    def play_until(self, hour: float) -> None:
        """Plays on until so many hours after the beginning, in looks two seconds apart."""
        night = self.night
        while night.now < BEGIN + hour * HOUR * SECOND:
            passed = (night.now - BEGIN) / SECOND / HOUR
            if self._chance.random() < 2 * (40 - 30 * passed / 8) / HOUR:
                self._somebody_calls()
            self._callers()
            self._agents()
            night.wait(2)

    def _somebody_calls(self) -> None:
        self._legs += 1
        line = self._chance.choices(("public", "publico", "crisis"), (68, 27, 5))[0]
        self.night.arrive(f"web:{self._legs}", line=line)

    def _callers(self) -> None:
        for call in list(self.night.state.calls.values()):
            if call.state is CallState.GREETING and self.night.now > call.arrived_at + 12 * SECOND:
                self.night.hear_greeting(call.leg)
            elif call.is_waiting and self._chance.random() < 2 / 180:
                self.night.leave(call.leg)

    def _agents(self) -> None:
        for one in list(self.night.state.agents.values()):
            seconds = (self.night.now - one.since) / SECOND
            if one.state is AgentState.OFFERED and seconds >= 4:
                self.night.accept(one.key)
            elif one.state is AgentState.TALKING and self._chance.random() < 2 / 300:
                self.night.hang_up(one.key)
            elif one.state is AgentState.WRAP_UP and seconds >= 60:
                goes = one.key == self.who_goes_home
                self.night.finish(one.key, ready=not goes)
                if goes:
                    self.night.sign_out(one.key)


@pytest.mark.parametrize("seed", [1, 2])
def test_an_ordinary_night(seed: int) -> None:
    played = OrdinaryNight(seed)
    night = played.night

    # 23:00. Five are there; Fay, who should be the sixth, is late.
    for key in ("ana", "ben", "cleo", "dora", "emil"):
        night.ready(key)
    played.play_until(0.5)

    # 23:30. Six ring within six seconds; Fay comes while some of them wait.
    for leg in ("web:a", "web:b", "web:c", "web:d", "web:e", "web:f"):
        night.arrive(leg)
        night.wait(1)
    she_serves = night.state.index.queues_of(FAY.key)
    waiting = [c for c in night.state.calls.values() if c.is_waiting and c.queue in she_serves]
    assert waiting, "somebody waits for her"
    longest = min(waiting, key=lambda call: call.waiting_since or 0)
    offered = only(night.ready("fay").events, e.CallOffered)
    assert offered.call == longest.id
    played.play_until(4)

    # 03:00. Ben's time is over in the middle of a call: he ends it in peace, and then he goes.
    if night.agent("ben").state is AgentState.READY:
        while night.agent("ben").state is AgentState.READY:
            night.arrive(f"web:for-ben-{night.state.next_call}")
        night.accept("ben")
    played.who_goes_home = "ben"
    assert night.agent("ben").state in (AgentState.TALKING, AgentState.WRAP_UP, AgentState.OFFERED)
    played.play_until(5)
    assert night.agent("ben").state is AgentState.SIGNED_OUT
    played.play_until(8)

    # 07:00. The last callers are served, and the sums of the night add up.
    history = night.history
    assert history.arrived == history.ended.total() + len(night.state.calls)
    assert history.ended[CallOutcome.ANSWERED] > 100
    assert history.ended[CallOutcome.ABANDONED] < history.ended[CallOutcome.ANSWERED] / 5
    assert not any(isinstance(event, e.OfferMissed) for event in night.events)


def test_nobody_waits_who_need_not() -> None:
    night = Rehearsal(SIX)
    for key in ("ana", "ben", "emil"):
        night.ready(key)
    for leg in ("web:1", "web:2", "web:3"):
        only(night.arrive(leg).events, e.CallOffered)
    assert {night.agent_offered(leg) for leg in ("web:1", "web:2", "web:3")} == {
        "ana",
        "ben",
        "emil",
    }
