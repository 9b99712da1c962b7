"""`openline privacy`: what a centre keeps, how long and why, fit to be published."""

from pathlib import Path

import msgspec
import typer

from openline.app.options import DEMO, configuration_in, example
from openline.app.privacy import as_markdown, as_text, statement
from openline.configuration import load
from openline.model import RefusedError
from openline.web import load_catalogues


def print_statement(
    config: Path | None, *, language: str | None, json: bool, markdown: bool
) -> None:
    """Prints the statement of a configuration.

    Raises `RefusedError` if the file is not right, or there is no such language.
    """
    if json and markdown:
        raise RefusedError("Give --json or --markdown, not both.", code="two_forms")
    published = load(example(DEMO) if config is None else configuration_in(config))
    catalogues = load_catalogues()
    words = catalogues.get(language or published.languages[0])
    if words is None:
        known = " or ".join(sorted(catalogues))
        raise RefusedError(
            f"--language {language}: there are words in {known}.", code="unknown_language"
        )
    said = statement(published, words)
    if json:
        typer.echo(msgspec.json.format(msgspec.json.encode(said)).decode())
    else:
        typer.echo(as_markdown(said) if markdown else as_text(said))
