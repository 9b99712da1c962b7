"""Which mistakes could somebody make with callbacks?

More of `planted_bugs`, in the same table.
"""

from typing import Any

import msgspec
import pytest

from openline.engine import State
from openline.engine import apply as applying
from openline.engine import events as e
from openline.engine.decision import Decision
from openline.engine.decisions import callback_offers, callbacks, centre, endings, promises, sound
from openline.engine.due import Due
from openline.engine.state import Call
from openline.model import Instant, Reason, SealedRef
from tests.properties.planted_bugs import caught_by, exchange, forgotten, retell

_APPLY: dict[Any, Any] = applying.APPLY


@caught_by("I17")
def a_callback_begins_at_the_end_of_the_queue(patch: pytest.MonkeyPatch) -> None:
    original = callbacks._promise

    def promise(d: Decision, call: Call, *rest: Any) -> Any:
        was, call.waiting_since = call.waiting_since, d.now
        promised = original(d, call, *rest)
        call.waiting_since = was
        return promised

    patch.setattr(callbacks, "_promise", promise)


@caught_by("I18")
def one_number_is_promised_two_callbacks(patch: pytest.MonkeyPatch) -> None:
    original = _APPLY[e.CallbackPromised]

    def promised(state: State, event: e.CallbackPromised) -> None:
        original(state, event)
        there = state.callbacks_by_number.pop(event.number)
        state.callbacks_by_number[SealedRef(f"{event.number}-{event.callback}")] = there

    exchange(patch, _APPLY, e.CallbackPromised, promised)


@caught_by("I1")
def who_was_promised_a_callback_waits_on(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(callbacks, "end_call", lambda d, call, reason: None)


@caught_by("I1")
def leaving_for_a_callback_is_an_abandon(patch: pytest.MonkeyPatch) -> None:
    def retold(told: e.CallEnded) -> e.CallEnded:
        if told.outcome is not e.CallOutcome.LEFT_FOR_CALLBACK:
            return told
        return msgspec.structs.replace(told, outcome=e.CallOutcome.ABANDONED)

    retell(patch, e.CallEnded, retold)


@caught_by("I18")
def a_callback_rings_on_when_its_agent_is_lost(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(sound, "end_call", lambda d, call, reason: None)


@caught_by("I18")
def a_restart_leaves_a_callback_to_nobody(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(centre, "_cut_half_dialled", lambda d, present: None)


@caught_by("I18", "BugError")
def nobody_says_what_becomes_of_a_callback(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(endings, "settle", lambda d, call, reason: None)


@caught_by("I1")
def the_wrong_person_counts_as_reached(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(promises, "_NOT_HIM", ())


@caught_by("I18")
def a_number_is_dialled_once_too_often(patch: pytest.MonkeyPatch) -> None:
    retell(patch, e.CallbackDialled, lambda told: msgspec.structs.replace(told, attempt=0))


@caught_by("I18")
def one_of_two_may_allow_a_message(patch: pytest.MonkeyPatch) -> None:
    retell(
        patch,
        e.CallbackJoined,
        lambda told: msgspec.structs.replace(told, may_leave_message=True),
    )


@caught_by("I5")
def who_calls_again_soon_begins_at_the_end(patch: pytest.MonkeyPatch) -> None:
    original = _APPLY[e.CallArrived]

    def arrived(state: State, event: e.CallArrived) -> None:
        original(state, event)
        state.calls[event.call].regains = None

    exchange(patch, _APPLY, e.CallArrived, arrived)


@caught_by("I18")
def somebody_who_cannot_be_called_is_offered_it(patch: pytest.MonkeyPatch) -> None:
    original = callback_offers.plan_callback_offer

    def plan(d: Decision, call: Call, rules: Any) -> None:
        was, call.can_be_called_back = call.can_be_called_back, True
        original(d, call, rules)
        call.can_be_called_back = was

    patch.setattr("openline.engine.decisions.acts.plan_callback_offer", plan)


@caught_by("I15")
def a_callback_is_never_offered(patch: pytest.MonkeyPatch) -> None:
    forgotten(patch, Due.CALLBACK_OFFER)


@caught_by("I15")
def a_promise_never_runs_out(patch: pytest.MonkeyPatch) -> None:
    forgotten(patch, Due.PROMISE_ENDS)


@caught_by("I15")
def a_number_rings_for_ever(patch: pytest.MonkeyPatch) -> None:
    forgotten(patch, Due.DIALLED_LONG_ENOUGH)


@caught_by("I18")
def nobody_asks_when_it_is_safe(patch: pytest.MonkeyPatch) -> None:
    original = callbacks._promise

    def promise(d: Decision, call: Call, seen: Any, not_before: Instant, not_after: Instant) -> Any:
        return original(d, call, seen, Instant(d.now - 1), not_after)

    patch.setattr(callbacks, "_promise", promise)


@caught_by("I18")
def a_callback_is_made_that_reached_nobody(patch: pytest.MonkeyPatch) -> None:
    def retold(told: e.CallbackEnded) -> e.CallbackEnded:
        return msgspec.structs.replace(told, reason=Reason.CALLBACK_MADE)

    retell(patch, e.CallbackEnded, retold)


@caught_by("topic")
def a_callback_forgets_the_language_of_its_caller(patch: pytest.MonkeyPatch) -> None:
    retell(patch, e.CallbackQueued, lambda told: msgspec.structs.replace(told, language=None))


@caught_by("overflow")
def a_callback_never_overflows(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(callbacks, "widen", lambda d, call, reason: None)
