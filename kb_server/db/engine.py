"""The store as the rest of the program sees it: looked at through `read`, changed through `transaction`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from kb_server.db import postgresql, sqlite
from kb_server.db.frozen import is_writable
from kb_server.db.kept import Kept
from kb_server.db.limits import READERS
from kb_server.db.transactions import UNTIL
from kb_server.db.trouble import Unwritable
from kb_server.db.turns import Turns
from kb_server.errors import KbError

Lent = Callable[[], AbstractContextManager[sa.Connection]]
"""How a connection is had for a while."""


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
        self._kept: tuple[Kept, ...] = ()
        self.is_writable = self.file is None or is_writable(self.file)
        if self.dialect == "sqlite":
            frozen = None if self.is_writable else self.file
            self._reader = sqlite.reader_of_frozen(frozen) if frozen else sqlite.reader(self.url)
            self._writer = sqlite.writer(self.url, checkpoints=checkpoints)
            self._kept = Kept(self._reader, READERS), Kept(self._writer, 1)
        else:
            self._reader, self._writer = postgresql.reader(self.url), postgresql.writer(self.url)
        # A server may go away, of which its pool knows; a file does not.
        ways: list[Lent] = [kept.lent for kept in self._kept] or [self._reader.connect, self._writer.connect]
        self._to_read, self._to_write = ways
        self._turns = Turns(1 if self.dialect == "sqlite" else postgresql.WRITERS)

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
        """All or nothing: committed when the block ends, rolled back when it raises.

        Raises sqlalchemy's errors: TimeoutError or OperationalError where somebody else writes for too long; and
        Unwritable.
        """
        if not self.is_writable:
            raise Unwritable(f"{self.file} can only be read: its disk, its folder or the file itself. Mend that first.")
        with self._turns.turn() as turn, self._to_write() as connection:
            connection.info[UNTIL] = turn.until
            with connection.begin():
                self._turns.arrived(turn)
                yield connection

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """One consistent view of the store, which cannot be changed through it."""
        with self._to_read() as connection:
            yield connection

    @contextmanager
    def unguarded(self) -> Iterator[sa.Connection]:
        """A connection outside any transaction, which may write where that is possible at all."""
        self._let_go()
        engine = self._writer if self.is_writable else self._reader
        with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
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

    def is_used_elsewhere(self) -> bool:
        """Whether another process has a session in a database that is no file. Of a file its locks tell."""
        if self.dialect == "sqlite":
            return False
        with self.read() as connection:
            pools = [engine.pool for engine in (self._reader, self._writer)]
            ours = sum(pool.checkedin() + pool.checkedout() for pool in pools if isinstance(pool, sa.QueuePool))
            return postgresql.others(connection, ours) > 0

    def close(self) -> None:
        """Let go of every connection. The readers go first: the last one to leave checkpoints, and they cannot.

        What another thread still uses ends as soon as that is done with it.
        """
        for kept in self._kept:
            kept.end()
        for engine in (self._reader, self._writer):
            event.listen(engine, "checkin", _end)
            engine.dispose()

    def _let_go(self) -> None:
        """Give what is kept back to SQLAlchemy."""
        for kept in self._kept:
            kept.close()


def _end(_connection: object, entry: ConnectionPoolEntry) -> None:
    """Close a connection that has come back to its pool."""
    entry.close()


def database_file(url: str | sa.URL) -> Path | None:
    """The SQLite file a database URL names, or None where it names something else."""
    parsed = make_url(url)
    is_file = parsed.get_backend_name() == "sqlite" and parsed.database
    return Path(parsed.database).absolute() if is_file and parsed.database else None
