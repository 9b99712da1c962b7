"""What a centre does when its own code, its disk or its listeners fail."""

from collections.abc import Callable
from pathlib import Path

import pytest

from openline.centre import centre as centre_module
from openline.centre.centre import FAULTS_ALLOWED, FAULTS_WITHIN_S
from openline.centre.codec import encode_state
from openline.engine import AnyCommand, AnyEvent
from openline.engine import inputs as i
from openline.engine.decision import Decision
from openline.engine.decisions import DECIDE
from openline.engine.decisions.callers import leg_hung_up
from openline.model import BugError, Instant, LegId, PeerError
from openline.store.sqlite import SqliteStore
from tests.builders import CARLA, ES
from tests.centre.small_centre import NotingPort, open_centre
from tests.centre.virtual_loop import advance, in_virtual_time, settle

FULL = PeerError("The disk is full.")


def plant(planted: pytest.MonkeyPatch, handler: Callable[[Decision, i.LegHungUp], None]) -> None:
    """Lets the engine answer a hang-up by this handler."""
    kind: type[i.Input] = i.LegHungUp
    planted.setitem(DECIDE, kind, handler)


def steps_of(folder: Path) -> int:
    """Returns how many steps the record of a folder has."""
    store = SqliteStore.open_to_read(folder / "openline.sqlite")
    try:
        return sum(1 for _ in store.read())
    finally:
        store.close()


# --- code that is broken ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [
        BugError("planted"),
        AssertionError("planted"),
        KeyError("planted"),
        AttributeError("planted"),
        TypeError("planted"),
        ZeroDivisionError("planted"),
    ],
    ids=lambda fault: type(fault).__name__,
)
def test_an_input_that_breaks_the_engine_is_dropped_and_every_call_goes_on(
    fault: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks_half_way(d: Decision, seen: i.LegHungUp) -> None:
        leg_hung_up(d, seen)
        raise fault

    @in_virtual_time
    async def break_it() -> None:
        async with open_centre(tmp_path) as small:
            small.arrive(1)
            await small.durable()
            step = small.centre.durable.step
            plant(monkeypatch, breaks_half_way)
            asked = small.centre.ask(i.LegHungUp(leg=LegId("test:1")))
            await settle()
            assert isinstance(asked.exception(), BugError)
            assert small.centre.durable.step == step
            assert small.centre.writer.backlog == 0

            small.arrive(2)
            plant(monkeypatch, leg_hung_up)
            assert await small.centre.ask(i.LegHungUp(leg=LegId("test:1"))) is None
            assert not small.centre.failed.done()
            assert list(small.centre.durable.calls_by_leg) == [LegId("test:2")]
            assert encode_state(small.centre.engine.state) == encode_state(small.centre.durable)

    break_it()
    comes_back_with(tmp_path, LegId("test:2"))


@in_virtual_time
async def comes_back_with(folder: Path, leg: LegId) -> None:
    async with open_centre(folder) as small:
        assert list(small.state.calls_by_leg) == [leg]


@in_virtual_time
async def test_what_was_on_its_way_to_the_disk_survives_a_fault(tmp_path: Path) -> None:
    async with open_centre(tmp_path) as small:
        small.store.hold()
        before = small.arrive_and_ask(1)
        await small.store.knocked()
        with pytest.MonkeyPatch.context() as planted:
            plant(planted, raise_planted)
            small.centre.see(i.LegHungUp(leg=LegId("test:1")))
        assert LegId("test:1") in small.centre.engine.state.calls_by_leg
        small.store.let_go()
        assert await before is None
        assert LegId("test:1") in small.centre.durable.calls_by_leg
        assert small.port.names() == ["PlayMusic"]


@in_virtual_time
async def test_faults_that_do_not_end_end_the_centre_and_leave_the_record_whole(
    tmp_path: Path,
) -> None:
    async with open_centre(tmp_path) as small:
        small.arrive(1)
        await small.durable()
        step = small.centre.durable.step
        with pytest.MonkeyPatch.context() as planted:
            plant(planted, raise_planted)
            for _ in range(FAULTS_ALLOWED):
                small.centre.see(i.LegHungUp(leg=LegId("test:1")))
        assert isinstance(small.centre.failed.exception(), BugError)
        assert small.centre.ask(i.LegHungUp(leg=LegId("test:1"))).cancelled()
    assert steps_of(tmp_path) == step


@in_virtual_time
async def test_faults_far_apart_end_nothing(tmp_path: Path) -> None:
    async with open_centre(tmp_path) as small:
        small.arrive(1)
        await small.durable()
        with pytest.MonkeyPatch.context() as planted:
            plant(planted, raise_planted)
            for _ in range(3 * FAULTS_ALLOWED):
                small.centre.see(i.LegHungUp(leg=LegId("test:1")))
                await advance(FAULTS_WITHIN_S)
        assert not small.centre.failed.done()
        assert LegId("test:1") in small.centre.durable.calls_by_leg


def raise_planted(d: Decision, seen: i.LegHungUp) -> None:
    raise BugError("planted")


@in_virtual_time
async def test_an_input_that_cannot_be_written_is_dropped_before_the_record_is_torn(
    tmp_path: Path,
) -> None:
    async with open_centre(tmp_path) as small:
        small.ready(CARLA)
        await small.durable()
        # Half of a surrogate pair has no bytes in UTF-8; a page could send one.
        asked = small.centre.ask(i.PauseRequested(agent=CARLA, pause_reason="\ud800"))
        await settle()
        assert isinstance(asked.exception(), BugError)
        assert not small.centre.failed.done()
        small.arrive(1)
        await small.durable()
    async with open_centre(tmp_path) as small:
        assert not small.centre.failed.done()


@in_virtual_time
async def test_a_listener_that_breaks_holds_up_no_order_and_no_other_listener(
    tmp_path: Path,
) -> None:
    async with open_centre(tmp_path) as small:
        later: list[int] = []

        def breaks(now: Instant, events: tuple[AnyEvent, ...]) -> None:
            raise ValueError("planted")

        small.centre.observe(breaks)
        small.centre.observe(lambda now, events: later.append(len(events)))
        for number in range(3):
            small.arrive(number)
        await small.durable()
        assert len(later) == 3
        assert small.port.names() == ["PlayMusic"] * 3
        assert not small.centre.failed.done()


@in_virtual_time
async def test_an_order_that_a_telephone_exchange_breaks_on_comes_back_as_failed(
    tmp_path: Path,
) -> None:
    class Breaking(NotingPort):
        def carry_out(self, command: AnyCommand) -> None:
            if command.leg == LegId("test:0"):
                raise ValueError("planted")
            super().carry_out(command)

    async with open_centre(tmp_path, ports=[Breaking("test")]) as small:
        small.arrive(0)
        small.arrive(1)
        await small.durable()
        assert [order.leg for order in small.port.orders] == [LegId("test:1")]
        assert small.told_names()[-1] == "CommandFailureNoted"
        assert not small.centre.failed.done()


@in_virtual_time
async def test_a_task_that_breaks_ends_nothing_else(tmp_path: Path) -> None:
    async def breaks() -> None:
        raise ValueError("planted")

    async with open_centre(tmp_path) as small:
        small.centre.spawn(breaks())
        await settle()
        small.arrive(1)
        await small.durable()
        assert not small.centre.failed.done()


# --- a disk that refuses -----------------------------------------------------------------------


@in_virtual_time
async def test_while_the_disk_refuses_nothing_is_lost_and_the_order_is_kept(
    tmp_path: Path,
) -> None:
    async with open_centre(tmp_path) as small:
        small.store.failure = FULL
        asked = [small.arrive_and_ask(number) for number in range(20)]
        await small.store_refused()
        assert small.store_failing() is FULL
        assert small.port.orders == []
        assert not any(answer.done() for answer in asked)

        small.store.failure = None
        small.arrive(20)  # something new is tried at once
        await small.durable()
        assert small.store_failing() is None
        assert [order.leg for order in small.port.orders] == [f"test:{n}" for n in range(21)]
        assert all(answer.result() is None for answer in asked)
        assert not small.centre.failed.done()
        assert encode_state(small.centre.durable) == encode_state(small.state)


@in_virtual_time
async def test_deadlines_fall_while_the_disk_refuses(tmp_path: Path) -> None:
    async with open_centre(tmp_path) as small:
        small.ready(CARLA)
        await small.durable()
        small.store.failure = FULL
        small.arrive(1, ES)
        await advance(20)
        assert small.state.agents[CARLA].offer is None
        small.store.failure = None
        small.arrive(2)
        await small.durable()
        assert "OfferMissed" in small.told_names()


@in_virtual_time
async def test_a_stop_while_the_disk_refuses_says_so(tmp_path: Path) -> None:
    async with open_centre(tmp_path) as small:
        small.store.failure = FULL
        small.arrive(1)
        with pytest.raises(PeerError, match="disk is full"):
            await small.centre.stop()
        small.is_stopped = True
    assert steps_of(tmp_path) == 2


@in_virtual_time
async def test_a_record_that_does_not_fit_together_ends_the_centre(tmp_path: Path) -> None:
    async with open_centre(tmp_path) as small:
        small.store.failure = BugError("planted: not the next step")
        asked = small.arrive_and_ask(1)
        await small.store_refused()
        assert isinstance(small.centre.failed.exception(), BugError)
        assert asked.cancelled()
        assert small.port.orders == []
        # The stop that follows is quiet: whoever runs the centre knows already, from `failed`.


@in_virtual_time
async def test_a_snapshot_that_cannot_be_kept_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*args: object, **kwargs: object) -> None:
        raise FULL

    monkeypatch.setattr(centre_module, "SNAPSHOT_EVERY", 5)
    async with open_centre(tmp_path) as small:
        with monkeypatch.context() as planted:
            planted.setattr(SqliteStore, "save_snapshot", refuses)
            for number in range(10):
                small.arrive(number)
            await small.durable()
        assert small.store.latest_snapshot() is None
        assert not small.centre.failed.done()
