"""A bad network between Openline and Asterisk: cut, dumb or slow; events doubled, swapped, late.

It listens where Openline looks for Asterisk, and passes on what comes. On the way back it reads the
frames of the WebSocket (RFC 6455; those of a server are not masked), so a fault meets whole events
and tears none. Answers to orders keep their order: Asterisk gives them by the same connection, and
only what other parts of it tell may come twice, too late or in another order. Chance is seeded.
"""

import asyncio
import random
import threading
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

_T = TypeVar("_T")
Fault = Literal["none", "dumb", "slow", "doubled", "swapped", "late"]
SLOW_S, LATE_S = 0.03, 0.4
_TEXT_WHOLE = 0x81


class BadNetwork:
    """Is the network; `fault` may be changed at any time."""

    def __init__(self, to_port: int, seed: int) -> None:
        self._to_port = to_port
        self._chance = random.Random(seed)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self._fault: Fault = "none"
        self._flows = asyncio.Event()
        self._flows.set()
        self.port = 0
        self.met = 0
        """How many events met a fault."""

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = self._does(asyncio.start_server(self._join, "127.0.0.1", 0))
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.fault = "none"
        self._does(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _does(self, what: Coroutine[Any, Any, _T]) -> _T:
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(10)

    @property
    def fault(self) -> Fault:
        """What ails it."""
        return self._fault

    @fault.setter
    def fault(self, fault: Fault) -> None:
        self._fault = fault
        change = self._flows.clear if fault == "dumb" else self._flows.set
        self._loop.call_soon_threadsafe(change)

    def cuts(self) -> None:
        """Ends every connection at once, without a goodbye."""
        self._does(self._cut())

    async def _cut(self) -> None:
        for writer in list(self._writers):
            writer.transport.abort()

    async def _end(self) -> None:
        assert self._server is not None
        self._server.close()
        await self._cut()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _join(self, ours: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        try:
            theirs, to = await asyncio.open_connection("127.0.0.1", self._to_port)
        except OSError:
            back.transport.abort()
            return
        self._writers |= {back, to}
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._orders(ours, to))
                both.create_task(self._events(theirs, back))
        except* (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self._writers -= {back, to}
            for writer in (back, to):
                writer.transport.abort()

    async def _orders(self, ours: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        while data := await ours.read(65_536):
            await self._holds_up()
            to.write(data)
            await to.drain()
        raise ConnectionResetError

    async def _events(self, theirs: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        head = await theirs.readuntil(b"\r\n\r\n")
        back.write(head)
        if b" 101 " not in head.partition(b"\r\n")[0]:
            back.write(await theirs.read())
            await back.drain()
            raise ConnectionResetError
        held = list[bytes]()

        def let_go() -> None:
            while held:
                _write(back, held.pop())

        while True:
            frame = await _frame(theirs)
            await self._holds_up()
            is_event = frame[0] == _TEXT_WHOLE and b'"RESTResponse"' not in frame
            self.met += is_event and self.fault in ("doubled", "swapped", "late")
            if not is_event:
                back.write(frame)
            elif self.fault == "late":
                self._loop.call_later(LATE_S, _write, back, frame)
            elif self.fault == "swapped" and not held and self._chance.random() < 0.5:
                held.append(frame)
                # It comes later than others, and not never.
                self._loop.call_later(LATE_S, let_go)
                continue
            else:
                back.write(frame * 2 if self.fault == "doubled" else frame)
            if is_event:
                let_go()
            await back.drain()

    async def _holds_up(self) -> None:
        if self.fault == "slow":
            await asyncio.sleep(SLOW_S)
        await self._flows.wait()


def _write(back: asyncio.StreamWriter, frame: bytes) -> None:
    if not back.is_closing():
        back.write(frame)


async def _frame(source: asyncio.StreamReader) -> bytes:
    """Returns the next frame, whole."""
    head = await source.readexactly(2)
    length = head[1] & 127
    more = {126: 2, 127: 8}.get(length, 0)
    extended = await source.readexactly(more)
    length = int.from_bytes(extended) if more else length
    return head + extended + await source.readexactly(length)
