"""Is somebody reached over loopback, that is: does he sit at this very machine?

On one machine two browsers may exchange sound directly, and a demo may be signed in to without a
password. Elsewhere neither. So this errs on one side only: whatever could come from another machine
does not count as loopback. That includes a request through a proxy on this machine, and a page of a
stranger's site that has its name resolve to 127.0.0.1 (the Host and the Origin give it away).

A pure function over plain values; pages and WebSockets both ask it.
"""

from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

FORWARDING = frozenset({"forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip"})
"""Headers that a proxy adds; those that begin with `x-forwarded-` count too."""


def is_over_loopback(client: str | None, headers: Iterable[tuple[str, str]]) -> bool:
    """Tells whether a request was made on this machine, without anything in between.

    Args:
        client: The address of the other end of the connection; None where there is none, as on a
            Unix socket, where a proxy stands.
        headers: All header lines as names and values, in any case of letters. A name that stands
            there twice where it may stand once makes the answer no.
    """
    hosts: list[str] = []
    origins: list[str] = []
    for name, value in headers:
        name = name.lower()
        if name in FORWARDING or name.startswith("x-forwarded-"):
            return False
        if name == "host":
            hosts.append(value)
        elif name == "origin":
            origins.append(value)
    return (
        client is not None
        and _is_loopback_address(client)
        and len(hosts) == 1
        and _is_loopback_host(hosts[0])
        and len(origins) <= 1
        and all(_is_loopback_origin(origin) for origin in origins)
    )


def _is_loopback_address(text: str) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped.is_loopback
    return address.is_loopback


def _is_loopback_host(host: str) -> bool:
    """Takes the Host header's form: a name or address, with or without a port."""
    if any(letter in host for letter in "/?#@\\ "):
        return False
    try:
        split = urlsplit(f"//{host}")
        name, _ = split.hostname, split.port
    except ValueError:
        return False
    if name is None:
        return False
    return name == "localhost" or _is_loopback_address(name)


def _is_loopback_origin(origin: str) -> bool:
    """Takes a serialised origin; `null`, which hides who asks, is not loopback."""
    scheme, separator, host = origin.partition("://")
    return separator != "" and scheme in {"http", "https"} and _is_loopback_host(host)
