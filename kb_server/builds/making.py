"""``kb build``: MkDocs runs as a process into a folder aside; only a finished, sealed build gets its name."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from kb_server.builds.packing import verify
from kb_server.builds.sealing import seal
from kb_server.config import Settings
from kb_server.errors import KbError
from kb_server.pages import layout
from kb_server.web.build import BuildError, load
from kb_server.wiki.history import head_time

UNFINISHED = ".new-"
LIMITS = {resource.RLIMIT_CPU: 900, resource.RLIMIT_DATA: 4 << 30, resource.RLIMIT_FSIZE: 256 << 20}
"""What the build of a text by anybody may take: seconds, bytes of memory, bytes of one file."""


class BuildFailed(KbError):  # noqa: N818  -- it reads as what happened
    """MkDocs did not finish; it has said why on the terminal."""


def build(settings: Settings, *, strict: bool = True, preview: bool = False, others: bool = False) -> str:
    """Build the wiki; gives the id of the build. Raises BuildFailed. Whatever is served stays as it is.

    A `preview` holds nothing for a server: no way to say something, no mail address, no address but the pages' own.
    `others`: its texts are not those of the commit whose configuration it has.
    """
    if not settings.config_file.is_file():
        raise KbError(f"There is no {settings.config_file}. Name the wiki's mkdocs.yml with -f.")
    builds = settings.data_dir / "builds"
    make_folder(settings.data_dir)
    make_folder(builds)
    clear_unfinished(builds)
    aside = builds / f"{UNFINISHED}{os.getpid()}"
    try:
        modes = [layout.FOR_PREVIEW if preview else layout.FOR_SERVER, *([layout.OTHERS] if others else [])]
        _run_mkdocs(settings, aside, strict=strict, modes=modes)
        return _name(aside, seal(aside))
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def make_folder(folder: Path, *, to_read: bool = False) -> None:
    """Make `folder`, and those above it that are missing, private to this user. Raises KbError when that cannot be.

    `to_read`: one that is there will do, though it cannot be written.
    """
    if to_read and folder.is_dir() and not os.access(folder, os.W_OK):
        return
    try:
        missing = [path for path in (folder, *folder.parents) if not path.exists()]
        for path in reversed(missing):
            path.mkdir(mode=0o700)
        if folder.stat().st_uid == os.getuid():
            folder.chmod(0o700)
    except OSError as error:
        raise KbError(
            f"The folder {folder} cannot be written ({error.strerror}). Set KB_DATA_DIR to one that can."
        ) from error
    if not os.access(folder, os.W_OK):
        raise KbError(f"The folder {folder} cannot be written. Set KB_DATA_DIR to one that can.")


def clear_unfinished(builds: Path) -> None:
    """Remove what a killed build has left behind; one that still runs is left alone."""
    for folder in builds.glob(f"{UNFINISHED}*"):
        if not _alive(folder.name.removeprefix(UNFINISHED).partition("-")[0]):
            shutil.rmtree(folder, ignore_errors=True)


def _alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def limit() -> None:
    """Bound what this process and those it starts may take: time of the processor, memory, the size of a file."""
    for what, most in LIMITS.items():
        _, hard = resource.getrlimit(what)
        now = most if hard < 0 else min(most, hard)
        resource.setrlimit(what, (now, now))


def _run_mkdocs(settings: Settings, target: Path, *, strict: bool, modes: Iterable[str]) -> None:
    where = ["--config-file", str(settings.config_file), "--site-dir", str(target)]
    # -P: as the command `mkdocs` itself, it imports nothing from the folder in which somebody happens to stand.
    command = [sys.executable, "-P", "-m", "mkdocs", "build", *where, *(["--strict"] if strict else [])]
    environment = (
        os.environ
        | dict.fromkeys(modes, "1")
        | {
            "KB_DATA_DIR": str(settings.data_dir),
            "NO_MKDOCS_2_WARNING": "1",
            # No byte of a build depends on the day it was built: MkDocs would write today's date into the sitemap.
            "SOURCE_DATE_EPOCH": str(head_time(settings.config_file.parent)),
        }
    )
    # No shell, our own interpreter. What MkDocs says is for the terminal; our own output is the build's id alone.
    done = subprocess.run(command, env=environment, check=False, stdout=sys.stderr)  # noqa: S603
    if done.returncode:
        hint = " With --no-strict, warnings do not stop it." if strict else ""
        raise BuildFailed(f"The build stopped, see above. What was published before is still served.{hint}")


def _name(aside: Path, build_id: str) -> str:
    """Give the sealed build its name. The same build made before is kept, unless it is damaged."""
    target = aside.parent / build_id
    if target.exists():
        if _whole(target):
            return build_id
        # Out of the way first: a server may be reading there, and is to find all of a build or none of it.
        target.rename(aside.with_name(f"{aside.name}-damaged"))
    aside.rename(target)
    _fsync_folder(target.parent)
    shutil.rmtree(aside.with_name(f"{aside.name}-damaged"), ignore_errors=True)
    return build_id


def _whole(folder: Path) -> bool:
    try:
        verify(load(folder))
    except BuildError:
        return False
    return True


def _fsync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
