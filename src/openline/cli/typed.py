"""What the commands that plan share: a zone as it was typed, a table written whole."""

from pathlib import Path
from zoneinfo import ZoneInfo

from openline.model import RefusedError


def zone_of(name: str) -> ZoneInfo:
    """Returns a time zone by its name.

    Raises:
        RefusedError: there is none (`unknown_zone`).
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise RefusedError(
            f"--zone {name}: there is no such time zone. Write it like Europe/Madrid.",
            code="unknown_zone",
        ) from None


def write_whole(out: Path, text: str) -> None:
    """Writes a file, whole or not at all.

    Raises:
        RefusedError: it cannot be written (`cannot_write`).
    """
    try:
        # Beside it first: a full disk leaves no half table.
        part = out.with_name(f".{out.name}.part")
        part.write_text(text, encoding="utf-8")
        part.replace(out)
    except OSError as error:
        raise RefusedError(f"{out}: {error.strerror}.", code="cannot_write") from None
