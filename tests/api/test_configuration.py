"""Does the API give and take configurations, and refuse in its one form?"""

import json
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pytest

from openline.configuration import LARGEST_FILE_BYTES
from tests.api.house import House, open_house
from tests.centre.small_published import TEXT
from tests.centre.virtual_loop import in_virtual_time

pytestmark = pytest.mark.timeout(30)

RENAMED = TEXT.replace('es = "Llamadas en español"', 'es = "Español"')


async def ask(
    house: House, method: str, path: str, body: bytes = b"", login: str = "ada"
) -> tuple[int, Any]:
    """Asks as the administrator `ada`, or as somebody else; returns status and JSON."""
    status, told = 0, b""

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        nonlocal status, told
        if message["type"] == "http.response.start":
            status = message["status"]
            keeps = (b"cache-control", b"no-store") not in message["headers"]
            assert not keeps or status == 422 or "/emergency-list/" in path
        else:
            told += message["body"]

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": [(b"content-type", b"application/json"), (b"x-login", login.encode())],
        "state": {},
    }
    await house.app(scope, receive, send)
    return status, json.loads(told)


async def publish(house: House, **asked: object) -> tuple[int, Any]:
    return await ask(house, "POST", "/api/configuration", json.dumps(asked).encode())


@in_virtual_time
async def test_a_version_is_published_listed_and_given_back(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        status, told = await publish(house, text=RENAMED, base=1)
        assert (status, told) == (
            200,
            {
                "version": 2,
                "differences": ['queues.spanish.name.es: was "Llamadas en español", is "Español"'],
                "at_next_start": [],
                "is_published": True,
                "held_back": [],
            },
        )
        status, told = await ask(house, "GET", "/api/configuration")
        assert status == 200
        assert [(each["version"], each["by"]) for each in told["versions"]] == [
            (1, None),
            (2, "ada"),
        ]
        status, told = await ask(house, "GET", "/api/configuration/1")
        assert (status, told["text"]) == (200, TEXT)


@in_virtual_time
async def test_an_open_desk_reads_the_new_name(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        await publish(house, text=RENAMED, base=1)
        assert house.context.published.name_of("queue", "spanish", "es") == "Español"


@in_virtual_time
async def test_a_stale_base_is_a_conflict_with_the_differences(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        status, told = await publish(house, text=RENAMED)
        assert status == 409
        assert told["error"]["code"] == "stale_base"
        assert "publish it with base 1" in told["error"]["message"]
        assert len(told["error"]["differences"]) == 1


@in_virtual_time
async def test_what_is_not_right_is_told_by_line(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        status, told = await publish(house, text=TEXT.replace("es = 1 }", "ex = 1 }"), base=1)
        assert status == 422
        assert told["error"]["code"] == "configuration"
        assert told["error"]["problems"][0]["line"] > 1


@in_virtual_time
async def test_what_is_in_use_is_a_conflict(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        desk = await house.desk()
        await desk.do("ready")
        without = TEXT[: TEXT.index("[agents.carla]")]
        status, told = await publish(house, text=without, base=1)
        assert (status, told["error"]["code"]) == (409, "configuration_in_use")
        assert "agent carla" in told["error"]["message"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 422, "bad_request"),
        (b"[" * 10_000, 422, "bad_request"),
        (b'{"text": 7}', 422, "bad_request"),
        (b'{"text": "", "force": true}', 422, "bad_request"),
        (b'{"text": "[centre"}', 422, "configuration"),
        (b'{"text": "\\u0000"}', 422, "configuration"),
        (b" " * (6 * LARGEST_FILE_BYTES + 1), 413, "too_large"),
    ],
    ids=["nothing", "deep", "kind", "unknown key", "no TOML", "null byte", "too large"],
)
def test_what_cannot_be_read_is_refused_in_words(
    body: bytes, status: int, code: str, tmp_path: Path
) -> None:
    @in_virtual_time
    async def refused() -> None:
        async with open_house(tmp_path) as house:
            told = await ask(house, "POST", "/api/configuration", body)
            assert (told[0], told[1]["error"]["code"]) == (status, code)
            assert told[1]["error"]["message"]

    refused()


@in_virtual_time
async def test_a_version_that_there_is_not_is_told_so(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        status, told = await ask(house, "GET", "/api/configuration/9")
        assert (status, told["error"]["code"]) == (404, "no_such_version")
