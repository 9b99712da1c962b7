"""Does `openline publish` change a centre that runs, as its words say?"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from openline.app.people import add
from openline.identity import Role
from tests.app.running import RunningCentre
from tests.centre.small_published import TEXT
from tests.cli.command import Said, openline

PASSWORD = "correct horse battery"
RENAMED = TEXT.replace('es = "Llamadas en español"', 'es = "Español"')


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[RunningCentre]:
    running = RunningCentre(tmp_path)
    administrator = Role.ADMINISTRATOR
    add(running.data, login="ada", password=PASSWORD, name="Ada", role=administrator, agent=None)
    running.start()
    yield running
    running.close()


def told(centre: RunningCentre, *arguments: str | Path, password: str = PASSWORD) -> Said:
    at = f"http://127.0.0.1:{centre.port}"
    return openline(
        *arguments, "--login", "ada", "--at", at, "--password-stdin", stdin=password + "\n"
    )


def test_a_file_is_tried_published_listed_and_undone(centre: RunningCentre, tmp_path: Path) -> None:
    file = tmp_path / "new.toml"
    file.write_text(RENAMED, encoding="utf-8")

    # Without a base: refused, with the difference.
    said = told(centre, "publish", file)
    assert said.code == 1
    assert 'queues.spanish.name.es: was "Llamadas en español", is "Español"' in said.out
    assert "does not say from which version it was begun" in said.err

    said = told(centre, "publish", file, "--base", "1", "--dry-run")
    assert said.code == 0
    assert said.out.endswith("This would become version 2. Nothing was published.\n")

    said = told(centre, "publish", file, "--base", "1")
    assert said.code == 0
    assert said.out.endswith("Version 2 is in force.\n")

    said = told(centre, "published")
    assert said.code == 0
    first, second = said.out.splitlines()
    assert "from a file, at a start" in first
    assert second.endswith("by ada  in force")

    # What is exported says from which version it was begun, so it needs no --base.
    exported = told(centre, "published", "2")
    assert exported.out == f"# openline version 2\n{RENAMED}"
    file.write_text(exported.out.replace('"Español"', '"En español"'), encoding="utf-8")
    said = told(centre, "publish", file, "--json")
    assert said.code == 0
    assert json.loads(said.out)["version"] == 3

    # Undo: an older version, published again.
    file.write_text(told(centre, "published", "1").out, encoding="utf-8")
    said = told(centre, "publish", file)
    assert said.code == 1
    assert "was begun from version 1, and version 3 is in force, published by ada" in said.err
    said = told(centre, "publish", file, "--base", "3")
    assert said.code == 0
    assert json.loads(told(centre, "published", "4", "--json").out)["text"] == TEXT

    # The store is the truth: the file of the start has been overtaken.
    file.write_text(RENAMED, encoding="utf-8")
    assert told(centre, "publish", file, "--base", "4").code == 0
    centre.end(15)
    centre.start()
    assert "version 5" in told(centre, "published").out.splitlines()[-1]


def test_mistakes_are_told_in_words(centre: RunningCentre, tmp_path: Path) -> None:
    file = tmp_path / "new.toml"
    file.write_text(TEXT.replace("[queues.spanish]", "[queue.spanish]"), encoding="utf-8")
    said = told(centre, "publish", file)
    assert said.code == 1
    assert "new.toml:" in said.sentence

    file.write_text(TEXT, encoding="utf-8")
    said = told(centre, "publish", file, password="wrong and long enough")
    assert said.code == 2
    assert said.sentence == "ada and this password do not belong together."

    said = told(centre, "published", "77")
    assert (said.code, said.sentence) == (2, "There is no version 77.")

    said = openline("published", "--login", "ada", "--at", "nowhere", stdin=PASSWORD)
    assert said.code == 2
    assert "is no address of a centre" in said.err

    centre.end(15)
    at = f"http://127.0.0.1:{centre.port}"
    centre.listening.close()
    said = openline(
        "published", "--login", "ada", "--at", at, "--password-stdin", stdin=PASSWORD + "\n"
    )
    assert said.code == 1
    assert "No centre answers at" in said.sentence


def test_without_an_address_the_centre_is_looked_for_where_the_file_says(
    centre: RunningCentre, tmp_path: Path
) -> None:
    file = tmp_path / "new.toml"
    file.write_text(f"{RENAMED}\n[server]\nport = {centre.port}\n", encoding="utf-8")
    said = openline(
        *("publish", file, "--login", "ada", "--base", "1", "--dry-run", "--password-stdin"),
        stdin=PASSWORD + "\n",
    )
    assert said.code == 0, said.err
    assert "This would become version 2. Nothing was published." in said.out
