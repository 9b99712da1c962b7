"""What the reading process answers, beside what the commands say of the same record."""

import asyncio
import io
import json
import zipfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest

from openline.app.reading import reader as reader_module
from openline.app.reading.reader import Reader
from openline.app.reporting import Request, make_report
from openline.configuration import Published, load
from openline.model import CallId, Origin, PeerError, RefusedError
from openline.planning.forecast_asked import ForecastAsked
from openline.planning.plan_asked import Assumptions, Plan, PlanAsked
from openline.reports import USUAL, By
from openline.reports.call_list import CallsAsked
from openline.reports.sheets import SheetAsked, figures_of
from tests.app.told import last_of
from tests.cli.tried import SMALL, keep_two_days

pytestmark = pytest.mark.timeout(60)

SIMULATED = (Origin.SIMULATED,)
BOTH = SheetAsked(
    by=By.DAY, since="2026-03-07", until="2026-03-08", origins=SIMULATED, measures=USUAL
)
DAYS = ("2026-03-07", "2026-03-08")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tried") / "data"
    keep_two_days(folder)
    return folder


@pytest.fixture(scope="module")
def published() -> Published:
    return load(SMALL)


@pytest.fixture
def read(data: Path, published: Published, monkeypatch: pytest.MonkeyPatch) -> "Read":
    """Asks a reader and ends it; it has the time that it takes."""
    monkeypatch.setattr(reader_module, "TOLD_AFTER_S", 60.0)

    def run(ask: Callable[[Reader], Awaitable[None]]) -> None:
        async def asked() -> None:
            reader = Reader(data, SMALL, lambda: published)
            try:
                await ask(reader)
            finally:
                await reader.stop()

        asyncio.run(asked())

    return run


Read = Callable[[Callable[[Reader], Awaitable[None]]], None]


def test_a_sheet_says_what_the_command_says(data: Path, published: Published, read: Read) -> None:
    request = Request(by=By.DAY, since=BOTH.since, until=BOTH.until, origins=SIMULATED)
    made = make_report(data, published, request, lambda done, of: None)

    async def ask(reader: Reader) -> None:
        for _ in range(2):  # read, and remembered
            sheet = await reader.sheet(BOTH)
            assert [row.figures for row in sheet.rows] == [
                figures_of(row.sums, USUAL) for row in made.history.rows
            ]
            assert sheet.totals[-1].figures == figures_of(made.history.totals[None], USUAL)

    read(ask)


def test_the_day_before_stands_beside_a_day(read: Read) -> None:
    async def ask(reader: Reader) -> None:
        second = msgspec.structs.replace(BOTH, since="2026-03-08")
        first = msgspec.structs.replace(BOTH, until="2026-03-07")
        beside = msgspec.structs.replace(second, before=("2026-03-07", "2026-03-07"))
        sheet, alone = await reader.sheet(beside), await reader.sheet(first)
        assert sheet.before_total is not None
        assert sheet.before_total.figures == alone.totals[-1].figures
        assert sheet.before == alone.plot
        long_ago = msgspec.structs.replace(second, before=("2026-03-01", "2026-03-01"))
        assert (await reader.sheet(long_ago)).before == ()

    read(ask)


def test_the_calls_behind_a_figure_are_as_many_as_it_says(read: Read) -> None:
    async def ask(reader: Reader) -> None:
        sheet = await reader.sheet(msgspec.structs.replace(BOTH, measures=("offered", "abandoned")))
        asked = CallsAsked(since="2026-03-07", until="2026-03-07", origins=SIMULATED)
        found = await reader.call_list(asked)
        assert found.count == sheet.rows[0].figures["offered"]
        assert found.outcomes["abandoned"] == sheet.rows[0].figures["abandoned"]

    read(ask)


def test_a_story_is_told_and_one_that_is_not_there_is_refused(read: Read) -> None:
    async def ask(reader: Reader) -> None:
        told = await reader.story(CallId(5))
        assert told.chapters[0].event == "CallArrived"
        assert (told.origin, told.is_exact) == (Origin.SIMULATED, True)
        with pytest.raises(RefusedError) as refused:
            await reader.story(CallId(10_000_000))
        assert refused.value.code == "no_call"

    read(ask)


def test_a_report_is_taken_along_in_every_form(read: Read) -> None:
    async def ask(reader: Reader) -> None:
        lines = (await reader.file(BOTH, "csv")).decode().splitlines()
        assert lines[0].startswith("part,start,end,offered,")
        assert len(lines) == 4
        rows = json.loads(await reader.file(BOTH, "json"))["rows"]
        offered = [row["offered"] for row in rows]
        book = zipfile.ZipFile(io.BytesIO(await reader.file(BOTH, "xlsx")))
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
        name = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
        cells = [
            [cell.findtext(f"{name}v") for cell in row.iter(f"{name}c")]
            for row in sheet.iter(f"{name}row")
        ]
        assert [int(row[3] or 0) for row in cells[1:3]] == offered
        assert sheet.find(f".//{name}f") is None  # no formula anywhere

    read(ask)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"since": "2026-03-09", "until": "2026-03-08"}, "bad_period"),
        ({"queues": ("nowhere",)}, "unknown_key"),
        ({"since": "2020-01-01", "by": By.INTERVAL}, "too_many_rows"),
    ],
)
def test_what_cannot_be_shown_is_refused_and_the_next_question_answered(
    asked: dict[str, object], code: str, read: Read
) -> None:
    async def ask(reader: Reader) -> None:
        with pytest.raises(RefusedError) as refused:
            await reader.sheet(msgspec.structs.replace(BOTH, **asked))
        assert refused.value.code == code
        assert (await reader.sheet(BOTH)).rows

    read(ask)


def test_a_list_of_a_month_holds_what_there_is_of_it(read: Read) -> None:
    async def ask(reader: Reader) -> None:
        asked = CallsAsked(since="2026-03-01", until="2026-03-31", origins=SIMULATED)
        found = await reader.call_list(asked)
        days = [msgspec.structs.replace(asked, since=day, until=day) for day in DAYS]
        assert found.count == sum([(await reader.call_list(day)).count for day in days]) > 0

    read(ask)


def test_a_process_that_is_killed_is_started_again(read: Read) -> None:
    async def ask(reader: Reader) -> None:
        before = await reader.sheet(BOTH)
        process = reader._quick._process
        assert process is not None
        process.kill()
        await process.wait()
        with pytest.raises(PeerError):
            await reader.sheet(BOTH)
        assert await reader.sheet(BOTH) == before

    read(ask)


def test_a_plan_is_made_of_the_record_and_comes_as_a_file(read: "Read") -> None:
    roster = b"person;start;end\nAna;2026-03-09 16:00;2026-03-10 02:00"
    plan = Plan(roster=roster, assumptions=Assumptions(patience_s=300.0))
    asked = PlanAsked(plan=plan, days=2, minutes=30, origins=SIMULATED)

    async def ask(reader: Reader) -> None:
        sheet = (await last_of(reader.plan(asked))).sheet
        assert sheet is not None
        # The record tells how long calls take, and on which day the forecast begins.
        assert sheet.stamps[0] == "2026-03-09T00:00:00-05:00"
        assert max(sheet.now.rostered) == 1
        assert sheet.sums.leave > 0
        text = (await reader.plan_file(asked, "csv")).decode()
        assert text.count("\n") == len(sheet.stamps) + 1
        book = zipfile.ZipFile(io.BytesIO(await reader.plan_file(asked, "xlsx")))
        assert b"needed_on_phones" in book.read("xl/worksheets/sheet1.xml")

    read(ask)


def test_a_forecast_is_made_of_what_is_sent_or_of_the_record(read: "Read") -> None:
    async def ask(reader: Reader) -> None:
        rows = [f"2026-03-{2 + at // 24:02d} {at % 24:02d}:00;{at % 24}" for at in range(24 * 21)]
        sent = ForecastAsked(content="\n".join(["timestamp;calls", *rows]).encode(), days=7)
        answer = await last_of(reader.forecast(sent))
        assert answer.sheet is not None
        assert [each.day for each in answer.sheet.days][:1] == ["2026-03-23"]
        assert len(answer.sheet.mean) == 7 * 24
        faulty = msgspec.structs.replace(sent, content=sent.content + b"\nsoon;3")
        (fault,) = (await last_of(reader.forecast(faulty))).faults
        assert (fault.row, fault.column, fault.code) == (506, "timestamp", "bad_time")
        of_record = await last_of(reader.forecast(ForecastAsked(days=7, origins=SIMULATED)))
        assert of_record.sheet is not None
        assert of_record.sheet.minutes == 30
        with pytest.raises(RefusedError) as refused:
            await last_of(reader.forecast(ForecastAsked()))
        assert refused.value.code == "no_record"

    read(ask)
