"""Which calls a list shows, in which order, and how exactly."""

from openline.measures import start_of_interval
from openline.model import CallId, Instant, LineKey, Origin, QueueKey
from openline.reports import CallRow
from openline.reports.call_list import PAGE, CallList, CallsAsked, call_list
from openline.reports.story import EXACT_FOR
from tests.builders import seconds

NOON = Instant(1_775_044_860_000_000)
LATER = Instant(NOON + seconds(3600))


def row(number: int, **changes: object) -> CallRow:
    made = CallRow(
        call=CallId(number),
        line=LineKey("en"),
        origin=Origin.REAL,
        arrived_at=Instant(NOON + seconds(number)),
        outcome="answered",
        ended_because="caller_hung_up",
        agent=None,
    )
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def listed(*rows: CallRow, now: Instant = LATER, **asked: object) -> CallList:
    made = CallsAsked(**asked)  # type: ignore[arg-type]  # each test names fields of it
    return call_list(rows, made, NOON, LATER, now)


def test_the_newest_call_comes_first_by_when_it_entered_its_queue() -> None:
    found = listed(row(1, queued_at=Instant(NOON + seconds(50))), row(2))
    assert [each.call for each in found.rows] == [1, 2]


def test_only_what_is_asked_for_is_listed_and_all_outcomes_are_counted() -> None:
    rows = (
        row(1, queue=QueueKey("talk"), outcome="abandoned", waited=seconds(30)),
        row(2, queue=QueueKey("talk"), waited=seconds(70)),
        row(3, queue=QueueKey("other"), outcome="abandoned"),
        row(4, origin=Origin.PRACTICE),
    )
    found = listed(*rows, queue="talk", outcome="abandoned")
    assert [each.call for each in found.rows] == [1]
    assert found.outcomes == {"abandoned": 1, "answered": 1}
    assert [each.call for each in listed(*rows, waited_s=60).rows] == [2]
    assert [each.call for each in listed(*rows, line="en").rows] == [3, 2, 1]
    assert [each.call for each in listed(*rows, origins=(Origin.PRACTICE,)).rows] == [4]


def test_a_call_outside_the_stretch_is_not_listed() -> None:
    assert listed(row(1, arrived_at=Instant(NOON - 1)), row(2, arrived_at=LATER)).count == 0


def test_a_call_of_people_is_exact_for_seven_days_and_then_by_the_quarter_of_an_hour() -> None:
    newest = Instant(NOON + seconds(1) + EXACT_FOR)
    [exact] = listed(row(1), now=newest).rows
    assert (exact.at, exact.is_exact) == (NOON + seconds(1), True)
    [old] = listed(row(1), now=Instant(newest + 1)).rows
    assert (old.at, old.is_exact) == (start_of_interval(NOON), False)
    [invented] = listed(
        row(1, origin=Origin.SIMULATED), now=Instant(newest + 1), origins=(Origin.SIMULATED,)
    ).rows
    assert invented.is_exact


def test_a_page_beyond_the_last_is_the_last() -> None:
    rows = [row(number) for number in range(PAGE + 5)]
    assert len(listed(*rows).rows) == PAGE
    last = listed(*rows, page=99)
    assert (last.page, last.count, len(last.rows)) == (2, PAGE + 5, 5)


def test_who_answered_is_in_no_list() -> None:
    assert "agent" not in listed(row(1)).rows[0].__struct_fields__
