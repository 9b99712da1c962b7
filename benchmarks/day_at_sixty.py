"""A whole yardstick day of some 6,500 calls at 60 times speed, with the web open: 24 minutes.

The real program (`openline run --speed 60`) with its record on disk, five wallboards on it. Lag
shows as late answers to a request that costs nothing and as wallboard pictures that do not come;
growth, as memory in the last third of the day. At 60 times speed a second of lag is a minute of a
caller's wait.
"""

import http.client
import json
import statistics
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.figure import Figure
from benchmarks.instruments import percentile, resident_mb, say
from tests.live.centre_process import CentreProcess

NAME = "day_at_sixty"
IS_LONG = True
SPEED = 60
MINUTES = 24.0
WALLBOARDS = 5
EXAMPLE = Path(__file__).parents[1] / "examples" / "yardstick.toml"


class Wallboard(threading.Thread):
    """Reads the stream as a television does, and counts."""

    def __init__(self, base: str) -> None:
        super().__init__(daemon=True)
        address = urlsplit(base)
        self._connection = http.client.HTTPConnection(address.hostname or "", address.port)
        self.pictures = 0
        self.latest: dict[str, object] = {}
        self.longest_gap_s = 0.0

    def run(self) -> None:
        """Reads until the centre ends."""
        self._connection.request("GET", "/events/wallboard?origins=simulated")
        response = self._connection.getresponse()
        last = time.monotonic()
        while line := response.readline():
            if line.startswith(b"data: "):
                now = time.monotonic()
                if self.pictures > 0:
                    self.longest_gap_s = max(self.longest_gap_s, now - last)
                last = now
                self.pictures += 1
                self.latest = json.loads(line[6:])


def run(minutes: float = MINUTES) -> list[Figure]:
    """Lives the day and measures it."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        with CentreProcess(EXAMPLE, data, "--speed", str(SPEED)) as centre:
            return _measure(centre, data, minutes * 60)


def _measure(centre: CentreProcess, data: Path, seconds: float) -> list[Figure]:
    boards = [Wallboard(centre.base) for _ in range(WALLBOARDS)]
    for board in boards:
        board.start()
    address = urlsplit(centre.base)
    connection = http.client.HTTPConnection(address.hostname or "", address.port)
    answers_ms: list[float] = []
    memory: list[float] = []
    begun = time.monotonic()
    arrived = 0
    while (elapsed := time.monotonic() - begun) < seconds:
        asked = time.perf_counter()
        connection.request("GET", "/livez")
        connection.getresponse().read()
        answers_ms.append((time.perf_counter() - asked) * 1_000)
        if len(answers_ms) % 20 == 0:
            memory.append(resident_mb(centre.pid))
            arrived = max(arrived, _arrived(boards[0]))
            say(f"{elapsed / 60:.1f} of {seconds / 60:.0f} min")
        time.sleep(0.2)
    pictures_a_second = min(board.pictures for board in boards) / seconds
    third = len(memory) // 3
    grown = statistics.median(memory[-third:]) - statistics.median(memory[third : 2 * third])
    p99 = percentile(answers_ms, 99)
    return [
        Figure.at_least(
            name="calls arrived since the centre's midnight",
            value=arrived,
            unit="calls",
            against="bound: half a yardstick day, for the day turns once in the run",
            reference=3_000 * seconds / (MINUTES * 60),
        ),
        Figure.at_most(
            name="p99 of an answer that costs nothing",
            value=p99,
            unit="ms",
            against="bound: 50 ms, three seconds of a simulated wait",
            reference=50,
        ),
        Figure.at_least(
            name="wallboard pictures",
            value=pictures_a_second,
            unit="per s",
            against="bound: three quarters of the two that may come",
            reference=1.5,
        ),
        Figure.at_most(
            name="longest silence of a wallboard",
            value=max(board.longest_gap_s for board in boards),
            unit="s",
            against="bound: 2 s",
            reference=2,
        ),
        Figure.at_most(
            name="memory grown from the second to the last third",
            value=grown,
            unit="MB",
            against="bound: 10 MB",
            reference=10,
        ),
        Figure.at_most(
            name="memory at the end",
            value=memory[-1],
            unit="MB",
            against="bound: 300 MB, for a machine of 2 GB",
            reference=300,
        ),
        Figure.at_most(
            name="record on disk",
            value=sum(file.stat().st_size for file in data.iterdir()) / 1e6,
            unit="MB",
            against="bound: 100 MB a day",
            reference=100,
        ),
    ]


def _arrived(board: Wallboard) -> int:
    total = board.latest.get("total")
    return int(total["arrived"]) if isinstance(total, dict) else 0
