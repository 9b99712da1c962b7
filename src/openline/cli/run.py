"""`openline run`: takes the port, then keeps the centre open and says where to click."""

import contextlib
import os
import secrets
import socket
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import typer

from openline.app.doorway import Door, door_of, own_address, said, with_relay
from openline.app.options import (
    TELEPHONES,
    AskedPublic,
    Options,
    configuration_in,
    example,
    is_unbegun,
    options,
)
from openline.app.parent import KEY_VARIABLE, Parent, child_command
from openline.app.ports import taken
from openline.app.recorder_program import has_telephones, recorder_beside
from openline.app.relay_program import place_of, relay_beside, relay_program
from openline.model import RefusedError

HOST, PORT = "127.0.0.1", 8800


def run_centre(
    *,
    config: Path | None,
    data: Path | None,
    speed: float,
    port: int | None,
    asterisk: bool = False,
    public: AskedPublic | None = None,
) -> int:
    """Runs until Ctrl-C, with an Asterisk beside it if that is asked for; returns the exit code."""
    if not asterisk:
        return _run(config=config, data=data, speed=speed, port=port, public=public)
    from openline.app.telephones import beside

    if config is None:
        config = example(TELEPHONES)
        data = Path("data") / config.stem if data is None else data

    def died() -> None:
        typer.echo("Asterisk died; it is being started again.", err=True)

    with beside(config, died=died) as (telephones, version):
        numbers = ", ".join(number.digits for number in telephones.numbers)
        typer.echo(
            f"\n  Asterisk {version} takes calls at "
            f"sip:{telephones.sip_address}:{telephones.sip_port}, for {numbers}"
        )
        return _run(config=config, data=data, speed=speed, port=port, public=public)


def _run(
    *,
    config: Path | None,
    data: Path | None,
    speed: float,
    port: int | None,
    public: AskedPublic | None,
) -> int:
    chosen = options(config=config, data=data, speed=speed, port=port, public=public)
    if public is not None and config is not None and is_unbegun(config):
        raise RefusedError(
            f"There is no centre in {config} yet. Begin it first, at this machine: "
            f"openline run --config {config}, or openline new {config}",
            code="no_centre",
        )
    where = _place(chosen)
    listening = taken(where.host, where.port, mend="choose another with --port")
    address = f"http://{where.host}:{listening.getsockname()[1]}"
    if config is not None and data is None and is_unbegun(config):
        code = _begin(config, listening, address)
        if code != 0 or not configuration_in(config).exists():
            return code
        chosen = options(config=config, data=None, speed=speed, port=port, public=public)

    def ready(is_first: bool, is_demo: bool) -> None:
        if not is_first:
            typer.echo("The centre is back; everybody is at his place.")
            return
        if recorder is not None:
            recorder.start()
        if where.door is not None:
            for line in said(where.door, port=listening.getsockname()[1]):
                typer.echo(line)
        else:
            typer.echo(f"\n  Openline is open:  {address}")
        if is_demo:
            typer.echo(
                "  This is a demonstration: the other callers and agents are simulated.\n"
                "  Click Call in one window and Answer in another, or just Watch."
            )
        typer.echo(f"  Data: {chosen.data}    Stop: Ctrl-C\n")

    def crashed(code: int) -> None:
        said = f"signal {-code}" if code < 0 else f"code {code}"
        typer.echo(f"The centre died ({said}); it is being started again.", err=True)

    def recorder_died() -> None:
        typer.echo("The recorder died; it is being started again.", err=True)

    recorder = None
    if has_telephones(chosen.config):
        recorder = recorder_beside(chosen.config, chosen.data, recorder_died)

    arguments = ["--config", str(chosen.config), "--data", str(chosen.data)]
    arguments += ["--speed", repr(chosen.speed)]
    arguments += [] if public is None else public.arguments
    with _relay_beside(where.door) as door:
        where = replace(where, door=door)
        parent = Parent(
            child_command(arguments),
            listening,
            on_ready=ready,
            on_crash=crashed,
            has_loader=where.has_loader,
        )
        try:
            return parent.run()
        finally:
            if recorder is not None and recorder.is_alive():
                recorder.stop()


@contextlib.contextmanager
def _relay_beside(door: Door | None) -> Iterator[Door | None]:
    """Runs a relay for a centre that is open to the world and names none, where coturn is."""
    program = relay_program()
    here = own_address()
    if door is None or door.relays or program is None or here is None:
        yield door
        return

    def died() -> None:
        typer.echo("The relay died; it is being started again.", err=True)

    with relay_beside(program, place_of(door.name, here), died):
        yield with_relay(door, here)


def _begin(folder: Path, listening: socket.socket, address: str) -> int:
    """Lets the page in the browser begin a centre in the folder; returns the exit code."""
    key = secrets.token_urlsafe(9)
    os.environ[KEY_VARIABLE] = key

    def ready(is_first: bool, is_demo: bool) -> None:
        typer.echo(
            f"\n  There is no centre in {folder} yet. Begin one:  {address}/begin/{key}\n"
            f"  Open this address in a browser on this machine; it asks eight questions.\n"
            f"  Stop: Ctrl-C\n"
        )

    def crashed(code: int) -> None:
        typer.echo(f"The page died (code {code}); it is being started again.", err=True)

    command = child_command([str(folder)], command="begin")
    try:
        return Parent(command, listening, on_ready=ready, on_crash=crashed).run()
    finally:
        del os.environ[KEY_VARIABLE]


@dataclass(frozen=True, kw_only=True)
class _Place:
    """Is where to listen."""

    host: str
    port: int
    door: Door | None
    """How it is reached from everywhere; None: only from this machine, or by other means."""
    has_loader: bool
    """Whether the program is kept loaded, so that the next centre begins at once."""


def _place(chosen: Options) -> _Place:
    """Returns where to listen.

    The parent must have the port before the centre is there, and should not cost the time to
    load all that checks a configuration; so it reads these few keys alone, and leaves it to the
    centre to say what is wrong with the file.
    """
    host, port, door, has_loader = HOST, PORT, None, True
    with contextlib.suppress(OSError, ValueError, AttributeError, TypeError):
        read = tomllib.loads(chosen.config.read_text(encoding="utf-8"))
        server = read.get("server", {})
        has_loader = bool(server.get("spare", True))
        public = server.get("public")
        if public is not None or chosen.public is not None:
            door = door_of(public or {}, read, chosen.public)
        host = str(server.get("host", HOST)) if door is None else door.host
        port = int(server.get("port", PORT)) if door is None else door.port
    return _Place(
        host=host,
        port=port if chosen.port is None else chosen.port,
        door=door,
        has_loader=has_loader,
    )
