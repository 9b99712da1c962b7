"""When a centre wakes by itself: at the engine's deadlines, neither before nor twice."""

from pathlib import Path

from openline.engine import AgentState
from openline.engine import events as e
from openline.engine import inputs as i
from openline.model import Instant, LegId, Origin
from tests.builders import BEN, CARLA, EN, ES, seconds
from tests.centre.small_centre import BEGIN, open_centre
from tests.centre.virtual_loop import advance, in_virtual_time

RING_S = 20
GREETING_S = 120


@in_virtual_time
async def test_an_offer_is_missed_at_its_very_instant(tmp_path: Path) -> None:
    async with open_centre(tmp_path) as small:
        small.ready(CARLA)
        small.arrive(1)
        await advance(RING_S - 0.000_001)
        assert small.state.agents[CARLA].state is AgentState.OFFERED
        await advance(0.000_001)
        assert small.state.agents[CARLA].state is AgentState.PAUSED
        await small.durable()
        now, events = small.told[-1]
        assert type(events[0]) is e.OfferMissed
        assert now == BEGIN + seconds(RING_S)


@in_virtual_time
async def test_the_next_deadline_is_waited_for_after_each(tmp_path: Path) -> None:
    async with open_centre(tmp_path) as small:
        small.ready(BEN)
        await advance(1)
        small.ready(CARLA)
        small.arrive(1)
        await advance(2 * RING_S)
        await small.durable()
        missed = [
            (now, event.agent)
            for now, events in small.told
            for event in events
            if isinstance(event, e.OfferMissed)
        ]
        assert missed == [
            (BEGIN + seconds(1 + RING_S), BEN),
            (BEGIN + seconds(1 + 2 * RING_S), CARLA),
        ]


@in_virtual_time
async def test_an_earlier_deadline_takes_the_place_of_a_later_one(tmp_path: Path) -> None:
    async with open_centre(tmp_path) as small:
        small.arrive(1, EN)  # its greeting may take two minutes
        await advance(1)
        small.ready(CARLA)
        small.arrive(2, ES)  # she is rung for 20 seconds
        await advance(RING_S)
        assert small.state.agents[CARLA].state is AgentState.PAUSED
        await advance(GREETING_S - RING_S - 1)
        await small.durable()
        assert small.told[-1][0] == BEGIN + seconds(GREETING_S)
        assert small.told_names()[-1] == "CallQueued"


@in_virtual_time
async def test_a_deadline_that_was_met_otherwise_wakes_nobody(tmp_path: Path) -> None:
    async with open_centre(tmp_path) as small:
        small.arrive(1, EN)
        small.centre.see(i.LegHungUp(leg=LegId("test:1")))
        await small.durable()
        told = len(small.told)
        await advance(10 * GREETING_S)
        await small.durable()
        assert len(small.told) == told


@in_virtual_time
async def test_a_deadline_that_passed_while_the_program_was_away_begins_anew(
    tmp_path: Path,
) -> None:
    async with open_centre(tmp_path) as small:
        small.ready(CARLA)
        small.arrive(1)
    await advance(10 * RING_S)
    async with open_centre(tmp_path) as small:
        assert small.state.agents[CARLA].state is AgentState.OFFERED
        await advance(RING_S)
        assert small.state.agents[CARLA].state is not AgentState.OFFERED


@in_virtual_time
async def test_setting_the_clock_is_noted_once_and_fires_nothing(tmp_path: Path) -> None:
    async with open_centre(tmp_path) as small:
        small.ready(CARLA)
        small.arrive(1)
        small.wall_offset += seconds(3600)
        small.arrive(2)
        small.arrive(3)
        await small.durable()
        steps = [
            (now, event.by)
            for now, events in small.told
            for event in events
            if isinstance(event, e.ClockStepNoted)
        ]
        assert steps == [(BEGIN, seconds(3600))]
        assert small.state.agents[CARLA].state is AgentState.OFFERED


@in_virtual_time
async def test_a_clock_that_was_set_back_does_not_turn_the_record_back(tmp_path: Path) -> None:
    async with open_centre(tmp_path) as small:
        small.arrive(1)
        await advance(60)
        small.arrive(2)
    async with open_centre(tmp_path) as small:
        small.wall_offset -= seconds(3600)
        small.arrive(3)
        await small.durable()
        assert small.told[-1][0] == Instant(BEGIN + seconds(60))


@in_virtual_time
async def test_a_centre_whose_wall_clock_is_behind_its_record_goes_on_from_the_record(
    tmp_path: Path,
) -> None:
    async with open_centre(tmp_path) as small:
        await advance(7200)
        small.arrive(1)
        await small.durable()
        last = small.told[-1][0]
    # `open_centre` sets the wall to BEGIN each time, which is two hours earlier now.
    async with open_centre(tmp_path) as small:
        assert small.centre.clock.now() == last
        small.centre.see(i.LegArrived(leg=LegId("test:2"), line=ES, origin=Origin.REAL))
        await small.durable()
        assert small.told[-1][0] == last
