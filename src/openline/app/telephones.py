"""Sets up, tells of and runs the Asterisk of a centre."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from openline.app.kept_program import KeptProgram
from openline.app.options import configuration_in
from openline.configuration import Asterisk, Phone, Published, load
from openline.model import AgentKey, PeerError, RefusedError
from openline.telephony.asterisk import (
    OLDEST,
    Change,
    Program,
    changes,
    complete,
    endpoint_of,
    find_program,
    read_secrets,
    start,
    write,
)


class PhoneAccount(msgspec.Struct, frozen=True, kw_only=True):
    """Is what is typed into an agent's telephone."""

    agent: AgentKey
    server: str
    transport: str
    user: str
    password: str | None
    """None for one that does not register."""
    is_ordinary: bool = False
    """Whether it is rung at its number, which is told nowhere."""
    is_browser: bool = False
    """Whether it is her desktop, into which nobody types anything."""


def configure(config: Path, *, check: bool) -> tuple[Path, list[Change]]:
    """Writes Asterisk's folder, unless it is only to be checked; returns it and what changes.

    Raises `RefusedError`.
    """
    published, asterisk = _telephones(config)
    program = _program()
    secrets = complete(read_secrets(asterisk.folder), asterisk)
    found = changes(published, secrets, program)
    if not check:
        write(published, secrets, program)
    return asterisk.folder, found


def phone_accounts(config: Path) -> list[PhoneAccount]:
    """Returns what is typed into each agent's telephone.

    Raises `RefusedError` where Asterisk was not configured since a telephone was added.
    """
    _, asterisk = _telephones(config)
    secrets = read_secrets(asterisk.folder)
    accounts = []
    for phone in asterisk.phones:
        password = None if secrets is None else secrets.phones.get(phone.agent)
        if phone.registers and password is None:
            raise RefusedError(
                f"The telephone of {phone.agent} has no password yet. "
                f"Type: openline asterisk configure --config {config}",
                code="not_configured",
            )
        accounts.append(
            PhoneAccount(
                agent=phone.agent,
                server=f"{asterisk.sip_address}:{_port(asterisk, phone)}",
                transport=_transport(phone),
                user=endpoint_of(phone.agent),
                password=None if phone.in_browser else password,
                is_ordinary=phone.number is not None,
                is_browser=phone.in_browser,
            )
        )
    return accounts


def _transport(phone: Phone) -> str:
    if phone.in_browser:
        return "WS"
    return "TLS" if phone.encrypted else "UDP"


def _port(asterisk: Asterisk, phone: Phone) -> int:
    return asterisk.tls.port if phone.encrypted and asterisk.tls is not None else asterisk.sip_port


def run(config: Path, *, ready: Callable[[str, str], None]) -> int:
    """Runs Asterisk until it ends or is told to stop; returns the exit code.

    `ready` is told its version and its SIP address once it is started.

    Raises `RefusedError` where it is not there, or its folder is not as the configuration wants.
    """
    published, asterisk = _telephones(config)
    program = _program()
    secrets = read_secrets(asterisk.folder)
    if secrets is None or changes(published, complete(secrets, asterisk), program):
        raise RefusedError(
            f"Asterisk's folder {asterisk.folder} does not follow the configuration. "
            f"Type: openline asterisk configure --config {config}",
            code="not_configured",
        )
    process = start(program, asterisk.folder, said=sys.stderr.fileno())
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, lambda *_: process.terminate())
    ready(program.version, f"sip:{asterisk.sip_address}:{asterisk.sip_port}")
    code = process.wait()
    return 0 if code in (0, -signal.SIGTERM) else 1


@contextmanager
def beside(config: Path, *, died: Callable[[], None]) -> Iterator[tuple[Asterisk, str]]:
    """Configures Asterisk and keeps it running for as long as the context lasts.

    Yields how it is set up, and its version. If it ends by itself it is started again, and `died`
    is told. Raises `RefusedError` or `PeerError` where that cannot be.
    """
    configure(config, check=False)
    _, asterisk = _telephones(config)
    program = _program()
    keeper = KeptProgram("asterisk", lambda: start(program, asterisk.folder), died)
    keeper.start()
    try:
        yield asterisk, program.version
    finally:
        keeper.stop()


def _telephones(config: Path) -> tuple[Published, Asterisk]:
    published = load(configuration_in(config))
    if published.asterisk is None:
        raise RefusedError(
            f"{config} has no [telephony.asterisk]: there are no telephones to set up.",
            code="no_telephones",
        )
    return published, published.asterisk


def _program() -> Program:
    program = find_program()
    if program is None:
        raise PeerError(
            f"There is no Asterisk from {OLDEST} on this machine. Install the package "
            "`asterisk` where the distribution has one that new; on any Debian, "
            "`scripts/asterisk.sh` of the checkout lays one into the cache."
        )
    return program
