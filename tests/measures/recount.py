"""A second, naive count of the same record: plain loops over whole lists, nothing kept as it goes.

It shares no line with `measures.fold`. It reads the whole record for each call again, as somebody
with paper and pencil would.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from openline.engine import AnyEvent
from openline.engine import events as e
from openline.engine.parties import PartyKind
from openline.model import AgentKey, Instant, LineKey, Origin, QueueKey, Reason

Record = Sequence[tuple[Instant, tuple[AnyEvent, ...]]]
Placed = tuple[int, Instant, AnyEvent]
"""An event with its place in the whole record and its instant."""


@dataclass
class Entry:
    """Is one queue entry, as seen afterwards."""

    queue: QueueKey
    line: LineKey
    origin: Origin
    began: Instant
    outcome: str = "waiting"
    waited: int = 0
    offers: list[str] = field(default_factory=list)
    handled: int = 0
    transferred: int = 0
    after_consult: int = 0
    outside: int = 0
    consults: list[int] = field(default_factory=list)
    talk: int = 0
    hold: int = 0
    wrap_up: int = 0
    attempted: bool = False
    reached: bool = False
    connected: bool = False


def entries(record: Record) -> list[Entry]:
    """Returns every queue entry of the record with what became of it."""
    flat = [(at, event) for at, events in record for event in events]
    calls = [event.call for _, event in flat if isinstance(event, e.CallArrived | e.CallbackQueued)]
    found = []
    for call in calls:
        own = [
            (n, at, event)
            for n, (at, event) in enumerate(flat)
            if getattr(event, "call", None) == call
        ]
        starts = [k for k, (_, _, event) in enumerate(own) if isinstance(event, e.CallQueued)]
        ends = [*starts[1:], len(own)]
        for start, end in zip(starts, ends, strict=False):
            following = own[end][1] if end < len(own) else None
            found.append(_entry(own[start:end], following, flat))
    return found


def _entry(
    own: list[Placed], next_entry_at: Instant | None, flat: list[tuple[Instant, AnyEvent]]
) -> Entry:
    _, began, queued = own[0]
    assert isinstance(queued, e.CallQueued)
    entry = Entry(queued.queue, queued.line, queued.origin, began)
    for position, at, event in own[1:]:
        if isinstance(event, e.CallOffered):
            entry.offers.append("ringing")
        elif isinstance(event, e.OfferMissed):
            entry.offers[-1] = "missed"
        elif isinstance(event, e.OfferDeclined):
            entry.offers[-1] = "declined"
        elif isinstance(event, e.OfferWithdrawn):
            caller = event.reason.value == "caller_left"
            entry.offers[-1] = "caller_left" if caller else "agent_gone"
        elif isinstance(event, e.OfferAccepted):
            entry.offers[-1] = "accepted"
            entry.outcome = "answered"
            entry.waited = at - began
            rest = [placed for placed in own if placed[0] > position]
            _part(entry, event.agent, (position, at, event), rest, next_entry_at, flat)
            entry.handled = min(entry.handled, 1)
        elif isinstance(event, e.OutsideAnswered) and entry.outcome == "waiting":
            entry.outcome = "outside"
            entry.waited = at - began
        elif isinstance(event, e.CallTransferred):
            entry.transferred += event.reason is Reason.TRANSFERRED
            entry.after_consult += event.reason is Reason.TRANSFERRED_AFTER_CONSULT
            if event.taken_by is not None:
                entry.consults.append(event.consulted)
        elif isinstance(event, e.CallGivenOutside):
            entry.outside += 1
            if event.party is not None:
                entry.consults.append(event.consulted)
        elif isinstance(event, e.PartyLeft | e.OutsideLeft):
            if event.kind is PartyKind.CONSULTED:
                entry.consults.append(event.took)
        elif isinstance(event, e.CallEnded) and entry.outcome == "waiting":
            left = event.outcome is e.CallOutcome.LEFT_FOR_CALLBACK
            entry.outcome = "left" if left else "abandoned"
            entry.waited = at - began
    if entry.outcome == "left":
        _called_back(entry, own[-1][2], own[-1][0], flat)
    return entry


def _called_back(
    entry: Entry, left: AnyEvent, position: int, flat: list[tuple[Instant, AnyEvent]]
) -> None:
    """Fills in what became of the callback for which the entry was left."""
    assert isinstance(left, e.CallEnded)
    asked = next(
        event
        for _, event in flat
        if isinstance(event, e.CallbackPromised | e.CallbackJoined) and event.call == left.call
    )
    reached_at = 0
    own: list[tuple[int, Instant, AnyEvent]] = []
    for place, (at, event) in enumerate(flat[position + 1 :], start=position + 1):
        if getattr(event, "callback", None) != asked.callback:
            continue
        if isinstance(event, e.CallbackDialled):
            entry.attempted = True
        elif isinstance(event, e.CallbackReached):
            entry.reached, reached_at = True, at
            own.append((place, at, event))
        elif isinstance(event, e.CallbackEnded) and event.reason.value == "callback_made":
            entry.connected, entry.waited = True, reached_at - entry.began
    for place, at, event in own:
        assert isinstance(event, e.CallbackReached)
        if _asked_again(asked, left, flat[position + 1 : place]):
            continue
        talk = [
            (n, when, told)
            for n, (when, told) in enumerate(flat)
            if n > place and getattr(told, "call", None) == event.call
        ]
        over = (e.CallEnded, e.CallQueued)
        parted = next((when for _, when, told in talk if isinstance(told, over)), None)
        free = _free_at(event.agent, flat[place + 1 :])
        if parted is not None and free is not None:
            until = next(k for k, (_, _, told) in enumerate(talk) if isinstance(told, over))
            _conversation(entry, at, parted, free, talk[:until])


def _asked_again(asked: AnyEvent, left: e.CallEnded, later: list[tuple[Instant, AnyEvent]]) -> bool:
    """Whether somebody else asked for the same callback in the meantime."""
    return any(
        isinstance(event, e.CallbackJoined)
        and event.callback == getattr(asked, "callback", None)
        and event.call != left.call
        for _, event in later
    )


def _part(
    entry: Entry,
    agent: AgentKey,
    began: Placed,
    rest: list[Placed],
    next_entry_at: Instant | None,
    flat: list[tuple[Instant, AnyEvent]],
) -> None:
    """Fills in what an agent had of a conversation, and to whom she gave it."""
    over = (e.CallTransferred, e.CallGivenOutside, e.CallEnded)
    ends = next((k for k, (_, _, told) in enumerate(rest) if isinstance(told, over)), len(rest))
    parted = rest[ends][1] if ends < len(rest) else next_entry_at
    free = _free_at(agent, flat[began[0] + 1 :])
    if parted is not None and free is not None:
        _conversation(entry, began[1], parted, free, rest[:ends])
    if ends < len(rest):
        gave = rest[ends][2]
        if isinstance(gave, e.CallTransferred) and gave.taken_by is not None:
            later = rest[ends + 1 :]
            _part(entry, gave.taken_by, rest[ends], later, next_entry_at, flat)


def _free_at(agent: AgentKey, later: list[tuple[Instant, AnyEvent]]) -> Instant | None:
    """Returns when the agent's work on her call was over."""
    over = e.WrapUpFinished | e.AgentReady | e.AgentPaused | e.AgentSignedOut
    return next(
        (at for at, event in later if isinstance(event, over) and event.agent == agent), None
    )


def _conversation(
    entry: Entry, answered_at: Instant, parted: Instant, free: Instant, own: list[Placed]
) -> None:
    """Fills in talk, hold and wrap-up of a conversation that is over."""
    held = 0
    held_since: Instant | None = None
    for _, at, event in [*own, (0, parted, None)]:
        if isinstance(event, e.CallHeld):
            held_since = at
        elif held_since is not None and (event is None or isinstance(event, e.CallResumed)):
            held += at - held_since
            held_since = None
    entry.handled += 1
    entry.hold += held
    entry.talk += parted - answered_at - held
    entry.wrap_up += free - parted


def recount(entries_of_slice: list[Entry], target: int, short: int) -> dict[str, int]:
    """Returns the sums over these entries, by the names of the tally's fields."""
    answered = [x for x in entries_of_slice if x.outcome == "answered"]
    abandoned = [x for x in entries_of_slice if x.outcome == "abandoned"]
    handled = [x for x in entries_of_slice if x.handled]
    left = [x for x in entries_of_slice if x.outcome == "left"]
    outside = [x for x in entries_of_slice if x.outcome == "outside"]
    connected = [x for x in left if x.connected]
    offers = [offer for x in entries_of_slice for offer in x.offers]
    return {
        "offered": len(entries_of_slice),
        "answered": len(answered),
        "answered_in_target": len([x for x in answered if x.waited <= target]),
        "abandoned": len(abandoned),
        "abandoned_in_target": len([x for x in abandoned if x.waited <= target]),
        "short_abandoned": len([x for x in abandoned if x.waited < short]),
        "answered_outside": len(outside),
        "answered_outside_in_target": len([x for x in outside if x.waited <= target]),
        "wait_of_answered": sum(x.waited for x in answered),
        "wait_of_abandoned": sum(x.waited for x in abandoned),
        "handled": sum(x.handled for x in handled),
        "transferred": sum(x.transferred for x in entries_of_slice),
        "left_for_callback": len(left),
        "callbacks_attempted": len([x for x in left if x.attempted]),
        "callbacks_reached": len([x for x in left if x.reached]),
        "callbacks_connected": len(connected),
        "callbacks_in_target": len([x for x in connected if x.waited <= target]),
        "wait_of_callbacks": sum(x.waited for x in connected),
        "transferred_after_consult": sum(x.after_consult for x in entries_of_slice),
        "transferred_outside": sum(x.outside for x in entries_of_slice),
        "consults": sum(len(x.consults) for x in entries_of_slice),
        "consult_time": sum(sum(x.consults) for x in entries_of_slice),
        "talk": sum(x.talk for x in handled),
        "hold": sum(x.hold for x in handled),
        "wrap_up": sum(x.wrap_up for x in handled),
        "offers": len(offers),
        "offers_missed": offers.count("missed"),
        "offers_declined": offers.count("declined"),
        "offers_caller_left": offers.count("caller_left"),
        "offers_agent_gone": offers.count("agent_gone"),
    }
