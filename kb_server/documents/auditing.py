"""Whether the database's index agrees with the table of documents. An index that is wrong gives wrong answers silently.

Three looks: the rows one by one, SQLite's own comparison of the index with the table, and a sample that is searched for
as a reader would, whose stems are made anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from kb_server.db import Database
from kb_server.db.files import is_damage
from kb_server.documents import reading
from kb_server.documents.analysis import Analyser
from kb_server.documents.renewing import PARTS, other_forms
from kb_server.documents.storage import documents

SAMPLE = 60
# The rows of an FTS5 table that keeps no text of its own stand in its table of sizes.
MISSING = "SELECT count(*) FROM documents WHERE hidden = 0 AND id NOT IN (SELECT id FROM documents_fts_docsize)"
SURPLUS = "SELECT count(*) FROM documents_fts_docsize WHERE id NOT IN (SELECT id FROM documents)"
DISCLOSED = """SELECT count(*) FROM documents JOIN documents_fts_docsize USING (id)
WHERE hidden = 1 AND (title_stems <> '' OR stems <> '' OR words <> '')"""
COMPARE = "INSERT INTO documents_fts(documents_fts, rank) VALUES ('integrity-check', 1)"
FIND = "SELECT 1 FROM documents_fts WHERE documents_fts MATCH ? AND rowid = ?"


@dataclass(frozen=True, slots=True)
class Audit:
    """What was found: how many documents can be found, and what is wrong, in sentences."""

    shown: int
    findings: tuple[str, ...]


def audit(database: Database) -> Audit:
    """Compare index and table. Raises SQLAlchemy's DatabaseError when the table itself cannot be read.

    SQLite's own comparison needs the right to write, and keeps it meanwhile: a quarter of a second for 5,000 documents.
    """
    if database.dialect != "sqlite":
        with database.read() as connection:
            return Audit(reading.count(connection), tuple(_sampled(connection, find=False)))
    findings = [] if _agrees(database) else ["The index is not what was written into it."]
    with database.read() as connection:
        findings += [*_counted(connection), *_sampled(connection, find=not findings)]
        return Audit(reading.count(connection), tuple(findings))


def _agrees(database: Database) -> bool:
    try:
        with database.transaction() as connection:
            connection.exec_driver_sql(COMPARE)
    except sa.exc.DatabaseError as error:
        if is_damage(error.orig):
            return False
        raise
    return True


def _counted(connection: sa.Connection) -> list[str]:
    sentences = {
        MISSING: "{} texts are not in the index.",
        SURPLUS: "The index holds {} texts that are not there.",
        DISCLOSED: "The index holds {} hidden texts.",
    }
    counts = {query: connection.exec_driver_sql(query).scalar_one() for query in sentences}
    return [sentence.format(counts[query]) for query, sentence in sentences.items() if counts[query]]


def _sampled(connection: sa.Connection, *, find: bool) -> list[str]:
    analyser = reading.analyser(connection)
    rows = _sample(connection)
    stale = sum(bool(other_forms(row, analyser)) for row in rows)
    lost = sum(not _found(connection, row, analyser) for row in rows) if find else 0
    counts = {
        f"{stale} of {len(rows)} texts looked at were taken apart by another version of the program.": stale,
        f"{lost} of {len(rows)} texts looked for were not found.": lost,
    }
    return [sentence for sentence, count in counts.items() if count]


def _sample(connection: sa.Connection) -> Sequence[sa.RowMapping]:
    """Shown documents, evenly spread."""
    step = max(1, reading.count(connection) // SAMPLE)
    query = PARTS.where(documents.c.hidden == 0, documents.c.id % step == 0).limit(SAMPLE)
    return connection.execute(query).mappings().all()


def _found(connection: sa.Connection, row: sa.RowMapping, analyser: Analyser) -> bool:
    """Whether a document is found by its longest word, as a word and as a stem."""
    word = max(row["words"].split(), key=len, default="")
    asked = (f'words : "{word}"', f'{{title_stems stems}} : "{analyser.stem(word)}"')
    return not word or all(connection.exec_driver_sql(FIND, (query, row["id"])).first() for query in asked)
