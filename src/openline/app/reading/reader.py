"""The centre's side of reading the record: asks the process that does it, and starts and ends it.

The process is started when the first question comes and ended when none came for a while, so a
small machine pays for it only while somebody reads. One question at a time: a second reader waits.
One that takes too long, or breaks, is ended; the next question starts another.
"""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec
import structlog

from openline.app.reading.jobs import (
    LENGTH,
    Adopt,
    Answer,
    Done,
    Job,
    MakeForecast,
    MakePlan,
    ReadCalls,
    ReadFile,
    ReadSheet,
    ReadStory,
)
from openline.configuration import Published
from openline.model import CallId, PeerError, RefusedError
from openline.planning.forecast_asked import ForecastAnswer, ForecastAsked
from openline.planning.plan_asked import PlanAnswer, PlanAsked
from openline.reports.call_list import CallList, CallsAsked
from openline.reports.sheets import Sheet, SheetAsked
from openline.reports.told import ToldStory

log = structlog.get_logger(__name__)

ANSWERS_WITHIN_S = 60
IDLE_S = 600
LARGEST = 256 * 1024 * 1024

T = TypeVar("T")
_ANSWERS: msgspec.msgpack.Decoder[Answer] = msgspec.msgpack.Decoder(Answer)


class Reader:
    """Answers what pages ask of the record."""

    def __init__(self, data: Path, config: Path, published: Callable[[], Published]) -> None:
        self._command = (sys.executable, "-m", "openline.app.reading.worker", data, config)
        self._published = published
        self._process: asyncio.subprocess.Process | None = None
        self._told: Published | None = None
        self._one_at_a_time = asyncio.Lock()
        self._idle: asyncio.TimerHandle | None = None
        self._ending: asyncio.Task[None] | None = None

    async def sheet(self, asked: SheetAsked) -> Sheet:
        """Returns a report; raises as `call_list`."""
        return await self._decoded(ReadSheet(asked=asked), Sheet)

    async def file(self, asked: SheetAsked, form: str) -> bytes:
        """Returns a report as a file: csv, json, parquet or xlsx; raises as `call_list`."""
        return await self._ask(ReadFile(asked=asked, form=form))

    async def call_list(self, asked: CallsAsked) -> CallList:
        """Returns a page of the list of calls.

        Raises `RefusedError` for what cannot be shown, `PeerError` where reading fails.
        """
        return await self._decoded(ReadCalls(asked=asked), CallList)

    async def story(self, call: CallId) -> ToldStory:
        """Returns the story of one call; raises as `call_list` (code `no_call`: there is none)."""
        return await self._decoded(ReadStory(call=call), ToldStory)

    async def forecast(self, asked: ForecastAsked) -> ForecastAnswer:
        """Returns a forecast, or what is wrong with the file; raises as `call_list`."""
        return await self._decoded(MakeForecast(asked=asked), ForecastAnswer)

    async def plan(self, asked: PlanAsked) -> PlanAnswer:
        """Returns a plan, or what is wrong with what was sent; raises as `call_list`."""
        return await self._decoded(MakePlan(asked=asked), PlanAnswer)

    async def plan_file(self, asked: PlanAsked, form: str) -> bytes:
        """Returns the table of a plan as a file, csv or xlsx; raises as `call_list`."""
        return await self._ask(MakePlan(asked=asked, form=form))

    async def stop(self) -> None:
        """Ends the process, if there is one."""
        if self._idle is not None:
            self._idle.cancel()
        await self._end()

    # --- how it is asked --------------------------------------------------------------------

    async def _decoded(self, job: Job, type_: type[T]) -> T:
        return msgspec.msgpack.decode(await self._ask(job), type=type_)

    async def _ask(self, job: Job) -> bytes:
        async with self._one_at_a_time:
            if self._idle is not None:
                self._idle.cancel()
            try:
                async with asyncio.timeout(ANSWERS_WITHIN_S):
                    published = self._published()
                    if self._told is not published or self._process is None:
                        adopt = Adopt(version=published.version, text=published.source)
                        _body(await self._exchange(adopt))
                        self._told = published
                    answer = await self._exchange(job)
            except TimeoutError:
                await self._end()
                raise RefusedError(
                    "That takes too long for a page. Choose a shorter period, or make a file with: "
                    "openline report",
                    code="too_long",
                ) from None
            except (OSError, asyncio.IncompleteReadError, msgspec.MsgspecError) as error:
                log.error("reading_broke", what=type(job).__name__)
                await self._end()
                raise PeerError("The record could not be read just now.") from error
            except asyncio.CancelledError:
                # Its answer would be taken for the next one's.
                await self._end()
                raise
            loop = asyncio.get_running_loop()
            self._idle = loop.call_later(IDLE_S, self._end_soon)
        return _body(answer)

    async def _exchange(self, job: Job) -> Answer:
        if self._process is None:
            self._told = None
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
            )
        asked, answers = self._process.stdin, self._process.stdout
        if asked is None or answers is None:
            raise PeerError("The reading process has no pipes.")
        body = msgspec.msgpack.encode(job)
        asked.write(LENGTH.pack(len(body)) + body)
        await asked.drain()
        length = LENGTH.unpack(await answers.readexactly(LENGTH.size))[0]
        return _ANSWERS.decode(await answers.readexactly(length))

    def _end_soon(self) -> None:
        self._ending = asyncio.get_running_loop().create_task(self._end_in_turn())

    async def _end_in_turn(self) -> None:
        """Ends the process, not in the middle of a question that has just come."""
        async with self._one_at_a_time:
            await self._end()

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.kill()
            await process.wait()


def _body(answer: Answer) -> bytes:
    if isinstance(answer, Done):
        return answer.body
    if answer.code in ("peer", "fault"):
        raise PeerError(answer.message)
    raise RefusedError(answer.message, code=answer.code)
