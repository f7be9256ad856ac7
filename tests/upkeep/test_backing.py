"""``kb backup``: one new file that can be put back, or a sentence and nothing."""

from __future__ import annotations

import re
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kb_server.config import Settings
from kb_server.db import Database
from kb_server.db.damage import Damaged
from kb_server.db.files import Stopped
from kb_server.errors import Conflict, KbError, NotFound
from kb_server.upkeep import failures, locks
from kb_server.upkeep.backing import back_up, back_up_daily

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def go_on() -> bool:
    return False


def test_a_backup_goes_on_the_shelf_under_its_time(
    settings: Settings, file: Path, texts: Callable[[Path], int]
) -> None:
    made = back_up(settings)
    assert made.parent == settings.data_dir / "backups"
    assert re.fullmatch(r"by-hand-\d{8}-\d{6}\.sqlite3", made.name)
    assert texts(made) == texts(file) == 24


@pytest.mark.usefixtures("file")
def test_shelf_and_backup_are_for_this_user_alone(settings: Settings) -> None:
    made = back_up(settings)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (made, made.parent)] == [0o600, 0o700]


def test_a_backup_may_go_anywhere_but_over_something(settings: Settings, file: Path, tmp_path: Path) -> None:
    target = tmp_path / "mine.sqlite3"
    assert back_up(settings, target) == target
    before = target.read_bytes()
    with pytest.raises(Conflict, match="nothing is overwritten"):
        back_up(settings, target)
    with pytest.raises(Conflict):
        back_up(settings, file)
    assert target.read_bytes() == before


@pytest.mark.usefixtures("file")
def test_a_backup_is_made_while_others_write(
    settings: Settings, database: Database, texts: Callable[[Path], int]
) -> None:
    with database.transaction() as connection:
        connection.exec_driver_sql("DELETE FROM documents")
        assert texts(back_up(settings)) == 24


@pytest.mark.usefixtures("file")
def test_there_is_never_more_than_one_at_a_time(settings: Settings) -> None:
    with locks.backing_up(settings.data_dir):
        with pytest.raises(Conflict, match="just being made"):
            back_up(settings)
        with pytest.raises(Conflict, match="just being made"):
            back_up_daily(settings, NOON, go_on)


@pytest.mark.usefixtures("file")
def test_no_backup_is_made_of_a_store_that_is_being_swapped(settings: Settings) -> None:
    with locks.alone(settings.data_dir), pytest.raises(Conflict, match="being restored"):
        back_up(settings)


def test_nothing_is_made_of_a_file_in_which_there_was_never_anything(
    settings: Settings, shelf_of: Callable[[], list[str]]
) -> None:
    settings.data_dir.mkdir()
    (settings.data_dir / "kb.sqlite3").touch()
    with pytest.raises(NotFound, match="no database yet"):
        back_up(settings)
    assert shelf_of() == []


def test_a_file_that_was_emptied_is_damage(settings: Settings, file: Path) -> None:
    back_up(settings)
    file.write_bytes(b"")
    with pytest.raises(Damaged, match="was not always"):
        back_up(settings)


def test_where_there_is_no_store_a_sentence_says_so(settings: Settings) -> None:
    with pytest.raises(NotFound, match="no database yet"):
        back_up(settings)
    assert not settings.data_dir.exists()


def test_for_postgresql_one_sentence_names_the_tool(settings: Settings) -> None:
    elsewhere = replace(settings, database_url="postgresql+psycopg://kb@localhost/kb")
    with pytest.raises(KbError, match="pg_dump"):
        back_up(elsewhere)


@pytest.mark.usefixtures("file")
def test_the_servers_backup_is_made_once_a_day(settings: Settings, shelf_of: Callable[[], list[str]]) -> None:
    made = back_up_daily(settings, NOON, go_on)
    assert made
    assert back_up_daily(settings, NOON.replace(hour=23), go_on) is None
    assert shelf_of() == ["daily-20261120-120000.sqlite3"]


@pytest.mark.usefixtures("file")
def test_the_servers_backup_clears_up_what_a_killed_one_left(
    settings: Settings, shelf_of: Callable[[], list[str]]
) -> None:
    folder = settings.data_dir / "backups"
    folder.mkdir()
    (folder / ".daily-20261119-120000.sqlite3.0a1b2c3d.partial").write_text("half")
    (folder / ".before-migration-0001-20261119-120000.sqlite3.0a1b2c3d.partial").write_text("another's work")
    back_up_daily(settings, NOON, go_on)
    assert shelf_of() == [
        ".before-migration-0001-20261119-120000.sqlite3.0a1b2c3d.partial",
        "daily-20261120-120000.sqlite3",
    ]


def test_a_damaged_store_costs_no_good_backup(
    settings: Settings, file: Path, damage: Callable[[Path], None], shelf_of: Callable[[], list[str]]
) -> None:
    for day in range(1, 11):
        back_up_daily(settings, NOON.replace(day=day), go_on)
    before = shelf_of()
    damage(file)
    with pytest.raises(Damaged):
        back_up_daily(settings, NOON, go_on)
    assert shelf_of() == before


def test_a_store_with_an_altered_text_costs_no_good_backup(
    settings: Settings, file: Path, alter: Callable[[Path], None], shelf_of: Callable[[], list[str]]
) -> None:
    back_up_daily(settings, NOON.replace(day=19), go_on)
    before = shelf_of()
    alter(file)
    with pytest.raises(Damaged, match="is not what was written"):
        back_up_daily(settings, NOON, go_on)
    with pytest.raises(Damaged, match="is not what was written"):
        back_up(settings)
    assert shelf_of() == before


def test_a_backup_that_is_told_to_stop_while_it_compares_texts_leaves_nothing(
    settings: Settings, file: Path, shelf_of: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb_server.db.files.copy", only_the_last_check(settings))
    with pytest.raises(Stopped):
        back_up_daily(settings, NOON, lambda: True)
    assert file.is_file()
    assert shelf_of() == []


def only_the_last_check(settings: Settings) -> Callable[..., None]:
    def copy(_source: Path, _target: Path, _stop: object, check: Callable[[Path], None]) -> None:
        check(settings.data_dir / "kb.sqlite3")

    return copy


@pytest.mark.usefixtures("file")
def test_a_good_backup_by_hand_ends_the_complaint_about_a_failed_one(settings: Settings) -> None:
    failures.note(settings.data_dir, "yesterday: no room")
    assert failures.noted(settings.data_dir) == "yesterday: no room"
    back_up(settings)
    assert failures.noted(settings.data_dir) == ""
