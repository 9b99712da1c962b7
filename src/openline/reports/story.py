"""The story of one call: what happened to it, when and why, in the order of the record.

Every event that names the call is a chapter, with its reason, and where routing chose or could not,
with what it knew at that moment (`why`). Events that are new in the engine are told by their own
name. What is never told: the leg, the sealed references, the note and what the
call was about. Calls of people are told exactly for seven days; after that in steps of a quarter of
an hour and without the agents, so that old stories tell nothing about one person's minute.
"""

import re
from collections.abc import Iterable

import msgspec

from openline.engine import AnyEvent, State
from openline.engine import events as e
from openline.engine.apply import apply
from openline.measures import start_of_interval
from openline.model import MINUTE, CallId, Duration, Instant, OfferId, Origin, Reason
from openline.reports.why import Known, known_of, waits_of

EXACT_FOR = Duration(7 * 24 * 60 * MINUTE)

_SAID: dict[type[e.Event], str] = {
    e.CallArrived: "It reached the line {line}.",
    e.GreetingStarted: "The greeting began.",
    e.CallQueued: "It entered the queue {queue} (entry {entry}, priority {priority}).",
    e.MediumChanged: "The caller went on otherwise: {medium}.",
    e.PartnerRecognised: "It is known to come from a partner.",
    e.ShareLimitHeld: "It was passed over for another call.",
    e.CallForwarded: "Its queue {queue} sends it to a number outside.",
    e.ForwardFailed: "Nobody was reached outside: it is at its place in {queue} again.",
    e.OutsideDialled: "Somebody outside was rung.",
    e.OutsideAnswered: "Somebody outside answered.",
    e.OutsideFailed: "Nobody outside was reached.",
    e.CallOffered: "It was offered to {agent}.",
    e.OfferRenewed: "The offer began again.",
    e.OfferAccepted: "{agent} answered.",
    e.OfferDeclined: "{agent} declined.",
    e.OfferMissed: "{agent} did not answer in time.",
    e.OfferWithdrawn: "The offer to {agent} was taken back.",
    e.SoundSessionStarted: "Both sides were told to connect their sound.",
    e.SoundConfirmed: "One side hears the other.",
    e.CallHeld: "{agent} put the caller on hold.",
    e.CallResumed: "{agent} took the caller back.",
    e.CallerLost: "The caller's connection broke.",
    e.CallerReturned: "The caller is connected again.",
    e.CallEnded: "It ended: {outcome}.",
    e.WrapUpStarted: "{agent} began the work after the call.",
    e.WrapUpFinished: "{agent} finished the work after the call.",
}
_TOLD = frozenset(
    {
        *("line", "origin", "queue", "left", "agent", "by", "reason", "outcome", "becomes"),
        *("entry", "priority", "session", "hops", "box", "sound", "medium"),
        *("waited", "talked", "held", "took", "length"),
        *("waiting_since", "expires_at", "due_at", "gone_at", "warn_at"),
    }
)
"""What of an event is told: a field that is new in the engine is not, until somebody has thought
about it."""
_SOMEBODY = "an agent"


class Chapter(msgspec.Struct, frozen=True, kw_only=True):
    """Is one thing that happened to the call."""

    at: Instant
    event: str
    words: str
    reason: str | None
    """The engine's reason, where it could have been otherwise."""
    facts: dict[str, str | int | float | bool | None]
    """What else the event says; durations and instants in microseconds."""


class Story:
    """Collects the chapters of one call, step by step.

    `state` is what was before the first of the steps, and is changed. Without it nothing is told of
    what routing knew.
    """

    def __init__(self, call: CallId, state: State | None = None) -> None:
        self.call = call
        self.origin: Origin | None = None
        self.is_over = False
        self._state = state
        self._offers: set[OfferId] = set()
        self._told: list[tuple[Instant, AnyEvent, Known]] = []

    def take(self, step: int, at: Instant, events: Iterable[AnyEvent]) -> None:
        """Takes one step into account, its own or one that only changes the state."""
        if self._state is not None:
            self._state.step, self._state.now = step, at
        for event in events:
            is_its = getattr(event, "call", None) == self.call
            if isinstance(event, e.CallOffered) and is_its:
                self._offers.add(event.offer)
            is_its = is_its or getattr(event, "offer", None) in self._offers
            known = self._apply(event, is_its)
            if not is_its:
                continue
            self._told.append((at, event, known))
            if isinstance(event, e.CallArrived | e.CallbackQueued):
                self.origin = event.origin
            elif isinstance(event, e.WrapUpFinished):
                self.is_over = True
            elif isinstance(event, e.CallEnded):
                # The work after it begins in the same step, if there was somebody to do it.
                self.is_over = event.agent is None

    def _apply(self, event: AnyEvent, is_its: bool) -> Known:
        """Keeps the state in step; returns what routing knew of the call, if that is to be told."""
        state = self._state
        if state is None:
            return {}
        # Whom an offer could have gone to is only known before it is made.
        is_offer = is_its and isinstance(event, e.CallOffered)
        before = known_of(state, self.call) if is_offer else {}
        apply(state, event)
        if is_its and isinstance(event, e.CallQueued | e.CallbackQueued | e.CallWidened):
            return waits_of(known_of(state, self.call))
        return before

    def chapters(self, now: Instant) -> tuple[Chapter, ...]:
        """Returns what may be told of it now."""
        is_of_people = self.origin is not Origin.SIMULATED
        last = self._told[-1][0] if self._told else now
        is_blurred = is_of_people and last < now - EXACT_FOR
        return tuple(_chapter(*each, is_blurred=is_blurred) for each in self._told)


def _chapter(at: Instant, event: AnyEvent, known: Known, *, is_blurred: bool) -> Chapter:
    fields = msgspec.to_builtins(event)
    told = {name: value for name, value in fields.items() if name in _TOLD}
    if is_blurred:
        told = {
            name: value
            for name, value in told.items()
            if name not in ("agent", "by", "waiting_since") and not name.endswith("_at")
        }
        at, known = start_of_interval(at), {}
    reason = told.pop("reason", None)
    name = type(event).__name__
    pattern = _SAID.get(type(event))
    if pattern is None:
        words = re.sub(r"(?<!^)(?=[A-Z])", " ", name).lower().capitalize() + "."
    else:
        words = pattern.format_map({"agent": _SOMEBODY, **told})
        words = (
            words.replace(_SOMEBODY, _SOMEBODY.capitalize()) if words.startswith("an ") else words
        )
    if reason is not None and reason != Reason.ARRIVED.value:
        words = f"{words[:-1]}, because: {reason.replace('_', ' ')}."
    facts: dict[str, str | int | float | bool | None] = {
        key: value for key, value in told.items() if isinstance(value, str | int | float | bool)
    }
    words += _known_in_words(known)
    return Chapter(at=at, event=name, words=words, reason=reason, facts={**facts, **known})


def _known_in_words(known: Known) -> str:
    if not known:
        return ""
    pattern = (
        " Before it: {before}. At work who could take it: {able}; of them ready: {able_ready}."
    )
    return pattern.format_map(known)
