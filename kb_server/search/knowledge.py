"""What search knows by heart, following the documents by their numbers: words, kinds, teams, names of definitions."""

from __future__ import annotations

import threading
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from kb_server.db import Database
from kb_server.documents import reading, storage
from kb_server.documents.analysis import analyser_for
from kb_server.search.spelling import Vocabulary
from kb_server.search.synonyms import Terms
from kb_server.search.titles import PageTitles


class Knowledge:
    """Vocabulary and terms of one store, up to the change with the number `seq`."""

    def __init__(self) -> None:
        self.seq = 0
        self.analyser = analyser_for("")
        self.vocabulary = Vocabulary(self.analyser.stem)
        self.terms = Terms(self.analyser)
        self.titles = PageTitles(self.analyser)
        self.kinds: set[str] = set()
        self.teams: set[str] = set()
        self._lock = threading.Lock()

    def follow(self, connection: sa.Connection) -> None:
        """Take in what has changed. Once there is something to go by, only one thread takes the time."""
        latest = storage.latest_seq(connection)
        if latest > self.seq and self._lock.acquire(blocking=not self.seq):
            try:
                self._take_in(connection)
            finally:
                self._lock.release()

    def _take_in(self, connection: sa.Connection) -> None:
        analyser = reading.analyser(connection)
        if analyser is not self.analyser:  # another language: nothing of before can be compared with it
            self.seq, self.analyser = 0, analyser
            self.vocabulary = Vocabulary(analyser.stem)
            self.terms, self.titles = Terms(analyser), PageTitles(analyser)
        seq = self.seq
        for change in reading.changes_after(connection, seq):
            # A name somebody gave a term is a word of this wiki, though no text may use it: it is never "corrected".
            names = self.terms.put(change) - set(change.words.split())
            self.vocabulary.put(change.id, " ".join((change.words, *names)) if names else change.words)
            self.titles.put(change)
            if change.shown:
                self.kinds.add(change.kind)
                self.teams.update(change.teams.split())
            seq = change.seq
        self.seq = seq


_known: WeakKeyDictionary[Database, Knowledge] = WeakKeyDictionary()
_lock = threading.Lock()


def knowledge_of(database: Database) -> Knowledge:
    """The knowledge of a store; one for all threads of a process."""
    with _lock:
        return _known.setdefault(database, Knowledge())
