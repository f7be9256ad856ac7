"""Copies of the store, whole to the last text. SQLite does not know what a text should be; its version does."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from kb_server.db import Database, files
from kb_server.db.damage import Damaged, is_damage
from kb_server.db.files import Stop, Stopped
from kb_server.documents.whole import batches, refuse_altered


def _on() -> bool:
    return False


def copy(source: Path, target: Path, stop: Stop = _on) -> None:
    """Copy the store in `source` to the new file `target`. Raises as `db.files.copy` does; then there is no copy."""
    files.copy(source, target, stop, lambda partial: _refuse_altered_texts(partial, stop))


def refuse_damage(file: Path) -> None:
    """Raises Damaged when the store in `file` is not what was written, KbError when that cannot be seen."""
    files.look_for_damage(file)
    _refuse_altered_texts(file, _on)


def _refuse_altered_texts(file: Path, stop: Stop) -> None:
    address = sa.URL.create("sqlite", database=str(file))
    try:
        with closing(Database(address)) as database, database.read() as connection:
            for rows in batches(connection):
                refuse_altered(rows)
                if stop():
                    raise Stopped(f"Stopped before {file.name} was done.")
    except sa.exc.DBAPIError as error:
        if is_damage(error.orig):
            raise Damaged(f"{file.name} is damaged: {error.orig}.") from error
        # Otherwise it is of another schema, and whoever wrote it knew how to look.
