"""How a page may connect, on a socket that stays open longer than relay credentials hold."""

from pathlib import Path

import pytest

from openline.api import caller as api_caller
from openline.api.caller import ICE_RENEWED_AFTER
from openline.app.relay import VALID_S
from openline.model import SECOND
from tests.api.house import open_house, talk
from tests.centre.virtual_loop import advance, in_virtual_time

pytestmark = pytest.mark.timeout(30)


def test_credentials_last_through_a_long_call_when_the_page_keeps_them_longest() -> None:
    assert VALID_S * SECOND - ICE_RENEWED_AFTER >= 12 * 3600 * SECOND


@in_virtual_time
async def test_a_page_with_old_credentials_gets_new_ones_before_it_needs_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Half a day of heartbeats would take long even where nobody waits.
    monkeypatch.setattr(api_caller, "ICE_RENEWED_AFTER", 5 * SECOND)
    async with open_house(tmp_path, relay=True) as house:
        desk, caller = await house.desk(), await house.caller()
        first = await caller.hears("welcome")
        assert (desk.kinds().count("welcome"), caller.kinds().count("welcome")) == (1, 1)
        await advance(6)

        await desk.do("ready")
        offer = (await desk.sees("offered"))["offer"]["id"]
        await caller.sees("offered")
        await desk.do("accept", offer=offer)
        for page in (desk, caller):
            await page.hears("connect")
            kinds = page.kinds()
            assert kinds.count("welcome") == 2
            assert kinds[: kinds.index("connect")].count("welcome") == 2
        # It opens the same call.
        assert await caller.hears("welcome") == first


@in_virtual_time
async def test_a_page_with_young_credentials_keeps_them(tmp_path: Path) -> None:
    async with open_house(tmp_path, relay=True) as house:
        caller, desk = await talk(house)
        await advance(6)
        await desk.do("hold")
        await caller.sees("held")
        assert (desk.kinds().count("welcome"), caller.kinds().count("welcome")) == (1, 1)
