"""What `openline simulate --runs` and `openline study` say, and how they refuse."""

import json
from pathlib import Path

import pytest

from tests.cli.command import in_here, openline
from tests.cli.tried import SMALL

DAY = ("--start", "2026-03-03")


def test_every_figure_has_its_interval_by_every_part() -> None:
    said = in_here("simulate", "--config", SMALL, *DAY, "--runs", "4", "--json")
    assert said.code == 0, said
    answer = json.loads(said.out)
    assert answer["runs"] == 4
    parts = {group["per"] for group in answer["groups"]}
    assert parts == {"all", "interval", "weekday", "queue", "language"}
    whole = answer["groups"][0]["figures"]
    assert {"offered", "service_level", "asa_s", "wait_p90_s", "occupancy"} <= set(whole)
    assert all(each["half_width"] > 0 for each in (whole["offered"], whole["service_level"]))


def test_a_kept_study_tells_the_same_again_and_by_other_parts(tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    first = in_here("simulate", "--config", SMALL, *DAY, "--runs", "3", "--out", kept)
    assert first.code == 0, first
    again = in_here("study", kept)
    assert first.out.startswith(again.out)
    by_interval = in_here("study", kept, "--by", "interval")
    assert "20:30" in by_interval.out


def test_a_what_if_is_named_and_makes_a_difference() -> None:
    as_it_is = in_here("simulate", "--config", SMALL, *DAY, "--runs", "3", "--json")
    fewer = in_here("simulate", "--config", SMALL, *DAY, "--runs", "3", "--people", "-3", "--json")
    told = json.loads(fewer.out)
    assert told["changes"] == ["3 people fewer"]

    def abandoned(said: str) -> float:
        return float(json.loads(said)["groups"][0]["figures"]["abandoned"]["value"])

    assert abandoned(fewer.out) > abandoned(as_it_is.out) + 10


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--runs", "0"), "--runs 0: from 1 to"),
        (("--until-precision", "3"), "0.01 is one in a hundred"),
        (("--jobs", "0"), "--jobs 0: from 1"),
        (("--by", "month"), "there are all, interval, weekday"),
        (("--outage", "noon"), "write hours of the day like 18:00-22:00"),
        (("--outage", "3x14:00-15:00"), "write hours of the day"),
        (("--extra", "18:00"), "2x18:00-22:00"),
        (("--callback-after", "soon"), "is no duration"),
        (("--people", "-99"), "people on the roster"),
        (("--out", "/nowhere/kept.json"), "there is no such folder"),
        (("--runs", "3", "--check"), "--check is for one run"),
        (("--runs", "3", "--start", "monday"), "write a date like"),
    ],
    ids=str,
)
def test_wrong_use_is_answered_in_a_sentence(arguments: tuple[str, ...], words: str) -> None:
    said = openline("simulate", "--config", SMALL, *arguments)
    assert said.code == 2
    assert words in said.sentence


def test_no_study_is_refused_in_a_sentence(tmp_path: Path) -> None:
    said = openline("study", tmp_path / "none.json")
    assert said.code == 2
    assert "cannot be read" in said.sentence
