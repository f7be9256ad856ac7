"""Who uses the store: many commands at a time, or the one that swaps it for another."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kb_server.db.frozen import open_lock
from kb_server.errors import Conflict

BACKING_UP = "backup.lock"
STORE = "store.lock"


@contextmanager
def sharing(data_dir: Path) -> Iterator[None]:
    """Use the store beside others. Raises Conflict while it is being restored."""
    with _held(data_dir / STORE, fcntl.LOCK_SH, "The database is just being restored. Try again when that is done."):
        yield


@contextmanager
def alone(data_dir: Path) -> Iterator[None]:
    """Have the store to oneself. Raises Conflict while any other command uses it."""
    with _held(data_dir / STORE, fcntl.LOCK_EX, "Another kb command uses the database. Try again when it is done."):
        yield


@contextmanager
def backing_up(data_dir: Path) -> Iterator[None]:
    """Be the only one who makes a backup. Raises Conflict when somebody does already."""
    with _held(data_dir / BACKING_UP, fcntl.LOCK_EX, "A backup is just being made. Try again when that is done."):
        yield


@contextmanager
def _held(path: Path, kind: int, refusal: str) -> Iterator[None]:
    handle = open_lock(path)
    try:
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
        except OSError as error:
            raise Conflict(refusal) from error
        yield
    finally:
        os.close(handle)
