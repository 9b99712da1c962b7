"""A whole centre with real telephones: Asterisk, `openline run`, and what both are told."""

import json
import math
import re
import socket
import struct
import time
import urllib.request
import wave
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.cli.command import in_here
from tests.live.asterisk.server import HEAD, Server, free_port
from tests.live.centre_process import CentreProcess

CENTRE = """\
{head}
[queues.talk]
ring_timeout_s = {ring_timeout_s}

[lines.main]
queue = "talk"
{greeting}

[lines.main.entries.city]
kind = "number"
number = "+15550100"

[menus.main]
prompt = "menu-family-en"
time_limit_s = 20
choices.1 = {{ queue = "talk" }}
choices.2 = {{ queue = "talk", language = "es" }}

{more}
[agents.amira]
name = "Amira"
phone = {{ address = "127.0.0.1:{amira}" }}
[agents.ben]
name = "Ben"
phone = {{ address = "127.0.0.1:{ben}" }}

[pause_reasons]
meal = {{ name = "Meal" }}
[dispositions]
helped = {{ name = "Helped" }}
[practice]
enabled = false

# Nobody is simulated; the table makes this a demonstration, where one signs in without a password.
[simulation]
calls_per_day = 1
[simulation.day]
open = {{ start = "00:00", end = "00:01" }}
[[simulation.callers]]
line = "main"
talk_mean_s = 60
"""


_GREETED = """
greeting = "welcome-en"
leads_to = { menu = "main" }
"""


class House:
    """Is an Asterisk and a centre on it."""

    def __init__(
        self,
        folder: Path,
        *,
        menu: bool = False,
        ring_timeout_s: int = 20,
        line: str = "",
        more: str = "",
        own: Mapping[str, int] | None = None,
        **how: Any,
    ) -> None:
        """Writes the configuration of both; `more` are tables beside the usual ones.

        `line` are keys of the line, where it does not lead to the menu; `own` are recordings of
        one's own, each a tone of so many hertz; `how` is for Asterisk's own.
        """
        self.folder = folder
        self.company: Server | None = None
        """The telephone company, where it is a second Asterisk."""
        self.ports = {name: free_port(socket.SOCK_DGRAM) for name in ("amira", "ben")}
        self.server = Server(
            folder,
            CENTRE.format(
                head=HEAD,
                greeting=_GREETED if menu else line,
                ring_timeout_s=ring_timeout_s,
                more=more,
                **self.ports,
            ),
            **how,
        )
        for name, hertz in (own or {}).items():
            record_tone(self.server.folder / "own" / f"{name}.wav", hertz)
        self.data = folder / "data"
        self._centre: CentreProcess | None = None

    @property
    def centre(self) -> CentreProcess:
        """The running centre."""
        assert self._centre is not None
        return self._centre

    def start_centre(self, *, by_port: int | None = None) -> CentreProcess:
        """Starts the centre; it is open on return. `by_port`: it looks for Asterisk there."""
        if by_port is not None:
            self.server.is_found_at(by_port)
        self._centre = CentreProcess(self.server.config, self.data)
        return self._centre

    @contextmanager
    def opens(self) -> Iterator[None]:
        """Runs both while the context lasts; they come up beside each other."""
        with ExitStack() as stack:
            stack.callback(self.server.ends)
            self.server.begins()
            stack.enter_context(self.start_centre())
            self.server.is_ready()
            until(self.has_telephones, 20, what="the centre does not find its telephones")
            yield

    def lets_go(self) -> None:
        """Stops the centre; looks whether it held nothing any more, with nobody on the line."""
        self.centre.stop()
        assert not any("centre_held" in line for line in self.centre.said), self.centre.said
        (told,) = (line for line in self.centre.said if "telephones_let_go" in line)
        assert not re.findall(r"(\w+)=([1-9]\d*)(?!\S)", told), told

    def adds_up(self, calls: int) -> list[str]:
        """Ends the centre; looks whether its record has every call once, each with its end.

        Returns the story of each.
        """
        self.lets_go()
        checked = in_here("replay", *self._record, "--check")
        assert checked.code == 0, checked
        stories = [self.story(number) for number in range(1, calls + 1)]
        for story in stories:
            assert "It ended" in story, story
        assert in_here("replay", *self._record, "--call", str(calls + 1)).code != 0
        return stories

    @property
    def _record(self) -> tuple[str | Path, ...]:
        return ("--data", self.data, "--config", self.server.config)

    def story(self, call: int) -> str:
        """Returns what the record of a centre that is ended tells of a call."""
        return in_here("replay", *self._record, "--call", str(call)).out

    def tells_nowhere(self, secret: str) -> None:
        """Looks whether something that must not be known stands in any file or word of its."""
        for file in (file for file in self.folder.rglob("*") if file.is_file()):
            assert secret not in file.read_bytes().decode("utf-8", "replace"), file
        assert not any(secret in line for line in self.centre.said), self.centre.said

    def channels(self) -> list[dict[str, Any]]:
        """Returns what Asterisk has."""
        found: list[dict[str, Any]] = self.server.ask("/channels")
        return found

    def health(self) -> dict[str, Any]:
        """Returns what the centre says of itself."""
        with urllib.request.urlopen(f"{self.centre.base}/readyz", timeout=5) as answer:
            told: dict[str, Any] = json.loads(answer.read())
            return told

    def is_routing(self) -> bool:
        """Tells whether the centre is there and has its telephones."""
        try:
            told = self.health()
        except OSError:
            return False
        return bool(told["status"] == "ready" and not told["degraded"])

    def has_telephones(self) -> bool:
        """Tells whether the centre is there and is connected to Asterisk."""
        return "telephones_not_connected" not in self.health()["degraded"]

    def is_empty(self) -> bool:
        """Tells whether Asterisk has no channel and no bridge."""
        return not self.channels() and not self.server.ask("/bridges")


def record_tone(file: Path, hertz: int) -> None:
    """Writes two seconds of a tone."""
    samples = (int(9_000 * math.sin(2 * math.pi * hertz * n / 8_000)) for n in range(16_000))
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8_000)
        sound.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))


def until(
    true: Callable[[], Any], within_s: float = 10.0, *, what: str = "", every_s: float = 0.02
) -> None:
    """Waits until something is so."""
    deadline = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < deadline, what or "it did not come to be"
        time.sleep(every_s)


@contextmanager
def house(folder: Path, **how: Any) -> Iterator[House]:
    """Runs both while the context lasts."""
    made = House(folder, **how)
    with made.opens():
        yield made
