"""The documentation as its tests read it: pages, and the blocks, links and names in them."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
ADRS = ROOT / "docs" / "adr"

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\[\]]*\])*\]\(([^)\s]+)\)")
_SOURCE = re.compile(r'<(?:img|a)\b[^>]*\b(?:src|href)="([^"]+)"')
_NAME = re.compile(r"`([^`\s]+)`")
_FOREIGN = re.compile(r"^[a-z]+:")


def pages() -> list[Path]:
    """Returns every page of the documentation."""
    return sorted(
        [
            *ROOT.glob("*.md"),
            *(ROOT / "docs").rglob("*.md"),
            *(ROOT / "changes.d").rglob("*.md"),
        ]
    )


def name_of(page: Path) -> str:
    """Returns the page's path in the checkout, for the names of tests."""
    return str(page.relative_to(ROOT))


def blocks(page: Path, language: str) -> list[str]:
    """Returns the fenced blocks of a language, in order."""
    return [body for kind, body in _FENCE.findall(page.read_text("utf-8")) if kind == language]


def commands(block: str) -> list[str]:
    """Returns the commands of a shell block, one a line, continued lines joined."""
    joined = block.replace("\\\n", " ")
    return [line.strip() for line in joined.splitlines() if line.strip() and line[0] != "#"]


def links(page: Path) -> list[str]:
    """Returns the targets of links and pictures that lie in the checkout."""
    text = _CODE.sub("", page.read_text("utf-8"))
    found = _LINK.findall(text) + _SOURCE.findall(text)
    return [target for target in found if not _FOREIGN.match(target)]


def anchors(page: Path) -> set[str]:
    """Returns the names by which a page's headings can be linked to."""
    found = set()
    for heading in re.findall(r"^#+ +(.+)$", page.read_text("utf-8"), re.MULTILINE):
        kept = re.sub(r"[^\w\- ]", "", heading.lower())
        found.add(kept.replace(" ", "-"))
    return found


def files_named(page: Path) -> Iterator[str]:
    """Yields the files and folders of the checkout that a page names in code letters.

    A name with a star stands for several and is left out.
    """
    for name in _NAME.findall(page.read_text("utf-8")):
        if "*" in name:
            continue
        if re.fullmatch(r"[\w./-]+\.(py|ts|po|toml|md|html)", name) or (
            name.startswith(("src/", "tests/", "docs/", "frontend/", "scripts/", "examples/"))
        ):
            yield name


def modules_named(page: Path) -> Iterator[str]:
    """Yields what a page names as a Python module or a part of one."""
    for name in _NAME.findall(page.read_text("utf-8")):
        if re.fullmatch(r"openline(\.\w+)+", name) and not name.endswith((".sqlite", ".service")):
            yield name
