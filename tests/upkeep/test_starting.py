"""What the server looks at before it starts: it serves no damaged store, and no index that is wrong."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kb_server.config import Settings
from kb_server.db import Database
from kb_server.db.damage import Damaged
from kb_server.documents import auditing
from kb_server.upkeep import starting
from kb_server.upkeep.backing import back_up, back_up_daily
from kb_server.upkeep.starting import damage_named, mend_index, refuse_damage

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def make_daily(settings: Settings, day: int) -> Path:
    made = back_up_daily(settings, NOON.replace(day=day), lambda: False)
    assert made
    return made


def test_a_sound_store_starts(settings: Settings, file: Path, database: Database) -> None:
    assert file.is_file()
    refuse_damage(settings)
    mend_index(database)


def test_before_there_is_a_store_there_is_no_damage(settings: Settings) -> None:
    refuse_damage(settings)
    assert not settings.data_dir.exists()


def test_a_damaged_store_is_refused_and_the_last_good_backup_named(
    settings: Settings, file: Path, damage: Callable[[Path], None], alter: Callable[[Path], None]
) -> None:
    make_daily(settings, 16)
    good, bad, altered = (make_daily(settings, day) for day in (18, 19, 20))
    damage(bad)
    alter(altered)
    damage(file)
    with pytest.raises(Damaged, match=r"kb\.sqlite3 is damaged") as caught:
        refuse_damage(settings)
    assert "of 2026-11-18 12:00 UTC" in str(caught.value)
    assert str(caught.value).endswith(f"kb restore {good}")


def test_without_a_backup_it_says_what_can_be_brought_back(
    settings: Settings, file: Path, damage: Callable[[Path], None]
) -> None:
    damage(file)
    with pytest.raises(Damaged, match=r"There is no good backup\..*kb publish"):
        refuse_damage(settings)


@pytest.mark.parametrize("content", [b"\xff" * 9000, b"SQLite format 3\0" + b"\xff" * 9000], ids=["all", "the header"])
def test_of_a_large_file_the_beginning_is_looked_at(
    settings: Settings, file: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starting, "LARGE", 1000)
    refuse_damage(settings)
    file.write_bytes(content)
    with pytest.raises(Damaged):
        refuse_damage(settings)


def test_the_look_takes_no_longer_than_it_may(
    settings: Settings, file: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(starting, "SECONDS", 0)
    monkeypatch.setattr("kb_server.db.files.STEPS", 10)
    caplog.set_level(logging.INFO, "kb.upkeep")
    refuse_damage(settings)
    assert f"{file.name} is large: not all of it was looked at" in caplog.text


def test_a_store_that_has_been_emptied_is_not_taken_for_a_new_one(settings: Settings, file: Path) -> None:
    made = back_up(settings)
    file.write_bytes(b"")
    with pytest.raises(Damaged, match=r"is empty, and was not always\.") as caught:
        refuse_damage(settings)
    assert str(made) in str(caught.value)
    made.unlink()
    refuse_damage(settings)


def test_a_text_that_is_not_what_was_written_stops_the_start(
    settings: Settings, file: Path, database: Database, alter: Callable[[Path], None]
) -> None:
    made = back_up(settings)
    alter(file)
    with pytest.raises(Damaged, match="1 text is not what was written") as caught, damage_named(settings):
        mend_index(database)
    assert str(made) in str(caught.value)


def test_a_wrong_index_is_made_anew_and_the_log_says_so(
    file: Path, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    assert file.is_file()
    with database.transaction() as connection:
        connection.exec_driver_sql("INSERT INTO documents_fts(documents_fts) VALUES ('delete-all')")
    mend_index(database)
    assert "The index of search was made anew:" in caplog.text
    assert auditing.audit(database).findings == ()


def test_a_sound_index_is_left_alone(file: Path, database: Database, caplog: pytest.LogCaptureFixture) -> None:
    before = file.read_bytes()
    mend_index(database)
    database.close()
    assert caplog.text == ""
    assert file.read_bytes() == before


def test_damage_that_shows_in_the_middle_of_a_command_is_one_sentence(settings: Settings, file: Path) -> None:
    made = back_up(settings)
    file.write_bytes(b"\xff" * 9000)
    with (
        closing(Database(settings.database_url)) as database,
        pytest.raises(Damaged, match="The database is damaged: file is not a database") as caught,
        damage_named(settings),
        database.read() as connection,
    ):
        connection.exec_driver_sql("SELECT * FROM documents")
    assert str(made) in str(caught.value)


def test_damage_to_the_index_alone_names_the_command_that_mends_it(
    settings: Settings, file: Path, database: Database
) -> None:
    assert file.is_file()
    with database.transaction() as connection:
        connection.exec_driver_sql("UPDATE documents_fts_data SET block = zeroblob(length(block)) WHERE id > 10")
    with (
        pytest.raises(Damaged, match="kb index --rebuild"),
        damage_named(settings),
        database.transaction() as connection,
    ):
        connection.exec_driver_sql(auditing.COMPARE)
