"""Posting lists under way: documents go in, posting lists come out, field by field.

Whoosh's own writer keeps every posting as a tuple of five and sorts them all, at 3.5 ms a document of a hundred words.
Gathered by term there is nothing to sort but the terms.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from kb_server.documents.following import Entry
from kb_server.search.engines.whoosh.schema import LONGEST_BEGINNING, MARKS, STEMS, Postings, no_postings

Field = tuple[str, list[tuple[bytes, Postings]]]


class Gathering:
    """The postings of the documents of one segment. Documents are added in the order of their numbers.

    It stands where Whoosh has its pool of postings, and answers what that is asked.
    """

    def __init__(self) -> None:
        self._stems: dict[str, dict[str, Postings]] = {name: {} for name in STEMS}
        self._marks: dict[str, dict[str, array[int]]] = {name: {} for name in MARKS}
        self._words: dict[str, array[int]] = {}
        self._title_words: dict[str, array[int]] = {}

    def add(self, number: int, entry: Entry) -> dict[str, int]:
        """Take in a document; gives how many stems its fields have."""
        title, text = entry.title_stems.split(), entry.stems.split()
        self._add_stems("title_stems", number, title)
        self._add_stems("stems", number, text)
        _add(self._words, number, {*entry.words.split(), *title})
        _add(self._title_words, number, set(title))
        self.mark("kind", number, [entry.kind])
        self.mark("teams", number, [entry.teams])
        self.mark("place", number, places_of(entry))
        return {"title_stems": len(title), "stems": len(text)}

    def mark(self, field: str, number: int, terms: Iterable[str]) -> None:
        """Note that a document has these terms."""
        _add(self._marks[field], number, terms)

    def iter_postings(self) -> Iterator[Field]:
        """The fields in the order of their names, in each the terms in the order of their bytes."""
        for field in sorted((*STEMS, *MARKS)):
            yield field, sorted((term.encode(), postings) for term, postings in self._terms(field))

    def cleanup(self) -> None:
        """Leave nothing behind: there are no files."""

    def _terms(self, field: str) -> Iterable[tuple[str, Postings]]:
        if field in STEMS:
            return self._stems[field].items()
        if field == "long_words":
            marks: Mapping[str, array[int]] = {w: d for w, d in self._words.items() if len(w) > LONGEST_BEGINNING}
        elif field in ("beginnings", "title_beginnings"):
            marks = _beginnings(self._words if field == "beginnings" else self._title_words)
        else:
            marks = self._marks[field]
        return ((term, Postings(documents, array("f"), [])) for term, documents in marks.items())

    def _add_stems(self, field: str, number: int, stems: list[str]) -> None:
        places: dict[str, list[int]] = {}
        for place, stem in enumerate(stems):
            places.setdefault(stem, []).append(place)
        terms = self._stems[field]
        for stem, at in places.items():
            postings = terms.get(stem)
            if postings is None:
                postings = terms[stem] = no_postings()
            postings.numbers.append(number)
            postings.weights.append(len(at))
            postings.places.append(array("I", at).tobytes())


def places_of(entry: Entry) -> set[str]:
    """What a document is found in: its page, and every folder its address lies in."""
    url = entry.url
    return {entry.page_id, *(url[:end] for end, letter in enumerate(url) if letter == "/")}


def _add(terms: dict[str, array[int]], number: int, found: Iterable[str]) -> None:
    for term in found:
        documents = terms.get(term)
        if documents is None:
            documents = terms[term] = array("I")
        documents.append(number)


def _beginnings(words: Mapping[str, array[int]]) -> dict[str, array[int]]:
    """The documents of every beginning of every word: those of all the words that begin so."""
    lists: dict[str, list[array[int]]] = {}
    for word, documents in words.items():
        for end in range(1, min(len(word), LONGEST_BEGINNING) + 1):
            lists.setdefault(word[:end], []).append(documents)
    return {beginning: _united(some) for beginning, some in lists.items()}


def _united(lists: list[array[int]]) -> array[int]:
    return lists[0] if len(lists) == 1 else array("I", sorted(set(chain.from_iterable(lists))))
