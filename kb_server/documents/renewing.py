"""Making the index anew, with stems and words as today's analyser sees the stored texts."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from kb_server.db import counters
from kb_server.documents import postings, reading
from kb_server.documents.analysis import Analyser
from kb_server.documents.storage import Row, documents, version_of, word_forms
from kb_server.documents.whole import FORMS, batches, refuse_altered

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
        refuse_altered(rows)
        stale = [{"of_id": row["id"], **new} for row in rows if (new := other_forms(row, analyser))]
        _write(connection, stale)
        changed += len(stale)
    postings.rebuild(connection)
    return changed


def other_forms(row: Row, analyser: Analyser) -> dict[str, str]:
    """The stems, words and version a stored text should have, where they are not those it has; else nothing."""
    forms = word_forms(row["title"], row["text"], analyser, hidden=bool(row["hidden"]))
    forms["version"] = version_of(row, analyser)
    return {} if all(row[name] == form for name, form in forms.items()) else forms


def _write(connection: sa.Connection, stale: list[dict[str, Any]]) -> None:
    if stale:
        first = counters.take(connection, "documents", len(stale))
        connection.execute(_UPDATE, [row | {"seq": seq} for seq, row in enumerate(stale, first)])
