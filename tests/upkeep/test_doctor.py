"""``kb doctor``: what is well is said to be well; what is not, is named with what to do. Nothing makes it fall over."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pasts import Past

from kb_server.builds.service import published_ids
from kb_server.config import Settings
from kb_server.db import Database
from kb_server.upkeep import failures, shelf
from kb_server.upkeep.backing import back_up
from kb_server.upkeep.checks import machine, versions
from kb_server.upkeep.doctor import examine, is_broken
from kb_server.upkeep.models import Check, State
from kb_server.web.serving import only_server

pytestmark = pytest.mark.usefixtures("well")


@pytest.fixture
def well(settings: Settings, file: Path) -> None:
    """An installation where all is well."""
    assert file.is_file()
    settings.data_dir.chmod(0o700)
    back_up(settings)


def look(settings: Settings) -> list[Check]:
    return examine(settings, published_ids)


def of(settings: Settings, name: str) -> Check:
    (found,) = [check for check in look(settings) if check.name == name and check.state is not State.OK]
    return found


def state(settings: Settings, name: str) -> list[State]:
    return [check.state for check in look(settings) if check.name == name]


def test_where_all_is_well_nothing_else_is_said(settings: Settings) -> None:
    assert {check.state for check in look(settings)} == {State.OK}
    assert [check.name for check in look(settings) if check.remedy] == []


def test_looking_changes_nothing(settings: Settings, file: Path) -> None:
    before = {path: path.read_bytes() for path in settings.data_dir.rglob("*.sqlite3")}
    look(settings)
    assert {path: path.read_bytes() for path in settings.data_dir.rglob("*.sqlite3")} == before
    assert file in before


def test_whatever_is_wrong_comes_with_what_to_do(settings: Settings, damage: Callable[[Path], None]) -> None:
    damage(settings.data_dir / "kb.sqlite3")
    settings.data_dir.chmod(0o755)
    wrong = [check for check in look(settings) if check.state is not State.OK]
    assert len(wrong) == 2
    assert all(check.remedy.endswith((".", ".sqlite3")) for check in wrong)


def test_a_damaged_database_is_broken_and_the_last_good_backup_named(
    settings: Settings, file: Path, damage: Callable[[Path], None]
) -> None:
    damage(file)
    check = of(settings, "database")
    assert check.state is State.BROKEN
    assert check.finding.startswith("kb.sqlite3 is damaged: ")
    assert "kb restore" in check.remedy


def test_what_is_no_database_is_broken(settings: Settings, file: Path) -> None:
    file.write_bytes(b"\xff" * 9000)
    assert of(settings, "database").state is State.BROKEN
    assert state(settings, "index") == state(settings, "builds") == []  # one sentence is enough


def test_an_altered_text_is_broken(settings: Settings, file: Path, alter: Callable[[Path], None]) -> None:
    alter(file)
    check = of(settings, "index")
    assert (check.state, check.finding) == (State.BROKEN, "1 text is not what was written.")
    assert "kb restore" in check.remedy


def test_a_row_that_refers_to_nothing_is_broken(settings: Settings, file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE votes (of INTEGER REFERENCES documents(id))")
        connection.execute("INSERT INTO votes VALUES (99999)")
        connection.commit()
    assert of(settings, "database").finding == "A row of votes refers to one that is not there."


def test_a_schema_nobody_here_knows_is_broken(settings: Settings, file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    check = of(settings, "database")
    assert (check.state, check.remedy) == (State.BROKEN, "Install the newer version.")


def test_an_older_schema_wants_a_start(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb_server.db.migrating._newest", lambda: "newer")
    check = of(settings, "database")
    assert check.state is State.ATTENTION
    assert "not looked at" in check.finding
    assert check.remedy.startswith("Start `kb serve`")
    assert state(settings, "index") == state(settings, "builds") == []


@pytest.mark.parametrize("left", [None, b""], ids=["gone", "emptied"])
def test_a_database_that_is_gone_is_not_taken_for_a_new_installation(
    settings: Settings, file: Path, left: bytes | None
) -> None:
    file.unlink()
    if left is not None:
        file.write_bytes(left)
    check = of(settings, "database")
    assert check.state is State.BROKEN
    assert "There was one once" in check.finding


def test_a_new_installation_is_not_broken(settings: Settings, tmp_path: Path) -> None:
    data = tmp_path / "new"
    data.mkdir(mode=0o700)
    new = replace(settings, data_dir=data, database_url=f"sqlite:///{data / 'kb.sqlite3'}")
    assert not is_broken(look(new))
    assert of(new, "database").remedy == "Run `kb publish`: that makes it."
    assert list(data.glob("kb.sqlite3*")) == []


def test_without_the_folder_of_data_the_rest_is_still_said(settings: Settings, tmp_path: Path) -> None:
    nowhere = replace(settings, data_dir=tmp_path / "nowhere", database_url=f"sqlite:///{tmp_path}/nowhere/kb.sqlite3")
    assert of(nowhere, "data").state is State.ATTENTION
    assert "kb serve --build" in of(nowhere, "data").remedy
    assert state(nowhere, "settings") == [State.OK]


def test_a_place_for_the_database_that_is_no_file_is_broken(settings: Settings) -> None:
    nowhere = replace(settings, database_url="sqlite:////dev/null")
    assert of(nowhere, "database").finding == "/dev/null is no file."


def test_an_index_outside_the_database_that_is_of_no_use_wants_a_start(settings: Settings) -> None:
    checks = examine(settings, published_ids, lambda _: ["not asked"], unusable=lambda _: "there is none")
    said = [check for check in checks if check.name == "index"]
    assert [check.state for check in said] == [State.ATTENTION, State.OK]
    assert "cannot be used: there is none." in said[0].finding
    assert "A start of the server makes it anew" in said[0].remedy


def test_a_wrong_index_names_the_command_that_mends_it(settings: Settings, file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("INSERT INTO documents_fts(documents_fts) VALUES ('delete-all')")
        connection.commit()
    check = of(settings, "index")
    assert (check.state, check.remedy) == (State.BROKEN, "Run `kb index --rebuild`.")


def a_file_of_the_build(settings: Settings) -> Path:
    return next((settings.data_dir / "builds").rglob("p3/index.html"))


@pytest.mark.parametrize("change", [Path.unlink, lambda path: path.write_text("short")], ids=["missing", "another"])
def test_a_build_that_is_not_whole_is_broken(settings: Settings, change: Callable[[Path], Any]) -> None:
    change(a_file_of_the_build(settings))
    check = of(settings, "builds")
    assert check.state is State.BROKEN
    assert "p3/index.html" in check.finding
    assert "kb publish" in check.remedy


def test_a_build_that_is_gone_is_broken(settings: Settings) -> None:
    (settings.data_dir / "builds").rename(settings.data_dir / "elsewhere")
    assert of(settings, "builds").state is State.BROKEN


def test_a_build_nobody_published_is_not_missed(settings: Settings, file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DELETE FROM publishes")
        connection.commit()
    assert of(settings, "builds").state is State.ATTENTION


@pytest.mark.parametrize(("free", "expected"), [(10**6, "broken"), (10**8, "attention"), (10**10, "ok")])
def test_room_on_the_disk(settings: Settings, monkeypatch: pytest.MonkeyPatch, free: int, expected: str) -> None:
    usage = type(shutil.disk_usage(settings.data_dir))
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage(10**11, 0, free))
    assert state(settings, "disk") == [expected]


@pytest.mark.parametrize(("mode", "expected"), [(0o700, "ok"), (0o750, "attention"), (0o705, "broken")])
def test_who_can_look_into_the_data(settings: Settings, mode: int, expected: str) -> None:
    settings.data_dir.chmod(mode)
    assert state(settings, "permissions") == [expected]


def test_the_folder_of_a_database_elsewhere_is_looked_at_too(settings: Settings, file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "open to all"
    folder.mkdir()
    folder.chmod(0o755)
    file.rename(folder / file.name)
    elsewhere = replace(settings, database_url=f"sqlite:///{folder / file.name}")
    assert state(elsewhere, "permissions") == [State.OK, State.BROKEN]
    assert str(folder) in of(elsewhere, "permissions").finding
    assert "lies outside" in of(elsewhere, "settings").finding


@pytest.mark.parametrize(("kind", "expected"), [("nfs4", 1), ("cifs", 1), ("fuse.sshfs", 1), ("ext4", 0), ("xfs", 0)])
def test_a_network_disk_is_noticed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str, expected: int
) -> None:
    (tmp_path / "mountinfo").write_text(
        f"1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 0:9 / {settings.data_dir} rw,x shared:1 - {kind} server:/x rw\n"
    )
    monkeypatch.setattr(machine, "MOUNTS", tmp_path / "mountinfo")
    assert len(state(settings, "network disk")) == expected


def test_where_mounts_cannot_be_read_nothing_is_claimed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "MOUNTS", Path("/nowhere"))
    assert state(settings, "network disk") == []


def test_a_mount_with_a_space_in_its_name_is_understood(tmp_path: Path) -> None:
    (tmp_path / "my disk").mkdir()
    lines = ["1 0 8:1 / / rw - ext4 /dev/sda1 rw", f"2 1 0:9 / {tmp_path}/my\\040disk rw - nfs server:/x rw", "odd"]
    assert machine.file_system(tmp_path / "my disk", lines) == "nfs"
    assert machine.file_system(tmp_path, lines) == "ext4"


def test_a_backup_that_failed_is_broken_until_one_succeeds(settings: Settings) -> None:
    failures.note(settings.data_dir, "2026-11-20 00:03 UTC: no room")
    check = of(settings, "backup")
    assert (check.state, check.finding) == (
        State.BROKEN,
        "The server's last backup failed: 2026-11-20 00:03 UTC: no room",
    )
    back_up(settings)
    assert state(settings, "backup") == [State.OK]


@pytest.mark.parametrize(("days", "expected"), [(0, "ok"), (1, "ok"), (3, "attention"), (-3, "attention")])
def test_the_age_of_the_last_backup(
    settings: Settings, shelf_of: Callable[[], list[str]], days: int, expected: str
) -> None:
    folder = settings.data_dir / "backups"
    (made,) = shelf_of()
    (folder / made).rename(shelf.free_name(folder, shelf.DAILY, datetime.now(UTC) - timedelta(days=days)))
    assert state(settings, "backup") == [expected]


def test_no_backup_at_all_wants_attention(settings: Settings, shelf_of: Callable[[], list[str]]) -> None:
    (settings.data_dir / "backups" / shelf_of()[0]).unlink()
    assert of(settings, "backup").finding == "There is no backup yet."


CONTRADICTIONS: list[tuple[dict[str, str], Sequence[str]]] = [
    ({"host": "127.0.0.1"}, []),
    ({"host": "::1"}, []),
    ({"host": "localhost", "base_url": "https://wiki.example.com/"}, []),
    ({"host": "0.0.0.0", "base_url": "https://wiki.example.com/"}, []),
    ({"base_url": "http://localhost:8000/"}, []),
    ({"host": "0.0.0.0"}, ["KB_BASE_URL is empty"]),
    ({"host": "wiki.example.com"}, ["KB_BASE_URL is empty"]),
    ({"base_url": "http://wiki.example.com/"}, ["in the open"]),
    ({"host": "0.0.0.0", "base_url": "http://127.0.0.1:8000/"}, ["names this machine only"]),
]


@pytest.mark.parametrize(("chosen", "said"), CONTRADICTIONS)
def test_settings_that_contradict_each_other(settings: Settings, chosen: dict[str, Any], said: Sequence[str]) -> None:
    found = [check.finding for check in look(replace(settings, **chosen)) if check.name == "settings"]
    assert len(found) == max(1, len(said))
    assert all(part in finding for part, finding in zip(said, found, strict=False))
    assert said or found == ["None contradicts another."]


def test_whether_a_server_runs_is_said(settings: Settings, file: Path) -> None:
    def said() -> str:
        return next(check.finding for check in look(settings) if check.name == "server")

    assert said().startswith("No server runs")
    with only_server(settings.data_dir, file):
        assert said().startswith("A server runs")


def test_a_sqlite_with_the_race_is_remarked_upon_and_a_newer_one_is_not(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(versions, "RACE_MENDED", (99,))
    assert "one connection does both" in next(check.finding for check in look(settings) if check.name == "sqlite")
    monkeypatch.setattr(versions, "RACE_MENDED", sqlite3.sqlite_version_info)
    assert state(settings, "sqlite") == []


def test_a_shallow_clone_of_the_wiki_wants_the_rest_of_its_history(settings: Settings, tmp_path: Path) -> None:
    past = Past(tmp_path / "whole")
    for _ in range(2):
        (past.folder / "mkdocs.yml").touch()
        past.commit("Work")
    past.git("clone", "-q", "--depth", "1", f"file://{past.folder}", str(tmp_path / "shallow"))
    assert state(settings, "history") == [], "no file of the wiki is here"
    assert state(replace(settings, config_file=past.folder / "mkdocs.yml"), "history") == [State.OK]
    check = of(replace(settings, config_file=tmp_path / "shallow" / "mkdocs.yml"), "history")
    assert (check.state, "git fetch --unshallow" in check.remedy) == (State.ATTENTION, True)


def test_every_version_is_told(settings: Settings) -> None:
    said = next(check.finding for check in look(settings) if check.name == "versions")
    assert all(f"{name} " in said for name in ("kb", "Python", "SQLite", "MkDocs", "Material", "Whoosh", "Flask"))
    assert "missing" not in said


def test_a_check_that_cannot_be_made_is_a_finding(settings: Settings) -> None:
    def fail(_database: Database) -> Sequence[str]:
        raise PermissionError(13, "Permission denied", "builds")

    found = [check for check in examine(settings, fail) if check.name == "builds"]
    assert [check.finding for check in found] == ["It cannot be looked at: [Errno 13] Permission denied: 'builds'"]
    assert is_broken(found)
