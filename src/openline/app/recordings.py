"""The recordings of talks: begun, paused, taken back, heard, destroyed.

A talk is recorded if its caller said yes, while an agent speaks with him, and never otherwise: not
while he waits, is on hold or with somebody outside. It consists of *parts*: each pause ends one, so
what is said in a pause is written nowhere, and whoever hears the recording hears true silence of
its length. Each part is two streams, what the caller says (`in`) and what he hears (`out`).

    REF.1250.in    begun 1,250 milliseconds after the recording; sealed under the key of REF

REF is also a sealed text that says of which call it is. As long as its key is there, there is a
recording; to destroy the key is to destroy all parts, here and in every copy.

What the agent and her caller want of it (`paused`, `withdrawn`) is noted in memory that outlives
the centre, before anything is done about it. So after a restart nothing runs that was stopped.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
import structlog

from openline.app.messages import wav_head
from openline.app.recorded_sound import FRAME, RATE, Part, both_channels, length_of
from openline.app.sound_spool import SoundSpool
from openline.centre import Centre
from openline.engine import AgentState, AnyEvent, Call, CallState, State
from openline.engine import events as e
from openline.model import (
    MILLISECOND,
    SECOND,
    AgentKey,
    CallId,
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
from openline.sealing.streams import measure
from openline.store import Opening, SealedRecord

log = structlog.get_logger(__name__)

PAUSED, WITHDRAWN = "paused", "withdrawn"
SIDES = ("in", "out")


class Talk(msgspec.Struct, frozen=True, kw_only=True):
    """Is what is known of a recording without hearing it."""

    call: CallId
    line: LineKey
    at: Instant


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """Is a recording that can be heard."""

    talk: Talk
    length: Duration
    is_cut: bool
    """Whether a part breaks off otherwise than the talk did."""
    destroy_at: Instant


class Recordings:
    """Knows all recordings of a centre that has telephones."""

    def __init__(
        self,
        centre: Centre,
        sealer: Sealer,
        *,
        spool: SoundSpool,
        folder: Path,
        terms: Terms,
        changed: Callable[[AgentKey], None],
    ) -> None:
        """`changed` is told of every agent who sees another light than before."""
        self._centre = centre
        self._sealer = sealer
        self._spool = spool
        self._folder = folder
        self._terms = terms
        self._talks: dict[SealedRef, Talk] = {}
        self._of_call: dict[CallId, SealedRef] = {}
        self._until: dict[SealedRef, Instant] = {}
        self._wanted: dict[CallId, str] = {}
        """What is noted in the spool."""
        self._running: set[CallId] = set()
        self._failed: set[CallId] = set()
        self._look: Callable[[CallId], None] = lambda _: None
        self._changed = changed

    def steered_by(self, look: Callable[[CallId], None]) -> None:
        """Says who looks again at a talk that is to be recorded, or no longer."""
        self._look = look

    def take_up(self, state: State) -> None:
        """Learns after a start what is there; what never came to be is destroyed."""
        for call, word in self._spool.standing().items():
            if call in state.calls:
                self._wanted[call] = word
            else:
                self._spool.stand(call, None)
        for ref, _, until in self._sealer.keys_of(SealedKind.RECORDING):
            record = self._centre.store.sealed(ref)
            try:
                text = self._sealer.open(ref, b"" if record is None else record.ciphertext)
                talk = msgspec.json.decode(text, type=Talk)
            except (OpenlineError, msgspec.DecodeError):
                self._destroy(ref)
                continue
            is_withdrawn = self._wanted.get(talk.call) == WITHDRAWN
            if not is_withdrawn and (talk.call in state.calls or self._names(ref)):
                self._talks[ref], self._of_call[talk.call] = talk, ref
                self._until[ref] = until
            else:
                self._destroy(ref)
        if self._folder.is_dir():
            for file in self._folder.glob("*.*"):
                if file.name.split(".")[0] not in self._talks:
                    file.unlink(missing_ok=True)

    # --- the telephones' side ----------------------------------------------------------------

    def wants(self, call: CallId) -> bool:
        """Tells whether a talk is to be recorded now."""
        known = self._centre.durable.calls.get(call)
        return (
            known is not None
            and known.consent is True
            and known.state is CallState.TALKING
            and call not in self._wanted
            and call not in self._failed
        )

    async def part(self, call: CallId) -> tuple[SealedRef, SealedRef]:
        """Returns under which names both sides are to be recorded from now on.

        Raises `PeerError` if what is said could not be kept as it must be.
        """
        trouble = "spool_not_memory" if not self._spool.is_memory else self._spool.why_not
        if trouble is not None:
            raise PeerError(f"Nothing can be recorded: {trouble}.")
        ref = self._of_call.get(call) or await self._begin(call)
        since = (self._centre.clock.now() - self._talks[ref].at) // MILLISECOND
        heard, said = (SealedRef(f"{ref}.{since}.{side}") for side in SIDES)
        try:
            recipient = await asyncio.to_thread(self._sealer.recipient, ref)
            for name in (heard, said):
                self._spool.want(name, recipient)
        except (OpenlineError, OSError) as error:
            raise PeerError("The talk cannot be kept.") from error
        return heard, said

    async def _begin(self, call: CallId) -> SealedRef:
        known = self._centre.durable.calls.get(call)
        if known is None:
            raise PeerError("The call is over.")
        now = self._centre.clock.now()
        talk = Talk(call=call, line=known.line, at=now)
        until = destroy_at(SealedKind.RECORDING, now, self._terms)
        sealed = self._sealer.seal(SealedKind.RECORDING, msgspec.json.encode(talk).decode(), until)
        record = SealedRecord(
            ref=sealed.ref,
            kind=SealedKind.RECORDING.value,
            created_at=now,
            destroy_at=until,
            ciphertext=sealed.ciphertext,
        )
        self._talks[sealed.ref], self._until[sealed.ref] = talk, until
        try:
            await self._centre.writer.run(lambda: self._centre.store.put_sealed(record))
        except OpenlineError as error:
            self._forget(sealed.ref)
            raise PeerError("The talk cannot be kept.") from error
        if self._wanted.get(call) == WITHDRAWN:
            await self._gone(sealed.ref)
            raise PeerError("The caller has taken his yes back.")
        self._of_call[call] = sealed.ref
        return sealed.ref

    def unused(self, names: Iterable[SealedRef]) -> None:
        """Notes that nothing was recorded under names that were given out."""
        for name in names:
            self._spool.wipe(name)

    def runs(self, call: CallId, *, is_running: bool) -> None:
        """Notes whether a talk is being recorded just now."""
        if is_running:
            self._running.add(call)
        else:
            self._running.discard(call)
        self._tell_agents(call)

    def failed(self, call: CallId, why: str) -> None:
        """Notes that a talk is not recorded although it should be; it is not tried again."""
        log.error("talk_not_recorded", why=why)
        self._failed.add(call)
        self._running.discard(call)
        self._tell_agents(call)

    def call_of(self, name: str) -> CallId | None:
        """Returns of which call a stream is, or None if it is none of ours."""
        talk = self._talks.get(SealedRef(name.split(".", maxsplit=1)[0]))
        return None if talk is None else talk.call

    def noticed(self, now: Instant, events: tuple[AnyEvent, ...]) -> None:
        """Forgets what was wanted of a talk that is over."""
        for event in events:
            if isinstance(event, e.CallEnded):
                self._running.discard(event.call)
                self._failed.discard(event.call)
                if self._wanted.pop(event.call, None) is not None:
                    with contextlib.suppress(OSError):
                        self._spool.stand(event.call, None)

    # --- the agents' side --------------------------------------------------------------------

    def light(self, call: Call | None) -> str | None:
        """Returns how it stands with the recording of a talk, for those who are in it.

        `on`, `paused`, `held` (on hold, or about to begin), `withdrawn` or `failed`; None where the
        caller was not asked or said no.
        """
        if call is None or call.consent is not True:
            return None
        if call.id in self._wanted:
            return self._wanted[call.id]
        if call.id in self._failed:
            return "failed"
        return "on" if call.id in self._running else "held"

    def is_kept(self, call: CallId) -> bool:
        """Tells whether there is a recording of a call, sealed to its end or not yet."""
        return call in self._of_call

    async def want(self, agent: AgentKey, login: str, what: str) -> str | None:
        """Pauses the recording of an agent's talk, goes on with it, or takes the caller's yes back.

        `what` is `on`, `paused` or `withdrawn`. Returns how it stands then. To take back destroys
        what there is; on return its key is gone. That can be done until the work on the call is.

        Raises:
            RefusedError: (code `no_recording`) she has no call that is recorded, or it was taken
                back before.
            PeerError: it is stopped, and could not be noted or destroyed; ask again.
        """
        one = self._centre.durable.agents.get(agent)
        number = None if one is None else one.call
        call = None if number is None else self._centre.durable.calls.get(number)
        if one is None or number is None:
            raise _no_recording()
        if what == WITHDRAWN:
            if call is None and (
                one.state is not AgentState.WRAP_UP or number not in self._of_call
            ):
                raise _no_recording()
            await self._take_back(number, login, is_live=call is not None)
            self._changed(agent)
            return WITHDRAWN
        if call is None or call.consent is not True or self._wanted.get(number) == WITHDRAWN:
            raise _no_recording()
        self._stand(number, PAUSED if what == PAUSED else None)
        return self.light(call)

    async def _take_back(self, call: CallId, login: str, *, is_live: bool) -> None:
        known = self._centre.durable.calls.get(call)
        if is_live and (known is None or known.consent is not True):
            raise _no_recording()
        if is_live:
            self._stand(call, WITHDRAWN)
        ref = self._of_call.get(call)
        await self._note(call, login, WITHDRAWN)
        if ref is not None:
            await self._gone(ref)

    def _stand(self, call: CallId, word: str | None) -> None:
        try:
            self._spool.stand(call, word)
        except OSError as error:
            # It is done all the same; a restart in this very talk would not know of it.
            log.error("standing_not_noted", why=str(error.strerror))
        if word is None:
            self._wanted.pop(call, None)
            self._failed.discard(call)
        else:
            self._wanted[call] = word
        self._look(call)
        self._tell_agents(call)

    def _tell_agents(self, call: CallId) -> None:
        known = self._centre.durable.calls.get(call)
        if known is not None:
            for agent in (known.agent, *(one.agent for one in known.parties)):
                if agent is not None:
                    self._changed(agent)

    # --- the supervisors' side ---------------------------------------------------------------

    def there(self) -> Sequence[Recorded]:
        """Returns all recordings that can be heard, the newest first."""
        found = [self.of(talk.call) for talk in self._talks.values()]
        known = [each for each in found if each is not None]
        return sorted(known, key=lambda each: each.talk.at, reverse=True)

    def of(self, call: CallId) -> Recorded | None:
        """Returns the recording of a call; None if there is none, or it is not yet sealed."""
        ref = self._of_call.get(call)
        if ref is None or call in self._centre.durable.calls:
            return None
        if any(self._spool.holds(name) for name in self._names(ref)):
            return None
        parts = self._parts(ref)
        if not parts:
            return None
        return Recorded(
            talk=self._talks[ref],
            length=Duration(length_of(parts) * SECOND // RATE),
            is_cut=any(part.is_cut for part in parts),
            destroy_at=self._until[ref],
        )

    async def hear(self, call: CallId, login: str, why: str) -> AsyncIterator[bytes]:
        """Notes who hears a recording and why, then returns it as a WAV file of two channels.

        Raises:
            RefusedError: (code `no_recording`) there is none (any more).
            PeerError: it cannot be noted or read; nothing may be heard then.
        """
        ref = self._of_call.get(call)
        if ref is None or self.of(call) is None:
            raise _no_recording()
        parts = self._parts(ref)
        await self._note(call, login, why)
        return self._sound(ref, parts)

    async def destroy(self, call: CallId, login: str) -> None:
        """Destroys a recording whose caller asked for that afterwards; raises as `hear`."""
        ref = self._of_call.get(call)
        if ref is None:
            raise _no_recording()
        await self._note(call, login, WITHDRAWN)
        await self._gone(ref)

    def forget(self, refs: Sequence[SealedRef]) -> None:
        """Drops the files of recordings whose keys are destroyed; for the writer's thread."""
        for ref in refs:
            self._forget(ref)

    # --- files -------------------------------------------------------------------------------

    def _names(self, ref: SealedRef) -> set[SealedRef]:
        sealed = {SealedRef(file.name) for file in self._folder.glob(f"{ref}.*")}
        return sealed | {name for name in self._spool.sounds() if name.startswith(f"{ref}.")}

    def _parts(self, ref: SealedRef) -> list[Part]:
        begins = sorted({int(name.split(".")[1]) for name in self._names(ref)})
        parts: list[Part] = []
        for begin in begins:
            heard, said = (SealedRef(f"{ref}.{begin}.{side}") for side in SIDES)
            sides = [measure(self._folder / name) for name in (heard, said)]
            length = max(side.length for side in sides) // 2
            is_cut = any(side.is_cut or not side.has_ended for side in sides)
            if length > 0:
                parts.append(Part(begin * RATE // 1_000, (heard, said), length, is_cut))
        return parts

    async def _sound(self, ref: SealedRef, parts: list[Part]) -> AsyncIterator[bytes]:
        yield wav_head(length_of(parts) * FRAME, channels=2)
        pieces = both_channels(parts, lambda name: self._one(ref, name))
        while piece := await asyncio.to_thread(next, pieces, b""):
            yield piece

    def _one(self, ref: SealedRef, name: SealedRef) -> Iterator[bytes]:
        path = self._folder / name
        # Of a side that nobody has spoken on there may be nothing.
        return self._sealer.read_stream(name, path, ref) if path.exists() else iter(())

    async def _note(self, call: CallId, login: str, why: str) -> None:
        opening = Opening(
            at=self._centre.clock.now(),
            login=login,
            call=call,
            is_exact=True,
            what="recording",
            why=why,
        )
        await self._centre.writer.run(lambda: self._centre.store.add_opening(opening))

    async def _gone(self, ref: SealedRef) -> None:
        await self._centre.writer.run(lambda: self._destroy(ref))

    def _destroy(self, ref: SealedRef) -> None:
        self._sealer.destroy(ref)
        self._centre.store.remove_sealed([ref])
        self._forget(ref)

    def _forget(self, ref: SealedRef) -> None:
        talk = self._talks.pop(ref, None)
        self._until.pop(ref, None)
        if talk is not None and self._of_call.get(talk.call) == ref:
            del self._of_call[talk.call]
        for name in self._names(ref):
            self._spool.wipe(name)
            (self._folder / name).unlink(missing_ok=True)


def _no_recording() -> RefusedError:
    return RefusedError("There is no such recording any more.", code="no_recording")
