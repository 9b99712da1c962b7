"""What a kind of database must offer for the tables of a centre to be kept in it."""

from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import Connection, Dialect

from openline.model import Instant, RefusedError


class Database(Protocol):
    """Lends connections. Errors of the database leave the blocks below in our words."""

    @property
    def dialect(self) -> Dialect:
        """How this database spells SQL; parameters in statements of our own go by position."""

    @property
    def place(self) -> str:
        """Where the data are, for people to read: `the data in FOLDER`."""

    def reading(self) -> AbstractContextManager[Connection]:
        """Lends a connection for some reads."""

    def reading_one_moment(self) -> AbstractContextManager[Connection]:
        """Lends a connection whose reads all see the data as they were at the first of them."""

    def writing(self) -> AbstractContextManager[Connection]:
        """Lends the writing connection inside a transaction, durable when the block ends.

        An error inside the block undoes all of it. An error while it ends may leave in doubt
        whether it was undone.

        Raises:
            BugError: it was opened for reading only, or is closed.
        """

    def before_migration(self, older: str, newer: str, now: Instant) -> None:
        """Sees to it that there is a way back, before tables are changed.

        Raises:
            RefusedError: there is none (`migration_needs_backup`).
            PeerError: the disk is full or failed.
        """

    def foreign(self) -> RefusedError:
        """Says that the tables there are another program's."""

    def close(self) -> None:
        """Closes all connections; closing twice changes nothing."""
