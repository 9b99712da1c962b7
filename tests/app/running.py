"""A whole centre as its parent starts it: `openline serve` in a process of its own, on a free port.

Callers reach it as their browsers do, over real WebSockets. A test waits for what the centre says,
never for a time.
"""

import json
import os
import signal
import socket
import subprocess
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from openline.app.parent import child_command, listen
from tests.centre.small_published import TEXT


class RunningCentre:
    """Is a centre on a data folder; it may be killed and started again behind the same port."""

    def __init__(self, folder: Path) -> None:
        self.config = folder / "small.toml"
        self.config.write_text(TEXT, encoding="utf-8")
        self.data = folder / "data"
        self.listening = listen("127.0.0.1", 0)
        self.port: int = self.listening.getsockname()[1]
        self.process: subprocess.Popen[str] | None = None
        self._alive: int | None = None

    def start(self) -> None:
        """Starts the process; returns when calls can be taken."""
        said, saying = os.pipe()
        parent, self._alive = os.pipe()
        fd = self.listening.fileno()
        arguments = ["--config", str(self.config), "--data", str(self.data)]
        arguments += ["--fd", str(fd), "--ready-fd", str(saying), "--parent-fd", str(parent)]
        self.process = subprocess.Popen(
            child_command(arguments),
            pass_fds=(fd, saying, parent),
            stderr=subprocess.PIPE,
            text=True,
        )
        os.close(saying)
        os.close(parent)
        with os.fdopen(said, "rb") as pipe:
            assert pipe.readline() == b"ready\n", self.end()[1]

    def end(self, number: int | None = None) -> tuple[int, str]:
        """Sends a signal, if any, and waits; returns the exit code and what was logged."""
        assert self.process is not None
        if number is not None:
            self.process.send_signal(number)
        _, logged = self.process.communicate()
        code = self.process.returncode
        self.process = None
        self.leave_alone()
        return code, logged

    def memory_kb(self) -> int:
        """Returns how much memory the process holds now."""
        assert self.process is not None
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0])

    def leave_alone(self) -> None:
        """Closes the pipe that ends with the parent, as a parent does that dies."""
        if self._alive is not None:
            os.close(self._alive)
            self._alive = None

    def close(self) -> None:
        """Ends what is left."""
        if self.process is not None:
            self.end(signal.SIGKILL)
        self.listening.close()

    def call(self, over: socket.socket | None = None) -> ClientConnection:
        """Opens a caller's WebSocket, perhaps over a connection that is there already."""
        return connect(f"ws://127.0.0.1:{self.port}/ws/call", sock=over, max_size=None)

    def connection(self) -> socket.socket:
        """Connects to the port, whether or not a process serves it at the moment."""
        return socket.create_connection(("127.0.0.1", self.port))

    def get(self, path: str) -> tuple[int, str]:
        """Asks for a path over a new connection; returns status and body."""
        with self.connection() as connection:
            connection.sendall(
                f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode()
            )
            answer = b""
            while part := connection.recv(65_536):
                answer += part
        head, _, body = answer.partition(b"\r\n\r\n")
        return int(head.split()[1]), body.decode()


def say(page: ClientConnection, kind: str, **rest: Any) -> None:
    """Says a message on a page's WebSocket."""
    page.send(json.dumps({"t": kind, **rest}))


def hello(page: ClientConnection, token: str | None = None) -> dict[str, Any]:
    """Says hello and returns the welcome."""
    say(page, "hello", line="es", language="en", token=token, session=None, playback=None)
    return hears(page, "welcome")


def hears(page: ClientConnection, kind: str) -> dict[str, Any]:
    """Waits for the next message of a kind; passes over the others."""
    while True:
        message: dict[str, Any] = json.loads(page.recv())
        if message["t"] == kind:
            return message
