"""What `openline twin` says of a record, and how it refuses."""

import json
from pathlib import Path

import pytest

from tests.cli.command import Said, in_here, openline
from tests.cli.tried import SMALL


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("twin") / "kept"
    said = in_here(
        "simulate", "--config", SMALL, "--days", "18", "--start", "2026-03-02", "--record", folder
    )
    assert said.code == 0, said
    return folder


def twin(record: Path, *arguments: str | Path) -> Said:
    period = () if "--from" in arguments else ("--from", "2026-03-02", "--to", "2026-03-15")
    origin = () if "--origin" in arguments else ("--origin", "simulated")
    return in_here(
        *("twin", "--config", SMALL, "--data", record, "--jobs", "1"), *origin, *period, *arguments
    )


def test_it_says_measure_by_measure_how_well_it_fits(record: Path) -> None:
    said = twin(record, "--runs", "6")
    assert said.code == 0, said
    assert "Learnt from" in said.out
    assert "The twin reproduces" in said.out
    assert "By interval:" in said.out
    answer = json.loads(twin(record, "--runs", "6", "--json").out)
    assert answer["days"] == 14
    told = [each["is_within"] for each in answer["figures"].values()]
    assert sum(told) >= len(told) - 2
    assert {"interval", "weekday", "queue", "language"} == set(answer["by"])


def test_who_is_new_is_known_from_before_the_period(record: Path) -> None:
    period = ("--from", "2026-03-17", "--to", "2026-03-19", "--runs", "2", "--json")
    answer = json.loads(twin(record, *period).out)
    calls = {each["days"]: each["calls"] for each in answer["experience"]}
    # Most first answered on the first days of the record; only what came before tells that.
    assert calls["14 to 41"] > calls["under 14"]
    assert calls["42 to 90"] == calls["from 91 on"] == 0


def test_what_if_is_tried_on_what_was_learnt(record: Path) -> None:
    said = twin(record, "--people", "-4", "--runs", "4", "--no-mend")
    assert "more people hang up a day" in said.out.splitlines()[0]
    assert "as it was" in said.out


def test_another_configuration_is_tried_and_said(record: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    text = SMALL.read_text("utf-8").replace("ring_timeout_s = 30", "ring_timeout_s = 20")
    other.write_text(text, encoding="utf-8")
    said = twin(record, "--with", other, "--runs", "2", "--json")
    assert json.loads(said.out)["second"] == "other.toml"
    older = in_here(
        *("twin", "--config", other, "--data", record, "--origin", "simulated", "--runs", "2"),
    )
    assert "rules of the given configuration are not those of the record" in older.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--origin", "real"), "holds no real call that reached a queue"),
        (("--from", "2026-03-02T10:00"), "whole days"),
        (("--people", "3"), "Say when: --extra"),
    ],
    ids=str,
)
def test_wrong_use_is_answered_in_a_sentence(
    record: Path, arguments: tuple[str, ...], words: str
) -> None:
    origin = () if "--origin" in arguments else ("--origin", "simulated")
    said = openline("twin", "--config", SMALL, "--data", record, *origin, *arguments)
    assert said.code == 2
    assert words in said.sentence
