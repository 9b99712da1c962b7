"""What text is in the file, and if none can be had, why?"""

from difflib import get_close_matches
from pathlib import Path

from openline.configuration.problems import ConfigurationError, Problem

LARGEST_FILE_BYTES = 5_000_000
LARGEST_REQUEST_BYTES = 6 * LARGEST_FILE_BYTES
"""A text may grow so much when it is written as JSON."""


def read(path: Path) -> str:
    """Returns the file's text.

    Raises:
        ConfigurationError: There is no such text, for a reason that is told in words.
    """

    def refused(
        message: str,
        allowed: str | None = None,
        *,
        line: int | None = None,
        nearest: str | None = None,
    ) -> ConfigurationError:
        told = Problem(file=str(path), line=line, message=message, allowed=allowed, nearest=nearest)
        return ConfigurationError([told])

    try:
        if path.is_dir():
            inside = sorted(each.name for each in path.glob("*.toml"))
            raise refused(
                "is a folder, not a file.", nearest=str(path / inside[0]) if inside else None
            )
        if path.exists() and not path.is_file():
            raise refused("is not a file that can be read.")
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE_BYTES + 1)
    except FileNotFoundError:
        raise refused("there is no such file.", nearest=_neighbour(path)) from None
    except PermissionError:
        raise refused(
            "may not be read by the user who runs Openline.", "Change its owner or its permissions."
        ) from None
    except OSError as error:
        raise refused(
            f"cannot be read ({error.strerror or 'the system does not say why'})."
        ) from None
    if len(content) > LARGEST_FILE_BYTES:
        raise refused(
            f"is larger than {LARGEST_FILE_BYTES // 1_000_000} MB.",
            "A configuration is far smaller; this is probably another file.",
        )
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refused("is written in UTF-16.", "Save it again as UTF-8.", line=1)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise refused(
            "has a character that is not UTF-8.", "Save the file again as UTF-8.", line=line
        ) from None


def _neighbour(path: Path) -> str | None:
    """Returns a file beside the missing one whose name looks like it."""
    try:
        names = sorted(each.name for each in path.parent.glob("*.toml"))
    except OSError:
        return None
    matches = get_close_matches(path.name, names, n=1)
    return str(path.parent / matches[0]) if matches else None
