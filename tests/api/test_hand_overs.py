"""Is a hand-over to an emergency service shown to supervisors until somebody else looked at it?"""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from openline.engine import OutsideKind
from openline.engine import inputs as i
from openline.engine.targets import ToOutside
from openline.model import LegId
from tests.api.house import House, Page, open_house
from tests.api.test_room import first_picture
from tests.api.test_supervision import ask
from tests.builders import ANN, CARLA, LAWYER, outside
from tests.centre.virtual_loop import in_virtual_time

pytestmark = pytest.mark.timeout(30)


async def talk_with_a_service_at_hand(house: House) -> Page:
    """Lets Carla talk with a caller who can be connected with an emergency service."""
    settings = house.centre.durable.settings
    ambulance = outside(LAWYER, OutsideKind.EMERGENCY)
    with_one = msgspec.structs.replace(settings, outside=(ambulance,), version=settings.version + 1)
    assert await house.centre.ask(i.ConfigurationPublished(settings=with_one)) is None
    house.telephones |= {key: LegId(f"test:{key}") for key in (ANN, CARLA)}
    desk = await house.desk()
    await desk.do("ready")
    house.small.arrive(1)
    view = await desk.sees("offered")
    await desk.do("accept", offer=view["offer"]["id"])
    return desk


async def hand_over(house: House) -> str:
    """Lets Carla connect a caller with an emergency service; returns the key of the hand-over."""
    await talk_with_a_service_at_hand(house)
    seen = i.ThirdRequested(agent=CARLA, to=ToOutside(outside=LAWYER))
    assert await house.centre.ask(seen) is None
    [found] = (await first_picture(house))["hand_overs"]
    return str(found["key"])


async def look_at(house: House, key: str, by: str | None) -> tuple[int, Any]:
    return await ask(house, "POST", f"/api/hand-overs/{key}/review", {}, by=by)


@in_virtual_time
async def test_it_stands_in_the_room_until_somebody_else_has_looked_at_it(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        key = await hand_over(house)
        [found] = (await first_picture(house))["hand_overs"]
        assert set(found) == {"key", "line", "outside", "by", "at"}
        assert found["by"] == house.published.name_of("agent", "carla", "en")
        status, said = await look_at(house, key, "carla")
        assert (status, said["error"]["code"]) == (409, "own_hand_over")
        assert (await look_at(house, key, "ann"))[0] == 200
        assert (await first_picture(house))["hand_overs"] == []
        status, said = await look_at(house, key, "ann")
        assert (status, said["error"]["code"]) == (404, "unknown_hand_over")


@in_virtual_time
async def test_an_account_without_an_alias_cannot_say_that_it_looked(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        key = await hand_over(house)
        status, said = await look_at(house, key, None)
        assert (status, said["error"]["code"]) == (403, "no_alias")


def services_of(heard: dict[str, Any]) -> list[dict[str, Any]]:
    """Returns who is in the call besides the two, by a message to the desk; nobody by others."""
    call = heard.get("agent", {}).get("call")
    return [] if call is None else list(call["parties"])


@in_virtual_time
async def test_the_desk_knows_the_service_for_what_it_is_and_sees_it_go_when_nobody_answers(
    tmp_path: Path,
) -> None:
    async with open_house(tmp_path) as house:
        desk = await talk_with_a_service_at_hand(house)
        desk.say("targets")
        [listed] = (await desk.hears("targets"))["outside"]
        assert listed["kind"] == "emergency"
        seen = i.ThirdRequested(agent=CARLA, to=ToOutside(outside=listed["key"]))
        assert await house.centre.ask(seen) is None
        [service] = services_of(await desk.hears_one(lambda heard: bool(services_of(heard))))
        assert (service["emergency"], service["state"]) == (True, "ringing")
        [call] = house.centre.durable.calls.values()
        failed = i.DialFailed(leg=call.parties[0].leg, why=i.DialFailure.NO_ANSWER)
        assert await house.centre.ask(failed) is None
        view = await desk.sees("talking")
        assert view["call"]["parties"] == []


@in_virtual_time
async def test_a_number_that_no_record_can_hold_is_refused_and_breaks_nothing(
    tmp_path: Path,
) -> None:
    async with open_house(tmp_path) as house:
        path = "/api/hand-overs/295403353569656045568/review"
        assert (await ask(house, "POST", path, {"finding": "x"}))[0] == 422
        assert not house.centre.failed.done()
