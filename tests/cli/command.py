"""Runs `openline …` as people do: a process of its own, its words and its exit code."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from typer.testing import CliRunner

from openline.cli.main import app

OPENLINE = (sys.executable, "-m", "openline.cli")


class Said(NamedTuple):
    """Is what a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """The refusal: words on standard error, without a traceback and without standard output."""
        assert "Traceback" not in self.err, self.err
        assert self.out == ""
        return self.err.strip()


def in_here(*arguments: str | Path) -> Said:
    """Runs a command in this process: quicker, for commands that only read and tell."""
    ended = CliRunner(env={"COLUMNS": "200"}).invoke(app, [str(each) for each in arguments])
    return Said(ended.exit_code, ended.stdout, ended.stderr)


def openline(
    *arguments: str | Path,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    stdin: str = "",
) -> Said:
    """Runs a command to its end."""
    ended = subprocess.run(
        [*OPENLINE, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "COLUMNS": "200", **(environment or {})},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
    return Said(ended.returncode, ended.stdout, ended.stderr)
