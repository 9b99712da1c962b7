"""Whether ports and relays that are there are found, and others are not."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import msgspec
import pytest

from openline.app.reach import reachable
from openline.configuration import Published, Server, Turn, load
from tests.cli.tried import SMALL


def published(port: int, *urls: str) -> Published:
    return msgspec.structs.replace(
        load(SMALL),
        server=Server(host="127.0.0.1", port=port),
        turn=Turn(urls=urls, secret="not-so-secret") if urls else None,
    )


def levels(
    configuration: Published, is_running: bool = False, address: str | None = None
) -> list[str]:
    return list(
        reachable(
            configuration,
            is_running,
            address,
            lambda about, _: f"{about} ok",
            lambda about, *_: f"{about} warn",
            lambda about, *_: f"{about} wrong",
        )
    )


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def test_a_port_that_is_taken_is_wrong_and_a_free_one_is_not(taken: int) -> None:
    assert levels(published(taken))[0] == "port wrong"
    assert levels(published(0))[0] == "port ok"


def test_a_relay_that_answers_is_found(taken: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as relay:
        relay.bind(("127.0.0.1", 0))

        def answer() -> None:
            request, asker = relay.recvfrom(2_048)
            relay.sendto(b"\x01\x01\x00\x00" + request[4:], asker)

        thread = threading.Thread(target=answer)
        thread.start()
        udp = f"turn:127.0.0.1:{relay.getsockname()[1]}"
        assert levels(published(0, udp))[1:] == ["relay ok"]
        thread.join()
    tcp = f"turn:127.0.0.1:{taken}?transport=tcp"
    assert levels(published(0, tcp))[1:] == ["relay ok"]


def test_a_relay_that_is_not_there_is_wrong() -> None:
    urls = ("turn:127.0.0.1:1?transport=tcp", "turn:127.0.0.1:1", "what is this")
    assert levels(published(0, *urls))[1:] == ["relay wrong"] * 3


def test_a_centre_is_asked_where_it_says_that_it_listens() -> None:
    class Ready(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/readyz" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Ready) as there:
        thread = threading.Thread(target=there.handle_request)
        thread.start()
        # The configuration names another port, as with `run --port`.
        said = levels(published(1), True, f"http://127.0.0.1:{there.server_port}")
        thread.join()
    assert said[0] == "port ok"
    assert levels(published(1), True, None)[0] == "port warn"
