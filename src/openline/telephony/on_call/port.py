"""The legs of people at home (`oncall:KEY`): all that can be ordered of one is to ring it.

She answers by signing in, so nothing is ever seen at such a leg. What could not be done comes back
as `CommandFailed`, and is told by the health answer until the next ring succeeds. In a
demonstration nobody is rung: an invented night must not wake a person.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

import structlog

from openline.engine import AnyCommand, State
from openline.engine import commands as c
from openline.engine import inputs as i
from openline.model import CommandId, LegId, QueueKey
from openline.telephony.on_call.notify import Failed, Notice
from openline.telephony.port import Capabilities, See

log = structlog.get_logger(__name__)

PREFIX = "oncall"
_REMEMBERED = 1000


class OnCallPort:
    """Rings people at home."""

    prefix = PREFIX
    capabilities = Capabilities(
        announcements=False, hold=False, real_audio=False, voicemail=False, dials=False
    )

    def __init__(
        self,
        ring: Callable[[Notice], Awaitable[None]] | None,
        name_of: Callable[[QueueKey], str],
        *,
        plays: bool = False,
    ) -> None:
        """Rings by `ring`; without it every ring fails, unless the port only plays at ringing."""
        self._ring = ring
        self._name_of = name_of
        self._plays = plays
        self._see: See | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._done: deque[CommandId] = deque(maxlen=_REMEMBERED)
        self.trouble: str | None = None
        """Why the last ring failed, in one word; None if it did not."""

    def start(self, see: See) -> None:
        """Begins to report."""
        self._see = see

    def resume(self, state: State) -> tuple[LegId, ...]:
        """Returns no legs: nobody at home is connected."""
        return ()

    def carry_out(self, command: AnyCommand) -> None:
        """Rings, in a task of its own; the same order twice rings once."""
        if not isinstance(command, c.RingOnCall):
            self._failed(command, "cannot_do_that")
        elif command.id not in self._done:
            self._done.append(command.id)
            if self._plays:
                log.info("on_call_played", queue=command.queue, agent=command.agent)
            elif self._ring is None:
                self._failed(command, "no_way_to_ring")
            else:
                task = asyncio.get_running_loop().create_task(self._notify(command, self._ring))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _notify(
        self, command: c.RingOnCall, ring: Callable[[Notice], Awaitable[None]]
    ) -> None:
        notice = Notice(
            queue=command.queue, queue_name=self._name_of(command.queue), agent=command.agent
        )
        try:
            await ring(notice)
        except Failed as error:
            self._failed(command, str(error))
        except Exception as error:
            # A fault of ours: the record says that nobody was reached.
            log.error("on_call_broke", queue=command.queue, exc_info=error)
            self._failed(command, "fault")
        else:
            self.trouble = None
            log.info("on_call_rung", queue=command.queue, agent=command.agent)

    def _failed(self, command: AnyCommand, why: str) -> None:
        self.trouble = why
        log.error("on_call_not_rung", leg=command.leg, why=why)
        if self._see is not None:
            self._see(i.CommandFailed(command=command.id, leg=command.leg, why=why))

    async def stop(self) -> None:
        """Ends what is being run."""
        self._see = None
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
