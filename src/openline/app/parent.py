"""The small parent of a centre: holds the port, starts the centre, starts it again when it dies.

It is to the demo what systemd is to an installed centre, its watchdog included. It imports nothing
of the centre, so it is small, quick, and has little that could break. It gives the centre its
listening socket, so that whoever connects while the centre is being replaced waits a moment instead
of being refused.

Where that is asked for it keeps a *spare*: a second centre that has loaded its program, which is
the longest part of a start, and waits for the word to begin. It holds no lock, no port of its own
and nothing of the record; it costs its memory, and the time of a processor while it loads.
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

SPARE_AFTER_S = 3.0
"""So long a centre is left alone with those who come back to it before its spare is loaded."""
GO = b"g"
"""What a spare is told when it is to begin."""

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

    def __init__(self, command: Sequence[str], listening: int, *, is_spare: bool) -> None:
        self.told, writing = os.pipe()
        """Where it says that it is ready, and alive."""
        alive, self._held = os.pipe()
        going, self._go = os.pipe()
        pipes = ["--fd", str(listening), "--ready-fd", str(writing), "--parent-fd", str(alive)]
        if is_spare:
            pipes += ["--go-fd", str(going)]
        self.process = subprocess.Popen(
            [*command, *pipes],
            pass_fds=(listening, writing, alive, going),
            # A group of its own: Ctrl-C reaches the parent alone, which then stops the child.
            process_group=0,
        )
        # Before anything asks how it is: once its end was told, nothing can be opened of it.
        self.ended = os.pidfd_open(self.process.pid)
        for end in (writing, alive, going):
            os.close(end)

    def go(self) -> None:
        """Lets a spare begin; to any other it is nothing."""
        with contextlib.suppress(BrokenPipeError):
            os.write(self._go, GO)

    def close(self) -> None:
        """Closes the pipes; a child that lives ends with them."""
        for end in (self.ended, self.told, self._held, self._go):
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
        spare_after_s: float | None = None,
    ) -> None:
        """Starts nothing yet. `spare_after_s`: a spare is kept, loaded so long after a start."""
        self._command = list(command)
        self._listening = listening
        self._on_ready = on_ready
        self._on_crash = on_crash
        self._spare_after_s = spare_after_s
        self._spare: _Child | None = None
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
        try:
            return self._run()
        finally:
            if self._spare is not None:
                self._spare.process.kill()
                self._spare.process.wait()
                self._spare.close()

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
        child = self._spare_or_new()
        self._child = child.process
        child.go()
        if self._is_stopping:
            self._end(child.process)
        try:
            was_ready = self._attend(child, is_first)
            return child.process.wait(), was_ready
        finally:
            child.close()

    def _spare_or_new(self) -> _Child:
        spare, self._spare = self._spare, None
        if spare is not None:
            if spare.process.poll() is None:
                return spare
            spare.close()  # it died while it had nothing to do
        return _Child(self._command, self._listening.fileno(), is_spare=False)

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
                self._load_spare(ready_at)
            elif patience == FROZEN_AFTER_S:
                patience = IN_DOUBT_S
            else:
                child.process.kill()
                patience = None

    def _load_spare(self, ready_at: float) -> None:
        """Loads a spare for a centre that is there and has had time for itself."""
        after_s = self._spare_after_s
        if after_s is None or self._spare is not None or self._is_stopping:
            return
        if time.monotonic() - ready_at >= after_s:
            self._spare = _Child(self._command, self._listening.fileno(), is_spare=True)

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


def waits_for_go(pipe: int) -> bool:
    """Waits as a spare until it is told to begin; returns false if its parent is gone."""
    with os.fdopen(pipe, "rb", buffering=0) as told:
        return told.read(1) == GO
