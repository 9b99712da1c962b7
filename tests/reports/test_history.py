"""What a report adds up, beside what `tests.measures.test_sql_recount` counts again."""

from openline.measures import INTERVAL, AgentTime
from openline.model import SECOND, Duration, Instant, LineKey, Origin, QueueKey
from openline.reports import Asked, By, Calendar, Historian, Row
from openline.simulation.civil import zone
from tests.builders import (
    ANN,
    CARLA,
    EN,
    ENGLISH,
    ES,
    SPANISH,
    Night,
    a_centre,
    seconds,
)

START = Instant(1_775_000_700 * SECOND)
TARGETS = {SPANISH: seconds(20)}


def historian(night: Night, intervals: int) -> Historian:
    until = Instant(START + intervals * INTERVAL)
    calendar = Calendar(zone("America/Chicago"), By.INTERVAL, since=START, until=until)
    made = Historian(calendar, settings=a_centre(), targets=TARGETS, short_abandons={})
    for now, events in night.record:
        if not made.take(now, events):
            break
    return made


def test_a_report_reads_on_until_its_last_call_is_over_and_no_further() -> None:
    night = Night(a_centre(), Instant(START + INTERVAL - seconds(10)))
    leg = night.arrive(ES)
    night.wait(seconds(60))
    night.sign_in(CARLA)
    night.answer(CARLA)
    night.wait(seconds(100))
    night.hang_up(leg)
    night.wait(seconds(30))
    night.finish(CARLA)
    over = len(night.record)
    night.arrive(ES)
    made = historian(night, 1)
    tally = made.history(Asked()).totals[None].tally
    assert (tally.offered, tally.answered, tally.handled) == (1, 1, 1)
    assert tally.talk == seconds(100)
    assert not made.take(*night.record[over]), "nothing can change any more"
    assert made.history(Asked()).totals[None].time == AgentTime(), "she came after its end"


def test_only_queues_with_a_target_have_a_service_level() -> None:
    night = Night(a_centre(), START)
    night.hear_greeting(night.arrive(EN))
    night.arrive(ES)
    night.sign_in(CARLA)
    night.answer(CARLA)
    sums = historian(night, 1).history(Asked()).totals[None]
    assert sums.tally.offered == 2
    assert (sums.judged.offered, sums.judged.answered_in_target) == (1, 1)


def test_rows_of_queues_are_in_order_and_quiet_slices_have_theirs() -> None:
    night = Night(a_centre(), START)
    night.hear_greeting(night.arrive(EN))
    night.arrive(ES)
    rows: tuple[Row, ...] = historian(night, 3).history(Asked(per="queue")).rows
    assert [row.key for row in rows] == [ENGLISH, SPANISH] * 3
    assert [row.sums.tally.offered for row in rows] == [1, 1, 0, 0, 0, 0]


def test_agents_time_is_the_whole_centres_and_of_the_origins_they_serve() -> None:
    night = Night(a_centre(), START)
    night.sign_in(ANN, (Origin.PRACTICE,))
    night.wait(seconds(100))
    made = historian(night, 1)
    assert made.history(Asked()).totals[None].time == AgentTime()
    practice = made.history(Asked(origins=(Origin.PRACTICE,))).totals[None].time
    assert practice is not None
    assert practice.ready <= Duration(seconds(100))
    of_queue = made.history(Asked(origins=(Origin.PRACTICE,), queues=(SPANISH,)))
    assert of_queue.totals[None].time is None


def test_it_knows_whom_it_met() -> None:
    night = Night(a_centre(), START)
    night.arrive(ES, Origin.PRACTICE)
    made = historian(night, 1)
    assert (made.origins(), made.queues(), made.lines()) == (
        {Origin.PRACTICE},
        {QueueKey(SPANISH)},
        {LineKey(ES)},
    )


def test_days_added_up_apart_are_the_stretch_added_up_at_once() -> None:
    night = Night(a_centre(), START)
    night.sign_in(CARLA)
    for _ in range(6):
        leg = night.arrive(ES)
        night.wait(seconds(5))
        night.answer(CARLA)
        night.wait(seconds(400))
        night.hang_up(leg)
        night.wait(seconds(90))
    at_once = historian(night, 4)
    whole = historian(Night(a_centre(), START), 4)
    for number in range(4):
        since = Instant(START + number * INTERVAL)
        calendar = Calendar(
            zone("America/Chicago"), By.INTERVAL, since=since, until=Instant(since + INTERVAL)
        )
        part = Historian(calendar, settings=a_centre(), targets=TARGETS, short_abandons={})
        for now, events in night.record:
            if not part.take(now, events):
                break
        whole.merge(part)
    assert whole.history(Asked()) == at_once.history(Asked())
