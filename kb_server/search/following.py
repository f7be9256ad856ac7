"""Keeping the index outside the database up to date: a thread of the server, for whoever serves also follows.

A change is found a quarter of a second after it was made, at the latest; many changes at a time are one commit.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from kb_server.config import Settings
from kb_server.db import Database
from kb_server.errors import Conflict
from kb_server.search.engines.choosing import index_of
from kb_server.search.engines.whoosh.engine import WhooshEngine
from kb_server.search.engines.whoosh.storage import is_trouble
from kb_server.search.engines.whoosh.writing import StoppedError

log = logging.getLogger("kb.index")

QUIET = 20  # looks without a change, after which there is time to tidy up


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between two looks at what has changed; and after one that failed."""

    usual: float = 0.25
    after_failure: float = 5.0


@contextmanager
def following(database: Database, settings: Settings, pace: Pace | None = None) -> Iterator[None]:
    """Follow the documents while the block runs, if the settings want an index outside the database."""
    index = index_of(database, settings)
    if index is None:
        yield
        return
    follower = _Follower(database, index, pace or Pace())
    thread = threading.Thread(target=follower.run, name="kb-index", daemon=True)
    thread.start()
    try:
        yield
    finally:
        follower.stop.set()
        thread.join(10)


class _Follower:
    def __init__(self, database: Database, index: WhooshEngine, pace: Pace) -> None:
        self._database = database
        self._index = index
        self._pace = pace
        self._quiet = 0
        self._trouble = ""
        self.stop = threading.Event()

    def run(self) -> None:
        """Look, and look again, until told to stop."""
        pause = 0.0
        while not self.stop.wait(pause):
            pause = self._pace.usual if self._look() else self._pace.after_failure

    def _look(self) -> bool:
        """Take in what there is; gives whether that could be done."""
        try:
            if self._is_behind():
                self._quiet = 0
                with self._database.read() as connection:
                    self._index.apply(connection, self.stop.is_set)
            elif self._quiet >= QUIET:
                with self._database.read() as connection:
                    self._index.tidy(connection, self._is_called)
            self._quiet += 1
        except StoppedError:  # there is something better to do
            self._quiet = 0
        except Conflict:
            self._quiet, self._index.trouble = 0, "another process writes it"
            return True
        except Exception as error:  # noqa: BLE001  -- the outer edge of a thread: it must go on
            self._note(error)
            return False
        self._trouble = self._index.trouble = ""
        return True

    def _note(self, error: Exception) -> None:
        """Tell of what is in the way, once: a full disk need not be told of every five seconds."""
        if str(error) != self._trouble:
            known = is_trouble(error)  # then its sentence is enough
            log.error(
                "The index of search cannot be written now. It will be tried again. %s", error, exc_info=not known
            )
        self._trouble = str(error)
        self._index.trouble = getattr(error, "strerror", None) or "the log tells why"

    def _is_behind(self) -> bool:
        with self._database.read() as connection:
            return not self._index.is_current(connection)

    def _is_called(self) -> bool:
        """Whether tidying up has to wait."""
        return self.stop.is_set() or self._is_behind()
