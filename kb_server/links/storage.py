"""How often links are used: a number for each link and month, and nothing of who used it."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from kb_server.db.schema import Number, Text, metadata

link_uses = sa.Table(
    "link_uses",
    metadata,
    *(sa.Column(name, Text, primary_key=True) for name in ("link", "month")),
    sa.Column("uses", Number, nullable=False),
)
_ADD = sa.text(
    "INSERT INTO link_uses (link, month, uses) VALUES (:link, :month, :uses) "
    "ON CONFLICT (link, month) DO UPDATE SET uses = link_uses.uses + excluded.uses"
)


def add(connection: sa.Connection, uses: Mapping[str, int], month: str) -> None:
    """Count these uses, by link."""
    connection.execute(_ADD, [{"link": link, "month": month, "uses": count} for link, count in sorted(uses.items())])


def used(connection: sa.Connection) -> dict[str, tuple[int, str]]:
    """By link how often it was used in all, and the last month in which it was."""
    total, last = sa.func.sum(link_uses.c.uses), sa.func.max(link_uses.c.month)
    rows = connection.execute(sa.select(link_uses.c.link, total, last).group_by(link_uses.c.link))
    return {row[0]: (int(row[1]), row[2]) for row in rows}
