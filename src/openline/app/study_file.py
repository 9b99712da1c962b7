"""A study as a file: every run's sums, so that other questions can be asked of it later.

It holds no figure and no interval: they are computed when it is read, from the sums, by the same
definitions as everywhere. It is about invented people.
"""

from datetime import date
from pathlib import Path
from typing import Literal

import msgspec

from openline.app.study import Scenario, Studied
from openline.model import PeerError, RefusedError
from openline.reports.runs import RunSums
from openline.simulation.changes import Changes


class StudyFile(msgspec.Struct, frozen=True, kw_only=True):
    """Is what a file of a study holds."""

    kind: Literal["openline study"] = "openline study"
    form: Literal[1] = 1
    configuration: str
    """The name of the file that was studied."""
    changes: Changes
    zone: str
    start: date
    days: int
    is_interrupted: bool
    runs: tuple[RunSums, ...]


def file_of(name: str, scenario: Scenario, changes: Changes, studied: Studied) -> StudyFile:
    """Returns what is to be kept."""
    return StudyFile(
        configuration=name,
        changes=changes,
        zone=scenario.zone,
        start=scenario.start,
        days=scenario.days,
        is_interrupted=studied.is_interrupted,
        runs=studied.runs,
    )


def check_can_write(out: Path) -> None:
    """Sees before the work whether the file can be written.

    Raises `RefusedError` (code `cannot_write`).
    """
    if out.is_dir() or not out.absolute().parent.is_dir():
        raise RefusedError(
            f"--out {out}: there is no such folder, or it is one. Name a file in a folder that is "
            f"there.",
            code="cannot_write",
        )


def write_study(out: Path, study: StudyFile) -> None:
    """Writes the file whole or not at all; raises `PeerError` where the disk refuses."""
    part = out.with_name(f".{out.name}.part")
    try:
        part.write_bytes(msgspec.json.encode(study))
        part.replace(out)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise PeerError(f"--out {out}: cannot be written: {error.strerror or error}.") from error


def read_study(path: Path) -> StudyFile:
    """Reads a file that `write_study` wrote; raises `RefusedError` (code `bad_study`) else."""
    try:
        study = msgspec.json.decode(path.read_bytes(), type=StudyFile)
    except OSError as error:
        raise RefusedError(
            f"{path}: cannot be read: {error.strerror or error}.", code="bad_study"
        ) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RefusedError(
            f"{path} is no study that this program kept: {error}. Make one with "
            f"`openline simulate --config FILE --runs 20 --out {path.name}`.",
            code="bad_study",
        ) from None
    if not study.runs:
        raise RefusedError(f"{path} holds no finished run.", code="bad_study")
    return study
