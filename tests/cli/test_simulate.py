"""What `openline simulate` says, that it says the same twice, and how it refuses."""

import json
from pathlib import Path

import pytest

from tests.centre.small_published import TEXT
from tests.cli.command import in_here, openline
from tests.cli.tried import SMALL


def simulated(*arguments: str | Path) -> dict[str, object]:
    said = in_here("simulate", "--config", SMALL, "--start", "2026-03-07", "--json", *arguments)
    assert said.code == 0, said
    answer: dict[str, object] = json.loads(said.out)
    return answer


def test_equal_seeds_give_equal_days_and_others_do_not() -> None:
    assert simulated() == simulated()
    assert simulated()["total"] != simulated("--seed", "2")["total"]


def test_queues_add_up_and_days_are_civil_days() -> None:
    answer = simulated("--days", "2")
    assert answer["from"] == "2026-03-07T00:00:00-06:00"
    assert answer["to"] == "2026-03-09T00:00:00-05:00"
    queues, total = answer["queues"], answer["total"]
    assert isinstance(queues, list)
    assert isinstance(total, dict)
    assert sum(queue["offered"] for queue in queues) == total["offered"] > 60


def test_people_read_a_table_and_that_every_invariant_held() -> None:
    said = in_here("simulate", "--config", SMALL, "--start", "2026-03-07", "--check")
    assert said.code == 0
    assert "Service level" in said.out
    assert "Every invariant held after each of" in said.out


def test_a_record_can_be_kept_and_lived_again(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    said = in_here("simulate", "--config", SMALL, "--start", "2026-03-07", "--record", folder)
    assert said.code == 0
    assert str(folder) in said.out
    again = in_here("replay", "--data", folder, "--check")
    assert again.code == 0, again
    said = openline("simulate", "--config", SMALL, "--record", folder)
    assert said.code == 2
    assert "there is a centre already" in said.sentence


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--days", "0"), "from 1 to"),
        (("--days", "99999"), "from 1 to"),
        (("--start", "monday"), "write a date like"),
        (("--start", "0007-01-01"), "from the year"),
    ],
    ids=str,
)
def test_wrong_use_is_answered_in_a_sentence(arguments: tuple[str, ...], words: str) -> None:
    said = openline("simulate", "--config", SMALL, *arguments)
    assert said.code == 2
    assert words in said.sentence


def test_a_configuration_without_people_is_told_so(tmp_path: Path) -> None:
    config = tmp_path / "small.toml"
    config.write_text(TEXT, encoding="utf-8")
    said = openline("simulate", "--config", config)
    assert said.code == 2
    assert "no [simulation]" in said.sentence
