"""Could everything that stands in this record have happened, in this centre and in this order?

The offline checker. It reads beside a centre that may be running and asks of every step: is it the
next one, does it hang on the one before, does the routing of today decide alike, and does every
invariant hold after it (`openline.invariants`)? It ends at the first step that does not.

*Replay* (`replay`) proves that the record is what this program would do. This proves in addition
that what the program did was right, by a bookkeeping that knows nothing of the routing.

What is forgotten cannot be asked anything but whether the chain is whole. After it the routing is
asked again, from the snapshot that opens the first segment whose key is kept; the invariants are
not, since they speak of what came before.

Two questions look at every byte of the state and are asked now and then and at the end: whether the
events alone give the state (I7), and whether a snapshot does (I5).
"""

from collections.abc import Callable, Iterator

import msgspec

from openline.centre.codec import (
    SCHEMA,
    Step,
    chain,
    decode_state,
    decode_step,
    encode_state,
    state_hash,
)
from openline.centre.recovery import begin_of_chain, state_before
from openline.engine import Engine, State
from openline.engine.apply import apply_step
from openline.invariants import (
    History,
    InvariantBrokenError,
    check,
    check_fold,
    check_round_trip,
)
from openline.model import Instant, PeerError
from openline.sealing import SegmentKeys
from openline.store import JournalRecord, Store

WHOLE_EVERY = 1_000
"""Steps between two looks at every byte of the state."""

TELL_EVERY = 200


class Break(msgspec.Struct, frozen=True, kw_only=True):
    """Is the first thing in a record that is not as it should be."""

    step: int
    at: Instant | None
    """When the step was written; None where no step is."""
    invariant: str | None
    """The number of the invariant that broke; None if the record itself is damaged."""
    words: str


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """Says how far a record is sound."""

    steps: int
    """So many steps from the first one on are sound."""
    state: str
    """The name of the state after them."""
    forgotten_until: int
    """The last step that cannot be read any more; 0 if all can."""
    broken: Break | None


class _BreakError(Exception):
    """Carries the first break out of the reading."""

    def __init__(self, found: Break) -> None:
        super().__init__(found.words)
        self.found = found


def check_record(store: Store, keys: SegmentKeys, tell: Callable[[int, int], None]) -> Checked:
    """Checks a whole record and returns how far it is sound.

    `tell` is called now and then with the steps that were checked and those that there are.
    Raises `PeerError` only where the storage itself cannot be read.
    """
    centre = _Centre()
    centre.forgotten = store.forgotten()[0]
    try:
        for record, step in _chained(store, keys, tell):
            if step is None:
                centre.forget(record.step)
            elif centre.is_lost_before(record.step):
                centre.begin_again(record, step, state_before(store, keys, record))
            else:
                centre.live_again(record, step)
        centre.look_at_every_byte()
    except _BreakError as broken:
        found: Break | None = broken.found
    else:
        found = None
    return Checked(
        steps=centre.sound,
        state=state_hash(centre.folded),
        forgotten_until=centre.forgotten,
        broken=found,
    )


class _Centre:
    """Lives a record again, three times over: routed, folded, and told to the invariants."""

    def __init__(self) -> None:
        self.sound = 0
        self.forgotten = 0
        self.folded = State()
        self._engine = Engine(State())
        self._history: History | None = History()

    def is_lost_before(self, step: int) -> bool:
        """Says whether the state before a step is not known, since the step before is forgotten."""
        return self.forgotten == step - 1 and step > 1

    def forget(self, step: int) -> None:
        """Passes over a step that cannot be read any more."""
        self.sound = self.forgotten = step

    def begin_again(self, record: JournalRecord, step: Step, before: State | None) -> None:
        """Goes on at a step after forgotten ones, from the state before it, if that is kept."""
        if before is None:
            self.forget(record.step)
            return
        self._history = None
        self.folded = before
        self._engine = Engine(decode_state(encode_state(before), SCHEMA))
        self.live_again(record, step)

    def live_again(self, record: JournalRecord, step: Step) -> None:
        """Takes the next step and asks everything of it."""
        now = Instant(record.at)
        try:
            if self._history is not None:
                self._history.add(now, step.events)
            apply_step(self.folded, record.step, now, step.events)
            outcome = self._engine.handle(step.seen, now)
            if self._history is not None:
                check(self.folded, self._history)
        except InvariantBrokenError as error:
            raise _BreakError(_at(record, error.words, error.number)) from error
        except Exception as error:
            # A forged step can break anything that trusts the record: that is the finding.
            words = f"{type(step.seen).__name__} cannot follow the step before ({error!r})"
            raise _BreakError(_at(record, words)) from error
        if outcome.events != step.events:
            words = (
                f"{type(step.seen).__name__} leads to {names(outcome.events)} now and led to "
                f"{names(step.events)} then"
            )
            raise _BreakError(_at(record, words, "I7"))
        if record.step % WHOLE_EVERY == 0:
            self.look_at_every_byte()
        self.sound = record.step

    def look_at_every_byte(self) -> None:
        """Asks whether events alone, and a snapshot alone, give the state."""
        try:
            check_fold(self._engine.state, self.folded)
            check_round_trip(self.folded)
        except InvariantBrokenError as error:
            state = self.folded
            raise _BreakError(
                Break(step=state.step, at=state.now, invariant=error.number, words=error.words)
            ) from error


def _chained(
    store: Store, keys: SegmentKeys, tell: Callable[[int, int], None]
) -> Iterator[tuple[JournalRecord, Step | None]]:
    """Yields the steps of the record, each of which follows from the one before.

    A step that is forgotten is yielded without what it holds.
    """
    before, link = begin_of_chain(store)
    expected = before + 1
    last, last_link = store.head()
    for record in store.read(until=last):
        if record.step != expected:
            words = f"step {expected} is missing: step {record.step} stands in its place"
            raise _BreakError(_at(record, words))
        if record.schema != SCHEMA:
            words = (
                f"it is written in form {record.schema} and this program reads form {SCHEMA}: "
                "use the version of Openline that wrote it, or a newer one"
            )
            raise _BreakError(_at(record, words))
        link = chain(link, record.step, Instant(record.at), record.body)
        if link != record.hash:
            words = (
                "it was changed, or the record was begun by another centre"
                if record.step == 1
                else "it was changed, or does not belong after the step before it"
            )
            raise _BreakError(_at(record, words))
        try:
            body = keys.open_step(record.step, Instant(record.at), record.body)
            step = None if body is None else decode_step(body, record.schema)
        except PeerError as error:
            raise _BreakError(_at(record, str(error))) from error
        yield record, step
        expected += 1
        if record.step % TELL_EVERY == 0:
            tell(record.step, last)
    if expected <= last or (last and link != last_link):
        words = f"the record ends after step {expected - 1} and was written to step {last}"
        raise _BreakError(Break(step=expected, at=None, invariant=None, words=words))
    tell(last, last)


def _at(record: JournalRecord, words: str, invariant: str | None = None) -> Break:
    return Break(step=record.step, at=Instant(record.at), invariant=invariant, words=words)


def names(events: tuple[object, ...]) -> str:
    """Returns the kinds of the events, in order."""
    return ", ".join(type(event).__name__ for event in events) or "nothing"
