"""How much it says that words stand somewhere: in template text nothing, in a sentence of one page very much.

Likeness by letters or words says little in a wiki, where forms, copied procedures and levels of a ladder are .85 to .95
alike. So words are weighed by the number of pages that have them, and two words side by side by the pages that have
those two.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from itertools import pairwise
from math import log2
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_WORD = re.compile(r"\w+")
SMALL = 100  # pages: what is rare in a wiki of a few is rare in any text
FEW, SHARE = 2, 0.01
"""Two words side by side are rare if no more pages have them, or no greater share of all."""


def words_of(text: str) -> list[str]:
    """The words of a text, in small letters."""
    return _WORD.findall(text.lower())


def lines_in(text: str) -> list[int]:
    """The number of the line on which each of them stands."""
    return [number for number, line in enumerate(text.split("\n")) for _ in _WORD.findall(line)]


def places_of(text: str) -> list[tuple[int, int]]:
    """Where each of them begins and ends."""
    return [found.span() for found in _WORD.finditer(text)]


class Told(NamedTuple):
    """The words of a text, where each begins and ends, and the number of its line."""

    words: list[str]
    places: list[tuple[int, int]]
    lines: list[int]

    @classmethod
    def of(cls, text: str) -> Told:
        """The words of this text."""
        return cls(words_of(text), places_of(text), lines_in(text))

    def between(self, start: int, end: int) -> range:
        """Which of the words stand between these places, if only in part."""
        first = bisect_right(self.places, start, key=lambda place: place[1])
        return range(first, max(first, bisect_left(self.places, end, key=lambda place: place[0])))


class Rarity:
    """What words weigh in a wiki, in bits. Of pairs only those in `asked` are counted: a wiki has far too many."""

    def __init__(self, pages: Iterable[str], asked: Iterable[Sequence[str]]) -> None:
        self.asked = pairs = {pair for text in asked for pair in pairwise(text)}
        self._pages, self._words, self._pairs = 0, Counter[str](), Counter[tuple[str, str]]()
        for page in pages:
            said = words_of(page)
            self._pages += 1
            self._words.update(set(said))
            self._pairs.update(pairs.intersection(pairwise(said)))

    def weight(self, word: str) -> float:
        """What a word weighs: at least a little, and no more than if one page had it."""
        return log2(1 + (self._pages + 1) / max(1, self._words[word]))

    def is_rare(self, pair: tuple[str, str]) -> bool:
        """Whether hardly any page has these two words side by side; to be asked of those asked for alone."""
        return self._pairs[pair] <= max(FEW, self._pages * SHARE)

    def bits(self, pairs: Iterable[tuple[str, str]]) -> float:
        """How much it says that these pairs of words are found again: the common ones say nothing."""
        pages = max(SMALL, self._pages) + 1
        return sum(log2(pages / max(1, self._pairs[pair])) for pair in set(pairs) if self.is_rare(pair))
