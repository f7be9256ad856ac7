"""A store on a disk that can only be read: a snapshot, a disk the system no longer trusts, somebody else's folder.

SQLite cannot even read a file kept in its way of today (WAL) where it may not write beside it, unless it is told that
nobody will change it. That is only true of a file without a log of writes beside it; with one, SQLite reads both.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def is_writable(file: Path) -> bool:
    """Whether SQLite may write a file and its own files beside it. Where there is no such file yet, it is assumed."""
    return not file.exists() or (os.access(file, os.W_OK) and os.access(file.parent, os.W_OK))


def address_to_read(file: Path) -> str:
    """SQLite's address of a file (a URI) that is not to be changed."""
    left = file.with_name(f"{file.name}-wal")
    settled = not is_writable(file) and not (left.is_file() and left.stat().st_size)
    return f"{file.absolute().as_uri()}?{'immutable=1' if settled else 'mode=ro'}"


def open_lock(path: Path) -> int:
    """A handle to lock `path` by. Where the file is not there and cannot be made, nobody is who could hold it."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        if path.exists():
            return os.open(path, os.O_RDONLY)
        with tempfile.TemporaryFile() as nobodys:
            return os.dup(nobodys.fileno())
