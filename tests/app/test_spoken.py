"""Is what a supervisor spoke heard instead, kept over a restart, and undone?"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from openline.app.spoken import KEPT, STOCK, Spoken, length_of
from openline.model import SECOND, PeerError, RefusedError
from tests.centre.small_centre import SmallCentre, open_centre
from tests.centre.virtual_loop import in_virtual_time
from tests.sound import wav

GREETING = "welcome-en"


def stock(name: str) -> str:
    return f"/static/{name}.mp3"


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[tuple[SmallCentre, Spoken]]:
    async with open_centre(folder) as small:
        yield small, Spoken(small.centre, stock, folder)


@in_virtual_time
async def test_what_was_spoken_is_heard_by_pages_and_telephones_until_it_is_undone(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path) as (_, spoken):
        assert spoken.url(GREETING) == stock(GREETING)
        assert spoken.file(GREETING) is None
        first = await spoken.speak(GREETING, wav(2), "sam", STOCK)
        assert spoken.url(GREETING) == f"/sounds/spoken/{first}.wav"
        assert await spoken.body(first) == wav(2)
        laid = spoken.file(GREETING)
        assert laid is not None
        assert laid.with_name(f"{laid.name}.wav16").read_bytes() == wav(2)
        assert spoken.url("welcome-es") == stock("welcome-es")

        second = await spoken.speak(GREETING, wav(3), "sol", first)
        assert spoken.heard(GREETING) == second
        await spoken.choose(GREETING, first, "sam", second)
        assert spoken.heard(GREETING) == first
        await spoken.choose(GREETING, STOCK, "sam", first)
        assert (spoken.url(GREETING), spoken.file(GREETING)) == (stock(GREETING), None)
        assert [each.take for each in spoken.versions(GREETING)] == [second, first]


@in_virtual_time
async def test_a_restart_changes_nothing_of_what_is_heard(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, spoken):
        first = await spoken.speak(GREETING, wav(2), "sam", STOCK)
        second = await spoken.speak(GREETING, wav(3), "sam", first)
        await spoken.choose(GREETING, first, "sam", second)
    for file in (tmp_path / "spoken").iterdir():
        file.unlink()
    async with opened(tmp_path) as (_, spoken):
        assert spoken.heard(GREETING) == first
        assert spoken.file(GREETING) == tmp_path / "spoken" / str(first)
        last = spoken.last(GREETING)
        assert last is not None
        assert (last.by, last.again) == ("sam", first)


@in_virtual_time
async def test_only_the_newest_are_kept_and_what_is_heard_always(tmp_path: Path) -> None:
    async with opened(tmp_path) as (small, spoken):
        heard = first = await spoken.speak(GREETING, wav(1), "sam", STOCK)
        for _ in range(KEPT):
            heard = await spoken.speak(GREETING, wav(1), "sam", heard)
            if heard == first + KEPT - 1:
                # From now on the oldest is heard, and stays.
                await spoken.choose(GREETING, first, "sam", heard)
                heard = first
        assert first not in [each.take for each in spoken.versions(GREETING)[:KEPT]]
        for _ in range(3):
            heard = await spoken.speak(GREETING, wav(1), "sam", heard)
        takes = [each.take for each in spoken.versions(GREETING)]
        assert len(takes) == KEPT
        assert first not in takes
        kept = {record.take for record in small.store.spoken()}
        assert kept == set(takes)
        assert {int(file.stem) for file in (tmp_path / "spoken").iterdir()} == set(takes)


@in_virtual_time
async def test_of_two_who_speak_at_once_the_second_is_told(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, spoken):
        first = await spoken.speak(GREETING, wav(2), "sam", STOCK)
        with pytest.raises(RefusedError) as refused:
            await spoken.speak(GREETING, wav(2), "sol", STOCK)
        assert refused.value.code == "changed_meanwhile"
        with pytest.raises(RefusedError) as refused:
            await spoken.choose("welcome-es", first, "sol", STOCK)
        assert refused.value.code == "not_kept"
        assert spoken.heard(GREETING) == first


@in_virtual_time
async def test_what_cannot_be_kept_is_not_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(tmp_path) as (small, spoken):

        def fails(*_: object) -> None:
            raise PeerError("The disk is full.")

        monkeypatch.setattr(small.store, "add_spoken", fails)
        with pytest.raises(PeerError):
            await spoken.speak(GREETING, wav(2), "sam", STOCK)
        assert spoken.heard(GREETING) == STOCK
        assert spoken.versions(GREETING) == []


def test_a_length_is_that_of_the_sound() -> None:
    assert length_of(wav(2.5)) == 2.5 * SECOND


@pytest.mark.parametrize(
    ("sound", "words"),
    [
        (b"", "no WAV file"),
        (b"RIFF", "no WAV file"),
        (wav(2)[:30], "no WAV file"),
        (b"\xff" * 5_000, "no WAV file"),
        (wav(2, rate=8_000), "no WAV file"),
        (wav(2, channels=2), "no WAV file"),
        (wav(61), "longer than 60 seconds"),
        (wav(0.5), "shorter than a second"),
        (wav(2, peak=100), "Nothing is to be heard"),
    ],
)
def test_what_is_no_greeting_is_refused_in_words(sound: bytes, words: str) -> None:
    with pytest.raises(RefusedError, match=words):
        length_of(sound)
