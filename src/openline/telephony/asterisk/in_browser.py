"""The telephones of agents who answer in the browser: each is the page of her desktop.

The page speaks SIP, and the centre carries it: a page has no way to Asterisk but its one connection
to us, which is hers alone, and we open no other place of Asterisk than the one for that. So what
gates her calls is one thing: her page is there, says that it is alive, and is registered.

Sound does not come by here. When we die it goes on; the page comes back, registers anew and tells
Asterisk within the call where its signals go now. A page that comes without the call, since it was
loaded anew or is another one, is rung again.
"""

import asyncio
import contextlib
from collections.abc import Callable

import structlog
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake, WebSocketException
from websockets.typing import Subprotocol

from openline.configuration import Asterisk
from openline.model import AgentKey
from openline.telephony.asterisk.accounts import Secrets, endpoint_of
from openline.telephony.asterisk.switchboard import Switchboard

log = structlog.get_logger(__name__)

_WITHIN_S = 2.0
_LARGEST = 64 * 1024
"""Characters of one SIP message, either way; one with a session description has some thousands."""
_WAITING = 100
"""So many messages of a page wait at most while Asterisk takes none."""


class Wire:
    """Carries the signals of one page, until one of the two sides ends it."""

    def __init__(
        self, place: str, heard: Callable[[str], None], opened: Callable[[bool], None]
    ) -> None:
        """Begins to connect; `opened` is told whether Asterisk is reached, and when no longer."""
        self._place = place
        self._heard = heard
        self._opened = opened
        self._outbox: asyncio.Queue[str] = asyncio.Queue(_WAITING)
        self._task = asyncio.get_running_loop().create_task(self._run())

    def send(self, text: str) -> None:
        """Passes a message on; one that is too long, or one too many, is dropped."""
        if len(text) <= _LARGEST:
            with contextlib.suppress(asyncio.QueueFull):
                self._outbox.put_nowait(text)

    async def close(self) -> None:
        """Ends it, and says no more."""
        self._opened = lambda _: None
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    async def _run(self) -> None:
        try:
            async with connect(
                self._place,
                subprotocols=[Subprotocol("sip")],
                open_timeout=_WITHIN_S,
                close_timeout=1,
                ping_interval=None,
                max_size=_LARGEST,
                compression=None,
                proxy=None,
            ) as socket:
                self._opened(True)
                sending = asyncio.get_running_loop().create_task(self._send_all(socket))
                try:
                    async for text in socket:
                        self._heard(text if isinstance(text, str) else text.decode())
                finally:
                    sending.cancel()
        except (OSError, TimeoutError, ValueError, WebSocketException, InvalidHandshake) as error:
            log.warning("no_way_to_asterisk", why=type(error).__name__)
        self._opened(False)

    async def _send_all(self, socket: ClientConnection) -> None:
        # One that breaks is told by its other direction.
        with contextlib.suppress(WebSocketException):
            while True:
                await socket.send(await self._outbox.get())


class BrowserPhones:
    """Carries the signals of agents' pages, and tells the switchboard which page is there."""

    def __init__(
        self, asterisk: Asterisk, secrets: Secrets, board: Switchboard, *, host: str, port: int
    ) -> None:
        """Carries nothing yet; Asterisk is at a host, which is this machine, and a port."""
        self._agents = {phone.agent for phone in asterisk.phones if phone.in_browser}
        self._secrets = secrets
        self._board = board
        self._place = f"ws://{host}:{port}/ws"

    def account(self, agent: AgentKey) -> tuple[str, str] | None:
        """Returns with which name and password her page registers; None if she has a telephone.

        A password that lacks is empty: `openline asterisk configure` was forgotten, the doctor says
        so, and her page cannot register.
        """
        if agent not in self._agents:
            return None
        return endpoint_of(agent), self._secrets.phones.get(agent, "")

    def wire(self, heard: Callable[[str], None], opened: Callable[[bool], None]) -> Wire:
        """Returns a way to Asterisk for the signals of one page."""
        return Wire(self._place, heard, opened)

    def is_without_call(self, agent: AgentKey) -> None:
        """Learns that her page, just opened, has no call; one that she has went with another."""
        self._board.page_without_call(agent)

    def is_registered(self, agent: AgentKey) -> None:
        """Learns that her page can be rung."""
        self._board.page_is(agent, is_there=True)

    def is_gone(self, agent: AgentKey, *, for_good: bool) -> None:
        """Learns that her page is gone; `for_good`: closed, and not only out of touch.

        Sound goes on without a way for signals, so a call ends only with its sound.
        """
        if for_good:
            self._board.page_without_call(agent)
        self._board.page_is(agent, is_there=False)
