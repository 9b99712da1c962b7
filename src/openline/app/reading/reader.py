"""The centre's side of reading the record: who asks, who still waits, and which process answers.

What reads a few days is answered by one process, a question after the other. What takes longer goes
to a second one, so that nobody waits behind it; whoever asks is told how far it is
(`StillReadingError`) and asks again until the answer is there. A question for which nobody has
asked again for a while is dropped, and so is one that is stopped. Two who ask the same wait for
one answer. What planners ask has processes of its own (`planners`).
"""

import asyncio
import secrets
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from pathlib import Path
from typing import TypeVar

import msgspec

from openline.app.reading.jobs import (
    FindStaffing,
    Job,
    MakeForecast,
    MakePlan,
    ReadCalls,
    ReadFile,
    ReadSheet,
    ReadStory,
)
from openline.app.reading.planners import Planners
from openline.app.reading.reading_process import ReadingProcess
from openline.configuration import Published
from openline.model import CallId, RefusedError
from openline.planning.far import Far
from openline.planning.forecast_asked import ForecastAnswer, ForecastAsked
from openline.planning.plan_asked import PlanAnswer, PlanAsked
from openline.planning.staffing_asked import StaffingAnswer, StaffingAsked
from openline.reports.call_list import CallList, CallsAsked
from openline.reports.sheets import Sheet, SheetAsked
from openline.reports.told import ToldStory
from openline.web import StillReadingError

ANSWERS_WITHIN_S = 60.0
PATIENT_S = 3600.0
"""For a question that was said to take long."""
TOLD_AFTER_S = 1.5
"""Whoever waits longer is told how far it is."""
DROPPED_AFTER_S = 30.0
"""When nobody has asked again for so long, nobody waits any more."""

T = TypeVar("T")


class _Question:
    """Is one question that is being answered, or has been and was not fetched yet."""

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(9)
        self.done = 0
        self.of = 0
        self.task: asyncio.Task[bytes] | None = None
        self.timer: asyncio.TimerHandle | None = None

    def tell(self, far: Far) -> None:
        self.done, self.of = far.done, far.of


class Reader:
    """Answers what pages ask of the record."""

    def __init__(self, data: Path, config: Path, published: Callable[[], Published]) -> None:
        self._quick = ReadingProcess(
            data, config, published, is_patient=False, answers_within_s=ANSWERS_WITHIN_S
        )
        self._patient = ReadingProcess(
            data, config, published, is_patient=True, answers_within_s=PATIENT_S
        )
        self._planners = Planners(data, config, published)
        self._questions: dict[bytes, _Question] = {}

    async def sheet(self, asked: SheetAsked) -> Sheet:
        """Returns a report; raises as `call_list`."""
        return await self._patiently(ReadSheet(asked=asked), Sheet)

    async def file(self, asked: SheetAsked, form: str) -> bytes:
        """Returns a report as a file: csv, json, parquet or xlsx; however long it takes.

        Raises `RefusedError` for what cannot be shown, `PeerError` where reading fails.
        """
        return await self._answer(ReadFile(asked=asked, form=form), _Question())

    async def call_list(self, asked: CallsAsked) -> CallList:
        """Returns a page of the list of calls.

        Raises `RefusedError` for what cannot be shown, `PeerError` where reading fails,
        `StillReadingError` where it takes longer: then ask again.
        """
        return await self._patiently(ReadCalls(asked=asked), CallList)

    async def story(self, call: CallId) -> ToldStory:
        """Returns the story of one call; raises as `file` (code `no_call`: there is none)."""
        return await self._decoded(ReadStory(call=call), ToldStory)

    def forecast(self, asked: ForecastAsked) -> AsyncGenerator[Far | ForecastAnswer, None]:
        """Yields how far a forecast is, and last the forecast, or what is wrong with the file.

        Whoever closes it ends the computation; raises as `file`.
        """
        return self._told(MakeForecast(asked=asked), ForecastAnswer)

    def plan(self, asked: PlanAsked) -> AsyncGenerator[Far | PlanAnswer, None]:
        """Yields how far a plan is, and last the plan; closed and raises like `forecast`."""
        return self._told(MakePlan(asked=asked), PlanAnswer)

    async def plan_file(self, asked: PlanAsked, form: str) -> bytes:
        """Returns the table of a plan as a file, csv or xlsx; raises as `file`."""
        async with aclosing(self._planners.told(MakePlan(asked=asked, form=form))) as told:
            async for each in told:
                if isinstance(each, bytes):
                    return each
        raise AssertionError("the last that is told is the answer")

    async def staffing(self, asked: StaffingAsked) -> StaffingAnswer:
        """Returns how many people one queue needs; raises as `file`."""
        return await self._decoded(FindStaffing(asked=asked), StaffingAnswer)

    def stop_reading(self, token: str) -> None:
        """Takes a question back; one that is unknown is answered already."""
        for key, question in list(self._questions.items()):
            if question.token == token:
                self._drop(key)

    async def stop(self) -> None:
        """Takes all questions back and ends the processes, if there are any."""
        for key in list(self._questions):
            self._drop(key)
        await self._quick.stop()
        await self._patient.stop()
        await self._planners.stop()

    # --- how it is asked --------------------------------------------------------------------

    async def _decoded(self, job: Job, type_: type[T]) -> T:
        return msgspec.msgpack.decode(await self._answer(job, _Question()), type=type_)

    async def _told(self, job: Job, type_: type[T]) -> AsyncGenerator[Far | T, None]:
        async with aclosing(self._planners.told(job)) as told:
            async for each in told:
                yield each if isinstance(each, Far) else msgspec.msgpack.decode(each, type=type_)

    async def _patiently(self, job: Job, type_: type[T]) -> T:
        key = msgspec.msgpack.encode(job)
        question = self._questions.get(key)
        if question is None:
            question = self._questions[key] = _Question()
        if question.task is None:
            question.task = asyncio.get_running_loop().create_task(self._answer(job, question))
        if question.timer is not None:
            question.timer.cancel()
        loop = asyncio.get_running_loop()
        question.timer = loop.call_later(DROPPED_AFTER_S, self._drop, key)
        done, _ = await asyncio.wait({question.task}, timeout=TOLD_AFTER_S)
        if not done:
            raise StillReadingError(question.token, question.done, question.of)
        self._drop(key)
        if question.task.cancelled():
            raise RefusedError("It was stopped.", code="stopped")
        return msgspec.msgpack.decode(question.task.result(), type=type_)

    async def _answer(self, job: Job, question: _Question) -> bytes:
        try:
            return await self._quick.ask(job, question.tell)
        except RefusedError as error:
            if error.code != "is_long":
                raise
        return await self._patient.ask(job, question.tell)

    def _drop(self, key: bytes) -> None:
        question = self._questions.pop(key, None)
        if question is None:
            return
        if question.timer is not None:
            question.timer.cancel()
        if question.task is None:
            return
        if not question.task.done():
            question.task.cancel()
        elif not question.task.cancelled():
            question.task.exception()  # looked at, whether anybody fetches it or not
