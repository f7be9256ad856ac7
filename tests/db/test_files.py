"""Copies of the store: taken beside whoever writes, whole, private, and never in the place of something else."""

from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path

import pytest

from kb_server.activity.storage import record
from kb_server.db import Database
from kb_server.db.damage import Damaged
from kb_server.db.files import Stopped, copy, look_for_damage, reading
from kb_server.errors import Conflict, KbError


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """SQLite alone: the other database is copied and mended by its own means."""
    return f"sqlite:///{tmp_path / 'data' / 'kb.sqlite3'}"


@pytest.fixture
def file(database: Database) -> Path:
    with database.transaction() as connection:
        for number in range(2000):
            record(connection, actor="build", verb="tested", subject=f"s{number}", data={})
    assert database.file
    return database.file


def subjects(file: Path) -> int:
    with reading(file) as connection:
        count: int = connection.execute("SELECT count(*) FROM activity").fetchone()[0]
        return count


def damage(file: Path) -> None:
    """Damage a file: the page with which the log begins, for in one that is free nobody would notice."""
    with sqlite3.connect(file) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'activity'").fetchone()[0]
    connection.close()
    with file.open("r+b") as out:
        out.seek((root - 1) * 4096)
        out.write(b"\xff" * 3000)


def test_a_copy_holds_what_was_committed_and_nothing_else(database: Database, file: Path, tmp_path: Path) -> None:
    with database.transaction() as connection:
        record(connection, actor="build", verb="tested", subject="not yet", data={})
        copy(file, tmp_path / "copy")
    assert (subjects(tmp_path / "copy"), subjects(file)) == (2000, 2001)


def test_a_copy_is_for_this_user_alone(file: Path, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        copy(file, tmp_path / "copy")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "copy").stat().st_mode) == 0o600


def test_nothing_is_overwritten(file: Path, tmp_path: Path) -> None:
    (tmp_path / "copy").write_text("mine")
    with pytest.raises(Conflict, match="there already"):
        copy(file, tmp_path / "copy")
    assert (tmp_path / "copy").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".partial")] == []


def test_where_there_are_no_links_a_copy_gets_its_name_all_the_same_and_overwrites_nothing(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr("kb_server.db.files.os.link", no_links)
    copy(file, tmp_path / "copy")
    assert subjects(tmp_path / "copy") == 2000
    with pytest.raises(Conflict):
        copy(file, tmp_path / "copy")


def test_a_folder_that_is_not_there_is_one_sentence(file: Path, tmp_path: Path) -> None:
    with pytest.raises(KbError, match=r"copy cannot be written \(No such file or directory\)\.$"):
        copy(file, tmp_path / "none" / "copy")


def test_a_copy_that_is_stopped_leaves_nothing(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb_server.db.files.STEPS", 100)
    with pytest.raises(Stopped):
        copy(file, tmp_path / "copy", lambda: True)
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_a_damaged_store_is_not_copied(database: Database, file: Path, tmp_path: Path) -> None:
    database.close()
    damage(file)
    with pytest.raises(Damaged, match=r"kb\.sqlite3 is damaged"):
        copy(file, tmp_path / "copy")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_damage_is_named_and_so_is_what_is_no_database(database: Database, file: Path, tmp_path: Path) -> None:
    look_for_damage(file)
    database.close()
    damage(file)
    with pytest.raises(Damaged):
        look_for_damage(file)
    (tmp_path / "text").write_text("Some text. " * 1000)
    with pytest.raises(Damaged, match="not a database"):
        look_for_damage(tmp_path / "text")


def test_an_index_that_disagrees_with_its_table_is_damage(database: Database, file: Path) -> None:
    roots = "SELECT rootpage - 1 FROM sqlite_schema WHERE name IN ('uq_documents_ref', 'sqlite_autoindex_meta_1')"
    with database.read() as connection:
        one, other = (slice(page * 4096, page * 4096 + 4096) for (page,) in connection.exec_driver_sql(roots))
    database.close()
    content = bytearray(file.read_bytes())
    content[one], content[other] = content[other], content[one]
    file.write_bytes(content)
    with pytest.raises(Damaged, match="index"):
        look_for_damage(file)


def test_a_text_that_is_none_is_damage_and_not_copied(database: Database, file: Path, tmp_path: Path) -> None:
    with database.transaction() as connection:
        connection.exec_driver_sql("UPDATE activity SET subject = CAST(x'4cff' AS TEXT) WHERE seq = 1999")
    with pytest.raises(Damaged, match="UTF-8"):
        look_for_damage(file)
    with pytest.raises(Damaged, match="UTF-8"):
        copy(file, tmp_path / "copy")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_a_full_text_index_can_be_made_anew_and_is_no_damage_to_the_file(database: Database, file: Path) -> None:
    with database.transaction() as connection:
        connection.exec_driver_sql("INSERT INTO documents_fts(rowid, stems) VALUES (1, 'lantern lantern')")
        connection.exec_driver_sql("UPDATE documents_fts_data SET block = zeroblob(length(block)) WHERE id > 10")
    database.close()
    look_for_damage(file)  # SQLite before 3.44 would not complain anyway


def test_what_cannot_be_opened_is_not_called_damaged(tmp_path: Path) -> None:
    with pytest.raises(KbError, match="unable to open") as caught:
        look_for_damage(tmp_path / "nowhere")
    assert not isinstance(caught.value, Damaged)


def test_looking_changes_nothing(file: Path) -> None:
    with pytest.raises(KbError, match="readonly"), reading(file) as connection:
        connection.execute("DELETE FROM activity")
    assert subjects(file) == 2000


def test_a_folder_with_odd_characters_is_no_obstacle(tmp_path: Path) -> None:
    odd = tmp_path / "100% sure?#1"
    odd.mkdir()
    with sqlite3.connect(odd / "a.sqlite3") as connection:
        connection.execute("CREATE TABLE activity (x)")
    connection.close()
    copy(odd / "a.sqlite3", odd / "copy")
    assert subjects(odd / "copy") == 0
