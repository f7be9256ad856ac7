"""Making backups: on demand beside a running server, and one a day by the server itself."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from kb_server.config import Settings
from kb_server.db import database_file
from kb_server.db.damage import Damaged
from kb_server.db.files import Stop
from kb_server.errors import KbError, NotFound
from kb_server.upkeep import failures, locks, shelf
from kb_server.upkeep.copies import copy


def back_up(settings: Settings, target: Path | None = None) -> Path:
    """Copy the store to `target`, or to a new file on the shelf; gives its path. Raises KbError."""
    file, folder = store_file(settings), make_shelf(settings)
    with locks.sharing(settings.data_dir), locks.backing_up(settings.data_dir):
        path = target.absolute() if target else shelf.free_name(folder, shelf.BY_HAND, datetime.now(UTC))
        copy(file, path)
    failures.clear(settings.data_dir)
    return path


def back_up_daily(settings: Settings, now: datetime, stop: Stop) -> Path | None:
    """The server's own copy of this day, unless there is one. Then copies that are no longer wanted are removed."""
    file, folder = store_file(settings), make_shelf(settings)
    if not shelf.is_due(shelf.backups(folder), now):
        return None
    with locks.backing_up(settings.data_dir):
        shelf.clear_unfinished(folder)
        path = shelf.free_name(folder, shelf.DAILY, now)
        copy(file, path, stop)
        for old in shelf.superfluous(shelf.backups(folder), now):
            old.path.unlink(missing_ok=True)
    failures.clear(settings.data_dir)
    return path


def store_path(settings: Settings) -> Path:
    """Where the SQLite file of the store is, or will be. Raises KbError saying what to do where there is none."""
    file = database_file(settings.database_url)
    if file is None:
        raise KbError(
            "The database is PostgreSQL: back it up with `pg_dump --format=custom`, put it back with `pg_restore`."
        )
    return file


def store_file(settings: Settings) -> Path:
    """The SQLite file of the store. Raises NotFound before there is one."""
    file = store_path(settings)
    require_store(settings)
    return file


def require_store(settings: Settings) -> None:
    """Raise NotFound where a SQLite file is named in which there was never anything, Damaged where there was once."""
    file = database_file(settings.database_url)
    if file is None:
        return
    if file.is_file() and _is_blank(file) and shelf.backups(shelf_folder(settings)):
        raise Damaged(f"{file.name} is empty, and was not always.")
    if not file.is_file() or _is_blank(file):
        raise NotFound(f"There is no database yet at {file}. `kb publish` makes it.")


def shelf_folder(settings: Settings) -> Path:
    """Where backups lie."""
    return settings.data_dir / "backups"


def make_shelf(settings: Settings) -> Path:
    """The folder of backups, made if it is not there yet. Raises KbError when that cannot be."""
    folder = shelf_folder(settings)
    try:
        for path in (settings.data_dir, folder):
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise KbError(f"The folder {folder} cannot be written ({error.strerror}).") from error
    return folder


def _is_blank(file: Path) -> bool:
    """Whether there is nothing in a file, nor in the log of writes that SQLite keeps beside it."""
    log_of_writes = file.with_name(f"{file.name}-wal")
    return not file.stat().st_size and not (log_of_writes.is_file() and log_of_writes.stat().st_size)
