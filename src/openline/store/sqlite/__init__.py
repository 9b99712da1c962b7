"""The store on one SQLite file: the default, and enough for one machine.

`connection` opens the file and puts its errors into words; `journal`, `sealed` and `identity` each
serve their tables; `store` is the whole.
"""

from openline.store.sqlite.store import SqliteStore

__all__ = ["SqliteStore"]
