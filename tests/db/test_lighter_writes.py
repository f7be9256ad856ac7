"""What people said before the tables were given other keys is there afterwards, as it was."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from kb_server.db import Database, migrate
from kb_server.db.migrating import SCRIPTS
from kb_server.db.schema import Number
from kb_server.people.storage import people
from kb_server.threads.storage import comments, threads, versions
from kb_server.writing.storage import sendings

SAID = (people, threads, comments, versions, sendings)


def _older(database: Database) -> None:
    """Bring an empty store to the schema before."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with database.migration() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0019")


def _filled(table: sa.Table, number: int) -> dict[str, object]:
    """A row in which each text names its column, but where it names another row: then the one of this number."""
    named = {"id": f"{table.name} {number}", "thread": f"threads {number}", "author": f"people {number}"}
    named |= {"person_id": f"people {number}", "comment": f"comments {number}"}
    return {
        column.key: number if isinstance(column.type, Number) else named.get(column.key, f"{column.key} {number}")
        for column in table.c
    }


def _rows(database: Database) -> list[list[tuple[object, ...]]]:
    with database.read() as connection:
        return [[tuple(row) for row in connection.execute(sa.select(table).order_by(*table.c))] for table in SAID]


def test_what_was_said_under_other_keys_stays(tmp_path: Path) -> None:
    with closing(Database(f"sqlite:///{tmp_path / 'kb.sqlite3'}")) as database:
        _older(database)
        with database.transaction() as connection:
            for table in SAID:
                connection.execute(sa.insert(table), [_filled(table, number) for number in (2, 1)])
        before = _rows(database)
        migrate(database, tmp_path / "backups")
        assert _rows(database) == before
        assert [len(rows) for rows in before] == [2] * len(SAID)
        with database.read() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
