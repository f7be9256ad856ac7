"""The table of when each page that uses a term was last looked at: its text changed, or somebody said it is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import sqlalchemy as sa

from kb_server.db.schema import Number, Text, metadata
from kb_server.definitions.models import Version
from kb_server.definitions.storage import MANY, versions


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
    if not pages:
        return {}
    query = sa.select(table)
    query = query.where(table.c.page.in_(pages)) if len(pages) <= MANY else query
    wanted = set(pages)
    return {row["page"]: Looked(**row) for row in connection.execute(query).mappings() if row["page"] in wanted}


def put(connection: sa.Connection, new: Sequence[Looked]) -> None:
    """Write down when pages were looked at."""
    for start in range(0, len(new), MANY):
        some = new[start : start + MANY]
        connection.execute(sa.delete(table).where(table.c.page.in_([one.page for one in some])))
        connection.execute(sa.insert(table), [asdict(one) for one in some])


def versions_of(connection: sa.Connection, terms: Sequence[str] | None) -> dict[str, list[Version]]:
    """The versions of these definitions, or of all, each in the order they came into force; one query."""
    query = sa.select(versions).order_by(versions.c.number)
    query = query.where(versions.c.page.in_(terms)) if terms is not None and len(terms) <= MANY else query
    found: dict[str, list[Version]] = {}
    for row in connection.execute(query).mappings():
        found.setdefault(row["page"], []).append(Version(**row))
    return found
