"""Connections that are kept at hand: to fetch one from SQLAlchemy's pool takes longer than to ask with it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.exc import TimeoutError as WaitedTooLong

from kb_server.db.limits import BUSY_SECONDS


class Kept:
    """Connections of an engine, each in one hand at a time."""

    def __init__(self, engine: sa.Engine, most: int) -> None:
        """`most` may be in use at the same time."""
        self._engine = engine
        self._free = threading.BoundedSemaphore(most)
        self._idle: list[sa.Connection] = []  # the last to come back is the first to go: it has most at hand
        self._is_over = False

    @contextmanager
    def lent(self) -> Iterator[sa.Connection]:
        """One of them, in no transaction. Raises sqlalchemy's TimeoutError when none comes back in time."""
        if not self._free.acquire(timeout=BUSY_SECONDS):
            raise WaitedTooLong("All connections are in use.")
        try:
            connection = self._taken()
            try:
                yield connection
                connection.rollback()
            except BaseException:  # whatever went wrong may be wrong with it
                connection.close()
                raise
            self._idle.append(connection)
            if self._is_over:
                self.close()
        finally:
            self._free.release()

    def close(self) -> None:
        """Let go of those that nobody uses."""
        while self._idle:
            self._idle.pop().close()

    def end(self) -> None:
        """Let go of all, and of what is in use as soon as it comes back."""
        self._is_over = True
        self.close()

    def _taken(self) -> sa.Connection:
        try:
            return self._idle.pop()
        except IndexError:
            return self._engine.connect()
