"""Is a stored day the same day whenever it is played again?"""

import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from openline.engine import inputs as i
from tests.engine.rehearsal import Rehearsal
from tests.properties.random_day import RandomDay
from tests.properties.replaying import Stored, replayed, store

ROOT = Path(__file__).parents[2]
SEED = 20260330


@pytest.fixture(scope="module")
def day() -> list[Stored]:
    rehearsal = Rehearsal()
    RandomDay(rehearsal, Random(SEED)).play(2_000)
    return [Stored(now=step.now, seen=step.seen) for step in rehearsal.steps]


@pytest.mark.parametrize("hash_seed", ["0", "1", "random"])
def test_a_stored_day_gives_the_same_hashes_in_another_process(
    day: list[Stored], hash_seed: str, tmp_path: Path
) -> None:
    file = tmp_path / "day"
    store(day, file)
    played = subprocess.run(
        [sys.executable, "-m", "tests.properties.replaying", str(file)],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        check=True,
        capture_output=True,
        text=True,
    )
    assert played.stdout.split("\n") == replayed(day)


def test_a_day_drawn_twice_from_one_seed_is_the_same_day(day: list[Stored]) -> None:
    again = Rehearsal()
    RandomDay(again, Random(SEED)).play(2_000)
    assert [Stored(now=step.now, seen=step.seen) for step in again.steps] == day


def test_a_tampered_day_is_told_from_the_real_one(day: list[Stored]) -> None:
    answered = next(
        number for number, step in enumerate(day) if isinstance(step.seen, i.AcceptRequested)
    )
    # Said twice on some days: without the first, the second would do the same.
    tampered = [step for step in day if step.seen != day[answered].seen]
    real, forged = replayed(day), replayed(tampered)
    assert forged[:answered] == real[:answered]
    assert not set(forged[answered:]) & set(real[answered:])
