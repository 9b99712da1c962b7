"""The commands about a record: live it again, back it up, restore it, and what is kept of it."""

from pathlib import Path
from typing import Annotated

import typer

from openline.model import RefusedError

Config = Annotated[
    Path | None,
    typer.Option(
        help="The centre's configuration (TOML), or its folder. Without it, the demonstration runs."
    ),
]
Data = Annotated[
    Path | None,
    typer.Option(help="The data folder. Default: data/NAME, beside where you are."),
]
StoreConfig = Annotated[
    Path | None,
    typer.Option("--config", help="The centre's configuration, where its record is in PostgreSQL."),
]
Json = Annotated[bool, typer.Option("--json", help="Answer for machines.")]


def replay(
    config: Annotated[
        Path | None,
        typer.Option(help="The centre's configuration. Default: the demonstration's."),
    ] = None,
    data: Data = None,
    check: Annotated[
        bool, typer.Option("--check", help="Hold every invariant against every step, too.")
    ] = False,
    call: Annotated[
        int | None, typer.Option(help="Tell the story of the call of this number instead.")
    ] = None,
    other: Annotated[
        Path | None,
        typer.Option("--with", help="Compare with this configuration, among the same people."),
    ] = None,
    origin: Annotated[
        list[str],
        typer.Option(help="With --with: real (default), practice or simulated calls."),
    ] = [],  # noqa: B006  # Typer copies it
    json: Json = False,
) -> None:
    """Lives the whole record again and compares: every event, every hash, the state at the end.

    The centre may be running meanwhile.

    For example:

      openline replay --data data/yardstick

      openline replay --config openline.toml --check

      openline replay --config openline.toml --call 17

      openline replay --config openline.toml --with other.toml
    """
    from openline.app.options import options

    if (call is not None) + (other is not None) + check > 1:
        raise RefusedError("--call, --with, --check: choose one of them.", code="two_replays")
    folder = options(config=config, data=data, speed=1, port=None).data
    if call is not None:
        from openline.app.storage import url_of
        from openline.cli.story import tell_story

        raise SystemExit(tell_story(folder, call, json, url_of(config)))
    if other is not None:
        from openline.app.storage import url_of
        from openline.cli.compare import compare_with
        from openline.cli.report import origins_of

        raise SystemExit(compare_with(folder, other, origins_of(origin), json, url_of(config)))
    from openline.cli.check_record import check_folder
    from openline.cli.replay import replay_folder

    if check:
        raise SystemExit(check_folder(folder, json, config))

    raise SystemExit(replay_folder(folder, json, config))


def backup(
    file: Annotated[Path, typer.Argument(help="The backup to make; its keys go beside it.")],
    data: Annotated[Path, typer.Option(help="The centre's data folder.")],
    json: Json = False,
    config: StoreConfig = None,
) -> None:
    """Makes a backup of a centre, which may be running, and reads it again to be sure.

    For example:

      openline backup /backups/monday.backup --data data/openline
    """
    from openline.cli.backup import make_backup

    make_backup(data, file, config=config, json=json)


def restore(
    file: Annotated[Path, typer.Argument(help="The backup.")],
    folder: Annotated[Path, typer.Argument(help="The new data folder.")],
    keys: Annotated[
        Path | None, typer.Option(help="The copy of the keys. Default: the one beside the backup.")
    ] = None,
    without_keys: Annotated[
        bool,
        typer.Option("--without-keys", help="Restore without: nothing sealed can be opened."),
    ] = False,
    json: Json = False,
    config: StoreConfig = None,
) -> None:
    """Restores a centre from a backup into a new folder; start it there with `run`.

    For example:

      openline restore /backups/monday.backup data/again
    """
    from openline.cli.backup import restore_backup

    restore_backup(file, folder, keys=keys, without_keys=without_keys, config=config, json=json)


def privacy(
    config: Config = None,
    language: Annotated[
        str | None, typer.Option(help="en or es. Default: the configuration's first.")
    ] = None,
    json: Json = False,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Write a page to be published.")
    ] = False,
) -> None:
    """Says what a centre keeps, how long, why and where, and what it never keeps.

    For example:

      openline privacy --config openline.toml

      openline privacy --config openline.toml --language es --markdown
    """
    from openline.cli.privacy import print_statement

    print_statement(config, language=language, json=json, markdown=markdown)
