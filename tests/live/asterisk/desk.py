"""An agent's desktop without a browser: the same socket, the same words."""

import json
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, Self

from websockets.sync.client import ClientConnection, connect

View = dict[str, Any]


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


class Desk:
    """Is signed in at a demonstration, where one needs no password at its own machine."""

    def __init__(self, base: str, agent: str) -> None:
        self._base = base
        self._agent = agent
        self._numbers = 0
        self._stack = ExitStack()
        self._socket: ClientConnection | None = None
        self.view: View = {}

    def __enter__(self) -> Self:
        form = urllib.parse.urlencode({"account": self._agent}).encode()
        opener = urllib.request.build_opener(_NoRedirect)
        try:
            request = urllib.request.Request(f"{self._base}/demo/sign-in", form)
            request.add_header("Origin", self._base)
            answer: Any = opener.open(request, timeout=10)
        except urllib.error.HTTPError as error:
            answer = error
        self._cookie = str(answer.headers["Set-Cookie"]).partition(";")[0]
        self.open()
        return self

    def open(self) -> None:
        """Connects, again if it must be."""
        self._stack.close()
        self._socket = self._stack.enter_context(
            connect(
                f"{self._base.replace('http', 'ws')}/ws/desk",
                additional_headers={"Cookie": self._cookie, "Origin": self._base},
                open_timeout=10,
            )
        )
        self._socket.send(json.dumps({"t": "hello"}))
        self.sees(lambda view: view["state"] != "signed_out")

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def does(self, what: str, **more: object) -> None:
        """Asks for something and waits until it is done."""
        assert self._socket is not None
        self._numbers += 1
        self._socket.send(json.dumps({"t": "do", "what": what, "n": self._numbers, **more}))
        self._hear(lambda message: message.get("n") == self._numbers)

    def sees(self, wanted: Callable[[View], bool], within_s: float = 10.0) -> View:
        """Waits until the desktop shows this; returns what it shows."""
        if not (self.view and wanted(self.view)):
            self._hear(lambda message: message["t"] == "view" and wanted(self.view), within_s)
        return self.view

    def waiting(self, within_s: float) -> bool:
        """Tells whether somebody comes to wait within so long."""
        try:
            self.sees(lambda view: any(queue["waiting"] for queue in view["queues"]), within_s)
        except AssertionError:
            return False
        return True

    def is_in(self, state: str, within_s: float = 10.0) -> View:
        """Waits until she is in a state."""
        return self.sees(lambda view: bool(view["state"] == state), within_s)

    def _hear(self, wanted: Callable[[View], bool], within_s: float = 10.0) -> None:
        assert self._socket is not None
        until = time.monotonic() + within_s
        while True:
            try:
                message = json.loads(self._socket.recv(timeout=1))
            except TimeoutError:
                self._socket.send(json.dumps({"t": "beat"}))
                late = time.monotonic() > until
                assert not late, f"{self._agent} does not see it, but: {self.view}"
                continue
            if message["t"] == "view":
                self.view = message["agent"]
            assert message["t"] != "refused", message
            if wanted(message):
                return
