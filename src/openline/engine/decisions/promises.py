"""What becomes of a callback when an attempt has ended: made, tried again, or explained.

Every promise ends in one of two ways (I18): it is made, or `CallbackEnded` says why not. What we
cut short ourselves (the agent was lost, the program died, our ceiling of calls out was reached) is
not held against the caller: it does not count as an attempt. Nothing here offers a call; the next
attempt comes by its deadline.
"""

from openline.engine import events as e
from openline.engine.decision import Decision
from openline.engine.settings import CallbackSettings
from openline.engine.state import Call, Callback, CallState
from openline.model import Instant, Reason

_OURS = (Reason.AGENT_LOST, Reason.RESTARTED, Reason.CALLS_OUT_SPENT)
_FINAL = (Reason.WRONG_PERSON, Reason.SAFE_TIME_PASSED, Reason.PROMISE_RAN_OUT)
_NOT_HIM = (Reason.WRONG_PERSON, Reason.ANSWERING_MACHINE)
_USUAL = CallbackSettings()


def rules_of(d: Decision, callback: Callback) -> CallbackSettings:
    """Returns how the queue calls back; a promise stands even where it no longer does."""
    return d.state.queues[callback.queue].callback or _USUAL


def outcome_of(call: Call, reason: Reason) -> e.CallOutcome:
    """Returns how an attempt ends that ends now."""
    if call.reached_at is None or reason in _NOT_HIM:
        return e.CallOutcome.CALLBACK_FAILED
    if call.answered_at is None and call.state is not CallState.OUTSIDE:
        # He was reached, lost his agent, and left while he waited for another.
        return e.CallOutcome.ABANDONED
    return e.CallOutcome.CALLBACK_MADE


def settle(d: Decision, call: Call, reason: Reason) -> None:
    """Decides, after an attempt has ended, whether the promise is kept, goes on or is explained."""
    assert call.callback is not None, f"call {call.id} is no callback"
    callback = d.state.callbacks[call.callback]
    was_reached = call.reached_at is not None and reason not in _NOT_HIM
    # Whoever asked again during this very attempt is owed another one.
    if was_reached and callback.attempts > 0:
        left_message = reason is Reason.MESSAGE_LEFT
        end_promise(d, callback, reason if left_message else Reason.CALLBACK_MADE, call)
        return
    attempts = max(0, callback.attempts - (reason in _OURS))
    rules = rules_of(d, callback)
    again_at = Instant(max(d.now + _pause(rules, reason), callback.not_before))
    if reason in _FINAL or attempts >= rules.attempts:
        end_promise(d, callback, reason, call)
    elif again_at >= callback.not_after:
        end_promise(d, callback, _ran_out(callback), call)
    else:
        d.record(
            e.CallbackDeferred(
                callback=callback.id,
                call=call.id,
                again_at=again_at,
                attempts=attempts,
                reason=reason,
            )
        )


def _pause(rules: CallbackSettings, reason: Reason) -> int:
    return 1 if reason is Reason.NOT_SAFE_YET else rules.pause


def run_out(d: Decision, callback: Callback) -> None:
    """Explains a promise whose time is over before anybody could call."""
    end_promise(d, callback, _ran_out(callback), None)


def _ran_out(callback: Callback) -> Reason:
    return Reason.SAFE_TIME_PASSED if callback.is_window else Reason.PROMISE_RAN_OUT


def end_promise(d: Decision, callback: Callback, reason: Reason, call: Call | None) -> None:
    """Records that the promise is kept or explained."""
    d.record(
        e.CallbackEnded(
            callback=callback.id,
            line=callback.line,
            queue=callback.queue,
            origin=callback.origin,
            number=callback.number,
            call=None if call is None else call.id,
            attempts=callback.attempts,
            reason=reason,
        )
    )


__all__ = ["end_promise", "outcome_of", "rules_of", "run_out", "settle"]
