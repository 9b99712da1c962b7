"""Does the wallboard tell when nobody is at work, and whether anybody was rung at home?"""

import msgspec

from openline.model import Origin
from openline.reports import LivePicture
from openline.reports.unstaffed import UnstaffedPicture
from tests.builders import BEN, CARLA, SPANISH, Night, a_centre, seconds
from tests.reports.test_live import CHICAGO, NOON, QUEUES, copied, drawn, followed

AFTER = seconds(60)


def a_night() -> Night:
    plain = a_centre()
    english, spanish = plain.queues
    watched = msgspec.structs.replace(spanish, on_call=(BEN, CARLA), on_call_after=AFTER)
    return Night(msgspec.structs.replace(plain, queues=(english, watched)), NOON)


def of(night: Night, origins: tuple[Origin, ...] = (Origin.REAL,)) -> UnstaffedPicture | None:
    return next(
        row["unstaffed"] for row in drawn(night, origins)["queues"] if row["key"] == SPANISH
    )


def test_nothing_is_told_while_nobody_waits_or_somebody_is_at_work() -> None:
    night = a_night()
    assert of(night) is None
    night.sign_in(CARLA)
    night.arrive()
    assert of(night) is None


def test_it_is_told_since_when_and_when_people_at_home_are_rung() -> None:
    night = a_night()
    night.arrive()
    since = night.now
    assert of(night) == {"since": since, "ring_at": since + AFTER, "rung_at": None, "rung": 0}
    night.wait(seconds(61))
    assert of(night) == {"since": since, "ring_at": None, "rung_at": since + AFTER, "rung": 2}


def test_a_restart_knows_it_all() -> None:
    night = a_night()
    night.arrive()
    night.wait(seconds(90))
    again = LivePicture(copied(night.state), QUEUES, CHICAGO)
    origins = (Origin.REAL,)
    before = followed(night).picture(origins, night.now)["queues"]
    after = again.picture(origins, night.now)["queues"]
    assert [row["unstaffed"] for row in after] == [row["unstaffed"] for row in before]


def test_it_ends_with_the_first_who_comes_to_work() -> None:
    night = a_night()
    night.arrive()
    night.wait(seconds(90))
    night.sign_in(CARLA)
    assert of(night) is None


def test_a_picture_without_real_calls_says_nothing_of_it() -> None:
    night = a_night()
    night.arrive()
    assert of(night, (Origin.PRACTICE,)) is None
