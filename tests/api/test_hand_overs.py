"""Is a hand-over to an emergency service shown to supervisors until somebody else looked at it?"""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from openline.engine import OutsideKind
from openline.engine import inputs as i
from openline.engine.targets import ToOutside
from openline.model import LegId
from tests.api.house import House, open_house
from tests.api.test_room import first_picture
from tests.api.test_supervision import ask
from tests.builders import ANN, CARLA, LAWYER, outside
from tests.centre.virtual_loop import in_virtual_time

pytestmark = pytest.mark.timeout(30)


async def hand_over(house: House) -> str:
    """Lets Carla connect a caller with an emergency service; returns the key of the hand-over."""
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
