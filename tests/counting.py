"""The statements a store is asked meanwhile, for tests that lists take as many however long they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from kb_server.db import Database

_USUAL = ("PRAGMA", "BEGIN", "DELETE FROM allowances", "INSERT INTO allowances")


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """What the store is asked meanwhile.

    Left out is what would be asked anyhow: a server looks twice a second for a new build, what has run out is forgotten
    and begun anew once a minute, and each of these begins a transaction.
    """
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "publishes" not in statement and not statement.startswith(_USUAL):
            said.append(statement)

    engines = (database._reader, database._writer)
    for engine in engines:
        sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        for engine in engines:
            sa.event.remove(engine, "before_cursor_execute", note)
