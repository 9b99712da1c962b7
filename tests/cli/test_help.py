from pathlib import Path

import pytest

from openline import __version__
from tests.cli.command import in_here, openline

COMMANDS = [
    ["run"],
    ["check"],
    ["new"],
    ["replay"],
    ["publish"],
    ["published"],
    ["backup"],
    ["restore"],
    ["privacy"],
    ["report"],
    ["export"],
    ["simulate"],
    ["doctor"],
    ["staff"],
    ["user", "add"],
    ["user", "list"],
    ["user", "close"],
]


def test_the_version_is_printed() -> None:
    assert openline("version") == (0, f"{__version__}\n", "")


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_the_help_of_a_command_gives_examples_that_can_be_copied(command: list[str]) -> None:
    said = in_here(*command, "--help")
    assert said.code == 0
    _, _, after = said.out.partition("For example:")
    lines = [line.strip(" │\n") for line in after.splitlines()]
    examples = [line for line in lines if line.startswith("openline ")]
    assert examples
    assert all(line.startswith(f"openline {' '.join(command)}") for line in examples)


def test_the_help_lists_every_command_for_people_and_no_other() -> None:
    said = in_here("--help")
    assert said.code == 0
    for command in (*(each[0] for each in COMMANDS), "version"):
        assert command in said.out
    assert "serve" not in said.out


@pytest.mark.parametrize(
    "arguments", [["dance"], ["run", "--sped", "2"], ["check"], ["run", "--port", "many"]], ids=str
)
def test_wrong_use_ends_with_2_and_says_what_is_wrong(arguments: list[str]) -> None:
    said = in_here(*arguments)
    assert said.code == 2
    assert said.sentence


def test_nothing_of_the_centre_is_loaded_for_the_version(tmp_path: Path) -> None:
    said = openline("version", cwd=tmp_path, environment={"PYTHONPROFILEIMPORTTIME": "1"})
    loaded = {line.rpartition("|")[2].strip() for line in said.err.splitlines()}
    assert "openline.cli.main" in loaded
    assert not {"fastapi", "sqlalchemy", "openline.centre", "openline.engine"} & loaded
