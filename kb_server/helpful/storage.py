"""The table of answers: one of each person to each version of a page."""

from __future__ import annotations

import sqlalchemy as sa

from kb_server.db import counters
from kb_server.db.schema import Number, Text, metadata
from kb_server.helpful.models import Said, Tally

helpful = sa.Table(
    "helpful",
    metadata,
    *(sa.Column(name, Text, primary_key=True) for name in ("page", "version", "person_id")),
    sa.Column("yes", Number, nullable=False),
    *(sa.Column(name, Text, nullable=False) for name in ("reason", "at")),
)
_PUT = sa.text(
    "INSERT INTO helpful (page, version, person_id, yes, reason, at) "
    "VALUES (:page, :version, :person_id, :yes, :reason, :at) "
    "ON CONFLICT (page, version, person_id) "
    "DO UPDATE SET yes = excluded.yes, reason = excluded.reason, at = excluded.at"
)


def put(connection: sa.Connection, page: str, person_id: str, said: Said) -> None:
    """Write what somebody answers; it takes the place of what they answered before."""
    row = {"page": page, "version": said.version, "person_id": person_id}
    connection.execute(_PUT, row | {"yes": int(said.yes), "reason": said.reason, "at": said.at})
    counters.take(connection, f"helpful:{page}")


def answer_of(connection: sa.Connection, page: str, version: str, person_id: str) -> Said | None:
    """What somebody answered to this version."""
    theirs = (helpful.c.page == page) & (helpful.c.version == version) & (helpful.c.person_id == person_id)
    row = connection.execute(sa.select(helpful).where(theirs)).one_or_none()
    return Said(bool(row.yes), row.reason, row.at, row.version) if row else None


def tallies(connection: sa.Connection, page: str, most: int) -> list[Tally]:
    """How the versions of a page were found, the latest first."""
    since = sa.func.min(helpful.c.at)
    columns = (helpful.c.version, sa.func.sum(helpful.c.yes), sa.func.count(), since)
    query = sa.select(*columns).where(helpful.c.page == page).group_by(helpful.c.version)
    return [
        Tally(row[0], int(row[1]), row[2], row[3])
        for row in connection.execute(query.order_by(since.desc()).limit(most))
    ]


def reasons(connection: sa.Connection, page: str, most: int) -> list[Said]:
    """What people missed, the latest first."""
    given = (helpful.c.page == page) & (helpful.c.reason != "")
    rows = connection.execute(sa.select(helpful).where(given).order_by(helpful.c.at.desc()).limit(most))
    return [Said(bool(row.yes), row.reason, row.at, row.version) for row in rows]


def answers_of(connection: sa.Connection, person_id: str) -> list[tuple[str, Said]]:
    """All that somebody answered, by page."""
    rows = connection.execute(sa.select(helpful).where(helpful.c.person_id == person_id).order_by(helpful.c.at))
    return [(row.page, Said(bool(row.yes), row.reason, row.at, row.version)) for row in rows]


def forget(connection: sa.Connection, person_id: str) -> None:
    """Forget all that somebody answered."""
    connection.execute(sa.delete(helpful).where(helpful.c.person_id == person_id))
