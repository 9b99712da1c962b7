from collections import Counter

import msgspec
import pytest

from openline.engine import (
    AnyInput,
    CallOutcome,
    FlowsWhen,
    Interflow,
    Outcome,
    OutsideKind,
    OutsideSettings,
    ToOutside,
)
from openline.engine import events as e
from openline.invariants import History
from openline.model import Duration, Instant, OutsideKey, QueueKey
from openline.simulation import Summary, simulate
from openline.simulation.arrivals import HOUR
from tests.simulation.stationary import START, compared
from tests.simulation.worlds import one_queue, seconds, yardstick

RUNS = 12


@pytest.mark.parametrize(
    ("per_hour", "agents", "patience_s"),
    [(200.0, 4, 60.0), (540.0, 10, 180.0), (750.0, 10, 30.0)],
    ids=["small", "busy", "overloaded and impatient"],
)
def test_a_stationary_queue_agrees_with_erlang_a(
    per_hour: float, agents: int, patience_s: float
) -> None:
    """The whole grid is `./bench erlang_grid`."""
    print(f"seeds 0 to {RUNS - 1}")  # noqa: T201 - a failure must be found again
    for one in compared(per_hour, agents, patience_s, runs=RUNS, calls=2_400):
        print(one)  # noqa: T201
        assert one.errors_off < 3
        # Wide errors would agree with anything.
        assert one.error < 0.1 * one.exact


def a_day(seed: int) -> Summary:
    settings, profile = yardstick(seed, share=0.1)
    return simulate(settings, profile, START, Instant(START + 24 * HOUR))


def test_equal_arguments_give_equal_runs_and_another_seed_another() -> None:
    assert a_day(1) == a_day(1)
    assert a_day(1) != a_day(2)


def test_callers_whom_a_queue_sends_outside_are_answered_there_or_come_back() -> None:
    settings, profile = yardstick(4, share=0.1)
    partner = OutsideSettings(
        key=OutsideKey("partner"), kind=OutsideKind.SERVICE, ring_timeout=seconds(30)
    )
    rule = Interflow(
        when=FlowsWhen.WAITED,
        to=ToOutside(outside=partner.key),
        after=seconds(20),
        announcement="connecting-en",
    )
    queues = tuple(msgspec.structs.replace(q, interflow=(rule,)) for q in settings.queues)
    settings = msgspec.structs.replace(settings, queues=queues, outside=(partner,))
    history = History()
    events: list[e.Event] = []

    def told(seen: AnyInput, now: Instant, outcome: Outcome) -> None:
        history.add(now, outcome.events)
        events.extend(outcome.events)

    simulate(settings, profile, START, Instant(START + 24 * HOUR), on_step=told)
    outcomes = Counter(event.outcome for event in events if isinstance(event, e.CallEnded))
    back = [event for event in events if isinstance(event, e.ForwardFailed)]
    assert outcomes[CallOutcome.ANSWERED_OUTSIDE] > 5
    assert back
    answered = {event.call for event in events if isinstance(event, e.OfferAccepted)}
    assert answered & {event.call for event in back}


def test_every_call_is_counted_once() -> None:
    settings, profile = yardstick(4, share=0.1)
    events: list[e.Event] = []
    summary = simulate(
        settings,
        profile,
        START,
        Instant(START + 24 * HOUR),
        on_step=lambda seen, now, outcome: events.extend(outcome.events),
    )
    ends = [event for event in events if isinstance(event, e.CallEnded)]
    arrived = [event for event in events if isinstance(event, e.CallArrived)]
    assert summary.arrived == len(arrived) > 500
    assert summary.ended == len(ends) == len({event.call for event in ends})
    assert summary.live == len(arrived) - len(ends)
    by_queue = sum(count.answered + count.abandoned for count in summary.queues.values())
    assert by_queue + summary.never_queued == summary.ended
    english = summary.queues[QueueKey("en")]
    answered = [
        event.waited
        for event in ends
        if event.queue == "en" and event.outcome is CallOutcome.ANSWERED
    ]
    assert english.answered == len(answered)
    assert english.waited_by_answered == sum(answered)
    assert english.answered_within == sum(wait <= seconds(20) for wait in answered)


def test_no_request_is_refused_and_no_input_passed_over() -> None:
    settings, profile = yardstick(7, share=0.2)
    vain: list[e.Event] = []
    simulate(
        settings,
        profile,
        START,
        Instant(START + 30 * HOUR),
        on_step=lambda seen, now, outcome: vain.extend(
            event
            for event in outcome.events
            if isinstance(event, e.RequestRefused | e.InputPassedOver)
        ),
    )
    assert vain == []


def test_a_world_without_callers_comes_to_its_end() -> None:
    settings, profile = one_queue(
        1, per_hour=0, agents=2, service=seconds(60), patience=Duration(1)
    )
    summary = simulate(settings, profile, START, Instant(START + 24 * HOUR))
    assert summary.arrived == 0
