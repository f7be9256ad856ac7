"""Which words are written nearly like another: "heavy" and "heavily", "estrogen" and "oestrogen", or a mistyped word.

A stemmer knows some endings of a language, and no slip of the finger. Here words are compared by how many of their
threes of letters they share (Dice's measure), in any language.
"""

from __future__ import annotations

import heapq
from collections import Counter
from itertools import chain

SHORTEST, LONGEST = 4, 40  # letters of a word that is compared
LEAST = 0.6  # of the threes of letters shared
MOST = 6


class Letters:
    """Words by their threes of letters. One thread writes, any number ask."""

    def __init__(self) -> None:
        self._words: dict[str, list[str]] = {}

    def put(self, word: str) -> None:
        """Take in a word that is not there yet."""
        if _is_compared(word):
            for three in _threes(word):
                self._words.setdefault(three, []).append(word)

    def near(self, word: str) -> list[tuple[float, str]]:
        """The other words written most like this one, with the share of letters: 1 would be the same."""
        if not _is_compared(word):
            return []
        threes = _threes(word)
        # No share is enough where less than this many are shared, however short the other is.
        least = LEAST * len(threes) / (2 - LEAST)
        counted = Counter(chain.from_iterable(self._words.get(three, ()) for three in threes))
        shared = [(2 * many / (len(threes) + len(other)), other) for other, many in counted.items() if many >= least]
        return heapq.nlargest(MOST, [one for one in shared if one[0] >= LEAST and one[1] != word])


def _threes(word: str) -> set[str]:
    """Each three letters that follow one another, with both ends for letters: as many as the word has."""
    edged = f"^{word}$"
    return {edged[start : start + 3] for start in range(len(word))}


def _is_compared(word: str) -> bool:
    return SHORTEST <= len(word) <= LONGEST and not word.isdigit()
