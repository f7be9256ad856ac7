"""From rows to suggestions and remarks: what all that is asked of the tables has in common."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from kb_server.db.lists import numbered
from kb_server.db.prepared import Prepared
from kb_server.pages.quotes import Quote
from kb_server.people.samples import is_sample
from kb_server.suggestions import storage
from kb_server.suggestions.models import MORE, SHOWN, Remark, Suggestion
from kb_server.suggestions.states import ASK

asked, said, votes, labels = storage.suggestions, storage.remarks, storage.votes, storage.labels

IS_SAMPLE = is_sample(sa.literal("S-").concat(sa.cast(asked.c.number, sa.Text)))
ONE = sa.select(*(column.label(column.key) for column in asked.c), IS_SAMPLE.label("sample"))
"""Suggestions, for `complete`."""
_OF_QUOTE = ("exact", "prefix", "suffix", "position")
_PLAIN = tuple(column.key for column in asked.c if column.key not in {*_OF_QUOTE, "hidden", "mentions"})


def tree() -> sa.CTE:
    """The suggestions given as "numbers" as roots, each with itself and all that joined it, by whatever way."""
    begin = sa.select(asked.c.number.label("root"), asked.c.number.label("number"))
    tree = begin.where(numbered(asked.c.number, "numbers")).cte("tree", recursive=True)
    # That it joined any at all is said as well: hardly one has, and without it a database plans for thousands.
    joined = (asked.c.into == tree.c.number) & (asked.c.into > sa.literal_column("0"))
    return tree.union(sa.select(tree.c.root, asked.c.number).where(joined))


# What is asked all the time is put together once: that takes longer than asking it.
_THOSE = tree()
_LAST_ASKED = (
    sa.select(sa.func.max(said.c.number))
    .where(numbered(said.c.suggestion, "more") & (said.c.act == ASK))
    .group_by(said.c.suggestion)
)
_LABEL, _MINE, _WANTS = range(3)
_BESIDE = Prepared(
    sa.union_all(
        sa.select(sa.literal_column(str(_LABEL)), labels.c.suggestion, labels.c.label).where(
            numbered(labels.c.suggestion, "numbers")
        ),
        sa.select(sa.literal_column(str(_MINE)), _THOSE.c.root, sa.literal_column("''"))
        .join(votes, votes.c.suggestion == _THOSE.c.number)
        .where(votes.c.person_id == sa.bindparam("viewer")),
        sa.select(sa.literal_column(str(_WANTS)), said.c.suggestion, said.c.html).where(
            said.c.number.in_(_LAST_ASKED) & (said.c.state == SHOWN)
        ),
    )
)
"""What stands beside some suggestions: their labels, those that somebody agrees with, be it with one that joined it,
and what of those of which more has to be known was asked last, where everybody may read it."""


def complete(
    connection: sa.Connection, query: sa.Select[Any], viewer: str = "", given: Mapping[str, object] = {}
) -> list[Suggestion]:
    """The suggestions that a query of `ONE` finds, with what stands beside them for whoever looks. Two queries."""
    return completed(connection, connection.execute(query, given).mappings().all(), viewer)


def completed(connection: sa.Connection, rows: Sequence[sa.RowMapping], viewer: str = "") -> list[Suggestion]:
    """The same of rows that such a query has found, one for each of them. One query."""
    if not rows:
        return []
    numbers = sorted({row["number"] for row in rows})
    more = sorted({row["number"] for row in rows if row["state"] == MORE})
    beside: tuple[dict[int, list[str]], ...] = ({}, {}, {})
    for kind, number, text in _BESIDE.run(connection, numbers=numbers, more=more, viewer=viewer):
        beside[kind].setdefault(number, []).append(text)
    return [_suggestion(row, *(some.get(row["number"], ()) for some in beside)) for row in rows]


def remarks(connection: sa.Connection, which: sa.ColumnElement[bool], most: int | None = None) -> list[Remark]:
    """The first `most` of these remarks, in the order they were made."""
    query = sa.select(said).where(which).order_by(said.c.number).limit(most)
    found = connection.execute(query).mappings()
    return [Remark(**{**row, "mentions": _loaded(row["mentions"])}) for row in found]


def place_in(connection: sa.Connection, column: sa.ColumnElement[str], text: str) -> sa.Function[int]:
    """Where `text` begins in a column, letter by letter; 0 if it is not there."""
    return (sa.func.instr if connection.dialect.name == "sqlite" else sa.func.strpos)(column, text)


def _suggestion(row: sa.RowMapping, names: Iterable[str], mine: Sequence[str], wants: Sequence[str]) -> Suggestion:
    values: dict[str, Any] = {name: row[name] for name in _PLAIN}
    values |= {"hidden": bool(row["hidden"]), "sample": bool(row["sample"]), "mentions": _loaded(row["mentions"])}
    values |= {"labels": tuple(sorted(names)), "mine": bool(mine), "wants": next(iter(wants), "")}
    return Suggestion(**values, quote=Quote(*(row[name] for name in _OF_QUOTE)) if row["exact"] else None)


def _loaded(mentions: str) -> Mapping[str, str]:
    found: dict[str, str] = json.loads(mentions) if mentions != "{}" else {}
    return found
