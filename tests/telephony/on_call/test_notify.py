"""Is somebody at home rung, by a real program and over a real socket, and is a failure named?"""

import asyncio
import http.server
import json
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from openline.telephony.on_call import ENVIRONMENT, Failed, Notice, notify

NOTICE = Notice(queue="talk", queue_name="Talk; $(reboot)", agent="amira")


def rung(command: tuple[str, ...] = (), webhook: str | None = None, limit_s: float = 10) -> str:
    """Rings; returns the word for what failed, or nothing."""
    try:
        asyncio.run(notify(NOTICE, command=command, webhook=webhook, limit_s=limit_s))
    except Failed as error:
        return str(error)
    return ""


# --- a program -------------------------------------------------------------------------------


def test_a_program_learns_the_queue_and_the_agents_key_and_nothing_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", "hunter22")
    said = tmp_path / "said"
    script = "import json, os, sys; json.dump(dict(os.environ), open(sys.argv[1], 'w'))"
    assert rung((sys.executable, "-c", script, str(said))) == ""
    environment = json.loads(said.read_text())
    assert [environment[name] for name in ENVIRONMENT] == ["talk", "Talk; $(reboot)", "amira"]
    assert "PGPASSWORD" not in environment


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (("/bin/false",), "command_failed"),
        (("/bin/nothing-of-that-name",), "command_not_found"),
    ],
)
def test_a_program_that_fails_is_named(command: tuple[str, ...], why: str) -> None:
    assert rung(command) == why


def test_a_program_that_takes_too_long_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    # Opened to write, the pipe ends when the last process that holds it has ended.
    reading, writing = os.pipe()
    os.set_inheritable(writing, True)
    script = f"sleep 600 & echo $! > {pid}; wait"
    assert rung(("/bin/sh", "-c", script), limit_s=1) == "command_timed_out"
    os.close(writing)
    os.close(reading)
    assert not Path(f"/proc/{pid.read_text().strip()}/cwd").exists()


# --- an address ------------------------------------------------------------------------------


class Service(http.server.BaseHTTPRequestHandler):
    """Answers as its path says."""

    heard: list[object] = []  # noqa: RUF012 -- the handler is made anew for each request

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.heard.append(json.loads(body))
        if self.path == "/slow":
            self.server.slow.wait()  # type: ignore[attr-defined]  # ours, see `service`
        self.send_response(
            302 if self.path == "/elsewhere" else 500 if self.path == "/bad" else 204
        )
        self.send_header("Location", "/fine")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def service() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
    server.slow = threading.Event()  # type: ignore[attr-defined]  # read by the handler
    Service.heard.clear()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.slow.set()  # type: ignore[attr-defined]  # as above
        server.shutdown()
        server.server_close()


def test_an_address_is_told_the_same(service: str) -> None:
    assert rung(webhook=f"{service}/fine") == ""
    assert Service.heard == [{"queue": "talk", "queue_name": "Talk; $(reboot)", "agent": "amira"}]


@pytest.mark.parametrize(
    ("path", "why"),
    [("bad", "webhook_refused"), ("elsewhere", "webhook_refused"), ("slow", "webhook_timed_out")],
)
def test_an_address_that_fails_is_named_and_leads_nowhere_else(
    service: str, path: str, why: str
) -> None:
    assert rung(webhook=f"{service}/{path}", limit_s=0.3 if path == "slow" else 10) == why
    assert len(Service.heard) == 1


def test_an_address_that_nobody_serves_is_named() -> None:
    assert rung(webhook="http://127.0.0.1:1/ring") == "webhook_out_of_reach"


def test_one_way_that_fails_does_not_keep_the_other_from_its_work(service: str) -> None:
    assert rung(("/bin/false",), f"{service}/fine") == "command_failed"
    assert len(Service.heard) == 1
