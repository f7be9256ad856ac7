"""The tables of what landed: which commits say what of a suggestion, and what the last of them changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from kb_server.db.schema import Number, Text, metadata
from kb_server.suggestions.closing.models import REFERS, UNANSWERED, Changed, Landing

_PLAIN = ("title", "person", "at", "undone", "answer")
_OF_CHANGE = Changed.__slots__

landings = sa.Table(
    "suggestion_landings",
    metadata,
    sa.Column("suggestion", Number, primary_key=True, autoincrement=False),
    sa.Column("kind", Text, primary_key=True),
    sa.Column("commit_hash", Text, primary_key=True),
    *(sa.Column(name, Text, nullable=False) for name in ("ids", *_PLAIN)),
)
changes = sa.Table(
    "suggestion_changes",
    metadata,
    sa.Column("suggestion", Number, primary_key=True, autoincrement=False),
    sa.Column("position", Number, primary_key=True, autoincrement=False),
    *(sa.Column(name, Text, nullable=False) for name in _OF_CHANGE),
)


def all_landings(connection: sa.Connection) -> list[Landing]:
    """All that ever landed."""
    return [_landing(row) for row in connection.execute(sa.select(landings)).mappings()]


def landings_of(connection: sa.Connection, number: int) -> list[Landing]:
    """What landed of one suggestion, the latest first."""
    query = sa.select(landings).where(landings.c.suggestion == number).order_by(landings.c.at.desc())
    return [_landing(row) for row in connection.execute(query).mappings()]


def asking(connection: sa.Connection, number: int) -> Landing | None:
    """The latest commit that referred to a suggestion, where nobody has said yet whether it finishes it."""
    return next((one for one in landings_of(connection, number) if _asks(one)), None)


def add(connection: sa.Connection, new: Iterable[Landing]) -> None:
    """Write what landed."""
    if rows := [
        _key(one) | {"ids": json.dumps(one.ids)} | {name: getattr(one, name) for name in _PLAIN} for one in new
    ]:
        connection.execute(sa.insert(landings), rows)


def mark(connection: sa.Connection, changed: Iterable[Landing]) -> None:
    """Write by what commit each of these was taken back, or that it holds again, and by what copies of it are known."""
    for one in changed:
        connection.execute(sa.update(landings).where(_is(one)).values(undone=one.undone, ids=json.dumps(one.ids)))


def answer(connection: sa.Connection, number: int, said: str) -> None:
    """Write what was said of all commits that referred to a suggestion so far."""
    asked = (landings.c.suggestion == number) & (landings.c.kind == REFERS) & (landings.c.answer == UNANSWERED)
    connection.execute(sa.update(landings).where(asked).values(answer=said))


def set_changes(connection: sa.Connection, number: int, found: Sequence[Changed]) -> None:
    """Write what the change that closed a suggestion made of the text, instead of what was written before."""
    connection.execute(sa.delete(changes).where(changes.c.suggestion == number))
    rows = [{name: getattr(one, name) for name in _OF_CHANGE} for one in found]
    if rows:
        connection.execute(
            sa.insert(changes), [row | {"suggestion": number, "position": at} for at, row in enumerate(rows)]
        )


def changes_of(connection: sa.Connection, number: int) -> list[Changed]:
    """What the change that closed a suggestion made of the text."""
    query = sa.select(*(changes.c[name] for name in _OF_CHANGE)).where(changes.c.suggestion == number)
    return [Changed(**row) for row in connection.execute(query.order_by(changes.c.position)).mappings()]


def remove(connection: sa.Connection, number: int) -> None:
    """Forget what landed of a suggestion that is taken away."""
    for table in (landings, changes):
        connection.execute(sa.delete(table).where(table.c.suggestion == number))


def forget(connection: sa.Connection, person_id: str) -> None:
    """Forget who made a change."""
    connection.execute(sa.update(landings).where(landings.c.person == person_id).values(person=""))


def made_by(connection: sa.Connection, person_id: str) -> list[tuple[int, str]]:
    """The suggestions that somebody's commits say something of, each with the commit."""
    query = sa.select(landings.c.suggestion, landings.c.commit_hash).where(landings.c.person == person_id)
    return [(row[0], row[1]) for row in connection.execute(query.order_by(landings.c.suggestion))]


def _asks(one: Landing) -> bool:
    return one.kind == REFERS and not one.undone and one.answer == UNANSWERED


def _key(one: Landing) -> dict[str, object]:
    return {"suggestion": one.suggestion, "kind": one.kind, "commit_hash": one.commit}


def _is(one: Landing) -> sa.ColumnElement[bool]:
    return sa.and_(*(landings.c[name] == value for name, value in _key(one).items()))


def _landing(row: sa.RowMapping) -> Landing:
    plain = {name: row[name] for name in _PLAIN}
    return Landing(row["suggestion"], row["kind"], tuple(json.loads(row["ids"])), **plain)
