"""Whether simulated callers take callbacks, and are reached or not, as their plans say."""

from collections import Counter
from typing import Any

from openline.engine import AnyInput, Outcome
from openline.engine import events as e
from openline.invariants import History
from openline.model import MINUTE, Duration, Instant, Reason
from openline.simulation import simulate
from openline.simulation.arrivals import HOUR
from tests.simulation.worlds import calling_back, small_line

EVENING = Instant(490_000 * HOUR)
DAYS = 12


def evenings(**rules: Any) -> Counter[str]:
    """Plays the small line with callbacks; returns what happened, and how promises ended."""
    settings, profile = calling_back(small_line(seed=5), **rules)
    met = Counter[str]()
    history = History()

    def on_step(_: AnyInput, now: Instant, outcome: Outcome) -> None:
        history.add(now, outcome.events)
        met.update(type(event).__name__ for event in outcome.events)
        met.update(
            event.reason.value for event in outcome.events if isinstance(event, e.CallbackEnded)
        )

    end = Instant(EVENING + DAYS * 24 * HOUR)
    summary = simulate(settings, profile, EVENING, end, on_step=on_step)
    met["left"] = summary.left_for_callback
    met["open"] = len(history.callbacks)
    return met


def test_about_a_quarter_takes_the_callback_that_is_offered() -> None:
    met = evenings()
    assert met["CallbackOffered"] > 80
    # Some of those who want it have no patience left to say so.
    assert 0.15 < met["left"] / met["CallbackOffered"] < 0.30


def test_every_promise_ends_made_or_explained() -> None:
    met = evenings()
    assert met["CallbackPromised"] == met["CallbackEnded"] + met["open"]
    made = met[Reason.CALLBACK_MADE.value]
    assert made > 0.6 * met["CallbackEnded"]
    assert met[Reason.BUSY.value] + met[Reason.NO_ANSWER.value] > 0


def test_a_second_attempt_reaches_nobody_who_never_answers() -> None:
    once, twice = evenings(), evenings(attempts=2, pause=Duration(10 * MINUTE))
    assert twice["CallbackDialled"] > once["CallbackDialled"]
    assert twice["CallbackDeferred"] > 0
