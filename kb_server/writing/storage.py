"""The tables of what was sent under which key, and of what somebody was writing before they signed in."""

from __future__ import annotations

import json
from collections.abc import Mapping

import sqlalchemy as sa

from kb_server.db.prepared import Prepared
from kb_server.db.schema import Text, metadata

sendings = sa.Table(
    "sendings",
    metadata,
    sa.Column("person_id", Text, primary_key=True),
    sa.Column("key", Text, primary_key=True),
    sa.Column("fingerprint", Text, nullable=False),
    # Named for what was first sent this way; it is the id of whatever the sending has made.
    sa.Column("comment", Text, key="made", nullable=False),
    sa.Column("at", Text, nullable=False),
)
drafts = sa.Table(
    "drafts",
    metadata,
    sa.Column("digest", Text, primary_key=True),
    sa.Column("fields", Text, nullable=False),
    sa.Column("expires_at", Text, nullable=False),
)


def sending(connection: sa.Connection, person_id: str, key: str) -> tuple[str, str] | None:
    """The fingerprint of what somebody has sent under this key, and the id of what it has made."""
    row = _SENDING.row(connection, whose=person_id, key=key)
    return (row[0], row[1]) if row else None


def remember_sending(connection: sa.Connection, row: Mapping[str, str]) -> None:
    """Keep under which key something was sent."""
    _ADD_SENDING.run(connection, **row)


def old_sendings(connection: sa.Connection, before: str) -> bool:
    """Whether something is kept that was sent before."""
    return connection.scalar(sa.select(sendings.c.at).where(sendings.c.at < before).limit(1)) is not None


def forget_sendings(connection: sa.Connection, before: str) -> None:
    """Forget how things were sent before."""
    connection.execute(sa.delete(sendings).where(sendings.c.at < before))


def forget_sendings_of(connection: sa.Connection, person_id: str) -> None:
    """Forget how somebody sent what they said."""
    connection.execute(sa.delete(sendings).where(sendings.c.person_id == person_id))


def forget_sendings_that_made(connection: sa.Connection, ids: sa.Select[tuple[str]]) -> None:
    """Forget how these things were sent: they are gone."""
    connection.execute(sa.delete(sendings).where(sendings.c.made.in_(ids)))


def add_draft(connection: sa.Connection, digest: str, fields: Mapping[str, str], expires_at: str) -> None:
    """Keep what somebody was writing until they have signed in."""
    row = {"digest": digest, "fields": json.dumps(fields, sort_keys=True), "expires_at": expires_at}
    connection.execute(sa.insert(drafts).values(row))


def draft(connection: sa.Connection, digest: str, now: str) -> dict[str, str]:
    """What somebody was writing; nothing once it has run out."""
    query = sa.select(drafts.c.fields).where((drafts.c.digest == digest) & (drafts.c.expires_at > now))
    fields: dict[str, str] = json.loads(connection.scalar(query) or "{}")
    return fields


def clear_drafts(connection: sa.Connection, now: str, most: int) -> None:
    """Forget drafts that have run out, and the oldest of more than `most`."""
    connection.execute(sa.delete(drafts).where(drafts.c.expires_at <= now))
    kept = sa.select(drafts.c.digest).order_by(drafts.c.expires_at.desc()).limit(most)
    connection.execute(sa.delete(drafts).where(drafts.c.digest.not_in(kept)))


def remove_draft(connection: sa.Connection, digest: str) -> None:
    """Forget a draft."""
    connection.execute(sa.delete(drafts).where(drafts.c.digest == digest))


# What everybody does all the time is put together once: that takes longer than doing it.
_SENDING = Prepared(
    sa.select(sendings.c.fingerprint, sendings.c.made).where(
        (sendings.c.person_id == sa.bindparam("whose")) & (sendings.c.key == sa.bindparam("key"))
    )
)
_ADD_SENDING = Prepared(sa.insert(sendings))
