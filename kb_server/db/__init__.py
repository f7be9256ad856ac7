"""The store: one engine for reading, one for writing, and the migrations. Only ``storage`` modules speak SQL through it."""

from kb_server.db.engine import Database
from kb_server.db.migrate import migrate

__all__ = ["Database", "migrate"]
