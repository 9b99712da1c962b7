"""A centre of one's own, begun in a folder of its own: its configuration, and room for its data."""

import os
from dataclasses import dataclass
from pathlib import Path

from openline.configuration.beginning import Answers, configuration_from, folder_of, mistakes
from openline.model import RefusedError
from openline.store.folder import file_error_in_words

CONFIGURATION = "openline.toml"
DATA = "data"


@dataclass(frozen=True, kw_only=True)
class Begun:
    """Names what was made."""

    folder: Path
    config: Path
    data: Path


def begin(answers: Answers) -> Begun:
    """Writes the configuration that the answers make, into a folder that is new or empty.

    Raises:
        RefusedError: an answer is not right (`bad_answer`), or there is something in the folder
            (`folder_not_empty`), which is never overwritten.
        PeerError: the disk is full or failed.
    """
    wrong = mistakes(answers)
    if wrong:
        said = "\n".join(f"{question}: {words}" for question, words in wrong.items())
        raise RefusedError(said, code="bad_answer")
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
        with begun.config.open("x", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        words = file_error_in_words(error, folder)
        raise words from error
    return begun
