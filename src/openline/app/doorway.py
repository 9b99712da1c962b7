"""What must the router at home, or a firewall, let through to a centre that the world may reach?

Knows the few keys of a configuration that say so, as they are written: the parent of a centre asks
it, which loads nothing that checks a configuration.
"""

import re
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from openline.app.options import AskedPublic

HTTPS, HTTP, TURN, TURNS = 443, 80, 3478, 5349
ANYWHERE = "0.0.0.0"
_RELAY = re.compile(r"(turns?):(\[[^\]]+\]|[^:?]+)(?::(\d+))?(?:\?transport=(udp|tcp))?")
_AFAR = ("192.0.2.1", 9)
"""An address of documents (RFC 5737): no packet is sent to it, only the way there is looked up."""


Relay = tuple[str, int, str]
"""Host, port and protocol."""


@dataclass(frozen=True, kw_only=True)
class Door:
    """Is how a centre is reached from everywhere."""

    name: str
    host: str
    """Where to listen."""
    port: int
    """In its address."""
    http_port: int
    relays: tuple[Relay, ...]
    """Each relay server that is configured."""

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"https://{self.name}" + ("" if self.port == HTTPS else f":{self.port}")


def door_of(public: Mapping[str, Any], raw: Mapping[str, Any], asked: AskedPublic | None) -> Door:
    """Returns the door that the table `[server.public]` and the whole file describe.

    Raises `ValueError`, `TypeError` or `AttributeError` where the file is not right.
    """
    urls = raw.get("telephony", {}).get("turn", {}).get("urls", [])
    found = [_RELAY.fullmatch(url) for url in urls]
    return Door(
        name=asked.name if asked is not None else str(public["name"]),
        host=str(public.get("host", ANYWHERE)),
        port=int(public.get("port", HTTPS)),
        http_port=int(public.get("http_port", HTTP)),
        relays=tuple(
            _relay(each[1], each[2], each[3], each[4]) for each in found if each is not None
        ),
    )


def _relay(scheme: str, host: str, port: str | None, transport: str | None) -> Relay:
    """Fills in what RFC 7065 leaves to its defaults: `turns` is TLS over TCP, on its own port."""
    is_secure = scheme == "turns"
    protocol = transport or ("tcp" if is_secure else "udp")
    return host, int(port or (TURNS if is_secure else TURN)), protocol.upper()


def with_relay(door: Door, here: str) -> Door:
    """Returns the door with the relay that runs on this machine too."""
    return replace(door, relays=((here, TURN, "UDP"), (here, TURN, "TCP")))


def said(door: Door, *, port: int, here: str | None = None) -> Iterator[str]:
    """Yields lines for the person who opened the centre; `port` is the one that was taken.

    `here` is this machine's address in its own network; looked up if it is not given.
    """
    here = here or own_address() or "this machine"
    yield f"\n  Openline is open to the world:  {door.address}"
    yield f"  The name {door.name} must lead to your router, and the router lets through:"
    yield f"    TCP {door.port:<5} to {here}, port {port}: the pages"
    if door.http_port:
        yield (
            f"    TCP {HTTP:<5} to {here}, port {door.http_port}: leads browsers on, "
            "and certificate authorities look there"
        )
    for host, relay_port, protocol in door.relays:
        yield f"    {protocol} {relay_port:<5} to {host}: sound, by the relay"
    if not door.relays:
        yield (
            "  There is no relay, so nobody outside can talk or hear yet. Install one "
            "(apt-get install coturn) and start again, or see docs/how-to/relay.md"
        )


def own_address() -> str | None:
    """Returns this machine's address on the way to others, or None if it has none.

    >>> own_address() is None or "." in own_address()
    True
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(_AFAR)
        except OSError:
            return None
        return str(asking.getsockname()[0])
