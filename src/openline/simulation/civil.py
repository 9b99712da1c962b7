"""Civil time in the simulated world: from local minutes of a date to instants and back.

Zones are read from the tzdata package that Openline pins, never from the machine, so that one seed
gives one world everywhere.
"""

from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

from openline.model import SECOND, Instant


@cache
def zone(name: str) -> ZoneInfo:
    """Returns the zone of that name; raises FileNotFoundError if there is none."""
    place = resources.files("tzdata").joinpath("zoneinfo", *name.split("/"))
    with place.open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def local_date(instant: Instant, where: ZoneInfo) -> date:
    """Returns the date on the wall at the instant."""
    return datetime.fromtimestamp(instant // SECOND, where).date()


def instant_of(day: date, minute: int, where: ZoneInfo) -> Instant:
    """Returns the instant at which the clock shows that many minutes after midnight.

    A doubled time is taken the first time it comes; one that is left out counts by the clock as it
    was before. Minutes past 1440 lie on the next day.
    """
    over, within = divmod(minute, 24 * 60)
    there = day + timedelta(days=over)
    local = datetime(there.year, there.month, there.day, within // 60, within % 60, tzinfo=where)
    return Instant(int(local.timestamp()) * SECOND)
