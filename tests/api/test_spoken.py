"""Can a supervisor hear and change what callers hear, and is nobody else's change lost?"""

from pathlib import Path
from typing import Any

import pytest

from openline.configuration import load_text
from tests.api.house import House, open_house
from tests.api.test_supervision import ask
from tests.centre.small_published import TEXT
from tests.centre.virtual_loop import in_virtual_time
from tests.sound import wav

pytestmark = pytest.mark.timeout(30)


async def listed(house: House) -> dict[str, Any]:
    status, told = await ask(house, "GET", "/api/sounds")
    assert status == 200
    return {each["sound"]: each for each in told["sounds"]}


async def speak(house: House, sound: str, body: bytes, **rest: Any) -> tuple[int, Any]:
    asked = {"sound": sound, "instead_of": 0, "says_so": "false", **rest}
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return await ask(house, "POST", "/api/sounds", body, query=query)


async def choose(house: House, sound: str, take: int, instead_of: int) -> tuple[int, Any]:
    body = {"sound": sound, "take": take, "instead_of": instead_of}
    return await ask(house, "POST", "/api/sounds/choice", body)


@in_virtual_time
async def test_what_is_spoken_is_live_at_once_and_can_be_undone(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        before = await listed(house)
        sound = next(iter(before))
        assert before[sound]["url"] == before[sound]["stock_url"]
        assert before[sound]["where"]
        status, told = await speak(house, sound, wav(2))
        assert (status, told["heard"]) == (200, 1)
        assert (await listed(house))[sound] == told
        assert told["versions"][0]["length_s"] == 2
        status, told = await choose(house, sound, 0, 1)
        assert (status, told["url"], told["heard"]) == (200, told["stock_url"], 0)
        assert [each["take"] for each in told["versions"]] == [1]


@in_virtual_time
async def test_what_cannot_be_done_is_told_and_changes_nothing(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        sound = next(iter(await listed(house)))
        assert (await speak(house, sound, b"no sound"))[0] == 422
        assert (await speak(house, "nothing", wav(2)))[0] == 404
        assert (await choose(house, "nothing", 0, 0))[0] == 404
        assert (await choose(house, sound, 9, 0))[0] == 404
        assert (await speak(house, sound, wav(2)))[0] == 200
        status, told = await speak(house, sound, wav(3))
        assert (status, told["error"]["code"]) == (409, "changed_meanwhile")
        assert (await ask(house, "GET", "/sounds/spoken/7.wav"))[0] == 404
        assert (await ask(house, "GET", "/sounds/spoken/x.wav"))[0] == 404
        assert (await listed(house))[sound]["heard"] == 1


@in_virtual_time
async def test_where_calls_may_be_heard_the_greeting_must_say_so(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        said = 'greeting = "welcome-en"\nmay_be_heard = true\nlistening = true'
        text = TEXT.replace('greeting = "welcome-en"', said)
        house.context.configured.change(load_text(text, "small.toml", version=2))
        sound = "welcome-en"
        assert (await listed(house))[sound]["must_tell"]
        status, told = await speak(house, sound, wav(2))
        assert (status, told["error"]["code"]) == (422, "must_be_told")
        assert (await speak(house, sound, wav(2), says_so="true"))[0] == 200
