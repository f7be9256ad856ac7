"""The table of when each page that uses a term was last looked at: its text changed, or somebody said it is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import sqlalchemy as sa

from kb_server.db.lists import among
from kb_server.db.prepared import Prepared
from kb_server.db.schema import Number, Text, metadata
from kb_server.definitions.models import AGREED, Version
from kb_server.definitions.storage import versions


@dataclass(frozen=True, slots=True)
class Looked:
    """A page by the digest of its text.

    ``since`` and ``told`` are numbers of what happens to definitions: when the page was looked at, and up to which it
    was told that it is to be checked.
    """

    page: str
    digest: str
    since: int
    told: int


table = sa.Table(
    "definition_checks",
    metadata,
    sa.Column("page", Text, primary_key=True, nullable=False),
    sa.Column("digest", Text, nullable=False),
    sa.Column("since", Number, nullable=False),
    sa.Column("told", Number, nullable=False),
)


def looked_at(connection: sa.Connection, pages: Sequence[str]) -> dict[str, Looked]:
    """When each of these pages was last looked at; one query."""
    return {row[0]: Looked(*row) for row in _LOOKED.run(connection, pages=pages)} if pages else {}


def looked_before(connection: sa.Connection, pages: Sequence[str], number: int) -> int:
    """How many of these pages were last looked at before a number; one query."""
    return int(_BEFORE.value(connection, pages=pages, number=number))


def put(connection: sa.Connection, new: Sequence[Looked]) -> None:
    """Write down when pages were looked at."""
    if new:
        connection.execute(_FORGET, {"pages": [one.page for one in new]})
        connection.execute(sa.insert(table), [asdict(one) for one in new])


def versions_that_ask(connection: sa.Connection, terms: Sequence[str]) -> dict[str, list[Version]]:
    """The versions of these definitions that mean something else than the one before, in order; one query."""
    found: dict[str, list[Version]] = {}
    for row in _ASKING.run(connection, pages=terms) if terms else ():
        found.setdefault(row[1], []).append(Version(*row))
    return found


_LOOKED = Prepared(sa.select(table).where(among(table.c.page, "pages")))
_BEFORE = Prepared(
    sa.select(sa.func.count())
    .select_from(table)
    .where(among(table.c.page, "pages"), table.c.since < sa.bindparam("number"))
)
_FORGET = sa.delete(table).where(among(table.c.page, "pages"))
_ASKING = Prepared(
    sa.select(versions)
    .where(among(versions.c.page, "pages"), versions.c.how == AGREED, versions.c.version > 1)
    .order_by(versions.c.number)
)
