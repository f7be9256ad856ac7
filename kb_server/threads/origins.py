"""Where a passage stood, and how it read, when somebody first spoke about it: kept once that is so no more.

A conversation goes along with its passage, and what was meant must be seen beside what stands there now.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, fields

import sqlalchemy as sa

from kb_server.db.schema import Text, metadata


@dataclass(frozen=True, slots=True)
class Origin:
    """What was spoken about in the conversation ``thread``.

    ``at`` is when what became of it last changed; ``cause`` tells of a passage that is gone what went with it: its
    "page", its "section", or the "text" alone.
    """

    thread: str
    page: str
    section: str
    section_title: str
    exact: str
    cause: str = ""
    at: str = ""


origins = sa.Table(
    "origins",
    metadata,
    *(sa.Column(one.name, Text, primary_key=one.name == "thread", nullable=False) for one in fields(Origin)),
)
_OF = sa.select(origins).where(origins.c.thread.in_(sa.bindparam("ids", expanding=True)))
_ALL = sa.select(origins)


def of(connection: sa.Connection, thread_ids: Collection[str]) -> dict[str, Origin]:
    """Where the passages of these conversations stood, of those that do not stand there any more."""
    rows = connection.execute(_OF, {"ids": list(thread_ids)}).mappings() if thread_ids else ()
    return {row["thread"]: Origin(**row) for row in rows}


def every(connection: sa.Connection) -> dict[str, Origin]:
    """The same of all conversations."""
    return {row["thread"]: Origin(**row) for row in connection.execute(_ALL).mappings()}


def keep(connection: sa.Connection, origin: Origin) -> None:
    """Write what is known of a passage."""
    forget(connection, origin.thread)
    connection.execute(sa.insert(origins).values(asdict(origin)))


def forget(connection: sa.Connection, thread_id: str) -> None:
    """A passage is where it was when it was last spoken about: somebody put it there."""
    connection.execute(sa.delete(origins).where(origins.c.thread == thread_id))
