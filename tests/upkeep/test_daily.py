"""The server's own backup: made by a thread that goes on whatever happens, and ends when the server does."""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kb_server.config import Settings
from kb_server.upkeep import failures
from kb_server.upkeep.backing import back_up_daily
from kb_server.upkeep.daily import Pace, daily_backups

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
AT_ONCE = Pace(0, 0, 0)


class Days:
    """A clock that is a day on each time it is looked at, and can be waited for."""

    def __init__(self) -> None:
        self.looks = 0
        self._looked = threading.Condition()

    def __call__(self) -> datetime:
        with self._looked:
            self.looks += 1
            self._looked.notify_all()
            return NOON + timedelta(days=self.looks)

    def wait_for(self, looks: int) -> None:
        with self._looked:
            assert self._looked.wait_for(lambda: self.looks >= looks, 20)


@pytest.fixture
def days() -> Days:
    return Days()


@pytest.fixture
def damaged(settings: Settings) -> Path:
    settings.data_dir.mkdir()
    file = settings.data_dir / "kb.sqlite3"
    file.write_text("no database " * 1000)
    return file


@pytest.mark.slow
@pytest.mark.usefixtures("file")
def test_a_server_that_runs_for_weeks_keeps_seven_days_and_four_weeks(
    settings: Settings, days: Days, shelf_of: Callable[[], list[str]]
) -> None:
    with daily_backups(settings, pace=AT_ONCE, clock=days):
        days.wait_for(31)
    daily = [name for name in shelf_of() if name.startswith("daily-")]
    assert 9 <= len(daily) <= 10


@pytest.mark.usefixtures("file")
def test_the_thread_ends_with_the_server(settings: Settings, days: Days) -> None:
    with daily_backups(settings, pace=Pace(first=3600), clock=days):
        assert "kb-daily-backup" in {thread.name for thread in threading.enumerate()}
    assert "kb-daily-backup" not in {thread.name for thread in threading.enumerate()}
    assert days.looks == 0


@pytest.mark.usefixtures("damaged")
def test_a_backup_that_fails_is_logged_noted_and_tried_again(
    settings: Settings, days: Days, caplog: pytest.LogCaptureFixture
) -> None:
    with daily_backups(settings, pace=AT_ONCE, clock=days):
        days.wait_for(3)
    assert "The daily backup failed: kb.sqlite3 is damaged" in caplog.text
    assert "Traceback" not in caplog.text
    assert failures.noted(settings.data_dir).endswith("kb.sqlite3 is damaged: file is not a database.")


def test_after_the_cause_is_mended_the_complaint_ends(
    settings: Settings, damaged: Path, days: Days, tmp_path: Path, migrated: Path
) -> None:
    sound = shutil.copyfile(migrated, tmp_path / "sound")
    with daily_backups(settings, pace=AT_ONCE, clock=days):
        days.wait_for(2)
        sound.replace(damaged)
        days.wait_for(days.looks + 3)
    assert failures.noted(settings.data_dir) == ""


@pytest.mark.usefixtures("file")
def test_what_nobody_thought_of_ends_neither_the_thread_nor_the_server(
    settings: Settings, days: Days, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("kb_server.upkeep.daily.back_up_daily", fail)
    with daily_backups(settings, pace=AT_ONCE, clock=days):
        days.wait_for(3)
    assert "Traceback" in caplog.text


@pytest.mark.usefixtures("file")
def test_a_server_that_ends_does_not_wait_for_a_backup(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    shelf_of: Callable[[], list[str]],
) -> None:
    begun = threading.Event()

    def when_told_to_end(settings: Settings, now: datetime, stop: Callable[[], bool]) -> Path | None:
        begun.set()
        while not stop():
            pass
        return back_up_daily(settings, now, stop)

    monkeypatch.setattr("kb_server.db.files.STEPS", 100)
    monkeypatch.setattr("kb_server.upkeep.daily.back_up_daily", when_told_to_end)
    with daily_backups(settings, pace=AT_ONCE):
        assert begun.wait(120)
    assert shelf_of() == []
    assert caplog.text == failures.noted(settings.data_dir) == ""


@pytest.mark.usefixtures("file")
def test_it_says_where_the_backup_is(settings: Settings, days: Days, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "kb.upkeep")
    with daily_backups(settings, pace=AT_ONCE, clock=days):
        days.wait_for(2)
    assert "daily-20261121-120000.sqlite3" in caplog.text


def test_a_database_server_has_its_own_ways(settings: Settings, days: Days) -> None:
    elsewhere = replace(settings, database_url="postgresql+psycopg://kb@localhost/kb")
    with daily_backups(elsewhere, pace=AT_ONCE, clock=days):
        assert "kb-daily-backup" not in {thread.name for thread in threading.enumerate()}
