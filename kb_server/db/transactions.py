"""How transactions begin: with statements of ours, and within the time that whoever waits has left."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy import event

from kb_server.db.limits import BUSY_SECONDS
from kb_server.db.prepared import hand


def begin_with(engine: sa.Engine, statements: Callable[[int], Sequence[str]]) -> None:
    """Begin every transaction with these `statements`, made for the milliseconds it may wait: at least one.

    The connection's option ``until`` says when, by `time.monotonic`, the waiting ends.
    """

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        options = connection.get_execution_options()
        # "AUTOCOMMIT" has no transaction to begin; SQLAlchemy fires the event all the same.
        if options.get("isolation_level") != "AUTOCOMMIT":
            left = options["until"] - time.monotonic() if "until" in options else BUSY_SECONDS
            for statement in statements(max(1, int(left * 1000))):
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
