"""The shift begins: three hundred agents sign in, and callers go on being routed.

The real program, as `openline run` starts it. Callers come far denser than in the yardstick line's
busiest hour; the time from a caller's first word until the page says that he waits is taken, first
in quiet, then while the agents sign in with their passwords, open their desks and pause. Passwords
are made slow to check on purpose; that must not be felt by whoever calls.
"""

import asyncio
import http.client
import json
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from websockets.asyncio.client import ClientConnection, connect

from benchmarks.figure import Figure
from benchmarks.instruments import percentile
from openline.app.people import people_of
from openline.identity import Role
from openline.model import AgentKey
from tests.live.centre_process import CentreProcess

NAME = "signing_in"
IS_LONG = True

AGENTS = 300
WITHIN_S = 120.0
CALLS_PER_S = 5.0
"""Eighteen thousand an hour; the yardstick line's busiest hour has some five hundred."""
QUIET_S = 60.0
BOUND_S = 0.002
PASSWORD = "a long enough password"

CONFIGURATION = """
[centre]
name = "Test Line"
time_zone = "America/Chicago"

[queues.talk]
name = "Talk"
service_level = { percent = 80, within_s = 20 }
ring_timeout_s = 20
wrap_up_limit_s = 60

[lines.main]
name = "Test Line"
queue = "talk"

[pause_reasons]
meal = { name = "Meal" }

[dispositions]
helped = { name = "Helped" }

[agents]
"""


def run() -> list[Figure]:
    """Times callers in quiet and while the shift signs in."""
    keys = [f"agent-{number}" for number in range(AGENTS)]
    with tempfile.TemporaryDirectory() as folder:
        config, data = Path(folder) / "openline.toml", Path(folder) / "data"
        agents = "\n".join(f'{key} = {{ name = "{key}" }}' for key in keys)
        config.write_text(CONFIGURATION + agents)
        _add_accounts(data, keys)
        with CentreProcess(config, data) as centre:
            return asyncio.run(_measure(centre.base, keys))


def _add_accounts(data: Path, keys: list[str]) -> None:
    with people_of(data, may_begin=True) as people:
        for key in keys:
            people.add(key, PASSWORD, name=key, role=Role.AGENT, agent=AgentKey(key), by="")


async def _measure(base: str, keys: list[str]) -> list[Figure]:
    port = urlsplit(base).port
    assert port is not None
    quiet = await _callers(port, asyncio.ensure_future(asyncio.sleep(QUIET_S)))
    begun = time.perf_counter()
    # In a process of their own, as in browsers of their own: here only callers are timed.
    with ProcessPoolExecutor(1, get_context("spawn")) as browsers:
        signing_in = asyncio.wrap_future(browsers.submit(_shift, port, keys))
        busy = await _callers(port, signing_in)
        await signing_in
    took = time.perf_counter() - begun
    p99_quiet, p99_busy = percentile(quiet, 99), percentile(busy, 99)
    return [
        Figure.at_most(
            name=f"{AGENTS} agents signed in",
            value=took,
            unit="s",
            against=f"bound: {WITHIN_S:.0f} s",
            reference=WITHIN_S,
        ),
        Figure.at_most(
            name="a caller is routed later, p99",
            value=(p99_busy - p99_quiet) * 1000,
            unit="ms",
            against=(
                f"bound: {BOUND_S * 1000:.0f} ms more than in quiet "
                f"({p99_quiet * 1000:.1f} ms, {len(quiet)} and {len(busy)} calls)"
            ),
            reference=BOUND_S * 1000,
        ),
    ]


async def _callers(port: int, meanwhile: asyncio.Future[None]) -> list[float]:
    """Lets callers come until the task is done; returns how long each waited to be routed."""
    found: list[float] = []
    while not meanwhile.done():
        begun = time.perf_counter()
        async with connect(f"ws://127.0.0.1:{port}/ws/call") as page:
            said = time.perf_counter()
            hello = {"t": "hello", "line": "main", "language": "en", "token": None}
            await page.send(json.dumps({**hello, "session": None, "playback": None}))
            while json.loads(await page.recv())["t"] != "view":
                pass
            found.append(time.perf_counter() - said)
            await page.send(json.dumps({"t": "bye", "n": 1}))
            while json.loads(await page.recv())["t"] != "done":
                pass
        await asyncio.sleep(max(0.0, 1 / CALLS_PER_S - (time.perf_counter() - begun)))
    return found


def _shift(port: int, keys: list[str]) -> None:
    asyncio.run(_all_begin(port, keys))


async def _all_begin(port: int, keys: list[str]) -> None:
    """Signs everybody in, evenly over three quarters of the time that there is."""
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(_begin(port, key, number * 0.75 * WITHIN_S / AGENTS))
            for number, key in enumerate(keys)
        ]
    for task in tasks:
        await task.result().close()


async def _begin(port: int, key: str, after_s: float) -> ClientConnection:
    await asyncio.sleep(after_s)
    cookie = await asyncio.to_thread(_sign_in, port, key)
    origin = f"http://127.0.0.1:{port}"
    headers = {"Cookie": cookie, "Origin": origin}
    desk = await connect(f"ws://127.0.0.1:{port}/ws/desk", additional_headers=headers)
    await desk.send(json.dumps({"t": "hello", "session": None}))
    await desk.send(json.dumps({"t": "do", "n": 1, "what": "pause", "pause_reason": "meal"}))
    while True:
        told = json.loads(await desk.recv())
        if told["t"] in ("done", "refused"):
            assert told["t"] == "done", f"{key} could not pause: {told}"
            return desk


def _sign_in(port: int, key: str) -> str:
    """Returns the cookie of a new session; tries again as a person does who is told to wait."""
    headers = {
        "Origin": f"http://127.0.0.1:{port}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            form = urlencode({"login": key, "password": PASSWORD})
            connection.request("POST", "/sign-in", form, headers)
            answer = connection.getresponse()
            answer.read()
        finally:
            connection.close()
        if answer.status == 303:
            return answer.headers["set-cookie"].partition(";")[0]
        assert answer.status == 429, f"{key} could not sign in: {answer.status}"
        time.sleep(1)
