"""`openline publish` and `openline published`, as they are typed; `publish` does what they say."""

from pathlib import Path
from typing import Annotated

import typer

from openline.cli.at_centre import At, Data, Json, PasswordStdin

Login = Annotated[str, typer.Option(help="An administrator's account.")]


def publish(
    file: Annotated[Path, typer.Argument(help="The configuration to publish.")],
    *,
    login: Login,
    at: Annotated[
        str | None,
        typer.Option(
            help="The address of the running centre. Default: of --data, or where the file says "
            "that it listens."
        ),
    ] = None,
    data: Data = None,
    base: Annotated[
        int | None,
        typer.Option(help="The version it was begun from. Default: what its first line says."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    password_stdin: PasswordStdin = False,
    json: Json = False,
) -> None:
    """Publishes a configuration to a running centre: in force at once, for every call alike.

    A file that was not begun from the version in force is refused, with the differences. To undo,
    publish an older version again.

    For example:

      openline publish openline.toml --login ada --dry-run

      openline publish openline.toml --login ada --base 4
    """
    from openline.cli.publish import publish_file

    raise SystemExit(
        publish_file(
            file,
            at=at,
            data=data,
            login=login,
            password_stdin=password_stdin,
            base=base,
            dry_run=dry_run,
            json=json,
        )
    )


def published(
    login: Login,
    version: Annotated[
        int | None, typer.Argument(help="Write the text of this version instead.")
    ] = None,
    at: At = None,
    data: Data = None,
    password_stdin: PasswordStdin = False,
    json: Json = False,
) -> None:
    """Lists the published versions of a running centre's configuration, or writes one of them.

    For example:

      openline published --login ada

      openline published 3 --login ada > openline.toml
    """
    from openline.cli.publish import list_published

    raise SystemExit(
        list_published(
            version, at=at, data=data, login=login, password_stdin=password_stdin, json=json
        )
    )
