"""An agent's desktop as her telephone: its SIP passes by the page's one socket alone.

So whoever may be her desktop may be her telephone, and nobody besides: the same sign-in, the same
heartbeat, and a second tab takes over both. What the page says is carried as it is: Asterisk alone
reads it, and asks for the password of her telephone.
"""

from typing import Any

from openline.api.context import BrowserPhones, SipWire
from openline.api.socket import Message, PageSocket
from openline.model import AgentKey


class DeskPhone:
    """Is the telephone that one page is."""

    def __init__(
        self, phones: BrowserPhones, agent: AgentKey, account: tuple[str, str], socket: PageSocket
    ) -> None:
        """Does nothing yet."""
        self._phones = phones
        self._agent = agent
        self._account = account
        self._socket = socket
        self._wire: SipWire | None = None

    @property
    def account(self) -> dict[str, Any]:
        """What the page needs to register."""
        user, password = self._account
        return {"user": user, "password": password}

    async def hears(self, message: Message) -> bool:
        """Takes what the page says as a telephone; tells whether it was that."""
        match message:
            case {"t": "sip", "text": str(text)}:
                if self._wire is not None:
                    self._wire.send(text)
            case {"t": "telephone", "open": True}:
                if message.get("call") is not True:
                    self._phones.is_without_call(self._agent)
                await self._let_go()
                self._wire = self._phones.wire(self._carry, self._tell)
            case {"t": "telephone", "registered": True}:
                self._phones.is_registered(self._agent)
            case {"t": "telephone", "registered": False}:
                self._phones.is_gone(self._agent, for_good=False)
            case {"t": "telephone", "again": True}:
                self._phones.is_without_call(self._agent)
                self._phones.is_registered(self._agent)
            case _:
                return False
        return True

    def _carry(self, text: str) -> None:
        self._socket.send({"t": "sip", "text": text})

    def _tell(self, is_open: bool) -> None:
        self._socket.send({"t": "telephone", "open": is_open})

    async def leave(self, *, is_elsewhere: bool) -> None:
        """Ends with the page; `is_elsewhere`: another page of hers is there and speaks for her."""
        await self._let_go()
        if not is_elsewhere:
            self._phones.is_gone(self._agent, for_good=self._socket.left)

    async def _let_go(self) -> None:
        wire, self._wire = self._wire, None
        if wire is not None:
            await wire.close()
