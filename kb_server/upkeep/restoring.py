"""``kb restore``: the store becomes what a backup holds. What was there is kept; killed anywhere, one of both is there.

The order makes it so: everything that can fail happens to a copy beside the store; then the present store is taken into
our hands alone and backed up; then one rename swaps them.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kb_server.config import Settings
from kb_server.db import Database, meta, migrate
from kb_server.db.damage import Damaged, is_damage
from kb_server.db.files import reading, sync
from kb_server.errors import Conflict, Invalid, KbError, NotFound
from kb_server.upkeep import locks, shelf
from kb_server.upkeep.backing import make_shelf, store_path
from kb_server.upkeep.copies import copy, refuse_damage
from kb_server.web.build import BuildError, load
from kb_server.web.serving import is_served, only_server

TABLES = {"alembic_version", "activity", "documents", "meta", "publishes"}
KINDS = {"table", "index"}
LOGS = ("-wal", "-journal")  # what SQLite may keep beside a file, and what belongs to it alone
INDEX_OF_LOG = "-shm"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done: the store is now what `file` held; what was there before lies in `before`, if there was anything.

    ``damaged`` tells that what was there could not be backed up, only set aside as it was.
    """

    file: Path
    before: Path | None
    damaged: bool


def restore(settings: Settings, file: Path) -> Restored:
    """Put a backup in the place of the store. Raises KbError, and then the store is as it was."""
    target = store_path(settings)
    if not file.is_file():
        raise NotFound(f"There is no file {file}.")
    if is_served(settings.data_dir, target):
        raise Conflict(f"A server runs on {settings.data_dir}. Stop it, restore, and start it again.")
    folder = make_shelf(settings)
    target.parent.mkdir(parents=True, exist_ok=True)
    data_dir = settings.data_dir
    with only_server(data_dir, target), locks.alone(data_dir), locks.backing_up(data_dir):
        coming = target.with_name(f".{target.name}.restoring")
        try:
            _prepare(file, coming, folder)
            before, damaged = _set_aside(target, folder) if target.exists() else (None, False)
            coming.replace(target)
            sync(target.parent)
        finally:
            _remove(coming)
    return Restored(file, before, damaged)


def missing_build(settings: Settings, published: Sequence[str]) -> str:
    """What to do when the restored store's current build cannot be served; "" when it can. The newest comes first."""
    if not published:
        return "Nothing had been published then. Run `kb publish`."
    try:
        load(settings.data_dir / "builds" / published[0])
    except BuildError:
        return (
            f"Build {published[0]}, which was current then, is no longer there. "
            "Run `kb publish` to build the wiki as it is now and make that current."
        )
    return ""


def _prepare(file: Path, coming: Path, folder: Path) -> None:
    """Make the store to come: checked, of today's schema, and with an id of its own."""
    _remove(coming)
    try:
        _refuse_foreign(file)
        copy(file, coming)
    except Damaged as error:
        raise Invalid(f"{file} cannot be restored, it is damaged itself. ({error}) The store is as it was.") from error
    with closing(Database(f"sqlite:///{coming}")) as database:
        migrate(database, folder)
        with database.transaction() as connection:
            meta.renew_instance(connection)
    sync(coming)


def _refuse_foreign(file: Path) -> None:
    with reading(file) as connection:
        parts = connection.execute("SELECT type, name FROM sqlite_schema").fetchall()
    # A trigger would go on acting in the store long after.
    if not {name for kind, name in parts if kind == "table"} >= TABLES or {kind for kind, _ in parts} - KINDS:
        raise Invalid(f"{file} is not a database of kb. The store is as it was.")


def _set_aside(target: Path, folder: Path) -> tuple[Path, bool]:
    """Keep what is there now; gives where, and whether it is damaged. Nothing is left beside the store afterwards."""
    now = datetime.now(UTC)
    try:
        refuse_damage(target)  # it only looks: of a damaged one, every byte is kept
        _take_alone(target)
        before = shelf.free_name(folder, shelf.BEFORE_RESTORE, now)
        copy(target, before)
    except Damaged:
        return _keep_as_it_is(target, shelf.free_name(folder, shelf.DAMAGED, now)), True
    return before, False


def _take_alone(target: Path) -> None:
    """Bring the log of writes into the file and remove it. SQLite grants that only to the one who has it open alone."""
    with closing(sqlite3.connect(target, isolation_level=None, timeout=0)) as connection:
        try:
            connection.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.DatabaseError as error:
            if is_damage(error):
                raise Damaged(str(error)) from error
            raise Conflict(f"Another program has {target} open. End it and try again. ({error})") from error


def _keep_as_it_is(target: Path, aside: Path) -> Path:
    """Keep a damaged store for whoever can read more out of it. It stays in its place until it is replaced."""
    try:
        try:
            os.link(target, aside)
        except OSError:  # another file system
            shutil.copy2(target, aside)
        aside.chmod(0o600)
        for suffix in LOGS:
            beside = target.with_name(target.name + suffix)
            if beside.exists():
                shutil.move(beside, aside.with_name(aside.name + suffix))
        target.with_name(f"{target.name}{INDEX_OF_LOG}").unlink(missing_ok=True)
    except OSError as error:
        raise KbError(f"The damaged database cannot be kept as {aside} ({error.strerror}).") from error
    return aside


def _remove(coming: Path) -> None:
    for suffix in ("", *LOGS, INDEX_OF_LOG):
        coming.with_name(coming.name + suffix).unlink(missing_ok=True)
