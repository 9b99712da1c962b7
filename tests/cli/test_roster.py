import csv
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.command import in_here

SERVICE = ["--aht", "6m", "--patience", "3m", "--shrinkage", "30"]


@pytest.fixture
def forecast(tmp_path: Path) -> Path:
    lines = ["timestamp,mean,low80,high80"]
    for at in range(48):
        when = datetime(2026, 3, 2) + timedelta(minutes=30 * at)  # noqa: DTZ001
        lines.append(f"{when.isoformat()},20,15,25")
    path = tmp_path / "forecast.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    path = tmp_path / "shifts.csv"
    rows = [f"P{at},2026-03-02,08:00,20:00,day" for at in range(9)]
    path.write_text("\n".join(["person,date,start,end,group", *rows]), encoding="utf-8")
    return path


def test_a_roster_is_told_day_by_day(roster: Path) -> None:
    said = in_here("roster", str(roster))
    assert said.code == 0
    assert "9 shifts of 9 people, 108.0 hours" in said.out
    answer = json.loads(in_here("roster", str(roster), "--json").out)
    assert answer["shifts"][0] == {
        "person": "P0",
        "group": "day",
        "start": "2026-03-02T08:00:00",
        "end": "2026-03-02T20:00:00",
    }


def test_the_cover_says_where_it_falls_short_and_what_a_change_does(
    roster: Path, forecast: Path
) -> None:
    asked = ["roster", str(roster), "--forecast", str(forecast), *SERVICE]
    said = in_here(*asked, "--change", "+9@20:00-24:00")
    assert said.code == 0
    assert "falls short in 24 of 48 intervals" in said.out
    assert "fewer callers leave, mostly 20:00" in said.out
    assert "Intervals that fall short: 24 before, 16 after." in said.out
    answer = json.loads(in_here(*asked, "--change", "+9@20:00-24:00", "--json").out)
    assert answer["intervals_short"] == 24
    low, high = answer["after"]["fewer_leave_at_ends_of_80"]
    assert low < answer["after"]["fewer_leave"] < high


def test_a_day_is_told_interval_by_interval(roster: Path, forecast: Path) -> None:
    asked = ["roster", str(roster), "--forecast", str(forecast), *SERVICE]
    said = in_here(*asked, "--day", "2026-03-02").out
    assert [line.split()[0] for line in said.splitlines()[2:50]][:2] == ["00:00", "00:30"]
    assert "high" in said
    assert "covered" in said


def test_the_intervals_are_written_for_a_spreadsheet(
    roster: Path, forecast: Path, tmp_path: Path
) -> None:
    out = tmp_path / "cover.csv"
    asked = ["roster", str(roster), "--forecast", str(forecast), *SERVICE, "--out", str(out)]
    assert in_here(*asked).code == 0
    with out.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 48
    assert {"rostered": "9", "on_phones": "6.3"}.items() <= rows[16].items()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--change", "+1@20:00-22:00"], "add --forecast"),
        (["--zone", "Mars/Olympus"], "there is no such time zone"),
        (["--group", "night"], "There are: day"),
    ],
)
def test_what_is_asked_wrongly_gets_words(roster: Path, arguments: list[str], words: str) -> None:
    said = in_here("roster", str(roster), *arguments)
    assert said.code != 0
    assert words in " ".join(said.err.split())


def test_a_cover_needs_to_know_how_callers_wait(roster: Path, forecast: Path) -> None:
    said = in_here("roster", str(roster), "--forecast", str(forecast), "--aht", "6m")
    assert "--patience is missing" in said.err
    said = in_here("roster", str(roster), "--forecast", str(forecast), "--patience", "3m")
    assert "--aht is missing" in said.err


def test_the_twin_works_the_roster_and_says_how_sure_it_is(roster: Path, forecast: Path) -> None:
    asked = ["roster", str(roster), "--forecast", str(forecast), *SERVICE, "--twin", "--runs", "3"]
    asked += ["--jobs", "1", "--config", "examples/small-line.toml"]
    said = in_here(*asked, "--change", "+9@20:00-24:00")
    assert said.code == 0
    assert "The twin, by the rules of small-line.toml, 3 runs:" in said.out
    assert "The formula says" in said.out
    assert "we are sure of the sign" in said.out
    assert "9 people are no agents of small-line.toml" in said.out
    answer = json.loads(in_here(*asked, "--change", "+9@20:00-24:00", "--json").out)["twin"]
    assert len(answer["intervals"]) == 48
    assert answer["fewer_leave"]["value"] > answer["fewer_leave"]["half_width"] > 0
    assert answer["intervals"][0]["target_missed"] == 1.0


def test_the_twin_tells_a_day_by_interval(roster: Path, forecast: Path) -> None:
    said = in_here(
        *("roster", str(roster), "--forecast", str(forecast), *SERVICE, "--day", "2026-03-02"),
        *("--twin", "--runs", "2", "--jobs", "1", "--config", "examples/small-line.toml"),
    )
    assert said.out.count("% of days:") >= 40


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--twin"], "--config is missing"),
        (["--runs", "3"], "are for the twin: add --twin"),
        (["--twin", "--config", "examples/small-line.toml", "--runs", "0"], "--runs 0"),
    ],
)
def test_a_twin_that_cannot_be_is_refused_in_words(
    roster: Path, forecast: Path, more: list[str], words: str
) -> None:
    said = in_here("roster", str(roster), "--forecast", str(forecast), *SERVICE, *more)
    assert said.code == 2
    assert words in said.err
