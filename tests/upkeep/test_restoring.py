"""``kb restore``: the store becomes what the backup holds, or stays what it was; nothing is lost on the way."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from kb_server.activity.storage import events_after, record
from kb_server.config import Settings
from kb_server.db import Database, meta, migrating
from kb_server.errors import Conflict, Invalid, KbError, NotFound
from kb_server.upkeep import locks
from kb_server.upkeep.backing import back_up
from kb_server.upkeep.restoring import missing_build, restore
from kb_server.web.serving import only_server

MOVED = "-wal", "-shm", "-journal"


@pytest.fixture
def backup(settings: Settings, file: Path, tmp_path: Path) -> Path:
    """A backup, and a store in which something has happened since."""
    made = back_up(settings, tmp_path / "backup.sqlite3")
    happen(settings, "since then")
    assert file.is_file()
    return made


def happen(settings: Settings, subject: str) -> None:
    with closing(Database(settings.database_url)) as database, database.transaction() as connection:
        record(connection, actor="build", verb="tested", subject=subject, data={})


def happened(settings: Settings) -> list[str]:
    with closing(Database(settings.database_url)) as database, database.read() as connection:
        return [event.subject for event in events_after(connection, 0) if event.verb == "tested"]


def instance(settings: Settings) -> str:
    with closing(Database(settings.database_url)) as database, database.read() as connection:
        return meta.instance(connection)


def as_it_was(file: Path) -> Callable[[], bool]:
    before = file.read_bytes()
    return lambda: file.read_bytes() == before and not list(file.parent.glob(".*restoring*"))


def test_the_store_is_what_the_backup_holds(settings: Settings, file: Path, backup: Path) -> None:
    done = restore(settings, backup)
    assert happened(settings) == []
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (done.file, done.damaged) == (backup, False)


def test_what_was_there_before_can_be_put_back(settings: Settings, backup: Path) -> None:
    done = restore(settings, backup)
    assert done.before
    restore(settings, done.before)
    assert happened(settings) == ["since then"]


def test_a_restored_store_is_another_one(settings: Settings, backup: Path) -> None:
    before = instance(settings)
    restore(settings, backup)
    first = instance(settings)
    restore(settings, backup)
    assert len({before, first, instance(settings)}) == 3


def test_the_log_of_writes_of_a_server_that_was_killed_is_kept_with_the_store_it_belongs_to(
    settings: Settings, file: Path, backup: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(file)) as killed:
        killed.execute("UPDATE activity SET subject = 'in the log of writes'")
        killed.commit()
        for suffix in ("", *MOVED[:2]):
            (tmp_path / f"left{suffix}").write_bytes(Path(f"{file}{suffix}").read_bytes())
    for suffix in ("", *MOVED[:2]):
        (tmp_path / f"left{suffix}").replace(f"{file}{suffix}")
    done = restore(settings, backup)
    assert happened(settings) == []
    assert done.before
    restore(settings, done.before)
    assert happened(settings) == ["in the log of writes"]


def test_nothing_is_restored_beside_a_server(settings: Settings, file: Path, backup: Path) -> None:
    unchanged = as_it_was(file)
    with only_server(settings.data_dir, file), pytest.raises(Conflict, match="Stop it, restore, and start it again"):
        restore(settings, backup)
    assert unchanged()


def test_nothing_is_restored_beside_another_command(settings: Settings, file: Path, backup: Path) -> None:
    unchanged = as_it_was(file)
    with locks.sharing(settings.data_dir), pytest.raises(Conflict, match="Another kb command"):
        restore(settings, backup)
    assert unchanged()


def test_nothing_is_restored_while_any_program_has_the_store_open(settings: Settings, file: Path, backup: Path) -> None:
    with closing(sqlite3.connect(file)) as other:
        other.execute("SELECT count(*) FROM activity").fetchone()
        with pytest.raises(Conflict, match="Another program has"):
            restore(settings, backup)
    assert happened(settings) == ["since then"]


def test_a_damaged_backup_is_refused(
    settings: Settings, file: Path, backup: Path, damage: Callable[[Path], None]
) -> None:
    unchanged = as_it_was(file)
    damage(backup)
    with pytest.raises(Invalid, match="damaged itself"):
        restore(settings, backup)
    assert unchanged()


def test_a_backup_with_an_altered_text_is_refused(
    settings: Settings, file: Path, backup: Path, alter: Callable[[Path], None]
) -> None:
    unchanged = as_it_was(file)
    alter(backup)
    with pytest.raises(Invalid, match="is not what was written"):
        restore(settings, backup)
    assert unchanged()


def test_a_store_with_an_altered_text_is_kept_but_not_among_the_good_ones(
    settings: Settings, file: Path, backup: Path, alter: Callable[[Path], None]
) -> None:
    alter(file)
    done = restore(settings, backup)
    assert done.damaged
    assert happened(settings) == []


@pytest.mark.parametrize("content", [b"", b"Some text. " * 1000], ids=["nothing", "a text"])
def test_what_is_no_database_is_refused(settings: Settings, file: Path, tmp_path: Path, content: bytes) -> None:
    unchanged = as_it_was(file)
    (tmp_path / "other").write_bytes(content)
    with pytest.raises(Invalid):
        restore(settings, tmp_path / "other")
    assert unchanged()


def test_another_programs_database_is_refused(settings: Settings, file: Path, tmp_path: Path) -> None:
    unchanged = as_it_was(file)
    with closing(sqlite3.connect(tmp_path / "other")) as other:
        other.execute("CREATE TABLE meta (key, value)")
    with pytest.raises(Invalid, match="not a database of kb"):
        restore(settings, tmp_path / "other")
    assert unchanged()


def test_a_backup_that_would_act_by_itself_is_refused(settings: Settings, file: Path, backup: Path) -> None:
    unchanged = as_it_was(file)
    with closing(sqlite3.connect(backup)) as other:
        other.execute("CREATE TRIGGER later AFTER INSERT ON publishes BEGIN DELETE FROM documents; END")
    with pytest.raises(Invalid, match="not a database of kb"):
        restore(settings, backup)
    assert unchanged()


def test_a_backup_of_a_newer_version_is_refused(settings: Settings, file: Path, backup: Path) -> None:
    unchanged = as_it_was(file)
    with closing(sqlite3.connect(backup)) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
        newer.commit()
    with pytest.raises(KbError, match="9999"):
        restore(settings, backup)
    assert unchanged()


def test_a_file_that_is_not_there_is_one_sentence(settings: Settings, file: Path) -> None:
    unchanged = as_it_was(file)
    with pytest.raises(NotFound, match="There is no file"):
        restore(settings, Path("nowhere.sqlite3"))
    assert unchanged()


def test_an_older_backup_is_brought_to_todays_schema_before_it_takes_the_place(
    settings: Settings, backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_new_migration(tmp_path, monkeypatch, "op.execute(\"INSERT INTO meta VALUES ('color', 'blue')\")")
    restore(settings, backup)
    with closing(Database(settings.database_url)) as database, database.read() as connection:
        revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        value = connection.exec_driver_sql("SELECT value FROM meta WHERE key = 'color'").scalar()
    assert (revision, value) == ("newest", "blue")


def test_a_backup_that_cannot_be_migrated_leaves_the_store_alone(
    settings: Settings, file: Path, backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unchanged = as_it_was(file)
    a_new_migration(tmp_path, monkeypatch, "raise RuntimeError")
    with pytest.raises(RuntimeError):
        restore(settings, backup)
    assert unchanged()


def a_new_migration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    shutil.copytree(migrating.SCRIPTS, tmp_path / "migrations")
    last = migrating._newest()
    (tmp_path / "migrations" / "versions" / "newest.py").write_text(
        f'from alembic import op\nrevision = "newest"\ndown_revision = "{last}"\n\n\ndef upgrade():\n    {step}\n'
    )
    monkeypatch.setattr(migrating, "SCRIPTS", tmp_path / "migrations")


def test_a_damaged_store_is_kept_as_it_is(
    settings: Settings, file: Path, backup: Path, damage: Callable[[Path], None]
) -> None:
    damage(file)
    damaged = file.read_bytes()
    done = restore(settings, backup)
    assert done.damaged
    assert done.before
    assert done.before.read_bytes() == damaged
    assert done.before.name.startswith("damaged-")
    assert happened(settings) == []


def test_a_store_that_is_no_database_any_more_is_kept_with_what_lies_beside_it(
    settings: Settings, file: Path, backup: Path, shelf_of: Callable[[], list[str]]
) -> None:
    file.write_bytes(b"\xff" * 50_000)
    Path(f"{file}-wal").write_bytes(b"the log of writes")
    restore(settings, backup)
    assert happened(settings) == []
    kept = [name for name in shelf_of() if name.startswith("damaged-")]
    assert [name.partition(".")[2] for name in kept] == ["sqlite3", "sqlite3-wal"]


def test_on_a_new_machine_there_is_nothing_to_keep(settings: Settings, backup: Path, tmp_path: Path) -> None:
    data = tmp_path / "elsewhere" / "data"
    new = replace(settings, data_dir=data, database_url=f"sqlite:///{data / 'kb.sqlite3'}")
    assert restore(new, backup).before is None
    assert happened(new) == []
    assert stat.S_IMODE(data.stat().st_mode) == 0o700


def test_a_restore_that_was_killed_half_way_is_cleared_up_by_the_next(
    settings: Settings, file: Path, backup: Path
) -> None:
    for suffix in ("", *MOVED):
        file.with_name(f".{file.name}.restoring{suffix}").write_bytes(b"half")
    restore(settings, backup)
    assert happened(settings) == []
    assert list(file.parent.glob(".*restoring*")) == []


def test_after_a_restore_the_missing_build_is_named(settings: Settings, publish: Callable[..., str]) -> None:
    build = publish()
    assert missing_build(settings, [build]) == ""
    said = missing_build(settings, ["0123456789ab", build])
    assert "Build 0123456789ab, which was current then, is no longer there" in said
    assert "kb publish" in said
    assert "Nothing had been published" in missing_build(settings, [])


def test_for_postgresql_one_sentence_names_the_tool(settings: Settings, backup: Path) -> None:
    elsewhere = replace(settings, database_url="postgresql+psycopg://kb@localhost/kb")
    with pytest.raises(KbError, match="pg_restore"):
        restore(elsewhere, backup)
