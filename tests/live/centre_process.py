"""A whole centre as its user starts it: `openline run`, on a free port, in a folder of its own."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

START_WITHIN_S = 60.0

CONFIGURATION = """
[centre]
name = "Test Line"
time_zone = "America/Chicago"

[queues.talk]
name = "Talk"
service_level = { percent = 80, within_s = 20 }
ring_timeout_s = {ring_timeout_s}
wrap_up_limit_s = 60

[lines.main]
name = "Test Line"
queue = "talk"
{greeting}

[agents]
amira = { name = "Amira" }
ben = { name = "Ben" }

[pause_reasons]
meal = { name = "Meal" }

[dispositions]
helped = { name = "Helped" }

[practice]
enabled = {practice}

# Nobody is simulated; the table makes this a demonstration, where one can sit down without a
# password at this machine.
[simulation]
calls_per_day = 1
[simulation.day]
open = { start = "00:00", end = "00:01" }
[[simulation.callers]]
line = "main"
talk_mean_s = 60
"""


def configuration(
    folder: Path, *, ring_timeout_s: int = 20, practice: bool = False, greeting: bool = True
) -> Path:
    """Writes a small configuration and returns its path."""
    file = folder / "openline.toml"
    text = CONFIGURATION.replace("{ring_timeout_s}", str(ring_timeout_s))
    text = text.replace("{greeting}", 'greeting = "welcome-en"' if greeting else "")
    file.write_text(text.replace("{practice}", str(practice).lower()), encoding="utf-8")
    return file


class CentreProcess:
    """Runs `openline run` and reads what it says."""

    def __init__(
        self, config: Path, data: Path, *arguments: str, inside: Sequence[str] = ()
    ) -> None:
        self._data = data
        self._process = subprocess.Popen(
            [
                *(*inside, sys.executable, "-m", "openline.cli", "run"),
                *("--config", str(config), "--data", str(data), "--port", "0", *arguments),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        self.said: list[str] = []
        self._heard = threading.Condition()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        try:
            address = self.wait_for(r"is open(?: to the world)?:\s+(https?://\S+)")
        except AssertionError:
            self.stop()
            raise
        self.base = address[1]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                with self._heard:
                    self.said.append(line)
                    self._heard.notify_all()
        with self._heard:
            self.said.append("(end)")
            self._heard.notify_all()

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Waits until the process has said something; fails with all it said."""

        def found() -> re.Match[str] | None:
            return next((m for line in self.said if (m := re.search(pattern, line))), None)

        with self._heard:
            self._heard.wait_for(lambda: found() or "(end)" in self.said, START_WITHIN_S)
            match = found()
        if match is None:
            raise AssertionError(f"it never said {pattern!r}, but: {''.join(self.said)}")
        return match

    @property
    def pid(self) -> int:
        """The process of the centre itself, below its parent."""
        return int(json.loads((self._data / "lock").read_text())["pid"])

    @property
    def loader(self) -> int | None:
        """The process that has loaded the program and forks each centre, if there is one."""
        status = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        above = next(int(line.split()[1]) for line in status if line.startswith("PPid:"))
        return None if above == self._process.pid else above

    def kill(self) -> None:
        """Kills the centre as a power cut would; the parent starts it again."""
        os.kill(self.pid, signal.SIGKILL)

    def stop(self) -> int:
        """Ends everything as Ctrl-C does; returns the exit code."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
        code = self._process.wait(timeout=20)
        self._listener.join(timeout=20)
        return code
