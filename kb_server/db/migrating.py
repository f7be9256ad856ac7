"""Bring a store up to the newest schema: a backup first, then every step in one transaction, then a check."""

from __future__ import annotations

import time
from enum import Enum, auto
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from kb_server.db import meta
from kb_server.db.engine import Database
from kb_server.db.files import copy
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
        database.file.parent.mkdir(parents=True, exist_ok=True)
    with database.unguarded() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
        if present == _newest():
            return None
        _refuse_the_future(present)
        backup = _back_up(database.file, backups, present) if present and database.file else None
        _upgrade(connection, database.dialect)
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


def _back_up(file: Path, backups: Path, present: str) -> Path:
    backups.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = backups / f"before-migration-{present}-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}.sqlite3"
    copy(file, target)
    return target


def _upgrade(connection: sa.Connection, dialect: str) -> None:
    # With foreign keys on, Alembic's way of rebuilding a SQLite table deletes the rows that refer to it. The switch
    # has no effect inside a transaction, so it comes before.
    sqlite = dialect == "sqlite"
    if sqlite:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if sqlite else "BEGIN")
    try:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        _check_references(connection, dialect)
        connection.exec_driver_sql("COMMIT")
    except BaseException:
        connection.exec_driver_sql("ROLLBACK")
        raise
    finally:
        if sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def _check_references(connection: sa.Connection, dialect: str) -> None:
    if dialect == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise KbError("The migration would break references between rows; nothing was changed. Please report this.")
