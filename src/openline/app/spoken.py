"""What supervisors spoke for callers to hear, in the place of recordings that came with Openline.

A recording is replaced by its name: whoever plays `welcome-en` plays what stands for it now, on
every line, in menus and surges alike. So neither the configuration nor the record of calls changes,
and the next caller hears it. The last ones of each name are kept and can be heard again at once.

It is a WAV file of one channel, 16 bits and 16,000 samples a second: what pages play as it is, and
Asterisk as `wav16`, from a folder of its own beside `own/`.
"""

import io
import wave
from array import array
from collections.abc import Callable, Sequence
from pathlib import Path

from openline.centre import Centre
from openline.model import SECOND, Duration, PeerError, RefusedError
from openline.store import SpokenRecord

RATE = 16_000
LONGEST_S = 60
SHORTEST_S = 1
KEPT = 5
"""So many of each name are kept, whichever is heard."""
STOCK = 0
"""Stands for the recording that came with Openline, or that lies in `own/`."""
_QUIETEST = 300
"""Of 32,767. A peak below is a microphone that heard nobody."""


class Spoken:
    """Knows what stands for which recording; everything small is in memory."""

    def __init__(
        self, centre: Centre, stock_url: Callable[[str], str], telephones: Path | None
    ) -> None:
        """`stock_url` returns where pages find what came with Openline.

        `telephones` is the folder of Asterisk, if there is one; what is heard is put there.
        """
        self._centre = centre
        self.stock_url = stock_url
        self._folder = None if telephones is None else telephones / "spoken"
        self._records = {record.take: record for record in centre.store.spoken()}
        self._takes: dict[str, int] = {}
        for record in self._records.values():
            self._is_heard(record)
        for take in self._takes.values():
            if take != STOCK:
                self._lay_out(take, centre.store.spoken_body(take) or b"")

    # --- what is heard -----------------------------------------------------------------------

    def heard(self, sound: str) -> int:
        """Returns which one stands for a recording; `STOCK` if none does."""
        return self._takes.get(sound, STOCK)

    def url(self, sound: str) -> str:
        """Returns where pages find what callers hear for a recording."""
        take = self.heard(sound)
        return self.stock_url(sound) if take == STOCK else self.version_url(take)

    def version_url(self, take: int) -> str:
        """Returns where pages find one that was spoken."""
        return f"/sounds/spoken/{take}.wav"

    def file(self, sound: str) -> Path | None:
        """Returns where Asterisk finds it, without its ending; None if nothing is there."""
        take = self.heard(sound)
        if take == STOCK or self._folder is None:
            return None
        return self._folder / str(take) if self._path(take).exists() else None

    async def body(self, take: int) -> bytes | None:
        """Returns the WAV file of one; None if it is not kept."""
        if take not in self._records:
            return None
        return await self._centre.writer.run(lambda: self._centre.store.spoken_body(take))

    def versions(self, sound: str) -> Sequence[SpokenRecord]:
        """Returns those that can be heard again, the newest first."""
        found = [each for each in self._records.values() if each.sound == sound]
        return [each for each in reversed(found) if each.again is None]

    def last(self, sound: str) -> SpokenRecord | None:
        """Returns what was done last for a recording."""
        found = [each for each in self._records.values() if each.sound == sound]
        return found[-1] if found else None

    # --- what is done ------------------------------------------------------------------------

    async def speak(self, sound: str, wav: bytes, login: str, instead_of: int) -> int:
        """Lets callers hear what was spoken from now on; returns which take it is.

        `instead_of` is what whoever spoke believes to be heard now.

        Raises:
            RefusedError: it is no such sound, too long, too short or silent (`bad_sound`), or
                somebody else was quicker (`changed_meanwhile`).
            PeerError: it cannot be kept; what was heard before is heard.
        """
        length = length_of(wav)
        return await self._add(sound, login, instead_of, length=length, body=wav)

    async def choose(self, sound: str, take: int, login: str, instead_of: int) -> None:
        """Lets callers hear an older one again, or with `STOCK` what came with Openline.

        Raises as `speak`; `not_kept` where there is no such take.
        """
        chosen = self._records.get(take)
        if take != STOCK and (chosen is None or chosen.sound != sound or chosen.again):
            raise RefusedError("That recording is kept no longer.", code="not_kept")
        length = Duration(0) if chosen is None else chosen.length
        await self._add(sound, login, instead_of, length=length, again=take)

    async def _add(
        self,
        sound: str,
        login: str,
        instead_of: int,
        *,
        length: Duration,
        body: bytes | None = None,
        again: int | None = None,
    ) -> int:
        if instead_of != self.heard(sound):
            raise RefusedError(
                "Somebody else has changed this recording meanwhile.", code="changed_meanwhile"
            )
        store, writer = self._centre.store, self._centre.writer
        record = SpokenRecord(
            take=max(self._records, default=0) + 1,
            sound=sound,
            at=self._centre.clock.now(),
            by=login,
            length=length,
            again=again,
        )
        # It is counted before anything is waited for, and heard only once it is kept.
        self._records[record.take] = record
        try:
            await writer.run(lambda: store.add_spoken(record, body))
            take = record.take if again is None else again
            if take != STOCK:
                kept = body or await writer.run(lambda: store.spoken_body(take)) or b""
                self._lay_out(take, kept)
        except Exception:
            del self._records[record.take]
            raise
        self._is_heard(record)
        await self._forget_old(sound)
        return record.take

    def _is_heard(self, record: SpokenRecord) -> None:
        self._takes[record.sound] = record.take if record.again is None else record.again

    async def _forget_old(self, sound: str) -> None:
        heard, last = self.heard(sound), self.last(sound)
        old = [each.take for each in self.versions(sound)[KEPT:] if each.take != heard]
        old += [
            each.take
            for each in self._records.values()
            if each.sound == sound and each.again is not None and each is not last
        ]
        if old:
            await self._centre.writer.run(lambda: self._centre.store.remove_spoken(old))
            for take in old:
                del self._records[take]
                if self._folder is not None:
                    self._path(take).unlink(missing_ok=True)

    # --- Asterisk's files --------------------------------------------------------------------

    def _path(self, take: int) -> Path:
        assert self._folder is not None
        return self._folder / f"{take}.wav16"

    def _lay_out(self, take: int, wav: bytes) -> None:
        """Puts one where Asterisk finds it; a file is never changed while it may be playing."""
        if self._folder is None or self._path(take).exists():
            return
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            part = self._path(take).with_suffix(".part")
            part.write_bytes(wav)
            part.rename(self._path(take))
        except OSError as error:
            raise PeerError(
                f"{self._folder}: cannot be written: {error.strerror or error}."
            ) from error


def length_of(wav: bytes) -> Duration:
    """Returns how long a recording is; raises `RefusedError` (`bad_sound`) if it cannot be used."""
    try:
        with wave.open(io.BytesIO(wav)) as file:
            form = (file.getnchannels(), file.getsampwidth(), file.getframerate())
            samples = array("h", file.readframes(file.getnframes())[: 2 * RATE * (LONGEST_S + 1)])
    except (wave.Error, EOFError, ValueError):
        form, samples = (0, 0, 0), array("h")
    if form != (1, 2, RATE):
        raise _bad("It is no WAV file of one channel, 16 bits and 16,000 samples a second.")
    if len(samples) > RATE * LONGEST_S:
        raise _bad(f"It is longer than {LONGEST_S} seconds.")
    if len(samples) < RATE * SHORTEST_S:
        raise _bad("It is shorter than a second.")
    if max(samples) < _QUIETEST and min(samples) > -_QUIETEST:
        raise _bad("Nothing is to be heard in it.")
    return Duration(len(samples) * SECOND // RATE)


def _bad(why: str) -> RefusedError:
    return RefusedError(why, code="bad_sound")
