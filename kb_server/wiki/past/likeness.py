"""How much two texts have in common.

Two measures. Groups of three words, for two texts at hand: an edit leaves most of them standing. Whole sentences as
numbers, for finding one text among thousands: few, and small enough to be kept for years.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable, Mapping

Groups = frozenset[int]

SENTENCE = 5  # words; fewer are in too many texts to say anything
_WORD = re.compile(r"[^\W_]+")
_TARGET = re.compile(r"\]\([^()\s]*(?:\s[^()]*)?\)")
_SENTENCE = re.compile(r"\n+|(?<=[.!?:;])\s+|\s*\|\s*")
_NUMBER = re.compile(
    r"^\W*(?:[\divx]+[.):]|\d+(?:\.\d+)*[.):]?|(?:step|part|section|chapter)\s+\d+\W*)\s+", re.IGNORECASE
)


def words(text: str) -> list[str]:
    """The words of a Markdown text, without the targets of its links: those change when a page moves."""
    return _WORD.findall(_TARGET.sub("]", text).lower())


@lru_cache(maxsize=8_192)
def groups(text: str) -> Groups:
    """All groups of three words that follow each other, as numbers of this process; a shorter text is one group."""
    found = words(text)
    if len(found) < 3:  # noqa: PLR2004
        return frozenset([hash(tuple(found))]) if found else frozenset()
    return frozenset(map(hash, zip(found, found[1:], found[2:], strict=False)))


def digest(text: str) -> str:
    """A short name for a text, the same whatever its white space and its links lead to."""
    plain = " ".join(_TARGET.sub("]", text).split())
    return hashlib.blake2b(plain.encode("utf-8", "replace"), digest_size=7).hexdigest()


def alike(one: Collection[object], other: Collection[object]) -> float:
    """What two sets have in common, 0 to 1 (Dice)."""
    both = len(one) + len(other)
    return 2 * len(frozenset(one) & frozenset(other)) / both if both else 0.0


def share(part: frozenset[object], whole: frozenset[object]) -> float:
    """How much of `part` is in `whole`, 0 to 1."""
    return len(part & whole) / len(part) if part else 0.0


def sentences(text: str) -> frozenset[int]:
    """The sentences of a text that have enough words to be known again, each as a number."""
    found = (_WORD.findall(part.lower()) for part in _SENTENCE.split(_TARGET.sub("]", text)))
    return frozenset(zlib.crc32(" ".join(part).encode()) for part in found if len(part) >= SENTENCE)


def same_title(title: str) -> str:
    """A heading without its number, marks and case: what it keeps when headings are numbered anew."""
    return " ".join(_WORD.findall(_NUMBER.sub("", title).lower())) or " ".join(_WORD.findall(title.lower()))


class Near(NamedTuple):
    """A candidate, and how many sentences speak for it."""

    key: Hashable
    votes: int


class Index:
    """Finds the texts that have sentences in common with one; a sentence that is in many texts says nothing."""

    def __init__(self, texts: Mapping[Hashable, Iterable[int]], most: int = 3) -> None:
        places: dict[int, list[Hashable]] = defaultdict(list)
        for key, prints in texts.items():
            for one in prints:
                places[one].append(key)
        self._places = {one: keys for one, keys in places.items() if len(keys) <= most}

    def narrowed(self, most: int) -> Index:
        """The same for sentences that are in no more texts than these."""
        few = Index({})
        few._places = {one: keys for one, keys in self._places.items() if len(keys) <= most}
        return few

    def near(self, prints: Iterable[int], most: int = 5) -> list[Near]:
        """The texts that share most of these sentences, best first."""
        votes: dict[Hashable, int] = defaultdict(int)
        for one in prints:
            for key in self._places.get(one, ()):
                votes[key] += 1
        return [Near(key, count) for key, count in sorted(votes.items(), key=lambda item: -item[1])[:most]]
