"""The store as the rest of the program sees it: looked at through `read`, changed through `transaction`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from kb_server.db import postgresql, sqlite
from kb_server.errors import KbError


class Database:
    """The store. `read` for looking, `transaction` for changing; both give a SQLAlchemy connection."""

    def __init__(self, url: str | sa.URL, *, checkpoints: bool = True) -> None:
        """Open nothing yet. `checkpoints=False` is for a process beside a running server, which does them itself.

        Raises KbError where the address cannot be read.
        """
        try:
            self.url = make_url(url)
        except (ArgumentError, ValueError) as error:
            hint = "In a password, write @ as %40, / as %2F and : as %3A."
            raise KbError(f"KB_DATABASE_URL is not an address. {hint}") from error
        if self.dialect == "sqlite":
            self._writer, self._reader = sqlite.writer(self.url, checkpoints=checkpoints), sqlite.reader(self.url)
        else:
            self._writer, self._reader = postgresql.writer(self.url), postgresql.reader(self.url)

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
        """A writing connection outside any transaction."""
        with self._writer.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            yield connection

    @contextmanager
    def migration(self) -> Iterator[sa.Connection]:
        """One transaction that may change the schema while nobody else writes."""
        work = sqlite.migration if self.dialect == "sqlite" else postgresql.migration
        with self.unguarded() as connection, work(connection):
            yield connection

    def require_usable(self, connection: sa.Connection) -> None:
        """Raise KbError where this database could not hold what we put into it."""
        if self.dialect == "postgresql":
            postgresql.require_usable(connection)

    def close(self) -> None:
        """Let go of every connection. The readers go first: the last one to leave checkpoints, and they cannot."""
        self._reader.dispose()
        self._writer.dispose()


def database_file(url: str | sa.URL) -> Path | None:
    """The SQLite file a database URL names, or None where it names something else."""
    parsed = make_url(url)
    is_file = parsed.get_backend_name() == "sqlite" and parsed.database
    return Path(parsed.database).absolute() if is_file and parsed.database else None
