"""The HTTP server, as centre, first page and front door use it."""

import asyncio
import contextlib
import ssl
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp


class Server(uvicorn.Server):
    """Is uvicorn's server without signal handlers and without its ten wake-ups a second."""

    def __init__(self, app: ASGIApp, *, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                ssl_context_factory=None if tls is None else lambda *_: tls,
                log_config=None,
                access_log=False,
                server_header=False,
                date_header=False,
                # Nobody stands before us whose word about a caller's address we would believe.
                proxy_headers=False,
                lifespan="off",
                ws="websockets-sansio",
                ws_max_size=256 * 1024,
                # Pages and centre say that they are here in their own protocol.
                ws_ping_interval=None,
                timeout_graceful_shutdown=3,
                h11_max_incomplete_event_size=64 * 1024,
            )
        )
        self._told = asyncio.Event()

    def stop(self) -> None:
        """Ends serving, once what is under way is done."""
        self.should_exit = True
        self._told.set()

    async def main_loop(self) -> None:
        """Waits; uvicorn's own loop wakes for a date header and a request limit, unused here."""
        await self._told.wait()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
