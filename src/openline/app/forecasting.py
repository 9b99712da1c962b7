"""A centre's own calls of the past, from its record: what `openline forecast` learns from."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from openline.app.record import Tell, record_of
from openline.app.reporting import Request, asked_of, read_history
from openline.centre.sums import WHOLE_DAY
from openline.configuration import Published
from openline.measures import INTERVAL, start_of_interval
from openline.model import MINUTE, SECOND, Instant, LineKey, Origin, RefusedError
from openline.planning.forecast.history import MINUTES_OF_DAY, History, opened
from openline.planning.history_file.reading import HistoryFile
from openline.reports import Asked, By, Calendar
from openline.store import Store


def calls_of_record(
    data: Path,
    published: Published,
    *,
    minutes: int,
    origins: Sequence[Origin],
    before: datetime | None,
    tell: Tell,
) -> HistoryFile:
    """Returns the calls that were offered, by line and interval, as a history file has them.

    An interval in which nobody called is zero. `before` is civil time. Works beside the centre
    that may be running.

    Raises:
        RefusedError: there is no such call in the record (`no_record`).
        PeerError: the record cannot be read.
    """
    with record_of(data, published.store.url) as record:
        since, until = _whole(record.store, minutes)
        calendar = Calendar(published.zone, By.INTERVAL, since=since, until=until, minutes=minutes)
        historian = read_history(record, published, calendar, until, tell, tuple(origins)).historian
    request = Request(by=By.INTERVAL, minutes=minutes, origins=tuple(origins))
    asked_of(request, published)
    lines: dict[str, History] = {}
    for line in sorted(historian.lines()):
        asked = Asked(origins=tuple(origins), lines=(LineKey(line),))
        rows = [
            (calendar.local(row.slice.start), row.sums.tally)
            for row in historian.history(asked).rows
        ]
        if not any(tally.offered for _, tally in rows):
            continue
        lines[line] = _grid(
            [
                (
                    at,
                    tally.offered,
                    tally.handled,
                    (tally.talk + tally.hold + tally.wrap_up) / SECOND,
                )
                for at, tally in rows
                if before is None or at.replace(tzinfo=None) < before
            ],
            minutes,
        )
    if not lines:
        kinds = " or ".join(origin.value for origin in origins)
        met = historian.origins()
        others = [each.value for each in Origin if each in met and each not in origins]
        there = f" There are {others[0]} calls: add --kind {others[0]}." if others else ""
        raise RefusedError(
            f"The record holds no {kinds} call to learn from.{there} Or name a file with the calls "
            f"of the past, as in: openline forecast history.csv --horizon 14d",
            code="no_record",
        )
    last = calendar.local(until).replace(tzinfo=None)
    return HistoryFile(
        name="the record",
        lines=lines,
        findings=(),
        zone=published.zone,
        rows=sum(int(np.isfinite(line.calls).sum()) for line in lines.values()),
        last=last if before is None else min(last, before),
    )


def _whole(store: Store, minutes: int) -> tuple[Instant, Instant]:
    """Returns the first and last whole interval of the record, or of the sums that stay of it."""
    first, last = next(iter(store.read(store.forgotten()[0])), None), store.last()
    if first is None or last is None:
        raise RefusedError("The record is empty: nothing has happened there yet.", code="no_record")
    begin = first.at
    kept = [each for each in store.sums(Instant(0), begin) if each.what != WHOLE_DAY]
    if kept:
        begin = min(each.start for each in kept)
    length = minutes * MINUTE
    # Whole intervals, or the first and the last would look quieter than they were.
    begin = Instant(-(-begin // length) * length)
    end = Instant(start_of_interval(last.at) // length * length)
    if end - begin < max(length, INTERVAL):
        raise RefusedError(
            "The record is shorter than an interval: there is nothing to learn from yet.",
            code="no_record",
        )
    return begin, end


def _grid(rows: list[tuple[datetime, int, int, float]], minutes: int) -> History:
    """Returns the grid of a line's rows; of an hour that comes twice, the mean."""
    first, last = rows[0][0].date(), rows[-1][0].date()
    shape = ((last - first).days + 1, MINUTES_OF_DAY // minutes)
    calls, times = np.zeros(shape), np.zeros(shape)
    handled, spent = np.zeros(shape), np.zeros(shape)
    for at, offered, ended, seconds in rows:
        place = (at.date() - first) // timedelta(days=1), (at.hour * 60 + at.minute) // minutes
        calls[place] += offered
        times[place] += 1
        handled[place] += ended
        spent[place] += seconds
    with np.errstate(divide="ignore", invalid="ignore"):
        mean, aht = calls / times, spent / handled
    return History(
        first=first,
        minutes=minutes,
        calls=mean,
        is_open=opened(mean, first),
        aht_s=aht if handled.any() else None,
    )
