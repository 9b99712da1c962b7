"""Reads the page protocol's own document, so that tests compare the code with what is promised.

`docs/reference/page-protocol.md` is written for people; what is read from it here is only which
keys a message or view has. A change of its layout that this cannot read fails loudly.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

DOCUMENT = Path(__file__).parents[2] / "docs" / "reference" / "page-protocol.md"

_KEY = re.compile(r'"(\w+)"')

Keys = dict[str, "Keys | None"]
"""Keys of an object; below a key that holds an object, or a list of them, its keys."""


@cache
def text() -> str:
    """Returns the document."""
    return DOCUMENT.read_text(encoding="utf-8")


def section(title: str) -> str:
    """Returns what stands under a heading of the second level."""
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", text(), re.DOTALL | re.MULTILINE)
    assert found, f"there is no section {title!r} in the page protocol"
    return found[1]


def caller_keys() -> Keys:
    """Returns the keys of a caller's view."""
    found = re.search(r"`VIEW` of a caller: `(\{.*?\})`\.", section("Caller's page"), re.DOTALL)
    assert found, "the caller's view is not where it was"
    return _object(found[1].replace("`\n`", ""))


def agent_keys() -> Keys:
    """Returns the keys of an agent's view."""
    found = re.search(r"`VIEW` of an agent:\n\n((?: {4}.*\n)+)", section("Agent desktop"))
    assert found, "the agent's view is not where it was"
    return _object(re.sub(r"#.*", "", found[1]))


def picture_keys() -> Keys:
    """Returns the keys of the wallboard's picture."""
    blocks = re.search(
        r"Each picture is:\n\n((?: {4}.*\n)+)\n((?: {4}.*\n)+)", section("Wallboard")
    )
    assert blocks, "the picture is not where it was"
    figures = _object(blocks[2].replace("FIGURES =", ""))
    picture = _object(re.sub(r"#.*", "", blocks[1]).replace(", ...FIGURES", ""))
    queues = picture["queues"]
    assert queues is not None
    return {**picture, "total": figures, "queues": {**queues, **figures}}


def message_keys(title: str, speaker: str) -> dict[str, set[str]]:
    """Returns the keys of each kind of message in a section that somebody says, `t` included."""
    body = section(title)
    start = body.index(speaker)
    rows = re.search(r"(?:^\|.*\n)+", body[start:], re.MULTILINE)
    assert rows, f"there is no table after {speaker!r}"
    messages: dict[str, set[str]] = {}
    for row in rows[0].splitlines():
        for message in re.findall(r"`(\{\"t\":.*?\})`", row):
            kind = re.match(r'\{"t":"(\w+)"', message)
            assert kind, message
            messages[kind[1]] = set(_object(message))
    return messages


def of(view: Any, keys: Keys) -> None:
    """Asserts that a view has exactly these keys, and so its parts, where they are there."""
    assert set(view) == set(keys)
    for name, below in keys.items():
        if below is not None and view[name] is not None:
            for part in view[name] if isinstance(view[name], list) else [view[name]]:
                of(part, below)


def _object(written: str) -> Keys:
    """Returns the keys of an object as the document writes it, values in its own shorthand."""
    keys: Keys = {}
    depth, name, is_value, start = 0, "", False, 0
    at = 0
    while at < len(written):
        letter = written[at]
        if letter in "{[":
            depth += 1
            if depth == 2 and is_value:
                start = at
        elif letter in "}]":
            if depth == 2 and is_value:
                inner = written[start : at + 1].strip("[]")
                if inner.startswith("{") and _KEY.search(inner):
                    keys[name] = _object(inner)
            depth -= 1
        elif depth == 1 and letter == ",":
            is_value = False
        elif depth == 1 and letter == ":":
            is_value = True
        elif depth == 1 and letter == '"' and not is_value:
            found = _KEY.match(written, at)
            assert found, f"not a key: {written[at : at + 20]}"
            name = found[1]
            keys[name] = None
            at = found.end()
            continue
        at += 1
    return keys
