"""`openline backup` and `openline restore`: a centre copied while it runs, and brought back."""

import json as json_codec
import os
from pathlib import Path

import typer

from openline.app.backup import backup, keys_beside, restore
from openline.app.storage import url_of
from openline.centre.clock import wall_now
from openline.cli.progress import Telling
from openline.model import Instant

NICE = 10
"""Calls come first: the copy takes what processor time they leave."""


def make_backup(data: Path, archive: Path, *, config: Path | None, json: bool) -> None:
    """Makes a backup and says what it holds."""
    os.nice(NICE)
    with Telling("Verifying the backup") as telling:
        made = backup(data, archive, url=url_of(config), now=Instant(wall_now()), tell=telling)
    if json:
        typer.echo(
            json_codec.dumps(
                {
                    "archive": str(made.archive),
                    "keys": str(made.keys),
                    "made": made.manifest.made,
                    "steps": made.manifest.step,
                    "rows": made.manifest.rows,
                    "destroyed": [str(path) for path in made.destroyed],
                }
            )
        )
        return
    typer.echo(
        f"{made.archive} holds the centre to step {made.manifest.step}, of {made.manifest.made}; "
        f"it was read again and is whole.\n"
        f"{made.keys} opens what is sealed in it, and may be used for 48 hours. Keep it elsewhere, "
        f"and delete it then."
    )
    for path in made.destroyed:
        typer.echo(f"{path} was older than 48 hours and has been destroyed.")


def restore_backup(
    archive: Path,
    folder: Path,
    *,
    keys: Path | None,
    without_keys: bool,
    config: Path | None,
    json: bool,
) -> None:
    """Restores a centre and says what came back."""
    chosen = None if without_keys else keys or keys_beside(archive)
    url, now = url_of(config), Instant(wall_now())
    with Telling("Verifying the backup") as telling:
        restored = restore(archive, folder, keys=chosen, url=url, now=now, tell=telling)
    manifest = restored.manifest
    if json:
        typer.echo(
            json_codec.dumps(
                {
                    "folder": str(folder),
                    "made": manifest.made,
                    "steps": manifest.step,
                    "keys": restored.keys,
                }
            )
        )
        return
    typer.echo(
        f"{folder} holds the centre as it was on {manifest.made}, to step {manifest.step}. "
        f"What happened after that is not in it."
    )
    if restored.keys is None:
        typer.echo(
            "It has no keys: no note, no number and no call from before can be read. The centre "
            "begins anew, with its accounts."
        )
