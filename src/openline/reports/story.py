"""The story of one call: what happened to it, when and why, in the order of the record.

Every event that names the call is a chapter, with its reason. Events that are new in the engine are
told by their own name. What is never told: the leg, the sealed references, the note and what the
call was about. Calls of people are told exactly for seven days; after that in steps of a quarter of
an hour and without the agents, so that old stories tell nothing about one person's minute.
"""

import re
from collections.abc import Iterable

import msgspec

from openline.engine import AnyEvent
from openline.engine import events as e
from openline.measures import start_of_interval
from openline.model import MINUTE, CallId, Duration, Instant, Origin, Reason

EXACT_FOR = Duration(7 * 24 * 60 * MINUTE)

_SAID: dict[type[e.Event], str] = {
    e.CallArrived: "It reached the line {line}.",
    e.GreetingStarted: "The greeting began.",
    e.CallQueued: "It entered the queue {queue} (entry {entry}, priority {priority}).",
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
        *("entry", "priority", "session", "hops", "box", "sound"),
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
    """Collects the chapters of one call."""

    def __init__(self, call: CallId) -> None:
        self.call = call
        self.origin: Origin | None = None
        self.is_over = False
        self._told: list[tuple[Instant, AnyEvent]] = []

    def take(self, at: Instant, events: Iterable[AnyEvent]) -> None:
        """Takes one step into account."""
        for event in events:
            if getattr(event, "call", None) != self.call:
                continue
            self._told.append((at, event))
            if isinstance(event, e.CallArrived):
                self.origin = event.origin
            elif isinstance(event, e.WrapUpFinished):
                self.is_over = True
            elif isinstance(event, e.CallEnded):
                # The work after it begins in the same step, if there was somebody to do it.
                self.is_over = event.agent is None

    def chapters(self, now: Instant) -> tuple[Chapter, ...]:
        """Returns what may be told of it now."""
        is_of_people = self.origin is not Origin.SIMULATED
        last = self._told[-1][0] if self._told else now
        is_blurred = is_of_people and last < now - EXACT_FOR
        return tuple(_chapter(at, event, is_blurred) for at, event in self._told)


def _chapter(at: Instant, event: AnyEvent, is_blurred: bool) -> Chapter:
    fields = msgspec.to_builtins(event)
    told = {name: value for name, value in fields.items() if name in _TOLD}
    if is_blurred:
        told = {
            name: value
            for name, value in told.items()
            if name not in ("agent", "by", "waiting_since") and not name.endswith("_at")
        }
        at = start_of_interval(at)
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
    return Chapter(at=at, event=name, words=words, reason=reason, facts=facts)
