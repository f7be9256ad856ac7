"""Before the server starts: a damaged store is not served, and an index that is wrong is made anew."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from kb_server.config import Settings
from kb_server.db import Database, database_file
from kb_server.db.damage import Damaged, is_damage, is_damage_of_index
from kb_server.db.files import Stopped, look_for_damage, reading
from kb_server.documents.plural import counted
from kb_server.errors import KbError
from kb_server.upkeep import copies, indexing, shelf
from kb_server.upkeep.backing import require_store, shelf_folder

log = logging.getLogger("kb.upkeep")

LARGE = 200_000_000  # bytes; of a larger file only the beginning is looked at
SECONDS = 10.0


def refuse_damage(settings: Settings) -> None:
    """Raises Damaged, naming the last good backup, when the store is not what was written."""
    file = database_file(settings.database_url)
    if file is None:
        return
    try:
        require_store(settings)
        _look(file)
    except Stopped:
        log.info("%s is large: not all of it was looked at. `kb doctor` does.", file.name)
    except Damaged as error:
        raise Damaged(f"{error} {way_out(settings)}") from error
    except KbError:  # there is none yet; or it cannot be looked at, and whoever opens it next says why
        return


@contextmanager
def damage_named(settings: Settings) -> Iterator[None]:
    """Where damage shows in the middle of a command, say in plain words what to do. Raises Damaged."""
    try:
        yield
    except DBAPIError as error:
        if not is_damage(error.orig):
            raise
        if is_damage_of_index(error.orig):
            raise Damaged("The index of search is damaged. `kb index --rebuild` makes it anew.") from error
        raise Damaged(f"The database is damaged: {error.orig}. {way_out(settings)}") from error
    except Damaged as error:
        raise Damaged(f"{error} {way_out(settings)}") from error


def way_out(settings: Settings) -> str:
    """What to do about a damaged store: one or two sentences, naming the last good backup."""
    good = last_good_backup(settings)
    if good:
        return (
            f"The last good backup is of {good.at:%Y-%m-%d %H:%M} UTC. Stop the server if one runs, "
            f"then put it back: kb restore {good.path}"
        )
    return (
        "There is no good backup. Move the file away and run `kb publish`: that brings back all that stands in the "
        "wiki's own files."
    )


def last_good_backup(settings: Settings) -> shelf.Backup | None:
    """The newest backup that is whole."""
    for backup in shelf.backups(shelf_folder(settings)):
        try:
            copies.refuse_damage(backup.path)
        except KbError:
            continue
        return backup
    return None


def mend_index(database: Database) -> None:
    """Make the index anew if it does not agree with the texts, and say so. Raises Damaged when a text is altered."""
    file = database.file
    if file is None or file.stat().st_size > LARGE:
        return
    found = indexing.verify(database)
    if found.altered:
        raise Damaged(counted("{} [text is|texts are] not what was written.", found.altered))
    if found.findings and not database.is_writable:
        log.error("The index of search is wrong, and cannot be made anew here: %s", " ".join(found.findings))
    elif found.findings:
        indexing.rebuild(database)
        log.warning("The index of search was made anew: %s", " ".join(found.findings))


def _look(file: Path) -> None:
    if file.stat().st_size > LARGE:
        with reading(file) as connection:
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        return
    end = time.monotonic() + SECONDS
    look_for_damage(file, lambda: time.monotonic() > end)
