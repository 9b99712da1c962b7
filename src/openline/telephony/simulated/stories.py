"""The stories that practice callers tell, read from the TOML files beside this one.

A story is a person's own words, line by line, with the time that reading and answering take. Rules
for whoever writes one: an ordinary or a hard call as it really comes; dignity before drama; no real
name, place or organisation; nothing that shows how somebody could be harmed; the caller is not
worse off at the end.
"""

import tomllib
from functools import cache
from importlib import resources
from itertools import accumulate
from typing import Literal

import msgspec

from openline.model import SECOND, Duration

_FIRST_LINE_AFTER_S = 1.5
_BEFORE_READING_S = 1.2
_READING_S_PER_CHARACTER = 0.055
"""About 18 characters a second: an easy pace for captions."""
_STAYS_AFTER_S = 8.0


class StoryLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Is what the caller says at a stretch."""

    text: str
    pause_s: float = 4.0
    """How long he leaves the agent to answer, once the line has been read."""

    @property
    def takes_s(self) -> float:
        """How long the line takes with its pause."""
        return _BEFORE_READING_S + _READING_S_PER_CHARACTER * len(self.text) + self.pause_s


class Story(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Is one practice call."""

    key: str = ""
    """Its language and file, such as `en-2-quiet-house`."""
    title: str
    language: str
    opening_topic: str
    medium: Literal["voice", "typed"] = "voice"
    """Whether he says his lines, or types them."""
    lines: tuple[StoryLine, ...]

    def line_starts(self) -> tuple[Duration, ...]:
        """Returns when each line is said, in time of talk without hold, and last when he goes."""
        starts = accumulate((line.takes_s for line in self.lines), initial=_FIRST_LINE_AFTER_S)
        *lines, last = starts
        return tuple(Duration(int(at * SECOND)) for at in (*lines, last + _STAYS_AFTER_S))


@cache
def stories() -> tuple[Story, ...]:
    """Returns all stories, those of a language together, the easier before the harder.

    Raises:
        msgspec.ValidationError: A file is not a story.
    """
    found: list[Story] = []
    folder = resources.files(__package__).joinpath("stories")
    for language in sorted(folder.iterdir(), key=lambda entry: entry.name):
        for file in sorted(language.iterdir(), key=lambda entry: entry.name):
            story = msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), Story)
            key = f"{language.name}-{file.name.removesuffix('.toml')}"
            found.append(msgspec.structs.replace(story, key=key))
    return tuple(found)
