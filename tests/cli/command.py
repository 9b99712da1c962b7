"""Runs `openline …` as people do: a process of its own, its words and its exit code."""

import io
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from openline.cli.main import main

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


def in_here(*arguments: str | Path, stdin: str = "") -> Said:
    """Runs a command in this process: quicker, for commands that only read and tell."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with (
        redirect_stdout(out),
        redirect_stderr(err),
        patch.dict(os.environ, {"COLUMNS": "200"}),
        patch.object(sys, "argv", ["openline", *map(str, arguments)]),
        patch.object(sys, "stdin", io.StringIO(stdin)),
    ):
        try:
            main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 0
    return Said(code, out.getvalue(), err.getvalue())


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
