"""Was this asked before? The suggestions most like what somebody is typing, out of all that can be read.

What is known of them follows the table of documents by its numbers, as everything search knows by heart. Whether one
may still be shown is asked of the database afterwards, each time.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from kb_server.db import Database
from kb_server.documents import following, reading, storage
from kb_server.documents.analysis import analyser_for, normalise
from kb_server.search.knowledge import knowledge_of
from kb_server.search.likeness import Compared, Likeness
from kb_server.search.synonyms import Terms
from kb_server.suggestions import service as suggesting
from kb_server.suggestions.models import TAKEN_BACK, Suggestion

KIND = "suggestion"
MOST = 5
LONGEST = 4_000  # characters of what is typed that are looked at
CANDIDATES = 15  # of which some may have joined others, or be hidden by now
LEAST_ALIKE = 0.05
ELSEWHERE = 0.8  # what likeness counts where another team was asked
SHORTEST = 3  # letters of a word that is still being typed
SOME = 2_000  # texts that are taken in at a time
_TYPING = re.compile(r"(?<![^\W_])[^\W_]+\Z")  # from where a word begins alone: a long one is looked through once


def similar(database: Database, typed: str, to: str = "", *, viewer: str = "", without: int = 0) -> list[Suggestion]:
    """The suggestions that say the same as what is typed so far, the most alike first; none where nothing does.

    Those that were asked of the team `to` come before others as much alike. Where one has joined another, that one
    stands for both. The one with the number `without` is left out: it is what they are compared with.
    """
    with database.read() as connection:
        knowledge = knowledge_of(database)
        knowledge.follow(connection)
        shelf = _shelf_of(database)
        shelf.follow(connection)
        alike = shelf.most_alike(typed[:LONGEST], knowledge.terms)
        # Who was hidden a moment ago is not among these any more.
        refs = reading.refs_of(connection, [key for key, _ in alike])
        numbers = {_number(refs[key]): score for key, score in alike if key in refs}
        return _best(connection, numbers, to, viewer, without)


class Shelf:
    """The suggestions of one store by their words, up to the change with the number `seq`."""

    def __init__(self) -> None:
        self.seq = 0
        self._analyser = analyser_for("")
        self._likeness = Likeness()
        self._lock = threading.Lock()

    def follow(self, connection: sa.Connection) -> None:
        """Take in what has changed. Once there is something to go by, only one thread takes the time."""
        latest = storage.latest_seq(connection)
        if latest > self.seq and self._lock.acquire(blocking=not self.seq):
            try:
                self._take_in(connection, latest)
            finally:
                self._lock.release()

    def most_alike(self, typed: str, terms: Terms) -> list[tuple[int, float]]:
        """The ids of documents most like what is typed, with how alike they are."""
        first, _, rest = normalise(typed).strip("\r\n").partition("\n")
        title, text = self._analyser.stems(first), self._analyser.stems(rest)
        names = [*_other_names(terms, [*title, *text]), *self._completed(typed)]
        found = self._likeness.most_alike(Compared(title, text, names), CANDIDATES)
        return [(key, score) for key, score in found if score >= LEAST_ALIKE]

    def _completed(self, typed: str) -> Sequence[str]:
        """What the last word may become, if it is not one yet."""
        words = self._analyser.words(match.group()) if (match := _TYPING.search(typed)) else []
        return self._likeness.completions(words[-1]) if words and len(words[-1]) >= SHORTEST else ()

    def _take_in(self, connection: sa.Connection, latest: int) -> None:
        analyser = reading.analyser(connection)
        if analyser is not self._analyser or self._likeness.is_crowded:
            self.seq, self._analyser, self._likeness = 0, analyser, Likeness()
        seq, likeness = self.seq, self._likeness
        while entries := following.entries_of_kind_after(connection, KIND, seq, SOME):
            for entry in entries:
                # What was said about a suggestion stands below it, and is not what was asked.
                if entry.kind == KIND and not entry.hidden and "#" not in entry.url:
                    likeness.put(entry.id, entry.title_stems.split(), entry.stems.split())
                else:
                    likeness.forget(entry.id)
            seq = entries[-1].seq
        self.seq = max(seq, latest)


def _other_names(terms: Terms, stems: Sequence[str]) -> Iterator[str]:
    """The stems of other names that definitions give what is meant."""
    for start, end in terms.found_in(stems):
        for name in terms.others(tuple(stems[start:end])):
            yield from name


def _best(
    connection: sa.Connection, scores: Mapping[int, float], to: str, viewer: str, without: int
) -> list[Suggestion]:
    """The best of these, each once for all that joined it."""
    found = _with_roots(connection, scores)
    best: dict[int, float] = {}
    for number, score in scores.items():
        root = found.get(number)
        while root and root.into:
            root = found.get(root.into)
        if root and not root.hidden and root.state != TAKEN_BACK and root.number != without:
            worth = score if root.to_team == to or not to else score * ELSEWHERE
            best[root.number] = max(best.get(root.number, 0.0), worth)
    order = sorted(best, key=lambda number: (-best[number], number))[:MOST]
    shown = suggesting.suggestions_by_number(connection, order, viewer) if order else {}
    return [shown[number] for number in order]


def _with_roots(connection: sa.Connection, numbers: Iterable[int]) -> dict[int, Suggestion]:
    """These suggestions, with all that they have joined."""
    found: dict[int, Suggestion] = {}
    wanted = set(numbers)
    while wanted:
        found |= suggesting.suggestions_by_number(connection, wanted)
        wanted = {one.into for one in found.values() if one.into} - wanted - found.keys()
    return found


def _number(ref: str) -> int:
    return int(ref.partition(":")[2])


_shelves: WeakKeyDictionary[Database, Shelf] = WeakKeyDictionary()
_lock = threading.Lock()


def _shelf_of(database: Database) -> Shelf:
    """The shelf of a store; one for all threads of a process."""
    with _lock:
        return _shelves.setdefault(database, Shelf())
