from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from openline.app.notes import RETRY_S, Notes
from openline.model import PeerError, RefusedError
from openline.sealing import SealedKind, Sealer
from openline.sealing.kinds import destroy_at
from openline.store.sqlite import SqliteStore
from tests.canary import scan, spellings
from tests.centre.small_centre import SmallCentre, open_centre
from tests.centre.virtual_loop import advance, in_virtual_time

WORDS = "the blue door behind the bakery"
DAY_S = 24 * 3600


class Kept:
    """Is a centre that keeps notes."""

    def __init__(self, small: SmallCentre, sealer: Sealer) -> None:
        self.small = small
        self.store = small.store
        self.sealer = sealer
        self.notes = Notes(small.centre, sealer)

    def term_s(self) -> float:
        """Returns how long a note is kept that is written now."""
        now = self.small.centre.clock.now()
        return (destroy_at(SealedKind.NOTE, now) - now) / 1_000_000

    async def after(self, seconds: float) -> None:
        """Lets time pass, and what it brings be done."""
        await advance(seconds)
        await self.small.durable()


@asynccontextmanager
async def kept_in(folder: Path) -> AsyncIterator[Kept]:
    async with open_centre(folder) as small:
        kept = Kept(small, small.sealer)
        try:
            await kept.notes.watch()
            yield kept
        finally:
            kept.notes.stop()


@in_virtual_time
async def test_a_note_is_on_disk_sealed_when_it_is_said_to_be_kept(tmp_path: Path) -> None:
    async with kept_in(tmp_path) as kept:
        ref = await kept.notes.seal(WORDS)
        record = kept.store.sealed(ref)
        assert record is not None
        assert record.kind == "note"
        assert kept.sealer.open(ref, record.ciphertext) == WORDS
        assert not scan(tmp_path, spellings(WORDS))


@in_virtual_time
async def test_a_note_is_destroyed_when_its_term_is_over(tmp_path: Path) -> None:
    async with kept_in(tmp_path) as kept:
        ref = await kept.notes.seal(WORDS)
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
        first = await kept.notes.seal(WORDS)
        await kept.after(10 * DAY_S)
        second = await kept.notes.seal(WORDS)
        await kept.after(kept.term_s() - 10 * DAY_S + 1)
        assert kept.store.sealed(first) is None
        assert kept.store.sealed(second) is not None


@in_virtual_time
async def test_a_note_whose_term_ended_while_the_program_was_away_goes_at_the_start(
    tmp_path: Path,
) -> None:
    async with kept_in(tmp_path) as kept:
        ref = await kept.notes.seal(WORDS)
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
        ref = await kept.notes.seal(WORDS)

        def refuses(*_: object) -> int:
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
            await kept.notes.seal(WORDS)
        kept.store.failure = None
