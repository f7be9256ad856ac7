"""The machine: room on the disk, who can read the data, what kind of disk it is, whether a server runs."""

from __future__ import annotations

import re
import shutil
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from kb_server.upkeep.models import Check, Installation, attention, broken, ok
from kb_server.web.serving import is_served

MOUNTS = Path("/proc/self/mountinfo")
OVER_A_NETWORK = re.compile(
    r"nfs\d?|cifs|smb\d?|smbfs|afs|ceph|glusterfs|lustre|9p|virtiofs|fuse\.(sshfs|s3fs|rclone|glusterfs)"
)
LITTLE, HARDLY_ANY = 500_000_000, 50_000_000  # bytes


def server(installation: Installation) -> Iterator[Check]:
    """Whether a server runs: good to know, and well either way."""
    runs = is_served(installation.settings.data_dir, installation.file)
    yield ok("server", f"{'A' if runs else 'No'} server runs on {installation.settings.data_dir}.")


def disk(installation: Installation) -> Iterator[Check]:
    """Room for another build and another backup."""
    folder = installation.settings.data_dir
    free, file = shutil.disk_usage(folder).free, installation.file
    needed = file.stat().st_size if file and file.is_file() else 0
    said = f"{free / 1_000_000_000:.1f} GB are free."
    remedy = f"Make room on the disk of {folder}."
    if free < HARDLY_ANY + needed:
        yield broken("disk", said + " A backup of the database does not fit.", remedy)
    elif free < LITTLE + 2 * needed:
        yield attention("disk", said, remedy)
    else:
        yield ok("disk", said)


def permissions(installation: Installation) -> Iterator[Check]:
    """What people wrote is for the serving user alone."""
    file = installation.file
    outside = {file.parent} if file and file.is_file() and not _holds(installation.settings.data_dir, file) else set()
    for folder in (installation.settings.data_dir, *outside):
        mode = stat.S_IMODE(folder.stat().st_mode)
        remedy = f"Run `chmod 700 {folder}`."
        if mode & stat.S_IRWXO:
            yield broken("permissions", f"Everybody on this machine can look into {folder}.", remedy)
        elif mode & stat.S_IRWXG:
            yield attention("permissions", f"Others of its group can look into {folder}.", remedy)
        else:
            yield ok("permissions", f"Nobody else can look into {folder}.")


def network_disk(installation: Installation) -> Iterator[Check]:
    """Locks, and SQLite's log of writes, need a disk of this machine."""
    kind = file_system(installation.settings.data_dir, _mounts())
    if OVER_A_NETWORK.fullmatch(kind):
        where, whose = installation.settings.data_dir, "SQLite's locks" if installation.file else "locks"
        finding = f"{where} lies on a network disk ({kind}), where {whose} cannot be relied on."
        yield attention("network disk", finding, "Set KB_DATA_DIR to a folder on a disk of this machine.")


def file_system(folder: Path, mounts: Iterable[str]) -> str:
    """The type of the file system `folder` lies on, as the lines of Linux's mountinfo tell it; "" where they do not."""
    best, kind = -1, ""
    real = folder.resolve()
    for line in mounts:
        before, _, after = line.partition(" - ")
        fields = before.split()
        if len(fields) > 4 and after and _holds(point := Path(_unescaped(fields[4])), real):  # noqa: PLR2004
            depth = len(point.parts)
            if depth >= best:
                best, kind = depth, after.split()[0]
    return kind


def _mounts() -> list[str]:
    try:
        return MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:  # not on Linux
        return []


def _unescaped(text: str) -> str:
    return re.sub(r"\\(\d{3})", lambda code: chr(int(code[1], 8)), text)


def _holds(folder: Path, path: Path) -> bool:
    return path.is_relative_to(folder)
