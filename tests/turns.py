"""What the workers of a run do one after the other.

A test marked `alone` measures, and nothing runs beside it. What is dear to make is made by whoever needs it first.

Everybody comes through one door into one room. Who wants the room for themselves keeps the door shut until they are
done: else they would wait for ever while others come and go.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_SH, LOCK_UN, flock
from pathlib import Path

import pytest

WORKER = "PYTEST_XDIST_WORKER"  # is set where there are several
# Any two files that all workers have will do: nothing is written, only locked.
DOOR, ROOM = Path(__file__), Path(__file__).with_name("conftest.py")


@contextmanager
def turn(*, alone: bool) -> Iterator[None]:
    """Nobody is beside one who is `alone`, for as long as the block lasts."""
    if WORKER not in os.environ:
        yield
        return
    with DOOR.open("r+b") as door, ROOM.open("r+b") as room:
        flock(door, LOCK_EX)
        flock(room, LOCK_EX if alone else LOCK_SH)
        if not alone:
            flock(door, LOCK_UN)
        try:
            yield
        finally:
            # Said, not left to closing: a child that was forked may have the files open, too.
            flock(room, LOCK_UN)
            flock(door, LOCK_UN)


def made_once(folders: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder of this worker's own, with what `make` has put into a folder once for all of them."""
    base = folders.getbasetemp()
    common = (base.parent if WORKER in os.environ else base) / name
    with common.with_suffix(".lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if not common.is_dir():
            make(common.with_suffix(".new"))
            common.with_suffix(".new").rename(common)
    return shutil.copytree(common, folders.mktemp(name) / name, symlinks=True)
