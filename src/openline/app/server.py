"""Runs one centre behind a socket until it is told to stop, or breaks.

The socket is handed down by the parent, already listening: while this process is being replaced,
connections wait in its backlog instead of being refused.
"""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
from collections.abc import Iterator

import structlog
import uvicorn
import uvloop
from fastapi import FastAPI

from openline.api.socket import GOING_AWAY
from openline.app.compose import Memory, Running, compose, open_memory, terms_of
from openline.app.options import Options
from openline.app.parent import READY, READY_DEMO
from openline.app.people import PeopleSocket
from openline.app.versions import version_at_start
from openline.centre.clock import wall_now
from openline.configuration import Published, load
from openline.model import Instant

log = structlog.get_logger(__name__)

EXIT_FINE = 0
EXIT_BROKEN = 70
"""The program broke and may be started again (sysexits' EX_SOFTWARE)."""


class Server(uvicorn.Server):
    """Is uvicorn's server without signal handlers and without its ten wake-ups a second."""

    def __init__(self, app: FastAPI) -> None:
        super().__init__(
            uvicorn.Config(
                app,
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


def serve(
    options: Options, listening: socket.socket, *, ready: int | None, parent: int | None
) -> int:
    """Runs the centre until it is told to stop; returns the exit code.

    `ready` is a pipe that is told when calls can be taken; `parent` one that ends with the parent,
    and the centre with it. Raises `RefusedError` or `PeerError` if the centre cannot be opened.
    """
    set_up_logging()
    published = load(options.config)
    memory = open_memory(options, terms_of(published), url=published.store.url)
    try:
        published = version_at_start(memory.store, published, options.config, Instant(wall_now()))
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(_serve(options, published, memory, listening, ready, parent))
    finally:
        memory.close()


async def _serve(
    options: Options,
    published: Published,
    memory: Memory,
    listening: socket.socket,
    ready: int | None,
    parent: int | None,
) -> int:
    running = await compose(options, published, memory)
    memory.folder.note_address(address_of(listening))
    server = Server(running.app)
    loop = asyncio.get_running_loop()
    for kind in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(kind, _stop, server, running)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    people = PeopleSocket(memory.folder, running.people, address_of(listening))
    await people.start()
    failed = running.centre.failed
    if parent is not None:
        loop.add_reader(parent, _stop_once, parent, server, running)
    if ready is not None:
        os.write(ready, READY_DEMO if running.context.is_demo else READY)
        os.close(ready)
    await asyncio.wait({serving, failed}, return_when=asyncio.FIRST_COMPLETED)
    code = EXIT_FINE
    if failed.done():
        log.error("centre_broke", why=str(failed.exception()))
        code = EXIT_BROKEN
        _stop(server, running)
    await serving
    await people.stop()
    await running.stop()
    return code


def address_of(listening: socket.socket) -> str:
    """Returns where somebody at this machine finds what listens.

    >>> address_of(socket.create_server(("127.0.0.1", 0))).startswith("http://127.0.0.1:")
    True
    """
    host, port = listening.getsockname()[:2]
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{here}]:{port}" if ":" in here else f"http://{here}:{port}"


def _stop_once(parent: int, server: Server, running: Running) -> None:
    """Stops because the parent is gone; its pipe stays readable and would call at every turn."""
    asyncio.get_running_loop().remove_reader(parent)
    _stop(server, running)


def _stop(server: Server, running: Running) -> None:
    """Lets every page know that we go away for a moment, then lets the server end."""
    running.context.feed.close()
    running.context.room.close()
    for page in list(running.context.open_sockets):
        page.close(GOING_AWAY)
    server.stop()


def set_up_logging() -> None:
    """Writes key-value lines to standard error; numbers, names and words never get here."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
