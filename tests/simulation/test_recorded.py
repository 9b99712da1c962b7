"""Whether the people of a record can be met again: as they were, and under other rules."""

import msgspec

from openline.engine import Outcome, Settings
from openline.model import MINUTE, SECOND, Instant, Origin
from openline.simulation import Summary, Witness, people_of, simulate
from openline.simulation.recorded import RecordedTimeline
from openline.simulation.shifts import Duty
from tests.simulation.worlds import yardstick

HOUR = 60 * MINUTE
START = Instant(1_772_800_000 * SECOND)
END = Instant(START + 12 * HOUR)


def a_day(share: float = 0.1) -> tuple[Settings, Summary, Witness]:
    settings, profile = yardstick(7, share)
    witness = Witness([Origin.SIMULATED])

    def noted(_: object, now: Instant, outcome: Outcome) -> None:
        witness.take(now, outcome.events)

    return settings, simulate(settings, profile, START, END, on_step=noted), witness


def met(settings: Settings, witness: Witness) -> Summary:
    return simulate(settings, people_of(witness, settings), START, END)


def answered(summary: Summary) -> int:
    return sum(queue.answered for queue in summary.queues.values())


def test_under_the_same_rules_the_same_people_fare_about_as_they_did() -> None:
    settings, day, witness = a_day()
    again = met(settings, witness)
    queued = sum(call.queued_at is not None for call in witness.calls.values())
    assert again.arrived == queued > 400
    assert abs(answered(again) - answered(day)) < 0.03 * answered(day)
    talked = sum(queue.talked for queue in day.queues.values())
    talked_again = sum(queue.talked for queue in again.queues.values())
    assert abs(talked_again - talked) < 0.05 * talked


def test_they_are_the_same_people_each_time() -> None:
    settings, _, witness = a_day()
    assert met(settings, witness) == met(settings, witness)


def test_under_worse_rules_they_fare_worse() -> None:
    settings, _, witness = a_day()
    half = msgspec.structs.replace(settings, agents=settings.agents[::2])
    assert answered(met(half, witness)) < 0.9 * answered(met(settings, witness))


def test_nobody_is_met_who_left_before_a_queue() -> None:
    settings, _, witness = a_day(0.05)
    kept = people_of(witness, settings)
    early = [
        number
        for number, call in witness.calls.items()
        if call.queued_at is None or call.left_early
    ]
    assert kept.next_at() is None, "nobody has been taken over yet"
    assert met(settings, witness).arrived == len(witness.calls) - len(early)


def test_the_mean_patience_is_all_waiting_over_those_who_gave_up() -> None:
    _, _, witness = a_day()
    waited = sum(call.waited for call in witness.calls.values())
    gave_up = sum(call.gave_up for call in witness.calls.values())
    assert witness.mean_patience() == waited // gave_up
    # Their patience was drawn with a mean of three minutes; 4 % leave at once.
    assert 90 * SECOND < witness.mean_patience() < 300 * SECOND


def test_calls_of_other_origins_are_not_learnt_from() -> None:
    settings, profile = yardstick(7, 0.05)
    other = Witness([Origin.REAL])

    def noted(_: object, now: Instant, outcome: Outcome) -> None:
        other.take(now, outcome.events)

    simulate(settings, profile, START, Instant(START + HOUR), on_step=noted)
    assert (other.calls, other.duties) == ({}, {})


def test_a_timeline_gives_each_duty_its_span_and_a_reason_that_is_known() -> None:
    timeline = RecordedTimeline(
        [
            (Instant(10), Duty.BREAK, None),
            (Instant(10), Duty.ON, None),
            (Instant(50), Duty.BREAK, "gone"),
            (Instant(70), Duty.OFF, None),
        ],
        ("meal", "rest"),
    )
    spans = [timeline.at(Instant(at)) for at in (0, 10, 60, 1_000)]
    assert [span.duty for span in spans] == [Duty.OFF, Duty.ON, Duty.BREAK, Duty.OFF]
    assert spans[2].pause_reason == "meal"
    assert (spans[1].start, spans[1].until) == (10, 50)
