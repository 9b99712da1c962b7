from itertools import pairwise

import msgspec

from openline.engine import AnyInput, Engine, State
from openline.engine import inputs as i
from openline.model import AgentKey, Duration, Instant, LegId, Origin
from openline.simulation import People, WorldProfile
from openline.simulation.arrivals import HOUR
from openline.simulation.behaviour import CALLS_AT_MOST, caller_at
from tests.simulation.worlds import small_line

EVENING = Instant(490_014 * HOUR + 17 * HOUR)


def moves_until(people: People, end: Instant) -> list[tuple[Instant, AnyInput]]:
    made: list[tuple[Instant, AnyInput]] = []
    while (at := people.next_at()) is not None and at < end:
        made += [(at, seen) for seen in people.move(at)]
    return made


def insistent(profile: WorldProfile) -> WorldProfile:
    callers = tuple(msgspec.structs.replace(group, redial_share=1.0) for group in profile.callers)
    return msgspec.structs.replace(profile, callers=callers, colleagues=())


def test_who_gave_up_calls_again_from_a_leg_of_his_own_and_not_for_ever() -> None:
    settings, profile = small_line(1)
    engine, people = Engine(State()), People(insistent(profile))
    engine.handle(i.ConfigurationPublished(settings=settings), EVENING)
    people.take_over(State(), EVENING)
    calls: dict[tuple[int, int], list[tuple[int, Instant]]] = {}
    while True:
        at = people.next_at()
        due = engine.next_wakeup()
        if at is None or at > EVENING + 6 * HOUR:
            break
        if due is not None and due < at:
            seen: list[AnyInput] = [i.TimePassed()]
            at = due
        else:
            seen = list(people.move(at))
        for one in seen:
            if isinstance(one, i.LegArrived):
                name = caller_at(one.leg)
                assert name is not None
                calls.setdefault((name.hour, name.index), []).append((name.time, at))
            for command in engine.handle(one, at).commands:
                people.hear(command, at)
    assert len(calls) > 10
    for times in calls.values():
        assert [time for time, _ in times] == list(range(1, len(times) + 1))
        assert len(times) <= CALLS_AT_MOST
        for (_, before), (_, again) in pairwise(times):
            # Two minutes at least, on top of greeting and patience.
            assert again - before >= 2 * 60 * 1_000_000
    assert max(len(times) for times in calls.values()) > 3


def test_an_agent_who_is_signed_in_elsewhere_is_left_alone() -> None:
    settings, profile = small_line(1)
    engine = Engine(State())
    person = AgentKey("sim-evening-001")
    for seen in (
        i.ConfigurationPublished(settings=settings),
        i.SignInRequested(agent=person, leg=LegId("web:ann"), origins=(Origin.REAL,)),
    ):
        engine.handle(seen, EVENING)
    people = People(profile)
    assert people.take_over(engine.state, EVENING) == ()
    moved = [seen for _, seen in moves_until(people, Instant(EVENING + 12 * HOUR))]
    agents = {seen.agent for seen in moved if isinstance(seen, i.AgentRequest)}
    assert person not in agents
    assert "sim-evening-002" in agents


def test_a_profile_without_calls_and_colleagues_has_no_move_to_make() -> None:
    profile = msgspec.structs.replace(small_line(1)[1], calls_per_day=0.0, colleagues=())
    people = People(profile)
    people.take_over(State(), EVENING)
    assert people.next_at() is None
    assert moves_until(people, Instant(EVENING + Duration(HOUR))) == []
