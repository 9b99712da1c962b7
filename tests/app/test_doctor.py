"""Whether the doctor finds what is wrong, and nothing where all is well."""

import sqlite3
from pathlib import Path

import pytest

from openline.app.doctor import Finding, Level, examine
from openline.model import Instant
from openline.store import DataFolder
from tests.cli.tried import SMALL, keep_two_days


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    keep_two_days(folder)
    return folder


def found(data: Path, config: Path = SMALL) -> dict[str, Finding]:
    return {finding.about: finding for finding in examine(config, data)}


def test_a_sound_folder_is_fine(data: Path) -> None:
    findings = found(data)
    for about in ("configuration", "folder rights", "spool", "record", "keys", "gaps", "snapshot"):
        assert findings[about].level is Level.OK, findings[about]
    assert "follow from one another" in findings["record"].words


def test_everything_that_is_not_well_says_how_to_mend_it(data: Path) -> None:
    data.chmod(0o755)
    for finding in found(data).values():
        assert (finding.level is Level.OK) == (finding.mend is None)


def test_it_changes_nothing(data: Path) -> None:
    before = {each.name: each.read_bytes() for each in data.iterdir() if each.is_file()}
    found(data)
    after = {each.name: each.read_bytes() for each in data.iterdir() if each.is_file()}
    for name in ("openline.sqlite", "keys.sqlite"):
        assert after[name] == before[name]
    assert set(after) - set(before) <= {"openline.sqlite-shm", "openline.sqlite-wal", "lock"}


def test_a_folder_that_others_may_enter_is_wrong(data: Path) -> None:
    data.chmod(0o755)
    assert found(data)["folder rights"].level is Level.WRONG
    assert found(data)["folder rights"].mend == f"chmod 700 {data}"


def test_a_changed_record_is_wrong(data: Path) -> None:
    with sqlite3.connect(data / "openline.sqlite") as connection:
        connection.execute("UPDATE journal SET body = zeroblob(40) WHERE step = 9")
    connection.close()
    finding = found(data)["record"]
    assert (finding.level, finding.mend) == (
        Level.WRONG,
        "Restore a backup into a new folder.",
    )
    assert "step 9 was changed" in finding.words


def test_keys_that_are_gone_are_wrong(data: Path) -> None:
    (data / "keys.sqlite").unlink()
    assert found(data)["keys"].level is Level.WRONG


def test_steps_in_the_spool_are_told(data: Path) -> None:
    (data / "spool").write_bytes(bytes(4_096) + b"\0\0\0\0\0\0\0\x05hello" + bytes(100))
    assert found(data)["spool"].level is Level.WARN
    with DataFolder(data).hold(Instant(0)):
        assert found(data)["spool"].level is Level.WRONG


def test_a_running_centre_that_does_not_answer_is_told(data: Path, tmp_path: Path) -> None:
    config = tmp_path / "small.toml"
    text = SMALL.read_text("utf-8").replace("[queues.talk]", "[server]\nport = 1\n\n[queues.talk]")
    config.write_text(text, encoding="utf-8")
    with DataFolder(data).hold(Instant(0)):
        assert found(data, config)["port"].level is Level.WARN


def test_a_broken_configuration_is_wrong_and_the_rest_is_examined_all_the_same(
    data: Path, tmp_path: Path
) -> None:
    config = tmp_path / "broken.toml"
    config.write_text("[centre]\n", encoding="utf-8")
    findings = found(data, config)
    assert findings["configuration"].level is Level.WRONG
    assert findings["record"].level is Level.OK


def test_a_folder_that_is_not_there_is_no_fault(tmp_path: Path) -> None:
    findings = found(tmp_path / "none")
    assert findings["data folder"].level is Level.WARN
    assert not (tmp_path / "none").exists()
