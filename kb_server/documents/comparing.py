"""Whether PostgreSQL's postings are those of the texts. The database keeps both; nobody else would notice if they part.

SQLite has a comparison of its own. Here every vector is made again from the stored words and compared where it lies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from kb_server.documents.plural import all_counted
from kb_server.documents.postings_postgresql import Made, made
from kb_server.documents.whole import batches

SURPLUS = "SELECT count(*) FROM documents_fts WHERE id NOT IN (SELECT id FROM documents WHERE hidden = 0)"
# Of a long text the one table has an empty vector and the other the rest.
SURPLUS_LONG = """SELECT count(*) FROM documents_long LEFT JOIN documents_fts held USING (id)
WHERE held.id IS NULL OR held.search <> ''"""


def findings(connection: sa.Connection) -> list[str]:
    """What is wrong with the postings, in sentences."""
    lacking = sum(_lacking(connection, rows) for rows in batches(connection))
    surplus = sum(connection.exec_driver_sql(query).scalar_one() for query in (SURPLUS, SURPLUS_LONG))
    counts = {
        "{} [text is not in the index, or not as it is|texts are not in the index, or not as they are].": lacking,
        "The index holds {} [text that is not there, or is|texts that are not there, or are] hidden.": surplus,
    }
    return all_counted(counts)


def _lacking(connection: sa.Connection, rows: Sequence[Mapping[str, object]]) -> int:
    """Of how many of these texts the postings are not what they would be if they were made now."""
    right = made([row for row in rows if not row["hidden"]])
    return len(_other(connection, "documents_fts", right.every) | _other(connection, "documents_long", right.long))


def _other(connection: sa.Connection, table: str, right: Sequence[Made]) -> set[int]:
    """The ids of those that a table lacks, or has with other values."""
    if not right:
        return set()
    names = [name for name in right[0] if name not in ("id", "search")]
    arrays = ", ".join(f"CAST(:{name} AS text[])" for name in (*names, "search"))
    same = " AND ".join(f"held.{name} = wanted.{name}" for name in names)
    query = sa.text(
        f"SELECT id FROM unnest(CAST(:id AS bigint[]), {arrays}) wanted(id, {', '.join(names)}, search) "  # noqa: S608
        f"LEFT JOIN {table} held USING (id) "
        f"WHERE ({same} AND held.search = CAST(wanted.search AS tsvector)) IS NOT TRUE"
    )
    return set(connection.scalars(query, {name: [row[name] for row in right] for name in ("id", *names, "search")}))
