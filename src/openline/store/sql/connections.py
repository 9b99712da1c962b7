"""How every kind of database lends connections: reads from a pool, all writes one after the other.

All writes share one connection under one lock. Reads take connections from a small pool and never
see a half-written transaction. What opens an engine, and what an error means, each kind says
itself.
"""

import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy import Connection, Engine

from openline.model import BugError, OpenlineError, PeerError, RefusedError


class Connections(ABC):
    """Lends connections; made with `is_writable=False`, it lends none to write."""

    def __init__(self, *, is_writable: bool) -> None:
        self._is_writable = is_writable
        self._lock = threading.RLock()
        self._readers = self._engine(writes=False)
        self._writers = self._engine(writes=True)
        self._writer: Connection | None = None
        self._is_closed = False
        self.is_opened = False
        """Whether it was found usable. From then on no refusal is a person's to hear: what fails
        is the storage."""

    @abstractmethod
    def _engine(self, *, writes: bool) -> Engine:
        """Makes the engine of the readers or of the writer."""

    @abstractmethod
    def _in_words(self) -> AbstractContextManager[None]:
        """Puts the errors of the database into words, by `_settled`."""

    def _settled(self, words: OpenlineError) -> OpenlineError:
        if self.is_opened and isinstance(words, RefusedError):
            return PeerError(str(words))
        return words

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Lends a connection for some reads."""
        with self._in_words(), self._readers.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Lends the writing connection inside a transaction, durable when the block ends.

        An error inside the block undoes all of it.
        """
        if not self._is_writable:
            raise BugError("This store was opened for reading only.")
        with self._lock, self._in_words():
            if self._is_closed:
                raise BugError("This store is closed.")
            if self._writer is None:
                self._writer = self._writers.connect()
            try:
                with self._writer.begin():
                    yield self._writer
            finally:
                # A server's connection that broke is not lent again.
                if self._writer.invalidated:
                    self._writer.close()
                    self._writer = None

    def close(self) -> None:
        """Closes all connections; the last one of SQLite empties its write-ahead log."""
        with self._lock, self._in_words():
            self._is_closed = True
            self._readers.dispose()
            if self._writer is not None:
                self._writer.close()
                self._writer = None
            self._writers.dispose()
