"""Numbers that only grow. Taking one holds its row until the transaction ends, so numbers become visible in order."""

import sqlalchemy as sa

from kb_server.db.prepared import Prepared
from kb_server.db.schema import Number, Text, metadata

counters = sa.Table(
    "counters",
    metadata,
    sa.Column("name", Text, primary_key=True),
    sa.Column("value", Number, nullable=False),
)
# One statement, so that the row is there and held whoever else begins the same counter at this moment.
_TAKE = Prepared(
    sa.text(
        "INSERT INTO counters (name, value) VALUES (:name, :count) "
        "ON CONFLICT (name) DO UPDATE SET value = counters.value + excluded.value RETURNING value"
    )
)
_LATEST = Prepared(sa.text("SELECT value FROM counters WHERE name = :name"))


def take(connection: sa.Connection, name: str, count: int = 1) -> int:
    """Take `count` numbers of the counter `name`; gives the first of them. The first number ever is 1."""
    last: int = _TAKE.value(connection, name=name, count=count)
    return last - count + 1


def latest(connection: sa.Connection, name: str) -> int:
    """The last number taken of the counter `name`, or 0."""
    return _LATEST.value(connection, name=name) or 0
