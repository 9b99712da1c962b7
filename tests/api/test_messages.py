"""Is a message told of, heard and done with by those for whom it is, and by nobody else?"""

import json
from pathlib import Path
from typing import Any

import pytest

from openline.app.recorder import Recorder
from openline.model import BoxKey, CallId, CommandId
from tests.api.house import House, open_house
from tests.api.test_supervision import ask
from tests.centre.virtual_loop import advance, in_virtual_time
from tests.sound import head, memory_spool, spoken

pytestmark = pytest.mark.timeout(30)


async def leave(house: House, spool: Any, folder: Path, sound: bytes) -> str:
    """Lets a caller leave a message."""
    (folder / "recordings").mkdir()
    recorder = Recorder(spool, folder / "recordings")
    recorder.round()
    house.small.arrive(1)
    await house.durable()
    ref = await house.messages.begin(CallId(1), BoxKey("night"), CommandId(9))
    spool.sound(ref).write_bytes(head(len(sound)) + sound)
    recorder.round()
    return ref


@in_virtual_time
async def test_an_agent_hears_a_message_for_a_reason_and_is_done_with_it(tmp_path: Path) -> None:
    with memory_spool() as spool:
        async with open_house(tmp_path, spool=spool) as house:
            ref = await leave(house, spool, tmp_path, spoken(3))
            status, told = await ask(house, "GET", "/api/messages")
            (message,) = told["messages"]
            assert status == 200
            assert (message["message"], message["length_s"], message["line"]) == (
                ref,
                3,
                "Spanish line",
            )
            path = f"/api/messages/{ref}"
            status, told = await ask(house, "POST", f"{path}/sound", {"why": "curiosity"})
            assert (status, told["error"]["code"]) == (422, "unknown_reason")
            assert house.small.store.openings(9) == ()
            with pytest.raises((UnicodeDecodeError, json.JSONDecodeError)):  # it is sound
                await ask(house, "POST", f"{path}/sound", {"why": "own_work"})
            assert house.small.store.openings(9)[0].why == "own_work"
            await advance(1)
            assert (await ask(house, "POST", f"{path}/done"))[0] == 200
            assert (await ask(house, "GET", "/api/messages"))[1]["messages"] == []


@in_virtual_time
async def test_who_is_nobody_s_agent_is_told_of_nothing(tmp_path: Path) -> None:
    with memory_spool() as spool:
        async with open_house(tmp_path, spool=spool) as house:
            ref = await leave(house, spool, tmp_path, spoken(3))
            assert (await ask(house, "GET", "/api/messages", by="zoe"))[1]["messages"] == []
            for name, by in ((ref, "zoe"), ("no-such-message", "ann")):
                for act, body in (("sound", {"why": "own_work"}), ("done", None)):
                    status, told = await ask(
                        house, "POST", f"/api/messages/{name}/{act}", body, by=by
                    )
                    assert (status, told["error"]["code"]) == (404, "no_message")
