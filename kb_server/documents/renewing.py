"""Making the index anew, with stems and words as today's analyser sees the stored texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from kb_server.db import counters
from kb_server.db.damage import Damaged, legible
from kb_server.documents import postings, reading
from kb_server.documents.analysis import Analyser
from kb_server.documents.storage import PARTS, Row, documents, is_as_written, version_of, word_forms

BATCH = 500
FORMS = ("title_stems", "stems", "words")
ROWS = sa.select(*(documents.c[name] for name in ("id", *PARTS, "version", *FORMS))).order_by(documents.c.id)
_UPDATE = (
    sa.update(documents)
    .where(documents.c.id == sa.bindparam("of_id"))
    .values({name: sa.bindparam(name) for name in ("seq", "version", *FORMS)})
)


def rebuild(connection: sa.Connection) -> int:
    """Make stems, words and the database's index anew from the stored texts; gives how many texts had other words.

    Those get a new number, so that whoever follows the documents by number learns of it. Raises Damaged when a text
    itself is not what was written: an index of that would only hide it.
    """
    analyser, changed = reading.analyser(connection), 0
    for rows in batches(connection):
        if altered := [row["ref"] for row in rows if not is_as_written(row)]:
            raise Damaged(f"The text {altered[0]!r} is not what was written.")
        stale = [{"of_id": row["id"], **new} for row in rows if (new := other_forms(row, analyser))]
        _write(connection, stale)
        changed += len(stale)
    postings.rebuild(connection)
    return changed


def batches(connection: sa.Connection) -> Iterator[list[Row]]:
    """All documents, some at a time, in the order of their ids; damaged texts as far as they can be read."""
    last = 0
    while True:
        with legible(connection):
            found = connection.execute(ROWS.where(documents.c.id > last).limit(BATCH))
            rows = [dict(row) for row in found.mappings()]
        if not rows:
            return
        yield rows
        last = rows[-1]["id"]


def other_forms(row: Row, analyser: Analyser) -> dict[str, str]:
    """The stems, words and version a stored text should have, where they are not those it has; else nothing."""
    forms = word_forms(row["title"], row["text"], analyser, hidden=bool(row["hidden"]))
    forms["version"] = version_of(row, analyser)
    return {} if all(row[name] == form for name, form in forms.items()) else forms


def _write(connection: sa.Connection, stale: list[dict[str, Any]]) -> None:
    if stale:
        first = counters.take(connection, "documents", len(stale))
        connection.execute(_UPDATE, [row | {"seq": seq} for seq, row in enumerate(stale, first)])
