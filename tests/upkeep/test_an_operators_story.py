"""An operator's days, with real processes: publish, back up, regret, restore; and a disk that goes bad."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from by_hand import page
from processes import KB, start, stop
from stores import Stores

from kb_server.config import Settings
from kb_server.db import Database

pytestmark = pytest.mark.slow


@pytest.fixture
def kb(settings: Settings) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a command on the data of this test."""

    def run(*words: str, **chosen: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"KB_DATA_DIR": str(settings.data_dir)} | chosen
        return subprocess.run([*KB, *words], env=environment, capture_output=True, text=True, check=False)

    return run


def ask(address: str, path: str) -> Any:  # noqa: ANN401  -- whatever the server says
    with urlopen(address + path) as answer:
        return json.load(answer)


def hits(address: str, query: str) -> list[str]:
    while ask(address, "readyz")["index"].get("behind"):
        pass  # an index outside the database follows within a second
    return [hit["page_id"] for hit in ask(address, f"api/v1/search?query={query}")["hits"]]


def state_of(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    return {check["name"]: check["state"] for check in json.loads(done.stdout)["checks"]}


@pytest.mark.parametrize("engine", ["database", "whoosh"])
def test_an_operator_goes_back_to_how_it_was(
    settings: Settings,
    database: Database,
    publish: Callable[..., str],
    kb: Callable[..., subprocess.CompletedProcess[str]],
    engine: str,
) -> None:
    settings.data_dir.chmod(0o700)
    choice = {"KB_SEARCH_ENGINE": engine}
    first = publish(page("lamps", "Lanterns hang in every doorway."))
    database.close()
    process, address = start(settings.data_dir, **choice)

    made = kb("backup")  # beside the running server
    assert made.returncode == 0, made.stderr
    path = made.stdout.split(" (")[0]
    assert "MB, checked)" in made.stdout

    second = publish(page("candles", "Candles only."))
    database.close()
    assert kb("publish", second).returncode == 0
    assert hits(address, "candles") == ["candles"]

    refused = kb("restore", path)
    assert refused.returncode == 2
    assert "A server runs on" in refused.stderr
    assert state_of(kb("doctor", "--json"))["server"] == "ok"
    stop(process)

    done = kb("restore", path)
    assert done.returncode == 0, done.stderr
    assert f"Restored {path}." in done.stdout
    assert "before-restore-" in done.stdout

    process, address = start(settings.data_dir, **choice)
    assert ask(address, "readyz")["build"] == first
    assert hits(address, "lanterns") == ["lamps"]
    assert hits(address, "candles") == []
    looked = kb("doctor", "--json", **choice)
    assert looked.returncode == 0, looked.stdout
    assert set(state_of(looked).values()) == {"ok"}
    stop(process)


def test_a_restored_publication_whose_build_is_gone_is_named(
    settings: Settings,
    database: Database,
    publish: Callable[..., str],
    kb: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    first = publish(page("p0", "Number 0."))
    database.close()
    path = kb("backup").stdout.split(" (")[0]
    for number in range(1, 4):
        publish(page(f"p{number}", f"Number {number}."))
    database.close()
    assert not (settings.data_dir / "builds" / first).exists()
    done = kb("restore", path)
    assert done.returncode == 0
    assert f"Build {first}, which was current then, is no longer there. Run `kb publish`" in done.stdout


def test_a_disk_goes_bad_and_the_server_says_what_to_do(
    settings: Settings,
    file: Path,
    damage: Callable[[Path], None],
    kb: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    settings.data_dir.chmod(0o700)
    path = kb("backup").stdout.split(" (")[0]
    damage(file)

    looked = kb("doctor")
    assert looked.returncode == 1
    assert f"kb restore {path}" in looked.stdout

    for command in (["serve", "--port", "0"], ["search", "lantern"], ["index"], ["backup"]):
        refused = kb(*command)
        assert refused.returncode == 2, command
        assert len(refused.stderr.strip().splitlines()) == 1
        assert refused.stderr.strip().endswith(f"kb restore {path}")

    assert kb("restore", path).returncode == 0
    assert kb("doctor").returncode == 0
    process, address = start(settings.data_dir)
    assert len(hits(address, "lantern")) == 10
    stop(process)


def test_an_index_that_went_wrong_is_mended_by_a_start_and_by_hand(
    settings: Settings,
    file: Path,
    database: Database,
    kb: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    def spoil() -> None:
        with database.transaction() as connection:
            connection.exec_driver_sql("INSERT INTO documents_fts(documents_fts) VALUES ('delete-all')")
        database.close()

    assert file.is_file()
    spoil()
    verified = kb("index", "--verify")
    assert verified.returncode == 1
    assert verified.stdout.strip().endswith("Run `kb index --rebuild`.")
    mended = kb("index", "--rebuild")
    assert mended.returncode == 0
    assert mended.stdout.splitlines() == ["The index was made anew.", "All 24 texts can be found."]
    spoil()
    process, address = start(settings.data_dir)
    assert len(hits(address, "lantern")) == 10
    spoil()
    assert kb("index", "--rebuild").returncode == 0  # beside the running server
    assert len(hits(address, "lantern")) == 10
    stop(process)


def test_an_index_outside_the_database_is_verified_and_made_anew_too(
    settings: Settings, file: Path, kb: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    whoosh = {"KB_SEARCH_ENGINE": "whoosh"}
    assert file.is_file()
    assert kb("index", **whoosh).returncode == 1
    assert kb("index", "--rebuild", **whoosh).returncode == 0
    for segment in settings.data_dir.glob("search/*/*"):
        segment.write_bytes(b"")
    damaged = kb("doctor", "--json", **whoosh)
    assert damaged.returncode == 0, damaged.stdout
    assert "A start of the server makes it anew" in damaged.stdout
    assert kb("index", "--rebuild", **whoosh).returncode == 0
    assert state_of(kb("doctor", "--json", **whoosh))["index"] == "ok"


def test_a_running_server_tells_of_a_backup_that_failed(settings: Settings, file: Path) -> None:
    process, address = start(settings.data_dir)
    assert ask(address, "readyz")["problems"] == []
    (settings.data_dir / "backup-failed.txt").write_text("2026-11-20 00:03 UTC: no room in /srv/secret")
    told = ask(address, "readyz")
    assert (told["status"], told["problems"]) == (
        "degraded",
        ["The last backup by the server failed; `kb doctor` tells why."],
    )
    assert file.is_file()
    stop(process)


def test_a_wiki_moves_to_another_database_and_back_with_all_that_was_written(
    settings: Settings,
    file: Path,
    kb: Callable[..., subprocess.CompletedProcess[str]],
    stores: Stores,
    tmp_path: Path,
) -> None:
    assert file.is_file()
    with stores.one() as there:
        process, _ = start(settings.data_dir)
        refused = kb("copy-database", there)
        assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
        assert "A server runs" in refused.stderr
        stop(process)
        done = kb("copy-database", there)
        assert done.returncode == 0, done.stderr
        assert "Set KB_DATABASE_URL" in done.stdout

        process, address = start(settings.data_dir, KB_DATABASE_URL=there)
        assert len(hits(address, "lantern")) == 10
        stop(process)
        node, _ = start(tmp_path / "a node elsewhere", KB_DATABASE_URL=there)
        back = f"sqlite:///{tmp_path / 'third.sqlite3'}"
        assert "Another kb" in kb("copy-database", back, KB_DATABASE_URL=there).stderr
        stop(node)
        assert kb("copy-database", back, KB_DATABASE_URL=there).returncode == 0
    process, address = start(settings.data_dir, KB_DATABASE_URL=back)
    assert len(hits(address, "lantern")) == 10
    stop(process)


def test_there_is_nothing_to_copy_from_a_database_that_is_not_there(
    kb: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    refused = kb("copy-database", f"sqlite:///{tmp_path / 'third.sqlite3'}")
    assert refused.returncode == 2
    assert "There is no database yet at " in refused.stderr
