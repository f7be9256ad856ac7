"""What an index outside the database reads of the documents: those it must take in, and what to compare itself with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import sqlalchemy as sa

from kb_server.documents.storage import REMOVED, documents


class Entry(NamedTuple):
    """A document as it is indexed: its words ready made, and what narrows results to it."""

    id: int
    seq: int
    version: str
    hidden: int
    kind: str
    page_id: str
    url: str
    teams: str
    title_stems: str
    stems: str
    words: str


_ENTRIES = sa.select(*(documents.c[name] for name in Entry._fields))
_SOME = 500  # databases bound the number of parameters


def entries_after(connection: sa.Connection, seq: int, most: int) -> list[Entry]:
    """The first `most` documents changed after `seq`, hidden ones too, oldest change first."""
    query = _ENTRIES.where(documents.c.seq > seq).order_by(documents.c.seq).limit(most)
    return [Entry(*row) for row in connection.execute(query)]


def shown_entries(connection: sa.Connection, after_id: int, most: int) -> list[Entry]:
    """The first `most` shown documents with an id beyond `after_id`, in the order of their ids."""
    query = _ENTRIES.where(documents.c.id > after_id, documents.c.hidden == 0).order_by(documents.c.id).limit(most)
    return [Entry(*row) for row in connection.execute(query)]


def shown_entries_of(connection: sa.Connection, ids: Iterable[int]) -> list[Entry]:
    """Those of the documents with these ids that are shown."""
    wanted, found = sorted(ids), []
    for start in range(0, len(wanted), _SOME):
        some = documents.c.id.in_(wanted[start : start + _SOME])
        found += [Entry(*row) for row in connection.execute(_ENTRIES.where(some, documents.c.hidden == 0))]
    return found


def hidden_after(connection: sa.Connection, seq: int) -> set[int]:
    """The documents that were hidden or removed after `seq`."""
    return set(connection.scalars(sa.select(documents.c.id).where(documents.c.seq > seq, documents.c.hidden == 1)))


def versions(connection: sa.Connection, seq: int) -> dict[int, tuple[int, str]]:
    """Number and version of every shown document that has not changed after `seq`, by id."""
    query = sa.select(documents.c.id, documents.c.seq, documents.c.version)
    rows = connection.execute(query.where(documents.c.seq <= seq, documents.c.hidden == 0))
    return {row.id: (row.seq, row.version) for row in rows}


def changed_after(connection: sa.Connection, seq: int) -> set[int]:
    """The documents that have changed after `seq`."""
    return set(connection.scalars(sa.select(documents.c.id).where(documents.c.seq > seq)))


def entries_of_kind_after(connection: sa.Connection, kind: str, seq: int, most: int) -> list[Entry]:
    """The first `most` documents of one kind changed after `seq`, and those removed since of whatever kind."""
    there = documents.c.kind.in_((kind, REMOVED)) & (documents.c.seq > seq)
    return [Entry(*row) for row in connection.execute(_ENTRIES.where(there).order_by(documents.c.seq).limit(most))]
