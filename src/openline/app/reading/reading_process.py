"""One process that reads the record: started when it is asked, ended when nobody asks for a while.

One question at a time; the next one waits. A question that takes too long, breaks or is taken back
ends the process: the next question starts another.
"""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import structlog

from openline.app.reading.jobs import LENGTH, Adopt, Answer, Done, Job, Said
from openline.configuration import Published
from openline.model import PeerError, RefusedError
from openline.planning.far import Far

log = structlog.get_logger(__name__)

IDLE_S = 600

Tell = Callable[[Far], None]
"""Hears how far it is."""

_SAID: msgspec.msgpack.Decoder[Said] = msgspec.msgpack.Decoder(Said)


class ReadingProcess:
    """Asks a process of its own; `is_patient` is one that is asked what takes minutes."""

    def __init__(
        self,
        data: Path,
        config: Path,
        published: Callable[[], Published],
        *,
        is_patient: bool,
        answers_within_s: float,
    ) -> None:
        worker = "openline.app.reading.worker"
        self._command = [sys.executable, "-m", worker, str(data), str(config)]
        if is_patient:
            self._command.append("--patient")
        self._answers_within_s = answers_within_s
        self._published = published
        self._process: asyncio.subprocess.Process | None = None
        self._told: Published | None = None
        self._one_at_a_time = asyncio.Lock()
        self._idle: asyncio.TimerHandle | None = None
        self._ending: asyncio.Task[None] | None = None

    async def ask(self, job: Job, tell: Tell) -> bytes:
        """Returns the answer to a question, encoded; tells meanwhile how far it is.

        Raises `RefusedError` for what cannot be answered, `PeerError` where reading fails.
        """
        async with self._one_at_a_time:
            if self._idle is not None:
                self._idle.cancel()
            try:
                async with asyncio.timeout(self._answers_within_s):
                    published = self._published()
                    if self._told is not published or self._process is None:
                        adopt = Adopt(version=published.version, text=published.source)
                        _body(await self._exchange(adopt, tell))
                        self._told = published
                    answer = await self._exchange(job, tell)
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

    async def stop(self) -> None:
        """Ends the process, if there is one."""
        if self._idle is not None:
            self._idle.cancel()
        await self._end()

    async def _exchange(self, job: Job, tell: Tell) -> Answer:
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
        while True:
            length = LENGTH.unpack(await answers.readexactly(LENGTH.size))[0]
            said = _SAID.decode(await answers.readexactly(length))
            if not isinstance(said, Far):
                return said
            tell(said)

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
