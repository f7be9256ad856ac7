"""Who waits to write, and how long: nobody longer than a few seconds, however many there are and whoever is in the way.

The time counts from the moment somebody comes, through the queue in this process and the lock of the database
together. Where another program holds that lock, two wait their full time in the hope that it lets go; the others are
told at once after the first second, for each of them keeps a thread from those who only want to read.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import TimeoutError as WaitedTooLong

from kb_server.db.limits import BUSY_SECONDS

PATIENT = 2  # of those who wait, how many may do so for all of BUSY_SECONDS
CROWDED_SECONDS = 1.0  # how long the first has waited, when the others are told at once


class Turn:
    """The turn of one who wants to write: to be had until `until`, of `time.monotonic`."""

    def __init__(self, since: float, until: float) -> None:
        self.since = since
        self.until = until

    @property
    def left(self) -> float:
        """Seconds that are left to wait."""
        return max(0.0, self.until - time.monotonic())


class Turns:
    """Those who write or wait to."""

    def __init__(self, at_once: int) -> None:
        """`at_once` may go to the database at the same time."""
        self._free = threading.BoundedSemaphore(at_once)
        self._waiting: list[Turn] = []
        self._lock = threading.Lock()

    @contextmanager
    def turn(self) -> Iterator[Turn]:
        """Wait in the queue. Raises sqlalchemy's TimeoutError when that takes too long."""
        mine = self._come()
        try:
            if not self._free.acquire(timeout=mine.left):
                raise WaitedTooLong("Others are writing, or wait to.")
            try:
                yield mine
            finally:
                self._free.release()
        finally:
            self.arrived(mine)

    def arrived(self, turn: Turn) -> None:
        """It waits no longer: the database has let it in."""
        with self._lock:
            if turn in self._waiting:
                self._waiting.remove(turn)

    def _come(self) -> Turn:
        now = time.monotonic()
        with self._lock:
            crowded = len(self._waiting) >= PATIENT
            mine = Turn(now, self._waiting[0].since + CROWDED_SECONDS if crowded else now + BUSY_SECONDS)
            self._waiting.append(mine)
        return mine
