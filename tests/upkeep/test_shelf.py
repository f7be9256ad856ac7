"""Which backups are kept: told by names alone, with a clock that stands where the test wants it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from kb_server.upkeep import shelf

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)  # a Friday


def put(folder: Path, kind: str, at: datetime) -> Path:
    path = shelf.free_name(folder, kind, at)
    path.write_text("")
    return path


def a_server_runs(folder: Path, start: datetime, days: int) -> datetime:
    """What the server does in that time: a backup a day, then tidying up. Gives the moment after."""
    for day in range(days):
        now = start + timedelta(days=day)
        if shelf.is_due(shelf.backups(folder), now):
            put(folder, shelf.DAILY, now)
            for old in shelf.superfluous(shelf.backups(folder), now):
                old.path.unlink()
    return start + timedelta(days=days)


def kept(folder: Path) -> list[str]:
    return [f"{entry.at:%m-%d}" for entry in shelf.backups(folder)]


def test_seven_days_and_four_weeks_are_kept(tmp_path: Path) -> None:
    a_server_runs(tmp_path, NOON - timedelta(days=59), 60)
    days = ["11-20", "11-19", "11-18", "11-17", "11-16", "11-15", "11-14"]
    sundays = ["11-08", "11-01"]  # with this week's last day and 15 November, four weeks
    assert kept(tmp_path) == days + sundays


def test_after_a_long_rest_the_old_ones_stay_until_newer_ones_take_their_place(tmp_path: Path) -> None:
    a_server_runs(tmp_path, NOON - timedelta(days=300), 7)
    before = kept(tmp_path)
    a_server_runs(tmp_path, NOON, 1)
    assert len(before) == 7
    assert set(kept(tmp_path)) == {"11-20", *before[:6]}


def test_only_the_servers_own_are_ever_removed(tmp_path: Path) -> None:
    others = [put(tmp_path, kind, NOON - timedelta(days=700)) for kind in (shelf.BY_HAND, shelf.BEFORE_RESTORE)]
    others += [tmp_path / name for name in ("before-migration-0001-20240101-000000.sqlite3", "daily-mine.sqlite3")]
    for path in others[2:]:
        path.write_text("")
    a_server_runs(tmp_path, NOON - timedelta(days=100), 100)
    assert all(path.exists() for path in others)


def test_one_backup_a_day_whatever_the_hour(tmp_path: Path) -> None:
    late = NOON.replace(hour=23, minute=59)
    put(tmp_path, shelf.DAILY, NOON)
    assert not shelf.is_due(shelf.backups(tmp_path), late)
    assert shelf.is_due(shelf.backups(tmp_path), late + timedelta(minutes=1))


def test_a_backup_by_hand_does_not_stand_in_for_the_servers(tmp_path: Path) -> None:
    put(tmp_path, shelf.BY_HAND, NOON)
    assert shelf.is_due(shelf.backups(tmp_path), NOON)


def test_a_clock_that_was_years_ahead_does_not_push_out_todays(tmp_path: Path) -> None:
    a_server_runs(tmp_path, NOON + timedelta(days=2000), 10)
    a_server_runs(tmp_path, NOON, 10)
    assert {"11-29", "11-28", "11-27", "11-26", "11-25", "11-24", "11-23"} <= set(kept(tmp_path))
    assert shelf.is_due(shelf.backups(tmp_path), NOON + timedelta(days=10))


def test_a_clock_set_back_a_day_costs_nothing(tmp_path: Path) -> None:
    a_server_runs(tmp_path, NOON, 3)
    a_server_runs(tmp_path, NOON - timedelta(days=1), 1)
    assert kept(tmp_path) == ["11-22", "11-21", "11-20", "11-19"]


def test_the_time_in_a_name_is_universal_whatever_the_zone(tmp_path: Path) -> None:
    put(tmp_path, shelf.DAILY, datetime.fromisoformat("2026-11-20T01:30:00+05:30"))
    (entry,) = shelf.backups(tmp_path)
    assert entry.path.name == "daily-20261119-200000.sqlite3"
    assert entry.at == datetime(2026, 11, 19, 20, tzinfo=UTC)


def test_two_in_one_second_get_two_names(tmp_path: Path) -> None:
    names = {put(tmp_path, shelf.BY_HAND, NOON).name for _ in range(3)}
    assert len(names) == 3
    assert len(shelf.backups(tmp_path)) == 3


def test_what_is_no_backup_is_not_taken_for_one(tmp_path: Path) -> None:
    put(tmp_path, shelf.DAMAGED, NOON)
    names = ("notes.txt", "daily-20269999-000000.sqlite3", "copy.sqlite3", ".daily-20261120-000000.sqlite3.1.partial")
    for name in names:
        (tmp_path / name).write_text("")
    assert shelf.backups(tmp_path) == []


def test_the_backup_before_a_migration_counts_as_one(tmp_path: Path) -> None:
    (tmp_path / "before-migration-0001-20261120-120000.sqlite3").write_text("")
    assert kept(tmp_path) == ["11-20"]
