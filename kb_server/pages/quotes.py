"""Passages of a section: found by their words and what stands around them (W3C Web Annotation, TextQuoteSelector).

A browser sees other white space than the manifest has, no bars between the cells of a table and no marks of what is
raised or struck out. So passages are compared by their letters alone, and what is kept is the section's own text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

AROUND = 32  # characters kept before and after
_SKIPPED = re.compile(r"[\s|~^\u00ad\u200b\u2060\ufeff]+")


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage: ``exact`` stands in the section's plain text letter by letter, beginning at ``position``."""

    exact: str
    prefix: str
    suffix: str
    position: int


def letters(text: str) -> str:
    """What of a text passages are compared by."""
    return _SKIPPED.sub("", text)


def found(text: str, exact: str, *, prefix: str = "", suffix: str = "", before: int = 0) -> Quote | None:
    """The passage of `text` that says `exact`; of several the one with the surroundings given, then the nearest.

    `before` is how many letters stand in front of it where it was marked. None when it is not there.
    """
    wanted = letters(exact)
    placed = _Letters(text)
    plain = placed.plain
    starts = _all(plain, wanted) if wanted else []
    if not starts:
        return None
    left, right = letters(prefix), letters(suffix)

    def fits(start: int) -> tuple[int, int]:
        end = start + len(wanted)
        close = plain[max(0, start - len(left)) : start]  # all of it, for each place, would be a gigabyte soon
        around = _alike(close[::-1], left[::-1]) + _alike(plain[end : end + len(right)], right)
        return around, -abs(start - before)

    best = max(starts, key=fits)
    return cut(text, placed.place(best), placed.place(best + len(wanted) - 1) + 1)


def cut(text: str, start: int, end: int) -> Quote:
    """The passage from `start` to `end`, with what stands around it."""
    return Quote(text[start:end], text[max(0, start - AROUND) : start], text[end : end + AROUND], start)


class _Letters:
    """The letters of a text, which may be as long as a book, and where each of them stands in it."""

    def __init__(self, text: str) -> None:
        self.plain = letters(text)
        self._ours, self._theirs = [0], [0]  # from which letter on the letters stand where in the text
        at = count = 0
        for skipped in _SKIPPED.finditer(text):
            count += skipped.start() - at
            at = skipped.end()
            self._ours.append(count)
            self._theirs.append(at)

    def place(self, letter: int) -> int:
        """Where this letter stands in the text."""
        run = bisect_right(self._ours, letter) - 1
        return self._theirs[run] + letter - self._ours[run]


def _all(text: str, wanted: str) -> list[int]:
    starts, at = [], text.find(wanted)
    while at >= 0:
        starts.append(at)
        at = text.find(wanted, at + 1)
    return starts


def _alike(text: str, other: str) -> int:
    """How many characters the two have in common from their beginning on."""
    for at, (one, another) in enumerate(zip(text, other, strict=False)):
        if one != another:
            return at
    return min(len(text), len(other))
