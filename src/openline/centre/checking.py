"""Could everything that stands in this record have happened, in this centre and in this order?

The offline checker. It reads beside a centre that may be running and asks of every step: is it the
next one, does it hang on the one before, does the routing of today decide alike, and does every
invariant hold after it (`openline.invariants`)? It ends at the first step that does not.

*Replay* (`replay`) proves that the record is what this program would do. This proves in addition
that what the program did was right, by a bookkeeping that knows nothing of the routing.

What is forgotten cannot be asked anything but whether the chain is whole. After it the routing is
asked again, from the snapshot that opens the first segment whose key is kept; the invariants are
not, since they speak of what came before.
"""

from collections.abc import Callable, Iterator

import msgspec

from openline.centre.codec import SCHEMA, Step, chain, decode_step, state_hash
from openline.centre.recovery import begin_of_chain, state_before
from openline.invariants import InvariantBrokenError, Watch
from openline.model import Instant, PeerError
from openline.sealing import SegmentKeys
from openline.store import JournalRecord, Store

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
    watch, sound = Watch(), 0
    forgotten = store.forgotten()[0]
    found: Break | None = None
    try:
        for record, step in _chained(store, keys, tell):
            if step is not None and forgotten == record.step - 1 and forgotten:
                before = state_before(store, keys, record)
                if before is None:
                    step = None
                else:
                    watch = Watch(begin=before)
            if step is None:
                forgotten = record.step
            else:
                _take(watch, record, step)
            sound = record.step
        watch.look_at_every_byte()
    except _BreakError as broken:
        found = broken.found
    except InvariantBrokenError as error:
        state = watch.state
        found = Break(step=state.step, at=state.now, invariant=error.number, words=error.words)
    return Checked(
        steps=sound,
        state=state_hash(watch.state),
        forgotten_until=forgotten,
        broken=found,
    )


def _take(watch: Watch, record: JournalRecord, step: Step) -> None:
    try:
        watch.step(record.step, step.seen, Instant(record.at), step.events)
    except InvariantBrokenError as error:
        raise _BreakError(_at(record, error.words, error.number)) from error
    except Exception as error:
        # A forged step can break anything that trusts the record: that is the finding.
        words = f"{type(step.seen).__name__} cannot follow the step before ({error!r})"
        raise _BreakError(_at(record, words)) from error


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
