"""The record as reports and exports read it: what happened from one instant to another.

The one door between them and the store; where the record begins later than asked (its days are
forgotten at the end of their term) it yields what is left.
"""

from collections.abc import Iterator

from openline.centre.codec import decode_state, decode_step
from openline.centre.recovery import last_step_before, steps_since
from openline.engine import AnyEvent, State
from openline.model import Instant
from openline.sealing import SegmentKeys
from openline.sealing.kinds import DAY
from openline.store import Store


def events_between(
    store: Store, keys: SegmentKeys, since: Instant, until: Instant | None = None
) -> Iterator[tuple[Instant, tuple[AnyEvent, ...]]]:
    """Yields the instants and events of the steps from `since` to just before `until`, in order.

    Without `until`, to the end of the record: a report reads on past its own end until its last
    call is over. Holds nothing between steps. Raises `PeerError` for a step that cannot be read.
    """
    for at, events in steps_since(store, keys, since):
        if until is not None and at >= until:
            return
        yield at, events


def events_with(
    store: Store, keys: SegmentKeys, kind: type[AnyEvent], since: Instant, until: Instant
) -> Iterator[tuple[Instant, tuple[AnyEvent, ...]]]:
    """Yields as `events_between` those steps that may hold an event of a kind.

    The others are not decoded, which takes most of the time: for long stretches of which little is
    wanted.
    """
    name = kind.__name__.encode()
    for record in store.read(last_step_before(store, since)):
        at = Instant(record.at)
        if at >= until:
            return
        body = keys.open_step(record.step, at, record.body)
        if body is not None and name in body:
            yield at, decode_step(body, record.schema).events


def state_by(store: Store, keys: SegmentKeys, begin: Instant) -> State | None:
    """Returns the state with which the segment of an instant was opened, at most a day before it.

    Who reads the steps from its `step` on knows how things stood, and need not go back to where
    each agent signed in. None where there is none that can be read.
    """
    midnight = Instant(begin - begin % DAY)
    found = store.opening_snapshot(last_step_before(store, midnight))
    if found is None or found.at > begin:
        return None
    body = keys.open_snapshot(found.step, Instant(found.at), found.body)
    return None if body is None else decode_state(body, found.schema)
