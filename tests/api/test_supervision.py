"""Does a supervisor get what she asks for, in words, and only as herself?"""

import asyncio
import json
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pytest

from openline.engine import AgentState
from openline.model import Reason
from tests.api.house import House, open_house, talk
from tests.builders import ANN, CARLA
from tests.centre.virtual_loop import in_virtual_time

pytestmark = pytest.mark.timeout(30)


async def ask(
    house: House,
    method: str,
    path: str,
    body: object = None,
    by: str | None = "ann",
    *,
    query: str = "",
) -> tuple[int, Any]:
    """Asks as the supervisor whose key is `by`; returns status and JSON. Bytes are sent as such."""
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    status, told, asked = 0, b"", False

    async def receive() -> dict[str, object]:
        nonlocal asked
        if asked:  # it stays connected, and says nothing more
            await asyncio.Event().wait()
        asked = True
        return {"type": "http.request", "body": sent, "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        nonlocal status, told
        if message["type"] == "http.response.start":
            status = message["status"]
        else:
            told += message.get("body", b"")

    headers = [(b"content-type", b"application/json")]
    if by is not None:
        headers.append((b"x-agent", by.encode()))
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "headers": headers,
        "state": {},
    }
    await house.app(scope, receive, send)
    return status, json.loads(told)


async def force(house: House, agent: str, to: str, **rest: Any) -> tuple[int, Any]:
    return await ask(house, "POST", f"/api/agents/{agent}/state", {"to": to, **rest})


@in_virtual_time
async def test_a_forced_state_holds_at_once_and_the_desk_says_who_did_it(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        desk = await house.desk()
        await desk.do("ready")
        assert await force(house, "carla", "paused", pause_reason="meal") == (
            200,
            {"agent": "carla", "to": "paused", "when": "now"},
        )
        view = await desk.sees("paused", reason="forced", pause_reason="meal")
        assert view["by"] == house.published.name_of("agent", "ann", "en")
        assert house.centre.durable.agents[CARLA].by == ANN


@in_virtual_time
async def test_during_a_talk_it_is_noted_and_both_sides_are_told_so(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        _, desk = await talk(house)
        assert (await force(house, "carla", "signed_out"))[1]["when"] == "after_call"
        view = await desk.sees("talking", forced_to="signed_out")
        assert view["forced_by"] == house.published.name_of("agent", "ann", "en")
        listed = (await ask(house, "GET", "/api/agents"))[1]["agents"]
        carla = next(row for row in listed if row["key"] == "carla")
        assert (carla["state"], carla["forced_to"]) == ("talking", "signed_out")


@in_virtual_time
async def test_who_asks_is_known_from_the_session_and_not_from_what_is_sent(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        desk = await house.desk()
        await desk.do("ready")
        assert (await force(house, "carla", "paused", by="ben"))[0] == 422
        status, said = await ask(
            house, "POST", "/api/agents/carla/state", {"to": "paused"}, by=None
        )
        assert (status, said["error"]["code"]) == (403, "no_alias")
        assert house.centre.durable.agents[CARLA].state is AgentState.READY


async def come(house: House, agent: str, *, coming: bool = True) -> tuple[int, Any]:
    return await ask(house, "POST", f"/api/agents/{agent}/help", {"coming": coming})


@in_virtual_time
async def test_who_raised_her_hand_sees_who_comes_and_when_nobody_does(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        _, desk = await talk(house)
        ann = house.published.name_of("agent", "ann", "en")
        assert (await desk.do("help", on=True))["t"] == "done"
        since = house.centre.durable.agents[CARLA].help_since
        await desk.sees("talking", help={"since": since, "by": None})
        listed = (await ask(house, "GET", "/api/agents"))[1]["agents"]
        assert [row["key"] for row in listed if row["help"] is not None] == ["carla"]
        assert await come(house, "carla") == (200, {"agent": "carla", "coming": True})
        await desk.sees("talking", help={"since": since, "by": ann})
        assert (await come(house, "carla", coming=False))[0] == 200
        await desk.sees("talking", help={"since": since, "by": None})
        assert (await desk.do("help", on=False))["t"] == "done"
        await desk.sees("talking", help=None)


@in_virtual_time
async def test_nobody_comes_to_who_did_not_ask(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        await talk(house)
        status, said = await come(house, "carla")
        assert (status, said["error"]["code"]) == (409, Reason.NO_HELP_WANTED.value)
        assert (await come(house, "nobody"))[0] == 404


@pytest.mark.parametrize(
    ("agent", "wanted", "status", "code"),
    [
        ("nobody", {"to": "paused"}, 404, Reason.UNKNOWN_AGENT.value),
        ("carla", {"to": "ready"}, 409, Reason.NOT_SIGNED_IN.value),
        ("carla", {"to": "paused", "pause_reason": "golf"}, 409, Reason.UNKNOWN_PAUSE_REASON.value),
        ("carla", {"to": "talking"}, 422, "unknown_state"),
        ("carla", {"to": "ready", "pause_reason": "meal"}, 422, "no_pause"),
    ],
)
def test_a_refusal_says_why_in_the_one_form_of_errors(
    agent: str, wanted: dict[str, str], status: int, code: str, tmp_path: Path
) -> None:
    @in_virtual_time
    async def refused() -> None:
        async with open_house(tmp_path) as house:
            got, said = await force(house, agent, **wanted)
            assert (got, said["error"]["code"]) == (status, code)
            assert said["error"]["message"].endswith(".")

    refused()


@in_virtual_time
async def test_nobody_cuts_a_recovery_break(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        _, desk = await talk(house)
        await desk.do("hang_up")
        await desk.do("finish", disposition="helped", note="", ready=False, recovery=True)
        view = await desk.sees("paused", reason="recovery")
        assert view["rests_until"] - view["since"] == 600_000_000
        status, said = await force(house, "carla", "ready")
        assert (status, said["error"]["code"]) == (409, "in_recovery")


# --- lines and surges ------------------------------------------------------------------------


@in_virtual_time
async def test_a_closed_line_is_told_as_closed_with_who_did_it(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        done = await ask(house, "POST", "/api/lines/es/closure", {"closed": True})
        assert done == (200, {"line": "es", "closed": True})
        told = (await ask(house, "GET", "/api/lines"))[1]["lines"]
        by_key = {line["key"]: (line["open"], line["closed_by"]) for line in told}
        assert by_key == {"en": (True, None), "es": (False, "Ann")}
        await ask(house, "POST", "/api/lines/es/closure", {"closed": False})
        told = (await ask(house, "GET", "/api/lines"))[1]["lines"]
        assert all(line["open"] for line in told)


@in_virtual_time
async def test_a_caller_of_a_closed_line_hears_so_and_the_page_is_told(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        await ask(house, "POST", "/api/lines/es/closure", {"closed": True})
        page = await house.caller("es")
        await page.hears("play", url="/closed-es.mp3")
        await page.sees("message")


@in_virtual_time
async def test_a_surge_is_switched_on_and_off(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        assert await ask(house, "POST", "/api/surge", {"surge": "flood"}) == (
            200,
            {"surge": "flood"},
        )
        told = (await ask(house, "GET", "/api/lines"))[1]
        assert (told["surge"], told["surges"]) == ("flood", [{"key": "flood", "name": "Flood"}])
        assert await ask(house, "POST", "/api/surge", {"surge": None}) == (200, {"surge": None})


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/api/lines/nowhere/closure", {"closed": True}, "unknown_line"),
        ("/api/surge", {"surge": "nothing"}, "unknown_surge"),
    ],
)
@in_virtual_time
async def test_what_is_not_there_cannot_be_switched(
    tmp_path: Path, path: str, body: dict[str, object], code: str
) -> None:
    async with open_house(tmp_path) as house:
        status, told = await ask(house, "POST", path, body)
        assert (status, told["error"]["code"]) == (404, code)


@pytest.mark.parametrize("path", ["/api/lines/es/closure", "/api/surge"])
@in_virtual_time
async def test_who_has_no_alias_switches_nothing(tmp_path: Path, path: str) -> None:
    async with open_house(tmp_path) as house:
        body = {"surge": None} if path.endswith("surge") else {"closed": True}
        assert (await ask(house, "POST", path, body, by=None))[0] == 403
