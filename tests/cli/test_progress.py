"""Whoever waits longer than two seconds before a terminal sees how far a command has come."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from openline.cli import progress
from tests.cli.command import in_here
from tests.cli.tried import SMALL, keep_two_days

RECORD = ("--config", str(SMALL), "--data", "data")

READERS: dict[str, tuple[str, ...]] = {
    "replay": ("replay", *RECORD),
    "replay --check": ("replay", *RECORD, "--check"),
    "replay --with": ("replay", *RECORD, "--with", str(SMALL), "--origin", "simulated"),
    "report": ("report", *RECORD, "--origin", "simulated"),
    "export": ("export", "calls", *RECORD, "--origin", "simulated"),
    "doctor": ("doctor", *RECORD),
    "backup": ("backup", "a.backup", "--data", "data"),
    "simulate": ("simulate", "--config", str(SMALL), "--start", "2026-03-02", "--days", "5"),
}
"""Every command whose time grows with the record or the days."""

Seen = list[tuple[int, int]]


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Seen:
    """What the commands tell, at a terminal where even a short time is long."""
    told: Seen = []
    real: Callable[..., None] = progress.Telling.__call__

    def tell(telling: progress.Telling, done: int, total: int, *more: str) -> None:
        told.append((done, total))
        real(telling, done, total, *more)

    def terminal(*, stderr: bool) -> Console:
        assert stderr
        return Console(file=io.StringIO(), force_terminal=True)

    monkeypatch.setattr(progress, "QUIET_S", 0.0)
    monkeypatch.setattr(progress, "Console", terminal)
    monkeypatch.setattr(progress.Telling, "__call__", tell)
    return told


def test_every_command_that_may_take_long_says_how_far_it_is(
    seen: Seen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    keep_two_days(Path("data"))
    for name, command in READERS.items():
        seen.clear()
        said = in_here(*command)
        assert said.code in (0, 1), (name, said.err)
        assert seen, name
        assert all(0 <= done <= total for done, total in seen), name
        assert [done for done, _ in seen] == sorted(done for done, _ in seen), name


def test_where_nobody_looks_nothing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "QUIET_S", 0.0)
    keep_two_days(tmp_path / "data")
    said = in_here("replay", "--data", tmp_path / "data")
    assert (said.code, said.err) == (0, "")
