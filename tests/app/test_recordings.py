"""Recordings of talks, from the yes of a caller to the last byte."""

import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from openline.app.messages import wav_head
from openline.app.recorded_sound import FRAME, RATE
from openline.app.recorder import Recorder
from openline.app.recordings import PAUSED, WITHDRAWN, Recordings
from openline.app.sound_spool import SoundSpool
from openline.engine import AgentState, CallState, ConsentSettings
from openline.engine import inputs as i
from openline.model import SECOND, AgentKey, CallId, LegId, PeerError, RefusedError, SealedRef
from openline.sealing import TERMS
from openline.store import DataFolder
from tests.builders import CARLA, ES, a_centre, seconds
from tests.centre.small_centre import SmallCentre, open_centre
from tests.centre.virtual_loop import advance, in_virtual_time
from tests.sound import head, memory_spool, spoken

CALL = CallId(1)
Names = tuple[SealedRef, SealedRef]


class Kept:
    """Is a centre whose callers of one line are asked, and a recorder that works when told to."""

    def __init__(self, small: SmallCentre, spool: SoundSpool) -> None:
        self.small = small
        self.spool = spool
        self.folder = DataFolder(small.folder).recordings
        self.folder.mkdir(exist_ok=True)
        self.looked: list[CallId] = []
        self.told: list[AgentKey] = []
        self.recordings = self.known_again()
        self.records()

    def known_again(self) -> Recordings:
        """Returns what a centre knows that was started just now."""
        self.recordings = Recordings(
            self.small.centre,
            self.small.sealer,
            spool=self.spool,
            folder=self.folder,
            terms=TERMS,
            changed=self.told.append,
        )
        self.recordings.steered_by(self.looked.append)
        self.recordings.take_up(self.small.centre.durable)
        return self.recordings

    def records(self) -> None:
        """Lets the recorder work for a moment."""
        Recorder(self.spool, self.folder).round()

    async def talk(self, *, says: str = "1") -> None:
        """Lets somebody call, answer the question, and be answered."""
        self.small.ready(CARLA)
        leg = self.small.arrive(1)
        await self.small.durable()
        asked = self.small.state.calls[CALL].playback
        assert asked is not None
        self.small.centre.see(i.DigitPressed(leg=leg, playback=asked, digit=says))
        await self.small.durable()
        offer = self.small.state.agents[CARLA].offer
        assert offer is not None
        self.small.centre.see(i.AcceptRequested(agent=CARLA, offer=offer))
        await self.small.durable()
        assert self.small.centre.durable.calls[CALL].state is CallState.TALKING

    async def part(self, heard: bytes, said: bytes, *, cut: bool = False) -> Names:
        """Records both sides of a part; it is sealed on return."""
        names = await self.recordings.part(CALL)
        for name, sound in zip(names, (heard, said), strict=True):
            self.spool.sound(name).write_bytes(head(0 if cut else len(sound)) + sound)
        self.records()
        return names

    async def ends(self) -> None:
        """Lets the caller hang up."""
        self.small.centre.see(i.LegHungUp(leg=LegId("test:1"), why=i.HangUp.BY_PARTY))
        await self.small.durable()
        for now, events in self.small.told:
            self.recordings.noticed(now, events)

    async def heard(self) -> bytes:
        """Returns what a supervisor hears."""
        sound = await self.recordings.hear(CALL, "sam", "quality")
        return b"".join([piece async for piece in sound])

    def everything(self) -> list[bytes]:
        """Returns all files of the centre and of the spool."""
        files = [*self.small.folder.rglob("*"), *self.spool.path.rglob("*")]
        return [each.read_bytes() for each in files if each.is_file()]


@asynccontextmanager
async def kept_in(folder: Path) -> AsyncIterator[Kept]:
    consent = ConsentSettings(question="consent-es", digit="1", time_limit=seconds(9))
    settings = a_centre()
    lines = tuple(
        msgspec.structs.replace(line, consent=consent) if line.key == ES else line
        for line in settings.lines
    )
    with memory_spool() as spool:
        settings = msgspec.structs.replace(settings, lines=lines)
        async with open_centre(folder, settings=settings) as small:
            yield Kept(small, spool)


def both(heard: bytes, said: bytes) -> bytes:
    """Returns two channels as one."""
    pairs = zip(struct.iter_unpack("<h", heard), struct.iter_unpack("<h", said), strict=True)
    return b"".join(struct.pack("<hh", *left, *right) for left, right in pairs)


@in_virtual_time
async def test_a_talk_is_recorded_once_its_caller_said_yes_and_is_spoken_with(
    tmp_path: Path,
) -> None:
    async with kept_in(tmp_path) as kept:
        assert not kept.recordings.wants(CALL)
        await kept.talk()
        assert kept.recordings.wants(CALL)
        call = kept.small.centre.durable.calls[CALL]
        assert kept.recordings.light(call) == "held"
        kept.recordings.runs(CALL, is_running=True)
        assert kept.recordings.light(call) == "on"


@in_virtual_time
async def test_who_says_anything_but_yes_is_never_recorded(tmp_path: Path) -> None:
    async with kept_in(tmp_path) as kept:
        await kept.talk(says="2")
        assert not kept.recordings.wants(CALL)
        assert kept.recordings.light(kept.small.centre.durable.calls[CALL]) is None
        for what in ("on", PAUSED, WITHDRAWN):
            with pytest.raises(RefusedError):
                await kept.recordings.want(CARLA, "carla", what)


@in_virtual_time
async def test_both_sides_are_heard_with_true_silence_for_the_pause_and_it_is_noted(
    tmp_path: Path,
) -> None:
    async with kept_in(tmp_path) as kept:
        await kept.talk()
        first = spoken(2), spoken(2)
        await kept.part(*first)
        await advance(2)
        assert await kept.recordings.want(CARLA, "carla", PAUSED) == PAUSED
        assert not kept.recordings.wants(CALL)
        await advance(3)
        await kept.recordings.want(CARLA, "carla", "on")
        assert kept.looked == [CALL, CALL]
        second = spoken(1.5), spoken(1.25)
        await kept.part(*second)
        assert kept.recordings.of(CALL) is None  # the talk goes on
        with pytest.raises(RefusedError):
            await kept.heard()
        await kept.ends()
        (recorded,) = kept.recordings.there()
        assert (recorded.length, recorded.is_cut) == (6.5 * SECOND, False)
        heard = await kept.heard()
        silence = bytes(3 * RATE * FRAME)
        shorter = second[1] + bytes(RATE // 4 * 2)
        expected = both(*first) + silence + both(second[0], shorter)
        assert heard == wav_head(len(expected), channels=2) + expected
        (opening,) = kept.small.store.openings(9)
        assert (opening.login, opening.call, opening.what, opening.why) == (
            "sam",
            CALL,
            "recording",
            "quality",
        )
        assert not any(first[0][8_000:8_032] in each for each in kept.everything())


@in_virtual_time
async def test_a_yes_that_is_taken_back_leaves_nothing_and_is_known_after_a_restart(
    tmp_path: Path,
) -> None:
    async with kept_in(tmp_path) as kept:
        await kept.talk()
        names = await kept.part(spoken(2), spoken(2))
        (ref,) = {SealedRef(name.split(".")[0]) for name in names}
        sealed = {name: (kept.folder / name).read_bytes() for name in names}
        assert await kept.recordings.want(CARLA, "carla", WITHDRAWN) == WITHDRAWN
        assert list(kept.folder.iterdir()) == []
        assert kept.small.store.sealed(ref) is None
        # A copy that somebody made of the sealed sound can be opened by nobody.
        for name, copy in sealed.items():
            (tmp_path / name).write_bytes(copy)
            with pytest.raises(RefusedError):
                list(kept.small.sealer.read_stream(name, tmp_path / name, ref))
        again = kept.known_again()
        assert not again.wants(CALL)
        assert again.light(kept.small.centre.durable.calls[CALL]) == WITHDRAWN
        for what in ("on", PAUSED):
            with pytest.raises(RefusedError):
                await again.want(CARLA, "carla", what)
        assert [each.why for each in kept.small.store.openings(9)] == [WITHDRAWN]
        await kept.ends()
        assert kept.spool.standing() == {}


@in_virtual_time
async def test_a_yes_can_be_taken_back_in_the_work_after_the_call(tmp_path: Path) -> None:
    async with kept_in(tmp_path) as kept:
        await kept.talk()
        await kept.part(spoken(2), spoken(2))
        await kept.ends()
        assert kept.small.centre.durable.agents[CARLA].state is AgentState.WRAP_UP
        assert kept.recordings.is_kept(CALL)
        assert await kept.recordings.want(CARLA, "carla", WITHDRAWN) == WITHDRAWN
        assert not kept.recordings.is_kept(CALL)
        assert CARLA in kept.told
        assert kept.recordings.there() == []
        assert list(kept.folder.iterdir()) == []
        with pytest.raises(RefusedError):
            await kept.recordings.want(CARLA, "carla", WITHDRAWN)


@in_virtual_time
async def test_a_restart_knows_a_recording_and_its_pause(tmp_path: Path) -> None:
    async with kept_in(tmp_path) as kept:
        await kept.talk()
        names = await kept.part(spoken(2), spoken(2))
        await kept.recordings.want(CARLA, "carla", PAUSED)
        again = kept.known_again()
        assert again.call_of(names[0]) == CALL
        assert again.light(kept.small.centre.durable.calls[CALL]) == PAUSED
        await advance(1)
        later = await again.part(CALL)
        assert later[0].split(".")[0] == names[0].split(".")[0]
        again.unused(later)
        await kept.ends()
        assert len(again.there()) == 1


@in_virtual_time
async def test_a_part_that_was_cut_off_is_heard_and_marked(tmp_path: Path) -> None:
    async with kept_in(tmp_path) as kept:
        await kept.talk()
        sound = spoken(2)
        await kept.part(sound, sound, cut=True)
        await kept.ends()
        (recorded,) = kept.recordings.there()
        assert recorded.is_cut
        assert (await kept.heard())[44:] == both(sound, sound)


@in_virtual_time
async def test_what_never_came_to_be_is_destroyed_at_the_next_start(tmp_path: Path) -> None:
    async with kept_in(tmp_path) as kept:
        await kept.talk()
        kept.recordings.unused(await kept.recordings.part(CALL))
        (kept.folder / "stranger.12.in").write_bytes(b"nobody's")
        await kept.ends()
        assert kept.known_again().there() == []
        assert list(kept.folder.iterdir()) == []
        assert kept.known_again().call_of("stranger.12.in") is None


@in_virtual_time
async def test_without_a_recorder_nothing_is_begun_and_the_agent_sees_it(tmp_path: Path) -> None:
    async with kept_in(tmp_path) as kept:
        await kept.talk()
        (kept.spool.path / "alive").unlink()
        with pytest.raises(PeerError, match="recorder_away"):
            await kept.recordings.part(CALL)
        kept.recordings.failed(CALL, "recorder_away")
        assert not kept.recordings.wants(CALL)
        assert kept.recordings.light(kept.small.centre.durable.calls[CALL]) == "failed"
        await kept.recordings.want(CARLA, "carla", "on")
        assert kept.recordings.wants(CALL)


@in_virtual_time
async def test_nobody_else_decides_on_the_recording_of_her_talk(tmp_path: Path) -> None:
    async with kept_in(tmp_path) as kept:
        await kept.talk()
        for other in ("ann", "nobody"):
            with pytest.raises(RefusedError):
                await kept.recordings.want(AgentKey(other), other, PAUSED)
        assert kept.recordings.wants(CALL)


@in_virtual_time
async def test_a_caller_who_asks_afterwards_has_it_destroyed_by_a_supervisor(
    tmp_path: Path,
) -> None:
    async with kept_in(tmp_path) as kept:
        await kept.talk()
        await kept.part(spoken(2), spoken(2))
        await kept.ends()
        assert kept.recordings.of(CALL) is not None
        await kept.recordings.destroy(CALL, "sam")
        assert kept.recordings.of(CALL) is None
        assert list(kept.folder.iterdir()) == []
        with pytest.raises(RefusedError):
            await kept.recordings.destroy(CALL, "sam")
