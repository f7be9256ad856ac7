"""The table of edits. Those of a suggestion are written anew, all of them, when its author changes one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import groupby

import sqlalchemy as sa

from kb_server.db.lists import numbered
from kb_server.db.schema import Number, Text, metadata
from kb_server.suggestions.edits.models import KeptEdit, Past
from kb_server.suggestions.rows import place_in

_TEXTS = ("page", "section", "build", "path", "title", "front", "before", "after", "applied")

edits = sa.Table(
    "suggestion_edits",
    metadata,
    sa.Column("suggestion", Number, primary_key=True, autoincrement=False),
    # That of the suggestion from which on these edits are what is suggested.
    sa.Column("version", Number, primary_key=True, autoincrement=False),
    sa.Column("position", Number, primary_key=True, autoincrement=False),
    *(sa.Column(name, Text, nullable=False) for name in (*_TEXTS, "at")),
    sa.Column("line", Number, nullable=False),
)
_OF = edits.alias()
_LATEST = sa.select(sa.func.max(_OF.c.version)).where(_OF.c.suggestion == edits.c.suggestion).scalar_subquery()


def edits_of(connection: sa.Connection, number: int) -> list[KeptEdit]:
    """What a suggestion would have the text say now, in the order in which it was put together."""
    query = sa.select(edits).where(edits.c.suggestion == number, edits.c.version == _LATEST)
    return [_edit(row) for row in connection.execute(query.order_by(edits.c.position)).mappings()]


def past_of(connection: sa.Connection, number: int, most: int) -> list[Past]:
    """What it would have had the text say before, the latest first, so many times at most."""
    own = edits.alias()
    since = sa.select(own.c.version).where(own.c.suggestion == number).distinct().order_by(own.c.version.desc())
    kept = edits.c.version.in_(since.limit(most + 1).subquery().select())
    return _by_version(connection, (edits.c.suggestion == number) & (edits.c.version < _LATEST) & kept)


def edits_of_these(connection: sa.Connection, numbers: Collection[int]) -> dict[int, list[KeptEdit]]:
    """The same for each of these suggestions; those that carry none are not among them. One query."""
    query = sa.select(edits).where(numbered(edits.c.suggestion, "numbers"), edits.c.version == _LATEST)
    found = query.order_by(edits.c.suggestion, edits.c.position)
    rows = connection.execute(found, {"numbers": list(numbers)}).mappings()
    return {number: list(map(_edit, those)) for number, those in groupby(rows, lambda row: row["suggestion"])}


def counts_of(connection: sa.Connection, numbers: Collection[int]) -> dict[int, int]:
    """How many edits each of these suggestions carries now, of those that carry any. One query."""
    here = numbered(edits.c.suggestion, "numbers"), edits.c.version == _LATEST
    query = sa.select(edits.c.suggestion, sa.func.count()).where(*here).group_by(edits.c.suggestion)
    return {row[0]: row[1] for row in connection.execute(query, {"numbers": list(numbers)})}


def all_of(connection: sa.Connection, number: int) -> list[Past]:
    """All it ever would have had the text say, the latest first."""
    return _by_version(connection, edits.c.suggestion == number)


def add(connection: sa.Connection, number: int, version: int, at: str, new: Iterable[KeptEdit]) -> None:
    """Write what a suggestion would have the text say from this version of it on."""
    key = {"suggestion": number, "version": version, "at": at}
    rows = [
        key | {name: getattr(one, name) for name in _TEXTS} | {"position": position, "line": one.line}
        for position, one in enumerate(new)
    ]
    if rows:
        connection.execute(sa.insert(edits), rows)


def mark_applied(connection: sa.Connection, number: int, positions: Collection[int], address: str) -> None:
    """Write in which pull request or branch these edits of a suggestion are now."""
    latest = sa.select(sa.func.max(_OF.c.version)).where(_OF.c.suggestion == number).scalar_subquery()
    those = (edits.c.suggestion == number) & (edits.c.version == latest) & edits.c.position.in_(list(positions))
    connection.execute(sa.update(edits).where(those).values(applied=address))


def remove(connection: sa.Connection, number: int) -> None:
    """Forget the edits of a suggestion that is taken away, those of before too."""
    connection.execute(sa.delete(edits).where(edits.c.suggestion == number))


def rewrite(connection: sa.Connection, key: tuple[int, int, int], **texts: str) -> None:
    """Write texts of an edit with a name taken out of them: nothing is kept of what they were."""
    suggestion, version, position = key
    here = (edits.c.suggestion == suggestion) & (edits.c.version == version) & (edits.c.position == position)
    connection.execute(sa.update(edits).where(here).values(**texts))


def naming(connection: sa.Connection, sign: str) -> list[tuple[int, int, KeptEdit]]:
    """All edits, of now and of before, with this anywhere in what is suggested: suggestion, version, edit."""
    column = edits.c.title.concat(" ").concat(edits.c.front).concat(" ").concat(edits.c.after)
    query = sa.select(edits).where(place_in(connection, sa.func.lower(column), sign.lower()) > 0)
    return [(row["suggestion"], row["version"], _edit(row)) for row in connection.execute(query).mappings().all()]


def _by_version(connection: sa.Connection, which: sa.ColumnElement[bool]) -> list[Past]:
    query = sa.select(edits).where(which).order_by(edits.c.version.desc(), edits.c.position)
    rows = connection.execute(query).mappings()
    return [
        Past(version, at, tuple(map(_edit, those)))
        for (version, at), those in groupby(rows, lambda row: (row["version"], row["at"]))
    ]


def _edit(row: sa.RowMapping) -> KeptEdit:
    return KeptEdit(line=row["line"], position=row["position"], **{name: row[name] for name in _TEXTS})
