"""`openline new`: eight questions, and a centre of one's own stands in a folder of its own."""

import json as json_codec
import sys
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import typer

from openline.app.begin import Begun, begin
from openline.app.people import add
from openline.configuration.beginning import QUESTIONS, Answers, folder_of, key_of, mistakes
from openline.configuration.problems import ConfigurationError
from openline.configuration.read import read
from openline.configuration.syntax import syntax_problem
from openline.identity import Role
from openline.model import AgentKey, RefusedError

WORDS: dict[str, str] = {
    "name": "What is the helpline called?",
    "languages": "In which languages does it answer? (en, es; the first is used by default)",
    "time_zone": "Whose clock does it follow? (a time zone such as America/Chicago)",
    "topics": "What do people call about? (one or several, with commas)",
    "people": "Who answers? (aliases with commas, never whole names)",
    "on_call": "Who of them is rung at home when nobody is at work? (empty: nobody)",
    "recovery_break_min": "How many minutes is the break after a hard call? (0: none)",
    "folder": "In which folder shall it be kept?",
}
LISTS = frozenset({"languages", "topics", "people", "on_call"})


def make_centre(
    given: dict[str, Any],
    *,
    answers: Path | None,
    login: str | None,
    password_stdin: bool,
    json: bool,
) -> None:
    """Makes a centre from what was given; asks a person for the rest, and nobody else.

    Raises `RefusedError` with every answer that is not right.
    """
    said = {key: value for key, value in given.items() if value is not None}
    known = {**_from_file(answers), **said}
    is_person = answers is None and not known and sys.stdin.isatty()
    if is_person:
        known, login = _asked(login)
    begun = begin(_converted(known))
    if login:
        _first_account(begun, _converted(known), login, password_stdin)
    _tell(begun, login, json)


def _from_file(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    text = read(path)
    try:
        return tomllib.loads(text)
    except ValueError as error:
        raise ConfigurationError([syntax_problem(str(path), text, str(error))]) from None


def _converted(known: dict[str, Any]) -> Answers:
    unknown = [key for key in known if key not in QUESTIONS]
    if unknown:
        raise RefusedError(
            f'There is no question "{unknown[0][:40]}". There are {", ".join(QUESTIONS)}.',
            code="bad_answer",
        )
    try:
        return msgspec.convert(known, Answers)
    except msgspec.ValidationError as error:
        raise RefusedError(f"An answer is of the wrong kind: {error}", code="bad_answer") from None


# --- asking ----------------------------------------------------------------------------------


def _asked(login: str | None) -> tuple[dict[str, Any], str | None]:
    """Asks one question after the other, each until its answer is right."""
    typer.echo("Eight questions; Enter takes what stands in brackets.\n")
    known: dict[str, Any] = {}
    for question in QUESTIONS:
        while True:
            known[question] = _answer(question, Answers(**known))
            wrong = mistakes(Answers(**known)).get(question)
            if not wrong:
                break
            typer.echo(f"  {wrong}")
    if login is None:
        first = known["people"][0]
        login = typer.prompt(
            f"\nA login for {first}, who may also force states (empty: later)",
            default="",
            show_default=False,
        )
    return known, login or None


def _answer(question: str, so_far: Answers) -> Any:
    default = folder_of(so_far) if question == "folder" else getattr(so_far, question)
    shown = ", ".join(default) if question in LISTS else str(default)
    said = typer.prompt(WORDS[question], default=shown, show_default=bool(shown)).strip()
    if question in LISTS:
        return tuple(part for word in said.split(",") if (part := word.strip()))
    if question == "recovery_break_min":
        return int(said) if said.isascii() and said.isdigit() else -1
    return said


# --- what follows ----------------------------------------------------------------------------


def _first_account(begun: Begun, answers: Answers, login: str, password_stdin: bool) -> None:
    """Makes the account of the first of the people; she answers, and looks after who works."""
    if password_stdin:
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = typer.prompt(
            "Password (at least 12 characters)", hide_input=True, confirmation_prompt=True
        )
    first = answers.people[0]
    try:
        add(
            begun.data,
            login=login,
            password=password,
            name=first,
            role=Role.SUPERVISOR,
            agent=AgentKey(key_of(first)),
        )
    except RefusedError as error:
        raise RefusedError(
            f"{begun.config} is written, but the account was not made: {error} Try again: "
            f"openline user add {login} --data {begun.data} --role supervisor "
            f"--agent {key_of(first)}",
            code=error.code,
        ) from None


def _tell(begun: Begun, login: str | None, json: bool) -> None:
    steps = [
        f"openline check {begun.config}",
        f"openline user add LOGIN --data {begun.data} --agent KEY",
        f"openline run --config {begun.config} --data {begun.data}",
    ]
    if json:
        made = {"folder": begun.folder, "config": begun.config, "data": begun.data}
        typer.echo(
            json_codec.dumps({**{key: str(path) for key, path in made.items()}, "next": steps})
        )
        return
    typer.echo(f"\n{begun.config} is written and right. Read it: it says what each part means.")
    if login:
        typer.echo(f"{login} may sign in. The others get accounts by the second command.")
    typer.echo("\nWhat comes next:")
    for step in steps:
        typer.echo(f"  {step}")
