"""Bring a store up to the newest schema: a backup first, then every step in one transaction, then a check."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import OperationalError

from kb_server.config import without_password
from kb_server.db import meta
from kb_server.db.engine import Database
from kb_server.db.files import copy
from kb_server.db.trouble import Unwritable
from kb_server.errors import KbError

SCRIPTS = Path(__file__).parent / "migrations"


class Standing(Enum):
    """How a store stands to the program: of its schema, of one before, or of one the program does not know."""

    NEWEST = auto()
    OLDER = auto()
    UNKNOWN = auto()


def migrate(database: Database, backups: Path) -> Path | None:
    """Apply what is missing, all of it or nothing; gives the backup made before, if there was something to save.

    Afterwards the store has an instance id. Raises KbError when the store is of a newer version than this program, or
    when a step would break a reference.
    """
    backup = _bring_up(database, backups)
    with database.read() as connection:
        known = meta.instance(connection)
    if not known:
        with database.transaction() as connection:
            meta.give_instance(connection)
    return backup


def _bring_up(database: Database, backups: Path) -> Path | None:
    if database.file:
        _refuse_no_file(database.file)
        database.file.parent.mkdir(parents=True, exist_ok=True)
    with _reached(database), database.unguarded() as connection:
        database.require_usable(connection)
        present = _revision(connection)
    if present == _newest():
        return None
    _refuse_the_future(present)
    if not database.is_writable:
        raise Unwritable(
            f"{database.file} is of an older version and has to be brought up to date, but cannot be written."
        )
    backup = _back_up(database.file, backups, present) if present and database.file else None
    with database.migration() as connection:
        _upgrade(connection)
    return backup


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return config


def _newest() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


def standing(revision: str | None) -> Standing:
    """How a store of this schema stands to the program."""
    if revision == _newest():
        return Standing.NEWEST
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    return Standing.OLDER if revision is None or revision in known else Standing.UNKNOWN


def _refuse_the_future(present: str | None) -> None:
    if standing(present) is Standing.UNKNOWN:
        raise KbError(
            f"The database has schema {present}, which this version of kb does not know. Install the newer version."
        )


def _refuse_no_file(file: Path) -> None:
    if file.exists() and not file.is_file():
        what = "a folder" if file.is_dir() else "a device"
        raise KbError(f"{file} is {what}, and a database needs a file. Name one in KB_DATABASE_URL.")


def _back_up(file: Path, backups: Path, present: str) -> Path:
    backups.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = backups / f"before-migration-{present}-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}.sqlite3"
    copy(file, target)
    return target


def _upgrade(connection: sa.Connection) -> None:
    # Another process may have been faster while this one waited for its turn.
    _refuse_the_future(_revision(connection))
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _revision(connection: sa.Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


@contextmanager
def _reached(database: Database) -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        address = without_password(database.url.render_as_string())
        said = " ".join(str(error.orig).split())
        raise KbError(f"The database {address} cannot be used. It says: {said}") from error
