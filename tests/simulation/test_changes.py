"""What a change changes, and that it changes nothing else."""

import doctest
from datetime import date
from itertools import takewhile

import msgspec
import pytest

from openline.engine import AnyInput, Outcome
from openline.engine import events as e
from openline.model import MINUTE, Duration, Instant, LegId, RefusedError
from openline.simulation import changes, simulate
from openline.simulation.arrivals import Arrivals
from openline.simulation.behaviour import Behaviour, CallerName
from openline.simulation.changes import Changes, ExtraPeople, World, changed
from openline.simulation.civil import instant_of, zone
from openline.simulation.shifts import Duty, Timeline
from tests.simulation.worlds import small_line

HOUR = 60 * MINUTE


def a_world(seed: int = 7) -> World:
    settings, profile = small_line(seed)
    return World(settings=settings, profile=profile)


def noon(world: World) -> Instant:
    return instant_of(date(2026, 3, 3), 12 * 60, zone(world.profile.zone))


def callers_of_a_day(world: World) -> list[tuple[Instant, CallerName]]:
    until = noon(world) + 24 * HOUR
    coming = takewhile(lambda a: a[0] < until, Arrivals(world.profile).after(noon(world)))
    return [(at, CallerName(hour=hour, index=index)) for at, hour, index in coming]


def test_the_worked_numbers_are_right() -> None:
    assert doctest.testmod(changes).failed == 0


def test_nothing_changes_unless_it_is_asked_for() -> None:
    assert changed(a_world(), Changes()) == a_world()


def test_double_volume_is_the_same_callers_and_as_many_others() -> None:
    world = a_world()
    twice = changed(world, Changes(volume=2.0))
    before, after = callers_of_a_day(world), callers_of_a_day(twice)
    assert set(before) < set(after)
    assert 1.7 < len(after) / len(before) < 2.3
    assert len(set(after)) == len({name.leg for _, name in after})
    plans, others = Behaviour(world.profile), Behaviour(twice.profile)
    assert all(plans.caller_plan(name) == others.caller_plan(name) for _, name in before)


@pytest.mark.parametrize("volume", [0.0, 0.4, 1.3])
def test_volume_is_in_proportion_over_many_days(volume: float) -> None:
    world = a_world()
    until = noon(world) + 60 * 24 * HOUR
    counts = [
        sum(1 for _ in takewhile(lambda a: a[0] < until, Arrivals(w.profile).after(noon(w))))
        for w in (world, changed(world, Changes(volume=volume)))
    ]
    assert abs(counts[1] / counts[0] - volume) < 0.04


def test_who_stays_away_is_fixed_by_his_name() -> None:
    fewer = changed(a_world(), Changes(volume=0.5))
    assert set(callers_of_a_day(fewer)) < set(callers_of_a_day(a_world()))


def test_fewer_people_are_taken_evenly_and_the_others_stay_as_they_are() -> None:
    world = a_world()
    fewer = changed(world, Changes(people=-2))
    kept = [agent for group in fewer.profile.colleagues for agent in group.agents]
    assert len(kept) == 2
    assert fewer.settings == world.settings


def test_more_people_are_like_those_who_are_there() -> None:
    more = changed(a_world(), Changes(people=6))
    agents = [agent for group in more.profile.colleagues for agent in group.agents]
    assert len(agents) == len(set(agents)) == 10
    assert {agent.key for agent in more.settings.agents} == set(agents)


def test_an_extra_person_works_her_hours_and_no_others() -> None:
    more = changed(a_world(), Changes(extra=(ExtraPeople(start_minute=1200, end_minute=1320),)))
    group = more.profile.colleagues[-1]
    timeline = Timeline(more.profile, group, group.agents[0])
    on_duty = [
        timeline.at(Instant(noon(more) + hour * HOUR)).duty for hour in range(7, 12)
    ]  # 19:00 to 23:00
    assert on_duty == [Duty.OFF, Duty.ON, Duty.ON, Duty.OFF, Duty.OFF]


def test_in_an_outage_nobody_answers_and_later_they_do() -> None:
    world = changed(a_world(), Changes(outages=((18 * 60, 19 * 60),)))
    answered: list[Instant] = []

    def noted(_: AnyInput, now: Instant, outcome: Outcome) -> None:
        answered.extend(now for event in outcome.events if isinstance(event, e.OfferAccepted))

    begin = noon(world)
    simulate(world.settings, world.profile, begin, Instant(begin + 14 * HOUR), on_step=noted)
    at_the_outage = [at for at in answered if 6 * HOUR <= at - begin < 7 * HOUR]
    assert not at_the_outage
    assert any(at - begin < 6 * HOUR for at in answered)
    assert any(at - begin >= 7 * HOUR for at in answered)


def test_an_earlier_callback_is_offered_and_taken() -> None:
    settings, profile = small_line(3)
    callers = tuple(msgspec.structs.replace(g, callback_share=0.5) for g in profile.callers)
    world = World(
        settings=settings, profile=msgspec.structs.replace(profile, callers=callers, volume=2.0)
    )
    world = changed(world, Changes(callback_after=Duration(MINUTE)))
    promised: list[LegId | int] = []

    def noted(_: AnyInput, now: Instant, outcome: Outcome) -> None:
        promised.extend(
            event.call for event in outcome.events if isinstance(event, e.CallbackPromised)
        )

    begin = noon(world)
    simulate(world.settings, world.profile, begin, Instant(begin + 14 * HOUR), on_step=noted)
    assert promised


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Changes(people=-4), "there are 4 people on the roster"),
        (Changes(people=5_000), "at most 1,000 more"),
        (Changes(volume=50.0), "from 0 to 9"),
        (Changes(volume=-1.0), "from 0 to 9"),
        (Changes(extra=(ExtraPeople(start_minute=0, end_minute=60, count=0),)), "cannot be added"),
    ],
    ids=str,
)
def test_a_change_that_makes_no_sense_is_refused_in_words(change: Changes, words: str) -> None:
    with pytest.raises(RefusedError, match=words):
        changed(a_world(), change)
