"""`openline user`: who may sign in. It works whether or not the centre of the folder runs."""

import json as json_codec
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from openline.app.people import Answered
    from openline.identity import Invited, Role

app = typer.Typer(no_args_is_help=True, help="Invite people, list and close accounts.")

Data = Annotated[Path, typer.Option(help="The centre's data folder.")]
Config = Annotated[
    Path | None,
    typer.Option(help="The centre's configuration, where its record is in PostgreSQL."),
]
Login = Annotated[str, typer.Argument(help="The name to sign in with.")]
RoleName = Annotated[
    str, typer.Option(help="agent, supervisor, administrator, planner or wallboard.")
]
AgentName = Annotated[
    str | None, typer.Option(help="For who answers: the agent's key in the configuration.")
]
Name = Annotated[str | None, typer.Option(help="What others read. Default: the login.")]
At = Annotated[
    str | None,
    typer.Option(help="The address with which the link begins, as people at home reach it."),
]
Json = Annotated[bool, typer.Option("--json", help="Answer for machines.")]

SHORTEST = "at least 12 characters"
THIS_MACHINE = "http://127.0.0.1:8800"

ROLES = {
    "agent": "answers calls; has a key in the configuration",
    "supervisor": "looks after who works and which lines are open; may answer with a key",
    "administrator": "looks after the configuration and the accounts",
    "planner": "plans people: sees figures, forecasts and what was tried, never a call",
    "wallboard": "is a screen on the wall; sees counts and times",
}


@app.command()
def invite(
    login: Login,
    data: Data,
    role: RoleName = "agent",
    agent: AgentName = None,
    name: Name = None,
    at: At = None,
    json: Json = False,
    config: Config = None,
) -> None:
    """Makes an account and a link, with which its owner chooses a password; good once, for 3 days.

    For example:

      openline user invite ben --agent ben --data data/openline

      openline user invite ada --role administrator --data data/openline --at https://line.example
    """
    from openline.app.people import Invite, ask
    from openline.model import AgentKey

    asked = Invite(
        login=login,
        name=name or login,
        role=_role(role),
        agent=None if agent is None else AgentKey(agent),
    )
    _say_link(ask(data, asked, config), at, json)


@app.command()
def reset(
    login: Login, data: Data, at: At = None, json: Json = False, config: Config = None
) -> None:
    """Takes a password away at once and makes a link with which its owner chooses another.

    For example:

      openline user reset ben --data data/openline
    """
    from openline.app.people import Reset, ask

    _say_link(ask(data, Reset(login=login), config), at, json)


@app.command()
def add(
    login: Login,
    data: Data,
    role: RoleName = "agent",
    agent: AgentName = None,
    name: Name = None,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
    config: Config = None,
) -> None:
    """Adds an account and asks for its password, for whoever sits here too.

    For example:

      openline user add amira --data data/openline --agent amira

      openline user add wall --data data/openline --role wallboard
    """
    from openline.app.people import add as add_account
    from openline.model import AgentKey

    chosen = _role(role)
    if password_stdin:
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = typer.prompt(f"Password ({SHORTEST})", hide_input=True, confirmation_prompt=True)
    add_account(
        data,
        login=login,
        name=name or login,
        role=chosen,
        agent=None if agent is None else AgentKey(agent),
        password=password,
        config=config,
    )
    typer.echo(f"{login} may now sign in as {chosen.value}.")


@app.command("list")
def list_accounts(data: Data, json: Json = False, config: Config = None) -> None:
    """Lists the accounts: who may sign in, who is invited, who is closed out.

    For example:

      openline user list --data data/openline
    """
    from openline.app.people import Listed, ask

    people = ask(data, Listed(), config).people
    if json:
        rows = [
            {
                "login": person.account.login,
                "name": person.account.name,
                "role": person.account.role.value,
                "agent": person.account.agent,
                "demo": person.account.demo,
                "closed": person.account.disabled,
                "has_password": not person.account.is_invited,
                "invited_until": None
                if person.invited_until is None
                else _written(person.invited_until),
            }
            for person in people
        ]
        typer.echo(json_codec.dumps(rows))
        return
    for person in people:
        account = person.account
        more = ""
        if account.disabled:
            more = "  (closed)"
        elif account.is_invited and person.invited_until is not None:
            more = f"  (invited until {_written(person.invited_until)})"
        elif account.is_invited:
            more = "  (the link is over: openline user reset)"
        typer.echo(f"{account.login}  {account.role.value}  {account.name}{more}")
    if not people:
        typer.echo("There are no accounts yet: openline user invite LOGIN")


@app.command()
def disable(login: Login, data: Data, config: Config = None) -> None:
    """Closes an account: nobody can sign in with it any more, and who is signed in is out at once.

    A call that is live goes on to its end.

    For example:

      openline user disable amira --data data/openline
    """
    from openline.app.people import Disable, ask

    ask(data, Disable(login=login), config)
    typer.echo(f"{login} can no longer sign in.")


@app.command()
def enable(login: Login, data: Data, config: Config = None) -> None:
    """Opens a closed account again, with the password that it had.

    For example:

      openline user enable amira --data data/openline
    """
    from openline.app.people import Enable, ask

    ask(data, Enable(login=login), config)
    typer.echo(f"{login} may sign in again.")


@app.command()
def roles(json: Json = False) -> None:
    """Lists the roles and what each is for.

    For example:

      openline user roles
    """
    if json:
        typer.echo(json_codec.dumps(ROLES))
        return
    for role, words in ROLES.items():
        typer.echo(f"{role:14} {words}")


@app.command()
def role(
    login: Login,
    role: Annotated[
        str, typer.Argument(help="agent, supervisor, administrator, planner or wallboard.")
    ],
    data: Data,
    agent: AgentName = None,
    config: Config = None,
) -> None:
    """Gives an account another role; its owner signs in anew.

    For example:

      openline user role ben supervisor --data data/openline
    """
    from openline.app.people import GiveRole, ask
    from openline.model import AgentKey

    chosen = _role(role)
    asked = GiveRole(login=login, role=chosen, agent=None if agent is None else AgentKey(agent))
    ask(data, asked, config)
    typer.echo(f"{login} is now {chosen.value}.")


@app.command()
def history(data: Data, json: Json = False, config: Config = None) -> None:
    """Tells what was last done to accounts, when and by whom, the newest first.

    For example:

      openline user history --data data/openline
    """
    from openline.app.people import Told, ask

    notes = ask(data, Told(), config).notes
    if json:
        rows = [
            {"at": _written(note.at), "what": note.what.value, "login": note.login, "by": note.by}
            for note in notes
        ]
        typer.echo(json_codec.dumps(rows))
        return
    for note in notes:
        by = note.by or "somebody at this machine"
        typer.echo(f"{_written(note.at)}  {note.login}  {note.what.value}  by {by}")
    if not notes:
        typer.echo("Nothing was done yet.")


def _role(name: str) -> "Role":
    from openline.identity import Role
    from openline.model import RefusedError

    try:
        return Role(name)
    except ValueError:
        raise RefusedError(
            f"{name}: there is no such role; there are {', '.join(known.value for known in Role)}.",
            code="unknown_role",
        ) from None


def _say_link(answered: "Answered", at: str | None, json: bool) -> None:
    invited = answered.invited
    assert invited is not None
    link = link_of(invited, at or answered.address or THIS_MACHINE)
    if json:
        until = _written(invited.until)
        typer.echo(json_codec.dumps({"login": invited.login, "link": link, "until": until}))
        return
    typer.echo(
        f"Send this link to {invited.login}, on a way that only they read. It works once, until "
        f"{_written(invited.until)}:\n\n  {link}\n"
    )


def link_of(invited: "Invited", address: str) -> str:
    """Returns the link that a person is sent."""
    return f"{address.rstrip('/')}/join/{invited.token}"


def _written(instant: int) -> str:
    return datetime.fromtimestamp(instant / 1_000_000, UTC).strftime("%Y-%m-%d %H:%M UTC")
