"""One page's WebSocket: messages in order both ways, and the news that it is gone.

A page that is silent for `SILENT_S` is gone, whatever TCP believes; the page judges us the same
way, so both sides say that they are here every `BEAT_S`. Messages that cannot be read are answered
with an error and change nothing.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator
from typing import Any

import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from openline.model import Instant

BEAT_S = 3.0
SILENT_S = 8.0
LARGEST = 64 * 1024
"""Bytes of one message; a session description takes about 4,000."""
UNSENT_LIMIT = 1_000
"""A page that lets so many messages wait is taken as gone."""

GOING_AWAY = 1001
REPLACED = 4001
REFUSED = 4003

Message = dict[str, Any]
_encoder = msgspec.json.Encoder()


class PageSocket:
    """Wraps an accepted WebSocket."""

    def __init__(self, websocket: WebSocket, *, is_here: bool) -> None:
        self.is_here = is_here
        self.ice_given_at: Instant | None = None
        """When the page was last told how it may connect."""
        self._websocket = websocket
        self._unsent: deque[bytes] = deque()
        self._wake = asyncio.Event()
        self._closing: int | None = None
        self._held_back = False
        self._gone = False
        self.left = False
        """Whether the page said goodbye: it was closed, or loaded anew."""
        self.is_replaced = False
        """Whether another page has taken its place."""

    # --- towards the page ------------------------------------------------------------------

    def send(self, message: Message) -> None:
        """Queues a message; dropped where the page is gone."""
        if self._closing is None and not self._gone:
            self._unsent.append(_encoder.encode(message))
            if len(self._unsent) > UNSENT_LIMIT:
                self.close(GOING_AWAY)
            self._wake.set()

    def hold_back(self) -> None:
        """Keeps what is sent from now on until `send_first`."""
        self._held_back = True

    def send_first(self, message: Message) -> None:
        """Sends a message before all that was held back, then the rest."""
        self._unsent.appendleft(_encoder.encode(message))
        self._held_back = False
        self._wake.set()

    def refuse(self, code: str, message: str) -> None:
        """Says in words why the page cannot go on, and closes for good."""
        self.send({"t": "error", "code": code, "message": message, "retry": False})
        self.close(REFUSED)

    def replaced(self) -> None:
        """Tells the page that it was opened elsewhere, and closes for good."""
        self.is_replaced = True
        self.send({"t": "elsewhere"})
        self.close(REPLACED)

    def close(self, code: int) -> None:
        """Closes when what waits has been sent."""
        if self._closing is None:
            self._closing = code
            self._held_back = False
            self._wake.set()

    # --- the two directions at work ----------------------------------------------------------

    @contextlib.asynccontextmanager
    async def sending(self) -> AsyncIterator[None]:
        """Sends in the background while the context lasts, and what then still waits at its end."""
        task = asyncio.create_task(self._send_all())
        try:
            yield
        finally:
            self.close(GOING_AWAY)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1.0):
                    await task

    async def _send_all(self) -> None:
        try:
            while True:
                self._wake.clear()
                while self._unsent and not self._held_back:
                    await self._websocket.send_text(self._unsent.popleft().decode())
                if self._closing is not None:
                    break
                try:
                    async with asyncio.timeout(BEAT_S):
                        await self._wake.wait()
                except TimeoutError:
                    self.send({"t": "beat"})
            if self._websocket.application_state is WebSocketState.CONNECTED:
                await self._websocket.close(self._closing)
        except (WebSocketDisconnect, RuntimeError, OSError):
            # The connection broke under us; the receiving side says so to everybody.
            self._gone = True

    async def messages(self) -> AsyncIterator[Message]:
        """Yields what the page says, until it goes, falls silent or is closed."""
        while self._closing is None:
            try:
                async with asyncio.timeout(SILENT_S):
                    received = await self._websocket.receive()
            except (TimeoutError, RuntimeError):
                return
            if received["type"] != "websocket.receive":
                self.left = received.get("code") == GOING_AWAY
                return
            message = self._read(received.get("text"))
            # Who was replaced while speaking is not heard any more.
            if message is not None and self._closing is None:
                yield message

    def _read(self, text: str | None) -> Message | None:
        if text is None:
            self._complain("the message is no text")
            return None
        if len(text) > LARGEST:
            self._complain("the message is too long")
            return None
        try:
            message = msgspec.json.decode(text)
        except (msgspec.DecodeError, RecursionError):
            self._complain("the message is no JSON")
            return None
        if not isinstance(message, dict) or not isinstance(message.get("t"), str):
            self._complain('the message has no kind "t"')
            return None
        return None if message["t"] == "beat" else message

    def _complain(self, what: str) -> None:
        self.send({"t": "error", "code": "bad_message", "message": what, "retry": True})
