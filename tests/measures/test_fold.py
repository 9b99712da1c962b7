"""Whether events become the right counts, by hand-made nights and by a second, naive count."""

import random
from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.engine import events as e
from openline.engine.inputs import HoldRequested
from openline.measures import (
    ENDINGS,
    INTERVAL,
    Day,
    Fold,
    IntervalsAndDays,
    Tally,
    of,
    service_level,
    start_of_interval,
    total,
)
from openline.model import (
    SECOND,
    CallId,
    Duration,
    Instant,
    LegId,
    LineKey,
    Origin,
    QueueKey,
    Reason,
)
from tests.builders import (
    ALL_ORIGINS,
    ANN,
    CARLA,
    CONFERRING_ACTS,
    EN,
    ENGLISH,
    ES,
    SPANISH,
    USUAL_ACTS,
    Act,
    Night,
    a_centre,
    play,
    seconds,
)
from tests.measures.recount import entries, recount

START = Instant(1_775_000_700 * SECOND)
assert START % INTERVAL == 0
TARGETS = {ENGLISH: seconds(20), SPANISH: seconds(30)}
DAY = 86_400 * SECOND


class Kept(IntervalsAndDays):
    """Is what was counted, with the fold that counted it."""

    def __init__(self, hours_kept: int, days_kept: int) -> None:
        super().__init__(lambda at: Day(at // DAY), hours_kept=hours_kept, days_kept=days_kept)
        self.fold = Fold(settings=a_centre(), targets=TARGETS, books=self)


def fold_of(night: Night, hours_kept: int = 30, days_kept: int = 2) -> Kept:
    """Returns what the night's whole record adds up to; days are those of UTC."""
    kept = Kept(hours_kept, days_kept)
    for now, events in night.record:
        for event in events:
            kept.fold.notice(now, event)
    return kept


def whole(
    fold: IntervalsAndDays,
    origins: Sequence[Origin] = (Origin.REAL,),
    queues: Sequence[QueueKey] | None = None,
    lines: Sequence[LineKey] | None = None,
) -> Tally:
    """Returns the sum over all intervals."""
    return total(
        of(interval.cells, origins=origins, queues=queues, lines=lines)
        for interval in fold.intervals()
    )


def test_an_answer_after_exactly_the_threshold_is_in_target() -> None:
    night = Night(a_centre(), START)
    night.arrive(ES)
    night.wait(seconds(30))
    night.sign_in(CARLA)
    night.answer(CARLA)
    assert whole(fold_of(night)).answered_in_target == 1


def test_an_answer_one_microsecond_later_is_not_in_target() -> None:
    night = Night(a_centre(), START)
    night.arrive(ES)
    night.wait(Duration(30 * SECOND + 1))
    night.sign_in(CARLA)
    night.answer(CARLA)
    tally = whole(fold_of(night))
    assert (tally.answered, tally.answered_in_target) == (1, 0)


def test_an_abandon_after_exactly_the_short_limit_is_not_short() -> None:
    night = Night(a_centre(), START)
    soon, later = night.arrive(ES), night.arrive(ES)
    night.wait(Duration(5 * SECOND - 1))
    night.hang_up(soon)
    night.wait(Duration(1))
    night.hang_up(later)
    tally = whole(fold_of(night))
    assert (tally.abandoned, tally.short_abandoned) == (2, 1)


def test_leaving_during_the_greeting_is_neither_offered_nor_abandoned() -> None:
    night = Night(a_centre(), START)
    night.hang_up(night.arrive(EN))
    tally = whole(fold_of(night), lines=[EN], queues=[ENGLISH])
    assert (tally.arrived, tally.left_before_queue) == (1, 1)
    assert (tally.offered, tally.abandoned) == (0, 0)


@pytest.mark.parametrize(
    "outcome",
    [
        outcome
        for outcome in e.CallOutcome
        if outcome not in (e.CallOutcome.CALLBACK_MADE, e.CallOutcome.CALLBACK_FAILED)
    ],
)
def test_a_call_that_arrived_is_counted_under_how_it_ended_and_nothing_else(
    outcome: e.CallOutcome,
) -> None:
    night = Night(a_centre(), START)
    night.hang_up(night.arrive(EN))
    kept = Kept(30, 2)
    for now, events in night.record:
        for event in events:
            is_end = isinstance(event, e.CallEnded)
            told = msgspec.structs.replace(event, outcome=outcome) if is_end else event
            kept.fold.notice(now, told)
    tally = whole(kept)
    assert {name: getattr(tally, name) for name in ENDINGS.values()} == {
        name: int(ending is outcome) for ending, name in ENDINGS.items()
    }


def test_a_call_belongs_to_the_interval_in_which_it_entered_the_queue() -> None:
    night = Night(a_centre(), Instant(START + INTERVAL - seconds(10)))
    night.arrive(ES)
    night.wait(seconds(25))
    night.sign_in(CARLA)
    night.answer(CARLA)
    fold = fold_of(night)
    assert of(fold.interval(START), origins=[Origin.REAL]).answered_in_target == 1
    assert not fold.interval(Instant(START + INTERVAL))


def test_a_call_heard_before_midnight_and_queued_after_it_arrives_and_is_offered_on_two_days() -> (
    None
):
    midnight = Instant((START // DAY + 1) * DAY)
    night = Night(a_centre(), Instant(midnight - seconds(5)))
    leg = night.arrive(EN)
    night.wait(seconds(10))
    night.hear_greeting(leg)
    fold = fold_of(night)
    before = of(fold.day(Day(midnight // DAY - 1)), origins=[Origin.REAL])
    after = of(fold.day(Day(midnight // DAY)), origins=[Origin.REAL])
    assert (before.arrived, before.offered) == (1, 0)
    assert (after.arrived, after.offered) == (0, 1)


def test_a_call_whose_agent_was_lost_is_a_second_entry_and_the_first_stays_answered() -> None:
    night = Night(a_centre(), START)
    leg = night.arrive(ES)
    night.sign_in(CARLA)
    night.answer(CARLA)
    night.wait(seconds(100))
    night.lose(LegId(f"desk:{CARLA}"))
    night.wait(seconds(20))  # she does not come back within 15 s
    night.wait(seconds(7))
    night.hang_up(leg)
    tally = whole(fold_of(night))
    assert (tally.arrived, tally.offered, tally.answered, tally.abandoned) == (1, 2, 1, 1)
    assert tally.wait_of_abandoned == seconds(12), "the second wait begins when it queues again"
    assert (tally.handled, tally.talk, tally.wrap_up) == (1, seconds(115), 0)


def test_talk_hold_and_wrap_up_are_booked_together_when_the_wrap_up_is_over() -> None:
    night = Night(a_centre(), START)
    leg = night.arrive(ES)
    night.sign_in(CARLA)
    night.answer(CARLA)
    night.wait(seconds(100))
    night.see(HoldRequested(agent=CARLA))
    night.wait(seconds(30))
    night.hang_up(leg)
    night.wait(seconds(45))
    assert whole(fold_of(night)).handled == 0
    night.finish(CARLA)
    tally = whole(fold_of(night))
    assert (tally.handled, tally.talk, tally.hold, tally.wrap_up) == (
        1,
        seconds(100),
        seconds(30),
        seconds(45),
    )


def test_a_call_that_goes_to_another_queue_flows_out_of_the_first() -> None:
    kept = IntervalsAndDays(lambda _: Day(0))
    fold = Fold(settings=a_centre(), targets=TARGETS, books=kept)
    for queue, entry in ((SPANISH, 1), (ENGLISH, 2)):
        fold.notice(
            START,
            e.CallQueued(
                call=CallId(1),
                line=ES,
                origin=Origin.REAL,
                queue=queue,
                entry=entry,
                priority=0,
                waiting_since=START,
                reason=Reason.ARRIVED,
            ),
        )
    cells = kept.interval(START)
    left = of(cells, origins=[Origin.REAL], queues=[SPANISH])
    assert (left.offered, left.flowed_out) == (1, 1)
    assert of(cells, origins=[Origin.REAL], queues=[ENGLISH]).offered == 1


def test_a_talk_ends_when_the_caller_queues_again_whatever_the_agent_does_then() -> None:
    night = Night(a_centre(), START)
    night.sign_in(CARLA)
    night.arrive(ES)
    night.answer(CARLA)
    night.wait(seconds(50))
    again = e.CallQueued(
        call=CallId(1),
        line=ES,
        origin=Origin.REAL,
        queue=SPANISH,
        entry=2,
        priority=0,
        waiting_since=START,
        reason=Reason.AGENT_LOST,
    )
    free = e.AgentReady(agent=CARLA, reason=Reason.WRAP_UP_DONE)
    night.record.append((night.now, (again,)))
    night.record.append((Instant(night.now + seconds(8)), (free,)))
    tally = whole(fold_of(night))
    assert (tally.talk, tally.wrap_up) == (seconds(50), seconds(8))


def test_origins_are_kept_apart() -> None:
    night = Night(a_centre(), START)
    for origin in Origin:
        night.arrive(ES, origin)
    fold = fold_of(night)
    assert [whole(fold, [origin]).offered for origin in Origin] == [1, 1, 1]
    assert whole(fold, ALL_ORIGINS).offered == 3


def test_a_fold_that_begins_in_the_middle_passes_over_calls_it_did_not_see_begin() -> None:
    night = Night(a_centre(), START)
    old = night.arrive(ES)
    night.sign_in(CARLA)
    night.answer(CARLA)
    night.arrive(ES)
    night.record.clear()
    night.hang_up(old)
    night.finish(CARLA)
    night.answer(CARLA)
    assert whole(fold_of(night)) == Tally()


def test_memory_is_bounded_by_the_hours_and_days_kept() -> None:
    night = Night(a_centre(), START)
    for _ in range(4 * 24 * 5):
        night.hang_up(night.arrive(ES))
        night.wait(INTERVAL)
    fold = fold_of(night, hours_kept=30, days_kept=2)
    kept = list(fold.intervals())
    assert len(kept) == 30 * 4
    assert kept[-1].start == start_of_interval(night.record[-1][0])
    days = {interval.day for interval in kept}
    last = max(days)
    assert of(fold.day(last), origins=[Origin.REAL]).offered > 0
    assert not fold.day(Day(last - 2))


def test_the_mean_of_recent_handle_times_needs_five_calls() -> None:
    night = Night(a_centre(), START)
    for count in range(5):
        assert fold_of(night).fold.recent_handle_time(SPANISH, Origin.REAL) is None, count
        leg = night.arrive(ES)
        night.sign_in(CARLA)
        night.answer(CARLA)
        night.wait(seconds(60))
        night.hang_up(leg)
        night.wait(seconds(30))
        night.finish(CARLA)
    assert fold_of(night).fold.recent_handle_time(SPANISH, Origin.REAL) == seconds(90)
    assert fold_of(night).fold.recent_handle_time(ENGLISH, Origin.REAL) is None


def assert_arrivals_add_up(night: Night, kept: Kept) -> None:
    """Holds the arrivals of every line and interval to how each of these calls ended."""
    flat = [(at, event) for at, events in night.record for event in events]
    ended = {event.call: event.outcome for _, event in flat if isinstance(event, e.CallEnded)}
    arrived: dict[tuple[Instant, LineKey], list[str | None]] = {}
    for at, event in flat:
        if isinstance(event, e.CallArrived):
            outcome = ended.get(event.call)
            name = None if outcome is None else ENDINGS[outcome]
            arrived.setdefault((start_of_interval(at), event.line), []).append(name)
    for (start, line), endings in arrived.items():
        tally = of(kept.interval(start), origins=ALL_ORIGINS, lines=[line])
        counted = {name: getattr(tally, name) for name in ENDINGS.values()}
        assert counted == {name: endings.count(name) for name in ENDINGS.values()}
        assert tally.arrived == sum(counted.values()) + endings.count(None)


# --- against the naive count ----------------------------------------------------------------


def assert_agrees_with_a_naive_count(night: Night) -> None:
    fold = fold_of(night, hours_kept=10_000, days_kept=1_000)
    found = entries(night.record)
    slices = {(start_of_interval(x.began), x.queue, x.origin) for x in found}
    assert slices, "nothing happened: the test would prove nothing"
    for start, queue, origin in slices:
        mine = of(fold.interval(start), origins=[origin], queues=[queue])
        theirs = [
            x
            for x in found
            if (start_of_interval(x.began), x.queue, x.origin) == (start, queue, origin)
        ]
        counted = recount(theirs, TARGETS[queue], 5 * SECOND)
        assert {name: getattr(mine, name) for name in counted} == counted
        waiting = len([x for x in theirs if x.outcome == "waiting"])
        ringing = sum(x.offers.count("ringing") for x in theirs)
        gone = mine.answered + mine.abandoned + mine.flowed_out + mine.left_for_callback
        assert mine.offered == gone + waiting
        assert mine.offers == (
            mine.answered
            + mine.offers_missed
            + mine.offers_declined
            + mine.offers_caller_left
            + mine.offers_agent_gone
            + ringing
        )
    assert whole(fold, ALL_ORIGINS).offered == len(found)
    arrivals = [ev for _, evs in night.record for ev in evs if isinstance(ev, e.CallArrived)]
    everything = whole(fold, ALL_ORIGINS)
    assert everything.arrived == len(arrivals)
    assert_arrivals_add_up(night, fold)
    days = {interval.day for interval in fold.intervals()}
    by_day = total(of(fold.day(day), origins=ALL_ORIGINS) for day in days)
    assert by_day == everything, "a day is the sum of its intervals"


def test_a_random_day_is_counted_as_the_naive_count_counts_it() -> None:
    seed = 20_260_308
    print(f"seed {seed}")  # noqa: T201  # shown when the test fails
    chance = random.Random(seed)
    night = Night(a_centre(), START)
    play(
        night,
        [
            (chance.choice(USUAL_ACTS), chance.randrange(1000), chance.expovariate(1 / 20))
            for _ in range(4_000)
        ],
    )
    assert night.now - START > 20 * 3600 * SECOND
    assert_agrees_with_a_naive_count(night)
    tally = whole(fold_of(night))
    found = [x for x in entries(night.record) if x.origin is Origin.REAL]
    good = [x for x in found if x.outcome == "answered" and x.waited <= TARGETS[x.queue]]
    ended = [x for x in found if x.outcome in ("answered", "abandoned")]
    assert service_level(tally) == len(good) / len(ended)
    assert min(tally.answered, tally.abandoned, tally.offers_missed, tally.handled) > 20, (
        "too little happened for the comparison to mean much"
    )


def test_a_day_of_conferring_is_counted_as_the_naive_count_counts_it() -> None:
    seed = 20_260_309
    print(f"seed {seed}")  # noqa: T201  # shown when the test fails
    chance = random.Random(seed)
    night = Night(a_centre(), START)
    acts = [
        (chance.choice(CONFERRING_ACTS), chance.randrange(1000), chance.expovariate(1 / 2))
        for _ in range(5_000)
    ]
    play(night, acts)
    assert_agrees_with_a_naive_count(night)
    tally = whole(fold_of(night))
    assert min(tally.consults, tally.transferred_after_consult, tally.transferred_outside) > 1


acts = st.lists(
    st.tuples(
        st.sampled_from(USUAL_ACTS),
        st.integers(0, 1000),
        st.sampled_from((0, 0.5, 3, 16, 31, 140, 700, 2000)),
    ),
    min_size=20,
    max_size=120,
)


@given(acts=acts)
def test_whatever_happens_the_fold_agrees_with_the_naive_count(acts: list[Act]) -> None:
    night = Night(a_centre(), START)
    night.sign_in(ANN)
    night.arrive(ES)
    play(night, acts)
    assert_agrees_with_a_naive_count(night)
