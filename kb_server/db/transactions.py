"""A transaction begun and ended by hand, on a connection that would begin none by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa


@contextmanager
def between(connection: sa.Connection, begin: str, *then: str) -> Iterator[None]:
    """All or nothing, from the statements it begins with to the end of the block."""
    connection.exec_driver_sql(begin)
    try:
        for statement in then:
            connection.exec_driver_sql(statement)
        yield
        connection.exec_driver_sql("COMMIT")
    except BaseException:
        connection.exec_driver_sql("ROLLBACK")
        raise
