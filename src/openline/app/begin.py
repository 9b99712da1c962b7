"""A centre of one's own, begun in a folder of its own: its configuration, and room for its data."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from openline.app.options import CONFIGURATION, DATA
from openline.app.people import add
from openline.configuration.beginning import (
    Answers,
    configuration_from,
    folder_of,
    mistakes,
    said,
)
from openline.identity import Role
from openline.model import OpenlineError, RefusedError
from openline.store.folder import file_error_in_words
from openline.web import load_catalogues


@dataclass(frozen=True, kw_only=True)
class Begun:
    """Names what was made."""

    folder: Path
    config: Path
    data: Path


def begin(answers: Answers, account: Callable[[Path], None] | None = None) -> Begun:
    """Writes the configuration that the answers make, into a folder that is new or empty.

    `account` is called with the data folder before the configuration is written: what it refuses
    leaves the folder as empty as it was.

    Raises:
        RefusedError: an answer is not right (`bad_answer`), or there is something in the folder
            (`folder_not_empty`), which is never overwritten.
        PeerError: the disk is full or failed.
    """
    wrong = mistakes(answers)
    if wrong:
        words = load_catalogues()["en"].text
        told = "\n".join(f"{question}: {said(each, words)}" for question, each in wrong.items())
        raise RefusedError(told, code="bad_answer")
    folder = Path(folder_of(answers)).absolute()
    begun = Begun(folder=folder, config=folder / CONFIGURATION, data=folder / DATA)
    text = configuration_from(answers)
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise RefusedError(
                f"There is something in {folder} already, and nothing is ever overwritten. "
                f"Choose another folder with --folder.",
                code="folder_not_empty",
            )
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if account is not None:
            try:
                account(begun.data)
            except OpenlineError:
                shutil.rmtree(begun.data, ignore_errors=True)
                raise
        with begun.config.open("x", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise file_error_in_words(error, folder) from error
    return begun


def begin_with_account(answers: Answers, folder: Path, login: str, password: str) -> Begun:
    """Begins a centre in a folder and makes its first account: an administrator's.

    Raises as `begin`, or `RefusedError` with the rule that stands against the account; then nothing
    is written.
    """

    def account(data: Path) -> None:
        add(data, login=login, password=password, name=login, role=Role.ADMINISTRATOR, agent=None)

    return begin(msgspec.structs.replace(answers, folder=str(folder)), account)
