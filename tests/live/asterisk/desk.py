"""An agent's desktop without a browser: the same socket, the same words."""

import json
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Self

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

View = dict[str, Any]
_BEAT_S = 2.0


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


class Desk:
    """Is signed in at a demonstration, where one needs no password at its own machine.

    Like the page it holds its socket by itself, and opens it anew when it breaks.
    """

    def __init__(self, base: str, agent: str) -> None:
        self._base = base
        self._agent = agent
        self._numbers = 0
        self._changed = threading.Condition()
        self._is_over = threading.Event()
        self._send: Callable[[str], None] | None = None
        self._answers: dict[int, View] = {}
        self.told: list[str] = []
        """All that the page was ever sent."""
        self.view: View = {}
        self._thread = threading.Thread(target=self._stay, daemon=True)

    def __enter__(self) -> Self:
        form = urllib.parse.urlencode({"account": self._agent}).encode()
        request = urllib.request.Request(f"{self._base}/demo/sign-in", form)
        request.add_header("Origin", self._base)
        try:
            answer: Any = urllib.request.build_opener(_NoRedirect).open(request, timeout=10)
        except urllib.error.HTTPError as error:
            answer = error
        answer.close()
        self._cookie = str(answer.headers["Set-Cookie"]).partition(";")[0]
        self._thread.start()
        self.sees(lambda view: view["state"] != "signed_out")
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join(timeout=10)

    def _stay(self) -> None:
        while not self._is_over.is_set():
            with suppress(WebSocketException, OSError, EOFError):
                self._listen()
            self._send = None
            self._is_over.wait(0.1)

    def _listen(self) -> None:
        with connect(
            f"{self._base.replace('http', 'ws')}/ws/desk",
            additional_headers={"Cookie": self._cookie, "Origin": self._base},
            open_timeout=10,
        ) as socket:
            socket.send(json.dumps({"t": "hello"}))
            self._send = socket.send
            while not self._is_over.is_set():
                try:
                    text = str(socket.recv(timeout=_BEAT_S))
                    self.told.append(text)
                    message = json.loads(text)
                except TimeoutError:
                    message = {"t": "beat"}
                if message["t"] == "beat":
                    socket.send(json.dumps({"t": "beat"}))
                with self._changed:
                    if message["t"] == "view":
                        self.view = message["agent"]
                    if isinstance(message.get("n"), int):
                        self._answers[message["n"]] = message
                    self._changed.notify_all()

    def does(self, what: str, **more: object) -> None:
        """Asks for something and waits until it is done."""
        self._numbers += 1
        number = self._numbers
        with self._changed:
            assert self._changed.wait_for(lambda: self._send is not None, 10), "not connected"
        assert self._send is not None
        self._send(json.dumps({"t": "do", "what": what, "n": number, **more}))
        with self._changed:
            assert self._changed.wait_for(lambda: number in self._answers, 10), f"{what}: no answer"
        assert self._answers[number]["t"] == "done", self._answers[number]

    def asks(self, path: str, body: View | bytes | None = None) -> bytes:
        """Returns what a route answers to a question, or to an act with a body."""
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(f"{self._base}{path}", data)
        request.add_header("Cookie", self._cookie)
        request.add_header("Origin", self._base)
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=10) as answer:
            return bytes(answer.read())

    def room(self) -> View:
        """Returns what somebody who looks after the room sees."""
        request = urllib.request.Request(f"{self._base}/events/room")
        request.add_header("Cookie", self._cookie)
        with urllib.request.urlopen(request, timeout=10) as stream:
            text = next(line for line in stream if line.startswith(b"data:")).decode()
        self.told.append(text)
        seen: View = json.loads(text.removeprefix("data:"))
        return seen

    def sees(self, wanted: Callable[[View], bool], within_s: float = 10.0) -> View:
        """Waits until the desktop shows this; returns what it shows."""
        with self._changed:
            is_so = self._changed.wait_for(lambda: bool(self.view) and wanted(self.view), within_s)
        assert is_so, f"{self._agent} does not see it, but: {self.view}"
        return self.view

    def waits(self, callers: int, within_s: float = 10.0) -> None:
        """Waits until so many callers wait."""
        self.sees(lambda view: bool(view["queues"][0]["waiting"] == callers), within_s)

    def is_in(self, state: str, within_s: float = 10.0) -> View:
        """Waits until she is in a state."""
        return self.sees(lambda view: bool(view["state"] == state), within_s)
