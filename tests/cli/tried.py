"""Two simulated days of the small line as a record on disk; the second has 23 hours."""

from pathlib import Path

from tests.cli.command import in_here

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "examples" / "small-line.toml"


def keep_two_days(folder: Path) -> None:
    """Simulates them into a new data folder."""
    said = in_here(
        "simulate", "--config", SMALL, "--days", "2", "--start", "2026-03-07", "--record", folder
    )
    assert said.code == 0, said
