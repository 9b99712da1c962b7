"""`openline emergency-list`: the emergency services of a running centre, and a change that waits.

A change comes in with a published configuration. Here a second person confirms it or anybody who
may withdraws it; the same can be done in the supervisor's room.
"""

import json as json_codec
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from openline.cli.at_centre import THIS_MACHINE, At, Json, PasswordStdin, signed_in
from openline.cli.running_centre import RunningCentre
from openline.model import SECOND, RefusedError

Login = Annotated[str, typer.Option(help="A supervisor's or an administrator's account.")]

emergency_lists = typer.Typer(
    no_args_is_help=True,
    help="Shows the emergency services of a running centre; confirms a change of them.",
)


@emergency_lists.command("show")
def show(
    login: Login, at: At = THIS_MACHINE, password_stdin: PasswordStdin = False, json: Json = False
) -> None:
    """Shows the list that is in force, the change that waits, and all changes that there were.

    For example:

      openline emergency-list show --login sam
    """
    told = signed_in(at, login, password_stdin=password_stdin).get("/api/emergency-list")
    typer.echo(json_codec.dumps(told) if json else _in_words(told))


@emergency_lists.command("confirm")
def confirm(
    login: Login, at: At = THIS_MACHINE, password_stdin: PasswordStdin = False, json: Json = False
) -> None:
    """Confirms the change that waits, as the second person; a day later it is in force by itself.

    It is shown before, and asked for, unless the password comes from standard input.

    For example:

      openline emergency-list confirm --login sam
    """
    centre = signed_in(at, login, password_stdin=password_stdin)
    pending = _pending(centre)
    if not password_stdin:
        for change in pending["changes"]:
            typer.echo(f"  {change_in_words(change)}", err=True)
        typer.confirm("Is every number right? Ring it, or look it up elsewhere", abort=True)
    told = centre.post("/api/emergency-list/confirmation", {"version": pending["version"]})
    now = told["pending"]
    if json:
        typer.echo(json_codec.dumps(told))
    elif now["in_force_from"] is None:
        typer.echo(
            "It came from a file, so nobody had proposed it: it is yours now. Somebody else must "
            "confirm it."
        )
    else:
        typer.echo(
            f"Confirmed. In force from {_when(now['in_force_from'])}, unless somebody withdraws "
            "it: openline emergency-list withdraw"
        )


@emergency_lists.command("withdraw")
def withdraw(
    login: Login, at: At = THIS_MACHINE, password_stdin: PasswordStdin = False, json: Json = False
) -> None:
    """Takes the change that waits back; the list stays as it is.

    For example:

      openline emergency-list withdraw --login sam
    """
    centre = signed_in(at, login, password_stdin=password_stdin)
    version = _pending(centre)["version"]
    told = centre.post("/api/emergency-list/withdrawal", {"version": version})
    if json:
        typer.echo(json_codec.dumps(told))
    else:
        typer.echo(
            "Withdrawn: the list stays as it is. The configuration still says it; take it out "
            "there, too."
        )


def change_in_words(change: dict[str, Any]) -> str:
    """Returns one change of a list as a line.

    >>> change_in_words({"key": "ambulance", "was": "112", "becomes": "911"})
    'ambulance: 112 becomes 911'
    """
    key, was, becomes = change["key"], change["was"], change["becomes"]
    if was is None:
        return f"{key}: comes in, {becomes}"
    if becomes is None:
        return f"{key}: goes, was {was}"
    if was == becomes:
        return f"{key}: {was} stays; its name, lines or ringing time change"
    return f"{key}: {was} becomes {becomes}"


def _pending(centre: RunningCentre) -> dict[str, Any]:
    pending: dict[str, Any] | None = centre.get("/api/emergency-list")["pending"]
    if pending is None:
        raise RefusedError("No change of the list of emergency services waits.", code="no_proposal")
    return pending


def _in_words(told: dict[str, Any]) -> str:
    words = [f"{each['key']}  {each['number']}  {each['name']}" for each in told["services"]]
    if not told["services"]:
        words = ["The list of emergency services is empty."]
    pending = told["pending"]
    if pending is not None:
        who = f"proposed by {pending['by']}" if pending["by"] else "read from a file at a start"
        words.append(f"A change waits ({who}, version {pending['version']}):")
        words += [f"  {change_in_words(each)}" for each in pending["changes"]]
        if pending["in_force_from"] is None:
            words.append("Somebody else must confirm it: openline emergency-list confirm")
        else:
            left = max(0, pending["in_force_from"] - told["now"]) // SECOND
            hours, minutes = left // 3600, left % 3600 // 60
            words.append(
                f"Confirmed by {pending['confirmed_by']}. In force from "
                f"{_when(pending['in_force_from'])}, in {hours} h {minutes} min."
            )
    words += [_line_of(each) for each in told["history"]]
    return "\n".join(words)


def _line_of(each: dict[str, Any]) -> str:
    parts = [f"version {each['version']}  {_when(each['at'])}  {each['by'] or 'from a file'}"]
    if each["confirmed_by"] is not None:
        parts.append(f"confirmed by {each['confirmed_by']} {_when(each['confirmed_at'])}")
    if each["withdrawn_at"] is not None:
        who = each["withdrawn_by"] or "a file"
        parts.append(f"withdrawn by {who} {_when(each['withdrawn_at'])}")
    elif each["in_force_from"] is not None:
        parts.append(f"in force from {_when(each['in_force_from'])}")
    return "  ".join(parts)


def _when(instant: int) -> str:
    return f"{datetime.fromtimestamp(instant / SECOND, UTC):%Y-%m-%d %H:%M:%S} UTC"
