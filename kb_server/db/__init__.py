"""The store: one engine to read, one to write, and migrations. Only ``storage`` modules speak SQL."""

from kb_server.db.engine import Database, database_file
from kb_server.db.migrating import migrate

__all__ = ["Database", "database_file", "migrate"]
