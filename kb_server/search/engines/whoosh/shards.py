"""What of one segment matches a word, a phrase or a beginning. A segment never changes, so what was found is kept.

Scores are those of BM25F as Whoosh has it: BM25 in the text and in the title, added up. A title may then count no more
than one and a half times: the bonus for words in it comes above the seam.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Mapping
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from kb_server.search.engines.whoosh import bits
from kb_server.search.engines.whoosh.clock import Clock
from kb_server.search.engines.whoosh.keeping import Kept
from kb_server.search.engines.whoosh.lists import Lists
from kb_server.search.engines.whoosh.schema import LONGEST_BEGINNING, WATERMARK, Postings, places_in
from kb_server.search.expression import Phrase, Prefix, Word

SATURATION, LENGTH = 1.2, 0.75
BOOSTS = {"stems": 1.0, "title_stems": 1.5}
BEGUN = 0.5  # what a word that only begins so counts, against the word itself

Leaf = Word | Phrase | Prefix
Weights = Mapping[int, float]
"""How often documents have something, by their numbers."""


class Found(NamedTuple):
    """The documents of a segment that match a leaf: as a set, and one by one with what they are worth for it."""

    bits: int
    numbers: array[int]
    worth: array[float]


class Shard:
    """One segment, to be searched."""

    def __init__(self, lists: Lists, usual: Mapping[str, float], kept: Kept[Found]) -> None:
        """`usual` says how many stems a field usually has, in the whole index."""
        self.name, self.size = lists.name, lists.size
        self.lists = lists
        self.ids = lists.numbers("id")
        self.numbers = {key: number for number, key in enumerate(self.ids)}
        self._kept = kept
        self._long = {field: _long(lists.lengths(field), usual[field]) for field in BOOSTS}

    @cached_property
    def kinds(self) -> dict[str, int]:
        """The documents of each kind."""
        return self._sets("kind")

    @cached_property
    def teams(self) -> dict[str, int]:
        """The documents of the same teams: by all their names, with a space before and behind each."""
        return self._sets("teams")

    @cached_property
    def watermarks(self) -> int:
        """What is no document, but a note of how far the index goes."""
        return self._set("watermark", WATERMARK)

    def in_place(self, place: str) -> int:
        """The documents on a page, or in a folder."""
        return self._set("place", place)

    def set_of(self, ids: Collection[int]) -> int:
        """The documents with these ids, as far as they are here."""
        return bits.of([self.numbers[key] for key in ids if key in self.numbers], self.size) if ids else 0

    def found(self, leaf: Leaf, clock: Clock) -> Found:
        """The documents that match. Raises OutOfTimeError."""
        key = self.name, leaf
        found = self._kept.get(key)
        if found is None:
            found = self._found(self._often(leaf, clock))
            self._kept.put(key, found, len(found.numbers) + self.size // 64)
        return found

    def _found(self, often: Mapping[str, Weights]) -> Found:
        worth: dict[int, float] = {}
        for field, boost in BOOSTS.items():
            most, long = boost * (SATURATION + 1), self._long[field]
            for number, weight in often[field].items():
                worth[number] = worth.get(number, 0.0) + most * weight / (weight + long[number])
        numbers = array("I", sorted(worth))
        return Found(bits.of(numbers, self.size), numbers, array("f", map(worth.__getitem__, numbers)))

    def _often(self, leaf: Leaf, clock: Clock) -> dict[str, Weights]:
        match leaf:
            case Word(stem):
                return {field: _weights(self.lists.postings(field, stem, clock)) for field in BOOSTS}
            case Phrase(stems):
                return {field: self._phrase(field, stems, clock) for field in BOOSTS}
            case Prefix(text) if len(text) <= LONGEST_BEGINNING:
                fields = {"stems": "beginnings", "title_stems": "title_beginnings"}
                return {
                    field: dict.fromkeys(self.lists.postings(beginnings, text, clock).numbers, BEGUN)
                    for field, beginnings in fields.items()
                }
            case Prefix(text):
                # Few words, if there are any, begin with so many of the same letters.
                words = self.lists.terms("long_words", text)
                lists = (self.lists.postings("long_words", word, clock).numbers for word in words)
                return {"stems": dict.fromkeys(chain.from_iterable(lists), BEGUN), "title_stems": {}}

    def _phrase(self, field: str, stems: tuple[str, ...], clock: Clock) -> Weights:
        """How often documents have the stems one after the other."""
        lists: dict[str, dict[int, bytes]] = {}
        for stem in dict.fromkeys(stems):
            postings = self.lists.postings(field, stem, clock)
            lists[stem] = dict(zip(postings.numbers, postings.places, strict=True))
            if not postings.numbers:
                return {}
        both = set.intersection(*(set(places) for places in lists.values()))
        counted = {}
        for number in both:
            clock.look()
            counted[number] = _in_a_row([lists[stem][number] for stem in stems])
        return {number: count for number, count in counted.items() if count}

    def _sets(self, field: str) -> dict[str, int]:
        return {term: self._set(field, term) for term in self.lists.terms(field)}

    def _set(self, field: str, term: str) -> int:
        return bits.of(self.lists.postings(field, term, Clock(float("inf"))).numbers, self.size)


def _long(lengths: list[int], usual: float) -> array[float]:
    """What BM25 adds to the frequency of a word in a document of this length."""
    by_length = {length: SATURATION * (1 - LENGTH + LENGTH * length / usual) for length in set(lengths)}
    return array("f", map(by_length.__getitem__, lengths))


def _weights(postings: Postings) -> Weights:
    return dict(zip(postings.numbers, postings.weights, strict=True))


def _in_a_row(places: list[bytes]) -> int:
    """How often places follow one another, of each stem one."""
    ends = set(places_in(places[0]))
    for later in places[1:]:
        if not ends:
            break
        ends = {place for place in places_in(later) if place - 1 in ends}
    return len(ends)
