"""Where an index lies: in a folder of its own, named by a pointer, which turns to a new one when that is complete.

All of it is private to the serving user, and whoever writes there holds a lock: one writer at a time.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from kb_server.db.files import sync
from kb_server.errors import Conflict

POINTER, LOCK = "current.json", "lock"
PRIVATE = 0o700


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an index was made with, and from which database. With any other it is of no use."""

    schema: int
    whoosh: str
    analyser: str
    instance: str


class Home:
    """The folder of a data directory that holds the index, and while a new one is made that as well."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def current(self) -> tuple[Path, Stamp] | None:
        """The folder of the index in use and its stamp; None where there is none to be trusted. Raises OSError."""
        try:
            pointer = json.loads((self.root / POINTER).read_text(encoding="utf-8"))
            folder, stamp = self.root / Path(pointer["folder"]).name, Stamp(**pointer["stamp"])
            return (folder, stamp) if folder.is_dir() and _is_private(self.root) else None
        except (FileNotFoundError, NotADirectoryError, ValueError, TypeError, KeyError):
            return None

    @contextmanager
    def another(self, stamp: Stamp) -> Iterator[Path]:
        """An empty folder, which is the index from the end of the block on."""
        current = self.current()
        self._remove_all_but(current[0] if current else None)  # what a killed process has left
        folder = self.root / secrets.token_hex(4)
        folder.mkdir(PRIVATE)
        try:
            yield folder
            self._turn_to(folder, stamp)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        self._remove_all_but(folder)

    def _turn_to(self, folder: Path, stamp: Stamp) -> None:
        for path in (*folder.iterdir(), folder):
            sync(path)
        coming = self.root / f"{POINTER}.new"
        coming.write_text(json.dumps({"folder": folder.name, "stamp": asdict(stamp)}), encoding="utf-8")
        sync(coming)
        coming.replace(self.root / POINTER)
        sync(self.root)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Be the one who writes. Raises Conflict when somebody else does."""
        self.root.mkdir(PRIVATE, parents=True, exist_ok=True)
        if not _is_private(self.root):  # then anybody may have put there what lies there
            self.root.chmod(PRIVATE)
            (self.root / POINTER).unlink(missing_ok=True)
        handle = os.open(self.root / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise Conflict("Another process writes the index of search. Try again when it is done.") from error
            yield
        finally:
            os.close(handle)

    def _remove_all_but(self, kept: Path | None) -> None:
        for path in self.root.iterdir():
            if path.is_dir() and path != kept:
                shutil.rmtree(path, ignore_errors=True)


def _is_private(folder: Path) -> bool:
    found = folder.stat()
    return found.st_uid == os.geteuid() and not stat.S_IMODE(found.st_mode) & (stat.S_IRWXG | stat.S_IRWXO)
