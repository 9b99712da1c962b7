"""What a caller's page and an agent's desktop show, as the page protocol has it.

Pure functions from the durable state to plain values. A view is always whole, so that a page which
missed something needs nothing but the next one. No number, no note and no address is in any of it.
"""

from collections.abc import Sequence
from typing import Any, Literal

from openline.centre.choices import choices_of
from openline.configuration import Published
from openline.engine import Agent, AgentState, Call, CallState, State
from openline.engine.parties import Party, PartyState
from openline.engine.rings import Pool
from openline.engine.settings import OutsideKind
from openline.model import (
    SECOND,
    AgentKey,
    CallId,
    Duration,
    Instant,
    Medium,
    Origin,
    QueueKey,
    Reason,
)
from openline.reports import DeskDay, LivePicture

View = dict[str, Any]


class Places:
    """Counts the places of a centre's waiting calls, once for each queue and durable step.

    A thousand waiting pages ask at the same moment; counting costs O(n log n) for all of them.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._step = -1
        self._counted: dict[Pool, dict[CallId, int]] = {}

    def of(self, call: Call) -> int:
        """Returns the caller's place, counted from 1.

        Who lost his connection is counted while he may come back, so that nobody is told after a
        restart that he is first because his page was the quickest. Calls that are being offered
        have left the count: they are as good as answered, and if the offer fails they come back
        before him as they were.
        """
        if call.queue is None:
            return 1
        if self._step != self._state.step:
            self._step = self._state.step
            self._counted = {}
        pool = (call.queue, call.origin)
        places = self._counted.get(pool)
        if places is None:
            waiting = self._state.index.callers.in_line(pool, self._state.now)
            places = self._counted[pool] = {call: at for at, call in enumerate(waiting, start=1)}
        return places.get(call.id, len(places) + 1)


_OUTSIDE = (CallState.OUTSIDE, CallState.FORWARDED)


def caller_view(
    state: State,
    published: Published,
    picture: LivePicture,
    places: Places,
    call: Call,
    language: str,
) -> View:
    """Returns what the caller sees; the wait is told only where something honest can be said."""
    since = call.answered_at or shown_since(call) or call.arrived_at
    if call.state in _OUTSIDE and call.parties:
        since = min(party.since for party in call.parties)
    place: int | None = None
    estimate: Duration | None = None
    if call.state is CallState.QUEUED and call.queue is not None:
        place = places.of(call)
        estimate = picture.estimate(call.queue, call.origin, place)
    elif call.state is CallState.OFFERED:
        place = 1
    agent = None if call.agent is None else state.agents[call.agent]
    return {
        "state": _shown_state(call),
        "since": since,
        "line": published.name_of("line", call.line, language),
        "place": place,
        "estimate_s": None if estimate is None else estimate // SECOND,
        "other_lost": agent is not None and agent.gone_at is not None,
        "choices": choices_of(state, published, call, language),
        "medium": call.medium.value,
        "reason": None,
    }


def _shown_state(call: Call) -> str:
    """Returns the state as the caller sees it: outside, he is spoken with or on hold.

    Whom his queue sends there is told so first: that is a message like others.
    """
    state = call.state
    if state is CallState.FORWARDED and not call.parties:
        state = CallState.MESSAGE
    elif state in _OUTSIDE:
        is_there = any(party.state is PartyState.JOINED for party in call.parties)
        state = CallState.TALKING if is_there else CallState.HELD
    return str(state.value)


def shown_since(call: Call) -> Instant | None:
    """Returns since when somebody waits, as far as anybody may see it.

    Who regained a place is shown to wait since his present call: neither he nor an agent who tells
    him how long he waited may give away that somebody called before. A callback has no such call.
    """
    if call.waiting_since is None or call.callback is not None:
        return call.waiting_since
    return max(call.waiting_since, call.arrived_at)


def ended_view(
    published: Published,
    line: str,
    language: str,
    reason: Reason,
    at: Instant,
    medium: Medium = Medium.VOICE,
) -> View:
    """Returns what a caller sees whose call is over."""
    return {
        "state": "ended",
        "since": at,
        "line": published.name_of("line", line, language),
        "place": None,
        "estimate_s": None,
        "other_lost": False,
        "choices": [],
        "medium": medium.value,
        "reason": reason.value,
    }


def agent_view(
    state: State,
    published: Published,
    key: AgentKey,
    language: str,
    day: DeskDay,
    *,
    captions: Sequence[str],
    keys: Sequence[str] = (),
    recording: str | None = None,
    is_kept: bool = False,
) -> View:
    """Returns what the agent's desktop shows.

    `captions` belong to a practice call; `keys` are what her caller pressed while they talk;
    `recording` is how it stands with that of the talk, None where its caller said no; `is_kept`
    tells whether there is one of the call that she works on still.
    """
    agent = state.agents[key]
    return {
        "key": key,
        "name": published.name_of("agent", key, language),
        "state": agent.state.value,
        "since": agent.since,
        "reason": None if agent.reason is None else agent.reason.value,
        "pause_reason": agent.pause_reason,
        "pause_after": agent.pause_after,
        "by": _alias(published, agent.by, language),
        "forced_to": None if agent.forced_to is None else agent.forced_to.value,
        "forced_by": _alias(published, agent.forced_by, language),
        "rests_until": agent.rests_until,
        "help": _help_view(published, agent, language),
        "unreachable": agent.gone_at is not None,
        "skills_changed": skills_changed(state, published, key, language),
        "recovery_break_s": state.settings.recovery_break / SECOND,
        "practice": Origin.PRACTICE in agent.origins,
        "offer": _offer_view(state, published, agent, language),
        "call": _call_view(
            state, published, agent, language, captions=captions, keys=keys, recording=recording
        ),
        "wrap_up": _wrap_up_view(state, published, agent, language, is_kept=is_kept),
        "queues": [
            _queue_view(state, published, agent, queue, language)
            for queue in state.index.queues_of(key)
        ],
        "day": day,
        "pause_reasons": _choices(
            published, "pause_reason", published.settings.pause_reasons, language
        ),
        "dispositions": _choices(
            published, "disposition", published.settings.dispositions, language
        ),
    }


def staff_view(state: State, published: Published, language: str) -> list[View]:
    """Returns what a supervisor sees of the agents, in the order of the configuration."""
    return [
        {
            "key": agent.key,
            "name": published.name_of("agent", agent.key, language),
            "simulated": published.is_simulated(agent.key),
            "state": agent.state.value,
            "since": agent.since,
            "reason": None if agent.reason is None else agent.reason.value,
            "pause_reason": agent.pause_reason,
            "by": _alias(published, agent.by, language),
            "forced_to": None if agent.forced_to is None else agent.forced_to.value,
            "forced_by": _alias(published, agent.forced_by, language),
            "rests_until": agent.rests_until,
            "help": _help_view(published, agent, language),
            "unreachable": agent.gone_at is not None,
            "skills": {each.skill: each.level for each in state.agent_settings[agent.key].skills},
            "skills_changed": skills_changed(state, published, agent.key, language),
        }
        for agent in state.agents.values()
    ]


def _alias(published: Published, key: AgentKey | None, language: str) -> str | None:
    """Returns the name by which colleagues know a supervisor."""
    return None if key is None else published.name_of("agent", key, language)


def _help_view(published: Published, agent: Agent, language: str) -> View | None:
    """Returns since when her hand is up, and who comes; None while it is down."""
    if agent.help_since is None:
        return None
    return {"since": agent.help_since, "by": _alias(published, agent.help_by, language)}


def skills_changed(state: State, published: Published, key: AgentKey, language: str) -> View | None:
    """Returns who changed what the agent can take and when; None: it is as configured."""
    changed = state.changed_skills.get(key)
    if changed is None:
        return None
    return {"by": _alias(published, changed.by, language), "since": changed.since}


def _choices(
    published: Published,
    kind: Literal["pause_reason", "disposition"],
    keys: tuple[str, ...],
    language: str,
) -> list[View]:
    return [{"key": key, "name": published.name_of(kind, key, language)} for key in keys]


def _names(published: Published, call: Call, language: str) -> View:
    return {
        "line": published.name_of("line", call.line, language),
        "queue": published.name_of("queue", call.queue or "", language),
        "origin": call.origin.value,
    }


def _offer_view(state: State, published: Published, agent: Agent, language: str) -> View | None:
    if agent.offer is None:
        return None
    offer = state.offers[agent.offer]
    call = state.calls[offer.call]
    lease = state.queues[call.queue].ring_timeout if call.queue is not None else Duration(0)
    return {
        "id": offer.id,
        "call": call.id,
        "expires_at": offer.expires_at,
        "lease_s": lease / SECOND,
        "waiting_since": shown_since(call),
        "callback": call.callback is not None,
        "medium": call.medium.value,
        "safe_until": _safe_until(state, call),
        "language": call.language or published.line_languages.get(call.line),
        "asked_by": _alias(published, call.agent, language) if offer.is_for_party else None,
        **_names(published, call, language),
    }


def _call_view(
    state: State,
    published: Published,
    agent: Agent,
    language: str,
    *,
    captions: Sequence[str],
    keys: Sequence[str],
    recording: str | None,
) -> View | None:
    if agent.state is not AgentState.TALKING or agent.call is None:
        return None
    call = state.calls[agent.call]
    is_hers = call.agent == agent.key
    return {
        "id": call.id,
        # While a callback rings she is on the line, and nobody else is.
        "answered_at": call.answered_at or agent.since,
        "callback": _callback_view(state, call),
        "medium": call.medium.value,
        "asked_by": None if is_hers else _alias(published, call.agent, language),
        "part": _part(call, agent),
        "parties": [
            _party_view(state, published, party, language)
            for party in call.parties
            if party.agent != agent.key
        ],
        "held_since": call.held_since,
        "session": call.session,
        "other_lost": call.gone_at is not None,
        "captions": captions,
        "keys": list(keys),
        "recording": recording,
        **_names(published, call, language),
    }


def _callback_view(state: State, call: Call) -> View | None:
    if call.callback is None:
        return None
    return {
        "dialling": call.state is CallState.DIALLING,
        "may_leave_message": state.callbacks[call.callback].may_leave_message,
        "safe_until": _safe_until(state, call),
    }


def _part(call: Call, agent: Agent) -> str | None:
    """Returns as what she takes part in a call that is a colleague's."""
    return next((one.kind.value for one in call.parties if one.agent == agent.key), None)


def _safe_until(state: State, call: Call) -> Instant | None:
    """Returns until when it is safe to call, where whoever is called back said so."""
    callback = None if call.callback is None else state.callbacks[call.callback]
    return None if callback is None or not callback.is_window else callback.not_after


def _party_view(state: State, published: Published, party: Party, language: str) -> View:
    """Returns who else is in the call, or about to be."""
    outside = None if party.outside is None else state.outside.get(party.outside)
    return {
        "id": party.number,
        "kind": party.kind.value,
        "name": published.name_of("agent", party.agent, language)
        if party.agent is not None
        else published.name_of("outside", party.outside or "", language),
        "state": party.state.value,
        "since": party.since,
        "mode": None if party.mode is None else party.mode.value,
        "emergency": outside is not None and outside.kind is OutsideKind.EMERGENCY,
    }


def _wrap_up_view(
    state: State, published: Published, agent: Agent, language: str, *, is_kept: bool
) -> View | None:
    if agent.state is not AgentState.WRAP_UP or agent.wrap_up_queue is None:
        return None
    limit = state.queues[agent.wrap_up_queue].wrap_up_limit
    return {
        "call": agent.call,
        "line": published.name_of("line", agent.wrap_up_line or "", language),
        "queue": published.name_of("queue", agent.wrap_up_queue, language),
        "origin": None if agent.wrap_up_origin is None else agent.wrap_up_origin.value,
        "since": agent.since,
        "warn_at": agent.since + limit if agent.warn_at is None else agent.warn_at,
        "limit_s": limit / SECOND,
        "over": agent.warn_at is None,
        "recorded": is_kept,
    }


def _queue_view(
    state: State, published: Published, agent: Agent, queue: QueueKey, language: str
) -> View:
    waiting = 0
    longest: Instant | None = None
    for origin in agent.origins:
        numbers = state.index.callers.waiting((queue, origin))
        waiting += len(numbers)
        for number in numbers:
            since = shown_since(state.calls[number])
            if since is not None and (longest is None or since < longest):
                longest = since
    return {
        "key": queue,
        "name": published.name_of("queue", queue, language),
        "waiting": waiting,
        "longest_since": longest,
    }
