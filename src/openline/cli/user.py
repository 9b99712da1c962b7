"""`openline user`: who may sign in. The centre of the data folder must not be running."""

import json as json_codec
import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Add, list and close accounts.")

Data = Annotated[Path, typer.Option(help="The centre's data folder.")]
Config = Annotated[
    Path | None,
    typer.Option(help="The centre's configuration, where its record is in PostgreSQL."),
]
Login = Annotated[str, typer.Argument(help="The name to sign in with.")]

SHORTEST = "at least 12 characters"


@app.command()
def add(
    login: Login,
    data: Data,
    role: Annotated[
        str, typer.Option(help="agent, supervisor, administrator or wallboard.")
    ] = "agent",
    agent: Annotated[
        str | None, typer.Option(help="For an agent: her key in the configuration.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="What others read. Default: the login.")] = None,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
    config: Config = None,
) -> None:
    """Adds an account and asks for its password.

    For example:

      openline user add amira --data data/openline --agent amira

      openline user add wall --data data/openline --role wallboard
    """
    from openline.app.people import add as add_account
    from openline.identity import Role
    from openline.model import AgentKey, RefusedError

    try:
        chosen = Role(role)
    except ValueError:
        raise RefusedError(
            f"--role {role}: there is no such role; there are "
            f"{', '.join(known.value for known in Role)}.",
            code="unknown_role",
        ) from None
    if password_stdin:
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = typer.prompt(f"Password ({SHORTEST})", hide_input=True, confirmation_prompt=True)
    account = add_account(
        data,
        login=login,
        password=password,
        name=name or login,
        role=chosen,
        agent=None if agent is None else AgentKey(agent),
        config=config,
    )
    typer.echo(f"{account.login} may now sign in as {account.role.value}.")


@app.command("list")
def list_accounts(
    data: Data,
    json: Annotated[bool, typer.Option("--json", help="Answer for machines.")] = False,
    config: Config = None,
) -> None:
    """Lists the accounts.

    For example:

      openline user list --data data/openline
    """
    from openline.app.people import listed

    accounts = listed(data, config)
    if json:
        rows = [
            {
                "login": account.login,
                "name": account.name,
                "role": account.role.value,
                "agent": account.agent,
                "demo": account.demo,
                "closed": account.disabled,
            }
            for account in accounts
        ]
        typer.echo(json_codec.dumps(rows))
        return
    for account in accounts:
        closed = "  (closed)" if account.disabled else ""
        typer.echo(f"{account.login}  {account.role.value}  {account.name}{closed}")
    if not accounts:
        typer.echo("There are no accounts yet: openline user add LOGIN")


@app.command()
def close(login: Login, data: Data, config: Config = None) -> None:
    """Closes an account: nobody can sign in with it any more, and who is signed in is out.

    For example:

      openline user close amira --data data/openline
    """
    from openline.app.people import close as close_account

    close_account(data, login, config)
    typer.echo(f"{login} can no longer sign in.")
