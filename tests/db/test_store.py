"""The store: what is written is written whole, and the schema only moves forward."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from stores import on_alone, patiently

from kb_server.activity.storage import events_after, record
from kb_server.db import Database, counters, migrate
from kb_server.db.schema import metadata
from kb_server.errors import KbError


def write(connection: sa.Connection, subject: str) -> int:
    return record(connection, actor="build", verb="tested", subject=subject, data={})


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(DBAPIError), database.transaction() as connection:
        write(connection, "a") and connection.exec_driver_sql("NOT SQL")
    with database.read() as connection:
        assert events_after(connection, 0) == []
        assert counters.latest(connection, "activity") == 0


def test_a_reader_cannot_write(database: Database) -> None:
    with database.read() as connection, pytest.raises(DBAPIError, match=r"read-?only"):
        write(connection, "a")


def test_a_reader_sees_what_was_written_since_whatever_became_of_the_reader_before(database: Database) -> None:
    for trouble in (None, ValueError("of whoever read")):
        with suppress(ValueError), database.read() as connection:
            before = counters.latest(connection, "seen")
            if trouble:
                raise trouble
        with database.transaction() as connection:
            counters.take(connection, "seen")
        with database.read() as connection:
            assert counters.latest(connection, "seen") == before + 1


def test_numbers_have_no_gaps_however_many_write(database: Database) -> None:
    def write_once() -> None:
        with database.transaction() as connection:
            write(connection, "a")

    def add() -> None:
        for _ in range(10):
            patiently(write_once)

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as connection:
        assert [event.seq for event in events_after(connection, 0)] == list(range(1, 41))


@on_alone("sqlite")
def test_the_file_is_set_up_to_survive_a_power_cut(database: Database) -> None:
    with database.transaction() as connection:
        values = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")]
    assert values == ["wal", 2]


def test_migrating_twice_changes_nothing(database: Database, tmp_path: Path) -> None:
    assert migrate(database, tmp_path / "backups") is None
    assert not (tmp_path / "backups").exists()


def test_the_tables_are_those_the_code_describes(database: Database) -> None:
    inspector = sa.inspect(database._reader)
    for table in metadata.tables.values():
        present = {column["name"] for column in inspector.get_columns(table.name)}
        assert present == {column.name for column in table.columns}, table.name


def test_a_store_of_a_newer_version_is_left_alone(database: Database, tmp_path: Path) -> None:
    with database.transaction() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(KbError, match="9999"):
        migrate(database, tmp_path / "backups")


def test_a_migration_is_preceded_by_a_backup_and_undone_when_it_fails(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.transaction() as connection:
        write(connection, "kept")

    def half(config: object, _target: str) -> None:
        connection = config.attributes["connection"]  # type: ignore[attr-defined]
        connection.exec_driver_sql("DROP TABLE activity")
        raise RuntimeError("power cut")

    monkeypatch.setattr("kb_server.db.migrating._newest", lambda: "next")
    monkeypatch.setattr("kb_server.db.migrating.command.upgrade", half)
    with pytest.raises(RuntimeError, match="power cut"):
        migrate(database, tmp_path / "backups")
    with database.read() as connection:
        assert [event.subject for event in events_after(connection, 0)] == ["kept"]
    if database.file:  # of PostgreSQL whoever runs it makes the backups
        (backup,) = (tmp_path / "backups").iterdir()
        with sqlite3.connect(backup) as saved:
            assert saved.execute("SELECT subject FROM activity").fetchall() == [("kept",)]
        saved.close()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql+psycopg://kb:hush@127.0.0.1:1/kb", r"kb:\*\*\*@127\.0\.0\.1:1/kb cannot be used.*refused"),
        ("postgresql+psycopg://kb:hush@db:x/kb", "not an address"),
        ("sqlite:////nowhere/to/be/found.sqlite3", "cannot be used"),
    ],
)
def test_a_store_that_cannot_be_reached_is_named_without_its_password(
    address: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "mkdir", lambda *_, **__: None)
    with pytest.raises(KbError, match=said) as failure:
        migrate(Database(address), tmp_path)
    assert "hush" not in str(failure.value)


@pytest.mark.parametrize(("place", "what"), [("/dev/null", "a device"), ("", "a folder")])
def test_a_place_that_is_no_file_is_named_and_left_alone(tmp_path: Path, place: str, what: str) -> None:
    database = Database(f"sqlite:///{place or tmp_path}")
    with pytest.raises(KbError, match=f"is {what}, and a database needs a file"):
        migrate(database, tmp_path)
    database.close()
