from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from openline import __version__
from openline.cli.main import app
from tests.cli.command import in_here, openline
from tests.docs.pages import ROOT


def commands_of(group: typer.Typer, *before: str) -> Iterator[list[str]]:
    """Yields every command for people, whoever added it."""
    for command in group.registered_commands:
        assert command.callback is not None
        if not command.hidden:
            name = command.name or command.callback.__name__.replace("_", "-")
            yield [*before, name]
    for inner in group.registered_groups:
        assert inner.typer_instance is not None
        assert inner.name is not None
        yield from commands_of(inner.typer_instance, *before, inner.name)


COMMANDS = [command for command in commands_of(app) if command != ["version"]]


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


def test_the_reference_names_every_command() -> None:
    text = (ROOT / "docs" / "reference" / "commands.md").read_text("utf-8")
    for command in COMMANDS:
        assert f"`openline {' '.join(command)}" in text


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_an_option_that_there_is_not_ends_every_command_with_2(command: list[str]) -> None:
    said = in_here(*command, "--no-such-option")
    assert said.code == 2
    assert "--no-such-option" in said.sentence


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
