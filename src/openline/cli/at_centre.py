"""What every command is told that speaks with a running centre, and how it signs in there."""

import sys
from typing import Annotated

import typer

from openline.cli.running_centre import RunningCentre

THIS_MACHINE = "http://127.0.0.1:8800"

At = Annotated[str, typer.Option("--at", help="The address of the running centre.")]
PasswordStdin = Annotated[
    bool,
    typer.Option(
        "--password-stdin",
        help="Read the password, and after it the code of a second factor, from standard input.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Answer for machines.")]


def signed_in(at: str, login: str, *, password_stdin: bool) -> RunningCentre:
    """Returns the centre, signed in; password and code are asked for, or read."""
    centre = RunningCentre(at)
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
