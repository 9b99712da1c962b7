"""A whole centre on a disk that is really full: calls go on, and a kill loses no place (I21).

Needs root, to mount a small file system; elsewhere it is skipped.
"""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from openline.app.record import replay
from tests.app.running import RunningCentre, hears, hello, say

pytestmark = pytest.mark.timeout(60)

ROOM = "80m"
"""The spool takes 64 MiB of it."""


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[RunningCentre]:
    data = tmp_path / "data"
    data.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "none", str(data)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small file system")
    running = RunningCentre(tmp_path)
    try:
        running.start()
        yield running
    finally:
        running.close()
        subprocess.run(["umount", "--lazy", str(data)], check=True)


def fill(disk: Path) -> Path:
    ballast = disk / "ballast"
    descriptor = os.open(ballast, os.O_WRONLY | os.O_CREAT)
    try:
        while True:
            os.write(descriptor, bytes(4_096))
    except OSError:
        os.close(descriptor)
    return ballast


def health(centre: RunningCentre) -> tuple[int, tuple[str, ...]]:
    """Returns the status of the health answer, and what is degraded."""
    status, body = centre.get("/readyz")
    return status, tuple(json.loads(body)["degraded"])


def test_calls_go_on_while_the_disk_is_full_and_a_kill_loses_no_place(
    centre: RunningCentre,
) -> None:
    assert health(centre) == (200, ())
    ballast = fill(centre.data)
    tokens: list[str] = []
    with ExitStack() as pages:
        while len(tokens) < 5 or not health(centre)[1]:
            page = pages.enter_context(centre.call())
            tokens.append(hello(page)["token"])
            assert hears(page, "view")["call"]["state"] == "queued"
        assert health(centre) == (200, ("store_refuses_writes",))
        centre.end(signal.SIGKILL)
    assert len(tokens) < 100

    # As full as before, but for the room of the spool.
    centre.start()
    with ExitStack() as pages:
        for place, token in enumerate(tokens, 1):
            page = pages.enter_context(centre.call())
            assert hello(page, token)["token"] == token
            view = hears(page, "view")["call"]
            assert (view["state"], view["place"]) == ("queued", place)
        ballast.unlink()
        last = pages.enter_context(centre.call())
        hello(last)
        say(last, "bye", n=1)
        hears(last, "done")
    assert centre.end(signal.SIGTERM)[0] == 0
    replay(centre.data)
    assert not (centre.data / "spool").exists()


def test_a_store_that_takes_steps_again_has_them_all_in_order(centre: RunningCentre) -> None:
    ballast = fill(centre.data)
    with ExitStack() as pages:
        while not health(centre)[1]:
            page = pages.enter_context(centre.call())
            hello(page)
            hears(page, "view")
        ballast.unlink()
        # Something happens until the store has been tried again, at most a second later.
        while health(centre)[1]:
            page = pages.enter_context(centre.call())
            hello(page)
            assert hears(page, "view")["call"]["state"] == "queued"
    code, logged = centre.end(signal.SIGTERM)
    assert code == 0
    assert logged.index("store_refuses_writes") < logged.index("store_writes_again")
    assert replay(centre.data).steps > 10
