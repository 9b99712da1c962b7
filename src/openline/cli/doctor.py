"""`openline doctor`: one line for each thing that must be in order, and how to mend it."""

import json as json_codec
from pathlib import Path

import typer

from openline.app.doctor import Finding, Level, examine
from openline.app.options import options
from openline.cli.progress import Telling

_MARK = {Level.OK: "ok   ", Level.WARN: "warn ", Level.WRONG: "WRONG"}


def diagnose(*, config: Path | None, data: Path | None, json: bool) -> int:
    """Examines machine, configuration and data folder; returns the exit code."""
    chosen = options(config=config, data=data, speed=1, port=None)
    findings: list[Finding] = []
    with Telling("Reading the record") as telling:
        for finding in examine(chosen.config, chosen.data, telling):
            findings.append(finding)
            if not json:
                typer.echo(f"{_MARK[finding.level]}  {finding.about}: {finding.words}")
                if finding.mend is not None:
                    typer.echo(f"       {finding.mend}")
    wrong = sum(finding.level is Level.WRONG for finding in findings)
    warned = sum(finding.level is Level.WARN for finding in findings)
    if json:
        typer.echo(
            json_codec.dumps(
                {
                    "fine": wrong == 0,
                    "findings": [
                        {
                            "about": finding.about,
                            "level": finding.level.value,
                            "words": finding.words,
                            "mend": finding.mend,
                        }
                        for finding in findings
                    ],
                },
                ensure_ascii=False,
                indent=2,
            )
        )
    elif wrong or warned:
        typer.echo(f"{wrong} wrong, {warned} to look at.")
    else:
        typer.echo("All is well.")
    return 1 if wrong else 0
