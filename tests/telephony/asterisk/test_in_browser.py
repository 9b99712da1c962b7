"""The way of a page's signals, with a peer in Asterisk's place; real ones are in tests/live."""

import asyncio
import functools
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.server import ServerConnection, serve
from websockets.typing import Subprotocol

from openline.telephony.asterisk.in_browser import Wire

REGISTER = "REGISTER sip:openline.invalid SIP/2.0\r\n\r\n"


def in_a_loop(test: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[], None]:
    """Runs a test on a loop of its own."""

    @functools.wraps(test)
    def run() -> None:
        asyncio.run(asyncio.wait_for(test(), 20))

    return run


class Peer:
    """Notes what it hears and where, and answers each message."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.heard: list[str] = []
        self.port = 0
        self.socket: ServerConnection | None = None

    async def serve(self, socket: ServerConnection) -> None:
        assert socket.request is not None
        self.socket = socket
        self.paths.append(socket.request.path)
        async for text in socket:
            self.heard.append(str(text))
            await socket.send("SIP/2.0 200 OK")


@asynccontextmanager
async def peer() -> AsyncIterator[Peer]:
    made = Peer()
    async with serve(made.serve, "127.0.0.1", 0, subprotocols=[Subprotocol("sip")]) as server:
        made.port = next(iter(server.sockets)).getsockname()[1]
        yield made


class Page:
    """Notes what a page is told."""

    def __init__(self, port: int) -> None:
        self.told: asyncio.Queue[Any] = asyncio.Queue()
        self.wire = Wire(f"ws://127.0.0.1:{port}/ws", self.told.put_nowait, self.told.put_nowait)

    async def hears(self) -> Any:
        return await asyncio.wait_for(self.told.get(), 5)


@in_a_loop
async def test_text_passes_both_ways_and_goes_nowhere_else() -> None:
    async with peer() as asterisk:
        page = Page(asterisk.port)
        assert await page.hears() is True
        page.wire.send(REGISTER)
        assert await page.hears() == "SIP/2.0 200 OK"
        assert asterisk.heard == [REGISTER]
        assert asterisk.paths == ["/ws"]
        await page.wire.close()
        assert page.told.empty()


@in_a_loop
async def test_what_is_sent_before_it_is_open_waits_and_what_is_too_long_is_dropped() -> None:
    async with peer() as asterisk:
        page = Page(asterisk.port)
        page.wire.send("x" * 100_000)
        page.wire.send(REGISTER)
        assert await page.hears() is True
        await page.hears()
        assert asterisk.heard == [REGISTER]
        await page.wire.close()


@in_a_loop
async def test_its_end_is_told_once() -> None:
    async with peer() as asterisk:
        page = Page(asterisk.port)
        assert await page.hears() is True
        assert asterisk.socket is not None
        await asterisk.socket.close()
        assert await page.hears() is False
        await page.wire.close()
        assert page.told.empty()


@in_a_loop
async def test_where_nobody_listens_that_is_told() -> None:
    async with peer() as asterisk:
        port = asterisk.port
    page = Page(port)
    assert await page.hears() is False
    await page.wire.close()
