"""A folder without a centre, and the page that asks what it should be, until it stands.

A process of its own, as the centre is one: it ends when the centre is written, and the parent
starts the centre on the same socket.
"""

import asyncio
import os
import signal
import socket
from pathlib import Path

import uvloop

from openline.app.begin import begin_with_account
from openline.app.http_server import Server
from openline.app.parent import KEY_VARIABLE, READY
from openline.app.server import EXIT_FINE, set_up_logging
from openline.configuration.beginning import Answers
from openline.web import Assets, load_catalogues
from openline.web.begin import Beginning, first_page


def serve_first_page(
    folder: Path, listening: socket.socket, *, ready: int | None, parent: int | None
) -> int:
    """Asks until the centre is written, or until it is told to stop; returns the exit code."""
    set_up_logging()
    key = os.environ.pop(KEY_VARIABLE)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(folder.absolute(), key, listening, ready, parent))
    return EXIT_FINE


async def _serve(
    folder: Path, key: str, listening: socket.socket, ready: int | None, parent: int | None
) -> None:
    loop = asyncio.get_running_loop()

    async def write(answers: Answers, login: str, password: str) -> None:
        # A hash of a password takes its time, and so does the first flush of a database.
        await loop.run_in_executor(None, begin_with_account, answers, folder, login, password)

    server: Server | None = None

    def stop() -> None:
        if parent is not None:
            loop.remove_reader(parent)
        if server is not None:
            server.stop()

    beginning = Beginning(key=key, folder=folder, write=write, done=stop)
    server = Server(first_page(beginning, load_catalogues(), Assets()))
    for kind in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(kind, stop)
    if parent is not None:
        loop.add_reader(parent, stop)
    if ready is not None:
        os.write(ready, READY)
        os.close(ready)
    await server.serve(sockets=[listening])
