"""Messages in voicemail boxes, from the first word to the last byte."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from openline.app.messages import Messages, Waiting
from openline.app.recorder import Recorder
from openline.app.retention import Retention
from openline.app.sound_spool import NO_SPOOL, SoundSpool
from openline.centre.publishing import Configured
from openline.configuration import load_text
from openline.model import (
    SECOND,
    AgentKey,
    BoxKey,
    CallId,
    CommandId,
    Duration,
    PeerError,
    RefusedError,
    SealedRef,
)
from openline.sealing import TERMS, ConversationKeys
from openline.sealing.kinds import DAY
from openline.store import DataFolder
from tests.builders import ANN, CARLA
from tests.centre.small_centre import SmallCentre, open_centre
from tests.centre.small_published import TEXT
from tests.centre.virtual_loop import advance, in_virtual_time
from tests.sound import head, memory_spool, spoken

BOX = BoxKey("night")
CONFIGURED = Configured(
    load_text(
        f"""{TEXT}
[voicemail.night]
queue = "english"
silence_s = 4
shortest_s = 2
""",
        "small.toml",
    )
)


class Kept:
    """Is a centre with messages, and a recorder that is asked to work by the test."""

    def __init__(self, small: SmallCentre, spool: SoundSpool) -> None:
        self.small = small
        self.spool = spool
        self.folder = DataFolder(small.folder)
        self.folder.recordings.mkdir(exist_ok=True)
        self.messages = self.known_again()
        self.retention = Retention(
            small.centre,
            small.sealer,
            small.segments,
            terms=TERMS,
            targets={},
            short_abandons={},
            folder=self.folder,
            forget_sound=self._forget,
            conversations=ConversationKeys(small.sealer),
        )
        self.calls = 0

    def known_again(self) -> Messages:
        """Returns what a centre knows that was started just now."""
        self.messages = Messages(
            self.small.centre,
            self.small.sealer,
            CONFIGURED,
            spool=self.spool,
            folder=self.folder.recordings,
            terms=TERMS,
        )
        self.messages.take_up(self.small.centre.durable)
        return self.messages

    def _forget(self, refs: Sequence[SealedRef]) -> None:
        self.messages.forget(refs)

    def records(self) -> None:
        """Lets the recorder work for a moment."""
        Recorder(self.spool, self.folder.recordings).round()

    async def call(self) -> CallId:
        """Lets somebody call."""
        self.calls += 1
        self.small.arrive(self.calls)
        await self.small.durable()
        return next(reversed(self.small.centre.durable.calls))

    async def left(self, sound: bytes) -> SealedRef:
        """Lets somebody leave a message; it is sealed on return."""
        self.records()
        call = await self.call()
        ref = await self.messages.begin(call, BOX, CommandId(9))
        self.spool.sound(ref).write_bytes(head(len(sound)) + sound)
        self.records()
        self.messages.ended(ref, Duration(len(sound) * SECOND // 16_000))
        await self.small.durable()
        return ref

    def waiting(self, agent: AgentKey = ANN) -> list[Waiting]:
        """Returns what waits for an agent."""
        return list(self.messages.waiting(agent, supervises=False))

    async def heard(self, ref: SealedRef, agent: AgentKey = ANN) -> bytes:
        """Returns what an agent hears."""
        sound = await self.messages.hear(ref, agent, str(agent), "own_work", supervises=False)
        return b"".join([piece async for piece in sound])

    def is_left_of(self, ref: SealedRef, sound: bytes) -> bool:
        """Tells whether key, sealed text, file or sound in clear are anywhere."""
        files = [each for each in self.small.folder.rglob("*") if each.is_file()]
        files += [each for each in self.spool.path.rglob("*") if each.is_file()]
        return (
            self.small.store.sealed(ref) is not None
            or any(ref in each.name for each in files)
            or any(sound[8_000:8_032] in each.read_bytes() for each in files)
        )


@asynccontextmanager
async def kept_in(folder: Path) -> AsyncIterator[Kept]:
    with memory_spool() as spool:
        async with open_centre(folder) as small:
            kept = Kept(small, spool)
            try:
                yield kept
            finally:
                kept.retention.stop()


@in_virtual_time
async def test_a_message_is_heard_by_an_agent_of_its_queue_and_it_is_noted(tmp_path: Path) -> None:
    async with kept_in(tmp_path) as kept:
        sound = spoken(5)
        ref = await kept.left(sound)
        (waiting,) = kept.waiting()
        assert (waiting.ref, waiting.length, waiting.is_cut) == (ref, 5 * SECOND, False)
        assert kept.waiting(CARLA) == []
        heard = await kept.heard(ref)
        assert heard[8:] == head(len(sound))[8:] + sound
        (opening,) = kept.small.store.openings(9)
        assert (opening.login, opening.what, opening.why) == ("ann", "message", "own_work")
        assert opening.call == waiting.left.call
        assert kept.waiting()[0].taken_by == ANN
        with pytest.raises(RefusedError):
            await kept.heard(ref, CARLA)
        assert len(kept.small.store.openings(9)) == 1
        assert kept.messages.waiting(None, supervises=True)
        assert not kept.messages.waiting(None, supervises=False)


@in_virtual_time
async def test_nothing_is_left_of_a_message_that_is_done(tmp_path: Path) -> None:
    async with kept_in(tmp_path) as kept:
        sound = spoken(5)
        ref = await kept.left(sound)
        assert kept.is_left_of(ref, sound)
        await kept.messages.done(ref, ANN, "ann", supervises=False)
        assert not kept.is_left_of(ref, sound)
        assert kept.waiting() == []
        assert [each.why for each in kept.small.store.openings(9)] == ["done"]
        with pytest.raises(RefusedError):
            await kept.heard(ref)
        with pytest.raises(RefusedError):
            await kept.messages.done(ref, ANN, "ann", supervises=False)


@in_virtual_time
async def test_nothing_is_left_of_a_message_when_its_term_is_over(tmp_path: Path) -> None:
    async with kept_in(tmp_path) as kept:
        await kept.retention.watch()
        sound = spoken(5)
        ref = await kept.left(sound)
        for _ in range(15):
            await advance(DAY / SECOND)
            await kept.small.durable()
            while kept.retention.is_at_work:
                await kept.small.centre.writer.flush()
                await advance(0)
        assert not kept.is_left_of(ref, sound)
        assert kept.waiting() == []


@in_virtual_time
async def test_who_says_too_little_leaves_nothing(tmp_path: Path) -> None:
    async with kept_in(tmp_path) as kept:
        sound = spoken(1.5)
        ref = await kept.left(sound)
        await advance(1)
        await kept.small.durable()
        assert not kept.is_left_of(ref, sound)
        assert kept.waiting() == []


@in_virtual_time
async def test_a_message_is_there_after_a_start_and_what_never_was_is_not(tmp_path: Path) -> None:
    async with kept_in(tmp_path) as kept:
        sound = spoken(3)
        ref = await kept.left(sound)
        never = await kept.messages.begin(await kept.call(), BOX, CommandId(7))
        stranger = kept.folder.recordings / "stranger"
        stranger.write_bytes(b"?")
        kept.known_again()
        assert [each.ref for each in kept.waiting()] == [ref]
        assert kept.small.store.sealed(never) is None
        assert not stranger.exists()
        assert (await kept.heard(ref))[44:] == sound


@in_virtual_time
async def test_an_order_that_is_repeated_has_the_same_message(tmp_path: Path) -> None:
    async with kept_in(tmp_path) as kept:
        kept.records()
        call = await kept.call()
        ref = await kept.messages.begin(call, BOX, CommandId(9))
        assert await kept.messages.begin(call, BOX, CommandId(9)) == ref
        assert await kept.messages.begin(call, BOX, CommandId(10)) != ref
        assert kept.messages.found(call, CommandId(9)) == (ref, 0)
        assert kept.messages.silence(BOX) == 4 * SECOND


@in_virtual_time
async def test_nothing_is_recorded_that_could_not_be_sealed(tmp_path: Path) -> None:
    async with kept_in(tmp_path) as kept:
        call = await kept.call()
        with pytest.raises(PeerError, match="recorder_away"):
            await kept.messages.begin(call, BOX, CommandId(9))
        kept.spool = SoundSpool(NO_SPOOL)
        assert kept.known_again().trouble == "spool_not_memory"
        with pytest.raises(PeerError, match="spool_not_memory"):
            await kept.messages.begin(call, BOX, CommandId(9))
