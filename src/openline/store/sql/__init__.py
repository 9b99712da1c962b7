"""What the stores on SQLite and on PostgreSQL have in common, which is nearly everything.

One schema (`openline.store.schema`) and one set of statements, in SQLAlchemy Core. `journal`,
`sums`, `call_lists`, `sealed` and `identity` each serve their tables, `about` knows the data as a
whole, `migrate` brings those of an older version up to date, `store` joins them. `database` says
what they ask of a kind of database: connections (lent by `connections`), and errors in our words.
"""

from openline.store.sql.database import Database
from openline.store.sql.migrate import Migrations
from openline.store.sql.store import SqlStore

__all__ = ["Database", "Migrations", "SqlStore"]
