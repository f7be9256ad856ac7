"""All documents with everything that is stored of them, to be compared with what was written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import sqlalchemy as sa

from kb_server.db.damage import Damaged, legible
from kb_server.documents.storage import PARTS, Row, documents, is_as_written

BATCH = 500
FORMS = ("title_stems", "stems", "words")
ROWS = sa.select(*(documents.c[name] for name in ("id", *PARTS, "version", *FORMS))).order_by(documents.c.id)


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


def refuse_altered(rows: Iterable[Row]) -> None:
    """Raises Damaged naming the first text that is not what was written."""
    for row in rows:
        if not is_as_written(row):
            raise Damaged(f"The text {row['ref']!r} is not what was written.")
