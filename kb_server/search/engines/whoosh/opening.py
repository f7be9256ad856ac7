"""Opening the index in use, or saying why it is of no use."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from whoosh import versionstring

from kb_server.db import meta
from kb_server.documents import reading
from kb_server.documents import storage as documents
from kb_server.search.engines.whoosh import schema
from kb_server.search.engines.whoosh.home import Home, Stamp
from kb_server.search.engines.whoosh.storage import DamagedError, Storage, is_trouble
from kb_server.search.engines.whoosh.view import View

TRIES = 3  # another process may be writing just then, and remove what was about to be read
DIFFERENCES = {
    "schema": "it was made by another version of kb",
    "whoosh": "it was made by another version of Whoosh",
    "analyser": "its words were taken apart in another way",
    "instance": "it belongs to another database",
}


def stamp_for(connection: sa.Connection) -> Stamp:
    """What an index of this database has to be made with."""
    return Stamp(schema.VERSION, versionstring(), reading.analyser(connection).id, meta.instance(connection))


def opened(home: Home, connection: sa.Connection, before: View | None = None) -> View:
    """The index in use, sharing what `before` has open of it. Raises DamagedError, which ends a sentence; OSError."""
    current = home.current()
    if current is None:
        raise DamagedError("there is none")
    folder, made_with = current
    wanted = stamp_for(connection)
    for part, difference in DIFFERENCES.items():
        if getattr(made_with, part) != getattr(wanted, part):
            raise DamagedError(difference)
    view = _latest(folder, wanted.instance, before)
    if view.seq > documents.latest_seq(connection):
        raise DamagedError("it is ahead of the database")
    return view


def _latest(folder: Path, key: str, before: View | None) -> View:
    if before is None or (before.storage.path, before.storage.key) != (folder, key):
        return _read(Storage(folder, key), None)
    if before.storage.generation() == before.generation:
        return before
    return _read(before.storage, before)


def _read(storage: Storage, before: View | None) -> View:
    """Open it. A file that is not what Whoosh wrote fails in any way; what fails for want of something is no damage."""
    for tries_left in reversed(range(TRIES)):
        try:
            return View(storage, before)
        except DamagedError:
            if not tries_left:
                raise
        except Exception as error:
            if is_trouble(error):
                raise
            if not tries_left:
                raise DamagedError("it cannot be read") from error
    raise AssertionError
