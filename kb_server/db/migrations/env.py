"""Alembic's entry point: it runs on the connection, and inside the transaction, that ``db.migrating`` hands over."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=False)
context.run_migrations()
