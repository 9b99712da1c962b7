"""What a partner may be told, read from a centre's record beside the centre that may be running."""

from pathlib import Path

from openline.app.record import Tell, record_of
from openline.app.reporting import Request as Asked
from openline.app.reporting import nearest, stretch
from openline.app.sources import SIGNED_IN_WITHIN
from openline.centre.reading import events_between
from openline.configuration import Published
from openline.model import Instant, Origin, PartnerKey, RefusedError
from openline.reports import By, Calendar
from openline.reports.partners import PartnerWeek, PartnerWeeks


def partner_weeks(
    data: Path,
    published: Published,
    *,
    partners: tuple[str, ...],
    since: str | None,
    until: str | None,
    origins: tuple[Origin, ...],
    tell: Tell,
) -> tuple[tuple[PartnerWeek, ...], Calendar]:
    """Returns the whole weeks of the stretch, of these partners or of all.

    Raises `RefusedError` for what cannot be reported, `PeerError` for a record that cannot be read.
    """
    known = [partner.key for partner in published.settings.partners]
    for typed in partners:
        if typed not in known:
            raise RefusedError(
                f"--partner {typed}: there is none of that key.{nearest(typed, known)}",
                code="unknown_key",
            )
    with record_of(data, published.store.url) as record:
        asked = Asked(by=By.WEEK, since=since, until=until, origins=origins)
        calendar, last = stretch(record.store, published, asked)
        weeks = PartnerWeeks(
            calendar,
            settings=published.settings,
            targets={key: target.within for key, target in published.targets.items()},
            origins=origins,
        )
        begin = Instant(calendar.since - SIGNED_IN_WITHIN)
        span = max(1, min(calendar.until, last) - begin)
        for count, (at, events) in enumerate(events_between(record.store, record.keys, begin)):
            if not weeks.take(at, events):
                break
            if count % 4096 == 0:
                tell(min(at - begin, span), span)
    wanted = tuple(PartnerKey(key) for key in partners) or tuple(known)
    return tuple(weeks.weeks(wanted)), calendar
