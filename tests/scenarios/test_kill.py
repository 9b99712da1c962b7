"""Night 6, as far as there is a router: kill.

The program dies while one call hears the greeting, one waits, one is being offered, one was
answered a moment ago, one is on hold, and one agent is in wrap-up. After the restart each is where
it was or one honest step further, and the story of each says so.
"""

import pytest

from openline.engine import AgentState, AnyEvent, CallOutcome, CallState
from openline.engine import commands as c
from openline.engine import events as e
from openline.engine import inputs as i
from openline.model import SECOND, AgentKey, Instant, LegId, Reason
from tests.builders import agent
from tests.engine.builders import ANA, BEN, CLEO, DORA, HEAL_S, RING_S, another_version
from tests.engine.rehearsal import Rehearsal, only

FIVE = another_version(version=1, agents=(ANA, BEN, CLEO, DORA, agent(AgentKey("emil"), en=2)))
CALLERS = ("web:greeted", "web:waits", "web:rung", "web:answered", "web:held")
DESKS = ("desk:ana", "desk:ben", "desk:cleo", "desk:emil")

WHERE_THEY_WERE = {
    "web:greeted": CallState.GREETING,
    "web:waits": CallState.QUEUED,
    "web:rung": CallState.OFFERED,
    "web:answered": CallState.TALKING,
    "web:held": CallState.HELD,
}


@pytest.fixture
def night() -> Rehearsal:
    night = Rehearsal(FIVE)
    night.talk("emil", "web:gone")
    night.hang_up("emil")
    night.talk("ana", "web:held")
    night.hold("ana")
    night.wait(30)
    night.talk("ben", "web:answered")
    night.ready("cleo")
    night.arrive("web:rung")
    night.wait(1)
    night.arrive("web:waits")
    night.wait(1)
    night.arrive("web:greeted", line="public")
    assert _where(night) == WHERE_THEY_WERE
    assert night.agent("emil").state is AgentState.WRAP_UP
    return night


def _where(night: Rehearsal) -> dict[str, CallState]:
    return {leg: night.call(leg).state for leg in CALLERS if LegId(leg) in night.state.calls_by_leg}


def _dead_for(night: Rehearsal, seconds: float) -> None:
    night.now = Instant(night.now + round(seconds * SECOND))


def _story(night: Rehearsal, leg: str) -> list[AnyEvent]:
    call = night.call(leg).id
    return [event for event in night.events if getattr(event, "call", None) == call]


def test_where_every_leg_is_still_there_nothing_is_noticed(night: Rehearsal) -> None:
    _dead_for(night, 5)
    outcome = night.restart(*CALLERS, *DESKS)
    assert not outcome.commands, "nothing is ordered again blindly"
    assert _where(night) == WHERE_THEY_WERE
    night.accept("cleo")
    assert night.call("web:rung").agent == "cleo"


def test_pages_that_reconnect_in_time_find_everything_as_it_was(night: Rehearsal) -> None:
    place = night.call("web:waits").waiting_since
    _dead_for(night, 40)
    night.restart()
    night.wait(HEAL_S - 1)
    for leg in CALLERS:
        night.come_back(leg, session=night.call(leg).session)
    for leg in DESKS:
        session = 1 if leg in ("desk:ana", "desk:ben") else None
        night.come_back(leg, session=session)
    assert _where(night) == WHERE_THEY_WERE
    assert night.call("web:waits").waiting_since == place
    assert night.call("web:answered").session == 1, "sound that was kept goes on"
    assert night.agent("emil").state is AgentState.WRAP_UP


def test_the_offer_is_rung_again_and_has_its_full_time(night: Rehearsal) -> None:
    _dead_for(night, RING_S + 40)
    night.restart(*CALLERS)
    ring = only(night.come_back("desk:cleo").commands, c.RingAgent)
    assert ring.expires_at == night.now + RING_S * SECOND
    assert not any(isinstance(event, e.OfferMissed) for event in night.events)


def test_a_caller_whose_agent_does_not_come_back_is_first_in_the_queue(night: Rehearsal) -> None:
    night.restart(*CALLERS, "desk:cleo")
    night.wait(HEAL_S)
    assert night.call("web:answered").state is CallState.QUEUED
    assert night.call("web:held").state is CallState.QUEUED
    assert _story(night, "web:held")[-1] == e.CallQueued(
        call=night.call("web:held").id,
        line=night.call("web:held").line,
        origin=night.call("web:held").origin,
        queue=night.state.queues[night.state.lines[night.call("web:held").line].queue].key,
        entry=2,
        priority=0,
        waiting_since=night.call("web:held").arrived_at,
        reason=Reason.AGENT_LOST,
    )
    night.come_back("desk:ana")
    night.ready("ana")
    assert night.agent_offered("web:held") == "ana", "he came first of all who wait"


def test_callers_who_do_not_come_back_are_gone_and_their_agents_wrap_up(night: Rehearsal) -> None:
    night.restart(*DESKS)
    night.wait(HEAL_S)
    assert _where(night) == {}
    outcomes = [event.outcome for event in night.events if isinstance(event, e.CallEnded)]
    assert outcomes.count(CallOutcome.LEFT_BEFORE_QUEUE) == 1
    assert outcomes.count(CallOutcome.ABANDONED) == 2
    assert outcomes.count(CallOutcome.ANSWERED) == 3
    assert night.agent("ana").state is AgentState.WRAP_UP
    assert night.agent("cleo").is_idle


def test_what_a_page_says_again_because_it_was_never_told_done_changes_nothing(
    night: Rehearsal,
) -> None:
    call = night.call("web:answered")
    assert call.accepted is not None
    night.restart(*CALLERS, *DESKS)
    outcome = night.see(i.AcceptRequested(agent=AgentKey("ben"), offer=call.accepted))
    assert only(outcome.events, e.InputPassedOver).reason is Reason.NOTHING_TO_DO


def test_a_program_that_dies_twice_in_a_row_takes_nothing_from_anybody(night: Rehearsal) -> None:
    for _ in range(3):
        _dead_for(night, HEAL_S - 1)
        night.restart()
    for leg in (*CALLERS, *DESKS):
        night.come_back(leg)
    assert _where(night) == WHERE_THEY_WERE
