import json
from pathlib import Path

import pytest

from openline.app.backup import keys_beside
from openline.model import Instant
from openline.sealing import KeyCopyFile, read_copy
from tests.cli.command import openline
from tests.cli.test_replay import keep_a_record


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    keep_a_record(tmp_path / "data")
    return tmp_path / "data"


def test_a_centre_is_backed_up_and_restored_in_sentences(data: Path, tmp_path: Path) -> None:
    archive = tmp_path / "monday.backup"
    said = openline("backup", archive, "--data", data)
    assert said.code == 0, said.err
    assert "was read again and is whole" in said.out
    assert "may be used for 48 hours" in said.out
    said = openline("restore", archive, tmp_path / "new")
    assert said.code == 0, said.err
    assert "holds the centre as it was on" in said.out
    assert "no keys" not in said.out
    assert (
        openline("replay", "--data", tmp_path / "new").out == openline("replay", "--data", data).out
    )


def test_machines_are_answered_in_json(data: Path, tmp_path: Path) -> None:
    archive = tmp_path / "monday.backup"
    made = json.loads(openline("backup", archive, "--data", data, "--json").out)
    assert made["steps"] == made["rows"]["journal"] > 10
    assert made["keys"] == str(keys_beside(archive))
    restored = json.loads(openline("restore", archive, tmp_path / "new", "--json").out)
    assert (restored["steps"], restored["made"]) == (made["steps"], made["made"])


def test_old_keys_are_refused_and_the_centre_can_be_restored_without(
    data: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "monday.backup"
    assert openline("backup", archive, "--data", data).code == 0
    keys = keys_beside(archive)
    found = read_copy(keys)
    keys.unlink()
    KeyCopyFile(
        made_at=Instant(found.made_at - 49 * 3_600_000_000),
        centre=found.centre,
        backup=found.backup,
        copy=found.copy,
    ).write(keys)
    said = openline("restore", archive, tmp_path / "new")
    assert said.code == 2
    assert "After 48 hours a copy is not used any more" in said.sentence
    said = openline("restore", archive, tmp_path / "new", "--without-keys")
    assert said.code == 0
    assert "no call from before can be read" in said.out


def test_what_cannot_be_done_is_said_in_a_sentence(data: Path, tmp_path: Path) -> None:
    said = openline("backup", tmp_path / "x", "--data", tmp_path / "nowhere")
    assert said.code == 2
    assert "There is no centre in" in said.sentence
    assert not (tmp_path / "nowhere").exists()
    said = openline("backup", tmp_path / "no" / "folder", "--data", data)
    assert said.code == 1
    assert "could not be read or written: No such file" in said.sentence
    said = openline("restore", tmp_path / "x", tmp_path / "new")
    assert said.code == 2
    assert "There is no backup" in said.sentence
