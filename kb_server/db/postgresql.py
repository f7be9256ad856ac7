"""How PostgreSQL is opened: so that it behaves as SQLite does, and no statement waits or works for ever.

Writing takes turns, as with ``BEGIN IMMEDIATE``: a transaction begins by taking one advisory lock, whichever node it
comes from. So what it read first still holds when it writes, numbers become visible in the order they were given, and
two transactions never wait for each other. A wiki's writes are short; a lock for each table would gain nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from kb_server.db.limits import BUSY_SECONDS, READERS
from kb_server.db.transactions import begin_with, between
from kb_server.errors import KbError

OLDEST = 15
"""The oldest version that is still looked after by PostgreSQL's own makers, and the oldest we test."""

WRITING = "SELECT pg_advisory_xact_lock(1802659959)"  # any number, but the same in every version of kb
# What was waited for the turn is no longer there to wait for anything else.
WAITED = (
    "SELECT set_config('lock_timeout', greatest(100, {left} - 1000 * extract(epoch FROM "
    "clock_timestamp() - transaction_timestamp()))::int::text, true)"
)
WRITERS = 4  # connections of a process; they take turns, so this is how many of them wait at the database
DRIVER = "postgresql+psycopg"

ALWAYS = {
    "lock_timeout": f"{BUSY_SECONDS}s",
    # A node that was cut off in the middle of a transaction keeps nobody waiting longer than this.
    "idle_in_transaction_session_timeout": "5min",
    "jit": "off",  # compiling takes longer than any of our statements
    "timezone": "UTC",
}
READING = {
    "statement_timeout": "30s",
    "default_transaction_read_only": "on",
    "default_transaction_isolation": "repeatable read",
}
# While waiting, its turn: a transaction must see what the one before it has committed.
CHANGING = {"statement_timeout": "2min", "default_transaction_isolation": "read committed"}
# A session tells by the same address that it is one of ours: whoever named it otherwise did so for all.
SESSIONS = """SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = current_setting('application_name')"""
MIGRATING = ("BEGIN", "SET LOCAL lock_timeout = '10min'", "SET LOCAL statement_timeout = 0", WRITING)


def reader(url: sa.URL) -> sa.Engine:
    """Connections that cannot write; each transaction sees one state of the store."""
    return _opened(url, READERS, ALWAYS | READING)


def writer(url: sa.URL) -> sa.Engine:
    """Connections whose transactions take turns with those of every other process."""
    engine = _opened(url, WRITERS, ALWAYS | CHANGING)
    begin_with(engine, lambda _, left: (f"SET LOCAL lock_timeout = {left}; {WRITING}; {WAITED.format(left=left)}",))
    return engine


@contextmanager
def migration(connection: sa.Connection) -> Iterator[None]:
    """One transaction of a connection outside any, in its turn; of several nodes that start at once, one goes first."""
    with between(connection, *MIGRATING):
        yield


def others(connection: sa.Connection, ours: int) -> int:
    """How many sessions of kb there are in this database beside `ours`, of other processes and machines."""
    found: int = connection.exec_driver_sql(SESSIONS).scalar_one()
    return found - ours


def require_usable(connection: sa.Connection) -> None:
    """Raise KbError where the server is too old for us, or the database could not hold every text."""
    version = connection.exec_driver_sql("SHOW server_version_num").scalar_one()
    if int(version) < OLDEST * 10_000:
        raise KbError(f"This PostgreSQL is of version {int(version) // 10_000}; Common Ground needs {OLDEST} or newer.")
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding != "UTF8":
        raise KbError(f"The database has the encoding {encoding}. Make one with: createdb --encoding=UTF8 …")


def _opened(url: sa.URL, size: int, settings: Mapping[str, str]) -> sa.Engine:
    given = {} if "application_name" in url.query else {"application_name": "kb"}
    try:
        engine = sa.create_engine(
            url.set(drivername=DRIVER),
            pool_size=size,
            max_overflow=0,
            hide_parameters=True,  # what somebody wrote or looked for does not belong into a log
            pool_timeout=BUSY_SECONDS,
            pool_pre_ping=True,  # after a restart of the database the first to ask gets a new connection, not an error
            connect_args={
                "connect_timeout": BUSY_SECONDS,
                "client_encoding": "utf8",
                # Statements are planned by their values, and a pooler in between need not know of any.
                "prepare_threshold": None,
                **given,
            },
        )
    except ModuleNotFoundError as error:
        raise KbError("PostgreSQL needs one more package, psycopg. Install it beside this one.") from error

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:  # noqa: ANN401  -- psycopg's and SQLAlchemy's own
        connection.autocommit = True
        connection.execute(";".join(f"SET {name} = '{value}'" for name, value in settings.items()))
        connection.autocommit = False

    return engine
