import csv
import json
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.cli.command import in_here, openline
from tests.planning.invented_calls import invented


def write(path: Path, *, days: int = 150, per_day: float = 900, line: str = "") -> Path:
    history = invented(seed=41, days=days, per_day=per_day)
    with path.open("w", encoding="utf-8") as file:
        file.write("timestamp,calls" + (",line" if line else "") + "\n")
        for day in range(days):
            for slot in range(48):
                when = datetime.combine(history.day(day), datetime.min.time())
                when += timedelta(minutes=30 * slot)
                more = f",{line}" if line else ""
                file.write(f"{when:%Y-%m-%d %H:%M},{history.calls[day, slot]:.0f}{more}\n")
    return path


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("history") / "calls.csv")


def test_a_fortnight_is_said_day_by_day_with_how_far_to_trust_it(history: Path) -> None:
    said = in_here("forecast", history, "--horizon", "14d")
    assert said.code == 0
    assert "in 14 days from 2025-06-05 on, by 30 minutes." in said.out
    rows = [line for line in said.out.splitlines() if line[:3] in {"Thu", "Fri", "Sat"}]
    assert len(rows) == 6
    assert "the mean of four weeks by" in said.out
    assert "Chance alone misses by" in said.out


def test_the_file_has_a_row_an_interval_with_its_bounds(history: Path, tmp_path: Path) -> None:
    out = tmp_path / "next.csv"
    assert in_here("forecast", history, "--horizon", "7d", "--out", out).code == 0
    rows = list(csv.DictReader(out.read_text("utf-8").splitlines()))
    assert list(rows[0]) == ["timestamp", "mean", "low80", "high80", "low95", "high95"]
    assert len(rows) == 7 * 48
    assert rows[0]["timestamp"] == "2025-06-05T00:00:00"
    for row in rows:
        low95, low80, mean, high80, high95 = (
            float(row[name]) for name in ("low95", "low80", "mean", "high80", "high95")
        )
        assert 0 <= low95 <= low80 <= mean <= high80 <= high95


def test_machines_read_the_same(history: Path) -> None:
    answer = json.loads(in_here("forecast", history, "--horizon", "2d", "--json").out)
    assert answer["origin"] == "2025-06-05T00:00:00"
    assert answer["interval_s"] == 1800
    assert len(answer["rows"]) == 96
    assert answer["noise_floor"] < answer["wape"] < answer["wape_seasonal_naive"]
    assert [day["date"] for day in answer["days"]] == ["2025-06-05", "2025-06-06"]


def test_an_origin_sees_nothing_that_came_later(history: Path, tmp_path: Path) -> None:
    text = history.read_text("utf-8").splitlines()
    cut = [line for line in text if line < "2025-05-20"] + [text[0]]
    shorter = tmp_path / "shorter.csv"
    shorter.write_text("\n".join([text[0], *cut[:-1]]), encoding="utf-8")
    whole = json.loads(
        in_here("forecast", history, "--origin", "2025-05-20", "--horizon", "3d", "--json").out
    )
    less = json.loads(in_here("forecast", shorter, "--horizon", "3d", "--json").out)
    assert whole["rows"] == less["rows"]
    assert whole["rows"][0]["timestamp"] == "2025-05-20T00:00:00"


def test_a_coarser_interval_adds_up_to_the_same_day(history: Path) -> None:
    answer = json.loads(
        in_here("forecast", history, "--interval", "1h", "--horizon", "1d", "--json").out
    )
    fine = json.loads(in_here("forecast", history, "--horizon", "1d", "--json").out)
    assert len(answer["rows"]) == 24
    assert answer["calls"] == pytest.approx(fine["calls"], rel=0.03)


def test_the_rest_of_today_begins_where_the_history_ends(history: Path, tmp_path: Path) -> None:
    lines = history.read_text("utf-8").splitlines()
    begun = tmp_path / "begun.csv"
    begun.write_text("\n".join(lines[: -48 + 26]), encoding="utf-8")
    answer = json.loads(in_here("forecast", begun, "--so-far", "--horizon", "2d", "--json").out)
    assert answer["origin"] == "2025-06-04T13:00:00"
    assert 0 <= answer["carries_over"] <= 1
    assert len(answer["rows"]) == 22 + 48
    by_origin = json.loads(
        in_here(
            "forecast", history, "--origin", "2025-06-04T13:00", "--horizon", "2d", "--json"
        ).out
    )
    assert by_origin["rows"] == answer["rows"]
    assert "are taken to go on" in in_here("forecast", begun, "--so-far", "--horizon", "1d").out


def test_a_new_line_begins_as_a_similar_one(tmp_path: Path) -> None:
    lines = write(tmp_path / "lines.csv", days=90, line="day")
    said = in_here(
        "forecast", lines, "--line", "night", "--like", "day", "--per-day", "90", "--json"
    )
    answer = json.loads(said.out)
    assert answer["calls"] / 14 == pytest.approx(90, rel=0.05)
    week = write(tmp_path / "week.csv", days=7, per_day=100)
    by_file = in_here("forecast", week, "--like", week, "--per-day", "50", "--json")
    assert json.loads(by_file.out)["calls"] / 14 == pytest.approx(50, rel=0.05)
    assert "--per-day is missing" in openline("forecast", lines, "--like", "day").sentence


def test_marked_days_are_named(history: Path) -> None:
    said = in_here(
        "forecast",
        history,
        "--horizon",
        "30d",
        "--holidays",
        "US-TX",
        "--special",
        "2025-06-10=campaign",
    )
    assert "campaign" in said.out
    assert "Independence Day" in said.out


def test_the_methods_are_told_apart_by_a_back_test(history: Path) -> None:
    answer = json.loads(
        in_here("forecast-backtest", history, "--horizon", "7d", "--test-days", "20", "--json").out
    )
    methods = answer["methods"]
    assert set(methods) == {
        "seasonal_naive",
        "four_weeks",
        "profile",
        "regression",
        "blend",
        "chosen",
    }
    for scores in methods.values():
        assert scores["wape"] > answer["noise_floor"]
        assert scores["mase"] > 0
        assert 0.6 < scores["coverage80"] < scores["coverage95"] <= 1
        assert set(scores["by_days_ahead"]) == {str(day) for day in range(1, 8)}
    said = in_here("forecast-backtest", history, "--horizon", "7d", "--test-days", "20")
    assert "chosen each week" in said.out


def test_a_fault_is_named_and_nothing_is_written(history: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    lines = history.read_text("utf-8").splitlines()
    lines[77] = lines[77].split(",")[0] + ",-4"
    bad.write_text("\n".join(lines), encoding="utf-8")
    out = tmp_path / "next.csv"
    said = openline("forecast", bad, "--out", out)
    assert said.code == 2
    assert "row 78, column calls: -4 calls cannot be" in said.sentence
    assert list(tmp_path.iterdir()) == [bad]
    mended = openline("forecast", bad, "--out", out, "--skip-faulty")
    assert mended.code == 0
    assert "bad.csv, row 78, column calls: left out" in mended.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--horizon", "soon"], "'soon' is no duration"),
        (["--horizon", "12h"], "write whole days"),
        (["--horizon", "9999d"], "further than 400 days"),
        (["--interval", "7h"], "an interval divides a day"),
        (["--origin", "yesterday"], "write a date like 2026-03-02"),
        (["--origin", "2020-01-01"], "there is no row with calls before 2020-01-01"),
        (["--zone", "Mars/Olympus"], "there is no such time zone"),
        (["--holidays", "XX"], "no country of that code"),
        (["--holidays", "US-XX"], "US has no region XX"),
        (["--special", "soon"], "write a date and if you like a name"),
        (["--line", "dusk"], "There is no column `line`"),
        (["--config", "x.toml"], "not from both"),
    ],
)
def test_slips_are_answered_in_words(history: Path, arguments: list[str], words: str) -> None:
    said = openline("forecast", history, *arguments)
    assert said.code == 2
    assert words in said.sentence


def test_a_back_test_says_how_many_days_it_can_test(history: Path) -> None:
    said = openline("forecast-backtest", history, "--test-days", "140")
    assert "1 to 108 can be tested" in said.sentence
    assert (
        "can test at most 75 days ahead"
        in openline("forecast-backtest", history, "--horizon", "100d").sentence
    )


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "nothing.csv: No such file" in openline("forecast", tmp_path / "nothing.csv").sentence


def test_what_was_written_is_finite(history: Path) -> None:
    answer = json.loads(in_here("forecast", history, "--horizon", "20d", "--json").out)
    assert np.isfinite([row["high95"] for row in answer["rows"]]).all()
