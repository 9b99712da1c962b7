"""Every command that the documentation tells somebody to type works, or is at least a command."""

import re
import subprocess
from pathlib import Path

import pytest

from openline.configuration import load_text
from tests.docs.pages import ROOT, blocks, commands, name_of, pages
from tests.docs.reader import Reader

# These change the machine, take minutes, or are this very run.
ONLY_PARSED = ("systemctl", "./test", "./bench")

TUTORIAL = ROOT / "docs" / "tutorial" / "first-call.md"
TOLD = [page for page in pages() if blocks(page, "sh") and page != TUTORIAL]


def is_shell(text: str) -> bool:
    """Tells whether bash can read it."""
    return subprocess.run(["bash", "-n", "-c", text], check=False).returncode == 0


def said_to(page: Path, reader: Reader) -> list[str]:
    """Types what a page tells to type, in that order, and returns the answers."""
    said = []
    for block in blocks(page, "sh"):
        for command in commands(block):
            assert is_shell(command), command
            if not command.startswith(ONLY_PARSED):
                assert reader.can_type(command), f"nobody said how to try {command!r}"
                said.append(reader.types(command))
    return said


# A tutorial is some dozen commands, and beside other work each takes several times as long.
@pytest.mark.timeout(400)
@pytest.mark.parametrize("page", TOLD, ids=name_of)
def test_what_a_page_tells_to_type_works_in_that_order(page: Path, tmp_path: Path) -> None:
    for whole in blocks(page, "toml"):
        if "[centre]" in whole:
            (tmp_path / "evening.toml").write_text(whole, encoding="utf-8")
    said_to(page, Reader(tmp_path))


def test_the_tutorial_works_and_ends_with_a_centre_of_ones_own(tmp_path: Path) -> None:
    started, again, replayed, _, checked, added, own = said_to(TUTORIAL, Reader(tmp_path))
    told = TUTORIAL.read_text("utf-8")
    for line in started.splitlines():
        # The port was chosen by the system.
        assert re.sub(r"(127\.0\.0\.1):\d+$", r"\1:8800", line.strip()) in told
    assert "demonstration" in again
    assert "steps agree" in replayed
    assert "good" in checked
    assert "amira may now sign in as agent" in added
    assert "is open" in own
    assert "demonstration" not in own


def test_the_version_is_told(tmp_path: Path) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", Reader(tmp_path).types(".venv/bin/openline version"))


def test_what_contributors_are_told_to_type_is_shell() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    told = [
        block
        for block in re.findall(r"(?:^    .*\n)+", text, re.MULTILINE)
        if not block.startswith("    src/")  # the list of folders
    ]
    assert len(told) >= 3
    for block in told:
        assert is_shell(block), block
    for name in re.findall(r"(?<![\w/.])\./(\w+)", text):
        assert (ROOT / name).stat().st_mode & 0o100, name


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_every_whole_configuration_on_a_page_is_right(page: Path) -> None:
    for block in blocks(page, "toml"):
        if "[centre]" in block:
            assert load_text(block, name_of(page)).warnings == ()
