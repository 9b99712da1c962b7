import json
from pathlib import Path

import pytest

from tests.centre.small_published import TEXT
from tests.cli.command import in_here, openline


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "small.toml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_it_is_said_for_people_for_machines_and_as_a_page(config: Path) -> None:
    people = in_here("privacy", "--config", config)
    assert people.code == 0
    assert "How long: 90 days" in people.out
    machines = in_here("privacy", "--config", config, "--json")
    kept = {entry["key"]: entry for entry in json.loads(machines.out)["kept"]}
    assert kept["note"]["seconds"] == 90 * 86_400
    assert kept["record"]["columns"]["journal.body"] == "sealed"
    page = in_here("privacy", "--config", config, "--language", "es", "--markdown")
    assert page.out.startswith("# Qué guarda ")


@pytest.mark.parametrize("wrong", [["--language", "fr"], ["--json", "--markdown"]], ids=str)
def test_what_cannot_be_is_refused_in_a_sentence(config: Path, wrong: list[str]) -> None:
    said = openline("privacy", "--config", str(config), *wrong)
    assert said.code == 2
    assert said.sentence
