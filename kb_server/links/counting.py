"""Counting which links are used from elsewhere: in memory, written down now and then.

A reader is never made to wait for it, and what was counted in the last minute before a crash is lost: these are
figures for whoever decides what to keep, not something anybody was promised.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError

from kb_server.db import Database
from kb_server.links import storage

log = logging.getLogger("kb.links")

EVERY = 60.0  # seconds
LONGEST = 2000  # letters; PostgreSQL's index takes little more, and one it does not take would keep back all others


class Uses:
    """What was counted and is not written down yet."""

    def __init__(self) -> None:
        self._counted: Counter[str] = Counter()
        self._lock = threading.Lock()

    def count(self, link: str) -> None:
        """A link was followed."""
        if len(link) <= LONGEST:
            with self._lock:
                self._counted[link] += 1

    def write(self, database: Database, now: datetime) -> None:
        """Write down what was counted. Where the store cannot take it, it is kept for the next time."""
        with self._lock:
            counted, self._counted = self._counted, Counter()
        if not counted:
            return
        try:
            with database.transaction() as connection:
                storage.add(connection, counted, f"{now:%Y-%m}")
        except SQLAlchemyError as error:
            log.warning("how often links are used cannot be written just now: %s", type(error).__name__)
            with self._lock:
                self._counted += counted


@contextmanager
def counting(uses: Uses, database: Database, every: float = EVERY) -> Iterator[None]:
    """Write down what is counted while the block runs, and at its end."""
    stop = threading.Event()

    def write() -> None:
        while not stop.wait(every):
            uses.write(database, datetime.now(UTC))

    thread = threading.Thread(target=write, name="kb-links", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(5)
        uses.write(database, datetime.now(UTC))
