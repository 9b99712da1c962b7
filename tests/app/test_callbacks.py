"""Whether the number of a callback is kept as long as its promise, and not a moment longer."""

from pathlib import Path

import pytest

from openline.app.callbacks import CallbackNumbers
from openline.engine import events as e
from openline.model import (
    MINUTE,
    CallbackId,
    Duration,
    Instant,
    LineKey,
    Origin,
    PeerError,
    QueueKey,
    Reason,
    RefusedError,
    SealedRef,
)
from openline.sealing import TERMS, SealedKind
from tests.canary import scan, spellings
from tests.centre.small_centre import SmallCentre, open_centre
from tests.centre.virtual_loop import in_virtual_time

NUMBER = "+1 555 010 7394"


def ended(ref: SealedRef) -> e.CallbackEnded:
    return e.CallbackEnded(
        callback=CallbackId(1),
        line=LineKey("es"),
        queue=QueueKey("spanish"),
        origin=Origin.REAL,
        number=ref,
        call=None,
        attempts=0,
        reason=Reason.PROMISE_RAN_OUT,
    )


def numbers_of(small: SmallCentre) -> CallbackNumbers:
    return CallbackNumbers(small.centre, small.sealer)


@in_virtual_time
async def test_a_number_is_sealed_and_opened_to_dial(tmp_path: Path) -> None:
    async with open_centre(tmp_path) as small:
        numbers = numbers_of(small)
        ref = await numbers.seal(NUMBER)
        assert numbers.open(ref) == NUMBER
        assert not scan(tmp_path, spellings(NUMBER))


@in_virtual_time
async def test_a_number_is_kept_as_long_as_the_configuration_says(tmp_path: Path) -> None:
    async with open_centre(tmp_path) as small:
        term = Duration(3 * 24 * 60 * MINUTE)
        terms = {**TERMS, SealedKind.CALLBACK_NUMBER: term}
        ref = await CallbackNumbers(small.centre, small.sealer, terms).seal(NUMBER)
        ends = {each: until for each, _, until in small.sealer.keys_of(SealedKind.CALLBACK_NUMBER)}
        assert ends == {ref: small.centre.clock.now() + term}


@in_virtual_time
async def test_one_number_has_one_reference_while_its_promise_is_open(tmp_path: Path) -> None:
    async with open_centre(tmp_path) as small:
        numbers = numbers_of(small)
        ref = await numbers.seal(NUMBER)
        assert await numbers.seal(NUMBER) == ref
        assert await numbers.seal("+1 555 010 0000") != ref
        numbers.noticed(Instant(0), (ended(ref),))
        assert await numbers.seal(NUMBER) != ref


@in_virtual_time
async def test_the_number_is_destroyed_as_soon_as_the_promise_has_ended(tmp_path: Path) -> None:
    async with open_centre(tmp_path) as small:
        numbers = numbers_of(small)
        ref = await numbers.seal(NUMBER)
        record = small.store.sealed(ref)
        assert record is not None
        numbers.noticed(Instant(0), (ended(ref),))
        await small.durable()
        await small.centre.writer.run(lambda: None)
        assert small.store.sealed(ref) is None
        with pytest.raises(RefusedError):
            small.sealer.open(ref, record.ciphertext)
        assert not scan(tmp_path, spellings(NUMBER))


@in_virtual_time
async def test_a_number_whose_promise_ended_unseen_is_destroyed_at_the_start(
    tmp_path: Path,
) -> None:
    async with open_centre(tmp_path) as small:
        await numbers_of(small).seal(NUMBER)
    async with open_centre(tmp_path) as small:
        numbers_of(small).take_up(small.centre.durable)
        assert small.sealer.keys_of(SealedKind.CALLBACK_NUMBER) == []


@in_virtual_time
async def test_a_number_that_cannot_be_kept_is_not_remembered(tmp_path: Path) -> None:
    async with open_centre(tmp_path) as small:
        numbers = numbers_of(small)
        small.store.failure = PeerError("The disk is full.")
        small.arrive(1)
        await small.store_refused()
        with pytest.raises(PeerError, match="disk is full"):
            await numbers.seal(NUMBER)
        small.store.failure = None
        ref = await numbers.seal(NUMBER)
        assert numbers.open(ref) == NUMBER
