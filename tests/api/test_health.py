import json
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pytest

from openline.centre.centre import FAULTS_ALLOWED
from openline.engine import inputs as i
from openline.engine.decision import Decision
from openline.engine.decisions import DECIDE
from openline.model import LegId, PeerError
from tests.api.house import House, open_house
from tests.centre.virtual_loop import in_virtual_time, settle

pytestmark = pytest.mark.timeout(30)


async def get(house: House, path: str) -> tuple[int, dict[str, object]]:
    """Asks for a path; returns status and JSON."""
    status, body = 0, b""

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        nonlocal status, body
        if message["type"] == "http.response.start":
            status = message["status"]
        else:
            body += message["body"]

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "path": path,
        "query_string": b"",
        "headers": [],
        "state": {},
    }
    await house.app(scope, receive, send)
    return status, json.loads(body)


@in_virtual_time
async def test_a_centre_that_can_take_calls_is_live_and_ready(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        await house.durable()
        status, said = await get(house, "/livez")
        assert (status, said["status"]) == (200, "live")
        assert await get(house, "/readyz") == (200, {"status": "ready", "step": 2, "degraded": []})


@in_virtual_time
async def test_a_restart_shows_however_short_it_was(tmp_path: Path) -> None:
    lives = set()
    for _ in range(2):
        async with open_house(tmp_path) as house:
            first, again = [(await get(house, "/livez"))[1]["life"] for _ in range(2)]
            assert first == again
            lives.add(first)
    assert len(lives) == 2


@in_virtual_time
async def test_a_centre_that_cannot_ring_home_is_ready_and_says_so(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        await house.durable()
        house.on_call_trouble = "command_failed"
        status, said = await get(house, "/readyz")
        assert (status, said["degraded"]) == (200, ["on_call_command_failed"])


@in_virtual_time
async def test_a_centre_whose_disk_refuses_is_live_but_not_ready(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        house.small.store.failure = PeerError("The disk is full.")
        house.small.arrive(1)
        await house.small.store_refused()
        await settle()
        assert (await get(house, "/livez"))[0] == 200
        status, said = await get(house, "/readyz")
        assert (status, said) == (503, {"status": "store_refuses_writes", "backlog": 1})
        house.small.store.failure = None
        house.small.arrive(2)
        await house.durable()
        assert (await get(house, "/readyz"))[0] == 200


@in_virtual_time
async def test_a_centre_that_broke_is_not_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(d: Decision, seen: i.LegHungUp) -> None:
        raise LookupError("planted")

    async with open_house(tmp_path) as house:
        kind: type[i.Input] = i.LegHungUp
        monkeypatch.setitem(DECIDE, kind, breaks)
        for _ in range(FAULTS_ALLOWED):
            house.centre.see(i.LegHungUp(leg=LegId("test:1")))
        assert house.centre.failed.exception() is not None
        assert await get(house, "/readyz") == (503, {"status": "failed"})
