"""Servers of others that somebody who signs in has to wait for: the mail server, the provider.

Each who waits holds one of few threads. When such a server is away, all would soon be held, and nobody could read. So
half of them may wait; the others are told at once that it is away, as soon as that is known.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from kb_server.errors import KbError

PATIENCE = 0.5  # seconds to wait for the turn to ask a server of which no harm is known
REMEMBERED = 30.0  # seconds for which a failure is known


class Outside:
    """One such server, which is `away` when that is raised while it is asked."""

    def __init__(self, threads: int, away: type[KbError]) -> None:
        """Of `threads` that answer requests, half may wait for it."""
        self._turns = threading.BoundedSemaphore(max(1, threads // 2))
        self._away = away
        self._failed = float("-inf")

    @contextmanager
    def asked(self) -> Iterator[None]:
        """Ask it in the block. Raises `away` where too many ask already."""
        is_away = time.monotonic() - self._failed < REMEMBERED
        if not self._turns.acquire(timeout=0 if is_away else PATIENCE):
            raise self._away("Others wait for it already.")
        try:
            yield
            self._failed = float("-inf")
        except self._away:
            self._failed = time.monotonic()
            raise
        finally:
            self._turns.release()
