"""Keeps a recorder running beside a centre that has telephones; it outlives the centre's deaths."""

import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

from openline.app.kept_program import KeptProgram
from openline.telephony.child import start_child


def has_telephones(config: Path) -> bool:
    """Tells whether a configuration may speak of telephones, without checking it.

    It is asked by the parent, which must stay small.
    """
    try:
        telephony = tomllib.loads(config.read_text(encoding="utf-8")).get("telephony", {})
        return "asterisk" in telephony
    except (OSError, ValueError, AttributeError, TypeError):
        return False


def recorder_beside(config: Path, data: Path, died: Callable[[], None]) -> KeptProgram:
    """Returns the recorder of a centre, not yet started; `died` is told when it had to be again."""
    command = [sys.executable, "-m", "openline.cli", "recorder"]
    command += ["--config", str(config), "--data", str(data)]

    def start() -> subprocess.Popen[bytes]:
        return start_child(command, said=sys.stderr.fileno())

    return KeptProgram("recorder", start, died)
