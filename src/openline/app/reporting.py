"""A report on a centre's record, made beside the centre that may be running.

It reads on a connection that cannot write, in a process of its own. Zone, targets and limits are
those of the configuration that is given; the record holds none of them. What a report applied
stands in the report: a figure of last year is not made anew when a target changes, but one that is
made anew applies what it is given, to the whole stretch.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

import msgspec

from openline.app.key_copies import segment_keys
from openline.app.period import period
from openline.app.storage import open_store_to_read
from openline.centre.clock import wall_now
from openline.centre.reading import events_between
from openline.centre.sums import kept_sums
from openline.configuration import Published
from openline.model import MINUTE, Duration, Instant, LineKey, Origin, QueueKey, RefusedError
from openline.reports import Asked, By, Calendar, Historian, History
from openline.sealing import SegmentKeys
from openline.sealing.kinds import DAY
from openline.store import DataFolder, Store

SIGNED_IN_WITHIN = Duration(48 * 60 * MINUTE)
"""So far before its begin a report reads, to know who was signed in."""

Tell = Callable[[int, int], None]
"""Is told how much of how much is done."""


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


class Record(NamedTuple):
    """Is a centre's record, open to be read."""

    store: Store
    keys: SegmentKeys


@contextmanager
def record_of(data: Path, url: str | None = None) -> Iterator[Record]:
    """Opens the record of a data folder to read; the centre may be running."""
    folder = DataFolder(data)
    store = open_store_to_read(folder, url)
    try:
        yield Record(store, segment_keys(folder, Instant(wall_now())))
    finally:
        store.close()


def make_report(data: Path, published: Published, request: Request, tell: Tell) -> Made:
    """Makes a report.

    Raises `RefusedError` for what cannot be reported, `PeerError` for a record that cannot be read.
    """
    with record_of(data, published.store.url) as record:
        calendar, last = stretch(record.store, published, request)
        historian, forgotten_until = read_history(record, published, calendar, last, tell)
    asked = asked_of(request, published, historian.queues(), historian.lines())
    return Made(
        history=historian.history(asked),
        calendar=calendar,
        request=request,
        targets={key: target.within for key, target in published.targets.items()},
        short_abandons={key: each.short_abandon for key, each in published.targets.items()},
        forgotten_until=forgotten_until,
        other_origins=tuple(o for o in historian.origins() if o not in request.origins),
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
    record: Record, published: Published, calendar: Calendar, last: Instant, tell: Tell
) -> tuple[Historian, Instant | None]:
    """Reads what belongs to the slices, the steps or the sums that are kept of them.

    Returns also to where only sums were found, if the record has forgotten a part of the stretch.
    Raises `PeerError` for a record that cannot be read.
    """
    historian = Historian(
        calendar,
        settings=published.settings,
        targets={key: target.within for key, target in published.targets.items()},
        short_abandons={key: each.short_abandon for key, each in published.targets.items()},
    )
    begin = Instant(calendar.since - SIGNED_IN_WITHIN)
    span = max(1, min(calendar.until, last) - begin)
    # Whole days are forgotten, so the first day of which a step is left is there in full.
    steps_from = calendar.until
    for count, (at, events) in enumerate(events_between(record.store, record.keys, begin)):
        if count == 0:
            steps_from = Instant(at - at % DAY)
        if not historian.take(at, events):
            break
        if count % 4096 == 0:
            tell(min(at - begin, span), span)
    sums_until = min(steps_from, calendar.until)
    kept = kept_sums(record.store, calendar.since, sums_until)
    for sums in kept:
        historian.add(sums.start, sums.calls, sums.agents)
    has_forgotten = record.store.forgotten()[0] > 0 and sums_until > calendar.since
    return historian, sums_until if kept or has_forgotten else None


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
