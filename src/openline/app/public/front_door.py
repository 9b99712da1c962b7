"""The plain HTTP port of a public centre: it leads on to HTTPS and shows authorities their word.

Nothing else is served there, and nobody is let in by it.
"""

import asyncio
import contextlib
import sys
import threading
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from openline.app.http_server import Server
from openline.app.ports import taken
from openline.app.public.certificate import Certificate, certificate_of
from openline.configuration import Public
from openline.store import DataFolder

WELL_KNOWN = "/.well-known/acme-challenge/"
LONGEST_TARGET = 2000


class FrontDoor:
    """Is an ASGI application, and its port."""

    def __init__(self, address: str) -> None:
        """`address` is where it leads to, such as https://help.example.org."""
        self._address = address
        self._shown: dict[str, str] = {}
        self._guard = threading.Lock()

    def publish(self, path: str, word: str) -> None:
        """Shows a word at a path from now on; may be called on any thread."""
        with self._guard:
            self._shown[path] = word

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        response = self._answer(Request(scope))
        await response(scope, receive, send)

    def _answer(self, request: Request) -> Response:
        path = request.url.path
        with self._guard:
            word = self._shown.get(path)
        if word is not None:
            return PlainTextResponse(word)
        if path.startswith(WELL_KNOWN):
            return PlainTextResponse("There is nothing at this address.\n", status_code=404)
        target = path + (f"?{request.url.query}" if request.url.query else "")
        if len(target) > LONGEST_TARGET:
            target = "/"
        # 308 keeps the method, so that a form sent here by mistake is not turned into a reading.
        return RedirectResponse(self._address + target, status_code=308)


@contextlib.asynccontextmanager
async def opened_to_the_world(
    public: Public, folder: DataFolder, host: str
) -> AsyncIterator[Certificate]:
    """Opens the front door on the host, and lends the certificate, which it keeps fresh.

    Raises `RefusedError` or `PeerError` where there is no certificate or no port.
    """
    door = FrontDoor(public.address)
    async with contextlib.AsyncExitStack() as stack:
        if public.http_port:
            await stack.enter_async_context(_serving(door, host, public.http_port))
        certificate = await asyncio.to_thread(
            certificate_of, public, folder, door.publish, tell=_tell
        )
        looking = asyncio.create_task(certificate.watch())
        stack.callback(looking.cancel)
        yield certificate


@contextlib.asynccontextmanager
async def _serving(door: FrontDoor, host: str, port: int) -> AsyncIterator[None]:
    listening = taken(host, port, mend="choose another with http_port in [server.public]")
    server = Server(door)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield
    finally:
        server.stop()
        await serving


def _tell(words: str) -> None:
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()
