"""Does a supervisor hear a talk only where the caller was told, and does everybody see it?"""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from openline.engine import AgentState
from openline.engine import inputs as i
from openline.model import LegId
from tests.api.house import House, Page, open_house, talk
from tests.api.test_room import first_picture
from tests.api.test_supervision import ask
from tests.builders import ANN, CARLA
from tests.centre.virtual_loop import in_virtual_time

pytestmark = pytest.mark.timeout(30)


async def listen(house: House, mode: str | None, by: str | None = "ann") -> tuple[int, Any]:
    return await ask(house, "POST", "/api/agents/carla/listening", {"mode": mode}, by=by)


async def tell_callers(house: House) -> None:
    """Lets every greeting say that calls may be heard."""
    settings = house.centre.durable.settings
    lines = tuple(msgspec.structs.replace(each, listening=True) for each in settings.lines)
    said = msgspec.structs.replace(settings, lines=lines, version=settings.version + 1)
    assert await house.centre.ask(i.ConfigurationPublished(settings=said)) is None


async def by_telephone(house: House) -> tuple[Page, Page]:
    """Lets Carla talk on her telephone; returns Ann's desk and hers."""
    house.telephones |= {key: LegId(f"test:{key}") for key in (ANN, CARLA)}
    ann, carla = await house.desk("ann"), await house.desk()
    await carla.do("ready")
    house.small.arrive(1)
    view = await carla.sees("offered")
    await carla.do("accept", offer=view["offer"]["id"])
    return ann, carla


async def carla_in_the_room(house: House) -> dict[str, Any]:
    people = (await first_picture(house))["people"]
    carla: dict[str, Any] = next(each for each in people if each["key"] == "carla")
    return carla


@in_virtual_time
async def test_the_room_says_why_nobody_can_listen(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        await house.desk("ann")
        await talk(house)
        carla = await carla_in_the_room(house)
        assert carla["listening"] == {"refused": "not_heard_here", "by": None, "mode": None}
        assert (await listen(house, "listen"))[1]["error"]["code"] == "not_heard_here"


@in_virtual_time
async def test_the_telephony_of_pages_cannot_and_says_so(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        await tell_callers(house)
        await house.desk("ann")
        await talk(house)
        assert (await carla_in_the_room(house))["listening"]["refused"] == "cannot_listen"
        assert (await listen(house, "listen"))[1]["error"]["code"] == "cannot_listen"


@in_virtual_time
async def test_who_listens_is_seen_by_the_agent_and_in_the_room_until_she_leaves(
    tmp_path: Path,
) -> None:
    async with open_house(tmp_path) as house:
        await tell_callers(house)
        ann, carla = await by_telephone(house)
        assert await listen(house, "listen") == (200, {"agent": "carla", "mode": "listen"})
        alias = house.published.name_of("agent", "ann", "en")
        view = await carla.hears_one(
            lambda heard: heard["t"] == "view" and bool((heard["agent"]["call"] or {})["parties"])
        )
        [party] = view["agent"]["call"]["parties"]
        assert (party["kind"], party["name"], party["mode"]) == ("listener", alias, "listen")
        theirs = (await ann.sees("talking"))["call"]
        assert (theirs["part"], theirs["asked_by"]) == ("listener", view["agent"]["name"])
        assert (await listen(house, "whisper"))[0] == 200
        seen = (await carla_in_the_room(house))["listening"]
        assert seen == {"refused": None, "by": alias, "mode": "whisper"}
        assert await listen(house, None) == (200, {"agent": "carla", "mode": None})
        assert (await carla_in_the_room(house))["listening"]["by"] is None
        assert house.centre.durable.agents[CARLA].state is AgentState.TALKING


@pytest.mark.parametrize(
    ("mode", "by", "status", "code"),
    [
        ("listen", None, 403, "no_alias"),
        ("listen", "ann", 409, "not_at_desk"),
        ("listen", "carla", 409, "listener_busy"),
        ("shout", "ann", 422, "unknown_mode"),
        (None, "carla", 409, "not_listening"),
    ],
)
def test_a_refusal_says_what_to_do(
    mode: str | None, by: str | None, status: int, code: str, tmp_path: Path
) -> None:
    @in_virtual_time
    async def refused() -> None:
        async with open_house(tmp_path) as house:
            await tell_callers(house)
            await talk(house)
            got, said = await listen(house, mode, by)
            assert (got, said["error"]["code"]) == (status, code)
            assert said["error"]["message"]

    refused()


@in_virtual_time
async def test_nobody_is_heard_who_has_no_talk(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        await tell_callers(house)
        await house.desk("ann")
        desk = await house.desk()
        await desk.do("ready")
        assert (await carla_in_the_room(house))["listening"] is None
        assert (await listen(house, "listen"))[1]["error"]["code"] == "call_is_over"
