"""What do the events say happened, and could it have happened so?

A second and deliberately naive bookkeeping beside the engine's own: it folds the events alone, with
plain searches instead of heaps and tables, and refuses an event that breaks an invariant of the
centre. It never looks into the engine, so an engine that is wrong in itself is still found out.
What only the whole state can show is asked in `checks`.

One function folds one event, in the table `FOLD` of the file that the event speaks of: `calls`,
`sending`, `forwarding`, `offers`, `agents`, `parties`, `queues`, `callbacks`, `centre`.

Its memory is of live calls and of agents, so that a year can be told to it. Each event costs a
search of the live calls: fine for tests and offline checks, too slow for a live centre.
"""

from collections.abc import Callable, Iterable
from typing import Any

from openline.engine import AnyEvent
from openline.engine import events as e
from openline.invariants import (
    agents,
    callbacks,
    calls,
    centre,
    forwarding,
    offers,
    parties,
    queues,
    sending,
    transfers,
)
from openline.invariants.catalogue import InvariantBrokenError, expect
from openline.invariants.told import Told
from openline.model import Instant

FOLD: dict[type[e.Event], Callable[[Told, Any], None]] = {
    **centre.FOLD,
    **calls.FOLD,
    **sending.FOLD,
    **forwarding.FOLD,
    **offers.FOLD,
    **agents.FOLD,
    **queues.FOLD,
    **transfers.FOLD,
    **parties.FOLD,
    **callbacks.FOLD,
}


class History(Told):
    """Folds events."""

    def add(self, now: Instant, events: Iterable[AnyEvent]) -> None:
        """Folds the events of one input, answered at `now`."""
        expect(now >= self.now, "I9", f"time ran backwards from {self.now} to {now}")
        self.now = now
        for event in events:
            try:
                FOLD[type(event)](self, event)
            except KeyError as error:
                raise InvariantBrokenError(
                    "I6", f"{type(event).__name__} speaks of {error}, which is not live"
                ) from error
        transfers.nobody_is_left_alone(self)
        forwarding.nobody_is_lost_outside(self)
        calls.everybody_is_joined_as_he_chose(self)
        for offer, told in self.offers.items():
            expect(not told.needs_renewal, "I17", f"offer {offer} was not renewed by the restart")
        callbacks.after_a_step(self)
