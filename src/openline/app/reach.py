"""Can what the configuration names be reached: the port to listen on, and the relay?"""

import http.client
import os
import re
import socket
import ssl
from collections.abc import Callable, Iterator
from typing import TypeVar
from urllib.parse import urlsplit

from openline.app.relay_program import relay_program
from openline.configuration import Published

WITHIN_S = 3.0
_URL = re.compile(r"(turns?|stuns?):([^:?]+|\[[^\]]+\])(?::(\d+))?(?:\?transport=(udp|tcp))?")
_BINDING = b"\x00\x01\x00\x00\x21\x12\xa4\x42"
"""A STUN binding request without attributes, up to its transaction id (RFC 8489)."""

F = TypeVar("F")


def reachable(
    published: Published,
    is_running: bool,
    address: str | None,
    ok: Callable[[str, str], F],
    warn: Callable[[str, str, str], F],
    wrong: Callable[[str, str, str], F],
) -> Iterator[F]:
    """Yields what was found: of the port, and of each address of the relay.

    `address` is where the running centre says that it listens, which may be another port than the
    configuration's (`run --port`); None where it does not say, or none runs.
    """
    listens = published.server.public or published.server
    host, port = listens.host, listens.port
    if is_running and address is None:
        yield warn(
            "port",
            "A centre has the folder and does not listen yet.",
            "It may be starting: ask again in a moment, then look into its log.",
        )
    elif is_running and address is not None:
        status = _asked(address)
        if status == "ready":
            yield ok("port", f"The centre answers at {address} and can take calls.")
        else:
            yield warn(
                "port",
                f"A centre runs on the folder and {address} says {status or 'nothing'}.",
                "Look into its log; if it hangs, stop it and start it again.",
            )
    elif port == 0 or _is_free(host, port):
        yield ok("port", f"{host}:{port} is free.")
    else:
        yield wrong(
            "port",
            f"{host}:{port} is taken by another program, or cannot be had.",
            "Stop that one, or choose another [server] port.",
        )
    if published.turn is None:
        if published.server.public is not None and relay_program() is not None:
            yield ok("relay", "None is configured: `openline run` starts one beside the centre.")
        else:
            yield ok("relay", "None is configured: sound works on this machine alone.")
        return
    for url in published.turn.urls:
        if _answers(url):
            yield ok("relay", f"{url} answers.")
        else:
            yield wrong(
                "relay",
                f"{url} does not answer within {WITHIN_S:.0f} s.",
                "Start the relay, open its port in the firewall, or mend the address.",
            )


def _asked(address: str) -> str | None:
    where = urlsplit(address)
    connection: http.client.HTTPConnection
    if where.scheme == "https":
        # It is this machine, asked by its number: its certificate is for its name.
        unasked = ssl._create_unverified_context()
        connection = http.client.HTTPSConnection(where.netloc, timeout=WITHIN_S, context=unasked)
    else:
        connection = http.client.HTTPConnection(where.netloc, timeout=WITHIN_S)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    return "ready" if answer.status == http.HTTPStatus.OK else f"{answer.status}"


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trying:
        trying.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trying.bind((host, port))
        except OSError:
            return False
    return True


def _answers(url: str) -> bool:
    match = _URL.fullmatch(url)
    if match is None:
        return False
    is_secure = match[1].endswith("s")
    host = match[2].strip("[]")
    port = int(match[3] or (5349 if is_secure else 3478))
    try:
        if is_secure or match[4] == "tcp":
            socket.create_connection((host, port), WITHIN_S).close()
            return True
        return _binds(host, port)
    except OSError:
        return False


def _binds(host: str, port: int) -> bool:
    """Asks a STUN server over UDP for our own address, as pages do."""
    request = _BINDING + os.urandom(12)
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
    with socket.socket(family, kind, protocol) as asking:
        asking.settimeout(WITHIN_S)
        asking.sendto(request, address)
        answer, _ = asking.recvfrom(2_048)
    # Any STUN message with our transaction id will do, an error too: somebody is there.
    return answer[8:20] == request[8:20]
