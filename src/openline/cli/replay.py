"""`openline replay`: the record lived again by the routing of today, compared step by step."""

import json as json_codec
from pathlib import Path

import typer

from openline.app.record import replay
from openline.app.storage import url_of
from openline.cli.progress import Telling
from openline.model import PeerError


def replay_folder(data: Path, json: bool, config: Path | None) -> int:
    """Replays a data folder and says whether it agrees; returns the exit code."""
    url = url_of(config)
    try:
        with Telling("Living the record again") as telling:
            result = replay(data, url, telling)
    except PeerError as error:
        if json:
            typer.echo(json_codec.dumps({"agrees": False, "why": str(error)}))
        else:
            typer.echo(f"Does not agree: {error}")
        return 1
    if json:
        typer.echo(
            json_codec.dumps(
                {
                    "agrees": True,
                    "steps": result.steps,
                    "state": result.state,
                    "forgotten_until": result.forgotten_until,
                }
            )
        )
    else:
        if result.forgotten_until:
            typer.echo(f"Forgotten until step {result.forgotten_until}: no key opens it any more.")
        typer.echo(f"{result.steps} steps agree; the state at their end is {result.state}.")
    return 0
