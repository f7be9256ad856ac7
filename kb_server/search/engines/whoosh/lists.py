"""One segment of the index as it lies on the disk: posting lists and columns.

Whoosh steps from posting to posting; here its blocks are read whole, which is ten times as fast. That needs some names
that are private to Whoosh 2.7.4, which has not changed since 2016; the tests of the engine pin them.
"""

from __future__ import annotations

import threading
import weakref
from array import array
from itertools import accumulate
from sys import byteorder
from typing import Any

from whoosh.reading import TermNotFound
from whoosh.util.numeric import byte_to_length

from kb_server.search.engines.whoosh.clock import Clock
from kb_server.search.engines.whoosh.schema import FORMATS, PRINT, Postings, no_postings
from kb_server.search.engines.whoosh.storage import Storage


class Lists:
    """Opens the files of one segment. Threads may share it."""

    def __init__(self, storage: Storage, segment: Any) -> None:  # noqa: ANN401  -- Whoosh has no types
        self.name: str = segment.segment_id()
        self.size: int = segment.doc_count_all()
        self._segment = segment
        self._files = segment.open_compound_file(storage)
        weakref.finalize(self, self._files.close)
        self._lock = threading.Lock()  # all files are one to Whoosh, in which it moves about
        self._codec = segment.codec()
        self._terms = self._codec.terms_reader(self._files, segment)
        self._postings = segment.open_file(self._files, self._codec.POSTS_EXT)

    def postings(self, field: str, term: str, clock: Clock) -> Postings:
        """The postings of a term, none if there is no such term. Raises OutOfTimeError."""
        found = no_postings()
        with self._lock:
            try:
                info = self._terms.term_info(field, _encoded(term))
            except TermNotFound:
                return found
            if info.is_inlined():
                numbers, weights, places = info.inlined_postings()
                return Postings(array("I", numbers), array("f", weights), list(places))
            matcher = self._codec.postings_reader(self._postings, info, FORMATS[field])
            while matcher.is_active():
                clock.look()
                _read_block(matcher, found)
        return found

    def terms(self, field: str, beginning: str = "") -> list[str]:
        """The terms of a field that begin so."""
        start, found = _encoded(beginning), []
        with self._lock:
            for name, term in self._terms.terms_from(field, start):
                if name != field or not term.startswith(start):
                    break
                found.append(term.decode())
        return found

    def numbers(self, column: str) -> array[int]:
        """A column of numbers, in the order of the documents."""
        numbers = array("q", self._column(column))
        if byteorder == "little":
            numbers.byteswap()
        return numbers

    def fingerprints(self) -> list[bytes]:
        """The fingerprint of each document."""
        whole = self._column("fingerprint")
        return [whole[start : start + PRINT] for start in range(0, len(whole), PRINT)]

    def lengths(self, field: str) -> list[int]:
        """How many stems each document has in a field, about."""
        return [byte_to_length(byte) for byte in self._column(f"_{field}_len").ljust(self.size, b"\0")]

    def _column(self, name: str) -> bytes:
        file = self._codec.column_filename(self._segment, name)
        with self._lock:
            # A column that no document has a value for is not there.
            content: bytes = self._files.open_file(file).read() if self._files.file_exists(file) else b""
        return content


def _encoded(term: str) -> bytes:
    return term.encode("utf-8", "surrogatepass")


def _read_block(matcher: Any, found: Postings) -> None:  # noqa: ANN401  -- Whoosh has no types
    matcher._read_data()  # noqa: SLF001  -- see the module's docstring
    steps, weights, values = matcher._data  # noqa: SLF001
    found.numbers.extend(accumulate(steps))
    if isinstance(weights, tuple):
        found.weights.extend(weights)
    else:  # all of a block alike are stored once, and 1 not at all
        found.weights.extend(array("f", (weights or 1.0,)) * len(steps))
    found.places.extend(values or ())
    matcher._next_block()  # noqa: SLF001
