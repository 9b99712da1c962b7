import json
from pathlib import Path

import pytest

from tests.centre.small_published import TEXT
from tests.cli.command import in_here, openline

EXAMPLES = Path(__file__).parents[2] / "examples"


def written(folder: Path, text: str) -> Path:
    path = folder / "centre.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_file_is_called_good(tmp_path: Path) -> None:
    said = openline("check", written(tmp_path, TEXT))
    assert said.code == 0
    assert said.out.splitlines()[-1].endswith("good. 2 lines, 2 queues, 3 agents.")


@pytest.mark.parametrize("example", sorted(EXAMPLES.glob("*.toml")), ids=lambda path: path.name)
def test_every_example_is_good(example: Path) -> None:
    assert in_here("check", example).code == 0


def test_a_mistake_is_told_with_its_place_and_what_was_meant(tmp_path: Path) -> None:
    said = openline(
        "check", written(tmp_path, TEXT.replace('queue = "english"', 'queue = "inglish"'))
    )
    assert said.code == 1
    assert "Traceback" not in said.err
    (place, *_), *rest = (line.split(" ") for line in said.out.splitlines())
    assert "centre.toml:" in place
    assert "english" in said.out
    assert rest[-1][-2:] == ["1", "problem."]


def test_machines_are_answered_in_json(tmp_path: Path) -> None:
    good = in_here("check", "--json", written(tmp_path, TEXT))
    assert good.code == 0
    assert json.loads(good.out)["good"] is True
    bad = in_here("check", "--json", written(tmp_path, TEXT + "[lines.new]\n"))
    assert bad.code == 1
    report = json.loads(bad.out)
    assert report["good"] is False
    assert report["problems"]


@pytest.mark.parametrize("flags", [[], ["--json"]], ids=["words", "json"])
def test_a_file_that_is_not_there_is_told_in_words(flags: list[str], tmp_path: Path) -> None:
    written(tmp_path, TEXT)
    said = in_here("check", *flags, tmp_path / "center.toml")
    assert said.code == 1
    assert "no such file" in said.out
    assert "centre.toml" in said.out  # the nearest one that is there
    assert said.err == ""
