"""Lets the terms of everything run out, by itself: texts, days of the record.

The centre is woken when the next term is over, and at midnight UTC, when a key for the day after
next is made and a day of the record can be summed. What is due is destroyed key first: from then on
nobody can read it, here or in a backup. What is left of it, ciphertext and rows, is dropped after
that, a few at a time, so that no call waits behind a purge. Each purge is counted in the log, by
kind, without content.

What was read of a day to be found fast, the list of its calls, is kept once the day is summed, and
dropped with the day.

A day of the record is destroyed after its sums are kept and after a new snapshot is: neither the
figures nor what happens now hang on its key.

A text that is needed no longer is destroyed before its term by `purge`: the number of a callback
that has ended.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TypeVar

import structlog

from openline.centre import Centre
from openline.centre.call_lists import DayCalls, days_unlisted
from openline.centre.sums import WAITS_AT_MOST, DaySums, next_day
from openline.model import Duration, Instant, PeerError, QueueKey, SealedRef
from openline.sealing import ConversationKeys, SealedKind, Sealer, Segments, Terms, destroy_file
from openline.sealing.kinds import DAY, destroy_at
from openline.sealing.segments import mark_of
from openline.store import DataFolder, SealedRecord
from openline.telephony.port import Timer

log = structlog.get_logger(__name__)

RETRY_S = 60
SAFETY_COPY_KEPT = Duration(7 * DAY)
"""By then it has shown whether the newer version does what it should."""
KEYS_AT_ONCE = 100
"""Keys destroyed in one go: a few milliseconds in which steps wait to be written."""
RESTS = 4
"""How many times as long as it took to sum some steps nothing is summed after it."""
_WITH_SOUND = (SealedKind.MESSAGE, SealedKind.RECORDING)
ROWS_AT_ONCE = 500
"""Rows dropped in one go, as long."""

T = TypeVar("T")


class Retention:
    """Seals what is to be kept for a term, and destroys what is past it."""

    def __init__(
        self,
        centre: Centre,
        sealer: Sealer,
        segments: Segments,
        *,
        terms: Terms,
        targets: Mapping[QueueKey, Duration],
        short_abandons: Mapping[QueueKey, Duration],
        folder: DataFolder,
        conversations: ConversationKeys,
        forget_sound: Callable[[Sequence[SealedRef]], None] = lambda _: None,
    ) -> None:
        """Does nothing yet; `forget_sound` drops the files of streams whose keys are destroyed."""
        self._conversations = conversations
        self._forget_sound = forget_sound
        self._folder = folder
        self._centre = centre
        self._sealer = sealer
        self._segments = segments
        self._terms = terms
        self.count_by(targets, short_abandons)
        self._timer: Timer | None = None
        self._timer_at: Instant | None = None
        self._listed_to: Instant | None = None
        self._one_at_a_time = asyncio.Lock()

    def count_by(
        self, targets: Mapping[QueueKey, Duration], short_abandons: Mapping[QueueKey, Duration]
    ) -> None:
        """Sets the thresholds by which days are summed from now on."""
        self._targets = targets
        self._short_abandons = short_abandons

    @property
    def is_at_work(self) -> bool:
        """Whether something is being looked at or destroyed just now, or is due this moment."""
        is_due = self._timer_at is None or self._timer_at <= self._now()
        return is_due or self._one_at_a_time.locked()

    async def seal(self, kind: SealedKind, text: str) -> SealedRef:
        """Seals a text for the term of its kind; ciphertext and key are durable on return.

        Raises `PeerError` if they cannot be made so; the text is then kept nowhere.
        """
        now = self._centre.clock.now()
        until = destroy_at(kind, now, self._terms)
        sealed = self._sealer.seal(kind, text, until)
        record = SealedRecord(
            ref=sealed.ref,
            kind=kind.value,
            created_at=now,
            destroy_at=until,
            ciphertext=sealed.ciphertext,
        )
        await self._write(lambda: self._centre.store.put_sealed(record))
        if self._timer_at is None or until < self._timer_at:
            self._set_timer(until)
        return sealed.ref

    async def seal_note(self, text: str) -> SealedRef:
        """Seals a note."""
        return await self.seal(SealedKind.NOTE, text)

    async def purge(self, ref: SealedRef) -> None:
        """Destroys a text now, whatever its term; one that is gone is passed over.

        Raises `PeerError` if the disk failed; then call again.
        """

        def destroy() -> None:
            self._sealer.destroy(ref)
            self._centre.store.remove_sealed([ref])

        await self._write(destroy)
        log.info("purged", what="text", count=1, why="needed no longer")

    async def watch(self) -> None:
        """Destroys what is due and sets the clock for the next term."""
        async with self._one_at_a_time:
            begun = self._now()
            try:
                await self._purge_texts()
                await self._write(lambda: self._segments.prepare(self._now()))
                await self._sum_days()
                await self._purge_record()
                await self._list_days()
                await self._purge_openings()
                await asyncio.to_thread(self._purge_safety_copies)
                due = await self._write(lambda: self._next_due(begun))
            except PeerError as error:
                log.error("purge_failed", why=str(error))
                due = Instant(self._now() + RETRY_S * 1_000_000)
        self._set_timer(due)

    def stop(self) -> None:
        """Drops the timer; the next start takes it up again."""
        if self._timer is not None:
            self._timer.cancel()

    # --- texts -----------------------------------------------------------------------------

    async def _purge_texts(self) -> None:
        store, sealer = self._centre.store, self._sealer

        def some() -> list[SealedKind]:
            due = sealer.destroy_due(self._now(), limit=KEYS_AT_ONCE)
            store.remove_sealed([ref for ref, _ in due])
            self._forget_sound([ref for ref, kind in due if kind in _WITH_SOUND])
            return [kind for _, kind in due]

        counts: Counter[SealedKind] = Counter()
        while kinds := await self._write(some):
            counts.update(kinds)
        # What a purge left behind that was cut short.
        while await self._write(lambda: store.remove_sealed_due(self._now(), limit=ROWS_AT_ONCE)):
            pass
        await self._write(lambda: self._conversations.forget(self._now()))
        while await self._write(lambda: store.remove_written_due(self._now(), limit=ROWS_AT_ONCE)):
            pass
        for kind, count in counts.items():
            log.info("purged", what=kind.value, count=count, why="term over")

    # --- the record ------------------------------------------------------------------------

    async def _sum_days(self) -> None:
        """Keeps the sums of every day that is over and settled."""
        store = self._centre.store
        while True:
            begin = await asyncio.to_thread(next_day, store)
            now = self._now()
            # A day's grace: nearly all that began in the day has ended by then.
            if begin is None or now < begin + 2 * DAY:
                return
            day = DaySums(
                store,
                self._segments,
                begin,
                targets=self._targets,
                short_abandons=self._short_abandons,
            )
            steps = day.run()
            while await asyncio.to_thread(_goes_on, steps):
                pass
            if not day.is_settled and now < day.end + WAITS_AT_MOST:
                return
            records = day.records()
            await self._write(lambda: store.keep_sums(day.end, records))  # noqa: B023 -- awaited
            log.info("day_summed", sums=len(records))

    async def _list_days(self) -> None:
        """Keeps the list of the calls of every day that is summed and over; drops forgotten ones.

        Looked for once after each start and each day that was summed.
        """
        store, segments = self._centre.store, self._segments
        summed_until = await asyncio.to_thread(store.summed_until)
        marks = await asyncio.to_thread(store.call_list_marks, Instant(0), summed_until)
        gone = [day for day, mark in marks.items() if not segments.knows(mark)]
        if gone:
            await self._write(lambda: store.remove_call_lists(gone))
        if self._listed_to == summed_until:
            return
        for begin in await asyncio.to_thread(days_unlisted, store):
            day = DayCalls(store, segments, begin)
            steps = day.run()
            while await asyncio.to_thread(_goes_on, steps):
                pass
            if day.is_settled and (record := await asyncio.to_thread(day.record)) is not None:
                await self._write(partial(store.keep_call_list, record))
                log.info("day_listed")
        self._listed_to = summed_until

    async def _purge_openings(self) -> None:
        """Drops who opened stories, as long ago as the record reaches back."""
        before = Instant(self._now() - self._terms[SealedKind.JOURNAL])
        gone = await self._write(lambda: self._centre.store.remove_openings(before))
        if gone:
            log.info("purged", what="opening", count=gone, why="term over")

    async def _purge_record(self) -> None:
        segments = self._segments
        due = segments.due(self._now())
        if due:
            # From now on no snapshot that is needed is sealed under one of them.
            segments.turn(self._now())
            await self._centre.save_snapshot()
            await self._write(lambda: segments.forget(due))
            log.info("purged", what=SealedKind.JOURNAL.value, count=len(due), why="term over")
        while await self._write(self._drop_some):
            pass

    def _drop_some(self) -> bool:
        """Drops some steps that are past their term and cannot be read; False if there are none."""
        store = self._centre.store
        past = self._now() - self._terms[SealedKind.JOURNAL]
        first = store.forgotten()[0]
        last = first
        for record in store.read(first, until=first + ROWS_AT_ONCE):
            if record.at > past or self._segments.knows(mark_of(record.body)):
                break
            last = record.step
        if last == first:
            return False
        store.forget(last)
        return True

    # --- copies made before a migration ---------------------------------------------------

    def _purge_safety_copies(self) -> None:
        for path, made_at in self._folder.safety_copies():
            if made_at + SAFETY_COPY_KEPT <= self._now():
                try:
                    destroy_file(path)
                except OSError as error:
                    raise PeerError(f"{path} cannot be destroyed: {error.strerror}.") from error
                log.info("purged", what="safety_copy", count=1, why="term over")

    # --- time ------------------------------------------------------------------------------

    def _now(self) -> Instant:
        return self._centre.clock.now()

    def _next_due(self, begun: Instant) -> Instant:
        midnight = Instant((begun // DAY + 1) * DAY)
        due = self._sealer.next_due() or midnight
        if due <= begun:
            # A day of the record that is in use still; everything else has gone.
            due = Instant(begun + RETRY_S * 1_000_000)
        return min(due, midnight)

    async def _write(self, work: Callable[[], T]) -> T:
        return await self._centre.writer.run(work)

    def _set_timer(self, at: Instant) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer_at = at
        self._timer = self._centre.clock.at(at, self._due)

    def _due(self) -> None:
        self._timer = self._timer_at = None
        self._centre.spawn(self.watch())


def _goes_on(steps: Iterator[None]) -> bool:
    """Does a bit of the work and rests from it, on a thread; False when it is done."""
    begun = time.perf_counter()
    goes_on = next(steps, _DONE) is not _DONE
    # Whoever works holds up the event loop: most of the time nobody does.
    time.sleep(RESTS * (time.perf_counter() - begun))
    return goes_on


_DONE = object()
