"""Which version tables are of, and how they become those of this program.

The versions are Alembic's revisions (`openline.store.migrations`). All that lie between run in one
transaction: a migration that is cut short has not happened, and the next start begins it again.
Before it the kind of store sees to a safety copy. A version that is not known here was written by
a newer Openline, and is left alone.
"""

import time
import warnings
from collections.abc import Callable
from pathlib import Path

import structlog
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

log = structlog.get_logger(__name__)

FOLDER = Path(__file__).parents[1] / "migrations"

TOLD_EVERY_S = 2.0


class Migrations:
    """Knows the revisions of a folder, and of other folders beside it (tests bring their own)."""

    def __init__(self, *beside: Path) -> None:
        self._config = Config()
        self._config.set_main_option("script_location", str(FOLDER))
        self._config.set_main_option("path_separator", "newline")
        places = [FOLDER / "versions", *beside]
        self._config.set_main_option("version_locations", "\n".join(map(str, places)))
        self._scripts = ScriptDirectory.from_config(self._config)

    @property
    def newest(self) -> str:
        """The version that this program reads and writes."""
        return self._scripts.get_current_head() or ""

    def knows(self, version: str) -> bool:
        """Says whether it is the newest version, or one from before it."""
        return version in {each.revision for each in self._scripts.walk_revisions()}

    def version_of(self, connection: Connection) -> str | None:
        """Returns the version of the tables; None where none is noted."""
        return MigrationContext.configure(connection).get_current_revision()

    def run(self, connection: Connection, *, until: str = "head") -> None:
        """Makes the tables, or brings those that are there up to date, in the transaction begun."""
        self._config.attributes["connection"] = connection
        self._config.attributes["tell"] = _telling(time.monotonic)
        with warnings.catch_warnings():
            # Alembic imports `env` by its path, which Python notes as a resource not closed.
            warnings.simplefilter("ignore", ResourceWarning)
            command.upgrade(self._config, until)


def _telling(clock: Callable[[], float]) -> Callable[[int, int], None]:
    last = clock()

    def tell(done: int, total: int) -> None:
        nonlocal last
        if clock() - last >= TOLD_EVERY_S:
            last = clock()
            log.info("migrating", done=done, total=total)

    return tell
