"""A socket in the data folder, on which the running centre hears those who own the folder.

It opens no new way in: only the user who runs the centre, and root, may go into the folder, and
both could read and change the files as well.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openline.model import PeerError


def listen_at(path: Path) -> socket.socket:
    """Returns a listening socket; raises `PeerError` if it cannot be made."""
    listening = socket.socket(socket.AF_UNIX)
    try:
        # Left behind by a process that was killed: the folder is ours, so it is nobody's.
        path.unlink(missing_ok=True)
        with short_name(path) as short:
            listening.bind(short)
        path.chmod(0o600)
    except OSError as error:
        listening.close()
        raise PeerError(f"{path} cannot be made: {error.strerror}.") from error
    return listening


@contextmanager
def short_name(path: Path) -> Iterator[str]:
    """Lends a short name for the path of a socket, which may have 107 bytes at most."""
    descriptor = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}/{path.name}"
    finally:
        os.close(descriptor)
