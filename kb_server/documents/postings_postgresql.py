"""The postings in PostgreSQL: a narrow table with a vector for each shown document, and an index over the vectors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from kb_server.documents.vectors import long_texts, vector

SOME = 500  # documents in one statement
MANY = 1_000  # changed documents after which the planner should look at the tables again
BESIDE = "id, kind, teams, page_id, url"
SOURCE = f"SELECT {BESIDE}, title_stems, stems, words FROM documents WHERE hidden = 0"  # noqa: S608  -- names of columns
PUT = sa.text(
    f"INSERT INTO documents_fts ({BESIDE}, search) "  # noqa: S608  -- names of columns
    "VALUES (:id, :kind, :teams, :page_id, :url, CAST(:search AS tsvector))"
)
PUT_LONG = sa.text(
    "INSERT INTO documents_long (id, stems, words, search) VALUES (:id, :stems, :words, CAST(:search AS tsvector))"
)
FORGET = (
    "DELETE FROM {table} USING documents WHERE documents.id = {table}.id AND documents.ref IN :refs",
    ("documents_fts", "documents_long"),
)

Made = dict[str, Any]
"""A row of one of the two tables, by the names of its columns."""


class Rows(NamedTuple):
    """The rows that documents have: in the table of every text, and in that of the long ones."""

    every: list[Made]
    long: list[Made]


def made(rows: Sequence[Mapping[Any, Any]]) -> Rows:
    """The postings of these documents, of which all are shown."""
    found = Rows([], [])
    for row in rows:
        forms = (row["title_stems"], row["stems"], row["words"])
        search, is_long = vector(*forms)
        beside = {name: row[name] for name in BESIDE.split(", ")}
        # A long text's vector stands apart, where it helps to rank and cannot match.
        found.every.append({**beside, "search": "" if is_long else search})
        if is_long:
            stems, words = long_texts(*forms)
            found.long.append({"id": row["id"], "stems": stems, "words": words, "search": search})
    return found


def unindex(connection: sa.Connection, refs: Sequence[str]) -> None:
    """Forget these documents."""
    template, tables = FORGET
    for table in tables:
        query = sa.text(template.format(table=table)).bindparams(sa.bindparam("refs", expanding=True))
        for some in _portions(refs):
            connection.execute(query, {"refs": some})


def index(connection: sa.Connection, refs: Sequence[str]) -> None:
    """Take in these documents, those that are shown."""
    query = sa.text(f"{SOURCE} AND ref IN :refs").bindparams(sa.bindparam("refs", expanding=True))
    for some in _portions(refs):
        _put(connection, connection.execute(query, {"refs": some}).mappings().all())
    _tidy(connection, len(refs))


def add(connection: sa.Connection, row: Mapping[str, Any]) -> None:
    """Take in one document that was just written for the first time, by its row."""
    if not row["hidden"]:
        _put(connection, [row])
        _tidy(connection, 1)


def rebuild(connection: sa.Connection) -> None:
    """Make the whole index anew from the table."""
    connection.exec_driver_sql("DELETE FROM documents_long")
    connection.exec_driver_sql("DELETE FROM documents_fts")
    query = sa.text(f"{SOURCE} AND id > :last ORDER BY id LIMIT {SOME}")
    count = last = 0
    while rows := connection.execute(query, {"last": last}).mappings().all():
        _put(connection, rows)
        count, last = count + len(rows), rows[-1]["id"]
    _tidy(connection, count)


def _put(connection: sa.Connection, rows: Sequence[Mapping[Any, Any]]) -> None:
    for statement, values in zip((PUT, PUT_LONG), made(rows), strict=True):
        if values:
            connection.execute(statement, values)


def _tidy(connection: sa.Connection, count: int) -> None:
    # Every search also goes through what is not sorted into the index yet: let there be nothing.
    connection.exec_driver_sql("SELECT gin_clean_pending_list('ix_documents_fts_search')")
    if count >= MANY:
        connection.exec_driver_sql("ANALYZE documents_fts")
        connection.exec_driver_sql("ANALYZE documents")


def _portions(refs: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(refs), SOME):
        yield list(refs[start : start + SOME])
