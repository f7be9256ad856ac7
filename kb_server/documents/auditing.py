"""Whether texts and index are what was written. A wrong index gives wrong answers silently, and so does a damaged text.

Every text is compared with its version. Then, in SQLite, three looks at the index: its rows one by one; SQLite's own
comparison with the table; and a sample that is searched for as a reader would. For PostgreSQL see `comparing`.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from kb_server.db import Database
from kb_server.db.damage import is_damage_of_index
from kb_server.documents import comparing, reading
from kb_server.documents.analysis import Analyser
from kb_server.documents.plural import all_counted
from kb_server.documents.storage import documents, is_as_written, version_of
from kb_server.documents.whole import batches

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
    """What was found: how many texts can be found, how many are not what was written, and what is wrong with the index.

    ``findings`` are sentences, and an index made anew has none. Against altered texts only a backup helps.
    """

    shown: int
    altered: int
    findings: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.altered and not self.findings


def audit(database: Database) -> Audit:
    """Compare texts and index with what was written.

    SQLite's own comparison needs the right to write, and keeps it meanwhile: a quarter of a second for 5,000 documents.
    """
    with database.read() as connection:
        analyser, shown = reading.analyser(connection), reading.count(connection)
        altered, stale = _texts(connection, analyser)
    findings = all_counted({"{} [text was|texts were] taken apart by another version of the program.": stale})
    if not altered:
        findings += _index(database, analyser) if database.dialect == "sqlite" else _vectors(database)
    return Audit(shown, altered, tuple(findings))


def _texts(connection: sa.Connection, analyser: Analyser) -> tuple[int, int]:
    """How many texts are not what was written, and how many of the others another analyser has taken apart."""
    altered = stale = 0
    for row in (row for rows in batches(connection) for row in rows):
        if not is_as_written(row):
            altered += 1
        elif row["version"] != version_of(row, analyser):
            stale += 1
    return altered, stale


def _vectors(database: Database) -> list[str]:
    with database.read() as connection:
        return comparing.findings(connection)


def _index(database: Database, analyser: Analyser) -> list[str]:
    try:
        if database.is_writable:
            with database.transaction() as connection:
                connection.exec_driver_sql(COMPARE)
        with database.read() as connection:
            return _counted(connection) or _searched_for(connection, analyser)
    except sa.exc.DBAPIError as error:
        if is_damage_of_index(error.orig):
            return ["The index is not what was written into it."]
        raise


def _counted(connection: sa.Connection) -> list[str]:
    sentences = {
        "{} [text is|texts are] not in the index.": MISSING,
        "The index holds {} [text that is|texts that are] not there.": SURPLUS,
        "The index holds {} hidden [text|texts].": DISCLOSED,
    }
    return all_counted(
        {sentence: connection.exec_driver_sql(query).scalar_one() for sentence, query in sentences.items()}
    )


def _searched_for(connection: sa.Connection, analyser: Analyser) -> list[str]:
    """What comes of looking for shown documents, evenly spread, by a word of each."""
    step = max(1, reading.count(connection) // SAMPLE)
    shown = sa.select(documents.c.id, documents.c.words).where(documents.c.hidden == 0, documents.c.id % step == 0)
    rows = connection.execute(shown.limit(SAMPLE)).all()
    lost = sum(not _found(connection, row.id, row.words, analyser) for row in rows)
    return all_counted({f"{{}} of {len(rows)} texts looked for [was|were] not found.": lost})


def _found(connection: sa.Connection, key: int, words: str, analyser: Analyser) -> bool:
    """Whether a document is found by its longest word, as a word and as a stem."""
    word = max(words.split(), key=len, default="")
    asked = (f'words : "{word}"', f'{{title_stems stems}} : "{analyser.stem(word)}"')
    return not word or all(connection.exec_driver_sql(FIND, (query, key)).first() for query in asked)
