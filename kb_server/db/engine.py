"""How the store is opened.

SQLite before 3.51.3 has a rare race between a write and a checkpoint of two connections that can damage the file, so
one connection does all writes and checkpoints of a process; readers cannot write and never checkpoint. Writing begins
with ``BEGIN IMMEDIATE``: a transaction that reads first and writes later fails at once when somebody else was faster.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import make_url

BUSY_SECONDS = 5
READERS = 16  # more than that gain nothing on one file; a thread that finds none free waits its turn


class Database:
    """The store. `read` for looking, `transaction` for changing; both give a SQLAlchemy connection."""

    def __init__(self, url: str, *, checkpoints: bool = True) -> None:
        """Open nothing yet. `checkpoints=False` is for a process beside a running server, which does them itself."""
        self.url = make_url(url)
        self._writer = self._open(checkpoints=checkpoints)
        self._reader = self._open(readonly=True)

    @property
    def dialect(self) -> str:
        """The kind of database: "sqlite" or "postgresql"."""
        return self.url.get_backend_name()

    @property
    def file(self) -> Path | None:
        """The SQLite file, or None where there is none."""
        return database_file(self.url)

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """All or nothing: committed when the block ends, rolled back when it raises."""
        with self._writer.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """One consistent view of the store, which cannot be changed through it."""
        with self._reader.connect() as connection:
            yield connection

    @contextmanager
    def unguarded(self) -> Iterator[sa.Connection]:
        """The writing connection outside any transaction, for migrations and backups alone."""
        with self._writer.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            yield connection

    def close(self) -> None:
        """Let go of every connection. The readers go first: the last one to leave checkpoints, and they cannot."""
        self._reader.dispose()
        self._writer.dispose()

    def _open(self, *, readonly: bool = False, checkpoints: bool = False) -> sa.Engine:
        if self.dialect != "sqlite":
            return sa.create_engine(self.url, pool_pre_ping=True, hide_parameters=True)
        size = READERS if readonly else 1
        engine = sa.create_engine(
            self.url,
            poolclass=sa.QueuePool,
            pool_size=size,
            max_overflow=0,
            hide_parameters=True,  # what somebody wrote or looked for does not belong into a log
            pool_timeout=BUSY_SECONDS,
            connect_args={"timeout": BUSY_SECONDS},
        )
        _configure_sqlite(engine, readonly=readonly, checkpoints=checkpoints)
        return engine


def database_file(url: str | sa.URL) -> Path | None:
    """The SQLite file a database URL names, or None where it names something else."""
    parsed = make_url(url)
    sqlite = parsed.get_backend_name() == "sqlite" and parsed.database
    return Path(parsed.database).absolute() if sqlite and parsed.database else None


def _configure_sqlite(engine: sa.Engine, *, readonly: bool, checkpoints: bool) -> None:
    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: Any) -> None:  # noqa: ANN401  -- SQLAlchemy's own
        # Python would open transactions by itself, and not before DDL: we begin them ourselves, below.
        connection.isolation_level = None
        pragmas = ["foreign_keys=ON", "trusted_schema=OFF", "cache_size=-32000"]
        if readonly:
            pragmas += ["query_only=ON", "wal_autocheckpoint=0", "mmap_size=268435456"]
        else:
            pragmas += ["journal_mode=WAL", "synchronous=FULL"]
            pragmas += [] if checkpoints else ["wal_autocheckpoint=0"]
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        # "AUTOCOMMIT" has no transaction to begin; SQLAlchemy fires the event all the same.
        if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
            connection.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")
