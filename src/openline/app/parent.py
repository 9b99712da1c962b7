"""The small parent of a centre: holds the port, starts the centre, starts it again when it dies.

It is to the demo what systemd is to an installed centre, its watchdog included. It imports nothing
of the centre, so it is small, quick, and has little that could break. It gives the centre its
listening socket, so that whoever connects while the centre is being replaced waits a moment instead
of being refused.
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


class Parent:
    """Keeps one centre running until it is told to stop."""

    def __init__(
        self,
        command: Sequence[str],
        listening: socket.socket,
        *,
        on_ready: Callable[[bool, bool], None],
        on_crash: Callable[[int], None],
    ) -> None:
        self._command = list(command)
        self._listening = listening
        self._on_ready = on_ready
        self._on_crash = on_crash
        self._child: subprocess.Popen[bytes] | None = None
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
        reading, writing = os.pipe()
        alive, held = os.pipe()
        fd = self._listening.fileno()
        pipes = ["--fd", str(fd), "--ready-fd", str(writing), "--parent-fd", str(alive)]
        child = subprocess.Popen(
            [*self._command, *pipes],
            pass_fds=(fd, writing, alive),
            # A group of its own: Ctrl-C reaches the parent alone, which then stops the child.
            process_group=0,
        )
        # Before anything asks how it is: once its end was told, nothing can be opened of it.
        ended = os.pidfd_open(child.pid)
        self._child = child
        os.close(writing)
        os.close(alive)
        if self._is_stopping:
            self._end(child)
        try:
            was_ready = self._attend(child, ended, reading, is_first)
            return child.wait(), was_ready
        finally:
            os.close(ended)
            os.close(reading)
            os.close(held)

    def _attend(
        self, child: subprocess.Popen[bytes], ended: int, told: int, is_first: bool
    ) -> bool:
        """Waits until the child has ended; returns whether it was ever ready.

        It says by its pipe that it is ready, and then that it is alive, unless it closes the pipe.
        One that is frozen is ended: a process that was stopped or hangs is worse than a dead one,
        since nobody takes its place.
        """
        said, was_ready = b"", False
        sources = {ended, told, self._woken}
        patience: float | None = None
        while True:
            found, _, _ = select.select(sources, [], [], patience)
            if self._woken in found:
                os.read(self._woken, 4096)  # a signal; what it asks for is done by now
            if told in found:
                words = os.read(told, 4096)
                if not words:
                    sources.discard(told)
                elif not was_ready:
                    said += words
                    was_ready = b"\n" in said
                    if was_ready:
                        self._on_ready(is_first, said.startswith(READY_DEMO))
            if ended in found:
                return was_ready
            if not was_ready or told not in sources:
                patience = None
            elif found or self._is_stopping:
                patience = FROZEN_AFTER_S
            elif patience == FROZEN_AFTER_S:
                patience = IN_DOUBT_S
            else:
                child.kill()
                patience = None

    def _stop(self, number: int, frame: FrameType | None) -> None:
        if self._is_stopping:
            is_impatient = time.monotonic() - self._stopping_since >= IMPATIENT_AFTER_S
            if self._child is not None and is_impatient:
                self._child.kill()
            return
        self._is_stopping = True
        self._stopping_since = time.monotonic()
        if self._child is not None:
            self._end(self._child)

    @staticmethod
    def _end(child: subprocess.Popen[bytes]) -> None:
        with contextlib.suppress(ProcessLookupError):
            child.terminate()
        patience = threading.Timer(STOP_WITHIN_S, child.kill)
        patience.daemon = True
        patience.start()


def child_command(arguments: Sequence[str], *, command: str = "serve") -> list[str]:
    """Returns how this very Python starts the centre, or `begin`s one."""
    return [sys.executable, "-m", "openline.cli", command, *arguments]
