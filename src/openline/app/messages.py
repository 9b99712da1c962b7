"""The messages in voicemail boxes: begun, heard, done with, destroyed.

A message is a sealed text that says where and when it was left, and a stream of sealed sound beside
it, both under one key. As long as the key is there the message is work that waits; to be done with
it is to destroy it. So nothing else says of it whether it is open, and no backup brings it back.

What is heard is noted before anybody hears it: who, of which call, and why.
"""

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator, Iterable, Sequence
from pathlib import Path

import msgspec
import structlog

from openline.app.recorder import HEAD
from openline.app.sound_spool import SoundSpool
from openline.centre import Centre
from openline.centre.publishing import Configured
from openline.engine import CallState, State
from openline.model import (
    SECOND,
    AgentKey,
    BoxKey,
    CallId,
    CommandId,
    Duration,
    Instant,
    LineKey,
    OpenlineError,
    PeerError,
    RefusedError,
    SealedRef,
)
from openline.sealing import SealedKind, Sealer, Terms
from openline.sealing.kinds import destroy_at
from openline.sealing.streams import Measured, measure
from openline.store import Opening, SealedRecord

log = structlog.get_logger(__name__)

BYTES_A_SECOND = 16_000
"""One channel, 16 bits, 8,000 times a second."""


class Left(msgspec.Struct, frozen=True, kw_only=True):
    """Is what is known of a message without hearing it."""

    call: CallId
    recording: CommandId
    line: LineKey
    box: BoxKey
    at: Instant


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """Is a message that waits to be heard, or to be done with."""

    ref: SealedRef
    left: Left
    length: Duration
    is_cut: bool
    """Whether it breaks off otherwise than the caller ended it."""
    taken_by: AgentKey | None
    """Who listens to it or has; another sees that and leaves it to her."""


class Messages:
    """Knows all messages of a centre that has telephones."""

    def __init__(
        self,
        centre: Centre,
        sealer: Sealer,
        configured: Configured,
        *,
        spool: SoundSpool,
        folder: Path,
        terms: Terms,
    ) -> None:
        self._centre = centre
        self._sealer = sealer
        self._configured = configured
        self._spool = spool
        self._folder = folder
        self._terms = terms
        self._left: dict[SealedRef, Left] = {}
        self._taken: dict[SealedRef, AgentKey] = {}
        self._whole: dict[SealedRef, Measured] = {}
        """What was measured of those that are over: desks ask often, and it changes no more."""

    def take_up(self, state: State) -> None:
        """Learns after a start what is there; what never came to be is destroyed."""
        for ref, _, _ in self._sealer.keys_of(SealedKind.MESSAGE):
            record = self._centre.store.sealed(ref)
            try:
                text = self._sealer.open(ref, b"" if record is None else record.ciphertext)
                left = msgspec.json.decode(text, type=Left)
            except (OpenlineError, msgspec.DecodeError):
                self._destroy([ref])
                continue
            call = state.calls.get(left.call)
            is_spoken = call is not None and call.state is CallState.VOICEMAIL
            if is_spoken or self._spool.holds(ref) or self._is_long_enough(ref, left):
                self._left[ref] = left
            else:
                self._destroy([ref])
        if self._folder.is_dir():
            here = [SealedRef(file.name) for file in self._folder.iterdir()]
            # The names of talks have a dot in them (see `recordings`).
            self.forget([ref for ref in here if "." not in ref and ref not in self._left])

    # --- the telephones' side ----------------------------------------------------------------

    @property
    def trouble(self) -> str | None:
        """Why nothing can be recorded now, in one word; None if it can."""
        return "spool_not_memory" if not self._spool.is_memory else self._spool.why_not

    async def begin(self, call: CallId, box: BoxKey, recording: CommandId) -> SealedRef:
        """Returns the name under which a caller is to be recorded; the same for the same order.

        Raises `PeerError` if what he says could not be kept as it must be.
        """
        for ref, left in self._left.items():
            if (left.call, left.recording) == (call, recording):
                return ref
        if self.trouble is not None:
            raise PeerError(f"Nothing can be recorded: {self.trouble}.")
        known = self._centre.durable.calls.get(call)
        if known is None:
            raise PeerError("The call is over.")
        now = self._centre.clock.now()
        left = Left(call=call, recording=recording, line=known.line, box=box, at=now)
        until = destroy_at(SealedKind.MESSAGE, now, self._terms)
        sealed = self._sealer.seal(SealedKind.MESSAGE, msgspec.json.encode(left).decode(), until)
        record = SealedRecord(
            ref=sealed.ref,
            kind=SealedKind.MESSAGE.value,
            created_at=now,
            destroy_at=until,
            ciphertext=sealed.ciphertext,
        )
        self._left[sealed.ref] = left

        def keep() -> None:
            self._centre.store.put_sealed(record)
            self._spool.want(sealed.ref, self._sealer.recipient(sealed.ref))

        try:
            await self._centre.writer.run(keep)
        except (OpenlineError, OSError) as error:
            self._left.pop(sealed.ref, None)
            raise PeerError("The message cannot be kept.") from error
        return sealed.ref

    def ended(self, ref: SealedRef, spoken: Duration) -> bool:
        """Notes that a recording is over; one that holds no message is destroyed.

        Returns whether there is a message.
        """
        left = self._left.get(ref)
        if left is None:
            return False
        if spoken >= self._shortest(left.box) and spoken > 0:
            return True
        self._left.pop(ref)
        self._centre.spawn(self._gone([ref]))
        return False

    def found(self, call: CallId, recording: CommandId) -> tuple[SealedRef, Duration] | None:
        """Returns what there is of a recording whose end nobody saw, and how long it is."""
        for ref, left in self._left.items():
            if (left.call, left.recording) == (call, recording):
                return ref, self._length(ref)
        return None

    def silence(self, box: BoxKey) -> Duration:
        """Returns after how long a silence a message is over."""
        known = self._configured.now.boxes.get(box)
        return Duration(6 * SECOND) if known is None else known.silence

    # --- the agents' side --------------------------------------------------------------------

    def waiting(self, agent: AgentKey | None, *, supervises: bool) -> Sequence[Waiting]:
        """Returns the messages that somebody may hear, the oldest first."""
        return [
            Waiting(
                ref=ref,
                left=left,
                length=self._length(ref),
                is_cut=self._measured(ref).is_cut,
                taken_by=self._taken.get(ref),
            )
            for ref, left in sorted(self._left.items(), key=lambda each: each[1].at)
            if self._may_hear(left, agent, supervises=supervises)
            and not self._is_being_left(left)
            and not self._spool.holds(ref)
            and self._is_long_enough(ref, left)
        ]

    async def hear(
        self, ref: SealedRef, agent: AgentKey | None, login: str, why: str, *, supervises: bool
    ) -> AsyncIterator[bytes]:
        """Notes who hears a message and why, then returns its sound as a WAV file.

        Raises:
            RefusedError: (code `no_message`) it is gone, or not for her.
            PeerError: it cannot be noted or read; nothing may be heard then.
        """
        left = self._of(ref, agent, supervises=supervises)
        if agent is not None:
            self._taken[ref] = agent
        await self._note(left, login, why)
        return self._sound(ref, self._measured(ref).length)

    async def done(
        self, ref: SealedRef, agent: AgentKey | None, login: str, *, supervises: bool
    ) -> None:
        """Destroys a message that somebody is done with; raises as `hear`."""
        left = self._of(ref, agent, supervises=supervises)
        await self._note(left, login, "done")
        self._left.pop(ref, None)
        await self._gone([ref])

    def forget(self, refs: Sequence[SealedRef]) -> None:
        """Drops the files of sound whose keys are destroyed; for the writer's thread."""
        for ref in refs:
            self._left.pop(ref, None)
            self._taken.pop(ref, None)
            self._whole.pop(ref, None)
            self._spool.wipe(ref)
            with contextlib.suppress(FileNotFoundError):
                (self._folder / ref).unlink()

    def _of(self, ref: SealedRef, agent: AgentKey | None, *, supervises: bool) -> Left:
        left = self._left.get(ref)
        if left is None or not self._may_hear(left, agent, supervises=supervises):
            raise RefusedError("There is no such message any more.", code="no_message")
        return left

    def _may_hear(self, left: Left, agent: AgentKey | None, *, supervises: bool) -> bool:
        if supervises:
            return True
        state = self._centre.durable
        if agent is None or agent not in state.agents:
            return False
        box = self._configured.now.boxes.get(left.box)
        return box is None or box.queue is None or box.queue in state.index.queues_of(agent)

    def _is_being_left(self, left: Left) -> bool:
        call = self._centre.durable.calls.get(left.call)
        return call is not None and call.state is CallState.VOICEMAIL

    def _shortest(self, box: BoxKey) -> Duration:
        known = self._configured.now.boxes.get(box)
        return Duration(0) if known is None else known.shortest

    def _is_long_enough(self, ref: SealedRef, left: Left) -> bool:
        length = self._length(ref)
        return length > 0 and length >= self._shortest(left.box)

    def _length(self, ref: SealedRef) -> Duration:
        sealed = self._measured(ref)
        length = sealed.length
        if not sealed.has_ended:
            with contextlib.suppress(OSError):
                length = max(length, self._spool.sound(ref).stat().st_size - HEAD)
        return Duration(length * SECOND // BYTES_A_SECOND)

    def _measured(self, ref: SealedRef) -> Measured:
        known = self._whole.get(ref)
        if known is not None:
            return known
        measured = measure(self._folder / ref)
        if measured.has_ended:
            self._whole[ref] = measured
        return measured

    async def _note(self, left: Left, login: str, why: str) -> None:
        opening = Opening(
            at=self._centre.clock.now(),
            login=login,
            call=left.call,
            is_exact=True,
            what="message",
            why=why,
        )
        await self._centre.writer.run(lambda: self._centre.store.add_opening(opening))

    async def _sound(self, ref: SealedRef, length: int) -> AsyncIterator[bytes]:
        yield wav_head(length)
        pieces = self._sealer.read_stream(ref, self._folder / ref)
        while piece := await asyncio.to_thread(next, pieces, b""):
            yield piece

    async def _gone(self, refs: Sequence[SealedRef]) -> None:
        try:
            await self._centre.writer.run(lambda: self._destroy(refs))
        except OpenlineError as error:
            # The end of its term destroys it, if nothing else does.
            log.error("message_not_destroyed", why=str(error))

    def _destroy(self, refs: Iterable[SealedRef]) -> None:
        gone = list(refs)
        for ref in gone:
            self._sealer.destroy(ref)
        self._centre.store.remove_sealed(gone)
        self.forget(gone)


def wav_head(length: int, channels: int = 1) -> bytes:
    """Returns the head of a WAV file with so many bytes of sound."""
    rate, each = 8_000, 2 * channels
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF",
        36 + length,
        b"WAVE",
        b"fmt ",
        16,
        1,
        channels,
        rate,
        rate * each,
        each,
        16,
        b"data",
        length,
    )
