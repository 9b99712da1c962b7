"""The centre's side of a plan on the live engine: starts the process that lives it, and passes on.

Each plan, or change that is tried, has a process of its own, which ends with the question: whoever
closes the page or stops ends it, and those that it started. It is as nice as it goes, since beside
it real calls are routed; and there are few at once.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from pathlib import Path

import msgspec
import structlog

from openline.app.reading.jobs import LENGTH, Answer, Done, LiveAsked
from openline.configuration import Published
from openline.model import PeerError, RefusedError
from openline.planning.plan_asked import LivedPlan, PlanAsked
from openline.planning.study_asked import Lived, StudyAsked
from openline.planning.try_asked import Tried, TryAsked

log = structlog.get_logger(__name__)

AT_ONCE = 2
_ANSWERS: msgspec.msgpack.Decoder[Answer] = msgspec.msgpack.Decoder(Answer)


class Living:
    """Lives plans beside the running centre."""

    def __init__(self, config: Path, data: Path, published: Callable[[], Published]) -> None:
        worker = "openline.app.reading.living_worker"
        self._command = (sys.executable, "-m", worker, config, data)
        self._published = published
        self._running = 0

    async def lived(self, asked: PlanAsked) -> AsyncGenerator[LivedPlan, None]:
        """Yields what is known of a plan after each run; whoever has enough closes it.

        Raises `RefusedError` for what cannot be lived (`busy`: others are at it), `PeerError` where
        the process breaks.
        """
        async with aclosing(self._told(asked)) as bodies:
            async for body in bodies:
                yield msgspec.msgpack.decode(body, type=LivedPlan)

    async def tried(self, asked: TryAsked) -> AsyncGenerator[Tried, None]:
        """Yields what is known of a change after each run; closed and raises like `lived`."""
        async with aclosing(self._told(asked)) as bodies:
            async for body in bodies:
                yield msgspec.msgpack.decode(body, type=Tried)

    async def days(self, asked: StudyAsked) -> AsyncGenerator[Lived, None]:
        """Yields what is known of days as they are after each run, as `lived` does."""
        async with aclosing(self._told(asked)) as bodies:
            async for body in bodies:
                yield msgspec.msgpack.decode(body, type=Lived)

    async def _told(self, asked: PlanAsked | TryAsked | StudyAsked) -> AsyncGenerator[bytes, None]:
        if self._running >= AT_ONCE:
            raise RefusedError("Others are asking the twin just now.", code="busy")
        self._running += 1
        process = None
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                # A group of its own, so that whatever it starts ends with it.
                start_new_session=True,
            )
            to, answers = process.stdin, process.stdout
            if to is None or answers is None:
                raise PeerError("The twin's process has no pipes.")
            published = self._published()
            question = LiveAsked(
                version=published.version,
                text=published.source,
                plan=asked if isinstance(asked, PlanAsked) else None,
                attempt=asked if isinstance(asked, TryAsked) else None,
                days=asked if isinstance(asked, StudyAsked) else None,
            )
            body = msgspec.msgpack.encode(question)
            to.write(LENGTH.pack(len(body)) + body)
            await to.drain()
            while True:
                length = LENGTH.unpack(await answers.readexactly(LENGTH.size))[0]
                if not length:
                    return
                answer = _ANSWERS.decode(await answers.readexactly(length))
                if not isinstance(answer, Done):
                    raise RefusedError(answer.message, code=answer.code)
                yield answer.body
        except (OSError, asyncio.IncompleteReadError, msgspec.MsgspecError) as error:
            log.error("living_broke")
            raise PeerError("The twin could not be asked just now.") from error
        finally:
            self._running -= 1
            if process is not None:
                _end(process)
                await process.wait()


def _end(process: asyncio.subprocess.Process) -> None:
    """Ends a process and those it started."""
    try:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    except ProcessLookupError:
        # It had ended by itself, and nobody of its group is left.
        return
