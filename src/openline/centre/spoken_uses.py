"""Where do callers hear which recording? For whoever is about to speak another one."""

from collections.abc import Iterator, Mapping

import msgspec

from openline.configuration import Published
from openline.engine import ToMessage
from openline.engine.settings import LineSettings


class SoundUse(msgspec.Struct, frozen=True, kw_only=True):
    """Is a place where callers hear a recording."""

    kind: str
    """As `greeting`, `menu`, `closed`."""
    name: str
    """Of the line, menu, box or queue."""
    may_be_heard: bool = False
    """Whether it must say that calls may be heard by others, since they are."""


def uses_of(published: Published, language: str) -> Mapping[str, list[SoundUse]]:
    """Returns by the name of a recording where it is heard; those that nobody hears are left out.

    The order is that of a call: greetings first, then what is asked, then messages.
    """
    settings = published.settings
    by_name: dict[str, list[str]] = {}
    for each in settings.recordings:
        by_name.setdefault(each.recording, []).append(each.sound)
    found: dict[str, list[SoundUse]] = {}
    for name, use in _all(published, language):
        for sound in dict.fromkeys(by_name.get(name, [name])):
            uses = found.setdefault(sound, [])
            if use not in uses:
                uses.append(use)
    return found


def _all(published: Published, language: str) -> Iterator[tuple[str, SoundUse]]:
    settings = published.settings
    for line in settings.lines:
        yield from _of_line("greeting", line, published, language)
    for surge in settings.surges:
        for line in surge.lines:
            yield from _of_line("surge", line, published, language)
    for line in settings.lines:
        name = published.name_of("line", line.key, language)
        if line.consent is not None:
            yield line.consent.question, SoundUse(kind="consent", name=name)
    for menu in settings.menus:
        yield menu.prompt, SoundUse(kind="menu", name=menu.key)
    for line in settings.lines:
        name = published.name_of("line", line.key, language)
        for kind, destination in (("closed", line.closed), ("emergency", line.emergency)):
            if isinstance(destination, ToMessage):
                yield destination.sound, SoundUse(kind=kind, name=name)
    for box in settings.boxes:
        name = published.name_of("voicemail", box.key, language)
        yield box.prompt, SoundUse(kind="voicemail", name=name)
        yield box.cannot_record, SoundUse(kind="cannot_record", name=name)
    for queue in settings.queues:
        name = published.name_of("queue", queue.key, language)
        for step in queue.interflow:
            if step.announcement is not None:
                yield step.announcement, SoundUse(kind="announcement", name=name)
        if queue.callback is not None and queue.callback.goodbye is not None:
            yield queue.callback.goodbye, SoundUse(kind="goodbye", name=name)


def _of_line(
    kind: str, line: LineSettings, published: Published, language: str
) -> Iterator[tuple[str, SoundUse]]:
    if line.greeting is not None:
        name = published.name_of("line", line.key, language)
        yield line.greeting, SoundUse(kind=kind, name=name, may_be_heard=line.listening)
