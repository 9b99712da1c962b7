"""How does a TOML file become a published configuration?

Read, parse, locate, check, compile, in that order; each step tells all it has to say before the
next begins. Whatever is in the file, the answer is a `Published` or a `ConfigurationError`.
"""

import hashlib
import re
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from openline.configuration.agents_numbers import agents_numbers
from openline.configuration.compile import compiled
from openline.configuration.cross_checks import problems_between
from openline.configuration.document import Document
from openline.configuration.locate import locate
from openline.configuration.partner_checks import rows_within_limits
from openline.configuration.partner_source import rows_of
from openline.configuration.problems import ConfigurationError, Problem, in_order
from openline.configuration.published import Published
from openline.configuration.read import read
from openline.configuration.sounds import BUILT_IN, Sounds
from openline.configuration.syntax import syntax_problem
from openline.configuration.warnings import warnings_of
from openline.configuration.words import Reporter
from openline.model import SECOND, Instant


def load(
    path: Path,
    *,
    version: int | None = None,
    sounds: Sounds = BUILT_IN,
    now: Instant | None = None,
) -> Published:
    """Reads a file and returns what it configures.

    Raises:
        ConfigurationError: The file cannot be read or is not right.
    """
    return load_text(
        read(path),
        str(path),
        version=version,
        sounds=sounds,
        folder=path.absolute().parent,
        now=now,
    )


def load_text(
    text: str,
    name: str,
    *,
    version: int | None = None,
    sounds: Sounds = BUILT_IN,
    folder: Path | None = None,
    now: Instant | None = None,
) -> Published:
    """Returns what the text configures; `name` is the file's name for messages.

    A file of partners that it names is read too, and its rows stand in the `source` of the answer.

    `version` is computed from the text unless given. Opening hours are compiled for the years round
    `now`, the present if it is not given. `folder` is where relative file names begin.

    Raises:
        ConfigurationError: The text is not right.
    """
    text = text.removeprefix("\ufeff")
    try:
        raw: dict[str, object] = tomllib.loads(text)
        places = locate(text)
    except RecursionError:
        problem = Problem(file=name, line=1, message="lists or tables are nested too deeply.")
        raise ConfigurationError([problem]) from None
    except ValueError as error:
        raise ConfigurationError([syntax_problem(name, text, str(error))]) from None
    report = Reporter(name, places)
    problems: list[Problem] = []
    document: Document | None = None
    try:
        document = Document.model_validate(raw)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False)
        problems += report.translated(found)
    problems += problems_between(raw, sounds, report)
    rows, source, unreadable = rows_of(raw, text, name, places, report, folder or Path())
    partners = () if rows is None else rows.partners
    problems += unreadable
    if rows is not None:
        problems += rows.problems
        problems += rows_within_limits(partners, raw, report)
    secret = ""
    if document is not None and document.telephony.turn is not None:
        secret, unread = _secret(document, report, folder or Path())
        problems += unread
    numbers, wrong = agents_numbers(raw, report, folder or Path())
    problems += wrong
    if document is None or problems:
        raise ConfigurationError(problems)
    return compiled(
        document,
        version=version if version is not None else version_of(source),
        now=present() if now is None else now,
        turn_secret=secret,
        agents_numbers=numbers,
        folder=folder or Path(),
        warnings=in_order(tuple(warnings_of(document, report, partners))),
        source=source,
        partners=partners,
    )


def present() -> Instant:
    """Returns the instant by the machine's clock."""
    return Instant(int(datetime.now(UTC).timestamp()) * SECOND)


def version_of(text: str) -> int:
    """Returns a number from the text's hash, small enough to be exact in a browser's numbers."""
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:6])


def _secret(document: Document, report: Reporter, folder: Path) -> tuple[str, Sequence[Problem]]:
    """Returns the relay's secret, and the problem if its file cannot be used."""
    turn = document.telephony.turn
    if turn is None or turn.secret is not None or turn.secret_file is None:
        return (turn.secret or "") if turn is not None else "", ()
    place = ("telephony", "turn", "secret_file")
    try:
        with (folder / turn.secret_file).open("rb") as file:
            secret = file.read(1000).decode("utf-8").strip()
    except (OSError, ValueError):
        return "", [
            report.problem(
                place,
                "names a file that cannot be read.",
                allowed="Allowed: a text file with the secret on its only line.",
            )
        ]
    if not re.fullmatch(r"[\x21-\x7e]{8,500}", secret):
        return "", [
            report.problem(
                place,
                "names a file that holds no secret.",
                allowed="Allowed: a text file with at least 8 plain characters on its only line.",
            )
        ]
    return secret, ()
