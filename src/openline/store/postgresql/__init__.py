"""The store on PostgreSQL: for several machines, and for whoever runs one already.

`connection` keeps the connections and puts errors into words; tables and statements are those of
`openline.store.sql`. Needs the extra `postgresql`. What is deleted there lives on in its log and
its backups, so nothing is ever put in that is not ciphertext or may not be known for its term.
"""

from openline.store.postgresql.store import PostgresqlStore, copy_into_postgresql

__all__ = ["PostgresqlStore", "copy_into_postgresql"]
