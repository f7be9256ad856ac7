"""Damage to a SQLite file: how it shows, and how to read what may have suffered from it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from kb_server.errors import KbError

NOT_UTF_8 = "Could not decode to UTF-8"  # Python's words; SQLite itself never looks at what a text is made of


class Damaged(KbError):  # noqa: N818  -- it reads as what a file is
    """A SQLite file is not what was written."""


def is_damage(error: BaseException | None) -> bool:
    """Whether an error of SQLite says that the file, or an index in it, is not what was written."""
    primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or str(error).startswith(NOT_UTF_8)


def is_damage_of_index(error: BaseException | None) -> bool:
    """Whether it says so of a full-text index alone, which can be made anew."""
    return getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_CORRUPT_VTAB


@contextmanager
def legible(connection: sa.Connection) -> Iterator[None]:
    """Read texts that are no longer UTF-8 with a mark for what is lost, instead of failing."""
    if connection.dialect.name != "sqlite":
        yield  # others do not let such a text in
        return
    raw: Any = connection.connection.driver_connection
    raw.text_factory = lambda text: text.decode("utf-8", "replace")
    try:
        yield
    finally:
        raw.text_factory = str
