import json
import sqlite3
from pathlib import Path

from tests.builders import BEN, CARLA
from tests.centre.small_centre import open_centre
from tests.centre.virtual_loop import advance, in_virtual_time
from tests.cli.command import in_here, openline
from tests.cli.tried import SMALL, keep_two_days


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
        said = openline(
            "replay", "--json", "--data", tmp_path, environment={"PYTHONHASHSEED": seed}
        )
        assert said.code == 0, said.err
        answers.append(json.loads(said.out))
    assert answers[0]["agrees"] is True
    assert answers[0]["steps"] > 10
    assert answers[0] == answers[1] == answers[2]


def test_people_are_answered_in_a_sentence(tmp_path: Path) -> None:
    keep_a_record(tmp_path)
    said = openline("replay", "--data", tmp_path)
    assert said.code == 0
    assert "steps agree; the state at their end is" in said.out


def test_a_record_that_was_changed_does_not_agree(tmp_path: Path) -> None:
    keep_a_record(tmp_path)
    with sqlite3.connect(tmp_path / "openline.sqlite") as connection:
        connection.execute("UPDATE journal SET body = zeroblob(9) WHERE step = 5")
    connection.close()
    said = openline("replay", "--data", tmp_path)
    assert (said.code, said.err) == (1, "")
    assert said.out.startswith("Does not agree: step 5 was changed")
    said = openline("replay", "--json", "--data", tmp_path)
    assert said.code == 1
    assert json.loads(said.out)["agrees"] is False


def test_a_folder_without_a_centre_is_told_in_words(tmp_path: Path) -> None:
    said = openline("replay", "--data", tmp_path / "empty")
    assert said.code != 0
    assert "There is no centre in" in said.out + said.err
    assert "Traceback" not in said.err
    assert not (tmp_path / "empty").exists()


def test_the_story_of_one_call_is_told_in_words_and_as_data(tmp_path: Path) -> None:
    keep_two_days(tmp_path / "data")
    said = openline("replay", "--data", tmp_path / "data", "--call", "40")
    assert said.code == 0
    assert "It reached the line evening." in said.out
    said = openline("replay", "--data", tmp_path / "data", "--call", "40", "--json")
    told = json.loads(said.out)
    assert (told["call"], told["origin"], told["is_over"]) == (40, "simulated", True)
    assert [chapter["event"] for chapter in told["story"]][:2] == ["CallArrived", "GreetingStarted"]


def test_every_call_is_found_and_no_other(tmp_path: Path) -> None:
    keep_two_days(tmp_path / "data")
    calls = in_here(
        *("export", "calls", "--config", SMALL, "--data", tmp_path / "data"),
        *("--origin", "simulated", "--jsonl"),
    )
    numbers = [json.loads(line)["call"] for line in calls.out.splitlines()]
    for number in (min(numbers), *numbers[::17], max(numbers)):
        said = in_here("replay", "--data", tmp_path / "data", "--call", str(number), "--json")
        assert json.loads(said.out)["call"] == number
    for number in ("0", "-3", "100000"):
        said = openline("replay", "--data", tmp_path / "data", "--call", number)
        assert said.code == 2
        assert "no call of that number" in said.sentence


def test_another_configuration_is_compared_among_the_same_people(tmp_path: Path) -> None:
    keep_two_days(tmp_path / "data")
    other = tmp_path / "slower.toml"
    text = SMALL.read_text("utf-8").replace('days = ["sun"]', 'days = ["mon"]')
    other.write_text(text, encoding="utf-8")
    origin = ("--origin", "simulated")
    said = openline("replay", "--data", tmp_path / "data", "--with", other, *origin)
    assert said.code == 0, said
    for words in ("Recorded", "Enacted, as it was", "slower.toml", "not played back"):
        assert words in said.out
    said = openline("replay", "--data", tmp_path / "data", "--with", other, *origin, "--json")
    told = json.loads(said.out)
    # The roster is no rule: who was there then is there now.
    assert told["same_configuration"] == told["other_configuration"]
    assert told["recorded"]["offered"] == told["same_configuration"]["offered"] > 100
    said = openline("replay", "--data", tmp_path / "data", "--with", other)
    assert said.code == 2
    assert "holds no real call" in said.sentence


def test_only_one_kind_of_replay_at_a_time(tmp_path: Path) -> None:
    said = openline("replay", "--data", tmp_path, "--call", "1", "--check")
    assert said.code == 2
    assert "choose one" in said.sentence
