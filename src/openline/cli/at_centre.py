"""What every command is told that speaks with a running centre, and how it signs in there."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from openline.cli.running_centre import RunningCentre
from openline.model import RefusedError

THIS_MACHINE = "http://127.0.0.1:8800"

At = Annotated[
    str | None,
    typer.Option(
        "--at",
        help=f"The address of the running centre. Default: of --data, or {THIS_MACHINE}.",
    ),
]
Data = Annotated[
    Path | None,
    typer.Option("--data", help="The data folder of a centre that runs on this machine."),
]
PasswordStdin = Annotated[
    bool,
    typer.Option(
        "--password-stdin",
        help="Read the password, and after it the code of a second factor, from standard input.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Answer for machines.")]


def address_of(at: str | None, data: Path | None) -> str:
    """Returns where a centre listens: as said, as its folder says, or where most do.

    Raises:
        RefusedError: (code `not_running`) no centre has noted in the folder where it listens.
    """
    if at is not None or data is None:
        return at or THIS_MACHINE
    from openline.store import DataFolder

    address = DataFolder(data).address()
    if address is None:
        raise RefusedError(
            f"No centre runs in {data}. Start it there, name another folder, or its address with "
            "--at.",
            code="not_running",
        )
    return address


def signed_in(
    at: str | None, login: str, *, password_stdin: bool, data: Path | None = None
) -> RunningCentre:
    """Returns the centre, signed in; password and code are asked for, or read.

    Raises as `address_of`; and `RefusedError` where the centre does not let one in.
    """
    centre = RunningCentre(address_of(at, data))
    password = (
        sys.stdin.readline().rstrip("\n")
        if password_stdin
        else typer.prompt(f"Password of {login}", hide_input=True, err=True)
    )

    def code() -> str:
        if password_stdin:
            return sys.stdin.readline().strip()
        return str(typer.prompt(f"Code of {login}'s second factor", err=True))

    centre.sign_in(login, password, code)
    return centre
