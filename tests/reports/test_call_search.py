"""Which calls a list shows, in which order, and how exactly: the columns beside a plain loop."""

from collections import Counter
from collections.abc import Sequence

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from openline.measures import start_of_interval
from openline.model import SECOND, AgentKey, CallId, Duration, Instant, LineKey, Origin, QueueKey
from openline.reports import CallRow
from openline.reports.call_columns import columns_of, time_of
from openline.reports.call_list import PAGE, CallList, CallsAsked, ListedCall
from openline.reports.call_search import Day, search
from openline.reports.story import EXACT_FOR
from openline.sealing.kinds import DAY
from tests.builders import seconds

NOON = Instant(1_775_044_860_000_000)
LATER = Instant(NOON + seconds(3600))
TARGETS = {QueueKey("talk"): seconds(20)}


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


def days_of(rows: Sequence[CallRow]) -> list[Day]:
    found: dict[int, list[CallRow]] = {}
    for each in rows:
        found.setdefault(each.arrived_at // DAY, []).append(each)
    days = []
    for number, of_day in found.items():
        columns = columns_of(of_day)
        days.append(Day(number, columns.filters, lambda details=columns.details: details))  # type: ignore[misc]  # bound now
    return days


def listed(*rows: CallRow, now: Instant = LATER, **asked: object) -> CallList:
    made = CallsAsked(**asked)  # type: ignore[arg-type]  # each test names fields of it
    return search(days_of(rows), made, since=NOON, until=LATER, now=now, targets=TARGETS)


def test_the_newest_call_comes_first_by_when_it_entered_its_queue() -> None:
    found = listed(row(1, queued_at=Instant(NOON + seconds(50))), row(2))
    assert [each.call for each in found.rows] == [1, 2]


def test_only_what_is_asked_for_is_listed_and_all_outcomes_are_counted() -> None:
    rows = (
        row(1, queue=QueueKey("talk"), outcome="abandoned", waited=seconds(30)),
        row(2, queue=QueueKey("talk"), waited=seconds(70), language="es"),
        row(3, queue=QueueKey("other"), outcome="abandoned"),
        row(4, origin=Origin.PRACTICE),
    )
    found = listed(*rows, queue="talk", outcome="abandoned")
    assert [each.call for each in found.rows] == [1]
    assert found.outcomes == {"abandoned": 1, "answered": 1}
    assert [each.call for each in listed(*rows, waited_s=60).rows] == [2]
    assert [each.call for each in listed(*rows, waited_s=71).rows] == []
    assert [each.call for each in listed(*rows, language="es").rows] == [2]
    assert [each.call for each in listed(*rows, line="en").rows] == [3, 2, 1]
    assert [each.call for each in listed(*rows, origins=(Origin.PRACTICE,)).rows] == [4]


def test_calls_may_be_chosen_by_when_they_arrived_instead() -> None:
    before = row(1, arrived_at=Instant(NOON - 1), queued_at=Instant(NOON + 1))
    inside = row(2, queued_at=Instant(LATER + 1))
    whole = row(3)
    assert [each.call for each in listed(before, inside, whole).rows] == [3, 1]
    assert [each.call for each in listed(before, inside, whole, by_arrival=True).rows] == [2, 3]
    found = listed(inside, whole, by_arrival=True, outcome="abandoned")
    assert (found.count, found.outcomes) == (0, {"answered": 2})


def test_a_call_outside_the_stretch_is_not_listed() -> None:
    found = listed(row(1, arrived_at=Instant(NOON - 1)), row(2, arrived_at=LATER))
    assert (found.count, found.rows, found.first) == (0, (), 0)


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


def test_who_waited_longer_than_the_target_of_today_is_late() -> None:
    taken = {"queue": QueueKey("talk"), "agent": AgentKey("ana"), "talk": seconds(60)}
    rows = (
        row(1, waited=seconds(20), **taken),
        row(2, waited=seconds(21), **taken),
        row(3, waited=seconds(90), queue=QueueKey("talk")),
        row(4, waited=seconds(90), agent=AgentKey("ana"), queue=QueueKey("other")),
    )
    late = [each.is_in_target for each in reversed(listed(*rows).rows)]
    assert late == [True, False, None, None]


def test_pages_go_on_where_the_last_one_ended_whatever_comes_meanwhile() -> None:
    rows = [row(number) for number in range(2 * PAGE + 5)]
    newest = listed(*rows)
    assert (newest.first, len(newest.rows), newest.newer) == (1, PAGE, None)
    rows.append(row(2 * PAGE + 5))
    second = listed(*rows, older_than=newest.older)
    assert second.rows[0].call == newest.rows[-1].call - 1
    assert second.first == PAGE + 2
    last = listed(*rows, older_than=second.older)
    assert ([each.call for each in last.rows], last.older) == ([4, 3, 2, 1, 0], None)
    assert listed(*rows, newer_than=last.newer).rows == second.rows
    assert listed(*rows, newer_than=second.newer).rows == newest.rows
    # What is newer than that is less than a page: the newest page is shown in full.
    assert listed(*rows, newer_than=f"20544-{newest.rows[0].call}").first == 1


def test_a_place_that_is_gone_or_was_never_there_leads_to_the_newest() -> None:
    rows = [row(number) for number in range(PAGE + 5)]
    for name in ("", "-", "x-1", "20544-9999", "1-1", "20544-" + "9" * 30, "²-³"):
        assert listed(*rows, older_than=name).first == 1
        assert listed(*rows, newer_than=name).first == 1


def test_who_answered_is_in_no_list() -> None:
    assert "agent" not in listed(row(1)).rows[0].__struct_fields__


WEEK = Instant(NOON - NOON % DAY)
QUEUES = (None, QueueKey("talk"), QueueKey("other"))


@st.composite
def calls(draw: st.DrawFn) -> list[CallRow]:
    """Draws calls of some days, many at the same instant, some queued days after they came."""
    rows = []
    for number in range(draw(st.integers(0, 60))):
        arrived = Instant(WEEK + draw(st.integers(0, 15)) * DAY // 4)
        later = draw(st.sampled_from([None, 0, 1, DAY // 4, DAY, 2 * DAY]))
        is_taken = draw(st.booleans())
        waited = draw(st.sampled_from([None, 0, 1, 20 * SECOND - 1, 20 * SECOND, 90 * SECOND]))
        rows.append(
            row(
                number,
                arrived_at=arrived,
                queued_at=None if later is None else Instant(arrived + later),
                queue=draw(st.sampled_from(QUEUES)),
                line=LineKey(draw(st.sampled_from("ab"))),
                language=draw(st.sampled_from([None, "en", "es"])),
                origin=draw(st.sampled_from(list(Origin))),
                outcome=draw(st.sampled_from(["answered", "abandoned"])),
                waited=None if waited is None else Duration(waited),
                agent=AgentKey("ana") if is_taken else None,
                talk=seconds(5) if is_taken else None,
                offers=draw(st.integers(0, 3)),
            )
        )
    return rows


def plainly(rows: Sequence[CallRow], asked: CallsAsked, since: int, until: int) -> list[CallRow]:
    """Chooses by a plain loop over all rows."""
    found = [
        each
        for each in rows
        if since <= time_of(each) < until
        and each.origin in asked.origins
        and asked.queue in (None, each.queue)
        and asked.line in (None, each.line)
        and asked.language in (None, each.language)
        and (each.waited or 0) >= asked.waited_s * SECOND
    ]
    return sorted(found, key=lambda each: (time_of(each), each.call), reverse=True)


ASKED = st.builds(
    CallsAsked,
    queue=st.sampled_from([None, "talk"]),
    line=st.sampled_from([None, "a"]),
    language=st.sampled_from([None, "es"]),
    outcome=st.sampled_from([None, "abandoned"]),
    waited_s=st.sampled_from([0, 20, 60]),
    origins=st.sampled_from([(Origin.REAL,), tuple(Origin)]),
)


@given(
    rows=calls(),
    asked=ASKED,
    stretch=st.tuples(st.integers(0, 16), st.integers(0, 20)),
    page=st.sampled_from([1, 3, 100]),
)
def test_the_columns_say_what_a_plain_loop_says_page_by_page(
    rows: list[CallRow], asked: CallsAsked, stretch: tuple[int, int], page: int
) -> None:
    since, until = (Instant(WEEK + each * DAY // 4) for each in stretch)
    days = days_of(rows)

    def page_of(**changes: object) -> CallList:
        changed = msgspec.structs.replace(asked, **changes)
        return search(days, changed, since=since, until=until, now=WEEK, targets=TARGETS, page=page)

    every = plainly(rows, asked, since, until)
    expected = [each for each in every if asked.outcome in (None, each.outcome)]
    found = page_of()
    assert found.outcomes == dict(Counter(each.outcome for each in every))
    seen: list[ListedCall] = []
    pages: list[CallList] = []
    while True:
        assert found.count == len(expected)
        assert found.first == (len(seen) + 1 if expected else 0)
        seen += found.rows
        pages.append(found)
        if found.older is None:
            break
        found = page_of(older_than=found.older)
    assert [each.call for each in seen] == [each.call for each in expected]
    for mine, theirs in zip(seen, expected, strict=True):
        assert mine.at == time_of(theirs)
        assert mine.offers == theirs.offers
        assert mine.waited_s == (None if theirs.waited is None else theirs.waited / SECOND)
        assert mine.talk_s == (None if theirs.talk is None else theirs.talk / SECOND)
        assert (mine.queue, mine.line, mine.outcome) == (theirs.queue, theirs.line, theirs.outcome)
    while len(pages) > 1 and len(pages[-2].rows) == page:
        assert page_of(newer_than=pages.pop().newer) == pages[-1]
