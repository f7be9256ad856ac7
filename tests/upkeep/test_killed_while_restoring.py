"""Killed at any step of a restore: the store is what it was or what the backup holds, and restoring again works."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kb_server.config import Settings
from kb_server.db import Database
from kb_server.db.files import look_for_damage
from kb_server.upkeep.backing import back_up
from kb_server.upkeep.restoring import restore

pytestmark = pytest.mark.slow

# Where to die: at the nth call of a function, before or after its work.
POINTS = [
    ("copy", 1, "before"),
    ("copy", 1, "after"),
    ("migrate", 1, "after"),
    ("sync", 1, "after"),
    ("_take_alone", 1, "before"),
    ("_take_alone", 1, "after"),
    ("copy", 2, "before"),
    ("copy", 2, "after"),
    ("sync", 2, "before"),
]
DAMAGED = [("_keep_as_it_is", 1, "before"), ("_keep_as_it_is", 1, "after"), ("sync", 2, "before")]
RESTORE = """
import os, sys
from pathlib import Path
from kb_server.config import Settings
from kb_server.upkeep import restoring

data, backup, name, number, when = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]), sys.argv[5]
work, calls = getattr(restoring, name), 0

def dying(*words):
    global calls
    calls += 1
    if calls == number and when == "before":
        os._exit(9)
    done = work(*words)
    if calls == number:
        os._exit(9)
    return done

setattr(restoring, name, dying)
restoring.restore(Settings(data_dir=data, database_url=f"sqlite:///{data / 'kb.sqlite3'}"), backup)
"""


def restore_and_die(settings: Settings, backup: Path, point: tuple[str, int, str]) -> None:
    command = [sys.executable, "-c", RESTORE, str(settings.data_dir), str(backup), *map(str, point)]
    assert subprocess.run(command, check=False).returncode == 9


@pytest.fixture
def backup(settings: Settings, file: Path, tmp_path: Path, publish: Callable[..., str], database: Database) -> Path:
    """A backup with two dozen texts, and a store from which they have been removed since."""
    assert file.is_file()
    made = back_up(settings, tmp_path / "backup.sqlite3")
    publish()
    database.close()
    return made


@pytest.mark.parametrize("point", POINTS, ids=lambda point: "-".join(map(str, point)))
def test_one_of_both_is_there_whole(
    settings: Settings, file: Path, backup: Path, texts: Callable[[Path], int], point: tuple[str, int, str]
) -> None:
    restore_and_die(settings, backup, point)
    look_for_damage(file)
    assert texts(file) == (24 if point == ("sync", 2, "before") else 0)
    restore(settings, backup)
    assert texts(file) == 24


@pytest.mark.parametrize("point", DAMAGED, ids=lambda point: "-".join(map(str, point)))
def test_a_damaged_store_is_never_gone_before_another_is_there(
    settings: Settings, file: Path, backup: Path, damage: Callable[[Path], None], point: tuple[str, int, str]
) -> None:
    damage(file)
    restore_and_die(settings, backup, point)
    assert file.stat().st_size > 100_000
    restore(settings, backup)
    look_for_damage(file)
