"""Starts the programs that carry sound beside us: they end with us, however we end."""

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Sequence

_PR_SET_PDEATHSIG = 1


def start_child(command: Sequence[str], *, said: int | None = None) -> subprocess.Popen[bytes]:
    """Starts a program; the kernel ends it with the thread that started it.

    `said` is a descriptor for its words; without, they are thrown away.
    """
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL if said is None else said,
        stderr=subprocess.DEVNULL if said is None else said,
        # Ctrl-C at our terminal is for us; we end it in our own time.
        start_new_session=True,
        preexec_fn=_ends_with(os.getpid()),  # noqa: PLW1509  # one system call, before any lock
    )


def _ends_with(parent: int) -> Callable[[], None]:
    """Returns what a child does so that the kernel ends it with its parent, however that ends."""
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def promise() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return promise
