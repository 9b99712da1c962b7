"""Do supervisors see a change of the emergency services that waits, and confirm it in words?"""

from pathlib import Path
from typing import Any

import pytest

from tests.api import test_configuration
from tests.api.house import House, open_house
from tests.api.test_room import first_picture
from tests.centre.small_published import TEXT
from tests.centre.virtual_loop import advance, in_virtual_time

pytestmark = pytest.mark.timeout(30)

ADDED = TEXT + '\n[outside.fire]\nname = "Fire brigade"\nkind = "emergency"\nnumber = "101"\n'
DAY_S = 86_400


async def proposed(house: House) -> None:
    """Lets Ada publish a list with the fire brigade."""
    await house.publishing.start("")
    told = await test_configuration.publish(house, text=ADDED, base=1)
    assert told[0] == 200
    assert told[1]["held_back"] == [{"key": "fire", "was": None, "becomes": "101"}]


async def act(house: House, what: str, version: int, by: str) -> tuple[int, Any]:
    path, body = f"/api/emergency-list/{what}", b'{"version": %d}' % version
    return await test_configuration.ask(house, "POST", path, body, login=by)


@in_virtual_time
async def test_it_stands_in_the_room_with_its_countdown_until_it_is_in_force(
    tmp_path: Path,
) -> None:
    async with open_house(tmp_path) as house:
        assert (await first_picture(house))["emergency_list"] is None
        await proposed(house)
        waiting = (await first_picture(house))["emergency_list"]
        assert set(waiting) == {"version", "at", "by", "confirmed_by", "in_force_from", "changes"}
        assert (waiting["by"], waiting["in_force_from"]) == ("ada", None)
        assert waiting["changes"] == [
            {"key": "fire", "name": "Fire brigade", "was": None, "becomes": "101"}
        ]

        status, told = await act(house, "confirmation", 2, "sam")
        assert status == 200
        assert told["pending"]["confirmed_by"] == "sam"
        picture = await first_picture(house)
        left = picture["emergency_list"]["in_force_from"] - picture["now"]
        assert left == DAY_S * 1_000_000

        await advance(DAY_S)
        await house.durable()
        assert (await first_picture(house))["emergency_list"] is None
        _, told = await test_configuration.ask(house, "GET", "/api/emergency-list")
        assert [(each["key"], each["number"]) for each in told["services"]] == [("fire", "101")]
        assert [(each["by"], each["confirmed_by"]) for each in told["history"]] == [
            (None, None),
            ("ada", "sam"),
        ]


@in_virtual_time
async def test_one_person_alone_is_refused_and_may_withdraw(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        await proposed(house)
        status, told = await act(house, "confirmation", 2, "ada")
        assert (status, told["error"]["code"]) == (409, "own_proposal")
        assert "Somebody else must confirm it" in told["error"]["message"]
        assert (await act(house, "withdrawal", 2, "ada"))[0] == 200
        status, told = await act(house, "confirmation", 2, "sam")
        assert (status, told["error"]["code"]) == (404, "no_proposal")
        assert (await first_picture(house))["emergency_list"] is None


@in_virtual_time
async def test_whoever_looks_at_the_room_is_told_without_asking_again(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        await proposed(house)
        stream = house.room.stream((("real",), "en"))  # type: ignore[arg-type]  # a name is enough
        frames = []
        async for frame in stream:
            if b"event: picture" not in frame:
                continue
            frames.append(frame)
            if len(frames) == 1:
                await act(house, "confirmation", 2, "sam")
                await advance(2)
            else:
                break
        await stream.aclose()
        assert b'"confirmed_by":"sam"' in frames[1]
