"""Is a desktop a telephone where its agent has none, and nobody else's?"""

from collections.abc import Callable
from pathlib import Path

import pytest

from openline.model import AgentKey, LegId
from tests.api.house import House, Page, open_house
from tests.builders import CARLA
from tests.centre.virtual_loop import in_virtual_time

pytestmark = pytest.mark.timeout(30)

REGISTER = "REGISTER sip:openline.invalid SIP/2.0\r\n\r\n"


class Wire:
    """Notes what a page sends, and says what a test lets Asterisk say."""

    def __init__(self, heard: Callable[[str], None], opened: Callable[[bool], None]) -> None:
        self.heard = heard
        self.sent: list[str] = []
        self.is_closed = False
        opened(True)

    def send(self, text: str) -> None:
        self.sent.append(text)

    async def close(self) -> None:
        self.is_closed = True


class Phones:
    """Is a centre's Asterisk in which Carla answers in the browser."""

    def __init__(self) -> None:
        self.wires: list[Wire] = []
        self.told: list[tuple[str, AgentKey]] = []

    def account(self, agent: AgentKey) -> tuple[str, str] | None:
        return ("phone-carla", "a word") if agent == CARLA else None

    def wire(self, heard: Callable[[str], None], opened: Callable[[bool], None]) -> Wire:
        self.wires.append(Wire(heard, opened))
        return self.wires[-1]

    def is_without_call(self, agent: AgentKey) -> None:
        self.told.append(("without call", agent))

    def is_registered(self, agent: AgentKey) -> None:
        self.told.append(("registered", agent))

    def is_gone(self, agent: AgentKey, *, for_good: bool) -> None:
        self.told.append(("closed" if for_good else "out of touch", agent))


async def at_her_desk(house: House) -> Page:
    house.telephones[CARLA] = LegId("sip:phone-carla")
    desk = await house.desk()
    welcome = await desk.hears("welcome")
    assert welcome["phone"] == {"user": "phone-carla", "password": "a word"}
    assert not welcome["telephone"]
    return desk


@in_virtual_time
async def test_her_signals_pass_by_the_socket_of_her_desk(tmp_path: Path) -> None:
    phones = Phones()
    async with open_house(tmp_path, browser_phones=phones) as house:
        desk = await at_her_desk(house)
        desk.say("sip", text="too early")
        desk.say("telephone", open=True, call=False)
        assert (await desk.hears("telephone"))["open"] is True
        desk.say("sip", text=REGISTER)
        phones.wires[0].heard("SIP/2.0 401 Unauthorized")
        assert (await desk.hears("sip"))["text"] == "SIP/2.0 401 Unauthorized"
        assert phones.wires[0].sent == [REGISTER]
        desk.say("telephone", registered=True)
        desk.say("telephone", registered=False)
        await desk.leave()
        assert phones.wires[0].is_closed
        assert [what for what, _ in phones.told] == [
            *("without call", "registered", "out of touch", "closed")
        ]


@in_virtual_time
async def test_a_page_that_kept_its_call_says_so_and_one_that_is_cut_off_is_not_closed(
    tmp_path: Path,
) -> None:
    phones = Phones()
    async with open_house(tmp_path, browser_phones=phones) as house:
        desk = await at_her_desk(house)
        desk.say("telephone", open=True, call=True)
        await desk.hears("telephone")
        # Asked again, the way is opened anew.
        desk.say("telephone", open=True, call=True)
        await desk.hears("telephone")
        assert [wire.is_closed for wire in phones.wires] == [True, False]
        await desk.leave(1006)
        assert phones.told == [("out of touch", CARLA)]


@in_virtual_time
async def test_a_second_tab_speaks_for_her_and_the_first_says_nothing_more(tmp_path: Path) -> None:
    phones = Phones()
    async with open_house(tmp_path, browser_phones=phones) as house:
        first = await at_her_desk(house)
        first.say("telephone", open=True, call=False)
        await first.hears("telephone")
        await at_her_desk(house)
        await first.closed()
        assert phones.wires[0].is_closed
        assert phones.told == [("without call", CARLA)]


@in_virtual_time
async def test_nobody_elses_desk_reaches_asterisk(tmp_path: Path) -> None:
    phones = Phones()
    async with open_house(tmp_path, browser_phones=phones) as house:
        desk = await house.desk("ann")
        desk.say("telephone", open=True, call=False)
        assert (await desk.hears("error"))["code"] == "unknown_message"
        desk.say("sip", text=REGISTER)
        await desk.hears("error")
        assert phones.wires == []
