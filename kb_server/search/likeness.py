"""Which texts say the same as another one: how it is weighed whether something was asked before.

What is compared is not a query of two words but a text, so it is weighed as one. BM25 over title and text (Robertson,
Zaragoza: "The Probabilistic Relevance Framework", 2009) gains four things: a word counts as often as it was written,
those of the first line twice; rare words count for more than usual, so that no list of empty words is needed; words
written nearly alike count for each other; and only the words that tell most are looked up. The figures were chosen on
those parts of public sets of questions that are for tuning.

It is kept in memory, and so the same whatever database and index a wiki has: ten thousand texts are a few megabytes.
"""

from __future__ import annotations

import heapq
import math
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, islice, takewhile
from typing import NamedTuple

from kb_server.search.letters import Letters

SATURATION, LENGTH = 1.2, 0.75
IN_TITLE = 3.0  # what a stem counts in a title; in the text it is 1
FIRST_LINE = 2.0  # what it counts in the first line of what is compared
ELSE = 0.5  # what a stem of another name counts
NEARLY = 0.8  # what a stem counts that shares all letters with one that is compared
RARITY = 1.5  # the power of how rare a stem is
MOST_STEMS = 32  # of what is compared: those that tell most
MOST_NEARLY = 12  # of these, for which those are looked up that are written nearly alike
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
        self._letters = Letters()

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
            if stem not in self._postings:
                self._postings[stem] = array("q")
                self._letters.put(stem)
            self._postings[stem].append(place << SLOT | often)

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
        weights, saturation = self._weights(compared), self._saturation
        scores = self._scores(weights, saturation)
        best = heapq.nsmallest(most, scores.items(), key=lambda entry: (-entry[1], self._places[entry[0]]))
        whole = sum(weight * often / (often + saturation) for weight, often in weights.values()) or 1.0
        return [(key, score / whole) for place, score in best if (key := self._places[place])]

    def _weights(self, compared: Compared) -> dict[str, tuple[float, float]]:
        """The stems that tell most: how much each tells, and how often it was written."""
        often: dict[str, float] = {}
        for stems, counts in zip(compared, (FIRST_LINE, 1.0, ELSE), strict=True):
            for stem in stems:
                often[stem] = often.get(stem, 0.0) + counts
        written = {stem: (self._rarity(stem) * count, count) for stem, count in often.items()}
        told = {stem: weight for stem, weight in written.items() if stem in self._postings}
        for stem, weight in self._nearly(_most_telling(written, MOST_NEARLY)):
            told[stem] = max(told.get(stem, weight), weight)
        best = _most_telling(told, MOST_STEMS)
        looked_at = accumulate(len(self._postings[stem]) for stem, _ in best)
        return dict(one for one, many in zip(best, looked_at, strict=True) if many <= MOST_LOOKED_AT or one is best[0])

    def _nearly(self, written: Iterable[tuple[str, tuple[float, float]]]) -> Iterator[tuple[str, tuple[float, float]]]:
        """The stems written nearly like these, which tell less; of what stands nowhere too: it may be mistyped."""
        for stem, (weight, count) in written:
            for share, other in self._letters.near(stem):
                yield other, (NEARLY * share * min(weight, self._rarity(other) * count), count)

    @property
    def _saturation(self) -> float:
        """How often a word has to be said to count for half: more where titles are long, whose words count for more."""
        title, text = self._totals
        return SATURATION * (IN_TITLE * title + text) / ((title + text) or 1)

    def _scores(self, weights: Mapping[str, tuple[float, float]], saturation: float) -> dict[int, float]:
        many = len(self) or 1
        title_share, share = (LENGTH / max(total / many, 1.0) for total in self._totals)
        least = 1 - LENGTH
        places, lengths, scores = self._places, self._lengths, dict[int, float]()
        get = scores.get
        for stem, (weight, _) in weights.items():
            for packed in self._postings[stem]:  # thousands of times: nothing here that need not be
                place = packed >> SLOT
                if places[place]:
                    long_title, long = lengths[place]
                    often = (packed & MOST) / (least + share * long)
                    if titled := packed >> 10 & MOST:
                        often += IN_TITLE * titled / (least + title_share * long_title)
                    scores[place] = get(place, 0.0) + weight * often / (often + saturation)
        return scores

    def _rarity(self, stem: str) -> float:
        many = len(self)
        here = min(len(self._postings.get(stem, ())), many)
        rarity: float = math.log(1 + (many - here + 0.5) / (here + 0.5)) ** RARITY
        return rarity

    def _count(self, title: int, text: int) -> None:
        self._totals[0] += title
        self._totals[1] += text


def _most_telling(told: Mapping[str, tuple[float, float]], most: int) -> list[tuple[str, tuple[float, float]]]:
    return heapq.nlargest(most, told.items(), key=lambda entry: entry[1][0])
