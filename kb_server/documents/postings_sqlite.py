"""The postings in SQLite: an FTS5 table over the stems that stand in `documents`.

Not kept by trigger: SQLite refuses a trigger that writes to a virtual table while ``trusted_schema`` is off, and that
stays.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from kb_server.db.prepared import Prepared

COLUMNS = "title_stems, stems, words"
SOURCE = "FROM documents WHERE ref IN :refs"
INDEX = f"INSERT INTO documents_fts(rowid, {COLUMNS}) SELECT id, {COLUMNS} {SOURCE}"
# An entry is taken out by showing the index exactly what was put in.
UNINDEX = f"INSERT INTO documents_fts(documents_fts, rowid, {COLUMNS}) SELECT 'delete', id, {COLUMNS} {SOURCE}"
ADD = f"INSERT INTO documents_fts(rowid, {COLUMNS}) VALUES (:id, :title_stems, :stems, :words)"  # noqa: S608  -- names of columns
_ADD = Prepared(sa.text(ADD))
_INDEX, _UNINDEX = (sa.text(one).bindparams(sa.bindparam("refs", expanding=True)) for one in (INDEX, UNINDEX))


def unindex(connection: sa.Connection, refs: Sequence[str]) -> None:
    """Forget these documents, as they stand: call it before they change."""
    _run(connection, _UNINDEX, refs)


def index(connection: sa.Connection, refs: Sequence[str]) -> None:
    """Take in these documents, as they stand: call it after they have changed."""
    _run(connection, _INDEX, refs)


def add(connection: sa.Connection, row: Mapping[str, Any]) -> None:
    """Take in one document that was just written for the first time, by its row."""
    _ADD.run(connection, **{name: row[name] for name in ("id", *COLUMNS.split(", "))})


def rebuild(connection: sa.Connection) -> None:
    """Make the whole index anew from the table."""
    connection.exec_driver_sql("INSERT INTO documents_fts(documents_fts) VALUES ('delete-all')")
    every = INDEX.replace("WHERE ref IN :refs", "")
    connection.exec_driver_sql(every)


def _run(connection: sa.Connection, query: sa.TextClause, refs: Sequence[str]) -> None:
    for start in range(0, len(refs), 500):  # databases bound the number of parameters
        connection.execute(query, {"refs": list(refs[start : start + 500])})
