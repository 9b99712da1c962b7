"""Why did this call wait, and why was it offered to her?

What routing knew, told from the record alone: every event of the call with its reason
and, where routing chose, what it knew at that moment: how many were before him, how many of those
who could take the call were at work and how many of them ready. None of that stands in the events,
and none of it has to: the fold of the record is the state that was, so it is looked up there. Costs
a look at every agent at each choice, and one `apply` for each event of the record on the way.

Only what is in the lists below is shown: no number, no name and no note can come through. Who may
be told which story is asked elsewhere (rule P31 of the privacy rules).
"""

from collections.abc import Iterable

import msgspec

from openline.engine import AnyEvent, Call, State
from openline.engine import events as e
from openline.engine.apply import apply
from openline.model import SECOND, AgentKey, CallId, Instant, OfferId, Reason
from openline.model.names import Name

RecordedStep = tuple[int, Instant, tuple[AnyEvent, ...]]
Detail = int | float | str | bool | None

_SHOWN = (
    *("line", "origin", "queue", "left", "agent", "entry", "hops", "step", "place"),
    *("outcome", "session"),
)
"""Fields of events that are shown as they are."""
_SPANS = ("waited", "talked", "held", "wait", "took", "length")
"""Fields of events that are shown in seconds."""


class WaitsBecause(Name):
    """Says why a call that came to a queue, or may be offered to more agents, waits."""

    NOBODY_AT_WORK = "nobody_at_work"
    """Of those who could take it nobody is signed in and taking calls."""
    NOBODY_READY = "nobody_ready"
    """All of them are in calls, being rung, or wrapping up."""


class WhyStep(msgspec.Struct, frozen=True, kw_only=True):
    """Is one thing that happened to the call."""

    at: Instant
    what: str
    """The name of the event."""
    because: Reason | None
    details: dict[str, Detail]


def why_of(
    call: CallId, steps: Iterable[RecordedStep], state: State | None = None
) -> tuple[WhyStep, ...]:
    """Returns what happened to the call, in order, up to the end of the work after it.

    `state` is what was before the first of the steps, and is changed; left out, the steps begin
    with the record. Empty where no step speaks of the call. Reads no further than it needs to.
    """
    told: list[WhyStep] = []
    state = State() if state is None else state
    offers: dict[OfferId, None] = {}
    agent: AgentKey | None = None
    for number, now, events in steps:
        state.step, state.now = number, now
        for event in events:
            if isinstance(event, e.CallOffered) and event.call == call:
                offers[event.offer] = None
            is_its = getattr(event, "call", None) == call or getattr(event, "offer", 0) in offers
            # Whom an offer could have gone to is only known before it is made.
            before = _known(state, call) if is_its and isinstance(event, e.CallOffered) else {}
            apply(state, event)
            if is_its:
                told.append(_step(state, call, now, event, before))
            if isinstance(event, e.CallEnded) and event.call == call:
                agent = event.agent
        is_over = bool(told) and call not in state.calls
        if is_over and (agent is None or state.agents[agent].call != call):
            break
    return tuple(told)


def _step(
    state: State, call: CallId, now: Instant, event: AnyEvent, before: dict[str, Detail]
) -> WhyStep:
    details: dict[str, Detail] = {}
    for field in _SHOWN:
        value = getattr(event, field, None)
        if value is not None:
            details[field] = value.value if isinstance(value, Name) else value
    for field in _SPANS:
        span = getattr(event, field, None)
        if span is not None:
            details[f"{field}_s"] = span / SECOND
    details.update(before)
    if isinstance(event, e.CallQueued | e.CallbackQueued | e.CallWidened):
        known = _known(state, call)
        details.update(known)
        if known and not known["able_ready"]:
            why = WaitsBecause.NOBODY_READY if known["able"] else WaitsBecause.NOBODY_AT_WORK
            details["waits_because"] = why.value
    because = getattr(event, "reason", None)
    return WhyStep(at=now, what=type(event).__name__, because=because, details=details)


def _known(state: State, call_id: CallId) -> dict[str, Detail]:
    """Returns what routing knows of a waiting call: who is before it, and who could take it."""
    call = state.calls.get(call_id)
    if call is None or not call.is_waiting or call.queue is None:
        return {}
    line = state.index.in_line((call.queue, call.origin), state.now)
    able = [key for key in state.agents if _could_take(state, key, call)]
    return {
        "before": line.index(call.id),
        "able": sum(state.agents[key].is_at_work for key in able),
        "able_ready": sum(state.agents[key].is_idle for key in able),
    }


def _could_take(state: State, agent: AgentKey, call: Call) -> bool:
    if call.queue is None or call.origin not in state.agents[agent].origins:
        return False
    return state.index.may_take(agent, (call.queue, call.origin, call.step))
