"""What Alembic runs: the revisions, on the connection and in the transaction that it was given."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    # On SQLite too: its changes of tables go with the transaction, and are undone with it.
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
