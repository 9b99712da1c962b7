"""What cannot be right in a file is named by row and column, and nothing is written."""

from pathlib import Path

import pytest

from tests.cli.command import in_here
from tests.planning.bad_tables import CALLS, FINE, ROSTERS, BadFile

SERVICE = ("--patience", "3m", "--target", "80/20")


@pytest.mark.parametrize("bad", CALLS, ids=lambda bad: bad.name)
def test_bad_calls_are_refused_with_their_place_and_nothing_is_written(
    bad: BadFile, tmp_path: Path
) -> None:
    file, out = tmp_path / "calls.csv", tmp_path / "next.csv"
    file.write_text(bad.text, encoding="utf-8")
    said = in_here("forecast", file, "--horizon", "3d", "--out", out)
    assert said.code == 2
    assert f"calls.csv, row {bad.row}, column {bad.column}: " in said.sentence
    assert bad.says in said.sentence
    assert [each.name for each in tmp_path.iterdir()] == ["calls.csv"]


@pytest.mark.parametrize(("name", "text"), FINE, ids=[name for name, _ in FINE])
def test_what_only_looks_odd_is_read(name: str, text: str, tmp_path: Path) -> None:
    file, out = tmp_path / "calls.csv", tmp_path / "next.csv"
    file.write_text(text, encoding="utf-8")
    assert in_here("forecast", file, "--horizon", "3d", "--out", out).code == 0, name
    assert len(out.read_text("utf-8").splitlines()) == 1 + 3 * 24


@pytest.mark.parametrize(
    "bad", [each for each in ROSTERS if "rostered" not in each.text], ids=lambda bad: bad.name
)
def test_bad_rosters_are_refused_with_their_place(bad: BadFile, tmp_path: Path) -> None:
    roster, forecast = tmp_path / "roster.csv", tmp_path / "next.csv"
    out = tmp_path / "cover.csv"
    roster.write_text(bad.text, encoding="utf-8")
    rows = "\n".join(f"2026-03-02 {hour:02d}:00,5" for hour in range(24))
    forecast.write_text(f"timestamp,mean\n{rows}\n", encoding="utf-8")
    said = in_here("roster", roster, "--forecast", forecast, "--aht", "6m", *SERVICE, "--out", out)
    assert said.code == 2
    assert f"roster.csv, row {bad.row}, column {bad.column}: " in said.sentence
    assert bad.says in said.sentence
    assert not out.exists()
