"""What does a command say to a file that is missing, a folder, empty, or something else?"""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.command import in_here
from tests.cli.tried import SMALL

FILE = "FILE"
"""Stands for the bad file."""

COMMANDS: tuple[tuple[str, ...], ...] = (
    ("check", FILE),
    ("new", "--answers", FILE),
    ("replay", "--config", FILE),
    ("replay", "--data", FILE),
    ("replay", "--data", FILE, "--check"),
    ("replay", "--data", FILE, "--call", "1"),
    ("replay", "--data", "here", "--with", FILE),
    ("publish", FILE, "--login", "ada", "--password-stdin"),
    ("backup", "new.backup", "--data", FILE),
    ("backup", "new.backup", "--data", "here", "--config", FILE),
    ("restore", FILE, "there"),
    ("restore", FILE, "there", "--config", FILE),
    ("privacy", "--config", FILE),
    ("report", "--config", FILE),
    ("report", "--config", str(SMALL), "--data", FILE),
    ("export", "calls", "--config", FILE),
    ("export", "intervals", "--config", str(SMALL), "--data", FILE),
    ("simulate", "--config", FILE),
    ("study", FILE),
    ("doctor", "--config", FILE),
    ("staff", "--csv", FILE),
    ("user", "list", "--data", FILE),
    ("user", "list", "--data", "here", "--config", FILE),
    ("user", "disable", "ada", "--data", FILE),
    ("user", "enable", "ada", "--data", FILE),
    ("user", "reset", "ada", "--data", FILE),
    ("user", "role", "ada", "supervisor", "--data", FILE),
    ("user", "history", "--data", FILE),
)


def missing(path: Path) -> None:
    """Makes nothing."""


def a_folder(path: Path) -> None:
    path.mkdir()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def binary(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 8)


def a_loop(path: Path) -> None:
    path.symlink_to(path.name)


KINDS = (missing, a_folder, empty, binary, a_loop)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_bad_file_is_told_in_words_by_its_name_and_nothing_is_made(
    command: tuple[str, ...],
    kind: Callable[[Path], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    bad = Path("bad.toml")
    kind(bad)
    before = sorted(tmp_path.iterdir())
    said = in_here(*(bad if word is FILE else word for word in command))
    told = said.out + said.err
    assert said.code in (1, 2), told
    for leak in ("Errno", "Traceback", "codec", "Error:"):
        assert leak not in told
    assert "bad.toml" in told or command[0] == "new"  # an empty file of answers: they are missing
    made = sorted(tmp_path.iterdir())
    assert made == before


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_name_that_no_file_can_have_is_told_too(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = in_here(*("x" * 300 if word is FILE else word for word in command))
    assert said.code in (1, 2)
    # The doctor goes on: a configuration that cannot be read is one finding of many.
    assert "File name too long" in said.out + said.err or command[0] == "doctor"
