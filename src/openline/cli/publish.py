"""`openline publish` and `openline published`: the configuration of a centre that runs."""

import json as json_codec
import re
from datetime import UTC, datetime
from pathlib import Path

import typer

from openline.cli.at_centre import signed_in
from openline.cli.emergency_list import change_in_words
from openline.cli.running_centre import RefusedByCentreError
from openline.configuration import ConfigurationError, load
from openline.model import SECOND

HEADER = "# openline version {version}\n"
_HEADER = re.compile(r"# openline version (\d+)\r?\n")


def publish_file(
    file: Path,
    *,
    at: str | None,
    data: Path | None,
    login: str,
    password_stdin: bool,
    base: int | None,
    dry_run: bool,
    json: bool,
) -> int:
    """Publishes a file to a running centre and says what changes; returns the exit code."""
    try:
        published = load(file)
    except ConfigurationError as error:
        typer.echo(str(error), err=True)
        return 1
    text = published.source
    header = _HEADER.match(text)
    if base is None and header is not None:
        base = int(header[1])
    if at is None and data is None:
        at = published.server.address
    centre = signed_in(at, login, password_stdin=password_stdin, data=data)
    body = {"text": _HEADER.sub("", text, count=1), "base": base, "dry_run": dry_run}
    try:
        told = centre.post("/api/configuration", body)
    except RefusedByCentreError as error:
        if json:
            typer.echo(json_codec.dumps({"error": error.more}))
        else:
            for line in error.more.get("differences", ()):
                typer.echo(f"  {line}")
            typer.echo(str(error), err=True)
        return 1
    typer.echo(json_codec.dumps(told) if json else _in_words(told, dry_run=dry_run))
    return 0


def _in_words(told: dict[str, object], *, dry_run: bool) -> str:
    lines, later = told["differences"], told["at_next_start"]
    assert isinstance(lines, list)
    assert isinstance(later, list)
    if not lines:
        return f"Nothing differs from version {told['version']}, which is in force."
    words = [f"  {line}" for line in lines]
    if dry_run:
        words.append(f"This would become version {told['version']}. Nothing was published.")
    else:
        words.append(f"Version {told['version']} is in force.")
    if later:
        words.append("Only from the next start on:")
        words += [f"  {line}" for line in later]
    held_back = told["held_back"]
    assert isinstance(held_back, list)
    if held_back:
        words.append("Not in force, for a change of the list of emergency services takes two:")
        words += [f"  {change_in_words(each)}" for each in held_back]
        words.append(
            "Somebody else confirms it (openline emergency-list confirm), and a day later it is in "
            "force. How it stands: openline emergency-list show"
        )
    return "\n".join(words)


def list_published(
    version: int | None,
    *,
    at: str | None,
    data: Path | None,
    login: str,
    password_stdin: bool,
    json: bool,
) -> int:
    """Lists the published versions, or writes the text of one; returns the exit code."""
    centre = signed_in(at, login, password_stdin=password_stdin, data=data)
    if version is not None:
        told = centre.get(f"/api/configuration/{version}")
        if json:
            typer.echo(json_codec.dumps(told))
        else:
            typer.echo(HEADER.format(version=version) + _HEADER.sub("", told["text"]), nl=False)
        return 0
    versions = centre.get("/api/configuration")["versions"]
    if json:
        typer.echo(json_codec.dumps(versions))
        return 0
    for each in versions:
        when = datetime.fromtimestamp(each["at"] / SECOND, UTC)
        who = "from a file, at a start" if each["by"] is None else f"by {each['by']}"
        in_force = "  in force" if each is versions[-1] else ""
        typer.echo(f"version {each['version']}  {when:%Y-%m-%d %H:%M} UTC  {who}{in_force}")
    return 0
