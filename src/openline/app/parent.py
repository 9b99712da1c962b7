"""The small parent of a centre: holds the port, starts the centre, starts it again when it dies.

It is to the demo what systemd is to an installed centre, its watchdog included. It imports nothing
of the centre, so it is small, quick, and has little that could break. It gives the centre its
listening socket, so that whoever connects while the centre is being replaced waits a moment instead
of being refused.

Where that is asked for it keeps a `loader` beside it, so that the next centre begins at once when
one dies.
"""

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from types import FrameType

from openline.app.loader import Loader

EXIT_FINE = 0
EXIT_BROKEN = 1
EXIT_REFUSED = 2

CRASHES_ALLOWED = 5
CRASHES_WITHIN_S = 30.0
STOP_WITHIN_S = 10.0
IMPATIENT_AFTER_S = 1.0
"""Told to stop once more after this time, it waits no longer; sooner, it is the same Ctrl-C heard
twice, as when a wrapper passes on what the terminal has sent to all."""

KEY_VARIABLE = "OPENLINE_BEGIN_KEY"
"""In which variable the first page of an empty centre gets its key: arguments can be read by every
user of the machine, the environment cannot."""

BEAT_EVERY_S = 0.5
FROZEN_AFTER_S, IN_DOUBT_S = 5.0, 1.0
"""A centre that says nothing for so long answers nobody: callers would ring and hear nothing. It is
asked twice, lest it be ended for a sleep of the whole machine."""
BEAT = b"."

LOAD_AFTER_S = 3.0
"""So long a centre is left alone with those who come back to it before a loader that was lost is
replaced."""

READY = b"ready\n"
READY_DEMO = b"ready demo\n"
"""What the centre says through the pipe when calls can be taken."""


def listen(host: str, port: int) -> socket.socket:
    """Returns a listening socket; raises `OSError` if the port cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(2048)
    except BaseException:
        listening.close()
        raise
    listening.set_inheritable(True)
    return listening


class _Child:
    """Is a centre's process, and the pipes that join it to us."""

    def __init__(self, ended: int, told: int, held: int, code: Callable[[], int]) -> None:
        self.ended = ended
        """Can be read once the process is over."""
        self.told = told
        """Where it says that it is ready, and alive."""
        self._held = held
        self.exit_code = code
        """Waits for its end."""

        self._is_closed = False

    def send(self, number: int) -> None:
        """Sends it a signal; to one that has ended, nothing."""
        if not self._is_closed:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.ended, number)

    def close(self) -> None:
        """Closes the pipes; a child that lives ends with them."""
        self._is_closed = True
        for end in (self.ended, self.told, self._held):
            os.close(end)


class Parent:
    """Keeps one centre running until it is told to stop."""

    def __init__(
        self,
        command: Sequence[str],
        listening: socket.socket,
        *,
        on_ready: Callable[[bool, bool], None],
        on_crash: Callable[[int], None],
        has_loader: bool = False,
    ) -> None:
        """Starts nothing yet."""
        self._command = list(command)
        self._listening = listening
        self._on_ready = on_ready
        self._on_crash = on_crash
        self._has_loader = has_loader
        self._loader: Loader | None = None
        self._child: _Child | None = None
        self._is_stopping = False
        self._stopping_since = 0.0
        self._woken, self._waking = os.pipe()

    def run(self) -> int:
        """Runs until told to stop; returns the exit code.

        A centre that refuses to start (exit code 2, or 1 before it was ever ready) is not tried
        again; one that dies is, unless it dies too often.
        """
        # A signal that comes just before we begin to wait would be heard only after the wait; so
        # each also writes into a pipe, which is waited for with everything else.
        os.set_blocking(self._waking, False)
        signal.set_wakeup_fd(self._waking, warn_on_full_buffer=False)
        for kind in (signal.SIGINT, signal.SIGTERM):
            signal.signal(kind, self._stop)
        try:
            return self._run()
        finally:
            self._drop_loader()

    def _run(self) -> int:
        crashes: list[float] = []
        is_first = True
        while True:
            code, was_ready = self._run_once(is_first)
            is_first = False
            if self._is_stopping:
                return EXIT_FINE
            if code in (EXIT_FINE, EXIT_REFUSED) or (code == EXIT_BROKEN and not was_ready):
                return code
            self._on_crash(code)
            now = time.monotonic()
            crashes = [at for at in crashes if now - at < CRASHES_WITHIN_S] + [now]
            if len(crashes) > CRASHES_ALLOWED:
                return EXIT_BROKEN

    def _run_once(self, is_first: bool) -> tuple[int, bool]:
        """Runs one child to its end; returns its exit code and whether it was ever ready."""
        child = self._child = self._begun(is_first)
        if self._is_stopping:
            self._end(child)
        try:
            was_ready = self._attend(child, is_first)
            return child.exit_code(), was_ready
        finally:
            self._child = None
            child.close()

    def _begun(self, is_first: bool) -> _Child:
        """Begins a centre, by the loader where there is one."""
        told, writing = os.pipe()
        alive, held = os.pipe()
        try:
            if is_first and self._has_loader:
                self._loader = Loader(self._command, self._listening.fileno())
            if self._loader is not None:
                forked = self._loader.fork(writing, alive, woken=self._woken)
                if forked is not None:
                    return _Child(forked, told, held, self._loader.exit_code)
                self._drop_loader()
            pipes = ["--fd", str(self._listening.fileno())]
            pipes += ["--ready-fd", str(writing), "--parent-fd", str(alive)]
            process = subprocess.Popen(
                [*self._command, *pipes],
                pass_fds=(self._listening.fileno(), writing, alive),
                # A group of its own: Ctrl-C reaches the parent alone, which then stops the child.
                process_group=0,
            )
            # Before anything asks how it is: once its end was told, nothing can be opened of it.
            return _Child(os.pidfd_open(process.pid), told, held, process.wait)
        finally:
            os.close(writing)
            os.close(alive)

    def _attend(self, child: _Child, is_first: bool) -> bool:
        """Waits until the child has ended; returns whether it was ever ready.

        It says by its pipe that it is ready, and then that it is alive, unless it closes the pipe.
        One that is frozen is ended: a process that was stopped or hangs is worse than a dead one,
        since nobody takes its place.
        """
        said, was_ready, ready_at = b"", False, 0.0
        sources = {child.ended, child.told, self._woken}
        patience: float | None = None
        while True:
            found, _, _ = select.select(sources, [], [], patience)
            if self._woken in found:
                os.read(self._woken, 4096)  # a signal; what it asks for is done by now
            if child.told in found:
                words = os.read(child.told, 4096)
                if not words:
                    sources.discard(child.told)
                elif not was_ready:
                    said += words
                    was_ready, ready_at = b"\n" in said, time.monotonic()
                    if was_ready:
                        self._on_ready(is_first, said.startswith(READY_DEMO))
            if child.ended in found:
                return was_ready
            if not was_ready or child.told not in sources:
                patience = None
            elif found or self._is_stopping:
                patience = FROZEN_AFTER_S
                self._load_again(ready_at)
            elif patience == FROZEN_AFTER_S:
                patience = IN_DOUBT_S
            else:
                child.send(signal.SIGKILL)
                patience = None

    def _load_again(self, ready_at: float) -> None:
        """Replaces a loader that was lost, once the centre has had time for itself."""
        if not self._has_loader or self._loader is not None or self._is_stopping:
            return
        if time.monotonic() - ready_at >= LOAD_AFTER_S:
            self._loader = Loader(self._command, self._listening.fileno())

    def _drop_loader(self) -> None:
        if self._loader is not None:
            self._loader.close()
            self._loader = None

    def _stop(self, number: int, frame: FrameType | None) -> None:
        if self._is_stopping:
            is_impatient = time.monotonic() - self._stopping_since >= IMPATIENT_AFTER_S
            if self._child is not None and is_impatient:
                self._child.send(signal.SIGKILL)
            return
        self._is_stopping = True
        self._stopping_since = time.monotonic()
        if self._child is not None:
            self._end(self._child)

    @staticmethod
    def _end(child: _Child) -> None:
        child.send(signal.SIGTERM)
        patience = threading.Timer(STOP_WITHIN_S, child.send, (signal.SIGKILL,))
        patience.daemon = True
        patience.start()


def child_command(arguments: Sequence[str], *, command: str = "serve") -> list[str]:
    """Returns how this very Python starts the centre, or `begin`s one."""
    return [sys.executable, "-m", "openline.cli", command, *arguments]
