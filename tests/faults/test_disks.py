"""A disk that is full, or can only be read: reading goes on, writing says why not, and resumes by itself."""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from by_hand import page
from faults.servers import Serve, Server
from processes import KB

from kb_server.config import Settings
from kb_server.db import Database

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("wiki")]
Disk = Callable[..., list[str]]
MOST = 2_000  # notes; more than any of the disks here can hold


@pytest.fixture
def store_kind() -> str:
    return "sqlite"


def fill(server: Server) -> list[str]:
    """Write until there is no room; gives what was acknowledged."""
    acknowledged: list[str] = []
    for number in range(MOST):
        answer = server.write(f"n{number}")
        if answer.status != 201:
            assert answer.status == 507
            assert "disk is full" in answer.text
            return acknowledged
        acknowledged.append(f"n{number}")
    raise AssertionError


@pytest.mark.parametrize("engine", ["database", "whoosh"])
def test_on_a_full_disk_reading_goes_on_and_writing_resumes_when_there_is_room(
    serve: Serve, disk: Disk, tmp_path: Path, engine: str
) -> None:
    server = serve(*disk("3m"), data=tmp_path / "disk", KB_SEARCH_ENGINE=engine)
    inside = Path(f"/proc/{server.process.pid}/root{tmp_path}/disk")
    ballast = inside / "ballast"
    ballast.write_bytes(b"x" * 1_000_000)
    acknowledged = fill(server)
    assert server.reads() == {200}
    assert server.write("still").status == 507
    ballast.unlink()
    assert server.write("again").status == 201
    server.process.kill()
    server.process.wait()
    assert acknowledged


def test_a_file_that_may_not_grow_is_a_full_disk_too_and_nothing_is_lost(serve: Serve, database: Database) -> None:
    server = serve()
    server.limit_files_to(600_000)
    acknowledged = fill(server)
    assert server.reads() == {200}
    server.limit_files_to(-1)
    assert server.write("again").status == 201
    with database.read() as connection:
        kept = connection.exec_driver_sql("SELECT subject FROM activity WHERE verb = 'noted' ORDER BY seq").scalars()
        assert list(kept) == [*acknowledged, "again"]


def test_publishing_on_a_full_disk_fails_whole_and_says_so(
    serve: Serve, settings: Settings, make_build: Callable[..., str], wiki: str
) -> None:
    coming = make_build(page("p1", "Candles."), kb__css=random.Random(1).randbytes(400_000).hex())
    server = serve()
    environment = os.environ | {"KB_DATA_DIR": str(settings.data_dir)}
    limited = ["prlimit", "--fsize=300000", *KB, "publish", coming]
    done = subprocess.run(limited, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("kb: ")
    assert "Traceback" not in done.stderr
    assert server.get("p1/").status == 200
    assert f'"build":"{wiki}"' in server.get("readyz").text
    assert "Lantern" in server.get("api/v1/search?query=lantern").text
    assert list(settings.data_dir.rglob("*.partial")) == []
    subprocess.run([*KB, "publish", coming], env=environment, check=True)
    assert f'"build":"{coming}"' in server.get("readyz").text


@pytest.mark.parametrize("left", ["nothing", "a log of writes"])
def test_a_server_starts_on_a_disk_that_can_only_be_read_and_says_why_it_cannot_write(
    serve: Serve, disk: Disk, tmp_path: Path, left: str
) -> None:
    if left == "a log of writes":  # as a crash leaves it: what was acknowledged last stands only there
        crashed = serve()
        assert crashed.write("last").status == 201
        crashed.process.kill()
        crashed.process.wait()
    server = serve(*disk("30m", f'mount -o remount,ro "{tmp_path}/disk"'), data=tmp_path / "disk")
    assert server.reads() == {200}
    refused = server.write("x")
    assert (refused.status, refused.retry_after) == (503, "60")
    assert "can only be read" in refused.text
    assert server.problems() == ["Nothing can be written: the disk of the database can only be read."]


@pytest.mark.parametrize(("command", "code"), [("index", 0), ("index --rebuild", 2)])
def test_commands_on_a_disk_that_can_only_be_read_read(disk: Disk, tmp_path: Path, command: str, code: int) -> None:
    place = tmp_path / "disk"
    program = disk("30m", f'mount -o remount,ro "{place}"')
    done = subprocess.run(
        [*program, *KB, *command.split()],
        env=os.environ | {"KB_DATA_DIR": str(place)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stderr
    assert not code or "cannot be written" in done.stderr or "can only be read" in done.stderr
