"""What planners ask has a process of its own: told while it works, and ended with the question."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from openline.app.reading.planners import AT_ONCE, Planners
from openline.app.reading.reader import Reader
from openline.configuration import Published, load
from openline.model import PeerError
from openline.planning.far import Far, Stage
from openline.planning.forecast_asked import ForecastAnswer, ForecastAsked
from tests.app.told import last_of
from tests.cli.tried import SMALL
from tests.planning.invented_calls import invented

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def published() -> Published:
    return load(SMALL)


@pytest.fixture(scope="module")
def long() -> ForecastAsked:
    """Three years of half hours: some seconds of work."""
    history = invented(seed=11, days=1_000, per_day=600)
    lines = ["timestamp;calls"]
    for day in range(history.days):
        for slot in range(history.slots):
            when = datetime.combine(history.day(day), datetime.min.time())
            when += timedelta(minutes=30 * slot)
            lines.append(f"{when:%Y-%m-%d %H:%M};{history.calls[day, slot]:.0f}")
    return ForecastAsked(content="\n".join(lines).encode(), days=28)


SHORT = ForecastAsked(
    content="\n".join(
        ["timestamp;calls"]
        + [f"2026-03-{2 + at // 24:02d} {at % 24:02d}:00;{at % 24}" for at in range(24 * 21)]
    ).encode(),
    days=7,
)

Ask = Callable[[Reader], Awaitable[None]]


def run(ask: Ask, published: Published, tmp_path: Path) -> None:
    async def asked() -> None:
        reader = Reader(tmp_path, SMALL, lambda: published)
        try:
            await ask(reader)
        finally:
            await reader.stop()

    asyncio.run(asked())


def processes(reader: Reader) -> list[asyncio.subprocess.Process]:
    """Returns the processes that work for planners."""
    return [each._process for each in reader._planners._processes if each._process is not None]


async def tries(told: AsyncIterator[Far | ForecastAnswer]) -> None:
    """Waits until methods compete."""
    async for each in told:
        if isinstance(each, Far) and each.stage is Stage.TRYING:
            return
    raise AssertionError("it answered before it told that it tries")


def test_it_is_told_how_far_an_answer_is(
    published: Published, long: ForecastAsked, tmp_path: Path
) -> None:
    async def ask(reader: Reader) -> None:
        told = [each async for each in reader.forecast(long)]
        far = [each for each in told if isinstance(each, Far)]
        tried = [each.done for each in far if each.stage is Stage.TRYING]
        assert len(tried) > 1
        assert tried == sorted(tried)
        assert not isinstance(told[-1], Far)
        assert told[-1].sheet is not None

    run(ask, published, tmp_path)


def test_whoever_stops_ends_the_process_and_nobody_elses(
    published: Published, long: ForecastAsked, tmp_path: Path
) -> None:
    async def ask(reader: Reader) -> None:
        first, second = reader.forecast(long), reader.forecast(long)
        # At the same time, so that neither has answered when the other is in the middle.
        await asyncio.gather(tries(first), tries(second))
        both = processes(reader)
        assert len(both) == 2
        await first.aclose()
        assert sorted(each.returncode is None for each in both) == [False, True]
        assert (await last_of(second)).sheet is not None
        # The place is free again, and a process that has answered is asked the next.
        assert (await last_of(reader.forecast(SHORT))).sheet is not None
        assert len(processes(reader)) == 1

    run(ask, published, tmp_path)


def test_who_comes_when_all_are_at_work_is_told_so_and_is_next(
    published: Published, long: ForecastAsked, tmp_path: Path
) -> None:
    async def ask(reader: Reader) -> None:
        busy = [reader.forecast(long) for _ in range(AT_ONCE)]
        for told in busy:
            await anext(told)
        late = reader.forecast(SHORT)
        waiting = await anext(late)
        assert isinstance(waiting, Far)
        assert waiting.stage is Stage.WAITING
        await busy[0].aclose()
        assert (await last_of(late)).sheet is not None
        for told in busy[1:]:
            await told.aclose()

    run(ask, published, tmp_path)


def test_a_process_that_breaks_is_told_and_the_next_question_is_answered(
    published: Published, long: ForecastAsked, tmp_path: Path
) -> None:
    async def ask(reader: Reader) -> None:
        told = reader.forecast(long)
        async for each in told:
            if isinstance(each, Far) and each.stage is Stage.TRYING:
                break
        (process,) = processes(reader)
        process.kill()
        with pytest.raises(PeerError):
            await last_of(told)
        assert (await last_of(reader.forecast(SHORT))).sheet is not None

    run(ask, published, tmp_path)


def test_stopping_the_centre_ends_what_is_being_worked_out(
    published: Published, tmp_path: Path, long: ForecastAsked
) -> None:
    async def ask(reader: Reader) -> None:
        told = reader.forecast(long)
        async for each in told:
            if isinstance(each, Far) and each.stage is Stage.TRYING:
                break
        (process,) = processes(reader)
        await reader.stop()
        assert process.returncode is not None
        with pytest.raises(PeerError):
            await last_of(told)

    run(ask, published, tmp_path)


def test_no_process_is_there_before_anybody_asks(published: Published, tmp_path: Path) -> None:
    async def asked() -> None:
        planners = Planners(tmp_path, SMALL, lambda: published)
        assert all(each._process is None for each in planners._processes)
        await planners.stop()

    asyncio.run(asked())
