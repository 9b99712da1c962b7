"""Whether agents are counted where they serve, once in the whole, and by what they do."""

from openline.engine import AgentState, State
from openline.engine import events as e
from openline.model import Instant, Origin
from openline.reports.staff import Staff
from tests.builders import (
    ANN,
    BEN,
    CARLA,
    ENGLISH,
    ES,
    SPANISH,
    Night,
    a_centre,
    agent,
    line,
    needs,
    queue,
    settings,
)

REAL, PRACTICE = (Origin.REAL,), (Origin.PRACTICE,)


def counted(night: Night) -> Staff:
    """Returns the staff as the whole record tells it."""
    staff = Staff(State())
    for _, events in night.record:
        for event in events:
            staff.notice(event)
    return staff


def test_an_agent_counts_in_each_queue_she_serves_and_once_in_the_whole() -> None:
    night = Night(a_centre(), Instant(0))
    night.sign_in(BEN)
    staff = counted(night)
    for place in (ENGLISH, SPANISH, None):
        assert staff.counts(place, REAL)[AgentState.READY] == 1


def test_an_agent_counts_for_origins_of_which_she_serves_any() -> None:
    night = Night(a_centre(), Instant(0))
    night.sign_in(ANN, PRACTICE)
    staff = counted(night)
    assert staff.counts(ENGLISH, REAL)[AgentState.READY] == 0
    assert staff.counts(ENGLISH, PRACTICE)[AgentState.READY] == 1
    assert staff.counts(ENGLISH, tuple(Origin))[AgentState.READY] == 1


def test_an_agent_who_chooses_other_origins_is_counted_there() -> None:
    night = Night(a_centre(), Instant(0))
    night.sign_in(ANN, PRACTICE)
    staff = counted(night)
    staff.notice(e.AgentOriginsChanged(agent=ANN, origins=REAL))
    assert staff.counts(None, REAL)[AgentState.READY] == 1
    assert staff.counts(None, PRACTICE)[AgentState.READY] == 0


def test_an_agent_who_is_being_rung_is_neither_ready_nor_talking() -> None:
    night = Night(a_centre(), Instant(0))
    night.sign_in(CARLA)
    night.arrive(ES)
    counts = counted(night).counts(SPANISH, REAL)
    assert (counts[AgentState.READY], counts[AgentState.OFFERED], counts[AgentState.TALKING]) == (
        0,
        1,
        0,
    )


def test_a_new_configuration_moves_agents_who_are_there_to_what_they_now_serve() -> None:
    night = Night(a_centre(), Instant(0))
    night.sign_in(ANN)
    staff = counted(night)
    changed = settings(
        version=2,
        lines=(line(ES, SPANISH),),
        queues=(queue(SPANISH, needs(es=1)),),
        agents=(agent(ANN, es=2),),
    )
    staff.notice(e.ConfigurationAdopted(settings=changed))
    assert staff.counts(SPANISH, REAL)[AgentState.READY] == 1
    assert staff.counts(None, REAL)[AgentState.READY] == 1
    assert staff.counts(ENGLISH, REAL)[AgentState.READY] == 0
