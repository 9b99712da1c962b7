"""Whether agents are counted where they serve, once in the whole, and by what they do."""

import msgspec

from openline.engine import AgentState, State, SurgeSettings
from openline.engine import events as e
from openline.engine import inputs as i
from openline.model import AgentKey, Instant, Origin, SurgeKey
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
    step,
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


def test_a_surge_and_what_supervisors_changed_count_as_soon_as_they_are_in_force() -> None:
    flood = msgspec.structs.replace(queue(ENGLISH, needs(en=1)), overflow=(step(10, es=1),))
    centre = msgspec.structs.replace(
        a_centre(),
        surges=(SurgeSettings(key=SurgeKey("flood"), lines=(), queues=(flood,)),),
    )
    night = Night(centre, Instant(0))
    night.sign_in(CARLA)
    staff = counted(night)
    assert staff.in_time(ENGLISH, REAL)[AgentState.READY] == 0
    staff.notice(e.SurgeSwitched(surge=SurgeKey("flood"), by=ANN))
    assert staff.in_time(ENGLISH, REAL)[AgentState.READY] == 1
    assert staff.counts(ENGLISH, REAL)[AgentState.READY] == 0
    staff.notice(e.SurgeSwitched(surge=None, by=ANN))
    assert staff.in_time(ENGLISH, REAL)[AgentState.READY] == 0
    taught = e.AgentSkillsChanged(agent=CARLA, skills=needs(en=1), by=AgentKey("sue"))
    staff.notice(taught)
    assert staff.counts(ENGLISH, REAL)[AgentState.READY] == 1
    assert staff.counts(SPANISH, REAL)[AgentState.READY] == 0


def test_what_was_in_force_at_the_start_counts_too() -> None:
    night = Night(a_centre(), Instant(0))
    night.sign_in(CARLA)
    has = night.state.agent_settings[CARLA].skills
    taught = i.SkillsChangeRequested(by=ANN, agent=CARLA, skills=needs(en=1), instead_of=has)
    night.see(taught)
    assert Staff(night.state).counts(ENGLISH, REAL)[AgentState.READY] == 1
    assert Staff(night.state).counts(SPANISH, REAL)[AgentState.READY] == 0
