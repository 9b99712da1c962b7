import json
from pathlib import Path

import pytest

from openline.cli.progress import QUIET_S, Telling
from tests.centre.records import keep_an_evening, rewrite, tamper
from tests.cli.command import in_here


def test_a_sound_record_is_told_so(tmp_path: Path) -> None:
    keep_an_evening(tmp_path)
    said = in_here("replay", "--data", tmp_path, "--check")
    assert (said.code, said.err) == (0, "")
    assert "steps follow from one another" in said.out
    said = in_here("replay", "--data", tmp_path, "--check", "--json")
    assert said.code == 0
    answer = json.loads(said.out)
    assert (answer["sound"], answer["break"]) == (True, None)


def test_the_first_break_is_told_with_step_instant_and_invariant_in_words(tmp_path: Path) -> None:
    keep_an_evening(tmp_path)
    rewrite(tmp_path, lambda steps: steps + steps)
    said = in_here("replay", "--data", tmp_path, "--check")
    assert said.code == 1
    assert said.out.startswith("Invariant I9 breaks at step ")
    assert " of 2026-03-30 23:00:" in said.out
    assert "It says: No duration is negative" in said.out
    said = in_here("replay", "--data", tmp_path, "--check", "--json")
    assert said.code == 1
    assert json.loads(said.out)["break"]["invariant"] == "I9"


def test_a_damaged_record_is_told_without_an_invariant(tmp_path: Path) -> None:
    keep_an_evening(tmp_path)
    tamper(tmp_path, "UPDATE journal SET at = -9223372036854775807 WHERE step = 3")
    said = in_here("replay", "--data", tmp_path, "--check")
    assert said.code == 1
    assert said.out.startswith("The record is damaged at step 3 of ")
    assert "it was changed" in said.out


def test_progress_is_told_to_a_person_who_waits_and_to_nobody_else(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = [0.0]
    monkeypatch.setattr("openline.cli.progress.time.monotonic", lambda: now[0])
    monkeypatch.setenv("FORCE_COLOR", "1")
    with Telling("Counting") as telling:
        telling(1, 10)
        assert capsys.readouterr().err == ""
        now[0] = QUIET_S
        telling(5, 10)
    assert "Counting" in capsys.readouterr().err
    monkeypatch.delenv("FORCE_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    with Telling("Counting") as telling:
        now[0] += QUIET_S
        telling(5, 10)
    assert capsys.readouterr() == ("", "")
