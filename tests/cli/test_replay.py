import json
import sqlite3
from pathlib import Path

from tests.builders import BEN, CARLA
from tests.centre.small_centre import open_centre
from tests.centre.virtual_loop import advance, in_virtual_time
from tests.cli.command import openline


@in_virtual_time
async def keep_a_record(folder: Path) -> None:
    """Writes the record of a short evening into a data folder."""
    async with open_centre(folder) as small:
        small.ready(BEN)
        small.ready(CARLA)
        for number in range(10):
            small.arrive(number)
            await advance(7)


def test_a_record_agrees_and_its_end_has_the_same_name_in_every_process(tmp_path: Path) -> None:
    keep_a_record(tmp_path)
    answers = []
    for seed in ("0", "1", "random"):
        said = openline("replay", "--json", tmp_path, environment={"PYTHONHASHSEED": seed})
        assert said.code == 0, said.err
        answers.append(json.loads(said.out))
    assert answers[0]["agrees"] is True
    assert answers[0]["steps"] > 10
    assert answers[0] == answers[1] == answers[2]


def test_people_are_answered_in_a_sentence(tmp_path: Path) -> None:
    keep_a_record(tmp_path)
    said = openline("replay", tmp_path)
    assert said.code == 0
    assert "steps agree; the state at their end is" in said.out


def test_a_record_that_was_changed_does_not_agree(tmp_path: Path) -> None:
    keep_a_record(tmp_path)
    with sqlite3.connect(tmp_path / "openline.sqlite") as connection:
        connection.execute("UPDATE journal SET body = zeroblob(9) WHERE step = 5")
    connection.close()
    said = openline("replay", tmp_path)
    assert (said.code, said.err) == (1, "")
    assert said.out.startswith("Does not agree: step 5 was changed")
    said = openline("replay", "--json", tmp_path)
    assert said.code == 1
    assert json.loads(said.out)["agrees"] is False


def test_a_folder_without_a_centre_is_told_in_words(tmp_path: Path) -> None:
    said = openline("replay", tmp_path / "empty")
    assert said.code != 0
    assert "There is no centre in" in said.out + said.err
    assert "Traceback" not in said.err
    assert not (tmp_path / "empty").exists()
