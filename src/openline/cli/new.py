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
from openline.configuration.beginning import (
    LISTS,
    QUESTIONS,
    Answers,
    Words,
    answer_from,
    key_of,
    mistakes,
    said,
)
from openline.configuration.problems import ConfigurationError
from openline.configuration.read import read
from openline.configuration.syntax import syntax_problem
from openline.identity import Role
from openline.model import AgentKey, RefusedError
from openline.web import load_catalogues


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
    flags = {key: value for key, value in given.items() if value is not None}
    known = {**_from_file(answers), **flags}
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
    keys = Answers.__struct_fields__
    unknown = [key for key in known if key not in keys]
    if unknown:
        raise RefusedError(
            f'There is no question "{unknown[0][:40]}". There are {", ".join(keys)}.',
            code="bad_answer",
        )
    try:
        return msgspec.convert(known, Answers)
    except msgspec.ValidationError as error:
        raise RefusedError(f"An answer is of the wrong kind: {error}", code="bad_answer") from None


# --- asking ----------------------------------------------------------------------------------


def _asked(login: str | None) -> tuple[dict[str, Any], str | None]:
    """Asks one question after the other, each until its answer is right."""
    words = load_catalogues()["en"].text
    typer.echo("Eight questions; Enter takes what stands in brackets.\n")
    known: dict[str, Any] = {}
    for question in QUESTIONS:
        while True:
            known[question] = _answer(question, Answers(**known), words)
            wrong = mistakes(Answers(**known)).get(question)
            if wrong is None:
                break
            typer.echo(f"  {said(wrong, words)}")
    if login is None:
        first = known["people"][0]
        login = typer.prompt(
            f"\nA login for {first}, who may also force states (empty: later)",
            default="",
            show_default=False,
        )
    return known, login or None


def _answer(question: str, so_far: Answers, words: Words) -> Any:
    default = getattr(so_far, question)
    shown = ", ".join(default) if question in LISTS else str(default)
    asked = f"{words(f'begin.{question}.ask')} {words(f'begin.{question}.terminal')}"
    typed = typer.prompt(asked, default=shown, show_default=bool(shown)).strip()
    return answer_from(question, typed)


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
        f"openline user invite LOGIN --data {begun.data} --agent KEY",
        f"openline run --config {begun.folder}",
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
