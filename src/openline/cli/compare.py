"""`openline replay --with`: the people of a record under another configuration, side by side."""

import json as json_codec
from datetime import UTC, datetime, timedelta
from pathlib import Path

import typer

from openline.app.enacting import Compared, compare
from openline.cli.figures import console, shown, span
from openline.cli.progress import Telling
from openline.configuration import load
from openline.measures import definition
from openline.model import SECOND, Instant, Origin
from openline.reports import USUAL, figures

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def compare_with(
    data: Path, other: Path, origins: tuple[Origin, ...], json: bool, url: str | None
) -> int:
    """Compares and says what the comparison can and cannot tell; returns the exit code."""
    published = load(other)
    with Telling("Reading the record") as telling:
        found = compare(data, published, origins, telling, url)
    if json:
        typer.echo(
            json_codec.dumps(
                {
                    "from": _shown(found.since),
                    "to": _shown(found.until),
                    "with": str(other),
                    "recorded": figures(found.recorded, USUAL),
                    "same_configuration": figures(found.same, USUAL),
                    "other_configuration": figures(found.other, USUAL),
                    "notes": _notes(found),
                },
                ensure_ascii=False,
                indent=2,
            )
        )
        return 0
    _table(found, other)
    for note in _notes(found):
        typer.echo(f"- {note}")
    return 0


def _table(found: Compared, other: Path) -> None:
    from rich.box import SIMPLE
    from rich.table import Table

    title = f"{_shown(found.since)} to {_shown(found.until)}"
    table = Table(title=title, title_justify="left", box=SIMPLE)
    for heading in ("", "Recorded", "Enacted, as it was", f"Enacted, {other.name}"):
        table.add_column(heading, justify="right" if heading else "left")
    for key in USUAL:
        cells = (shown(key, sums) for sums in (found.recorded, found.same, found.other))
        table.add_row(definition(key).name, *cells)
    console().print(table)


def _notes(found: Compared) -> list[str]:
    """Returns in words what was taken from the record, and what made no sense any more."""
    notes = [
        f"{found.calls:,} calls that reached a queue call again at their instants. Their decisions "
        "are not played back: under other rules they would have got other answers.",
        "Talk, hold and wrap-up are those of the record; a call that nobody answered then has "
        "those of another call of its line.",
        "Who gave up waits as long as then. Who was answered waits longer if need be, by chance "
        f"around the record's mean patience of {span(found.mean_patience / SECOND)}.",
        "Agents are signed in, ready and paused as then, and take every offer as quickly as offers "
        f"were taken then; {found.missed:,} missed or declined offers are not enacted.",
        "Compare the two enacted columns: where the middle one differs from the record, that is "
        "the guessing, not the rules. Targets are those of the other configuration, in all three.",
    ]
    if found.left_early:
        notes.append(f"{found.left_early:,} calls that left before a queue are left out.")
    if found.configurations > 1:
        notes.append(
            f"The record was made under {found.configurations} configurations; 'as it was' is the "
            "last of them."
        )
    if found.passed.unknown_lines:
        notes.append(
            f"{found.passed.unknown_lines:,} calls rang lines that the other configuration does "
            "not have; they were turned away."
        )
    if found.passed.unknown_agents:
        notes.append(
            f"{found.passed.unknown_agents:,} sign-ins were of agents whom the other configuration "
            "does not know; they stayed away."
        )
    return notes


def _shown(at: Instant) -> str:
    return (_EPOCH + timedelta(microseconds=at)).strftime("%Y-%m-%d %H:%M UTC")
