"""Do a supervisor's few words reach the desks that they are for, and are they kept nowhere?"""

from pathlib import Path
from typing import Any

import pytest

from openline.api.unread import KEPT_FOR, SHOWN_AT_MOST, Memos
from openline.model import Duration, Instant
from tests.api.house import House, Page, open_house
from tests.api.test_supervision import ask
from tests.builders import ANN, CARLA
from tests.canary import scan, spellings
from tests.centre.virtual_loop import advance, in_virtual_time

pytestmark = pytest.mark.timeout(30)

WORDS = "Quetzalbrück: the kettle is on, come when you can"
NOW = Instant(1_000_000_000)


async def send(house: House, words: str, to: str | None = "carla", by: str | None = "ann") -> Any:
    return await ask(house, "POST", "/api/memos", {"to": to, "words": words}, by=by)


async def at_desk(house: House) -> Page:
    """Opens Carla's desk, signed in."""
    desk = await house.desk()
    await desk.sees("paused")
    return desk


@in_virtual_time
async def test_words_are_shown_on_the_desk_until_she_puts_them_away(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        desk = await at_desk(house)
        assert await send(house, f"  {WORDS}\n ") == (200, {"memo": 1, "reached": 1})
        told = await desk.hears("memos")
        [memo] = told["memos"]
        assert memo["words"] == WORDS
        assert memo["by"] == house.published.name_of("agent", "ann", "en")
        await send(house, "And bring the blue cups")
        assert len((await desk.hears("memos"))["memos"]) == 2
        desk.say("read", memo=2)
        assert (await desk.hears("memos"))["memos"] == []


@in_virtual_time
async def test_a_page_that_is_loaded_anew_shows_what_is_unread(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        desk = await at_desk(house)
        await send(house, WORDS)
        await desk.hears("memos")
        again = await at_desk(house)
        assert [each["words"] for each in (await again.hears("memos"))["memos"]] == [WORDS]


@in_virtual_time
async def test_everybody_on_duty_is_reached_and_nobody_else(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        assert (await send(house, WORDS, to=None))[0] == 409
        desk = await at_desk(house)
        assert await send(house, WORDS, to=None) == (200, {"memo": 1, "reached": 1})
        assert (await desk.hears("memos"))["memos"]
        status, said = await send(house, WORDS, to="ben")
        assert (status, said["error"]["code"]) == (409, "nobody_there")


@in_virtual_time
async def test_a_message_can_be_taken_back_until_it_is_read(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        desk = await at_desk(house)
        await send(house, WORDS)
        await desk.hears("memos")
        assert await ask(house, "POST", "/api/memos/1/withdrawal", {}) == (
            200,
            {"memo": 1, "reached": 1},
        )
        assert (await desk.hears("memos"))["memos"] == []
        assert (await ask(house, "POST", "/api/memos/1/withdrawal", {}))[1]["reached"] == 0


@in_virtual_time
async def test_what_cannot_be_sent_is_refused_in_words(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        await at_desk(house)
        for words, to, by, status in (
            ("call +1 (312) 555-0142 back", "carla", "ann", 422),
            ("   ", "carla", "ann", 422),
            (WORDS, "nobody", "ann", 404),
            (WORDS, "carla", None, 403),
        ):
            answer, said = await send(house, words, to=to, by=by)
            assert answer == status
            assert said["error"]["message"]
        assert (await send(house, "Six at table 12, room 30", to="carla"))[0] == 200
        assert (await send(house, "x" * 281))[0] == 422


@in_virtual_time
async def test_no_byte_of_a_message_is_on_disk_or_in_a_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with open_house(tmp_path) as house:
        desk = await at_desk(house)
        await send(house, WORDS)
        await desk.hears("memos")
        await desk.do("ready")
        await advance(60)
    assert scan(tmp_path, spellings(WORDS)) == []
    said = capsys.readouterr()
    assert "Quetzalbr" not in said.out + said.err


def test_messages_go_after_an_hour_and_the_oldest_first() -> None:
    memos = Memos()
    for number in range(SHOWN_AT_MOST + 2):
        memos.send([CARLA, ANN], ANN, f"{number}", Instant(NOW + number))
    assert [each.words for each in memos.unread(CARLA, NOW)] == ["2", "3", "4", "5", "6"]
    memos.read(CARLA, 5)
    assert [each.words for each in memos.unread(CARLA, NOW)] == ["5", "6"]
    memos.read(CARLA, 1)
    assert len(memos.unread(CARLA, NOW)) == 2
    assert memos.take_back(7) == [CARLA, ANN]
    assert len(memos.unread(ANN, Instant(NOW + KEPT_FOR + 3))) == 2
    assert memos.unread(ANN, Instant(NOW + Duration(KEPT_FOR + 5))) == ()
    assert memos.take_back(6) == [CARLA]
