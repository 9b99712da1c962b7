"""A real Asterisk for the tests: as `openline asterisk configure` sets it up, on free ports.

It listens on loopback alone. The trunk's calls come from 127.0.0.2, telephones are on 127.0.0.1, so
that Asterisk tells them apart by their addresses as it would in earnest.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from base64 import b64encode
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from openline.telephony.asterisk import find_program
from tests.cli.command import in_here

READY_WITHIN_S = 60.0
TRUNK = "127.0.0.2"
NUMBER = "15550100"

HEAD = """\
[centre]
name = "Test Line"
time_zone = "America/Chicago"
"""

TELEPHONES = """\
[telephony.asterisk]
folder = "{folder}"
sip_port = {sip_port}
ari_port = {ari_port}
lost_after_s = {lost_after_s}
most_arriving = {most_arriving}
beyond_it = "{beyond_it}"
rtp_from = {rtp_from}
rtp_to = {rtp_to}
{asterisk}

[trunks.carrier]
address = "{trunk_address}"
{trunk}
calls_from = ["127.0.0.2"]
dials = true
shows = "+15550100"
calls_per_hour = {calls_per_hour}
"""


def free_port(kind: socket.SocketKind, address: str = "127.0.0.1") -> int:
    """Returns a port that nobody uses now."""
    with socket.socket(socket.AF_INET, kind) as trying:
        trying.bind((address, 0))
        return int(trying.getsockname()[1])


class Server:
    """Is one configuration and the Asterisk that follows it; start and kill it as a test needs."""

    def __init__(
        self,
        folder: Path,
        centre: str,
        *,
        lost_after_s: int = 30,
        most_arriving: int = 100,
        beyond_it: str = "message",
        calls_per_hour: int = 60,
        asterisk: str = "",
        trunk: str = "",
        trunk_address: str | None = None,
        sound_ports: int = 400,
    ) -> None:
        """Writes the configuration.

        `asterisk` and `trunk` are more keys of their tables; `sound_ports` are two for each
        channel.
        """
        self.sip_port = free_port(socket.SOCK_DGRAM)
        self.ari_port = free_port(socket.SOCK_STREAM)
        self.trunk_port = free_port(socket.SOCK_DGRAM, TRUNK)
        self.rtp_from = 20_000 + os.getpid() % 20 * 400
        self.folder = folder / "asterisk"
        self.config = folder / "openline.toml"
        written = TELEPHONES.format(
            folder=self.folder,
            sip_port=self.sip_port,
            ari_port=self.ari_port,
            lost_after_s=lost_after_s,
            most_arriving=most_arriving,
            beyond_it=beyond_it,
            calls_per_hour=calls_per_hour,
            asterisk=asterisk,
            trunk=trunk,
            trunk_address=trunk_address or f"{TRUNK}:{self.trunk_port}",
            rtp_from=self.rtp_from,
            rtp_to=self.rtp_from + sound_ports - 1,
        )
        self.config.write_text(f"{centre}\n{written}", encoding="utf-8")
        self._process: subprocess.Popen[str] | None = None
        configured = in_here("asterisk", "configure", "--config", self.config)
        assert configured.code == 0, configured
        self.configured = configured.out
        secrets = json.loads((self.folder / "secrets").read_text())
        self.ari_password: str = secrets["ari"]
        self.phone_passwords: dict[str, str] = secrets["phones"]

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            # Nobody leaves a context that was never entered.
            self.kill()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.ends()

    def ends(self) -> None:
        """Kills it, and leaves nothing of it in memory."""
        self.kill()
        etc = (self.folder / "etc" / "asterisk.conf").read_text()
        for line in etc.splitlines():
            if line.startswith("astspooldir"):  # it is memory, and of this test alone
                shutil.rmtree(line.split("=> ")[1], ignore_errors=True)

    @property
    def pid(self) -> int:
        """The process of Asterisk itself."""
        assert self._process is not None
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        return int(children.read_text().split()[0])

    def start(self) -> None:
        """Starts it; on return it takes orders and calls."""
        self.begins()
        self.is_ready()

    def begins(self) -> None:
        """Starts it, and leaves it to itself."""
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "openline.cli", "asterisk", "run"),
                *("--config", str(self.config)),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def is_ready(self) -> None:
        """Waits until it takes orders and calls."""
        until = time.monotonic() + READY_WITHIN_S
        while not self._is_up():
            assert self._process is not None
            assert self._process.poll() is None, f"Asterisk did not start: {self.log}"
            assert time.monotonic() < until, f"Asterisk is not ready: {self.log}"
            time.sleep(0.05)

    def _is_up(self) -> bool:
        try:
            return bool(self.ask("/asterisk/info")["status"])
        except urllib.error.HTTPError as error:  # its modules are still loading
            error.close()
            return False
        except (OSError, KeyError, ValueError):
            return False

    def ask(self, path: str, method: str = "GET") -> Any:
        """Asks Asterisk by HTTP, beside the connection that is tested."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.ari_port}/ari{path}", method=method
        )
        word = b64encode(f"openline:{self.ari_password}".encode()).decode()
        request.add_header("Authorization", f"Basic {word}")
        with urllib.request.urlopen(request, timeout=5) as answer:
            return json.loads(answer.read() or b"null")

    def is_found_at(self, port: int) -> None:
        """Lets a centre that starts now look for it at another port than it listens at."""
        text = self.config.read_text(encoding="utf-8")
        text = text.replace(f"ari_port = {self.ari_port}", f"ari_port = {port}")
        self.config.write_text(text, encoding="utf-8")

    def reloads_events(self) -> None:
        """Ends what tells events, and begins it anew."""
        for method in ("DELETE", "POST"):
            self.ask("/asterisk/modules/res_ari_events.so", method)

    def kill(self) -> None:
        """Kills it as a power cut would; it says goodbye to nobody."""
        if self._process is not None:
            # What runs it ends with it, and the other way round.
            if self._process.poll() is None:
                try:
                    os.kill(self.pid, signal.SIGKILL)
                except (IndexError, OSError):
                    self._process.kill()
            self._process.wait(timeout=10)
            self._process = None

    @property
    def log(self) -> str:
        """All that it complained of."""
        file = self.folder / "var" / "log" / "messages"
        return file.read_text(errors="replace") if file.exists() else ""


HAS_ASTERISK = find_program() is not None
WHY_NOT = "there is no Asterisk that is new enough: ./test fetches one where it may"
