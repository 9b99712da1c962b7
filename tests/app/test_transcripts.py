"""Lines of typed calls on the disk: sealed while they are kept, and then not a byte of them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from openline.app.retention import Retention
from openline.app.transcripts import Transcripts, heard_by
from openline.centre import Watching
from openline.centre.conversations import Conversations
from openline.engine import inputs as i
from openline.model import Duration, LegId, Medium, Origin, PeerError
from openline.sealing import TERMS, ConversationKeys, SealedKind
from openline.sealing.kinds import DAY
from openline.store import DataFolder
from tests.builders import CARLA, ES
from tests.canary import key_spellings, scan, spellings
from tests.centre.small_centre import SmallCentre, open_centre
from tests.centre.virtual_loop import advance, in_virtual_time

LEG = LegId("web:0123456789abcdef")
WORDS = "Vermilion Anhinga behind the bakery"
HOUR_S = 3600


class House:
    """Is a centre that keeps lines."""

    def __init__(self, small: SmallCentre) -> None:
        self.small = small
        self.keys = ConversationKeys(small.sealer)
        self.transcripts = Transcripts(small.centre, small.segments, self.keys)
        self.retention = Retention(
            small.centre,
            small.sealer,
            small.segments,
            terms=TERMS,
            targets={},
            short_abandons={},
            folder=DataFolder(small.folder),
            conversations=self.keys,
        )

    async def after(self, seconds: float) -> None:
        """Lets time pass, and what it brings be done."""
        await advance(seconds)
        await self.small.durable()
        while self.retention.is_at_work:
            await self.small.centre.writer.flush()
            await advance(0)


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[House]:
    async with open_centre(folder) as small:
        house = House(small)
        try:
            await house.retention.watch()
            yield house
        finally:
            house.retention.stop()


@in_virtual_time
async def test_lines_come_back_in_order_to_a_centre_that_starts_again(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        for place, text in enumerate((WORDS, "second", "third")):
            await house.transcripts.keep(LEG, place, text)
        await house.transcripts.keep(LegId("web:other"), 0, "another call")
        assert scan(tmp_path, spellings(WORDS)) == []
    async with opened(tmp_path) as house:
        assert house.transcripts.kept(LEG) == [(0, WORDS), (1, "second"), (2, "third")]
        await house.transcripts.keep(LEG, 3, "fourth")
        assert house.transcripts.kept(LEG)[-1] == (3, "fourth")


@in_virtual_time
async def test_after_the_term_no_byte_of_a_line_or_of_its_key_is_left(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        await house.transcripts.keep(LEG, 0, WORDS)
        (kept,) = house.small.sealer.keys_of(SealedKind.CONVERSATION)
        (record,) = house.small.store.written(LEG)
        # The term counts from the end of the day in which it was written.
        left_s = (record.destroy_at - house.small.centre.clock.now()) / 1_000_000
        assert 24 * HOUR_S < left_s <= 48 * HOUR_S
        assert scan(tmp_path, key_spellings(kept[1])) != []
        await house.after(left_s - HOUR_S)
        assert house.transcripts.kept(LEG) == [(0, WORDS)]
        await house.after(HOUR_S + 1)
        assert house.transcripts.kept(LEG) == []
        assert list(house.small.store.written(LEG)) == []
        assert house.keys.open(record.ref, LEG, 0, record.ciphertext) is None
    assert scan(tmp_path, spellings(WORDS) | key_spellings(kept[1])) == []


@in_virtual_time
async def test_each_day_has_a_key_of_its_own(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        await house.transcripts.keep(LEG, 0, "today")
        await house.transcripts.keep(LEG, 1, "today, too")
        await house.after(24 * HOUR_S)
        await house.transcripts.keep(LEG, 2, "tomorrow")
        first, second, third = house.small.store.written(LEG)
        assert first.ref == second.ref != third.ref
        assert third.destroy_at == first.destroy_at + DAY


@in_virtual_time
async def test_a_line_that_was_altered_or_moved_is_not_taken_for_one(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        await house.transcripts.keep(LEG, 0, WORDS)
        (record,) = house.small.store.written(LEG)
        for other in (
            msgspec.structs.replace(record, place=1),
            msgspec.structs.replace(record, leg=LegId("web:other")),
            msgspec.structs.replace(
                record, place=2, ciphertext=bytes([*record.ciphertext[:-1], 0])
            ),
        ):
            house.small.store.put_written(other)
        assert house.transcripts.kept(LegId("web:other")) == []
        assert house.transcripts.kept(LEG) == [(0, WORDS)]


@in_virtual_time
async def test_another_term_is_what_the_configuration_says(tmp_path: Path) -> None:
    async with open_centre(tmp_path) as small:
        keys = ConversationKeys(small.sealer, term=Duration(7 * DAY))
        now = small.centre.clock.now()
        _, until, _ = keys.seal(LEG, 0, WORDS, now)
        assert until == (now // DAY + 8) * DAY
        (kept,) = small.sealer.keys_of(SealedKind.CONVERSATION)
        with pytest.raises(PeerError):
            keys.open(kept[0], LEG, 0, b"\x01short")


@in_virtual_time
async def test_what_a_practice_caller_types_comes_into_the_conversation_once(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path) as house:
        small = house.small
        durable = small.centre.durable
        conversations = Conversations(durable, house.transcripts, small.centre.clock.now)
        leg = LegId("test:1")
        small.centre.see(i.LegArrived(leg=leg, line=ES, origin=Origin.REAL, medium=Medium.TYPED))
        desk = i.SignInRequested(agent=CARLA, leg=LegId("test:carla"), origins=(Origin.REAL,))
        small.centre.see(desk)
        small.centre.see(i.ReadyRequested(agent=CARLA))
        await small.durable()
        offer = durable.agents[CARLA].offer
        assert offer is not None
        small.centre.see(i.AcceptRequested(agent=CARLA, offer=offer))
        await small.durable()
        watching = Watching(durable)
        heard = heard_by(conversations, durable, watching)
        call = durable.calls_by_leg[leg].id
        for number in (0, 0, 1):
            heard(CARLA, call, number, "caller", f"line {number}")
            await small.durable()
        part = conversations.part_of_agent(CARLA)
        assert part is not None
        assert [line.text for line in conversations.lines(part)] == ["line 0", "line 1"]
        watching.stop()
