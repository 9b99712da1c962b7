"""Record first, then act: what a running centre does, and when, while all is well."""

import random
from pathlib import Path

import msgspec
import pytest

from openline.centre.codec import encode_state
from openline.engine import AnyInput, Outcome
from openline.engine import commands as c
from openline.engine import inputs as i
from openline.model import Instant, LegId, Origin, Reason
from openline.store.sqlite import SqliteStore
from tests.builders import (
    ANN,
    BEN,
    CARLA,
    EN,
    ES,
    SPANISH,
    USUAL_ACTS,
    Act,
    Night,
    a_centre,
    line,
    play,
    queue,
)
from tests.centre.small_centre import BEGIN, NotingPort, keys_of, open_centre
from tests.centre.virtual_loop import advance, in_virtual_time, settle


@in_virtual_time
async def test_nothing_is_ordered_told_or_answered_before_it_is_durable(tmp_path: Path) -> None:
    async with open_centre(tmp_path) as small:
        told_before = len(small.told)
        small.store.hold()
        answer = small.centre.ask(i.LegArrived(leg=LegId("test:1"), line=ES, origin=Origin.REAL))
        await small.store.knocked()
        await settle()

        assert LegId("test:1") in small.state.calls_by_leg
        assert LegId("test:1") not in small.centre.durable.calls_by_leg
        assert small.port.orders == []
        assert len(small.told) == told_before
        assert not answer.done()

        small.store.let_go()
        await small.durable()
        assert LegId("test:1") in small.centre.durable.calls_by_leg
        assert small.port.names() == ["PlayMusic"]
        assert small.told_names()[-2:] == ["CallArrived", "CallQueued"]
        assert answer.result() is None


@in_virtual_time
async def test_orders_and_events_keep_the_order_of_the_inputs(tmp_path: Path) -> None:
    async with open_centre(tmp_path) as small:
        small.store.hold()
        legs = [small.arrive(number) for number in range(50)]
        await small.store.knocked()
        assert small.port.orders == []
        small.store.let_go()
        await small.durable()

        assert [order.leg for order in small.port.orders] == legs
        ids = [order.id for order in small.port.orders]
        assert ids == sorted(ids)
        steps = [step for commit in small.store.commits for step in commit]
        assert steps == list(range(1, len(steps) + 1))


@in_virtual_time
async def test_what_waits_for_the_disk_goes_there_in_one_commit(tmp_path: Path) -> None:
    async with open_centre(tmp_path) as small:
        small.store.hold()
        small.arrive(0)
        await small.store.knocked()
        for number in range(1, 50):
            small.arrive(number)
        small.store.let_go()
        await small.durable()
        assert [len(commit) for commit in small.store.commits[-2:]] == [1, 49]


@in_virtual_time
async def test_a_step_is_told_before_its_orders_are_carried_out(tmp_path: Path) -> None:
    async with open_centre(tmp_path) as small:
        ordered_when_told: list[int] = []
        small.centre.observe(lambda now, events: ordered_when_told.append(len(small.port.orders)))
        small.arrive(1)
        small.arrive(2)
        await small.durable()
        assert ordered_when_told == [0, 1]


@in_virtual_time
async def test_the_durable_state_is_the_engines_once_all_is_durable(tmp_path: Path) -> None:
    async with open_centre(tmp_path) as small:
        small.ready(BEN)
        small.arrive(1)
        small.arrive(2, EN)
        assert encode_state(small.centre.durable) != encode_state(small.state)
        await small.durable()
        assert encode_state(small.centre.durable) == encode_state(small.state)


class Rehearsed(Night):
    """Is a night on a bare engine that begins as a centre does and keeps its inputs."""

    def __init__(self) -> None:
        self.inputs: list[tuple[Instant, AnyInput]] = []
        super().__init__(a_centre(), Instant(BEGIN))

    def see(self, seen: AnyInput) -> Outcome:
        if isinstance(seen, i.ConfigurationPublished):
            super().see(i.CentreStarted(legs=()))
        elif not isinstance(seen, i.TimePassed):
            self.inputs.append((self.now, seen))
        return super().see(seen)


@pytest.mark.parametrize("seed", range(4))
def test_a_centre_decides_as_a_bare_engine_that_is_woken_on_time(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    acts: list[Act] = [
        (chance.choice(USUAL_ACTS), chance.randrange(1000), chance.choice((0, 0.2, 3, 7.5, 40)))
        for _ in range(250)
    ]
    night = Rehearsed()
    play(night, acts)

    @in_virtual_time
    async def rehearse() -> None:
        async with open_centre(tmp_path, ports=[NotingPort("test"), NotingPort("desk")]) as small:
            for now, seen in night.inputs:
                await advance((now - small.centre.clock.now()) / 1_000_000)
                small.centre.see(seen)
            await advance((night.now - small.centre.clock.now()) / 1_000_000)
            await small.durable()
            assert small.told == night.record
            assert encode_state(small.centre.durable) == encode_state(night.state)

    rehearse()


@in_virtual_time
async def test_a_refusal_comes_back_to_who_asked(tmp_path: Path) -> None:
    async with open_centre(tmp_path) as small:
        asked = small.centre.ask(i.ReadyRequested(agent=ANN))
        unheard = small.centre.ask(i.LegArrived(leg=LegId("test:1"), line=EN, origin=Origin.REAL))
        await small.durable()
        assert asked.result() is Reason.NOT_SIGNED_IN
        assert unheard.result() is None


@in_virtual_time
async def test_an_input_passed_over_is_refused_unless_there_was_nothing_to_do(
    tmp_path: Path,
) -> None:
    async with open_centre(tmp_path) as small:
        small.ready(ANN)
        again = small.centre.ask(i.ReadyRequested(agent=ANN))
        late = small.centre.ask(i.LegHungUp(leg=LegId("test:nobody")))
        await small.durable()
        assert again.result() is None
        assert late.result() is Reason.UNKNOWN_LEG


@in_virtual_time
async def test_an_input_without_events_writes_nothing_and_is_answered_at_once(
    tmp_path: Path,
) -> None:
    async with open_centre(tmp_path) as small:
        await small.durable()
        step = small.state.step
        small.store.hold()
        answer = small.centre.ask(i.TimePassed())
        assert answer.done()
        assert answer.result() is None
        assert small.centre.writer.backlog == 0
        assert small.state.step == step
        small.store.let_go()


@in_virtual_time
async def test_an_order_for_two_telephone_exchanges_is_given_to_both(tmp_path: Path) -> None:
    callers, desks = NotingPort("test"), NotingPort("desk")
    async with open_centre(tmp_path, ports=[callers, desks]) as small:
        desk = LegId("desk:carla")
        small.centre.see(i.SignInRequested(agent=CARLA, leg=desk, origins=(Origin.REAL,)))
        small.centre.see(i.ReadyRequested(agent=CARLA))
        small.arrive(1)
        offer = small.state.agents[CARLA].offer
        assert offer is not None
        small.centre.see(i.AcceptRequested(agent=CARLA, offer=offer))
        await small.durable()
        assert callers.names() == ["PlayMusic", "ConnectLegs"]
        assert desks.names() == ["RingAgent", "StopRinging", "ConnectLegs"]


@in_virtual_time
async def test_an_order_for_no_exchange_comes_back_as_failed(tmp_path: Path) -> None:
    async with open_centre(tmp_path) as small:
        small.centre.see(i.LegArrived(leg=LegId("pigeon:1"), line=ES, origin=Origin.REAL))
        await small.durable()
        assert small.port.orders == []
        assert small.told_names()[-1] == "CommandFailureNoted"


@in_virtual_time
async def test_legs_that_are_there_at_the_start_are_taken_up(tmp_path: Path) -> None:
    async with open_centre(tmp_path) as small:
        small.arrive(1)
    port = NotingPort("test", legs=["test:1", "test:stray"])
    async with open_centre(tmp_path, ports=[port]) as small:
        await small.durable()
        stray = port.orders[0]
        assert isinstance(stray, c.HangUpLeg)
        assert (stray.leg, stray.reason) == ("test:stray", Reason.UNKNOWN_LEG)
        assert small.state.calls_by_leg[LegId("test:1")].gone_at is None


@in_virtual_time
async def test_what_is_seen_while_starting_meets_a_centre_that_has_its_settings(
    tmp_path: Path,
) -> None:
    port = NotingPort("test")
    port.seen_while_starting = (i.LegArrived(leg=LegId("test:early"), line=ES, origin=Origin.REAL),)
    async with open_centre(tmp_path, ports=[port]) as small:
        await small.durable()
        assert LegId("test:early") in small.state.calls_by_leg
        assert small.told_names()[:3] == ["CentreResumed", "ConfigurationAdopted", "CallArrived"]


@in_virtual_time
async def test_settings_that_live_calls_cannot_do_without_are_refused(tmp_path: Path) -> None:
    async with open_centre(tmp_path) as small:
        small.arrive(1, EN)
        without_english = msgspec.structs.replace(
            a_centre(version=2), lines=(line(ES, SPANISH),), queues=(queue(SPANISH),)
        )
        refused = small.centre.ask(i.ConfigurationPublished(settings=without_english))
        await small.durable()
        assert refused.result() is Reason.CONFIGURATION_IN_USE


@in_virtual_time
async def test_a_stop_ends_the_exchanges_and_leaves_a_snapshot_of_everything(
    tmp_path: Path,
) -> None:
    async with open_centre(tmp_path) as small:
        small.arrive(1)
    assert small.port.is_stopped
    store = SqliteStore.open_to_read(tmp_path / "openline.sqlite")
    snapshot = store.latest_snapshot()
    store.close()
    assert snapshot is not None
    body = keys_of(tmp_path).open_snapshot(snapshot.step, snapshot.at, snapshot.body)
    assert body == encode_state(small.state)


@in_virtual_time
async def test_the_wait_from_input_to_order_is_measured(tmp_path: Path) -> None:
    async with open_centre(tmp_path) as small:
        small.store.hold()
        small.arrive(1)
        await advance(0.25)
        small.store.let_go()
        await small.durable()
        assert list(small.centre.input_to_command_us) == [250_000]
