"""Where a page's sections stand in its Markdown source, so that a section can be edited and its old text kept.

Markdown is not parsed again here. Lines that could be headings are collected (`headings`), and matched in order with
the headings that were rendered: the heaviest common sequence by level and words. So a line that only looks like a
heading does no harm, and a heading that came from a snippet or a plugin simply has no lines.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from kb_server.pages.headings import Candidate, candidates, source_words, words

if TYPE_CHECKING:
    from collections.abc import Sequence

Lines = tuple[int, int]
"""A range of lines, 1-based and inclusive."""

_LINE_END = re.compile(r"\r\n|\n|\r")
# As MkDocs reads them (mkdocs.utils.meta).
_FRONT_MATTER = re.compile(r"\A\ufeff?-{3}[ \t]*\n(?:.*?\n)(?:\.{3}|-{3})[ \t]*\n", re.DOTALL)
_OLD_FRONT_MATTER = re.compile(r"\A\ufeff?(?:[ ]{0,3}[A-Za-z0-9_-]+:\s*.*\n(?:(?:[ ]{4}|\t).*\n)*)+")
_WRITTEN_BY_A_PROGRAM = re.compile(r"\{[{%]|:[\w+-]+:|<|\[\[|&\w+;|\$")


def locate(source: str, headings: Sequence[tuple[int, str]]) -> list[Lines | None]:
    """The lines of a page's sections: of the part before the first heading, and of each heading (level, title).

    A section reaches to the next heading that stands in the source, without blank lines at its ends; front matter
    belongs to none. None where a heading does not stand in the source, or nothing stands before the first.
    """
    lines = _LINE_END.split(source)
    first = front_matter_lines(source)
    found = list(candidates(lines, first))
    starts = _matched(found, headings)
    edges = sorted(start for start in starts if start is not None)
    following = dict(zip(edges, [*edges[1:], len(lines)], strict=False))
    ranges = [_trimmed(lines, first, edges[0] if edges else len(lines))]
    ranges += [None if start is None else _trimmed(lines, start, following[start]) for start in starts]
    return ranges


def slice(source: str, lines: Lines) -> str:  # noqa: A001  -- read as source.slice
    """The text of these lines of `source`."""
    return "\n".join(_LINE_END.split(source)[lines[0] - 1 : lines[1]])


def front_matter_lines(source: str) -> int:
    """How many lines of `source` its front matter takes."""
    plain = source.replace("\r\n", "\n")
    found = _FRONT_MATTER.match(plain) or _OLD_FRONT_MATTER.match(plain)
    return found[0].count("\n") if found else 0


def _trimmed(lines: Sequence[str], start: int, end: int) -> Lines | None:
    while start < end and not lines[start].strip():
        start += 1
    while end > start and not lines[end - 1].strip():
        end -= 1
    return (start + 1, end) if start < end else None


def _matched(found: Sequence[Candidate], headings: Sequence[tuple[int, str]]) -> list[int | None]:
    """The line (0-based) of each heading, or None."""
    wanted = [(level, words(title)) for level, title in headings]
    offered = [(candidate.level, source_words(candidate.text)) for candidate in found]
    pairs = _heaviest(wanted, offered, [2 if candidate.firm else 1 for candidate in found])
    pairs |= _between(pairs, headings, found)
    return [found[pairs[at]].line if at in pairs else None for at in range(len(headings))]


def _heaviest(
    wanted: Sequence[tuple[int, str]], offered: Sequence[tuple[int, str]], firmness: Sequence[int]
) -> dict[int, int]:
    """Pairs of equal items, both in order: as many as there can be, and of those the firmest.

    Hunt and Szymanski's way to a longest common subsequence, with weights: equal items are rare, so only pairs of them
    are looked at, and the best chain that ends before a place is kept in a tree of maxima (Fenwick).
    """
    places = defaultdict(list)
    for place, item in enumerate(offered):
        places[item].append(place)
    best: list[tuple[int, int]] = [(0, -1)] * (len(offered) + 1)  # (weight, index in `chain`)
    chain: list[tuple[int, int, int]] = []  # (wanted, offered, the link before)
    for at, item in enumerate(wanted):
        for place in reversed(places.get(item, ())):  # backwards, so that one heading is not taken twice
            weight, before = _up_to(best, place)
            chain.append((at, place, before))
            _note(best, place + 1, (weight + len(offered) * 3 + firmness[place], len(chain) - 1))
    link = _up_to(best, len(offered))[1]
    pairs = {}
    while link >= 0:
        at, place, link = chain[link]
        pairs[at] = place
    return pairs


def _up_to(best: Sequence[tuple[int, int]], place: int) -> tuple[int, int]:
    found = (0, -1)
    while place:
        found = max(found, best[place], key=lambda entry: entry[0])
        place &= place - 1
    return found


def _note(best: list[tuple[int, int]], place: int, entry: tuple[int, int]) -> None:
    while place < len(best):
        if entry[0] > best[place][0]:
            best[place] = entry
        place += place & -place


def _between(pairs: dict[int, int], headings: Sequence[tuple[int, str]], found: Sequence[Candidate]) -> dict[int, int]:
    """More pairs: headings whose words a program changed (an emoji, a macro), standing between the same neighbours."""
    more: dict[int, int] = {}
    edges = [(-1, -1), *sorted(pairs.items()), (len(headings), len(found))]
    for (at, place), (next_at, next_place) in pairwise(edges):
        left = range(at + 1, next_at)
        free = [spot for spot in range(place + 1, next_place) if found[spot].firm]
        levels = [headings[one][0] for one in left]
        if levels and levels == [found[spot].level for spot in free]:
            more |= {one: spot for one, spot in zip(left, free, strict=True) if _akin(headings[one][1], found[spot])}
    return more


def _akin(title: str, candidate: Candidate) -> bool:
    shared = set(words(title).split()) & set(source_words(candidate.text).split())
    return bool(shared or _WRITTEN_BY_A_PROGRAM.search(candidate.text))
