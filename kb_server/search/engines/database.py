"""The engine of the database that the texts are in: nothing to lag behind, nothing to keep besides."""

from __future__ import annotations

from kb_server.search.engines import Engine
from kb_server.search.engines.postgresql import PostgresqlEngine
from kb_server.search.engines.sqlite import SqliteEngine


def database_engine(dialect: str) -> Engine:
    """The engine for a kind of database."""
    return SqliteEngine() if dialect == "sqlite" else PostgresqlEngine()
