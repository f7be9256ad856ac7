"""What definitions hold about a person. What they said for a team stays, under an id and no name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from kb_server.definitions.apart.storage import cases, sortings
from kb_server.definitions.storage import answers, declarations, wordings
from kb_server.people.models import Person
from kb_server.people.privacy import Holding
from kb_server.writing.unnaming import without

WRITTEN: tuple[tuple[sa.Table, tuple[str, ...], tuple[str, ...]], ...] = (
    (answers, ("number",), ("reason", "own")),
    (sortings, ("number",), ("reason",)),
    (cases, ("number",), ("title", "text")),
    (wordings, ("page", "digest"), ("why",)),
)
"""What people write of definitions, by table: what tells its rows apart, and where somebody may be named in them."""


def _export(connection: sa.Connection, person: Person, _now: datetime) -> dict[str, Any]:
    def rows(table: sa.Table, *names: str) -> list[dict[str, Any]]:
        columns = [table.c[name] for name in ("at", "page", *names)]
        query = sa.select(*columns).where(table.c.person == person.id).order_by(table.c.at, table.c.page)
        return [dict(row) for row in connection.execute(query).mappings()]

    return {
        "said": rows(answers, "team", "digest", "says", "reason", "own"),
        "declared": rows(declarations, "old", "new", "until"),
        "objected": _objections(connection, person.id),
        "wrote": rows(wordings, "digest", "why", "commit"),
        "sorted": rows(sortings, "team", "item", "verdict", "reason"),
        "cases": rows(cases, "title", "text"),
    }


def _objections(connection: sa.Connection, person: str) -> list[dict[str, Any]]:
    query = sa.select(declarations.c.objected_at.label("at"), declarations.c.page, declarations.c.new)
    query = query.where(declarations.c.objected_by == person).order_by(declarations.c.number)
    return [dict(row) for row in connection.execute(query).mappings()]


def _forget(connection: sa.Connection, person: Person) -> None:
    """Take somebody's handle out of what was written; whose words they are, only the id tells from now on."""
    for table, keys, names in WRITTEN if person.handle else ():
        _unname(connection, table, keys, names, person.handle)


def _unname(connection: sa.Connection, table: sa.Table, keys: Sequence[str], names: Sequence[str], handle: str) -> None:
    named = [sa.func.lower(table.c[name]).contains(f"@{handle.lower()}", autoescape=True) for name in names]
    for row in connection.execute(sa.select(table).where(sa.or_(*named))).mappings().all():
        this = sa.and_(*(table.c[key] == row[key] for key in keys))
        values = {name: without([handle], row[name]) for name in names}
        connection.execute(sa.update(table).where(this).values(values))


HOLDING = Holding("definitions", _export, _forget)
TEAMS = (answers.c.team, sortings.c.team)
"""For which teams something was said."""
