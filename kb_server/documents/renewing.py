"""Making the index anew, with stems and words as today's analyser sees the stored texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from kb_server.db import counters
from kb_server.documents import postings, reading
from kb_server.documents.analysis import Analyser
from kb_server.documents.storage import documents, word_forms

FORMS = ("title_stems", "stems", "words")
BATCH = 500
PARTS = sa.select(*(documents.c[name] for name in ("id", "title", "text", "hidden", *FORMS))).order_by(documents.c.id)
_UPDATE = (
    sa.update(documents)
    .where(documents.c.id == sa.bindparam("of_id"))
    .values({name: sa.bindparam(name) for name in ("seq", *FORMS)})
)


def rebuild(connection: sa.Connection) -> int:
    """Make stems, words and the database's index anew from the stored texts; gives how many texts had other words.

    Those get a new number, so that whoever follows the documents by number learns of it.
    """
    analyser = reading.analyser(connection)
    changed = last = 0
    while rows := _some_after(connection, last):
        stale = [{"of_id": row["id"], **forms} for row in rows if (forms := other_forms(row, analyser))]
        _write(connection, stale)
        changed += len(stale)
        last = rows[-1]["id"]
    postings.rebuild(connection)
    return changed


def other_forms(row: sa.RowMapping, analyser: Analyser) -> dict[str, str]:
    """The stems and words of a stored text (a row of `PARTS`) where they are not those stored with it, else nothing."""
    forms = word_forms(row["title"], row["text"], analyser, hidden=bool(row["hidden"]))
    return {} if all(row[name] == forms[name] for name in FORMS) else forms


def _some_after(connection: sa.Connection, last: int) -> Sequence[sa.RowMapping]:
    return connection.execute(PARTS.where(documents.c.id > last).limit(BATCH)).mappings().all()


def _write(connection: sa.Connection, stale: list[dict[str, Any]]) -> None:
    if stale:
        first = counters.take(connection, "documents", len(stale))
        connection.execute(_UPDATE, [row | {"seq": seq} for seq, row in enumerate(stale, first)])
