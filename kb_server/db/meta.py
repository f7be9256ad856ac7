"""What the store knows about itself. Whoever follows numbers asks for its instance first: see `instance`."""

from __future__ import annotations

import uuid

import sqlalchemy as sa

from kb_server.db.schema import Text, metadata

meta = sa.Table(
    "meta",
    metadata,
    sa.Column("key", Text, primary_key=True),
    sa.Column("value", Text, nullable=False),
)
INSTANCE = "instance"
_GIVE = sa.text("INSERT INTO meta (key, value) VALUES (:key, :value) ON CONFLICT (key) DO NOTHING")


def instance(connection: sa.Connection) -> str:
    """The id of this store, another one after every restore; "" in a store that was never migrated.

    A restored store gives numbers a second time. An index or a cache that follows by number keeps this id beside the
    number, and begins anew when it is not the one it knows.
    """
    return connection.scalar(sa.select(meta.c.value).where(meta.c.key == INSTANCE)) or ""


def value(connection: sa.Connection, key: str) -> str:
    """What the store knows under a name; "" if nothing."""
    return connection.scalar(sa.select(meta.c.value).where(meta.c.key == key)) or ""


def set_value(connection: sa.Connection, key: str, known: str) -> None:
    """Let the store know something under a name, instead of what it knew."""
    connection.execute(sa.delete(meta).where(meta.c.key == key))
    connection.execute(sa.insert(meta).values(key=key, value=known))


def give_instance(connection: sa.Connection) -> None:
    """Give the store an id, unless it has one."""
    connection.execute(_GIVE, {"key": INSTANCE, "value": uuid.uuid4().hex})


def renew_instance(connection: sa.Connection) -> None:
    """Make this another store: numbers it gave before mean nothing any more."""
    connection.execute(sa.delete(meta).where(meta.c.key == INSTANCE))
    give_instance(connection)
