"""A change is tried on a forecast and a roster that were given, and neither is kept."""

from datetime import date
from pathlib import Path

import msgspec
import pytest

from openline.app.kept_tries import KeptTries
from openline.app.reading.living_worker import _kept
from openline.app.trying import faults_told, tries
from openline.configuration import Published, load
from openline.model import RefusedError
from openline.planning.history_file.findings import FaultyHistoryError
from openline.planning.plan_asked import Assumptions, Plan
from openline.planning.roster_file.faults import FaultyRosterError
from openline.planning.try_asked import Callers, Phase, Tried, TryAsked
from openline.simulation.changes import Changes, ExtraPeople
from tests.cli.tried import SMALL

pytestmark = pytest.mark.timeout(180)

HOURS = "\n".join(f"2026-03-03 {hour:02d}:00;{12 + hour % 3}" for hour in range(24))
CALLS = f"timestamp;mean\n{HOURS}".encode()
ROSTER = b"person;start;end\n" + b"\n".join(
    f"Zoraida{at};2026-03-03 00:00;2026-03-03 24:00".encode() for at in range(4)
)
LATER = b"person;start;end\nA;2031-01-01 08:00;2031-01-01 09:00"
PLAN = Plan(calls=CALLS, roster=ROSTER, assumptions=Assumptions(aht_s=600.0, shrinkage="10"))
FEWER = TryAsked(
    callers=Callers.PLANNED,
    since=date.min,
    days=7,
    runs=6,
    changes=Changes(people=-2),
    plan=PLAN,
)


@pytest.fixture(scope="module")
def published() -> Published:
    return load(SMALL)


def last(published: Published, asked: TryAsked) -> Tried:
    *_, (tried, _) = tries(published, SMALL, asked, lambda told: None)
    return tried


def with_plan(**changed: bytes) -> TryAsked:
    return msgspec.structs.replace(FEWER, plan=msgspec.structs.replace(PLAN, **changed))


def test_fewer_people_on_the_roster_lose_more_callers(published: Published) -> None:
    tried = last(published, FEWER)
    assert tried.phase is Phase.DONE
    assert (tried.days, tried.since) == (1, date(2026, 3, 3))
    assert tried.unknown == 4
    assert tried.leave.value is not None
    assert tried.leave.half is not None
    assert tried.leave.value > tried.leave.half
    # Whom to add is for the planner to say.
    assert not tried.was_mend_looked_for


@pytest.mark.parametrize(
    ("changes", "more_leave"),
    [
        (Changes(volume=2.0), True),
        (Changes(outages=((600, 720),)), True),
        (Changes(extra=(ExtraPeople(start_minute=0, end_minute=1440, count=3),)), False),
    ],
)
def test_every_kind_of_change_is_lived(
    published: Published, changes: Changes, more_leave: bool
) -> None:
    tried = last(published, msgspec.structs.replace(FEWER, changes=changes))
    assert tried.leave.value is not None
    assert (tried.leave.value > 0) is more_leave


def test_without_a_roster_the_people_are_the_configurations(published: Published) -> None:
    tried = last(published, msgspec.structs.replace(with_plan(roster=b""), runs=2))
    assert tried.since == date(2026, 3, 3)
    assert tried.unknown == 0


def test_a_calendar_is_a_roster_too(published: Published) -> None:
    calendar = b"BEGIN:VCALENDAR\r\n" + b"".join(
        b"BEGIN:VEVENT\r\nSUMMARY:P%d\r\nDTSTART:20260303T060000\r\n"
        b"DTEND:20260303T220000\r\nEND:VEVENT\r\n" % at
        for at in range(3)
    )
    asked = with_plan(roster=calendar + b"END:VCALENDAR\r\n")
    assert last(published, msgspec.structs.replace(asked, runs=2)).unknown == 3


def test_faults_of_both_tables_are_told_by_row_and_column(published: Published) -> None:
    with pytest.raises(FaultyHistoryError) as calls:
        last(published, with_plan(calls=CALLS + b"\nsoon;3"))
    (fault,) = faults_told(calls.value).calls_faults
    assert (fault.row, fault.column) == (26, "timestamp")
    with pytest.raises(FaultyRosterError) as roster:
        last(published, with_plan(roster=ROSTER + b"\n;2026-03-03 08:00;2026-03-03 09:00"))
    (wrong,) = faults_told(roster.value).roster_faults
    assert (wrong.row, wrong.column) == (6, "person")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (with_plan(calls=b""), "no_calls"),
        (with_plan(roster=LATER), "no_common_day"),
    ],
)
def test_what_makes_no_sense_is_refused(published: Published, asked: TryAsked, code: str) -> None:
    with pytest.raises(RefusedError) as caught:
        last(published, asked)
    assert caught.value.code == code


def test_what_is_kept_names_nobody_and_is_compared_with_its_like_alone(
    published: Published, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    kept = []
    other = with_plan(roster=ROSTER + b"\nZoraida9;2026-03-03 08:00;2026-03-03 20:00")
    for asked in (FEWER, other, with_plan(calls=CALLS + b"1")):
        *_, (tried, found) = tries(published, SMALL, msgspec.structs.replace(asked, runs=2), print)
        kept.append(_kept(data, asked, tried, found).kept_as or "")
    for file in (data / "studies").iterdir():
        assert b"Zoraida" not in file.read_bytes()
    tries_kept = KeptTries(data)
    opened = tries_kept.opened(kept[0]).asked
    assert (opened.plan, opened.since, opened.days) == (None, date(2026, 3, 3), 1)
    assert tries_kept.compared(kept[0], kept[1]).phase is Phase.COMPARED
    with pytest.raises(RefusedError) as caught:
        tries_kept.compared(kept[0], kept[2])
    assert caught.value.code == "other_callers"
