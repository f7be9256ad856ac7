"""The database's own full-text index. It follows `documents` inside the same transaction, so it cannot lag behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

import sqlalchemy as sa

from kb_server.documents import postings_postgresql, postings_sqlite

TABLES = ("documents_fts", "documents_long")
"""How the names of its tables begin. All that stands in them is made of the table of documents."""


def is_of_the_index(table: str) -> bool:
    """Whether a table is one of the index, or one that a database keeps behind it."""
    return table.startswith(TABLES)


def unindex(connection: sa.Connection, refs: Sequence[str]) -> None:
    """Forget these documents, as they stand: call it before they change."""
    _of(connection).unindex(connection, refs)


def index(connection: sa.Connection, refs: Sequence[str]) -> None:
    """Take in these documents, as they stand: call it after they have changed."""
    _of(connection).index(connection, refs)


def add(connection: sa.Connection, row: Mapping[str, Any]) -> None:
    """Take in one document that was just written for the first time, by its row."""
    _of(connection).add(connection, row)


def rebuild(connection: sa.Connection) -> None:
    """Make the whole index anew from the table."""
    _of(connection).rebuild(connection)


def _of(connection: sa.Connection) -> ModuleType:
    return postings_sqlite if connection.dialect.name == "sqlite" else postings_postgresql
