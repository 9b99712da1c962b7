"""Inputs about callbacks: one is asked for, a number is dialled, somebody answers or nobody.

The promise stands in the state (`Callback`). When it is time it waits as a call of its own at the
caller's old place, and is offered like any other. The agent who accepts is on the line before the
number is dialled, so that nobody ever answers to silence. What becomes of the promise after an
attempt is decided in `promises`.
"""

from openline.engine import commands as c
from openline.engine import events as e
from openline.engine import inputs as i
from openline.engine.decision import Decision
from openline.engine.decisions.acts import connect, offer_call, work_of
from openline.engine.decisions.endings import end_call
from openline.engine.decisions.outside import (
    WHY_FAILED,
    outside_answered,
    outside_failed,
    rung_long_enough,
)
from openline.engine.decisions.overflow import widen
from openline.engine.decisions.promises import rules_of, run_out
from openline.engine.decisions.requests import permitted
from openline.engine.state import Agent, Call, Callback, CallState
from openline.model import CallbackId, CallId, Duration, Instant, LegId, Reason

_IN_QUEUE = (CallState.QUEUED, CallState.OFFERED)
_WORDS = {
    i.CallbackWord.WRONG_PERSON: Reason.WRONG_PERSON,
    i.CallbackWord.ANSWERING_MACHINE: Reason.ANSWERING_MACHINE,
    i.CallbackWord.MESSAGE_LEFT: Reason.MESSAGE_LEFT,
}


# --- the promise ---------------------------------------------------------------------------


def callback_asked(d: Decision, seen: i.CallbackAsked) -> None:
    """Promises the caller a callback at his place and lets him go."""
    call = d.state.calls_by_leg.get(seen.leg)
    if call is None:
        d.pass_over(seen, Reason.UNKNOWN_LEG)
        return
    if call.state not in _IN_QUEUE or call.callback is not None:
        d.pass_over(seen, Reason.NOT_IN_THIS_STATE)
        return
    assert call.queue is not None, f"call {call.id} waits in no queue"
    rules = d.state.queues[call.queue].callback
    if rules is None or not call.can_be_called_back:
        d.pass_over(seen, Reason.NOT_CALLED_BACK_HERE)
        return
    longest = Instant(d.now + rules.kept)
    not_before = Instant(max(d.now, seen.not_before or d.now))
    not_after = longest if seen.not_after is None else min(seen.not_after, longest)
    if not_before >= not_after:
        d.pass_over(seen, Reason.NO_SAFE_TIME)
        return
    standing = d.state.callbacks_by_number.get(seen.number)
    if standing is None:
        callback = _promise(d, call, seen, not_before, not_after)
    else:
        callback = standing
        _join(d, callback, call, seen, not_before, not_after)
    if callback.call is None and callback.not_before <= d.now:
        # Before his call ends, so that the agent who was rung for it does not pass him by.
        _wait_for_agent(d, callback)
    end_call(d, call, Reason.CALLBACK_ASKED)


def _promise(
    d: Decision, call: Call, seen: i.CallbackAsked, not_before: Instant, not_after: Instant
) -> Callback:
    assert call.queue is not None, f"call {call.id} waits in no queue"
    assert call.waiting_since is not None, f"call {call.id} waits since never"
    number = CallbackId(d.state.next_callback)
    d.record(
        e.CallbackPromised(
            callback=number,
            call=call.id,
            port=call.leg.partition(":")[0],
            line=call.line,
            queue=call.queue,
            origin=call.origin,
            priority=call.priority,
            waiting_since=call.waiting_since,
            number=seen.number,
            not_before=not_before,
            not_after=not_after,
            is_window=seen.not_after is not None,
            may_leave_message=seen.may_leave_message,
            topic=call.topic,
            language=call.language,
        )
    )
    return d.state.callbacks[number]


def _join(
    d: Decision,
    callback: Callback,
    call: Call,
    seen: i.CallbackAsked,
    not_before: Instant,
    not_after: Instant,
) -> None:
    """Lets one call answer both; what is safe by both answers holds, else the later answer."""
    least = max(not_before, callback.not_before)
    most = min(not_after, callback.not_after)
    if least >= most:
        least, most = not_before, not_after
    d.record(
        e.CallbackJoined(
            callback=callback.id,
            call=call.id,
            not_before=least,
            not_after=most,
            is_window=callback.is_window or seen.not_after is not None,
            may_leave_message=callback.may_leave_message and seen.may_leave_message,
        )
    )
    attempt = None if callback.call is None else d.state.calls[callback.call]
    is_on_its_way = attempt is not None and attempt.state not in _IN_QUEUE
    if attempt is not None and attempt.reached_at is None and least > d.now and not is_on_its_way:
        end_call(d, attempt, Reason.NOT_SAFE_YET)


def promise_ends(d: Decision, number: int) -> None:
    """Explains a promise that could not be kept in its time."""
    callback = d.state.callbacks[CallbackId(number)]
    if callback.call is None:
        run_out(d, callback)
    else:
        window = callback.is_window
        reason = Reason.SAFE_TIME_PASSED if window else Reason.PROMISE_RAN_OUT
        end_call(d, d.state.calls[callback.call], reason)


def callback_due(d: Decision, number: int) -> None:
    """Lets the callback wait for an agent, now that it may; after a long sleep it is too late."""
    callback = d.state.callbacks[CallbackId(number)]
    if d.now < callback.not_after:
        _wait_for_agent(d, callback)
    else:
        run_out(d, callback)


def _wait_for_agent(d: Decision, callback: Callback) -> None:
    call_id = CallId(d.state.next_call)
    d.record(
        e.CallbackQueued(
            callback=callback.id,
            call=call_id,
            leg=LegId(f"{callback.port}:callback-{call_id}"),
            line=callback.line,
            origin=callback.origin,
            queue=callback.queue,
            priority=callback.priority,
            waiting_since=callback.waiting_since,
            topic=callback.topic,
            language=callback.language,
        )
    )
    call = d.state.calls[call_id]
    if d.state.queues[callback.queue].overflow:
        widen(d, call, Reason.WAITED)
    offer_call(d, call)


# --- the attempt ---------------------------------------------------------------------------


def dial(d: Decision, call: Call, agent: Agent) -> None:
    """Orders the number to be rung for an agent who has just accepted."""
    assert call.callback is not None, f"call {call.id} is no callback"
    callback = d.state.callbacks[call.callback]
    order = d.command_id()
    give_up_at = Instant(d.now + rules_of(d, callback).dial_timeout)
    d.record(
        e.CallbackDialled(
            callback=callback.id,
            call=call.id,
            agent=agent.key,
            attempt=callback.attempts + 1,
            dial=order,
            give_up_at=give_up_at,
        )
    )
    d.order(
        c.Dial(
            id=order,
            leg=call.leg,
            call=call.id,
            callback=callback.id,
            number=callback.number,
            give_up_at=give_up_at,
        )
    )


def dial_answered(d: Decision, seen: i.DialAnswered) -> None:
    """Lets the agent and whoever answered hear each other."""
    call = d.state.calls_by_leg.get(seen.leg)
    if call is None:
        outside_answered(d, seen)
    elif call.state is not CallState.DIALLING:
        d.pass_over(seen, Reason.OUT_OF_DATE)
    else:
        assert call.agent is not None, f"call {call.id} is dialled for nobody"
        assert call.callback is not None, f"call {call.id} is no callback"
        assert call.dialled_at is not None, f"call {call.id} is dialled since never"
        assert call.queue is not None, f"call {call.id} is of no queue"
        agent = d.state.agents[call.agent]
        d.record(
            e.CallbackReached(
                callback=call.callback,
                call=call.id,
                queue=call.queue,
                origin=call.origin,
                agent=agent.key,
                rang=Duration(d.now - call.dialled_at),
            )
        )
        connect(d, call, agent, Reason.FIRST_CONNECTION)


def dial_failed(d: Decision, seen: i.DialFailed) -> None:
    """Ends an attempt that reached nobody."""
    call = d.state.calls_by_leg.get(seen.leg)
    if call is None:
        outside_failed(d, seen)
    elif call.state is not CallState.DIALLING:
        d.pass_over(seen, Reason.OUT_OF_DATE)
    else:
        end_call(d, call, WHY_FAILED[seen.why])


def dialled_long_enough(d: Decision, number: int) -> None:
    """Stops ringing a number at which nobody answers."""
    call = d.state.calls[CallId(number)]
    if call.state is CallState.DIALLING:
        end_call(d, call, Reason.NO_ANSWER)
    else:
        rung_long_enough(d, call)


def callback_close_requested(d: Decision, seen: i.CallbackCloseRequested) -> None:
    """Ends a callback that did not reach the caller; one who is not he hears neutral words."""
    agent = permitted(d, seen)
    if agent is None:
        return
    call = work_of(d, agent)
    if call is None or call.callback is None:
        d.refuse(seen, agent.key, Reason.NO_CALLBACK)
    elif call.state is CallState.DIALLING:
        d.refuse(seen, agent.key, Reason.STILL_DIALLING)
    elif (
        seen.word is i.CallbackWord.MESSAGE_LEFT
        and not d.state.callbacks[call.callback].may_leave_message
    ):
        d.refuse(seen, agent.key, Reason.NO_MESSAGE_ALLOWED)
    else:
        end_call(d, call, _WORDS[seen.word])
