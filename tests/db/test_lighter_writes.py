"""What people said before the tables were given other keys is there afterwards, as it was."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from kb_server.db import Database, migrate
from kb_server.db.migrating import SCRIPTS

SAID = ("people", "threads", "comments", "comment_versions", "reactions", "flags", "sendings")
INDEXES = "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name IN ('comments', 'sendings', 'documents')"


def _older(database: Database) -> None:
    """Bring an empty store to the schema before."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with database.migration() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0019")


def _tables(database: Database) -> list[sa.Table]:
    """The tables as they are in the store: those of the program may know more by now."""
    with database.read() as connection:
        found = sa.MetaData()
        found.reflect(connection, only=SAID)
        return [found.tables[name] for name in SAID]


def _filled(table: sa.Table, number: int) -> dict[str, object]:
    """A row in which each text names its column, but where it names another row: then the one of this number."""
    named = {"id": f"{table.name} {number}", "thread": f"threads {number}", "author": f"people {number}"}
    named |= {"person_id": f"people {number}", "comment": f"comments {number}"}
    return {
        name: number if isinstance(column.type, sa.Integer) else named.get(name, f"{name} {number}")
        for name, column in table.c.items()
    }


def _rows(database: Database) -> list[list[tuple[object, ...]]]:
    with database.read() as connection:
        every = [sa.select(*(table.c[name] for name in sorted(table.c.keys()))) for table in _tables(database)]
        return [sorted(tuple(row) for row in connection.execute(one)) for one in every]


def test_what_was_said_under_other_keys_stays(tmp_path: Path) -> None:
    with closing(Database(f"sqlite:///{tmp_path / 'kb.sqlite3'}")) as database:
        _older(database)
        with database.transaction() as connection:
            for table in _tables(database):
                connection.execute(sa.insert(table), [_filled(table, number) for number in (2, 1)])
        before = _rows(database)
        migrate(database, tmp_path / "backups")
        assert _rows(database) == before
        assert [len(rows) for rows in before] == [2] * len(SAID)
        with database.read() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            assert set(connection.exec_driver_sql(INDEXES).scalars()) == {
                *("ix_comments_thread", "ix_comments_author", "sqlite_autoindex_comments_1"),
                *("uq_documents_ref", "uq_documents_seq", "ix_documents_facets"),
            }
            keys = "SELECT sql FROM sqlite_schema WHERE name IN ('comments', 'sendings') ORDER BY name"
            said, sent = connection.exec_driver_sql(keys).scalars()
            assert ("PRIMARY KEY (number)" in said, "WITHOUT ROWID" in sent) == (True, True)
            pieces = "SELECT v FROM documents_fts_config WHERE k = 'crisismerge'"
            assert connection.exec_driver_sql(pieces).scalar() == 32
