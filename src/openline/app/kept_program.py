"""Keeps a program running beside the centre: started again when it dies, ended when we end."""

import subprocess
import threading
from collections.abc import Callable

_REST_S = 1.0
_ENDS_WITHIN_S = 5.0


class KeptProgram(threading.Thread):
    """Starts a program and waits for it: the kernel ends it with the thread that started it."""

    def __init__(
        self, name: str, start: Callable[[], subprocess.Popen[bytes]], died: Callable[[], None]
    ) -> None:
        """`died` is told each time it ended by itself, before it is started again."""
        super().__init__(name=name, daemon=True)
        self._start_program = start
        self._died = died
        self._is_over = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        while not self._is_over.is_set():
            self._process = self._start_program()
            if self._is_over.is_set():
                self._process.terminate()
            self._process.wait()
            if not self._is_over.wait(_REST_S):
                self._died()

    def stop(self) -> None:
        """Ends it, and waits a while for that."""
        self._is_over.set()
        if self._process is not None:
            self._process.terminate()
        self.join(timeout=_ENDS_WITHIN_S)
