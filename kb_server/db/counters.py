"""Numbers that only grow. Taking one holds its row until the transaction ends, so numbers become visible in order."""

import sqlalchemy as sa

from kb_server.db.schema import metadata

counters = sa.Table(
    "counters",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Integer, nullable=False),
)


def take(connection: sa.Connection, name: str, count: int = 1) -> int:
    """Take `count` numbers of the counter `name`; gives the first of them. The first number ever is 1."""
    grown = sa.update(counters).where(counters.c.name == name).values(value=counters.c.value + count)
    last: int | None = connection.scalar(grown.returning(counters.c.value))
    if last is None:
        connection.execute(sa.insert(counters).values(name=name, value=count))
        last = count
    return last - count + 1


def latest(connection: sa.Connection, name: str) -> int:
    """The last number taken of the counter `name`, or 0."""
    return connection.scalar(sa.select(counters.c.value).where(counters.c.name == name)) or 0
