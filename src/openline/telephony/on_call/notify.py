"""How somebody at home is rung: a program is run, an address is called, or both.

Neither learns more than which queue has nobody and which agent, by her key, is to be rung: who that
is and by which number she is reached knows the program or the service behind the address. What they
print or answer is not kept. Both are done off the loop and ended at their time limit.
"""

import asyncio
import contextlib
import http.client
import json
import os
import signal
from collections.abc import Sequence
from urllib.parse import urlsplit

import msgspec

from openline.model import PeerError

ENVIRONMENT = ("OPENLINE_QUEUE", "OPENLINE_QUEUE_NAME", "OPENLINE_AGENT")
"""What a program finds in its environment, besides where programs are."""

_KEPT = ("HOME", "LANG", "PATH", "TZ")
"""Of our own environment; what else is in it, perhaps secrets, is not passed on."""


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """Is what is told."""

    queue: str
    queue_name: str
    agent: str


class Failed(PeerError):
    """Says in one word why somebody could not be rung."""


async def notify(
    notice: Notice, *, command: Sequence[str], webhook: str | None, limit_s: float
) -> None:
    """Runs the command and calls the address, each if it is given, at the same time.

    Raises:
        Failed: With the word for the first that failed; the other is not kept from its work.
    """
    ways = []
    if command:
        ways.append(_run(notice, command, limit_s))
    if webhook is not None:
        ways.append(asyncio.to_thread(_call, notice, webhook, limit_s))
    for result in await asyncio.gather(*ways, return_exceptions=True):
        if isinstance(result, BaseException):
            raise result


async def _run(notice: Notice, command: Sequence[str], limit_s: float) -> None:
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    told = (notice.queue, notice.queue_name, notice.agent)
    environment.update(zip(ENVIRONMENT, told, strict=True))
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        raise Failed("command_not_found") from None
    try:
        async with asyncio.timeout(limit_s):
            code = await process.wait()
    except TimeoutError:
        raise Failed("command_timed_out") from None
    finally:
        # It, and whatever it started, ends with its time and with the centre.
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
    if code != 0:
        raise Failed("command_failed")


def _call(notice: Notice, address: str, limit_s: float) -> None:
    """Sends one request and follows no redirect; blocks, so it is called in a thread."""
    parts = urlsplit(address)
    body = json.dumps(
        {"queue": notice.queue, "queue_name": notice.queue_name, "agent": notice.agent}
    )
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection = kind(parts.hostname or "", parts.port, timeout=limit_s)
        try:
            connection.request("POST", path, body, {"Content-Type": "application/json"})
            status = connection.getresponse().status
        finally:
            connection.close()
    except TimeoutError:
        raise Failed("webhook_timed_out") from None
    except (OSError, ValueError, http.client.HTTPException):
        raise Failed("webhook_out_of_reach") from None
    if not 200 <= status <= 299:
        raise Failed("webhook_refused")
