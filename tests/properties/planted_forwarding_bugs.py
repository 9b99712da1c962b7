"""Which mistakes could somebody make where queues send calls outside?

More of `planted_bugs`, in the same table.
"""

from typing import Any

import msgspec
import pytest

from openline.engine import Interflow, State, ToOutside
from openline.engine import apply as applying
from openline.engine import events as e
from openline.engine.decision import Decision
from openline.engine.decisions import callers, endings, forwarding, interflow, leaving, rules
from openline.engine.live import Call, CallState
from openline.model import Reason
from tests.properties.planted_bugs import caught_by, exchange, retell

_APPLY: dict[Any, Any] = applying.APPLY


@caught_by("forwarding")
def a_call_is_sent_outside_again_and_again(patch: pytest.MonkeyPatch) -> None:
    original = _APPLY[e.ForwardFailed]

    def failed(state: State, event: e.ForwardFailed) -> None:
        original(state, event)
        state.calls[event.call].forwarded_to = None

    exchange(patch, _APPLY, e.ForwardFailed, failed)


@caught_by("I17", "overflow")
def who_comes_back_from_outside_is_last(patch: pytest.MonkeyPatch) -> None:
    original = _APPLY[e.ForwardFailed]

    def failed(state: State, event: e.ForwardFailed) -> None:
        state.calls[event.call].waiting_since = state.now
        original(state, event)

    exchange(patch, _APPLY, e.ForwardFailed, failed)


@caught_by("forwarding")
def nobody_is_told_where_he_is_sent(patch: pytest.MonkeyPatch) -> None:
    original = forwarding.forward

    def forward(d: Decision, call: Call, rule: Interflow, to: ToOutside, reason: Reason) -> bool:
        return original(d, call, msgspec.structs.replace(rule, announcement=None), to, reason)

    patch.setattr(interflow, "forward", forward)


@caught_by("forwarding")
def whom_nobody_took_outside_stays_there(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(leaving, "come_back", lambda *_: None)


@caught_by("I15", "BugError")
def nothing_rings_after_the_announcement(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(callers, "announced", lambda *_: None)
    patch.setattr("openline.engine.decisions.deadlines.announced", lambda *_: None)


@caught_by("I26")
def a_way_outside_is_no_hop(patch: pytest.MonkeyPatch) -> None:
    retell(patch, e.CallForwarded, lambda told: msgspec.structs.replace(told, hops=told.hops - 1))


@caught_by("interflow", "outside")
def a_queue_calls_any_number_for_any_line(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(rules, "may_be_connected", lambda call, outside: True)


@caught_by("I1")
def who_was_answered_outside_was_answered_here(patch: pytest.MonkeyPatch) -> None:
    original = endings._outcome_unqueued

    def outcome(call: Call) -> e.CallOutcome:
        is_outside = call.state is CallState.FORWARDED
        return e.CallOutcome.ANSWERED if is_outside else original(call)

    patch.setattr(endings, "_outcome_unqueued", outcome)


@caught_by("I9")
def the_wait_for_an_answer_outside_is_not_counted(patch: pytest.MonkeyPatch) -> None:
    original = _APPLY[e.OutsideAnswered]

    def answered(state: State, event: e.OutsideAnswered) -> None:
        waited = state.calls[event.call].waited
        original(state, event)
        state.calls[event.call].waited = waited

    exchange(patch, _APPLY, e.OutsideAnswered, answered)
