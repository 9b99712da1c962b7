"""`openline replay --call`: the story of one call, in words or as data."""

import json as json_codec
from datetime import UTC, datetime, timedelta
from pathlib import Path

import typer

from openline.app.record import story_of
from openline.centre.clock import wall_now
from openline.model import SECOND, CallId, Instant

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def tell_story(data: Path, number: int, json: bool, url: str | None) -> int:
    """Tells it; returns the exit code."""
    story = story_of(data, CallId(number), url)
    chapters = story.chapters(Instant(wall_now()))
    origin = None if story.origin is None else story.origin.value
    if json:
        told = [
            {
                "at": _shown(chapter.at),
                "event": chapter.event,
                "words": chapter.words,
                "reason": chapter.reason,
                "facts": chapter.facts,
            }
            for chapter in chapters
        ]
        typer.echo(
            json_codec.dumps(
                {"call": number, "origin": origin, "is_over": story.is_over, "story": told},
                ensure_ascii=False,
                indent=2,
            )
        )
        return 0
    typer.echo(f"Call {number}, {origin}, from {_shown(chapters[0].at)}:")
    for chapter in chapters:
        after = (chapter.at - chapters[0].at) / SECOND
        typer.echo(f"  {after:9.1f} s  {chapter.words}")
    if not story.is_over:
        typer.echo("It goes on.")
    return 0


def _shown(at: Instant) -> str:
    moment = _EPOCH + timedelta(microseconds=at)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
