"""The whole put together: it opens, it comes back, and it refuses what would leave a caller out."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from openline.app.compose import Running, compose
from openline.app.memory import open_memory
from openline.app.options import Options, example
from openline.configuration import Published, load, load_text
from openline.engine import events as e
from openline.engine import inputs as i
from openline.model import Instant, LegId, Origin, PeerError, Reason, RefusedError
from openline.store import DataFolder
from tests.builders import EN, ES
from tests.centre.small_published import TEXT, a_published


def run(folder: Path, published: Published, act: Callable[[Running], Awaitable[None]]) -> None:
    """Opens the centre of a folder, does something with it and stops it."""
    options = Options(config=folder / "x.toml", data=folder / "data", speed=1.0, port=None)

    async def opened() -> None:
        running = await compose(options, published, memory)
        try:
            await act(running)
        finally:
            await running.stop()

    memory = open_memory(options)
    try:
        asyncio.run(opened())
    finally:
        memory.close()


def test_a_folder_whose_record_is_elsewhere_begins_no_second_one(tmp_path: Path) -> None:
    options = Options(config=tmp_path / "x.toml", data=tmp_path / "data", speed=1.0, port=None)
    DataFolder(options.data).path.mkdir()
    DataFolder(options.data).note_elsewhere()
    with pytest.raises(RefusedError, match="--config") as refused:
        open_memory(options)
    assert refused.value.code == "record_is_elsewhere"
    assert not DataFolder(options.data).database.exists()


def test_a_folder_with_a_record_is_not_left_behind_for_a_database(tmp_path: Path) -> None:
    options = Options(config=tmp_path / "x.toml", data=tmp_path / "data", speed=1.0, port=None)
    open_memory(options).close()
    with pytest.raises(RefusedError) as refused:
        open_memory(options, url="postgresql://openline@db.example/openline")
    assert refused.value.code == "record_is_here"


async def nothing(running: Running) -> None:
    """Lets the centre be."""


async def call_english(running: Running) -> None:
    """Lets somebody call the English line."""
    leg = LegId("web:caller")
    refused = await running.centre.ask(i.LegArrived(leg=leg, line=EN, origin=Origin.REAL))
    assert refused is None


def test_a_centre_opens_and_comes_back_with_its_calls(tmp_path: Path) -> None:
    async def finds_the_call(running: Running) -> None:
        (call,) = running.centre.durable.calls.values()
        assert (call.leg, call.line) == ("web:caller", EN)

    run(tmp_path, a_published(), call_english)
    run(tmp_path, a_published(), finds_the_call)


def test_a_configuration_that_a_live_call_cannot_do_without_is_refused_in_words(
    tmp_path: Path,
) -> None:
    run(tmp_path, a_published(), call_english)
    begin = TEXT.index("[lines.en]")
    without_english = TEXT[:begin] + TEXT[TEXT.index("[lines.es]") :]
    with pytest.raises(RefusedError, match="live call needs") as refused:
        run(tmp_path, load_text(without_english, "small.toml"), nothing)
    assert refused.value.code == Reason.CONFIGURATION_IN_USE.value
    run(tmp_path, a_published(), nothing)  # the folder is free, the old one still opens


def test_a_new_line_is_there_after_a_restart(tmp_path: Path) -> None:
    async def call_night(running: Running) -> None:
        arrived = i.LegArrived(leg=LegId("web:1"), line=NIGHT, origin=Origin.REAL)
        assert await running.centre.ask(arrived) is None

    run(tmp_path, a_published(), nothing)
    with_night = TEXT + '\n[lines.night]\nname = "Night"\nqueue = "spanish"\n'
    run(tmp_path, load_text(with_night, "small.toml"), call_night)


NIGHT = type(ES)("night")


def test_the_day_of_the_wallboard_survives_a_restart(tmp_path: Path) -> None:
    async def arrives(running: Running) -> None:
        leg = LegId("web:caller")
        await running.centre.ask(i.LegArrived(leg=leg, line=ES, origin=Origin.REAL))
        await running.centre.ask(i.LegHungUp(leg=leg))

    async def counts(running: Running) -> None:
        now = running.centre.clock.now()
        picture = running.context.picture.picture([Origin.REAL], now)
        assert picture["total"]["arrived"] == 1

    run(tmp_path, a_published(), arrives)
    run(tmp_path, a_published(), counts)


def test_the_demonstration_opens(tmp_path: Path) -> None:
    async def looks(running: Running) -> None:
        assert running.context.is_demo
        assert running.accounts.list()

    run(tmp_path, load(example("yardstick.toml")), looks)


def test_a_folder_whose_record_is_damaged_is_let_go_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = Options(config=tmp_path / "x", data=tmp_path / "data", speed=1.0, port=None)

    def damaged(store: object, keys: object) -> None:
        raise PeerError("step 3 of the record does not follow from the one before it")

    with monkeypatch.context() as planted:
        planted.setattr("openline.app.memory.recover", damaged)
        with pytest.raises(PeerError):
            open_memory(options)
    open_memory(options).close()


def on_call(folder: Path, *command: str, more: str = "") -> Published:
    """Returns a centre whose Spanish queue rings Carla at home, by this command."""
    queue = '[queues.spanish]\non_call = ["carla"]\n'
    text = TEXT.replace("[queues.spanish]\n", queue, 1)
    return load_text(f"{text}\n[on_call.notify]\ncommand = {list(command)}\n{more}", "small.toml")


def test_a_caller_whom_nobody_could_answer_has_people_at_home_rung(tmp_path: Path) -> None:
    rung = tmp_path / "rung"
    os.mkfifo(rung)
    script = 'echo "$OPENLINE_AGENT: $OPENLINE_QUEUE_NAME" > "$0"'

    async def call_spanish(running: Running) -> None:
        await running.centre.ask(i.LegArrived(leg=LegId("web:1"), line=ES, origin=Origin.REAL))
        # The pipe is read when the program has written it.
        said = await asyncio.to_thread(rung.read_text)
        assert said == "carla: Spanish calls\n"
        assert running.context.on_call_trouble() is None
        (unstaffed,) = running.centre.durable.unstaffed.values()
        assert unstaffed.rung == 1

    run(tmp_path, on_call(tmp_path, "/bin/sh", "-c", script, str(rung)), call_spanish)


def test_a_ring_that_fails_is_on_record_and_among_what_is_degraded(tmp_path: Path) -> None:
    async def call_spanish(running: Running) -> None:
        failed: asyncio.Future[e.CommandFailureNoted] = asyncio.get_running_loop().create_future()

        def noticed(now: Instant, events: tuple[e.AnyEvent, ...]) -> None:
            for event in events:
                if isinstance(event, e.CommandFailureNoted) and not failed.done():
                    failed.set_result(event)

        running.centre.observe(noticed)
        await running.centre.ask(i.LegArrived(leg=LegId("web:1"), line=ES, origin=Origin.REAL))
        noted = await failed
        assert (noted.leg, noted.why) == ("oncall:carla", "command_failed")
        assert running.context.on_call_trouble() == "command_failed"

    run(tmp_path, on_call(tmp_path, "/bin/false"), call_spanish)


def test_a_demonstration_wakes_nobody(tmp_path: Path) -> None:
    simulation = '[simulation]\ncalls_per_day = 1\n[[simulation.callers]]\nline = "es"\n'

    async def call_spanish(running: Running) -> None:
        leg = LegId("web:1")
        await running.centre.ask(i.LegArrived(leg=leg, line=ES, origin=Origin.REAL))
        (unstaffed,) = running.centre.durable.unstaffed.values()
        assert unstaffed.rung == 1  # the wallboard shows it
        assert running.context.on_call_trouble() is None  # the command would have failed

    run(tmp_path, on_call(tmp_path, "/bin/false", more=simulation), call_spanish)
