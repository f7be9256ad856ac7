"""The one thing that is ever deleted of definitions: what was made up for a first visitor."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from kb_server.definitions import storage
from kb_server.definitions.apart import storage as sortings
from kb_server.definitions.models import Announced

TOLD = ("at", "person", "why")
"""What is told of how a wording came about."""


def clear(connection: sa.Connection, page: str, digests: Collection[str]) -> Announced | None:
    """Forget everything that was said of a definition, and these wordings; gives what was told of it last."""
    storage.next_number(connection)  # what was remembered by the last one holds no more
    for table, _model in storage.PARTS:
        connection.execute(sa.delete(table).where(table.c.page == page))
    for sorted_here in (sortings.sortings, sortings.cases):
        connection.execute(sa.delete(sorted_here).where(sorted_here.c.page == page))
    kept = storage.wordings
    connection.execute(sa.delete(kept).where(kept.c.page == page, kept.c.digest.in_(sorted(digests))))
    return storage.announced_states(connection, [page]).get(page)


def retold(connection: sa.Connection, page: str, digest: str, told: Sequence[str]) -> list[str]:
    """Say when a wording came, who brought it in and why, for a story; gives what was known of it before."""
    which = (storage.wordings.c.page == page) & (storage.wordings.c.digest == digest)
    was = connection.execute(sa.select(*(storage.wordings.c[name] for name in TOLD)).where(which)).one_or_none()
    connection.execute(sa.update(storage.wordings).where(which).values(dict(zip(TOLD, told, strict=True))))
    return list(was or told)
