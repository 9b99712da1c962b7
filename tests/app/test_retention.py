from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from openline.app import retention as retention_module
from openline.app.retention import RETRY_S, Retention
from openline.centre.sums import kept_sums
from openline.engine import inputs as i
from openline.model import Duration, Instant, PeerError, RefusedError
from openline.sealing import TERMS, ConversationKeys, SealedKind, Sealer
from openline.sealing.kinds import DAY, destroy_at
from openline.store import DataFolder
from openline.store.folder import safety_copy_of
from openline.store.sqlite import SqliteStore
from tests.canary import scan, spellings
from tests.centre.small_centre import SmallCentre, open_centre
from tests.centre.virtual_loop import advance, in_virtual_time

WORDS = "the blue door behind the bakery"
DAY_S = 24 * 3600
RECORD_TERM = Duration(100 * DAY)


class Kept:
    """Is a centre that keeps notes."""

    def __init__(self, small: SmallCentre, sealer: Sealer) -> None:
        self.small = small
        self.store = small.store
        self.sealer = sealer
        self.retention = Retention(
            small.centre,
            sealer,
            small.segments,
            terms={**TERMS, SealedKind.JOURNAL: RECORD_TERM},
            targets={},
            short_abandons={},
            folder=DataFolder(small.folder),
            conversations=ConversationKeys(sealer),
        )

    def term_s(self) -> float:
        """Returns how long a note is kept that is written now."""
        now = self.small.centre.clock.now()
        return (destroy_at(SealedKind.NOTE, now) - now) / 1_000_000

    async def after(self, seconds: float) -> None:
        """Lets time pass, and what it brings be done."""
        await advance(seconds)
        await self.small.durable()
        while self.retention.is_at_work:
            await self.small.centre.writer.flush()
            await advance(0)  # what it set the clock for may be due already

    async def days_pass(self, days: int) -> None:
        """Lets days pass, one after the other as they come."""
        for _ in range(days):
            await self.after(DAY_S)


@asynccontextmanager
async def kept_in(folder: Path) -> AsyncIterator[Kept]:
    async with open_centre(folder, term=RECORD_TERM) as small:
        kept = Kept(small, small.sealer)
        try:
            await kept.retention.watch()
            yield kept
        finally:
            kept.retention.stop()


@in_virtual_time
async def test_a_note_is_on_disk_sealed_when_it_is_said_to_be_kept(tmp_path: Path) -> None:
    async with kept_in(tmp_path) as kept:
        ref = await kept.retention.seal_note(WORDS)
        record = kept.store.sealed(ref)
        assert record is not None
        assert record.kind == "note"
        assert kept.sealer.open(ref, record.ciphertext) == WORDS
        assert not scan(tmp_path, spellings(WORDS))


@in_virtual_time
async def test_a_note_is_destroyed_when_its_term_is_over(tmp_path: Path) -> None:
    async with kept_in(tmp_path) as kept:
        ref = await kept.retention.seal_note(WORDS)
        record = kept.store.sealed(ref)
        assert record is not None
        await kept.after(kept.term_s() - DAY_S - 1)
        assert kept.store.sealed(ref) is not None
        await kept.after(DAY_S + 2)
        assert kept.store.sealed(ref) is None
        with pytest.raises(RefusedError):
            kept.sealer.open(ref, record.ciphertext)


@in_virtual_time
async def test_the_term_that_ends_first_is_waited_for_first(tmp_path: Path) -> None:
    async with kept_in(tmp_path) as kept:
        first = await kept.retention.seal_note(WORDS)
        await kept.after(10 * DAY_S)
        second = await kept.retention.seal_note(WORDS)
        await kept.after(kept.term_s() - 10 * DAY_S + 1)
        assert kept.store.sealed(first) is None
        assert kept.store.sealed(second) is not None


@in_virtual_time
async def test_a_note_whose_term_ended_while_the_program_was_away_goes_at_the_start(
    tmp_path: Path,
) -> None:
    async with kept_in(tmp_path) as kept:
        ref = await kept.retention.seal_note(WORDS)
        term_s = kept.term_s()
    async with open_centre(tmp_path) as small:
        await advance(term_s + 1)  # so that the record ends after the note's term
        small.arrive(1)
        await small.durable()
        assert small.store.sealed(ref) is not None
    async with kept_in(tmp_path) as kept:
        assert kept.store.sealed(ref) is None


@in_virtual_time
async def test_a_purge_that_fails_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with kept_in(tmp_path) as kept:
        ref = await kept.retention.seal_note(WORDS)

        def refuses(*_: object, **__: object) -> int:
            raise PeerError("The disk failed.")

        with monkeypatch.context() as planted:
            planted.setattr(SqliteStore, "remove_sealed_due", refuses)
            planted.setattr(SqliteStore, "remove_sealed", refuses)
            await kept.after(kept.term_s() + 1)
            assert kept.store.sealed(ref) is not None
        await kept.after(RETRY_S)
        assert kept.store.sealed(ref) is None


@in_virtual_time
async def test_a_note_that_cannot_be_made_durable_is_refused(tmp_path: Path) -> None:
    async with kept_in(tmp_path) as kept:
        kept.store.failure = PeerError("The disk is full.")
        kept.small.arrive(1)
        await kept.small.store_refused()
        with pytest.raises(PeerError, match="disk is full"):
            await kept.retention.seal_note(WORDS)
        kept.store.failure = None


@in_virtual_time
async def test_a_kind_has_a_term_of_its_own_and_a_number_goes_when_its_callback_has_ended(
    tmp_path: Path,
) -> None:
    async with kept_in(tmp_path) as kept:
        number = await kept.retention.seal(SealedKind.CALLER_NUMBER, "+13125550142")
        callback = await kept.retention.seal(SealedKind.CALLBACK_NUMBER, "+13125550142")
        ended = await kept.retention.seal(SealedKind.CALLBACK_NUMBER, "+13125550142")
        await kept.retention.purge(ended)
        await kept.retention.purge(ended)
        assert [kept.store.sealed(ref) is None for ref in (number, callback, ended)] == [
            False,
            False,
            True,
        ]
        await kept.after(DAY_S + 1)
        assert kept.store.sealed(number) is None
        assert kept.store.sealed(callback) is not None
        await kept.after(6 * DAY_S)
        assert kept.store.sealed(callback) is None


@in_virtual_time
async def test_many_texts_go_a_few_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention_module, "KEYS_AT_ONCE", 3)
    async with kept_in(tmp_path) as kept:
        refs = [await kept.retention.seal_note(WORDS) for _ in range(10)]
        await kept.after(kept.term_s() + 1)
        assert [kept.store.sealed(ref) for ref in refs] == [None] * 10


# -- the record


@in_virtual_time
async def test_a_day_of_the_record_is_forgotten_at_its_term_and_its_sums_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention_module, "ROWS_AT_ONCE", 4)
    async with kept_in(tmp_path) as kept:
        begin = kept.small.centre.clock.now()
        for number in range(5):
            leg = kept.small.arrive(number)
            await kept.after(60)
            kept.small.centre.see(i.LegHungUp(leg=leg))
            await kept.after(60)
        first_day = kept.store.head()[0]
        await kept.days_pass(2)
        kept.small.arrive(9)
        await kept.after(60)
        assert kept.store.forgotten()[0] == 0
        summed = kept_sums(kept.store, Instant(0), Instant(begin + DAY))
        assert sum(tally.offered for each in summed for tally in each.calls.values()) == 5

        await kept.days_pass(99)
        assert kept.store.forgotten()[0] == first_day
        assert next(kept.store.read()).step == first_day + 1
        assert kept_sums(kept.store, Instant(0), Instant(begin + DAY)) == summed
        assert kept.small.centre.durable.step == kept.store.head()[0]
    async with open_centre(tmp_path) as small:
        (call,) = small.centre.durable.calls.values()
        assert call.leg == "test:9"


@in_virtual_time
async def test_a_centre_that_nothing_happens_in_forgets_all_and_still_knows_what_is_now(
    tmp_path: Path,
) -> None:
    async with kept_in(tmp_path) as kept:
        kept.small.arrive(1)
        await kept.days_pass(104)
        assert kept.store.last() is None
        head = kept.store.head()
    async with kept_in(tmp_path) as kept:
        (call,) = kept.small.centre.durable.calls.values()
        assert call.leg == "test:1"
        assert kept.store.forgotten() == head


@in_virtual_time
async def test_what_was_due_while_the_program_was_away_is_forgotten_at_the_start(
    tmp_path: Path,
) -> None:
    async with kept_in(tmp_path) as kept:
        kept.small.arrive(1)
        await kept.after(1)
        last = kept.store.head()[0]
    async with open_centre(tmp_path) as small:
        await advance(200 * DAY_S)  # so that the record ends long after
        small.arrive(2)
        await small.durable()
    async with kept_in(tmp_path) as kept:
        assert kept.store.forgotten()[0] >= last
        (call,) = kept.small.centre.durable.calls.values()
        assert call.leg == "test:2"


@in_virtual_time
async def test_a_copy_made_before_a_migration_is_destroyed_after_a_week(tmp_path: Path) -> None:
    async with kept_in(tmp_path) as kept:
        now = kept.small.centre.clock.now()
        copy = safety_copy_of(DataFolder(tmp_path).database, "0001", now)
        copy.write_bytes(b"everything")
        await kept.days_pass(6)
        assert copy.exists()
        await kept.days_pass(2)
        assert not copy.exists()
