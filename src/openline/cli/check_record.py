"""`openline replay --check`: every invariant held against every step of a record."""

import json as json_codec
from datetime import UTC, datetime
from pathlib import Path

import typer

from openline.app.record import checked
from openline.app.storage import url_of
from openline.centre.checking import Break
from openline.cli.progress import Telling
from openline.invariants import INVARIANTS
from openline.model import SECOND, Instant


def check_folder(data: Path, json: bool, config: Path | None) -> int:
    """Checks the record of a data folder and says where it breaks; returns the exit code."""
    with Telling("Checking the record") as telling:
        result = checked(data, telling, url_of(config))
    found = result.broken
    if json:
        typer.echo(
            json_codec.dumps(
                {
                    "sound": found is None,
                    "steps": result.steps,
                    "state": result.state,
                    "forgotten_until": result.forgotten_until,
                    "break": None if found is None else _as_json(found),
                }
            )
        )
    elif found is None and result.forgotten_until:
        typer.echo(
            f"Forgotten until step {result.forgotten_until}: no key opens it any more. All "
            f"{result.steps} steps follow from one another, those after that are decided alike "
            f"today; the state at their end is {result.state}. The invariants speak of whole "
            f"records and were not asked."
        )
    elif found is None:
        typer.echo(
            f"{result.steps} steps follow from one another, are decided alike today and keep all "
            f"{len(INVARIANTS)} invariants; the state at their end is {result.state}."
        )
    else:
        typer.echo(_in_words(found))
    return 0 if found is None else 1


def _in_words(found: Break) -> str:
    when = "" if found.at is None else f" of {_instant(found.at)}"
    if found.invariant is None:
        return f"The record is damaged at step {found.step}{when}: {found.words}."
    return (
        f"Invariant {found.invariant} breaks at step {found.step}{when}: {found.words}. "
        f"It says: {INVARIANTS[found.invariant]}"
    )


def _as_json(found: Break) -> dict[str, object]:
    return {
        "step": found.step,
        "at": None if found.at is None else _instant(found.at),
        "invariant": found.invariant,
        "words": found.words,
    }


def _instant(at: Instant) -> str:
    seconds, micros = divmod(at, SECOND)
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return f"instant {at}"
    return f"{moment:%Y-%m-%d %H:%M:%S}.{micros:06} UTC"
