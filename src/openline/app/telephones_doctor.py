"""Are the telephones as they should be, and does Asterisk live? One finding per question."""

import http.client
import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from openline.app.sound_spool import SoundSpool
from openline.app.trunks_doctor import trunks_found
from openline.configuration import Asterisk, Published
from openline.model import RefusedError
from openline.telephony.asterisk import (
    OLDEST,
    Program,
    Secrets,
    changes,
    complete,
    endpoint_of,
    find_program,
    modules_wanted,
    read_secrets,
)

WITHIN_S = 3.0
_LOOPBACK = ("0100007F", "00000000000000000000000001000000")

F = TypeVar("F")
_Ok = Callable[[str, str], F]
_Bad = Callable[[str, str, str], F]


def telephones_found(
    published: Published, ok: _Ok[F], warn: _Bad[F], wrong: _Bad[F]
) -> Iterator[F]:
    """Yields what was found of Asterisk: the program, its folder, and the one that runs."""
    asterisk = published.asterisk
    if asterisk is None:
        return
    about = "Asterisk"
    program = find_program()
    if program is None:
        yield wrong(
            about,
            f"There is none from {OLDEST} on.",
            "Install the package asterisk; where it is too old, ./test or ./run --asterisk of the "
            "checkout fetches one.",
        )
        return
    yield ok(about, f"Version {program.version}.")
    yield from _folder(published, asterisk, program, ok, wrong)
    yield from _running(asterisk, program, ok, warn, wrong)
    yield from _recording(published, asterisk, ok, warn, wrong)
    yield from _numbers(asterisk, ok, wrong)
    yield from trunks_found(asterisk, program, ok, warn, wrong)


def _folder(
    published: Published, asterisk: Asterisk, program: Program, ok: _Ok[F], wrong: _Bad[F]
) -> Iterator[F]:
    about = "telephone folder"
    mend = "Type: openline asterisk configure --config FILE, and start Asterisk again."
    try:
        secrets = read_secrets(asterisk.folder)
    except RefusedError as error:
        yield wrong(about, str(error), "See there.")
        return
    if secrets is None:
        yield wrong(about, f"{asterisk.folder} was never written.", mend)
        return
    try:
        differing = changes(published, complete(secrets, asterisk), program)
    except RefusedError as error:
        yield wrong(about, str(error), mend)
        return
    if differing:
        names = ", ".join(change.file.name for change in differing[:3])
        yield wrong(about, f"It does not follow the configuration: {names}.", mend)
    elif asterisk.folder.stat().st_mode & 0o077:
        yield wrong(
            about,
            f"{asterisk.folder} is open to other users of this machine; passwords lie in it.",
            f"chmod 700 {asterisk.folder}",
        )
    else:
        yield ok(about, "It follows the configuration, recordings included.")


def _numbers(asterisk: Asterisk, ok: _Ok[F], wrong: _Bad[F]) -> Iterator[F]:
    """Yields whether the private numbers of agents are kept from others."""
    file, count = asterisk.numbers_file, sum(each.number is not None for each in asterisk.phones)
    if file is None or not count:
        return
    about = "agents' numbers"
    try:
        is_open = bool(file.stat().st_mode & 0o077)
    except OSError:
        yield wrong(about, f"{file} cannot be read.", "Give it to the user of the centre.")
        return
    if is_open:
        yield wrong(
            about,
            f"{file} is open to other users of this machine; private numbers stand in it.",
            f"chmod 600 {file}",
        )
    else:
        yield ok(about, f"{count} agents are rung at numbers that only this user can read.")


def _recording(
    published: Published, asterisk: Asterisk, ok: _Ok[F], warn: _Bad[F], wrong: _Bad[F]
) -> Iterator[F]:
    """Yields whether messages and talks that are recorded stay in memory until they are sealed."""
    if not published.boxes and not any(line.consent for line in published.settings.lines):
        return
    about, spool = "messages", SoundSpool(asterisk.spool)
    if not spool.is_memory:
        yield wrong(
            about,
            f"{asterisk.spool} is on a disk: sound that passes through it could be found there. "
            "Nothing is recorded.",
            "Choose a folder in memory (tmpfs) with [telephony.asterisk] spool.",
        )
        return
    trouble = spool.why_not
    if trouble is not None:
        said, mend = _RECORDER[trouble]
        yield wrong(about, said, mend)
    elif _has_swap():
        yield warn(
            about,
            "This machine may move memory to its disk (swap), sound that waits to be sealed too.",
            "Encrypt the swap, or switch it off: swapoff -a",
        )
    else:
        yield ok(about, "What is recorded is sealed while people speak.")


_RECORDER = {
    "recorder_away": (
        "No recorder runs: callers cannot leave messages.",
        "It runs beside the centre: start that by `openline run`.",
    ),
    "disk_full": (
        "The disk is full: messages wait in memory, unsealed.",
        "Make room on the disk of the data folder.",
    ),
    "disk_failed": (
        "The disk takes nothing: messages wait in memory, unsealed.",
        "Look into the log of the recorder and after the disk.",
    ),
    "memory_full": (
        "The folder in memory is nearly full: nothing new is recorded.",
        "Look whether the recorder runs and the disk takes what it seals.",
    ),
}


def _has_swap() -> bool:
    try:
        return len(Path("/proc/swaps").read_text(encoding="ascii").splitlines()) > 1
    except OSError:
        return False


def _running(
    asterisk: Asterisk, program: Program, ok: _Ok[F], warn: _Bad[F], wrong: _Bad[F]
) -> Iterator[F]:
    about = "telephones"
    secrets = read_secrets(asterisk.folder)
    if secrets is None:
        return
    status, modules = _asked(asterisk, secrets.ari, "asterisk/modules")
    if status is None:
        yield wrong(
            about,
            f"No Asterisk answers at 127.0.0.1:{asterisk.ari_port}.",
            "Type: openline asterisk run --config FILE",
        )
        return
    if status != http.HTTPStatus.OK:
        yield wrong(
            about,
            f"What answers at 127.0.0.1:{asterisk.ari_port} does not know our password ({status}).",
            "Stop that Asterisk, or choose another [telephony.asterisk] ari_port.",
        )
        return
    has_browsers = any(phone.in_browser for phone in asterisk.phones)
    runs = {m["name"].removesuffix(".so") for m in modules if m["status"] == "Running"}
    missing = sorted(set(modules_wanted(program, has_browsers=has_browsers)) - runs)
    if missing:
        yield wrong(
            about,
            f"Modules do not run: {', '.join(missing[:5])}.",
            f"Look into {asterisk.folder}/var/log/messages.",
        )
    else:
        yield ok(about, "Asterisk runs, with every module that is needed.")
    open_at = _open_places(asterisk.ari_port)
    if open_at:
        yield wrong(
            "telephone control",
            f"Port {asterisk.ari_port} is open to the network: whoever has the password steers "
            "every call.",
            "Start Asterisk with the configuration that Openline wrote.",
        )
    else:
        yield ok("telephone control", "Only this machine can steer Asterisk.")
    yield from _phones(asterisk, secrets.ari, ok, warn)
    yield from _browsers(asterisk, secrets, ok, wrong)


def _phones(asterisk: Asterisk, password: str, ok: _Ok[F], warn: _Bad[F]) -> Iterator[F]:
    _, endpoints = _asked(asterisk, password, "endpoints/PJSIP")
    online = {each["resource"] for each in endpoints or () if each.get("state") == "online"}
    own = [p.agent for p in asterisk.phones if p.number is None and not p.in_browser]
    away = [agent for agent in own if endpoint_of(agent) not in online]
    if away:
        yield warn(
            "agents' telephones",
            f"Not there: {', '.join(away[:10])}.",
            "Switch them on; `openline asterisk phones` tells what is typed into them.",
        )
    elif own:
        yield ok("agents' telephones", f"All {len(own)} can be rung.")


def _browsers(asterisk: Asterisk, secrets: Secrets, ok: _Ok[F], wrong: _Bad[F]) -> Iterator[F]:
    """Yields whether agents who answer in the browser could register, and how many have."""
    agents = [phone.agent for phone in asterisk.phones if phone.in_browser]
    if not agents:
        return
    about = "agents in browsers"
    without = [agent for agent in agents if agent not in secrets.phones]
    if without:
        yield wrong(
            about,
            f"No password for {', '.join(without[:10])}: their pages cannot register.",
            "Type: openline asterisk configure --config FILE, and start Asterisk again.",
        )
        return
    if not _takes_browsers(asterisk.ari_port):
        yield wrong(
            about,
            f"Asterisk takes no browsers at 127.0.0.1:{asterisk.ari_port}/ws.",
            "Type: openline asterisk configure --config FILE, and start Asterisk again.",
        )
        return
    _, endpoints = _asked(asterisk, secrets.ari, "endpoints/PJSIP")
    online = {each["resource"] for each in endpoints or () if each.get("state") == "online"}
    there = sum(endpoint_of(agent) in online for agent in agents)
    yield ok(about, f"Asterisk takes them; {there} of {len(agents)} are registered now.")


def _takes_browsers(port: int) -> bool:
    """Tells whether SIP over WebSocket is spoken at Asterisk's port."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WITHIN_S)
    asked = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": b64encode(bytes(16)).decode(),
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Protocol": "sip",
    }
    try:
        connection.request("GET", "/ws", headers=asked)
        return connection.getresponse().status == http.HTTPStatus.SWITCHING_PROTOCOLS
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _asked(asterisk: Asterisk, password: str, path: str) -> tuple[int | None, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", asterisk.ari_port, timeout=WITHIN_S)
    word = b64encode(f"openline:{password}".encode()).decode()
    try:
        connection.request("GET", f"/ari/{path}", headers={"Authorization": f"Basic {word}"})
        answer = connection.getresponse()
        body = answer.read()
        return answer.status, json.loads(body) if answer.status == http.HTTPStatus.OK else None
    except (OSError, http.client.HTTPException, ValueError):
        return None, None
    finally:
        connection.close()


def _open_places(port: int) -> list[str]:
    """Returns the addresses beyond loopback at which somebody listens on the port."""
    found = []
    for table in ("tcp", "tcp6"):
        try:
            lines = Path(f"/proc/net/{table}").read_text(encoding="ascii").splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            address, _, hexadecimal = fields[1].partition(":")
            if fields[3] == "0A" and int(hexadecimal, 16) == port and address not in _LOOPBACK:
                found.append(address)
    return found
