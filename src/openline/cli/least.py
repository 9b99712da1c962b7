"""`openline least`: the least people for several skills, by living the days."""

import json as json_codec
from datetime import datetime
from pathlib import Path

import typer

from openline.app.least import Kind, Least, least_people
from openline.app.options import DEMO, example
from openline.app.sharing import Shared
from openline.app.study import scenario_of
from openline.cli.changes import hours_words
from openline.cli.figures import console
from openline.cli.progress import Telling
from openline.cli.studies import date_of, runs_of, shown
from openline.configuration import Published, load

FEW_RUNS = 8
"""Enough to choose by; a study of what is found tells how well it is known."""


def find_least(
    *,
    config: Path | None,
    days: int,
    seed: int | None,
    start: str | None,
    runs: int | None,
    shared: Shared,
    json: bool,
) -> None:
    """Finds and tells."""
    path = config or example(DEMO)
    published = load(path)
    day = datetime.now(published.zone).date() if start is None else date_of(start)
    scenario = scenario_of(published, start=day, days=days, seed=seed)
    targets = {queue: each.percent / 100 for queue, each in published.targets.items()}
    count = FEW_RUNS if runs is None else runs_of(runs, None)
    with Telling("Looking for the least people") as telling:
        found = least_people(
            scenario,
            targets,
            runs=count,
            shared=shared,
            tell=lambda words: telling(0, 1, words),
        )
    if json:
        typer.echo(json_codec.dumps(_json(found, published), ensure_ascii=False))
    else:
        _say(found, published, count)


def kind_words(kind: Kind) -> str:
    """Returns the skills and hours of a kind.

    >>> kind_words(Kind(skills=(("en", 3), ("es", 2)), hours=((360, 870),), agents=()))
    'en 3, es 2; 06:00–14:30'
    """
    skills = ", ".join(f"{skill} {level}" for skill, level in kind.skills) or "no skills"
    return f"{skills}; {', '.join(hours_words(start, end) for start, end in kind.hours)}"


def _say(found: Least, published: Published, runs: int) -> None:
    from rich.box import SIMPLE
    from rich.table import Table

    if found.added:
        typer.echo(
            f"The {found.before} people on the roster do not reach the targets; with {found.added} "
            f"more like them they are reached, and then these can go again:"
        )
    typer.echo(f"{found.needed} people reach every target; {found.before} are on the roster.")
    table = Table(box=SIMPLE)
    for name in ("skills and hours", "tried from", "least"):
        table.add_column(name, justify="left" if name.startswith("skills") else "right")
    for kind, count in found.kinds:
        table.add_row(kind_words(kind), str(len(kind.agents)), str(count))
    console().print(table)
    for queue, level in found.levels.items():
        target = published.targets[queue]
        typer.echo(
            f"{queue}: {shown(level, 'service_level')} within {target.within / 1e6:g} s; the "
            f"target is {target.percent:g} %."
        )
    typer.echo(
        f"By {runs} runs of {found.tried} rosters, among the same callers. No kind can lose one "
        f"more; another roster may be as small."
    )
    if found.is_interrupted:
        typer.echo("Interrupted: fewer may do as well.")


def _json(found: Least, published: Published) -> dict[str, object]:
    return {
        "people": found.needed,
        "people_before": found.before,
        "people_added": found.added,
        "rosters_tried": found.tried,
        "interrupted": found.is_interrupted,
        "kinds": [
            {
                "skills": dict(kind.skills),
                "hours": [hours_words(start, end) for start, end in kind.hours],
                "tried_from": len(kind.agents),
                "least": count,
            }
            for kind, count in found.kinds
        ],
        "queues": [
            {
                "queue": queue,
                "service_level": level.value,
                "half_width": level.half_width,
                "target": published.targets[queue].percent / 100,
            }
            for queue, level in found.levels.items()
        ],
    }
