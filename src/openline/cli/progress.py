"""Says how far a long command has come, once it has taken two seconds.

Words go to standard error, so that what a command answers can be piped on. Where nobody looks (no
terminal) nothing is said.
"""

import time

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

QUIET_S = 2.0


class Telling:
    """Shows one bar; a context that takes it away at its end."""

    def __init__(self, words: str) -> None:
        self._words = words
        self._since = time.monotonic()
        self._bar: tuple[Progress, TaskID] | None = None

    def __call__(self, done: int, total: int, so_far: str = "") -> None:
        """Tells how much of how much is done, and what is known so far."""
        if self._bar is None:
            if time.monotonic() - self._since < QUIET_S:
                return
            columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
            console = Console(stderr=True)
            if not console.is_terminal:
                return
            shown = Progress(*columns, console=console, transient=True)
            self._bar = shown, shown.add_task(self._words, total=total)
            shown.start()
        shown, task = self._bar
        words = f"{self._words}: {so_far}" if so_far else self._words
        shown.update(task, completed=done, total=total, description=words)

    def __enter__(self) -> "Telling":
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar[0].stop()
