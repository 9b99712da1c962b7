"""A process that has loaded the program of a centre and forks one whenever the parent needs it.

To load the program is the longest part of a start. The *loader* does it once; a centre that it
forks begins at once, as often as one dies, and shares with it the memory of all that was loaded.
The loader itself never begins anything: it holds no lock, no port of its own and nothing of the
record, so that there is little in it that could break; and if it does, the parent starts the next
centre without it.

Both ends are here: `Loader` is the parent's, `centre_when_told` the process's own. The parent sends
the ends of two pipes; the answer is a handle of the centre's process, and, when it ends, its exit
code. At any time there is one centre at most.
"""

import contextlib
import gc
import os
import select
import socket
import subprocess
from collections.abc import Sequence

LOADS_WITHIN_S = 60.0
FORKS_WITHIN_S = 2.0
"""A loader that has forked before does so in milliseconds."""
TELLS_WITHIN_S = 2.0
LOST = -9
"""What counts as the exit code of a centre whose loader cannot tell it any more."""

_GO, _BEGUN = b"go", b"begun"
_LONGEST_WORD = 32


class Loader:
    """Is the parent's end of a loader."""

    def __init__(self, command: Sequence[str], listening: int) -> None:
        """Starts it; it loads the program by itself."""
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            fds = ["--fd", str(listening), "--loader-fd", str(theirs.fileno())]
            self._process = subprocess.Popen(
                [*command, *fds], pass_fds=(listening, theirs.fileno()), process_group=0
            )
        self._has_forked = self._is_silent = False

    @property
    def pid(self) -> int:
        """The loader's process."""
        return self._process.pid

    def fork(self, ready: int, parent: int, *, woken: int) -> int | None:
        """Has a centre begin with these ends of pipes; returns a handle of its process.

        Returns None if there is none in time, or as soon as `woken` can be read: then the loader is
        of no use any more.
        """
        if self._is_silent:
            return None
        within_s = FORKS_WITHIN_S if self._has_forked else LOADS_WITHIN_S
        with contextlib.suppress(OSError):
            socket.send_fds(self._line, [_GO], [ready, parent])
            found, _, _ = select.select([self._line.fileno(), woken], [], [], within_s)
            if self._line.fileno() in found:
                _, handles, _, _ = socket.recv_fds(self._line, _LONGEST_WORD, 1)
                if handles:
                    self._has_forked = True
                    return handles[0]
        return None

    def exit_code(self) -> int:
        """Returns the exit code of the centre that has just ended."""
        with contextlib.suppress(OSError):
            found, _, _ = select.select([self._line], [], [], TELLS_WITHIN_S)
            word = self._line.recv(_LONGEST_WORD) if found else b""
            if word:
                return int(word)
        self._is_silent = True
        return LOST

    def close(self) -> None:
        """Ends it at once; a centre that it has forked lives on."""
        self._line.close()
        self._process.kill()
        self._process.wait()


def centre_when_told(line: int) -> tuple[int, int] | None:
    """Forks a centre each time the parent asks for one, and goes on in it.

    Returns in the centre, with its ends of the pipes, and in the loader when the parent is gone:
    then None. To be called when everything is loaded and before any thread runs.
    """
    gc.collect()
    # What stays for good is left out of every later collection: its pages remain shared.
    gc.freeze()
    with socket.socket(fileno=line) as told:
        while True:
            word, pipes, _, _ = socket.recv_fds(told, _LONGEST_WORD, 2)
            if not word:
                return None
            process = os.fork()
            if process == 0:
                # A group of its own: Ctrl-C reaches the parent alone, which then stops the centre.
                os.setpgid(0, 0)
                ready, parent = pipes
                return ready, parent
            for pipe in pipes:
                os.close(pipe)
            if not _attended(told, process):
                return None


def _attended(told: socket.socket, process: int) -> bool:
    """Tells the parent of a centre and of its end; returns whether the parent is there still."""
    handle = os.pidfd_open(process)
    try:
        socket.send_fds(told, [_BEGUN], [handle])
    except OSError:
        return False
    finally:
        os.close(handle)
    _, status = os.waitpid(process, 0)
    try:
        told.send(str(os.waitstatus_to_exitcode(status)).encode())
    except OSError:
        return False
    return True
