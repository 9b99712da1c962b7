"""Can a supervisor change who takes which calls, and take one herself, and do both sides know?"""

from pathlib import Path
from typing import Any

import pytest

from openline.model import Reason
from tests.api.house import House, open_house
from tests.api.test_room import first_picture
from tests.api.test_supervision import ask
from tests.builders import ANN
from tests.centre.virtual_loop import in_virtual_time

pytestmark = pytest.mark.timeout(30)


async def levels(house: House, agent: str) -> dict[str, int]:
    people = (await ask(house, "GET", "/api/agents"))[1]["agents"]
    found: dict[str, int] = next(row["skills"] for row in people if row["key"] == agent)
    return found


async def change(
    house: House, agent: str, skills: dict[str, int], instead_of: dict[str, int], by: str = "ann"
) -> tuple[int, Any]:
    body = {"skills": skills, "instead_of": instead_of}
    return await ask(house, "POST", f"/api/agents/{agent}/skills", body, by=by)


@in_virtual_time
async def test_room_and_desk_say_who_changed_it_and_it_is_undone_by_what_was_before(
    tmp_path: Path,
) -> None:
    async with open_house(tmp_path) as house:
        desk = await house.desk()
        await desk.do("ready")
        had = await levels(house, "carla")
        assert await change(house, "carla", {}, had) == (200, {"agent": "carla", "skills": {}})
        view = await desk.sees("ready", queues=[])
        ann = house.published.name_of("agent", "ann", "en")
        assert view["skills_changed"]["by"] == ann
        picture = await first_picture(house)
        [carla] = picture["people"]
        assert (carla["skills"], carla["skills_changed"]["by"]) == ({}, ann)
        assert {each["key"] for each in picture["skills"]} >= set(had)
        assert all("needs" in queue for queue in picture["queues"])
        assert (await change(house, "carla", had, {}))[0] == 200
        view = await desk.sees("ready", skills_changed=None)
        assert view["queues"]


@in_virtual_time
async def test_of_two_who_change_the_same_agent_the_second_is_told(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        had = await levels(house, "carla")
        assert (await change(house, "carla", {}, had))[0] == 200
        status, said = await change(house, "carla", {"es": 5}, had, by="ben")
        assert (status, said["error"]["code"]) == (409, Reason.CHANGED_MEANWHILE.value)
        assert await levels(house, "carla") == {}


@pytest.mark.parametrize(
    ("agent", "skills", "status"),
    [("nobody", {}, 404), ("carla", {"juggling": 3}, 404), ("carla", {"es": 6}, 422)],
)
def test_what_is_not_there_is_refused_in_words(
    agent: str, skills: dict[str, int], status: int, tmp_path: Path
) -> None:
    @in_virtual_time
    async def refused() -> None:
        async with open_house(tmp_path) as house:
            had = await levels(house, "carla")
            assert (await change(house, agent, skills, had))[0] == status

    refused()


@in_virtual_time
async def test_a_supervisor_takes_the_next_call_at_her_own_desk(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        own = await house.desk(ANN)
        await own.sees("paused")
        house.small.arrive(1)
        assert await ask(house, "POST", "/api/queues/spanish/taking", {}) == (
            200,
            {"queue": "spanish"},
        )
        view = await own.sees("offered")
        await own.do("accept", offer=view["offer"]["id"])
        await own.sees("talking")


@in_virtual_time
async def test_who_is_not_at_her_desk_or_where_nobody_waits_is_told_so(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:

        async def refused(queue: str = "english", by: str | None = "ann") -> tuple[int, str]:
            status, said = await ask(house, "POST", f"/api/queues/{queue}/taking", {}, by=by)
            return status, said["error"]["code"]

        assert await refused() == (409, "not_at_your_desk")
        own = await house.desk(ANN)
        await own.sees("paused")
        assert await refused() == (409, Reason.NOBODY_WAITS.value)
        assert await refused("nowhere") == (404, Reason.UNKNOWN_QUEUE.value)
        assert await refused(by=None) == (403, "no_alias")
