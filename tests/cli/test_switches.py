"""Do `openline line` and `openline surge` switch a centre that runs?"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from openline.app.people import add
from openline.identity import Role
from openline.model import AgentKey
from tests.app.running import RunningCentre
from tests.cli.command import Said, openline

PASSWORD = "correct horse battery"


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[RunningCentre]:
    running = RunningCentre(tmp_path)
    add(
        running.data,
        login="sam",
        password=PASSWORD,
        name="Sam",
        role=Role.SUPERVISOR,
        agent=AgentKey("ann"),
    )
    running.start()
    yield running
    running.close()


def told(centre: RunningCentre, *arguments: str) -> Said:
    at = f"http://127.0.0.1:{centre.port}"
    return openline(
        *arguments, "--login", "sam", "--at", at, "--password-stdin", stdin=PASSWORD + "\n"
    )


def test_a_line_is_closed_listed_and_opened_again(centre: RunningCentre) -> None:
    listed = json.loads(told(centre, "line", "list", "--json").out)
    key = listed["lines"][0]["key"]

    said = told(centre, "line", "close", key)
    assert said.code == 0, said
    assert f"openline line open {key}" in said.out
    assert f"{key}" in told(centre, "line", "list").out
    assert "closed by" in told(centre, "line", "list").out

    assert told(centre, "line", "open", key).code == 0
    assert "closed by" not in told(centre, "line", "list").out


def test_a_surge_is_switched_on_and_off_again_from_anywhere(centre: RunningCentre) -> None:
    assert told(centre, "surge", "on", "flood").code == 0
    assert "The surge flood is on." in told(centre, "line", "list").out
    assert told(centre, "surge", "off").code == 0
    assert "surge" not in told(centre, "line", "list").out


def test_what_is_not_there_is_refused_in_a_sentence(centre: RunningCentre) -> None:
    said = told(centre, "line", "close", "nowhere")
    assert said.code == 2
    assert said.sentence == "There is no line of that key."
    said = told(centre, "surge", "on", "nowhere")
    assert said.code == 2
    assert said.sentence == "The configuration has no surge of that key."


def test_the_data_folder_says_where_the_centre_listens(centre: RunningCentre) -> None:
    signing_in = ("--login", "sam", "--password-stdin")
    by_folder = ("line", "list", "--data", str(centre.data), *signing_in)
    said = openline(*by_folder, stdin=PASSWORD + "\n")
    assert said.code == 0, said
    assert said.out == told(centre, "line", "list").out


def test_a_folder_without_a_centre_is_told_from_a_centre_that_is_away(tmp_path: Path) -> None:
    said = openline(
        *("line", "list", "--data", str(tmp_path / "none"), "--login", "sam", "--password-stdin"),
        stdin=PASSWORD + "\n",
    )
    assert said.code == 2
    assert "No centre runs in" in said.err
    assert not (tmp_path / "none").exists()
