"""A newcomer who types what the documentation tells him, in a folder of his own.

What he types is changed in two things only: a centre listens on a free port, and is stopped again
once it says that calls can be taken; and a password comes from standard input.
"""

import json
import os
import shlex
import signal
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

from tests.docs.pages import ROOT

PASSWORD = "correct horse battery staple"
COPIED = ("examples", "src/openline/web/catalogue")
START_WITHIN_S = 60.0
_TOOLS = ("sed", "cp", "for")
_RUN = ("./run", ".venv/bin/openline run")
_OPENLINE = ".venv/bin/openline "


class Reader:
    """Types one command after the other; fails with what was said when one does not work."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for name in COPIED:
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            subprocess.run(["cp", "-r", ROOT / name, place], check=True)

    @staticmethod
    def can_type(command: str) -> bool:
        """Tells whether the reader knows this kind of command."""
        return command.startswith((*_RUN, _OPENLINE)) or command.split(maxsplit=1)[0] in _TOOLS

    def types(self, command: str) -> str:
        """Runs the command and returns what it said."""
        for start in _RUN:
            if command == start or command.startswith(f"{start} "):
                return self._opens(shlex.split(command.removeprefix(start)))
        if command.startswith(_OPENLINE):
            words = shlex.split(command.removeprefix(_OPENLINE))
            if words[:2] == ["user", "add"] and "--password-stdin" not in words:
                words.append("--password-stdin")
            return self._says([sys.executable, "-m", "openline.cli", *words])
        return self._says(["bash", "-c", command])

    def _says(self, words: list[str]) -> str:
        done = subprocess.run(
            words,
            cwd=self._folder,
            input=f"{PASSWORD}\n",
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        said = done.stdout + done.stderr
        assert done.returncode == 0, f"{shlex.join(words)}: {said}"
        return said

    def _opens(self, words: list[str]) -> str:
        """Starts a centre, asks whether calls can be taken, and stops it as Ctrl-C does."""
        if "--help" in words:
            return self._says([sys.executable, "-m", "openline.cli", "run", *words])
        with subprocess.Popen(
            [sys.executable, "-m", "openline.cli", "run", *words, "--port", "0"],
            cwd=self._folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        ) as running:
            said, code = self._until_it_ends(running)
        assert code == 0, said
        assert "is open:" in said, said
        return said

    def _until_it_ends(self, running: subprocess.Popen[str]) -> tuple[str, int]:
        too_late = threading.Timer(START_WITHIN_S, running.kill)
        too_late.start()
        said = ""
        try:
            assert running.stdout is not None
            for line in running.stdout:
                said += line
                if "is open:" in line:
                    self._is_ready(line.split()[-1])
                    running.send_signal(signal.SIGINT)
            return said, running.wait()
        finally:
            too_late.cancel()
            running.kill()

    @staticmethod
    def _is_ready(address: str) -> None:
        with urllib.request.urlopen(f"{address}/readyz", timeout=20) as answer:
            assert json.load(answer)["status"] == "ready"
