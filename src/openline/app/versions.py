"""Which configuration is in force when the program starts?

The published versions in the store are the truth. A file that nobody has published yet is a new
version: so whoever edits it and starts again changes the configuration, as long as nobody published
another to the running centre. Then that one counts, and the file is stale: it is not read, and the
log says so. Publish it (`openline publish`) to see the differences and to decide.
"""

from collections.abc import Callable
from pathlib import Path

import msgspec
import structlog

from openline.configuration import Published, load_text
from openline.model import Instant
from openline.store import ConfigurationRecord, Store

log = structlog.get_logger(__name__)


def version_at_start(store: Store, file: Published, config: Path, now: Instant) -> Published:
    """Returns the configuration with which to start; keeps the file's as a version if it is new.

    Raises:
        ConfigurationError: the version that is in force is not right for this program.
    """
    versions = store.configurations()
    known = any(each.text == file.source for each in versions)
    newest = versions[-1] if versions else None
    if newest is None or not (known or newest.is_live):
        number = 1 if newest is None else newest.version + 1
        record = ConfigurationRecord(version=number, at=now, by="", text=file.source)
        store.add_configuration(record)
        settings = msgspec.structs.replace(file.settings, version=number)
        return msgspec.structs.replace(file, version=number, settings=settings)
    if newest.text != file.source:
        log.warning("file_is_stale", in_force=newest.version, file_was_published=known)
    return read_version(config)(newest.text, newest.version)


def read_version(config: Path) -> Callable[[str, int], Published]:
    """Returns a reader of texts; files named in one are looked for beside the configuration."""

    def read(text: str, version: int) -> Published:
        folder = config.absolute().parent
        return load_text(text, f"version {version}", version=version, folder=folder)

    return read


def published_by(store: Store, version: int) -> str:
    """Returns the login of who published a version; empty where a start read it from a file."""
    return next((each.by for each in store.configurations() if each.version == version), "")
