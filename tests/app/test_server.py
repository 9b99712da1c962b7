"""One process of a centre from start to end, reached over the wire."""

import json
import signal
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from openline.api.socket import GOING_AWAY
from openline.app.record import replay
from openline.app.server import EXIT_BROKEN
from tests.app.running import RunningCentre, hears, hello, say

pytestmark = pytest.mark.timeout(60)


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[RunningCentre]:
    running = RunningCentre(tmp_path)
    try:
        running.start()
        yield running
    finally:
        running.close()


def test_a_call_survives_the_death_of_the_process(centre: RunningCentre) -> None:
    with centre.call() as page:
        token = hello(page)["token"]
        assert hears(page, "view")["call"]["state"] == "queued"
        centre.end(signal.SIGKILL)
    early = centre.connection()  # nobody is there to answer, and yet it is not refused
    centre.start()
    with centre.call(over=early) as page:
        assert hello(page, token)["token"] == token
        view = hears(page, "view")["call"]
        assert (view["state"], view["place"]) == ("queued", 1)
        say(page, "bye", n=1)
        hears(page, "done")
    assert centre.end(signal.SIGTERM)[0] == 0
    assert replay(centre.data).steps > 4


def test_a_stop_tells_pages_that_it_is_for_a_moment_only_and_leaves_the_record_whole(
    centre: RunningCentre,
) -> None:
    with centre.call() as page:
        hello(page)
        hears(page, "view")
        code, _ = centre.end(signal.SIGTERM)
        with pytest.raises(ConnectionClosed) as closed:
            hears(page, "nothing more")
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == GOING_AWAY
    assert code == 0
    assert sorted(file.name for file in centre.data.iterdir()) == [
        "keys.sqlite",
        "lock",
        "openline.sqlite",
    ]
    replay(centre.data)


def test_a_record_that_somebody_else_writes_to_ends_the_process_to_be_started_again(
    centre: RunningCentre,
) -> None:
    with sqlite3.connect(centre.data / "openline.sqlite") as connection:
        connection.execute(
            "INSERT INTO journal SELECT step + 1, at, schema, body, hash FROM "
            "journal ORDER BY step DESC LIMIT 1"
        )
    with centre.call() as page:
        say(page, "hello", line="es", language="en", token=None)
        code, logged = centre.end()
    assert code == EXIT_BROKEN
    assert "centre_broke" in logged
    with connection:
        connection.execute("DELETE FROM journal WHERE step = (SELECT max(step) FROM journal)")
    connection.close()
    centre.start()
    assert centre.get("/livez")[0] == 200


def test_the_process_ends_when_its_parent_is_gone(centre: RunningCentre) -> None:
    centre.leave_alone()
    assert centre.end()[0] == 0


def test_garbage_over_the_wire_is_answered_and_harms_nobody(centre: RunningCentre) -> None:
    with centre.call() as page, centre.call() as other:
        hello(other)
        for garbage in ("", "{", "[]", b"\x00\xff", "[" * 60_000, "x" * 70_000):
            page.send(garbage)
            assert hears(page, "error")["retry"] is True
        hello(page)
        assert hears(page, "view")["call"]["state"] == "queued"
        with pytest.raises(ConnectionClosed):
            flood(page)
        say(other, "bye", n=1)
        hears(other, "done")
    assert json.loads(centre.get("/readyz")[1])["status"] == "ready"
    logged = centre.end(signal.SIGTERM)[1]
    assert "Traceback" not in logged


def flood(page: ClientConnection) -> None:
    page.send("x" * 2_000_000)
    hears(page, "nothing more")


def test_the_health_answers_are_for_everybody_and_nothing_tells_what_runs_here(
    centre: RunningCentre,
) -> None:
    status, body = centre.get("/livez")
    assert (status, json.loads(body)["status"]) == (200, "live")
    status, body = centre.get("/readyz")
    assert (status, json.loads(body)["status"]) == (200, "ready")
    assert centre.get("/ws/call")[0] == 404


def test_a_wallboard_is_not_for_everybody(centre: RunningCentre) -> None:
    status, body = centre.get("/events/wallboard")
    assert status == 401
    assert set(json.loads(body)["error"]) == {"code", "message"}


def test_nothing_of_a_caller_is_logged(centre: RunningCentre) -> None:
    with centre.call() as page:
        token = hello(page)["token"]
        say(page, "signal", session=0, data={"candidate": {"candidate": "198.51.100.23"}})
        say(page, "bye", n=1)
        hears(page, "done")
    logged = centre.end(signal.SIGTERM)[1]
    assert "198.51.100.23" not in logged
    assert "127.0.0.1" not in logged
    assert token not in logged
