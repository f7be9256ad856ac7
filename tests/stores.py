"""Empty, migrated databases on a PostgreSQL server, for one test after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import psycopg
import pytest
from postgres import Server
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as WaitedTooLong

from kb_server.db import Database, migrate

Done = TypeVar("Done")
Connection = psycopg.Connection[tuple[object, ...]]
LOCKED = "55P03"  # https://www.postgresql.org/docs/current/errcodes-appendix.html
TEMPLATE = "template_of_ours"
# What a test has made of the schema: if it is not what it was, the database is not used again.
SHAPE = """SELECT md5(string_agg(concat_ws(' ', c.oid, a.attname, a.atttypid), ',' ORDER BY c.oid, a.attnum))
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.relnamespace = 'public'::regnamespace"""
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
SEQUENCES = "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"
OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> %s"
REVISION = "SELECT version_num FROM alembic_version"


class Stores:
    """Hands out databases. A new one takes forty milliseconds, emptying a used one two."""

    def __init__(self, server: Server) -> None:
        """Nothing is made before it is asked for."""
        self.server = server
        self._made = 0
        self._free: list[str] = []
        self._shape: dict[str, tuple[object, ...]] = {}
        self._tidying: dict[str, Connection] = {}

    def close(self) -> None:
        """Leave the server alone."""
        for connection in self._tidying.values():
            connection.close()

    @contextmanager
    def one(self) -> Iterator[str]:
        """The address of a migrated database with nothing in it, for as long as the block lasts."""
        name = self._free.pop() if self._free else self._new()
        yield self.server.url(name)
        if self._emptied(name):
            self._free.append(name)

    def bare(self, how: str = "") -> str:
        """The address of a database that was never migrated."""
        return self.server.url(self._create(how))

    def execute(self, statement: str, database: str = "postgres") -> None:
        """Run one statement as the server's owner."""
        with self._connect(database) as connection:
            connection.execute(statement)

    def _new(self) -> str:
        if not self._shape:
            self._create("", TEMPLATE)
            template = Database(self.server.url(TEMPLATE))
            migrate(template, Path("/nowhere"))
            template.close()
        name = self._create(f"TEMPLATE {TEMPLATE} STRATEGY file_copy")
        # Kept open: beginning a connection and ending it is dearer than emptying a database.
        connection = self._tidying[name] = self._connect(name)
        self._empty(connection)
        self._shape[name] = self._seen(connection)
        return name

    def _create(self, how: str, name: str = "") -> str:
        self._made += 1
        name = name or f"test_{self._made}"
        self.execute(f"CREATE DATABASE {name} {how}")
        return name

    def _emptied(self, name: str) -> bool:
        connection = self._tidying[name]
        connection.execute(OTHERS, (connection.info.backend_pid,))
        if self._seen(connection) != self._shape[name]:
            self._tidying.pop(name).close()
            return False
        self._empty(connection)
        return True

    @staticmethod
    def _empty(connection: Connection) -> None:
        tables = [row[0] for row in connection.execute(TABLES) if row[0] != "alembic_version"]
        # Rows refer to one another, and the order of tables is nobody's business here.
        emptying = "; ".join(f'DELETE FROM "{table}"' for table in tables)
        connection.execute(f"SET session_replication_role = replica; {emptying}; RESET session_replication_role")
        connection.execute(SEQUENCES)

    @staticmethod
    def _seen(connection: Connection) -> tuple[object, ...]:
        return tuple(row for query in (SHAPE, REVISION) for row in connection.execute(query))

    def _connect(self, database: str) -> Connection:
        return psycopg.connect(self.server.url(database).replace("+psycopg", ""), autocommit=True)


def patiently(work: Callable[[], Done]) -> Done:
    """Do it; and once more whenever others, of whom there are many here, were in the way for too long."""
    while True:
        try:
            return work()
        except WaitedTooLong:
            pass
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", "") != LOCKED and "locked" not in str(error.orig):
                raise


def on_alone(kind: str) -> pytest.MarkDecorator:
    """A mark for tests of what only this kind of database has."""
    marks = [pytest.mark.slow] if kind == "postgresql" else []
    return pytest.mark.parametrize("store_kind", [pytest.param(kind, marks=marks)], indirect=True)
