import asyncio
import json
from collections.abc import AsyncGenerator, MutableMapping
from pathlib import Path
from typing import Any

import pytest

from openline.model import Origin
from tests.api.house import House, open_house
from tests.centre import protocol
from tests.centre.virtual_loop import advance, in_virtual_time, settle

pytestmark = pytest.mark.timeout(30)


class Board:
    """Is one viewer of the wallboard's stream."""

    def __init__(self, house: House, query: str = "origins=real") -> None:
        self.status: int | None = None
        self.headers: dict[str, str] = {}
        self.text = ""
        self._house = house
        self._gone = asyncio.Event()
        self._has_asked = False
        self.serving = asyncio.create_task(
            house.app(
                {
                    "type": "http",
                    "asgi": {"version": "3.0", "spec_version": "2.3"},
                    "http_version": "1.1",
                    "method": "GET",
                    "path": "/events/wallboard",
                    "raw_path": b"/events/wallboard",
                    "query_string": query.encode(),
                    "root_path": "",
                    "scheme": "http",
                    "headers": [],
                    "client": ("127.0.0.1", 50_000),
                    "server": ("127.0.0.1", 80),
                    "state": {},
                },
                self._receive,
                self._send,
            )
        )

    async def _receive(self) -> dict[str, Any]:
        if not self._has_asked:
            self._has_asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            self.text += message["body"].decode()

    async def leave(self) -> None:
        """Closes the connection."""
        self._gone.set()
        await settle()

    async def pictures(self) -> list[dict[str, Any]]:
        """Returns the pictures so far, each with the id it came with."""
        await self._house.durable()
        found = []
        for block in self.text.split("\n\n"):
            fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line[1:])
            if fields.get("event") == "picture":
                found.append({"id": int(fields["id"]), **json.loads(fields["data"])})
        return found


@in_virtual_time
async def test_the_first_picture_comes_at_once_and_is_as_promised(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        house.small.arrive(1)
        await house.durable()
        board = Board(house)
        (picture,) = await board.pictures()
        assert board.status == 200
        assert board.headers["content-type"].startswith("text/event-stream")
        assert board.headers["cache-control"] == "no-store"
        picture.pop("id")
        protocol.of(picture, protocol.picture_keys())
        assert picture["total"]["waiting"] == 1
        assert [queue["name"] for queue in picture["queues"]] == ["English calls", "Spanish calls"]


@in_virtual_time
async def test_pictures_come_at_most_twice_a_second_with_ids_that_grow(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        board = Board(house)
        for number in range(40):
            house.small.arrive(number)
            await house.durable()
            await advance(0.1)
        pictures = await board.pictures()
        assert 8 <= len(pictures) <= 10  # the first, and two in each of four seconds
        ids = [picture["id"] for picture in pictures]
        assert ids == sorted(set(ids))
        await advance(1)
        assert (await board.pictures())[-1]["total"]["waiting"] == 40


@in_virtual_time
async def test_what_happens_after_a_pause_is_seen_at_once(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        board = Board(house)
        await advance(3)
        for number in range(3):
            house.small.arrive(number)
            await house.durable()
            assert (await board.pictures())[-1]["total"]["waiting"] == number + 1
            await advance(0.6)


@in_virtual_time
async def test_while_nothing_happens_nothing_is_sent_but_a_sign_of_life(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        board = Board(house)
        await advance(42)
        assert len(await board.pictures()) == 1
        assert board.text.count("event: beat\ndata: {}\n\n") == 8


@in_virtual_time
async def test_a_quarter_of_an_hour_that_begins_in_silence_is_drawn(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        board = Board(house)
        await advance(2 * 15 * 60 + 1)
        begun = [picture["strip"][-1]["start"] for picture in await board.pictures()]
        quarter = 15 * 60 * 1_000_000
        assert begun == [begun[0], begun[0] + quarter, begun[0] + 2 * quarter]


@in_virtual_time
async def test_everybody_sees_the_same_and_who_comes_later_the_newest(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        first = Board(house)
        await settle()
        house.small.arrive(1)
        await house.durable()
        await advance(0.5)
        second = Board(house)
        await settle()
        house.small.arrive(2)
        await house.durable()
        await advance(0.5)
        firsts, seconds = await first.pictures(), await second.pictures()
        assert [picture["total"]["waiting"] for picture in firsts] == [0, 1, 2]
        assert [picture["total"]["waiting"] for picture in seconds] == [1, 2]
        assert firsts[-1] == seconds[-1]


@in_virtual_time
async def test_origins_are_told_apart(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        house.small.arrive(1)
        await house.durable()
        practice = Board(house, "origins=practice")
        both = Board(house, "origins=simulated,real")
        assert (await practice.pictures())[0]["total"]["waiting"] == 0
        (picture,) = await both.pictures()
        assert picture["total"]["waiting"] == 1
        assert picture["origins"] == [o.value for o in Origin if o is not Origin.PRACTICE]


@in_virtual_time
async def test_real_calls_are_what_is_shown_unless_asked(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        assert (await Board(house, "").pictures())[0]["origins"] == ["real"]


@pytest.mark.parametrize("asked", ["imaginary", "real,imaginary", "", "real,", "Real", "%00"])
def test_an_origin_that_there_is_not_is_refused_in_the_one_form(asked: str, tmp_path: Path) -> None:
    @in_virtual_time
    async def ask() -> None:
        async with open_house(tmp_path) as house:
            board = Board(house, f"origins={asked}&x=1")
            await settle()
            assert board.status == 422
            error = json.loads(board.text)
            assert set(error) == {"error"}
            assert set(error["error"]) == {"code", "message"}
            assert error["error"]["code"] == "unknown_origin"

    ask()


@in_virtual_time
async def test_a_closing_centre_ends_the_streams(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        boards = [Board(house), Board(house)]
        await settle()
        house.feed.close()
        await settle()
        assert all(board.serving.done() for board in boards)
        late = Board(house)
        await settle()
        assert late.serving.done()


def counting_draws(house: House, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Returns a list that takes a note of every picture drawn from now on."""
    drawn: list[object] = []
    draw = house.context.picture.picture

    def noted(*args: Any) -> Any:
        drawn.append(args)
        return draw(*args)

    monkeypatch.setattr(house.context.picture, "picture", noted)
    return drawn


@in_virtual_time
async def test_a_picture_is_drawn_once_for_all_who_see_the_same_and_never_for_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_house(tmp_path) as house:
        drawn = counting_draws(house, monkeypatch)
        boards = [Board(house), Board(house), Board(house, "origins=practice")]
        await settle()
        assert len(drawn) == 2
        for board in boards:
            await board.leave()
        house.small.arrive(1)
        await house.durable()
        await advance(3600)
        assert len(drawn) == 2


@in_virtual_time
async def test_a_viewer_who_goes_at_the_very_first_word_is_not_drawn_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_house(tmp_path) as house:
        stream = house.feed.stream(((Origin.REAL,), "en"))
        assert isinstance(stream, AsyncGenerator)
        await anext(stream)
        await stream.aclose()
        drawn = counting_draws(house, monkeypatch)
        house.small.arrive(1)
        await house.durable()
        await advance(1)
        assert drawn == []
