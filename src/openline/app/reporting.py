"""A report on a centre's record, made beside the centre that may be running.

It reads on a connection that cannot write, in a process of its own. Zone, targets and limits are
those of the configuration that is given; the record holds none of them. What a report applied
stands in the report: a figure of last year is not made anew when a target changes, but one that is
made anew applies what it is given, to the whole stretch.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgspec

from openline.app.period import period
from openline.app.record import Record, Tell, record_of
from openline.app.sources import Sources, a_historian, add_steps, add_sums, sources
from openline.configuration import Published
from openline.model import Duration, Instant, LineKey, Origin, QueueKey, RefusedError
from openline.reports import Asked, By, Calendar, Historian, History
from openline.store import Store


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """Is what somebody wants to know, as it was typed."""

    by: By
    minutes: int = 15
    since: str | None = None
    until: str | None = None
    queues: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    per: str | None = None
    origins: tuple[Origin, ...] = (Origin.REAL,)


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """Is a report with all that is needed to read it."""

    history: History
    calendar: Calendar
    request: Request
    targets: dict[QueueKey, Duration]
    short_abandons: dict[QueueKey, Duration]
    forgotten_until: Instant | None
    """To where only sums of real calls are left, if the record has forgotten a part of it."""
    other_origins: tuple[Origin, ...]
    """Of whose calls there are some in the stretch that were not asked for."""


class Read(NamedTuple):
    """Is what was read of a stretch."""

    historian: Historian
    sources: Sources


def make_report(data: Path, published: Published, request: Request, tell: Tell) -> Made:
    """Makes a report.

    Raises `RefusedError` for what cannot be reported, `PeerError` for a record that cannot be read.
    """
    with record_of(data, published.store.url) as record:
        calendar, last = stretch(record.store, published, request)
        read = read_history(record, published, calendar, last, tell, request.origins)
    return made_of(read, published, calendar, request)


def made_of(read: Read, published: Published, calendar: Calendar, request: Request) -> Made:
    """Returns the report that was asked for of what was read."""
    historian = read.historian
    asked = asked_of(request, published, historian.queues(), historian.lines())
    return Made(
        history=historian.history(asked),
        calendar=calendar,
        request=request,
        targets={key: target.within for key, target in published.targets.items()},
        short_abandons={key: each.short_abandon for key, each in published.targets.items()},
        forgotten_until=read.sources.forgotten_until,
        other_origins=tuple(
            each
            for each in Origin
            if each in historian.origins() | read.sources.others and each not in request.origins
        ),
    )


def stretch(store: Store, published: Published, request: Request) -> tuple[Calendar, Instant]:
    """Returns the slices that were asked for, and the record's last instant.

    Raises `RefusedError` for an empty record (`no_record`) or a period that means nothing.
    """
    first, last = next(store.read(store.forgotten()[0]), None), store.last()
    if first is None or last is None:
        raise RefusedError("The record is empty: nothing has happened there yet.", code="no_record")
    since, until = period(request.since, request.until, published.zone, first.at, last.at)
    calendar = Calendar(
        published.zone, request.by, since=since, until=until, minutes=request.minutes
    )
    return calendar, last.at


def read_history(
    record: Record,
    published: Published,
    calendar: Calendar,
    last: Instant,
    tell: Tell,
    origins: tuple[Origin, ...],
) -> Read:
    """Reads what belongs to the slices, from the steps or the sums that are kept of them.

    Raises `PeerError` for a record that cannot be read.
    """
    historian = a_historian(published, calendar)
    end = min(calendar.until, Instant(last + 1))
    found = sources(record, published, calendar.since, calendar.until, origins)
    whole = max(1, sum(min(part.end, end) - part.begin for part in found.steps))
    done = 0
    for part in found.parts:
        if part.is_kept:
            add_sums(record, part, historian)
        else:
            add_steps(record, published, part, historian, partial(_told, tell, done, whole))
            done += part.end - part.begin
    return Read(historian, found)


def _told(tell: Tell, before: int, whole: int, read: Duration) -> None:
    tell(min(before + read, whole), whole)


def asked_of(
    request: Request,
    published: Published,
    queues_met: Iterable[QueueKey] = (),
    lines_met: Iterable[LineKey] = (),
) -> Asked:
    """Checks the keys that were typed: known to the configuration, or met in the record."""
    settings = published.settings
    queues = {queue.key for queue in settings.queues} | set(queues_met)
    lines = {line.key for line in settings.lines} | set(lines_met)
    for option, typed, known in (
        ("--queue", request.queues, queues),
        ("--line", request.lines, lines),
    ):
        for key in typed:
            if key not in known:
                raise RefusedError(
                    f"{option} {key}: there is none of that key.{nearest(key, known)}",
                    code="unknown_key",
                )
    per = request.per
    if per not in (None, "queue", "line"):
        raise RefusedError(
            f"--per {per}: a report can be told apart by queue or by line.", code="bad_per"
        )
    return Asked(
        origins=request.origins,
        queues=tuple(map(QueueKey, request.queues)) or None,
        lines=tuple(map(LineKey, request.lines)) or None,
        per="queue" if per == "queue" else "line" if per == "line" else None,
    )


def nearest(key: str, known: Iterable[str]) -> str:
    """Returns the words that name the nearest known key, or all of them."""
    names = sorted(known)
    near = get_close_matches(key, names, n=1)
    return f" Did you mean {near[0]}?" if near else f" There are: {', '.join(names)}."
