"""How SQLite is opened.

SQLite before 3.51.3 has a rare race between a write and a checkpoint of two connections that can damage the file, so
one connection does all writes and checkpoints of a process; readers cannot write and never checkpoint. Writing begins
with ``BEGIN IMMEDIATE``: a transaction that reads first and writes later fails at once when somebody else was faster.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from kb_server.db.frozen import address_to_read
from kb_server.db.limits import BUSY_SECONDS, READERS
from kb_server.db.transactions import begin_with, between
from kb_server.errors import KbError

SAME = 100  # milliseconds: a patience that differs by less is the same
# That many are written before they go to their places: whoever writes then waits for that, so it had better be rare.
PAGES = 4_000
ALWAYS = ("foreign_keys=ON", "trusted_schema=OFF", "cache_size=-32000")


def reader(url: sa.URL) -> sa.Engine:
    """Connections that cannot write; each transaction sees one state of the file."""
    pragmas = (*ALWAYS, "query_only=ON", "wal_autocheckpoint=0", "mmap_size=268435456")
    engine = _opened(url, READERS, pragmas)
    begin_with(engine, lambda *_: ("BEGIN",))
    return engine


def reader_of_frozen(file: Path) -> sa.Engine:
    """The same for a file that cannot be written."""
    where, _, how = address_to_read(file).partition("?")
    name, _, value = how.partition("=")
    return reader(sa.URL.create("sqlite", database=where, query={name: value, "uri": "true"}))


def writer(url: sa.URL, *, checkpoints: bool) -> sa.Engine:
    """The one connection that writes."""
    pragmas = (*ALWAYS, "journal_mode=WAL", "synchronous=FULL", f"wal_autocheckpoint={PAGES if checkpoints else 0}")
    engine = _opened(url, 1, pragmas)
    begin_with(engine, _begin_to_write)
    return engine


def _begin_to_write(connection: sa.Connection, left: int) -> Sequence[str]:
    """How long it waits for another program is said anew only where that changes: hardly anybody has waited before."""
    patience = left // SAME * SAME or 1
    is_said = connection.info.get("kb.patience", BUSY_SECONDS * 1000) == patience
    connection.info["kb.patience"] = patience
    return ("BEGIN IMMEDIATE",) if is_said else (f"PRAGMA busy_timeout={patience}", "BEGIN IMMEDIATE")


@contextmanager
def migration(connection: sa.Connection) -> Iterator[None]:
    """One transaction of a connection outside any, undone whole where it would break a reference."""
    # With foreign keys on, Alembic's way of rebuilding a table deletes the rows that refer to it. The switch has no
    # effect inside a transaction, so it comes before.
    connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    try:
        with between(connection, "BEGIN IMMEDIATE"):
            yield
            if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise KbError("The migration would break references between rows; nothing was changed.")
    finally:
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def _opened(url: sa.URL, size: int, pragmas: Sequence[str]) -> sa.Engine:
    engine = sa.create_engine(
        url,
        poolclass=sa.QueuePool,
        pool_size=size,
        pool_use_lifo=True,  # whoever was asked last has at hand what is asked for next
        max_overflow=0,
        hide_parameters=True,  # what somebody wrote or looked for does not belong into a log
        pool_timeout=BUSY_SECONDS,
        connect_args={"timeout": BUSY_SECONDS},
    )

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: Any) -> None:  # noqa: ANN401  -- SQLAlchemy's own
        # Python would open transactions by itself, and not before DDL: we begin them ourselves, below.
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    return engine
