"""How transactions begin: with statements of ours, and within the time that whoever waits has left."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy import event

from kb_server.db.limits import BUSY_SECONDS
from kb_server.db.prepared import hand

UNTIL = "kb.until"
"""Under this name a connection's `info` says when, by `time.monotonic`, the waiting of its next transaction ends."""


Statements = Callable[[sa.Connection, int], Sequence[str]]
"""What a transaction of a connection begins with, made for the milliseconds it may wait: at least one."""


def begin_with(engine: sa.Engine, statements: Statements) -> None:
    """Begin every transaction with these `statements`."""

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        # "AUTOCOMMIT" has no transaction to begin; SQLAlchemy fires the event all the same.
        if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
            until = connection.info.pop(UNTIL, None)
            left = BUSY_SECONDS if until is None else until - time.monotonic()
            for statement in statements(connection, max(1, int(left * 1000))):
                hand(connection, statement)


@contextmanager
def between(connection: sa.Connection, begin: str, *then: str) -> Iterator[None]:
    """All or nothing, from the statements it begins with to the end of the block; for a connection that begins none."""
    connection.exec_driver_sql(begin)
    try:
        for statement in then:
            connection.exec_driver_sql(statement)
        yield
        connection.exec_driver_sql("COMMIT")
    except BaseException:
        connection.exec_driver_sql("ROLLBACK")
        raise
