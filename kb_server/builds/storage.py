"""The table `publishes`."""

from __future__ import annotations

import re

import sqlalchemy as sa

from kb_server.activity.storage import now
from kb_server.builds.models import Publication
from kb_server.db import counters
from kb_server.db.prepared import Prepared
from kb_server.db.schema import Number, Text, metadata

_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]*")

publishes = sa.Table(
    "publishes",
    metadata,
    sa.Column("seq", Number, primary_key=True),
    *(sa.Column(name, Text, nullable=False) for name in ("build", "commit_hash", "published_at")),
)

# A server asks for these four times a second, beside whatever it does.
_LATEST = Prepared(
    sa.select(publishes)
    .where(publishes.c.seq.in_(sa.select(sa.func.max(publishes.c.seq)).group_by(publishes.c.build)))
    .order_by(publishes.c.seq.desc())
)


def add(connection: sa.Connection, build: str, commit: str) -> Publication:
    """Make a build current."""
    seq = counters.take(connection, "publishes")
    publication = Publication(seq, build, commit, now())
    row = {"seq": seq, "build": build, "commit_hash": commit, "published_at": publication.published_at}
    connection.execute(sa.insert(publishes).values(row))
    return publication


def latest_publications(connection: sa.Connection) -> list[Publication]:
    """The latest publication of every build ever published, the current one first."""
    found = [Publication(*row) for row in _LATEST.run(connection)]
    return [publication for publication in found if is_name(publication.build)]


def builds_before(connection: sa.Connection, build: str) -> list[str]:
    """The builds that were current before `build` first was, the last of them first."""
    first = sa.select(sa.func.min(publishes.c.seq)).where(publishes.c.build == build).scalar_subquery()
    rows = connection.scalars(
        sa.select(publishes.c.build).where(publishes.c.seq < first).order_by(publishes.c.seq.desc())
    )
    return [name for name in dict.fromkeys(rows) if is_name(name)]


def is_name(build: str) -> bool:
    """Whether this may name a build's folder. A restored store says what it likes, and old builds are removed."""
    return bool(_NAME.fullmatch(build))
