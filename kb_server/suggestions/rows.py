"""From rows to suggestions and remarks: what all that is asked of the tables has in common."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from kb_server.pages.quotes import Quote
from kb_server.people.samples import is_sample
from kb_server.suggestions import storage
from kb_server.suggestions.models import Remark, Suggestion

asked, said, votes, labels = storage.suggestions, storage.remarks, storage.votes, storage.labels

IS_SAMPLE = is_sample(sa.literal("S-").concat(sa.cast(asked.c.number, sa.Text)))
ONE = sa.select(*(column.label(column.key) for column in asked.c), IS_SAMPLE.label("sample"))
"""Suggestions, for `complete`."""


def tree(numbers: sa.BindParameter[Any]) -> sa.CTE:
    """These suggestions as roots, each with itself and all that joined it, by whatever way."""
    begin = sa.select(asked.c.number.label("root"), asked.c.number.label("number"))
    tree = begin.where(asked.c.number.in_(numbers)).cte("tree", recursive=True)
    return tree.union(sa.select(tree.c.root, asked.c.number).where(asked.c.into == tree.c.number))


# What is asked all the time is put together once: that takes longer than asking it.
NUMBERS: sa.BindParameter[Any] = sa.bindparam("numbers", expanding=True)
_LABELS = sa.select(labels).where(labels.c.suggestion.in_(NUMBERS)).order_by(labels.c.label)
_THOSE = tree(NUMBERS)
_AGREED_WITH = (
    sa.select(_THOSE.c.root)
    .join(votes, votes.c.suggestion == _THOSE.c.number)
    .where(votes.c.person_id == sa.bindparam("viewer"))
)
"""Which of some suggestions somebody agrees with, be it with one that joined it."""


def complete(
    connection: sa.Connection, query: sa.Select[Any], viewer: str = "", given: Mapping[str, object] = {}
) -> list[Suggestion]:
    """The suggestions that a query of `ONE` finds, with their labels and whether whoever looks agrees."""
    rows = connection.execute(query, given).mappings().all()
    numbers = [row["number"] for row in rows]
    if not numbers:
        return []
    named: dict[int, list[str]] = {}
    for row in connection.execute(_LABELS, {"numbers": numbers}):
        named.setdefault(row.suggestion, []).append(row.label)
    agreed = {"numbers": numbers, "viewer": viewer}
    mine = frozenset(connection.scalars(_AGREED_WITH, agreed)) if viewer else frozenset()
    return [_suggestion(row, named.get(row["number"], ()), mine) for row in rows]


def remarks(connection: sa.Connection, which: sa.ColumnElement[bool], most: int | None = None) -> list[Remark]:
    """The first `most` of these remarks, in the order they were made."""
    query = sa.select(said).where(which).order_by(said.c.number).limit(most)
    found = connection.execute(query).mappings()
    return [Remark(**{**row, "mentions": _loaded(row["mentions"])}) for row in found]


def place_in(connection: sa.Connection, column: sa.ColumnElement[str], text: str) -> sa.Function[int]:
    """Where `text` begins in a column, letter by letter; 0 if it is not there."""
    return (sa.func.instr if connection.dialect.name == "sqlite" else sa.func.strpos)(column, text)


def _suggestion(row: sa.RowMapping, names: Iterable[str], mine: Collection[int]) -> Suggestion:
    values: dict[str, Any] = dict(row)
    exact, prefix, suffix, position = (values.pop(name) for name in ("exact", "prefix", "suffix", "position"))
    values |= {"hidden": bool(values["hidden"]), "sample": bool(values["sample"])}
    values |= {"mentions": _loaded(values["mentions"]), "labels": tuple(names), "mine": values["number"] in mine}
    return Suggestion(**values, quote=Quote(exact, prefix, suffix, position) if exact else None)


def _loaded(mentions: str) -> Mapping[str, str]:
    found: dict[str, str] = json.loads(mentions) if mentions != "{}" else {}
    return found
