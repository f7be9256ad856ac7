"""Real servers in trouble: on disks of our own making, or beside programs that hold the store."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from by_hand import page
from faults.servers import OWN_DISKS, WRITING, Serve, Server
from processes import start, stop

from kb_server.config import Settings


@pytest.fixture
def wiki(publish: Callable[..., str]) -> str:
    """A published wiki of two dozen pages; gives the id of its build."""
    return publish(*(page(f"p{number}", f"Lantern number {number} hangs here. " * 10) for number in range(24)))


@pytest.fixture
def serve(settings: Settings) -> Iterator[Serve]:
    """Start a server that can also write, or another `program`; `within` is what runs that."""
    running: list[subprocess.Popen[str]] = []

    def run(*within: str, program: Sequence[str] = WRITING, data: Path | None = None, **environment: str) -> Server:
        data = data or settings.data_dir
        if "KB_DATABASE_URL" not in environment and not settings.database_url.startswith("sqlite"):
            environment["KB_DATABASE_URL"] = settings.database_url
        data.chmod(0o700)
        process, address = start(data, program=[*within, *program], **environment)
        running.append(process)
        return Server(process, address, data)

    yield run
    for process in running:
        stop(process)


@pytest.fixture
def disk(tmp_path: Path, settings: Settings) -> Callable[..., list[str]]:
    """What runs a program on a copy of the data on a small disk of its own, of `size`; `then` follows in the shell."""
    if shutil.which("unshare") is None or subprocess.run([*OWN_DISKS, "true"], check=False).returncode:
        pytest.skip("NO DISK OF ONE'S OWN HERE: THIS NEEDS unshare(1) AND THE RIGHT TO USE IT")
    place = tmp_path / "disk"
    place.mkdir()

    def run(size: str, then: str = ":") -> list[str]:
        mount = f'mount -t tmpfs -o size={size},mode=700 tmpfs "{place}"; cp -a "{settings.data_dir}/." "{place}"'
        return [*OWN_DISKS, "sh", "-ec", f'{mount}; {then}; exec "$@"', "--"]

    return run
