"""Is a change of the emergency services confirmed from a terminal, by two and not by one?"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from openline.app.people import add
from openline.identity import Role
from openline.model import AgentKey
from tests.app.running import RunningCentre
from tests.centre.small_published import TEXT
from tests.cli.command import Said, openline

PASSWORD = "correct horse battery"
LISTED = TEXT + '\n[outside.fire]\nname = "Fire brigade"\nkind = "emergency"\nnumber = "101"\n'


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[RunningCentre]:
    running = RunningCentre(tmp_path)
    for login, role, agent in (
        ("ada", Role.ADMINISTRATOR, None),
        ("sam", Role.SUPERVISOR, AgentKey("ann")),
    ):
        add(running.data, login=login, password=PASSWORD, name=login, role=role, agent=agent)
    running.start()
    yield running
    running.close()


def told(centre: RunningCentre, login: str, *arguments: str | Path) -> Said:
    at = f"http://127.0.0.1:{centre.port}"
    options = ("--login", login, "--at", at, "--password-stdin")
    return openline(*arguments, *options, stdin=PASSWORD + "\n")


def test_a_change_is_published_confirmed_by_another_kept_over_a_restart_and_withdrawn(
    centre: RunningCentre, tmp_path: Path
) -> None:
    said = told(centre, "ada", "emergency-list", "show")
    assert said.out.startswith("The list of emergency services is empty.\nversion 1")
    said = told(centre, "sam", "emergency-list", "withdraw")
    assert (said.code, said.sentence) == (2, "No change of the list of emergency services waits.")

    file = tmp_path / "new.toml"
    file.write_text(LISTED, encoding="utf-8")
    said = told(centre, "ada", "publish", file, "--base", "1")
    assert said.code == 0, said.err
    assert "Version 2 is in force." in said.out
    assert "  fire: comes in, 101\n" in said.out

    said = told(centre, "ada", "emergency-list", "confirm")
    assert (said.code, said.sentence) == (
        2,
        "You proposed this change yourself. Somebody else must confirm it.",
    )
    said = told(centre, "sam", "emergency-list", "confirm")
    assert said.code == 0
    assert said.out.startswith("Confirmed. In force from ")

    centre.end(15)
    centre.start()
    said = told(centre, "ada", "emergency-list", "show")
    assert "A change waits (proposed by ada, version 2):\n  fire: comes in, 101\n" in said.out
    assert "Confirmed by sam. In force from " in said.out
    assert "in 23 h 59 min" in said.out

    said = told(centre, "sam", "emergency-list", "withdraw", "--json")
    assert json.loads(said.out) == {"pending": None}
    assert "withdrawn by sam" in told(centre, "ada", "emergency-list", "show").out
