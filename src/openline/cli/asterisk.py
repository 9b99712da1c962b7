"""`openline asterisk`: real telephones, from the centre's configuration to a running Asterisk."""

import json as json_codec
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Set up and run the telephones of a centre.")

Config = Annotated[Path, typer.Option(help="The centre's configuration (TOML).")]
Json = Annotated[bool, typer.Option("--json", help="Answer for machines.")]


@app.command()
def configure(
    config: Config,
    check: Annotated[
        bool, typer.Option("--check", help="Only say what would change; ends with 1 if any does.")
    ] = False,
    json: Json = False,
) -> None:
    """Writes Asterisk's whole configuration, and shows what changes.

    Passwords are made once, kept, and never shown here.

    For example:

      openline asterisk configure --config openline.toml --check

      openline asterisk configure --config openline.toml
    """
    from openline.app.telephones import configure as configure_telephones

    folder, changes = configure_telephones(config, check=check)
    if json:
        told = [
            {"file": str(change.file), "new": change.is_new, "lines": change.lines}
            for change in changes
        ]
        typer.echo(json_codec.dumps({"folder": str(folder), "written": not check, "changes": told}))
    else:
        sounds = sum(not change.lines for change in changes)
        for change in changes:
            if change.lines:
                name = change.file.relative_to(folder)
                typer.echo(f"{'new' if change.is_new else 'changed'}: {name}")
                if not change.is_new:
                    typer.echo("".join(f"    {line}\n" for line in change.lines), nl=False)
        if sounds:
            typer.echo(f"{'would be ' if check else ''}written: {sounds} recordings")
        if not changes:
            typer.echo(f"{folder} is as it should be.")
        elif check:
            typer.echo(f"{folder} would change. Nothing was written.")
        else:
            typer.echo(
                f"{folder} is written. A running Asterisk has to be started again to follow it."
            )
    raise SystemExit(1 if check and changes else 0)


@app.command()
def phones(config: Config, json: Json = False) -> None:
    """Tells what is typed into each agent's telephone: server, name and password.

    For example:

      openline asterisk phones --config openline.toml
    """
    from openline.app.telephones import phone_accounts

    accounts = phone_accounts(config)
    if json:
        typer.echo(
            json_codec.dumps(
                [
                    {
                        "agent": account.agent,
                        "server": account.server,
                        "transport": account.transport,
                        "user": account.user,
                        "password": account.password,
                        "ordinary": account.is_ordinary,
                        "browser": account.is_browser,
                    }
                    for account in accounts
                ]
            )
        )
        return
    for account in accounts:
        typer.echo(f"{account.agent}:")
        if account.is_ordinary:
            typer.echo("    It is rung at its number; she presses 1 to take a call.")
            continue
        if account.is_browser:
            typer.echo("    She answers in the browser, at her desktop; nothing is typed in.")
            continue
        typer.echo(f"    SIP server  {account.server} ({account.transport})")
        if account.password is None:
            typer.echo("    It is called at its address and needs no password.")
        else:
            typer.echo(f"    user        {account.user}")
            typer.echo(f"    password    {account.password}")


@app.command()
def run(config: Config) -> None:
    """Runs Asterisk until Ctrl-C, as it was configured.

    For example:

      openline asterisk run --config openline.toml
    """
    from openline.app.telephones import run as run_asterisk

    def ready(version: str, address: str) -> None:
        typer.echo(f"Asterisk {version} takes calls at {address}    Stop: Ctrl-C")

    raise SystemExit(run_asterisk(config, ready=ready))
