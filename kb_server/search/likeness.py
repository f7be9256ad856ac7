"""Which texts say the same as another one: how it is weighed whether something was asked before.

What is compared is not a query of two words but a text, so it is weighed as one. BM25 over title and text (Robertson,
Zaragoza: "The Probabilistic Relevance Framework", 2009) gains three things: a word counts as often as it was written,
those of the first line twice; rare words count for more than usual, so that no list of empty words is needed; and only
the words that tell most are looked up. The figures were chosen on the training part of a public set of questions.

It is kept in memory, and so the same whatever database and index a wiki has: ten thousand texts are a few megabytes.
"""

from __future__ import annotations

import heapq
import math
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import accumulate, islice, takewhile
from typing import NamedTuple

SATURATION, LENGTH, TITLE_LENGTH = 1.2, 0.75, 0.5
PARTS = (TITLE_LENGTH, LENGTH)
IN_TITLE = 3.0  # what a stem counts in a title; in the text it is 1
FIRST_LINE = 2.0  # what it counts in the first line of what is compared
ELSE = 0.5  # what a stem of another name counts
RARITY = 1.5  # the power of how rare a stem is
MOST_STEMS = 32  # of what is compared: those that tell most
MOST_LOOKED_AT = 8_000  # places of these stems, the weightiest first: what stands everywhere tells next to nothing
SLOT, MOST = 20, 1023  # bits below a place's number: how often in title and text, ten each
SPARE = 1_000  # places of texts that are gone, before room is made


class Compared(NamedTuple):
    """Stems of what is compared: of its first line, of the rest, and other names of what is meant, which count half."""

    title: Sequence[str]
    text: Sequence[str] = ()
    names: Sequence[str] = ()


class Likeness:
    """Texts by their ids, ready to be compared with another. One thread writes, any number compare."""

    def __init__(self) -> None:
        self._postings: dict[str, array[int]] = {}
        self._places: list[int] = []
        """The id of each place; 0 where that text is gone."""
        self._lengths: list[tuple[int, int]] = []
        self._place_of: dict[int, int] = {}
        self._totals = [0, 0]
        self._ordered: Sequence[str] = ()

    def __len__(self) -> int:
        return len(self._place_of)

    def put(self, key: int, title: Sequence[str], text: Sequence[str]) -> None:
        """Take in a text by its stems, in the place of what it was."""
        self.forget(key)
        place = len(self._places)
        self._lengths.append((len(title), len(text)))
        self._places.append(key)
        self._place_of[key] = place
        self._count(len(title), len(text))
        titled, said = Counter(title), Counter(text)
        for stem in titled | said:
            often = min(titled[stem], MOST) << 10 | min(said[stem], MOST)
            self._postings.setdefault(stem, array("q")).append(place << SLOT | often)

    def forget(self, key: int) -> None:
        """Leave out a text from now on."""
        place = self._place_of.pop(key, None)
        if place is not None:
            self._places[place] = 0
            self._count(*(-length for length in self._lengths[place]))

    @property
    def is_crowded(self) -> bool:
        """Whether more is kept of texts that are gone than is worth it: then it should be made anew."""
        return len(self._places) - len(self) > max(SPARE, len(self))

    def completions(self, beginning: str, most: int = 5) -> list[str]:
        """The most usual stems that begin so, for a word that is still being typed; none where it is one already."""
        if beginning in self._postings:
            return []
        stems = self._in_order()
        found = takewhile(lambda stem: stem.startswith(beginning), islice(stems, bisect_left(stems, beginning), None))
        return heapq.nlargest(most, found, key=lambda stem: len(self._postings[stem]))

    def _in_order(self) -> Sequence[str]:
        """All stems by the alphabet; sorted anew once there are more of them."""
        if len(self._ordered) != len(self._postings):
            self._ordered = sorted(self._postings)
        return self._ordered

    def most_alike(self, compared: Compared, most: int) -> list[tuple[int, float]]:
        """Ids with how alike they are, 1 being as good as the same, the most alike first."""
        weights = self._weights(compared)
        scores = self._scores(weights)
        best = heapq.nsmallest(most, scores.items(), key=lambda entry: (-entry[1], self._places[entry[0]]))
        whole = sum(weight * _worth(often) for weight, often in weights.values()) or 1.0
        return [(key, score / whole) for place, score in best if (key := self._places[place])]

    def _weights(self, compared: Compared) -> dict[str, tuple[float, float]]:
        """The stems that tell most: how much each tells, and how often it was written."""
        often: dict[str, float] = {}
        for stems, counts in zip(compared, (FIRST_LINE, 1.0, ELSE), strict=True):
            for stem in stems:
                often[stem] = often.get(stem, 0.0) + counts
        told = {stem: (self._rarity(stem) * count, count) for stem, count in often.items() if stem in self._postings}
        best = heapq.nlargest(MOST_STEMS, told.items(), key=lambda entry: entry[1][0])
        looked_at = accumulate(len(self._postings[stem]) for stem, _ in best)
        return dict(one for one, many in zip(best, looked_at, strict=True) if many <= MOST_LOOKED_AT or one is best[0])

    def _scores(self, weights: Mapping[str, tuple[float, float]]) -> dict[int, float]:
        many = len(self) or 1
        title_share, share = (part / max(total / many, 1.0) for part, total in zip(PARTS, self._totals, strict=True))
        least_title, least = 1 - TITLE_LENGTH, 1 - LENGTH
        places, lengths, scores = self._places, self._lengths, dict[int, float]()
        get = scores.get
        for stem, (weight, _) in weights.items():
            most = weight * (1 + SATURATION)
            for packed in self._postings[stem]:  # thousands of times: nothing here that need not be
                place = packed >> SLOT
                if places[place]:
                    long_title, long = lengths[place]
                    often = (packed & MOST) / (least + share * long)
                    if titled := packed >> 10 & MOST:
                        often += IN_TITLE * titled / (least_title + title_share * long_title)
                    scores[place] = get(place, 0.0) + most * often / (often + SATURATION)
        return scores

    def _rarity(self, stem: str) -> float:
        many, here = len(self), min(len(self._postings[stem]), len(self))
        rarity: float = math.log(1 + (many - here + 0.5) / (here + 0.5)) ** RARITY
        return rarity

    def _count(self, title: int, text: int) -> None:
        self._totals[0] += title
        self._totals[1] += text


def _worth(often: float) -> float:
    return often * (1 + SATURATION) / (often + SATURATION)
