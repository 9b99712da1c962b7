import os
from pathlib import Path

import pytest

from openline.configuration import LARGEST_FILE_BYTES, ConfigurationError, Problem
from openline.configuration.read import read


def refusal(path: Path) -> Problem:
    with pytest.raises(ConfigurationError) as caught:
        read(path)
    assert len(caught.value.problems) == 1
    return caught.value.problems[0]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "openline.toml"
    path.write_text("[centre]", encoding="utf-8")
    return path


def test_the_text_of_a_file_is_read(file: Path) -> None:
    assert read(file) == "[centre]"


def test_a_missing_file_is_told_with_one_beside_it_that_has_nearly_its_name(file: Path) -> None:
    problem = refusal(file.with_name("openlin.toml"))
    assert problem.message == "there is no such file."
    assert problem.nearest == str(file)
    assert problem.line is None


def test_a_folder_is_told_with_a_file_in_it(file: Path) -> None:
    problem = refusal(file.parent)
    assert problem.message == "is a folder, not a file."
    assert problem.nearest == str(file)


def test_what_is_neither_file_nor_folder_is_told() -> None:
    assert refusal(Path(os.devnull)).message == "is not a file that can be read."


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_told(file: Path) -> None:
    file.chmod(0)
    assert refusal(file).message == "may not be read by the user who runs Openline."


def test_a_file_beside_a_file_is_told(file: Path) -> None:
    assert refusal(file / "openline.toml").message.startswith("cannot be read (")


def test_a_file_that_is_not_utf8_is_told_with_its_line(file: Path) -> None:
    file.write_bytes(b"[centre]\nname = 'L\xednea'\n")
    problem = refusal(file)
    assert problem.message == "has a character that is not UTF-8."
    assert problem.line == 2


def test_a_file_in_utf16_is_told(file: Path) -> None:
    file.write_text("[centre]", encoding="utf-16")
    assert refusal(file).message == "is written in UTF-16."


def test_a_file_that_is_too_large_is_told(file: Path) -> None:
    file.write_bytes(b"#" * (LARGEST_FILE_BYTES + 1))
    assert refusal(file).message == "is larger than 5 MB."
