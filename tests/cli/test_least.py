"""What `openline least` says, and how it refuses."""

import doctest
import json
from pathlib import Path

from openline.cli import least
from tests.cli.command import in_here, openline
from tests.cli.tried import SMALL

SPAN = ("--start", "2026-03-03", "--days", "1", "--runs", "2", "--jobs", "1")


def easy(folder: Path) -> Path:
    """A target that fewer people reach too."""
    config = folder / "easy.toml"
    text = SMALL.read_text("utf-8").replace("percent = 70", "percent = 30")
    config.write_text(text, encoding="utf-8")
    return config


def test_the_worked_words_are_right() -> None:
    assert doctest.testmod(least).failed == 0


def test_people_read_how_many_of_each_kind(tmp_path: Path) -> None:
    said = in_here("least", "--config", easy(tmp_path), *SPAN)
    assert said.code == 0, said
    assert "people reach every target; 14 are on the roster." in said.out
    assert "16:00–22:00" in said.out
    assert "the target is 30 %" in said.out


def test_machines_read_the_same(tmp_path: Path) -> None:
    answer = json.loads(in_here("least", "--config", easy(tmp_path), *SPAN, "--json").out)
    assert answer["people"] == sum(kind["least"] for kind in answer["kinds"])
    assert answer["queues"][0]["service_level"] >= 0.3


def test_wrong_use_is_answered_in_a_sentence() -> None:
    said = openline("least", "--config", SMALL, "--days", "0")
    assert said.code == 2
    assert "from 1 to" in said.sentence
