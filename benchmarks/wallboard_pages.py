"""A thousand open wallboards: how soon does each show what happened, and what does that cost?

The real program, as `openline run` starts it, and a thousand pages that hold its stream of events
over a connection each. Twice a second a caller comes or goes; the time until a page has the picture
that shows it is taken for every page, in the benchmark's own process, which the pages share with
nobody else. Then the centre is killed as by a power cut; its parent starts it again, and every page
comes back by itself, as a browser does, and shows who is waiting.
"""

import asyncio
import json
import os
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect

from benchmarks.figure import Figure
from tests.live.centre_process import CentreProcess, configuration

NAME = "wallboard_pages"

PAGES = int(os.environ.get("OPENLINE_PAGES", "1000"))
CHANGES = 40
EVERY_S = 0.5
RETRY_S = 1.0
"""What the stream tells browsers to wait before they try again."""
BOUND_S = 0.25
CORE = 0.5
BACK_WITHIN_S = 10.0


class Page:
    """Is one open wallboard; it comes back by itself when the stream breaks."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self.waiting: int | None = None
        self.seen_at = 0.0
        self._changed = asyncio.Event()

    async def watch(self) -> None:
        """Reads the stream for as long as the benchmark runs."""
        while True:
            try:
                await self._read()
            except (OSError, asyncio.IncompleteReadError):
                self.waiting = None
            await asyncio.sleep(RETRY_S)

    async def shows(self, waiting: int) -> None:
        """Waits until the page shows so many waiting callers."""
        while self.waiting != waiting:
            self._changed.clear()
            await self._changed.wait()

    async def _read(self) -> None:
        reader, writer = await asyncio.open_connection(self._host, self._port)
        try:
            writer.write(
                b"GET /events/wallboard HTTP/1.1\r\nHost: %s\r\n\r\n" % self._host.encode()
            )
            while True:
                line = await reader.readuntil(b"\n")
                if line.startswith(b"data: {") and len(line) > len(b"data: {}\n"):
                    self.waiting = json.loads(line[6:])["total"]["waiting"]
                    self.seen_at = time.perf_counter()
                    self._changed.set()
        finally:
            writer.close()


def run() -> list[Figure]:
    """Opens the pages, lets callers come and go, and pulls the plug."""
    with tempfile.TemporaryDirectory() as folder:
        config = configuration(Path(folder), greeting=False)
        with CentreProcess(config, Path(folder) / "data") as centre:
            return asyncio.run(_measure(centre))


async def _measure(centre: CentreProcess) -> list[Figure]:
    address = urlsplit(centre.base)
    assert address.hostname is not None
    assert address.port is not None
    pages = [Page(address.hostname, address.port) for _ in range(PAGES)]
    watching = [asyncio.create_task(page.watch()) for page in pages]
    try:
        await _all_show(pages, 0)
        delays, used = await _changes(centre, pages, address.port)
        async with await _call(address.port):
            await _all_show(pages, 1)
            for page in pages:
                page.waiting = None
            centre.kill()
            killed = time.perf_counter()
            await _all_show(pages, 1)
            back = max(page.seen_at for page in pages) - killed
    finally:
        for task in watching:
            task.cancel()
        await asyncio.gather(*watching, return_exceptions=True)
    delays.sort()
    return [
        Figure.at_most(
            name=f"event to page, p99 of {PAGES} pages",
            value=delays[int(len(delays) * 0.99)] * 1000,
            unit="ms",
            against=f"bound: {BOUND_S * 1000:.0f} ms, {1 / EVERY_S:.0f} updates a second",
            reference=BOUND_S * 1000,
        ),
        Figure.at_most(
            name="processor of the centre meanwhile",
            value=used,
            unit="cores",
            against=f"bound: {CORE} of a core",
            reference=CORE,
        ),
        Figure.at_most(
            name="all pages back after a kill, nothing missed",
            value=back,
            unit="s",
            against=f"bound: {BACK_WITHIN_S:.0f} s",
            reference=BACK_WITHIN_S,
        ),
    ]


async def _changes(
    centre: CentreProcess, pages: list[Page], port: int
) -> tuple[list[float], float]:
    """Lets a caller come and go; returns all delays and the share of a core the centre took."""
    delays: list[float] = []
    pid, begun, before = centre.pid, time.perf_counter(), _cpu_s(centre.pid)
    caller: ClientConnection | None = None
    for number in range(CHANGES):
        happened = time.perf_counter()
        if caller is None:
            caller = await _call(port)
        else:
            await caller.send(json.dumps({"t": "bye", "n": 1}))
            await caller.close()
            caller = None
        await _all_show(pages, (number + 1) % 2)
        delays += [page.seen_at - happened for page in pages]
        await asyncio.sleep(max(0.0, EVERY_S - (time.perf_counter() - happened)))
    assert centre.pid == pid, f"the centre died meanwhile: {''.join(centre.said)}"
    used = (_cpu_s(pid) - before) / (time.perf_counter() - begun)
    return delays, used


async def _call(port: int) -> ClientConnection:
    page = await connect(f"ws://127.0.0.1:{port}/ws/call")
    hello = {"t": "hello", "line": "main", "language": "en", "token": None, "session": None}
    await page.send(json.dumps({**hello, "playback": None}))
    return page


async def _all_show(pages: list[Page], waiting: int) -> None:
    async with asyncio.timeout(60):
        for page in pages:
            await page.shows(waiting)


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
