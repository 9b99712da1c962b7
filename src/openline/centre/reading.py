"""The record as reports and exports read it: what happened from one instant to another.

The one door between them and the store; where the record begins later than asked (its days are
forgotten at the end of their term) it yields what is left.
"""

from collections.abc import Iterator

from openline.centre.recovery import steps_since
from openline.engine import AnyEvent
from openline.model import Instant
from openline.sealing import SegmentKeys
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
