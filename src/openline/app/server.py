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
from collections import Counter
from dataclasses import dataclass

import structlog
import uvloop

from openline.api.socket import GOING_AWAY
from openline.app.compose import Running, compose
from openline.app.http_server import Server
from openline.app.memory import Memory, open_memory, terms_of
from openline.app.options import Options
from openline.app.parent import BEAT, BEAT_EVERY_S, READY, READY_DEMO
from openline.app.people import PeopleSocket
from openline.app.public import (
    Certificate,
    opened_to_the_world,
    public_of,
    refuse_the_unfit,
)
from openline.app.relay import with_own_relay
from openline.app.versions import version_at_start
from openline.centre.clock import wall_now
from openline.configuration import Public, Published, load
from openline.model import Instant

log = structlog.get_logger(__name__)

EXIT_FINE = 0
EXIT_BROKEN = 70
"""The program broke and may be started again (sysexits' EX_SOFTWARE)."""


@dataclass(frozen=True, kw_only=True)
class Pipes:
    """Holds the descriptors that join a centre to its parent; None where it has none."""

    ready: int | None = None
    """Is told when calls can be taken."""
    parent: int | None = None
    """Ends with the parent, and the centre with it."""


def serve(options: Options, listening: socket.socket, pipes: Pipes) -> int:
    """Runs the centre until it is told to stop; returns the exit code.

    Raises `RefusedError` or `PeerError` if the centre cannot be opened.
    """
    set_up_logging()
    published = load(options.config)
    memory = open_memory(options, terms_of(published), url=published.store.url)
    try:
        public = public_of(published.server.public, options.public)
        if public is not None:
            refuse_the_unfit(published, public.name)
        published = version_at_start(memory.store, published, options.config, Instant(wall_now()))
        if public is not None and published.turn is None:
            published = with_own_relay(published, public.name)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(_serve(options, published, public, memory, listening, pipes))
    finally:
        memory.close()


async def _serve(
    options: Options,
    published: Published,
    public: Public | None,
    memory: Memory,
    listening: socket.socket,
    pipes: Pipes,
) -> int:
    async with contextlib.AsyncExitStack() as doors:
        certificate = None
        if public is not None:
            opening = opened_to_the_world(public, memory.folder, listening.getsockname()[0])
            certificate = await doors.enter_async_context(opening)
        return await _serve_pages(options, published, certificate, memory, listening, pipes)


async def _serve_pages(
    options: Options,
    published: Published,
    certificate: Certificate | None,
    memory: Memory,
    listening: socket.socket,
    pipes: Pipes,
) -> int:
    running = await compose(options, published, memory, certificate=certificate)
    here = address_of(listening, is_secure=certificate is not None)
    memory.folder.note_address(here)
    server = Server(running.app, tls=None if certificate is None else certificate.context)
    loop = asyncio.get_running_loop()
    for kind in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(kind, _stop, server, running)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    # Links that are given to people lead to the public name.
    shown = here if certificate is None else certificate.public.address
    people = PeopleSocket(memory.folder, running.people, shown)
    await people.start()
    failed = running.centre.failed
    if pipes.parent is not None:
        loop.add_reader(pipes.parent, _stop_once, pipes.parent, server, running)
    if pipes.ready is not None:
        os.write(pipes.ready, READY_DEMO if running.context.is_demo else READY)
    beating = asyncio.create_task(_beat(pipes.ready))
    begun = _tasks()
    await asyncio.wait({serving, failed}, return_when=asyncio.FIRST_COMPLETED)
    # From now on it may take its time.
    beating.cancel()
    if pipes.ready is not None:
        os.close(pipes.ready)
    code = EXIT_FINE
    if failed.done():
        log.error("centre_broke", why=str(failed.exception()))
        code = EXIT_BROKEN
        _stop(server, running)
    await serving
    await people.stop()
    # What calls needed has ended with them, or it would pile up.
    if left := _tasks() - begun:
        log.warning("centre_held", tasks=left.total(), kinds=" ".join(sorted(left)))
    await running.stop()
    return code


def _tasks() -> Counter[str]:
    """Returns what runs beside each other now, by kind: one may have replaced another."""
    return Counter(getattr(task.get_coro(), "__qualname__", "?") for task in asyncio.all_tasks())


async def _beat(pipe: int | None) -> None:
    """Tells the parent again and again that this loop turns."""
    if pipe is None:
        return
    os.set_blocking(pipe, False)
    while True:
        # A parent that is gone or asleep reads nothing, and needs nothing.
        with contextlib.suppress(OSError):
            os.write(pipe, BEAT)
        await asyncio.sleep(BEAT_EVERY_S)


def address_of(listening: socket.socket, *, is_secure: bool = False) -> str:
    """Returns where somebody at this machine finds what listens.

    >>> address_of(socket.create_server(("127.0.0.1", 0))).startswith("http://127.0.0.1:")
    True
    """
    host, port = listening.getsockname()[:2]
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    scheme = "https" if is_secure else "http"
    return f"{scheme}://[{here}]:{port}" if ":" in here else f"{scheme}://{here}:{port}"


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
