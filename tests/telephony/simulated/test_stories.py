import re

import pytest

from openline.telephony.simulated import Story, stories

LANGUAGES = ("en", "es")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_at_least_four_stories(language: str) -> None:
    assert len([story for story in stories() if story.language == language]) >= 4


@pytest.mark.parametrize("story", stories(), ids=lambda story: str(story.key))
def test_a_story_can_be_followed(story: Story) -> None:
    assert story.key.startswith(f"{story.language}-")
    assert re.fullmatch(r"[a-z0-9-]+", story.key)
    assert 6 <= len(story.lines) <= 10
    assert story.title
    assert story.opening_topic
    for line in story.lines:
        assert 0 < len(line.text) <= 240
        assert 0 < line.pause_s <= 15
    starts = story.line_starts()
    assert len(starts) == len(story.lines) + 1
    assert list(starts) == sorted(set(starts))
    assert 45 <= starts[-1] / 1_000_000 <= 240


def test_the_easiest_story_of_a_language_comes_first() -> None:
    for language in LANGUAGES:
        first = next(story for story in stories() if story.language == language)
        assert first.opening_topic in ("food", "alimentos")
