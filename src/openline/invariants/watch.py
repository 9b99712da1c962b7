"""How is a whole record held to its invariants, step by step?

A `Watch` lives a record again three times over: it tells the events to the `History`, folds them
into a state of their own, and hands the inputs to an engine of its own, which must decide alike. So
tests, simulated years and the checker of a real record ask the same questions in the same order.

What it costs is mostly the look at every live call and agent. A year may take that look only now
and then (`look_every`); what the history asks is asked of every event all the same. Two questions
look at every byte of the state and are asked seldom: whether the events alone give the state (I7),
and whether a snapshot does (I5).
"""

from openline.engine import AnyEvent, AnyInput, Engine, State
from openline.engine.apply import apply_step
from openline.invariants.catalogue import InvariantBrokenError
from openline.invariants.checks import check, check_fold, check_round_trip, reread
from openline.invariants.history import History
from openline.model import Instant

WHOLE_EVERY = 1_000
"""Steps between two looks at every byte of the state."""


class Watch:
    """Holds one record to its invariants from its first step on."""

    def __init__(
        self,
        *,
        begin: State | None = None,
        look_every: int = 1,
        whole_every: int = WHOLE_EVERY,
    ) -> None:
        """Begins at the first step, or at a state whose own steps are forgotten.

        Then only replay and the two questions about bytes are asked: what the invariants speak of
        began before.
        """
        self.state = State() if begin is None else begin
        """What the events alone give."""
        self.history = History()
        """What the events told; empty where the first of them are forgotten."""
        self._knows_all = begin is None
        self._engine = Engine(reread(self.state))
        self._look_every = look_every
        self._whole_every = whole_every

    def step(self, number: int, seen: AnyInput, now: Instant, events: tuple[AnyEvent, ...]) -> None:
        """Takes the next step.

        Raises:
            InvariantBrokenError: it could not have happened so.
            BugError: the step cannot be applied, or the engine breaks on it.
        """
        if self._knows_all:
            self.history.add(now, events)
        apply_step(self.state, number, now, events)
        decided = self._engine.handle(seen, now).events
        if self._knows_all and number % self._look_every == 0:
            check(self.state, self.history)
        if decided != events:
            raise InvariantBrokenError(
                "I7",
                f"{type(seen).__name__} leads to {names(decided)} now and led to {names(events)} "
                "then",
            )
        if number % self._whole_every == 0:
            self.look_at_every_byte()

    def look_at_every_byte(self) -> None:
        """Asks whether the events alone, and a snapshot alone, give the state."""
        check_fold(self._engine.state, self.state)
        check_round_trip(self.state)


def names(events: tuple[object, ...]) -> str:
    """Returns the kinds of the events, in order."""
    return ", ".join(type(event).__name__ for event in events) or "nothing"
