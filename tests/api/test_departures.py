"""Who is signed out from elsewhere is out at once; a live call goes on to its end."""

from pathlib import Path

import pytest

from openline.api import Departures
from openline.engine import AgentState
from tests.api.house import open_house, talk
from tests.api.test_wallboard import Board
from tests.builders import CARLA
from tests.centre.virtual_loop import advance, in_virtual_time

pytestmark = pytest.mark.timeout(30)


def test_each_who_watches_is_told_once() -> None:
    told: list[str] = []
    departures = Departures()

    def first() -> None:
        told.append("first")

    def second() -> None:
        told.append("second")

    departures.watch("ana", first)
    departures.watch("ana", second)
    departures.watch("bea", first)
    departures.forget("ana", second)
    departures.forget("nobody", second)
    departures.announce("ana")
    departures.announce("ana")
    assert told == ["first"]
    assert (departures.count("ana"), departures.count("bea")) == (2, 0)


@in_virtual_time
async def test_a_desk_without_a_call_is_signed_out_and_closed(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        desk = await house.desk()
        await desk.do("ready")
        house.context.departures.announce("")
        error = await desk.hears("error")
        assert (error["code"], error["retry"]) == ("signed_out", False)
        await house.durable()
        assert house.small.state.agents[CARLA].state is AgentState.SIGNED_OUT
        assert desk.closed_with == 4003


@in_virtual_time
async def test_a_live_call_goes_on_to_its_end_and_then_she_is_out(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        caller, desk = await talk(house)
        house.context.departures.announce("")
        await advance(5)
        assert desk.closed_with is None
        assert house.small.state.agents[CARLA].state is AgentState.TALKING
        assert (await desk.do("hang_up"))["t"] == "done"
        await caller.sees("ended", reason="agent_hung_up")
        await desk.sees("wrap_up")
        desk.say("do", what="finish", n=9, disposition="helped", note="", ready=True)
        assert (await desk.hears("error"))["code"] == "signed_out"
        assert house.small.state.agents[CARLA].state is AgentState.SIGNED_OUT


@in_virtual_time
async def test_a_wallboard_ends_at_its_next_sign_of_life(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        board = Board(house)
        assert len(await board.pictures()) == 1
        house.context.departures.announce("")
        await advance(30)
        assert board.serving.done()
