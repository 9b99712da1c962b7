"""A relay of the centre's own: coturn, set up and kept running beside a centre open to the world.

It is the setting of docs/how-to/relay.md, for a machine that has the name itself or stands behind a
router that does. The parent of the centre runs it, so that sound goes on when the centre is started
again. The secret lives as long as the parent, and in no file but coturn's own.
"""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from openline.app.kept_program import KeptProgram
from openline.telephony.child import start_child

PORT = 3478
SECRET_VARIABLE = "OPENLINE_RELAY_SECRET"
"""In which variable the centre gets the secret: arguments can be read by every user."""


@dataclass(frozen=True, kw_only=True)
class RelayPlace:
    """Is where a relay listens, and where it is found."""

    own: str
    """The address of this machine."""
    seen: str
    """The address at which others find it; the router's, where there is one."""


def urls_of(name: str) -> tuple[str, ...]:
    """Returns how browsers ask for the relay; TCP is for networks that let no UDP through.

    >>> urls_of("help.example.org")[0]
    'turn:help.example.org:3478?transport=udp'
    """
    return tuple(f"turn:{name}:{PORT}?transport={each}" for each in ("udp", "tcp"))


def place_of(name: str, own: str) -> RelayPlace:
    """Returns the place of a relay on this machine, whose address is known."""
    try:
        seen = socket.gethostbyname(name)
    except OSError:
        seen = own
    is_here = seen.startswith("127.")
    return RelayPlace(own=own, seen=own if is_here else seen)


def settings(place: RelayPlace, secret: str) -> str:
    """Returns coturn's configuration; each line is explained in docs/how-to/relay.md."""
    lines = [
        f"listening-port={PORT}",
        f"listening-ip={place.own}",
        f"relay-ip={place.own}",
        "realm=openline",
        "use-auth-secret",
        f"static-auth-secret={secret}",
        f"allowed-peer-ip={place.own}",
        "denied-peer-ip=0.0.0.0-255.255.255.255",
        "denied-peer-ip=::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "log-file=/dev/null",
        "no-stdout-log",
        "simple-log",
        "no-tcp-relay",
        "no-tls",
        "no-dtls",
        "no-cli",
        "no-rfc5780",
        "no-stun-backward-compatibility",
        "no-software-attribute",
    ]
    if place.seen != place.own:
        lines.append(f"external-ip={place.seen}/{place.own}")
    return "\n".join(lines) + "\n"


def relay_program() -> str | None:
    """Returns coturn's server, or None where it is not installed."""
    return shutil.which("turnserver")


@contextmanager
def relay_beside(program: str, place: RelayPlace, died: Callable[[], None]) -> Iterator[None]:
    """Keeps a relay running while the context lasts; the centre finds its secret by itself."""
    secret = secrets.token_hex(32)
    with tempfile.TemporaryDirectory(prefix="openline-relay-") as folder:
        file = Path(folder) / "turnserver.conf"
        file.touch(mode=0o600)
        file.write_text(settings(place, secret), encoding="ascii")
        # Debian's own places for these two are shared with a service that may be running.
        command = [program, "-c", str(file), f"--pidfile={folder}/pid", f"--userdb={folder}/users"]

        def start() -> subprocess.Popen[bytes]:
            return start_child(command)

        keeper = KeptProgram("relay", start, died)
        os.environ[SECRET_VARIABLE] = secret
        keeper.start()
        try:
            yield
        finally:
            del os.environ[SECRET_VARIABLE]
            keeper.stop()
