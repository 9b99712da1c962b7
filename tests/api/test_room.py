"""What a supervisor's stream tells, and what it keeps to itself."""

import json
from pathlib import Path
from typing import Any

import pytest

from openline.model import Origin
from tests.api.house import House, open_house, talk
from tests.centre.virtual_loop import in_virtual_time

pytestmark = pytest.mark.timeout(30)


async def first_picture(house: House) -> dict[str, Any]:
    stream = house.room.stream(((Origin.REAL,), "en"))
    try:
        async for frame in stream:
            if b"event: picture" in frame:
                text = frame.decode().split("data: ", 1)[1]
                picture: dict[str, Any] = json.loads(text)
                return picture
    finally:
        await stream.aclose()
    raise AssertionError("the stream ended without a picture")


@in_virtual_time
async def test_people_are_there_by_alias_with_what_they_do_and_the_others_by_name_alone(
    tmp_path: Path,
) -> None:
    async with open_house(tmp_path) as house:
        await talk(house)
        picture = await first_picture(house)
        [carla] = picture["people"]
        assert (carla["key"], carla["state"]) == ("carla", "talking")
        assert {each["key"] for each in picture["away"]} == {"ann", "ben"}
        assert all(set(each) == {"key", "name"} for each in picture["away"])


@in_virtual_time
async def test_nothing_in_it_leads_to_a_call(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        await talk(house)
        picture = await first_picture(house)
        names: set[str] = set()

        def collect(value: object) -> None:
            if isinstance(value, dict):
                names.update(value)
                for each in value.values():
                    collect(each)
            elif isinstance(value, list):
                for each in value:
                    collect(each)

        collect(picture)
        assert not names & {"call", "leg", "caller", "note", "disposition", "topic", "number"}


@in_virtual_time
async def test_lines_queues_and_surges_stand_beside_the_people(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        picture = await first_picture(house)
        assert [each["name"] for each in picture["queues"]] == ["English calls", "Spanish calls"]
        assert [each["open"] for each in picture["lines"]] == [True, True]
        assert [each["key"] for each in picture["surges"]] == ["flood"]
