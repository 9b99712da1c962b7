"""Are the hours compiled anew when the year changes, and is the centre told?"""

from datetime import UTC, datetime

from openline.app.hours import Hours
from openline.centre.publishing import Configured
from openline.engine import inputs as i
from openline.model import SECOND, Duration, Instant
from tests.configuration.builders import EVERYTHING, published
from tests.virtual_clock import VirtualClock

AUTUMN = Instant(int(datetime(2026, 11, 22, tzinfo=UTC).timestamp()) * SECOND)
DAY = 86_400 * SECOND


def test_the_hours_are_published_again_at_every_new_year() -> None:
    seen: list[i.AnyInput] = []
    clock = VirtualClock(AUTUMN)
    hours = Hours(Configured(published(EVERYTHING)), clock, seen.append)
    hours.start()
    clock.advance(Duration(39 * DAY))
    assert seen == []
    clock.advance(Duration(2 * DAY))
    clock.advance(Duration(365 * DAY))
    assert [type(each) for each in seen] == [i.ConfigurationPublished] * 2
    last = seen[-1]
    assert isinstance(last, i.ConfigurationPublished)
    assert last.settings.hours[0].changes[-1] > clock.now() + 364 * DAY


def test_nothing_is_published_after_the_stop() -> None:
    seen: list[i.AnyInput] = []
    clock = VirtualClock(AUTUMN)
    hours = Hours(Configured(published(EVERYTHING)), clock, seen.append)
    hours.start()
    hours.stop()
    clock.advance(Duration(400 * DAY))
    assert seen == []
