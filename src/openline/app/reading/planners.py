"""The centre's side of what planners ask: each question has a process of its own while it lasts.

Whoever stops, or leaves the page, ends the process that computes for her, in the middle of what it
does; nobody else's answer is touched. A process that has answered is asked again, since loading
arrays takes longer than most answers. They are as nice as they go, and few: who comes when all are
at work is told so, and is next.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

from openline.app.reading.jobs import Job
from openline.app.reading.reading_process import ReadingProcess
from openline.configuration import Published
from openline.planning.far import Far, Stage

AT_ONCE = 3
ANSWERS_WITHIN_S = 3600.0
TELLS_EVERY_S = 1.0
"""How far it is is told at least so often, so that it shows when nobody listens any more."""


class Planners:
    """Answers what takes a while, several at once."""

    def __init__(self, data: Path, config: Path, published: Callable[[], Published]) -> None:
        self._processes = [
            ReadingProcess(
                data, config, published, is_patient=True, answers_within_s=ANSWERS_WITHIN_S
            )
            for _ in range(AT_ONCE)
        ]
        # The one that was asked last is asked next: the others may end.
        self._free = list(self._processes)
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def told(self, job: Job) -> AsyncGenerator[Far | bytes, None]:
        """Yields how far the answer is, and last the answer itself, encoded.

        Closed before that, it ends the computation. Raises `RefusedError` for what cannot be
        answered, `PeerError` where the process breaks.
        """
        changed = asyncio.Event()
        far = Far(stage=Stage.WAITING)

        def tell(each: Far) -> None:
            nonlocal far
            far = each
            changed.set()

        asking = asyncio.get_running_loop().create_task(self._asked(job, tell))
        asking.add_done_callback(lambda _: changed.set())
        try:
            while True:
                try:
                    async with asyncio.timeout(TELLS_EVERY_S):
                        await changed.wait()
                except TimeoutError:
                    pass
                changed.clear()
                if asking.done():
                    yield asking.result()
                    return
                yield far
        finally:
            asking.cancel()
            # Its process is killed before anybody is told that it has stopped.
            await asyncio.wait({asking})

    async def stop(self) -> None:
        """Ends all processes."""
        for process in self._processes:
            await process.stop()

    async def _asked(self, job: Job, tell: Callable[[Far], None]) -> bytes:
        async with self._turns:
            process = self._free.pop()
            tell(Far())
            try:
                return await process.ask(job, tell)
            finally:
                self._free.append(process)
