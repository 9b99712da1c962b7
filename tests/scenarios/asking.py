"""Somebody who looks for a thing in a running centre: asks any address and opens any socket.

Speaks ASGI with the application, as a browser at the centre's own machine would through a server,
and hears of an endless answer only how it begins.
"""

import asyncio
import json
from collections.abc import Callable, MutableMapping
from typing import Any, NamedTuple

from fastapi import FastAPI

from openline.web.guard import SESSION_COOKIE

Scope = dict[str, Any]
Message = MutableMapping[str, Any]
_PATIENCE_S = 20


class Heard(NamedTuple):
    """Is what was said to him."""

    status: int
    text: str


class Asker:
    """Is a browser in which one person is signed in."""

    def __init__(self, app: FastAPI, token: str) -> None:
        self._app = app
        self._token = token

    async def get(self, address: str) -> Heard:
        """Asks for an address, and again while its answer is still being read, as its page does.

        Of a stream of events returns the first.
        """
        heard = await self._got(address)
        while "data-still-bar" in heard.text:
            heard = await self._got(address)
        return heard

    async def _got(self, address: str) -> Heard:
        path, _, query = address.partition("?")
        sent = await self._asked(
            self._scope("http", path, query) | {"method": "GET", "http_version": "1.1"},
            [{"type": "http.request", "body": b"", "more_body": False}],
            lambda message: (
                message["type"] == "http.response.body"
                and bool(message.get("body") or not message.get("more_body"))
            ),
        )
        body = b"".join(each.get("body", b"") for each in sent)
        return Heard(sent[0]["status"], body.decode(errors="replace"))

    async def desk(self) -> dict[str, Any]:
        """Opens a desk and returns its first picture."""
        hello = json.dumps({"t": "hello", "session": None})
        sent = await self._asked(
            self._scope("websocket", "/ws/desk", "") | {"subprotocols": []},
            [{"type": "websocket.connect"}, {"type": "websocket.receive", "text": hello}],
            _is_view,
        )
        (said,) = (each["text"] for each in sent if _is_view(each))
        view: dict[str, Any] = json.loads(said)
        return view

    def _scope(self, kind: str, path: str, query: str) -> Scope:
        headers = {
            "host": "127.0.0.1:8000",
            "accept": "text/html",
            "accept-language": "en",
            "cookie": f"{SESSION_COOKIE}={self._token}",
        }
        return {
            "type": kind,
            "asgi": {"version": "3.0"},
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "scheme": "http" if kind == "http" else "ws",
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 50_000),
            "server": ("127.0.0.1", 8000),
            "state": {},
        }

    async def _asked(
        self, scope: Scope, says: list[Message], is_enough: Callable[[Message], bool]
    ) -> list[Message]:
        """Returns what was sent until it is enough; a whole answer is waited for."""
        sent: list[Message] = []
        enough = asyncio.Event()
        to_say = iter(says)

        async def receive() -> Message:
            for message in to_say:
                return message
            await asyncio.Event().wait()  # says nothing more, and stays
            raise AssertionError

        async def send(message: Message) -> None:
            sent.append(message)
            if is_enough(message):
                enough.set()

        serving = asyncio.create_task(self._app(scope, receive, send))
        waiting = asyncio.create_task(enough.wait())
        await asyncio.wait(
            {serving, waiting}, timeout=_PATIENCE_S, return_when=asyncio.FIRST_COMPLETED
        )
        waiting.cancel()
        serving.cancel()
        await asyncio.gather(serving, waiting, return_exceptions=True)
        assert sent, "nothing was answered"
        return sent


def _is_view(message: Message) -> bool:
    text = message.get("text")
    return text is not None and json.loads(text)["t"] == "view"
