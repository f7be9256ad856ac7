"""Two versions of a page laid side by side: which line of the one is which line of the other.

Bram Cohen's patience diff: lines that stand once in both versions hold the two together, and what is between two such
lines is laid side by side in the same way. So a line of a template, which stands everywhere, holds nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING

from kb_server.pages.quotes import letters

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from kb_server.pages.manifest import Page

_MOST = 40_000  # pairs of lines that stand more than once; beyond that they are left alone
Span = tuple[int, int, int, int]
"""From and to in the version before, from and to in the one after; the ends are not part of it."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a section, which begins at ``start`` in its text; a heading is a line, too, and begins at -1."""

    section: int
    start: int
    text: str

    @property
    def key(self) -> str:
        """What the line is compared by."""
        return f"# {letters(self.text)}" if self.start < 0 else letters(self.text)


def lines_of(page: Page) -> list[Line]:
    """The lines of a page in their order, headings among them."""
    lines = []
    for number, section in enumerate(page.sections):
        lines.append(Line(number, -1, section.title))
        start = 0
        for text in section.text.split("\n"):
            if text:
                lines.append(Line(number, start, text))
            start += len(text) + 1
    return lines


def aligned(before: Sequence[Hashable], after: Sequence[Hashable]) -> dict[int, int]:
    """The lines that are in both, by their places: of each before, where it is after. Both in order."""
    pairs: dict[int, int] = {}
    todo = [(0, len(before), 0, len(after))]
    while todo:
        span = _trimmed(before, after, todo.pop(), pairs)
        if span[0] == span[1] or span[2] == span[3]:
            continue
        knots = _knots(before, after, span)
        if not knots:
            _equal_runs(before, after, span, pairs)
            continue
        edges = [(span[0] - 1, span[2] - 1), *knots, (span[1], span[3])]
        pairs.update(knots)
        todo += [(one + 1, next_one, other + 1, next_other) for (one, other), (next_one, next_other) in pairwise(edges)]
    return pairs


def _trimmed(before: Sequence[Hashable], after: Sequence[Hashable], span: Span, pairs: dict[int, int]) -> Span:
    """What is left when the equal lines at both ends are paired."""
    start, end, to, until = span
    while start < end and to < until and before[start] == after[to]:
        pairs[start] = to
        start, to = start + 1, to + 1
    while start < end and to < until and before[end - 1] == after[until - 1]:
        end, until = end - 1, until - 1
        pairs[end] = until
    return start, end, to, until


def _knots(before: Sequence[Hashable], after: Sequence[Hashable], span: Span) -> list[tuple[int, int]]:
    """Lines that stand once on either side: as many as there can be in one order."""
    start, end, to, until = span
    often, there = Counter(before[start:end]), Counter(after[to:until])
    place = {after[at]: at for at in range(to, until)}
    found = [(at, place[before[at]]) for at in range(start, end) if often[before[at]] == 1 == there[before[at]]]
    return _rising(found)


def _rising(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of `found` in which the second numbers rise, too."""
    ends: list[int] = []
    links: list[tuple[int, int]] = []  # (index in found, the link before)
    heads: list[int] = []
    for number, (_, place) in enumerate(found):
        at = bisect_left(ends, place)
        links.append((number, heads[at - 1] if at else -1))
        ends[at : at + 1], heads[at : at + 1] = [place], [number]
    chain, link = [], heads[-1] if heads else -1
    while link >= 0:
        chain.append(found[link])
        link = links[link][1]
    return chain[::-1]


def _equal_runs(before: Sequence[Hashable], after: Sequence[Hashable], span: Span, pairs: dict[int, int]) -> None:
    """Pair what stands more than once, the longest runs first."""
    start, end, to, until = span
    if (end - start) * (until - to) > _MOST:
        return
    matcher = SequenceMatcher(None, before[start:end], after[to:until], autojunk=False)
    for one, other, size in matcher.get_matching_blocks():
        pairs.update((start + one + at, to + other + at) for at in range(size))
