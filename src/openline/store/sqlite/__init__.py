"""The store on one SQLite file: the default, and enough for one machine.

`connection` opens the file and puts its errors into words; tables and statements are those of
`openline.store.sql`.
"""

from openline.store.sqlite.store import SqliteStore, copy_into_sqlite

__all__ = ["SqliteStore", "copy_into_sqlite"]
