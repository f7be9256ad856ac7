"""What became of a passage within a stretch of text that was rewritten: the words that stand where its words stood.

Both versions of the stretch are in hand, so what stands before and after the passage is held to its place by its own
words, and cannot be mistaken for it. The longest common runs of words come first (Ratcliff and Obershelp, `difflib`).
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

BRIEF = 4  # words may all have become others, if those on both sides stand there still
_AGREE = 3  # words in a row beside a passage that hold it to its place
WIDE = 8_000  # words of the new stretch that are looked at; a longer one is a book, and only its likeliest part is
_MOST = 1_000_000  # pairs; no text that people read has so many
_INSERTED = 12  # words that may have been put into a passage in one place without tearing it

Stretch = tuple[Sequence[str], Sequence[int]]
"""The words of a stretch of text, and the number of the line of each."""


@dataclass(frozen=True, slots=True)
class Successor:
    """The words from ``first`` to before ``end`` of the new stretch; the rest is how much speaks for them.

    ``kept`` is the share, by weight, of the passage's words that are among them, ``new`` the share of them that are the
    passage's. ``held`` counts the sides (0 to 2) on which the words beside the passage stand there, too. ``rows`` are
    its words that stand side by side in both.
    """

    first: int
    end: int
    kept: float
    new: float
    held: int
    rows: tuple[tuple[str, str], ...] = ()


def successor(
    before: Sequence[str], passage: tuple[int, int], stretch: Stretch, weight: Callable[[str], float]
) -> Successor | None:
    """What the words from `passage[0]` to before `passage[1]` of `before` have become in a stretch; None if nothing."""
    whole, low = stretch[0], 0
    if len(whole) > WIDE:
        low = _nearest(before, passage, whole)
    after, lines = whole[low : low + WIDE], stretch[1][low : low + WIDE]
    if _pairs(before, after) > _MOST:
        return None
    place = _laid(before, after)
    start, end = passage
    mapped = _together([(at, place[at]) for at in range(start, end) if at in place], before, weight)
    left, right = _held(place, start - 1, -1), _held(place, end, 1)
    if mapped:
        at_end = end == len(before) and low + len(after) == len(whole)
        borders = (-1 if start == 0 == low else left, len(after) if at_end else right)
        first, last = _edges(mapped, borders, end - start, lines)
    elif left is not None and right is not None and end - start <= BRIEF and 0 < right - left - 1 <= BRIEF:
        first, last = left + 1, right - 1  # every word is another, and nothing around it is
    else:
        return None
    ours = sum(weight(before[at]) for at, _ in mapped)
    old = sum(weight(word) for word in before[start:end])
    new = sum(weight(word) for word in after[first : last + 1])
    held = (left is not None and left + 1 == first) + (right is not None and right - 1 == last)
    pairs = [one[0] for one, other in pairwise(mapped) if other == (one[0] + 1, one[1] + 1)]
    rows = tuple((before[at], before[at + 1]) for at in pairs)
    return Successor(
        low + first, low + last + 1, ours / old if old else 0, min(1.0, ours / new) if new else 0, held, rows
    )


def _nearest(before: Sequence[str], passage: tuple[int, int], after: Sequence[str]) -> int:
    """Where the `WIDE` words begin that have most of the passage's rows of words, and of those beside it."""
    own = frozenset(pairwise(before[passage[0] : passage[1]]))
    beside = frozenset(pairwise(before)) - own
    often = Counter(pair for pair in pairwise(after) if pair in own or pair in beside)
    best, most, count, hits = 0, 0.0, 0.0, deque[tuple[int, float]]()
    for at, pair in enumerate(pairwise(after)):
        if pair not in often:
            continue
        hits.append((at, (2 if pair in own else 1) / often[pair]))
        count += hits[-1][1]
        while hits[0][0] <= at - WIDE // 2:
            count -= hits.popleft()[1]
        if count > most:
            best, most = (hits[0][0] + at) // 2, count
    return max(0, min(best - WIDE // 2, len(after) - WIDE))


def _pairs(before: Sequence[str], after: Sequence[str]) -> int:
    """How many pairs of equal words there are to look at: in text that says one thing again and again, too many."""
    often = Counter(after)
    return sum(often[word] for word in before)


def _laid(before: Sequence[str], after: Sequence[str]) -> dict[int, int]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    blocks = matcher.get_matching_blocks()
    return {one + at: other + at for one, other, size in blocks for at in range(size)}


def _together(
    mapped: list[tuple[int, int]], before: Sequence[str], weight: Callable[[str], float]
) -> list[tuple[int, int]]:
    """The heaviest part of the words found again that still stand together."""
    parts: list[list[tuple[int, int]]] = []
    for one in mapped:
        if parts and one[1] - parts[-1][-1][1] <= one[0] - parts[-1][-1][0] + _INSERTED:
            parts[-1].append(one)
        else:
            parts.append([one])
    return max(parts, key=lambda part: sum(weight(before[at]) for at, _ in part), default=[])


def _held(place: dict[int, int], at: int, step: int) -> int | None:
    """Where the word beside the passage stands now, if it and those beyond it stand there in a row."""
    row = [place.get(at + step * far) for far in range(_AGREE)]
    if row[0] is None or any(one != row[0] + step * far for far, one in enumerate(row)):
        return None
    return row[0]


def _edges(
    mapped: list[tuple[int, int]], borders: tuple[int | None, int | None], size: int, lines: Sequence[int]
) -> tuple[int, int]:
    """First and last word: where what is beside it ends, if that is near and on the same line; else its own."""
    (first, last), (left, right) = (mapped[0][1], mapped[-1][1]), borders
    if left is not None and 0 < first - left <= size + 1:
        first = next(at for at in range(left + 1, first + 1) if lines[at] == lines[first])
    if right is not None and 0 < right - last <= size + 1:
        last = next(at for at in range(right - 1, last - 1, -1) if lines[at] == lines[last])
    return first, last
