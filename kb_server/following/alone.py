"""That one process follows: of those that share a data folder, the one that holds a lock, which ends with it."""

from __future__ import annotations

import fcntl
import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from kb_server.builds import service as builds
from kb_server.config import Settings
from kb_server.db.frozen import open_lock
from kb_server.errors import Conflict
from kb_server.following.pacing import LOOK

LOCK = "follow.lock"

log = logging.getLogger("kb.follow")


@contextmanager
def alone(settings: Settings, ends: Callable[[], bool], *, waits: bool = True) -> Iterator[bool]:
    """Be the one who follows, as soon as no other does. Gives whether one is; not where it is to end before.

    Raises Conflict where another one follows and one does not want to wait.
    """
    builds.make_folder(settings.data_dir)
    handle = open_lock(settings.data_dir / LOCK)
    try:
        yield _is_taken(handle) or _is_taken_at_last(handle, ends, waits=waits)
    finally:
        os.close(handle)


def _is_taken_at_last(handle: int, ends: Callable[[], bool], *, waits: bool) -> bool:
    if not waits:
        raise Conflict("Another kb follows already.")
    log.info("Another kb follows already; this one waits for its turn.")
    while not ends():
        time.sleep(LOOK)
        if _is_taken(handle):
            return True
    return False


def _is_taken(handle: int) -> bool:
    """Whether the lock is ours from now on."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
