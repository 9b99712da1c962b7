"""What takes long is read beside everything else, tells how far it is, and can be stopped."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import date
from pathlib import Path

import pytest

from openline.app.reading import reader as reader_module
from openline.app.reading.reader import Reader
from openline.app.reporting import Request, make_report
from openline.configuration import Published, load
from openline.model import CallId, Origin, RefusedError
from openline.reports import USUAL, By
from openline.reports.call_list import CallsAsked
from openline.reports.sheets import Sheet, SheetAsked, figures_of
from openline.simulation.civil import instant_of
from openline.web import StillReadingError
from tests.app.real_record import lived, write
from tests.cli.tried import SMALL

pytestmark = pytest.mark.timeout(120)

DAYS = 13
LAST = "2026-03-14"
LONG = SheetAsked(
    by=By.DAY,
    since="2026-03-02",
    until=LAST,
    # Nobody summed practice calls.
    origins=(Origin.REAL, Origin.PRACTICE),
    measures=USUAL,
)


@pytest.fixture(scope="module")
def published() -> Published:
    return load(SMALL)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, published: Published) -> Path:
    folder = tmp_path_factory.mktemp("long") / "data"
    since = instant_of(date(2026, 3, 2), 0, published.zone)
    write(folder, lived(published, since, instant_of(date(2026, 3, 15), 0, published.zone)))
    return folder


@pytest.fixture
def read(
    data: Path, published: Published, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Callable[[Reader], Coroutine[None, None, None]]], None]:
    """Runs what asks a reader that tells at once how far it is."""
    monkeypatch.setattr(reader_module, "TOLD_AFTER_S", 0.05)

    def run(ask: Callable[[Reader], Coroutine[None, None, None]]) -> None:
        async def asked() -> None:
            reader = Reader(data, SMALL, lambda: published)
            try:
                await ask(reader)
            finally:
                await reader.stop()

        asyncio.run(asked())

    return run


Read = Callable[[Callable[[Reader], Coroutine[None, None, None]]], None]


async def patiently(reader: Reader) -> tuple[Sheet, list[tuple[int, int]], set[str]]:
    """Asks until there is an answer; returns it, what was told before, and under which tokens."""
    told: list[tuple[int, int]] = []
    tokens: set[str] = set()
    while True:
        try:
            return await reader.sheet(LONG), told, tokens
        except StillReadingError as still:
            told.append((still.done, still.of))
            tokens.add(still.token)


def test_who_asks_again_is_told_how_far_it_is_and_given_the_answer(
    data: Path, published: Published, read: Read
) -> None:
    request = Request(by=By.DAY, since=LONG.since, until=LONG.until, origins=LONG.origins)
    made = make_report(data, published, request, lambda done, of: None)

    async def ask(reader: Reader) -> None:
        # Two who ask the same wait for the same answer.
        (sheet, told, tokens), (other, _, theirs) = await asyncio.gather(
            patiently(reader), patiently(reader)
        )
        assert sheet.totals[-1].figures == figures_of(made.history.totals[None], USUAL)
        assert len(tokens) == 1
        assert tokens & theirs
        assert other.totals == sheet.totals
        assert told == sorted(told)
        assert {of for _, of in told} <= {0, DAYS}
        assert max(of for _, of in told) == DAYS

    read(ask)


def test_nobody_else_waits_behind_it_and_it_can_be_stopped(read: Read) -> None:
    async def ask(reader: Reader) -> None:
        await story_of_five(reader)
        with pytest.raises(StillReadingError) as first:
            await reader.sheet(LONG)
        # Answered while the other is read, by another process.
        await story_of_five(reader)
        reader.stop_reading("another")
        with pytest.raises(StillReadingError) as again:
            await reader.sheet(LONG)
        assert again.value.token == first.value.token
        reader.stop_reading(first.value.token)
        with pytest.raises(StillReadingError) as anew:
            await reader.sheet(LONG)
        assert anew.value.token != first.value.token

    async def story_of_five(reader: Reader) -> None:
        assert (await reader.story(CallId(5))).chapters

    read(ask)


def test_who_waits_while_it_is_stopped_is_told_so(read: Read) -> None:
    async def ask(reader: Reader) -> None:
        with pytest.raises(StillReadingError) as first:
            await reader.sheet(LONG)
        waiting = asyncio.ensure_future(reader.sheet(LONG))
        await asyncio.sleep(0)
        reader.stop_reading(first.value.token)
        with pytest.raises(RefusedError) as stopped:
            await waiting
        assert stopped.value.code == "stopped"

    read(ask)


def test_a_question_that_nobody_asks_again_is_dropped(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_module, "DROPPED_AFTER_S", 0.2)

    async def ask(reader: Reader) -> None:
        with pytest.raises(StillReadingError) as first:
            await reader.sheet(LONG)
        loop = asyncio.get_running_loop()
        over = loop.create_future()
        loop.call_later(0.3, over.set_result, None)
        await over
        # Nobody has asked since: it is begun anew.
        with pytest.raises(StillReadingError) as again:
            await reader.sheet(LONG)
        assert again.value.token != first.value.token

    read(ask)


def test_a_report_as_a_file_comes_however_long_it_takes(read: Read) -> None:
    async def ask(reader: Reader) -> None:
        lines = (await reader.file(LONG, "csv")).decode().splitlines()
        assert len(lines) == 1 + DAYS + 1

    read(ask)


def test_a_list_of_days_that_are_not_listed_comes_too(read: Read) -> None:
    async def ask(reader: Reader) -> None:
        asked = CallsAsked(since=LONG.since, until=LAST)
        found, told = None, set()
        while found is None:
            try:
                found = await reader.call_list(asked)
            except StillReadingError as still:
                told.add(still.of)
        assert found.count > 200
        assert told <= {0, DAYS + 1}

    read(ask)
