"""A relay server set up exactly as the how-to tells an operator to do it."""

import os
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.live.network import Namespace

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to" / "relay.md"
READY_WITHIN_S = 20.0

# What the how-to writes where each operator writes something of his own.
WRITTEN_ADDRESS, WRITTEN_NAME = "203.0.113.10", "relay.example.org"
WRITTEN_SECRET = "PUT-THE-SECRET-HERE"

TURNSERVER = shutil.which("turnserver")


def written(language: str) -> str:
    """Returns the how-to's block of this language, of which there must be one."""
    (block,) = re.findall(rf"^```{language}\n(.*?)^```$", HOW_TO.read_text(), re.M | re.S)
    return str(block)


@contextmanager
def relay_server(where: Namespace, address: str, secret: str, folder: Path) -> Iterator[None]:
    """Runs coturn there while the context lasts, with the how-to's settings."""
    assert TURNSERVER is not None
    settings = written("conf")
    for placeholder, own in ((WRITTEN_ADDRESS, address), (WRITTEN_SECRET, secret)):
        assert placeholder in settings
        settings = settings.replace(placeholder, own)
    file = folder / "turnserver.conf"
    file.write_text(settings)
    command = [*where.inside, TURNSERVER, "-c", str(file)]
    # Debian's own places for these two are shared with a service that may be running.
    command += [f"--pidfile={folder / 'relay.pid'}", f"--userdb={folder / 'relay.sqlite'}"]
    # A socket's path must be short, which a test's folder is not.
    with (
        tempfile.TemporaryDirectory() as short,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told,
    ):
        told.bind(f"{short}/ready")
        told.settimeout(READY_WITHIN_S)
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, "NOTIFY_SOCKET": f"{short}/ready"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            # As systemd does: the server says itself when it is there.
            assert b"READY=1" in told.recv(1024)
            yield
        finally:
            process.kill()
            process.wait()
