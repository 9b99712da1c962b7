from pathlib import Path

import pytest

from openline.configuration import (
    ConfigurationError,
    Problem,
    load,
    load_text,
)
from openline.model import RefusedError
from tests.configuration.builders import SMALL, changed
from tests.configuration.toml_text import write


def refusal(path: Path) -> Problem:
    with pytest.raises(ConfigurationError) as caught:
        load(path)
    assert len(caught.value.problems) == 1
    return caught.value.problems[0]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "openline.toml"
    path.write_text(write(SMALL)[0], encoding="utf-8")
    return path


def test_a_file_is_read(file: Path) -> None:
    assert load(file).settings.lines[0].key == "night"


def test_a_byte_order_mark_is_no_matter(file: Path) -> None:
    file.write_text(write(SMALL)[0], encoding="utf-8-sig")
    assert load(file).source == write(SMALL)[0]


def test_an_error_is_a_refusal_with_all_problems_in_its_text_and_as_json() -> None:
    text, lines = write(changed(SMALL, ("queues.talk.priority", 11), ("practice.after_s", -1)))
    with pytest.raises(RefusedError) as caught:
        load_text(text, "openline.toml")
    error = caught.value
    assert isinstance(error, ConfigurationError)
    assert error.code == "configuration"
    assert str(error).count("\n") == 1
    assert error.as_json()[0] == {
        "file": "openline.toml",
        "line": lines["queues", "talk", "priority"],
        "column": 1,
        "key": "queues.talk.priority",
        "message": "cannot be 11.",
        "allowed": "Allowed: a whole number from 0 to 10.",
        "nearest": None,
        "text": error.problems[0].text,
    }


def test_a_version_comes_from_the_text_unless_it_is_given() -> None:
    text = write(SMALL)[0]
    assert load_text(text, "a").version == load_text(text, "b").version
    assert load_text(text, "a").version != load_text(text + "#", "a").version
    assert 0 < load_text(text, "a").version < 2**53
    given = load_text(text, "a", version=7)
    assert (given.version, given.settings.version) == (7, 7)


def test_the_secret_is_read_from_a_file_beside_the_configuration(file: Path) -> None:
    turn = {"urls": ["turn:turn.example.org"], "secret_file": "turn-secret.txt"}
    text, lines = write(changed(SMALL, ("telephony.turn", turn)))
    file.write_text(text, encoding="utf-8")
    assert refusal(file).message == "names a file that cannot be read."
    assert refusal(file).line == lines["telephony", "turn", "secret_file"]
    secret = file.with_name("turn-secret.txt")
    secret.write_text("short\n", encoding="utf-8")
    assert refusal(file).message == "names a file that holds no secret."
    secret.write_text("correct-horse-battery\n", encoding="utf-8")
    published = load(file)
    assert published.turn is not None
    assert published.turn.secret == "correct-horse-battery"
    assert "correct" not in repr(published)
