"""Numbers that only grow. Taking one holds its row until the transaction ends, so numbers become visible in order."""

from __future__ import annotations

from functools import cache

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
_TAKEN = "ON CONFLICT (name) DO UPDATE SET value = counters.value + excluded.value RETURNING name, value"
_TAKE = Prepared(sa.text(f"INSERT INTO counters (name, value) VALUES (:name, :count) {_TAKEN}"))  # noqa: S608  -- a constant
_LATEST = Prepared(sa.text("SELECT value FROM counters WHERE name = :name"))


def take(connection: sa.Connection, name: str, count: int = 1) -> int:
    """Take `count` numbers of the counter `name`; gives the first of them. The first number ever is 1."""
    ((_, last),) = _TAKE.run(connection, name=name, count=count)
    return int(last) - count + 1


def take_each(connection: sa.Connection, *names: str) -> list[int]:
    """Take the next number of each of these counters, which are all different; gives them in this order."""
    numbered = {f"n{place}": name for place, name in enumerate(names)}
    taken: dict[str, int] = dict(_take_each(len(names)).run(connection, **numbered))
    return [taken[name] for name in names]


def latest(connection: sa.Connection, name: str) -> int:
    """The last number taken of the counter `name`, or 0."""
    return _LATEST.value(connection, name=name) or 0


@cache
def _take_each(count: int) -> Prepared:
    rows = ", ".join(f"(:n{place}, 1)" for place in range(count))
    return Prepared(sa.text(f"INSERT INTO counters (name, value) VALUES {rows} {_TAKEN}"))  # noqa: S608  -- names of parameters
