import asyncio
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from random import Random

import msgspec
import pytest

from openline.engine import AgentState, AnyEvent, CallState, Settings, State
from openline.engine import commands as c
from openline.engine import events as e
from openline.engine import inputs as i
from openline.invariants import History
from openline.model import (
    CallId,
    CommandId,
    Duration,
    Instant,
    LegId,
    Origin,
    Reason,
)
from openline.simulation import WorldProfile, simulate
from openline.simulation.arrivals import HOUR, Arrivals
from openline.simulation.behaviour import CallerName, caller_at
from openline.telephony.simulated import SimulatedWorld
from tests.simulation.worlds import calling_back, seconds, small_line, with_a_box, yardstick
from tests.telephony.simulated.little_centre import LittleCentre
from tests.virtual_clock import VirtualClock

MIDNIGHT = Instant(490_014 * HOUR)
"""Tuesday, 25 November 2025, in Chicago."""
AT_ONCE = Duration(0)


def centre_with_world(
    settings: Settings,
    profile: WorldProfile,
    clock: VirtualClock,
    *,
    durable: State | None = None,
    durable_after: Duration = AT_ONCE,
) -> LittleCentre:
    world = SimulatedWorld(profile, clock)
    return LittleCentre(clock, [world], settings, durable=durable, durable_after=durable_after)


def first_calls(profile: WorldProfile, start: Instant, end: Instant) -> set[LegId]:
    found = set()
    for at, hour, index in Arrivals(profile).after(start):
        if at > end:
            break
        found.add(CallerName(hour=hour, index=index).leg)
    return found


def arrived(events: list[AnyEvent]) -> Counter[LegId]:
    return Counter(event.leg for event in events if isinstance(event, e.CallArrived))


def is_first_call(leg: LegId) -> bool:
    name = caller_at(leg)
    return name is not None and name.time == 1


def test_a_day_of_the_small_line_goes_as_in_simulated_time() -> None:
    settings, profile = small_line(seed=3)
    clock = VirtualClock(MIDNIGHT)
    centre = centre_with_world(settings, profile, clock)
    end = Instant(MIDNIGHT + 36 * HOUR)
    clock.advance_to(Instant(end - 1))

    told: list[AnyEvent] = []
    simulate(
        settings, profile, MIDNIGHT, end, on_step=lambda seen, now, made: told.extend(made.events)
    )
    live: list[AnyEvent] = [
        event for _, event in centre.record if not isinstance(event, e.CentreResumed)
    ]
    assert len(live) > 400
    assert _differ_in_command_ids_only(live, told)


def _differ_in_command_ids_only(some: Sequence[AnyEvent], others: Sequence[AnyEvent]) -> bool:
    """A step more at the start shifts the numbers of the playbacks."""
    return all(
        one == other or isinstance(one, e.GreetingStarted)
        for one, other in zip(some, others, strict=True)
    )


def test_nothing_is_asked_in_vain_on_an_undisturbed_day() -> None:
    settings, profile = yardstick(seed=5, share=0.1)
    clock = VirtualClock(MIDNIGHT)
    centre = centre_with_world(settings, profile, clock)
    clock.advance(Duration(24 * HOUR))
    assert centre.happened(e.RequestRefused) == []
    assert centre.happened(e.InputPassedOver) == []
    assert centre.happened(e.CommandFailureNoted) == []


def test_people_who_act_at_once_with_a_slow_record_are_answered_in_words_and_go_on() -> None:
    settings, profile = yardstick(seed=6, share=0.1)
    clock = VirtualClock(MIDNIGHT)
    centre = centre_with_world(settings, profile, clock, durable_after=seconds(1.5))
    clock.advance(Duration(24 * HOUR))
    calls = len(centre.happened(e.CallArrived))
    assert calls > 300
    # Races only: somebody hangs up while his command is on its way, and the like.
    passed_over = centre.happened(e.InputPassedOver) + centre.happened(e.RequestRefused)
    assert len(passed_over) < calls / 20
    assert len(centre.happened(e.CallEnded)) > calls - 20


@pytest.mark.parametrize("downtime_s", [0, 5])
def test_killed_a_hundred_times_the_world_loses_nobody_and_doubles_nobody(downtime_s: int) -> None:
    seed = 11 + downtime_s
    print(f"seed {seed}")  # noqa: T201 - a failure must be found again
    chance = Random(seed)
    settings, profile = with_a_box(*yardstick(seed=seed, share=0.5))
    clock = VirtualClock(Instant(MIDNIGHT + 12 * HOUR))
    record: list[tuple[Instant, AnyEvent]] = []
    durable: State | None = None
    resumed_with = Counter[str]()
    for _ in range(101):
        centre = centre_with_world(
            settings, profile, clock, durable=durable, durable_after=seconds(1.2)
        )
        assert set(centre.legs) == (set() if durable is None else legs_of(durable))
        clock.advance(seconds(chance.uniform(0, 80)))
        # Held up before the end: arrivals come late, among steps that are already written.
        clock.stall(seconds(chance.uniform(0, 6)))
        clock.advance(seconds(chance.uniform(0, 2)))
        durable = centre.kill(chance)
        record += centre.record
        resumed_with.update(call.state.value for call in durable.calls.values())
        resumed_with.update(agent.state.value for agent in durable.agents.values())
        clock.advance(seconds(downtime_s))
    assert durable is not None
    end = durable.now
    quiet = LittleCentre(
        clock,
        [SimulatedWorld(without_callers(profile), clock)],
        settings,
        durable=durable,
        durable_after=seconds(1.2),
    )
    clock.advance(Duration(3 * HOUR))
    record += quiet.record

    print(resumed_with)  # noqa: T201 - shows what the kills met
    # Nobody is called back in this world, and nobody is sent outside.
    unknown = (CallState.DIALLING, CallState.OUTSIDE, CallState.FORWARDED)
    states = [state for state in CallState if state not in unknown]
    assert {state.value for state in states} | {state.value for state in AgentState} <= set(
        resumed_with
    )
    events = [event for _, event in record]
    calls = arrived(events)
    print(f"{len(calls)} calls")  # noqa: T201 - shows how much was at stake
    twice = [one for one in events if isinstance(one, e.InputPassedOver)]
    assert "LegArrived" not in {one.input for one in twice}
    assert [leg for leg, times in calls.items() if times > 1] == []
    # What was not yet written at the last kill was for one to find who let nobody call.
    settled = Instant(end - profile.greeting_length)
    should = first_calls(profile, Instant(MIDNIGHT + 12 * HOUR), settled)
    assert should - set(calls) == set()
    may = first_calls(profile, Instant(MIDNIGHT + 12 * HOUR), clock.now())
    assert {leg for leg in calls if is_first_call(leg)} - may == set()

    ended = Counter(event.call for event in events if isinstance(event, e.CallEnded))
    begun = {event.call for event in events if isinstance(event, e.CallArrived)}
    assert quiet.durable.calls == {}
    assert set(ended) == begun
    assert set(ended.values()) == {1}
    reasons = Counter(event.reason.value for event in events if isinstance(event, e.CallEnded))
    assert set(reasons) == {"caller_hung_up", "agent_hung_up", "voicemail_left"}
    # After three hours without calls nobody rings, talks or wraps up any more.
    left = {agent.state for agent in quiet.durable.agents.values()}
    assert left <= {AgentState.READY, AgentState.SIGNED_OUT, AgentState.PAUSED}
    assert not [event for event in events if isinstance(event, e.AgentLost | e.CallerLost)]


def test_killed_a_hundred_times_no_promised_callback_is_lost_or_made_twice() -> None:
    seed = 23
    print(f"seed {seed}")  # noqa: T201 - a failure must be found again
    chance = Random(seed)
    settings, profile = calling_back(
        small_line(seed=seed), offer_after_s=20, pause=seconds(60), attempts=2
    )
    callers = tuple(
        msgspec.structs.replace(group, callback_share=0.9, talk_mean=seconds(90))
        for group in profile.callers
    )
    busy = msgspec.structs.replace(profile, calls_per_day=1_500, callers=callers)
    clock = VirtualClock(Instant(MIDNIGHT + 17 * HOUR))
    history = History()
    durable: State | None = None
    resumed_with = Counter[str]()
    for number in range(101):
        world = without_callers(busy) if number == 100 else busy
        centre = centre_with_world(
            settings, world, clock, durable=durable, durable_after=seconds(0.3)
        )
        clock.advance(seconds(6 * 3600 if number == 100 else chance.uniform(0, 60)))
        durable = centre.kill(chance)
        for now, steps in groupby(centre.record, key=itemgetter(0)):
            history.add(now, [event for _, event in steps])
        resumed_with.update(call.state.value for call in durable.calls.values())
    print(resumed_with, history.explained)  # noqa: T201 - shows what the kills met
    assert resumed_with["dialling"] > 10
    assert history.promised == history.explained.total() > 50
    assert durable is not None
    assert not durable.callbacks
    assert history.explained[Reason.CALLBACK_MADE] > 20


def without_callers(profile: WorldProfile) -> WorldProfile:
    return WorldProfile(
        **{field: getattr(profile, field) for field in profile.__struct_fields__}
        | {"calls_per_day": 0.0}
    )


def legs_of(state: State) -> set[LegId]:
    agents = {agent.leg for agent in state.agents.values() if agent.leg is not None}
    return agents | set(state.calls_by_leg)


def test_who_is_waiting_at_a_kill_leaves_when_his_patience_would_have_ended() -> None:
    settings, profile = small_line(seed=2)
    nobody_answers = WorldProfile(
        **{field: getattr(profile, field) for field in profile.__struct_fields__}
        | {"colleagues": ()}
    )
    start = Instant(MIDNIGHT + 16 * HOUR)
    undisturbed_clock = VirtualClock(start)
    undisturbed = centre_with_world(settings, nobody_answers, undisturbed_clock)
    undisturbed_clock.advance(Duration(6 * HOUR))

    clock = VirtualClock(start)
    record: list[tuple[Instant, AnyEvent]] = []
    durable: State | None = None
    for _ in range(90):
        centre = centre_with_world(settings, nobody_answers, clock, durable=durable)
        clock.advance(seconds(240))
        record += centre.record
        durable = centre.kill()

    def ends(of: list[tuple[Instant, AnyEvent]]) -> set[tuple[Instant, Duration]]:
        names = {event.call: event.leg for _, event in of if isinstance(event, e.CallArrived)}
        return {
            (at, event.waited)
            for at, event in of
            if isinstance(event, e.CallEnded) and is_first_call(names[event.call])
        }

    assert len(ends(record)) > 10
    assert ends(record) == ends(undisturbed.record)


def test_a_caller_lets_it_ring_half_a_minute_while_the_centre_is_away() -> None:
    settings, profile = yardstick(seed=8, share=0.5)
    clock = VirtualClock(Instant(MIDNIGHT + 12 * HOUR))
    centre = centre_with_world(settings, profile, clock)
    clock.advance(seconds(600))
    durable = centre.kill()
    clock.advance(seconds(3600))
    back = centre_with_world(settings, profile, clock, durable=durable)
    clock.advance(seconds(1))
    came = {leg for leg in arrived([event for _, event in back.record]) if is_first_call(leg)}
    now = clock.now()
    assert came == first_calls(profile, Instant(now - seconds(31)), now)


def test_one_timer_is_enough_for_a_whole_line() -> None:
    settings, profile = yardstick(seed=9)
    clock = VirtualClock(Instant(MIDNIGHT + 14 * HOUR))
    world = SimulatedWorld(profile, clock)
    seen: list[i.AnyInput] = []
    world.start(seen.append)
    world.resume(State())
    clock.advance(seconds(600))
    assert len([one for one in seen if isinstance(one, i.LegArrived)]) > 50
    assert clock.pending == 1
    assert settings.lines


def test_a_command_for_a_leg_that_is_not_there_comes_back_as_failed() -> None:
    _, profile = small_line(seed=1)
    clock = VirtualClock(MIDNIGHT)
    world = SimulatedWorld(profile, clock)
    seen: list[i.AnyInput] = []
    world.start(seen.append)
    world.resume(State())
    gone = LegId("sim:caller-20261122T14-0017")
    world.carry_out(c.PlayGreeting(id=CommandId(7), leg=gone, call=CallId(1), sound="welcome"))
    assert seen == [i.CommandFailed(command=CommandId(7), leg=gone, why="no_such_leg")]


def test_a_stopped_world_is_silent() -> None:
    _, profile = yardstick(seed=1)
    clock = VirtualClock(Instant(MIDNIGHT + 14 * HOUR))
    world = SimulatedWorld(profile, clock)
    seen: list[i.AnyInput] = []
    world.start(seen.append)
    world.resume(State())
    clock.advance(seconds(60))
    asyncio.run(world.stop())
    before = len(seen)
    clock.advance(seconds(600))
    assert len(seen) == before > 0
    assert clock.pending == 0


def test_colleagues_serve_simulated_callers_only() -> None:
    settings, profile = small_line(seed=1)
    clock = VirtualClock(MIDNIGHT)
    centre = centre_with_world(settings, profile, clock)
    clock.advance(Duration(24 * HOUR))
    signed_in = centre.happened(e.AgentSignedIn)
    assert signed_in
    for event in signed_in:
        assert isinstance(event, e.AgentSignedIn)
        assert event.origins == (Origin.SIMULATED,)
        assert event.leg == f"sim:agent-{event.agent}"
