"""A story as a page tells it: its chapters as data, and whether it is too old to be exact."""

import msgspec

from openline.model import CallId, Instant, Origin
from openline.reports.story import EXACT_FOR, Chapter, Story


class KeptText(msgspec.Struct, frozen=True, kw_only=True):
    """Is something that was sealed with the call; both None: it is destroyed."""

    kind: str | None
    destroy_at: Instant | None


class ToldStory(msgspec.Struct, frozen=True, kw_only=True):
    """Is the story of one call, as far as it may be told now."""

    call: CallId
    origin: Origin
    is_over: bool
    is_exact: bool
    """False where times are those of their quarters of an hour and agents are left out."""
    chapters: tuple[Chapter, ...]
    exact_until: Instant
    """When it begins to be told by quarters of an hour."""
    kept: tuple[KeptText, ...] = ()


def told_of(story: Story, now: Instant) -> ToldStory:
    """Returns what may be told of a story now; the story must have a call."""
    chapters = story.chapters(now)
    origin = story.origin or Origin.REAL
    newest = chapters[-1].at if chapters else now
    return ToldStory(
        call=story.call,
        origin=origin,
        is_over=story.is_over,
        is_exact=origin is Origin.SIMULATED or newest >= now - EXACT_FOR,
        chapters=chapters,
        exact_until=Instant(newest + EXACT_FOR),
    )
