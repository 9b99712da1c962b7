"""The centre's side of a plan on the live engine: starts the process that lives it, and passes on.

Each plan has a process of its own, which ends with the question: whoever closes the page or stops
ends it. It is as nice as it goes, since beside it real calls are routed; and there are few at once.
"""

import asyncio
import sys
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import msgspec
import structlog

from openline.app.reading.jobs import LENGTH, Answer, Done
from openline.configuration import Published
from openline.model import PeerError, RefusedError
from openline.planning.plan_asked import LivedPlan, PlanAsked

log = structlog.get_logger(__name__)

AT_ONCE = 2
_ANSWERS: msgspec.msgpack.Decoder[Answer] = msgspec.msgpack.Decoder(Answer)


class Living:
    """Lives plans beside the running centre."""

    def __init__(self, config: Path, published: Callable[[], Published]) -> None:
        self._command = (sys.executable, "-m", "openline.app.reading.living_worker", config)
        self._published = published
        self._running = 0

    async def lived(self, asked: PlanAsked) -> AsyncGenerator[LivedPlan, None]:
        """Yields what is known after each run; whoever has enough closes it, and it ends.

        Raises `RefusedError` for what cannot be lived (`busy`: others are at it), `PeerError` where
        the process breaks.
        """
        if self._running >= AT_ONCE:
            raise RefusedError("Others are asking the twin just now.", code="busy")
        self._running += 1
        process = None
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
            )
            to, answers = process.stdin, process.stdout
            if to is None or answers is None:
                raise PeerError("The twin's process has no pipes.")
            published = self._published()
            body = msgspec.msgpack.encode((published.version, published.source, asked))
            to.write(LENGTH.pack(len(body)) + body)
            await to.drain()
            while True:
                length = LENGTH.unpack(await answers.readexactly(LENGTH.size))[0]
                if not length:
                    return
                answer = _ANSWERS.decode(await answers.readexactly(length))
                if not isinstance(answer, Done):
                    raise RefusedError(answer.message, code=answer.code)
                yield msgspec.msgpack.decode(answer.body, type=LivedPlan)
        except (OSError, asyncio.IncompleteReadError, msgspec.MsgspecError) as error:
            log.error("living_broke")
            raise PeerError("The twin could not be asked just now.") from error
        finally:
            self._running -= 1
            if process is not None and process.returncode is None:
                process.kill()
                await process.wait()
