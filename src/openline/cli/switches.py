"""`openline line` and `openline surge`: what a supervisor switches for whole lines, from anywhere.

The same acts as on the page, over the same addresses; who did it is on record by the alias of the
account. Nobody who is in already is touched by any of them.
"""

import json as json_codec
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from openline.cli.at_centre import At, Data, Json, PasswordStdin, signed_in
from openline.model import SECOND

Login = Annotated[str, typer.Option(help="A supervisor's account.")]
LineArgument = Annotated[str, typer.Argument(help="The key of the line.")]

lines = typer.Typer(
    no_args_is_help=True, help="Closes a line of a running centre at once, or opens it again."
)
surges = typer.Typer(
    no_args_is_help=True, help="Switches a surge of a running centre on, or off again."
)


@lines.command("list")
def list_lines(
    login: Login,
    at: At = None,
    data: Data = None,
    password_stdin: PasswordStdin = False,
    json: Json = False,
) -> None:
    """Lists the lines: open or not, and who closed them.

    For example:

      openline line list --login sam

      openline line list --login sam --data data/evening
    """
    told = signed_in(at, login, password_stdin=password_stdin, data=data).get("/api/lines")
    if json:
        typer.echo(json_codec.dumps(told))
        return
    for line in told["lines"]:
        typer.echo(f"{line['key']}  {line['name']}  {_state(line)}")
    if told["surge"] is not None:
        typer.echo(f"The surge {told['surge']} is on.")


@lines.command("close")
def close_line(
    line: LineArgument,
    login: Login,
    at: At = None,
    data: Data = None,
    password_stdin: PasswordStdin = False,
    json: Json = False,
) -> None:
    """Closes a line for new calls at once; who is in already stays and is answered.

    For example:

      openline line close family-en --login sam
    """
    _switch_line(
        line, at=at, data=data, login=login, password_stdin=password_stdin, closed=True, json=json
    )


@lines.command("open")
def open_line(
    line: LineArgument,
    login: Login,
    at: At = None,
    data: Data = None,
    password_stdin: PasswordStdin = False,
    json: Json = False,
) -> None:
    """Opens a line again that somebody closed; its hours hold as usual.

    For example:

      openline line open family-en --login sam
    """
    _switch_line(
        line, at=at, data=data, login=login, password_stdin=password_stdin, closed=False, json=json
    )


def _switch_line(
    line: str,
    *,
    at: str | None,
    data: Path | None,
    login: str,
    password_stdin: bool,
    closed: bool,
    json: bool,
) -> None:
    centre = signed_in(at, login, password_stdin=password_stdin, data=data)
    told = centre.post(f"/api/lines/{line}/closure", {"closed": closed})
    if json:
        typer.echo(json_codec.dumps(told))
    elif closed:
        typer.echo(f"{line} is closed for new calls. To open it again: openline line open {line}")
    else:
        typer.echo(f"{line} is open again, by its hours.")


@surges.command("list")
def list_surges(
    login: Login,
    at: At = None,
    data: Data = None,
    password_stdin: PasswordStdin = False,
    json: Json = False,
) -> None:
    """Lists the surges of the configuration, and which one is on.

    For example:

      openline surge list --login sam
    """
    told = signed_in(at, login, password_stdin=password_stdin, data=data).get("/api/lines")
    if json:
        typer.echo(json_codec.dumps({"surge": told["surge"], "surges": told["surges"]}))
        return
    for surge in told["surges"]:
        is_on = "  on" if surge["key"] == told["surge"] else ""
        typer.echo(f"{surge['key']}  {surge['name']}{is_on}")
    if not told["surges"]:
        typer.echo("The configuration has no [surge].")


@surges.command("on")
def switch_on(
    surge: Annotated[str, typer.Argument(help="The key of the surge.")],
    login: Login,
    at: At = None,
    data: Data = None,
    password_stdin: PasswordStdin = False,
    json: Json = False,
) -> None:
    """Switches a surge on: everything that it changes, at once. Who waits keeps his place.

    For example:

      openline surge on many-calls --login sam
    """
    _switch_surge(surge, at=at, data=data, login=login, password_stdin=password_stdin, json=json)


@surges.command("off")
def switch_off(
    login: Login,
    at: At = None,
    data: Data = None,
    password_stdin: PasswordStdin = False,
    json: Json = False,
) -> None:
    """Switches all back to the usual, at once.

    For example:

      openline surge off --login sam
    """
    _switch_surge(None, at=at, data=data, login=login, password_stdin=password_stdin, json=json)


def _switch_surge(
    surge: str | None,
    *,
    at: str | None,
    data: Path | None,
    login: str,
    password_stdin: bool,
    json: bool,
) -> None:
    centre = signed_in(at, login, password_stdin=password_stdin, data=data)
    told = centre.post("/api/surge", {"surge": surge})
    if json:
        typer.echo(json_codec.dumps(told))
    elif surge is None:
        typer.echo("All is as usual.")
    else:
        typer.echo(f"The surge {surge} is on. Back to the usual: openline surge off")


def _state(line: dict[str, Any]) -> str:
    if line["closed_by"] is None:
        return "open" if line["open"] else "closed by its hours"
    since = datetime.fromtimestamp(line["closed_since"] / SECOND, UTC)
    return f"closed by {line['closed_by']} since {since:%Y-%m-%d %H:%M} UTC"
