"""The one thing that is ever deleted of definitions: what was made up for a first visitor."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from kb_server.definitions import sortings, storage
from kb_server.definitions.models import Announced


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


def came_about(connection: sa.Connection, page: str, digest: str, at: str) -> str:
    """Say when a wording came, for a story; gives when it really did."""
    which = (storage.wordings.c.page == page) & (storage.wordings.c.digest == digest)
    was = connection.scalar(sa.select(storage.wordings.c.at).where(which)) or at
    connection.execute(sa.update(storage.wordings).where(which).values(at=at))
    return was


def brought_in(connection: sa.Connection, page: str, digest: str, person: str, why: str) -> None:
    """Say who brought a wording in, for a story, where no commit says so; "" takes that back."""
    kept = storage.wordings
    which = (kept.c.page == page) & (kept.c.digest == digest) & (kept.c.commit == "")
    connection.execute(sa.update(kept).where(which).values(person=person, why=why))
