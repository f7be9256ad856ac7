"""Where something stands in a section: in code, in a box, behind a tag. What does nothing there may act elsewhere.

A tag between backticks is only shown; without them it works. So what stands in a section already may stay where it is,
and does not become the same thing because it reads the same.
"""

from __future__ import annotations

import re
from bisect import bisect, bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb_server.pages.headings import fence_end

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_TICKS = re.compile(r"`+")
_CONTAINER = re.compile(r"(?:[-*+]|\d+[.)]|:|~)(?=[ \t])|\[\^?[^\[\]]*\]:|(?:!!!|\?\?\?|===|///|```|~~~|:::).*")
_CODE_MARGIN = 4
_MOST_ESCAPES = 60


@dataclass(frozen=True, slots=True)
class Standing:
    """What tells whether something acts where it stands: behind how many tags, escaped, and in which boxes."""

    region: int
    escaped: bool
    boxes: int


class Map:
    """Of a text: where its places stand. ``tags`` are the positions of those that a browser would follow.

    ``shapes`` has for each line what tells in what it stands: the same where all lines down to it do the same.
    """

    def __init__(self, text: str, tags: Iterable[int]) -> None:
        self._text, self._tags = text, list(tags)
        self._starts, self._boxes = [0], []
        self.shapes: list[int] = []
        so_far = 0
        for line in text.split("\n"):
            margin = line[: len(line) - len(line.lstrip(" \t>"))]
            so_far = hash((so_far, *_shape(line, margin)))
            self.shapes.append(so_far)
            is_deep = ">" in margin or len(margin.expandtabs(_CODE_MARGIN)) >= _CODE_MARGIN
            self._boxes.append(so_far if is_deep else 0)
            self._starts.append(self._starts[-1] + len(line) + 1)

    def at(self, position: int) -> Standing:
        """How this place stands."""
        line = bisect(self._starts, position) - 1
        return Standing(bisect_left(self._tags, position), _is_escaped(self._text, position), self._boxes[line])


def _is_escaped(text: str, at: int) -> bool:
    before = text[max(0, at - _MOST_ESCAPES) : at]
    return (len(before) - len(before.rstrip("\\"))) % 2 == 1


def _shape(line: str, margin: str) -> tuple[str, str]:
    """What a line does to the lines below it that are indented."""
    found = _CONTAINER.match(line, len(margin))
    return margin if line.strip() else "", found[0] if found else "x" if line.strip() else ""


def bare(text: str, *, surely: bool) -> str:
    """The text without what stands in code, each character of which is a space.

    With `surely` only what is code for everybody who reads Markdown, else also what is for some.
    """
    lines, at = text.split("\n"), 0
    blocks: list[list[int]] = [[]]
    while at < len(lines):
        end = fence_end(lines, at, lines[at]) if lines[at][:3] in {"```", "~~~"} else None
        if end is not None and lines[end][:3] == lines[at][:3]:
            lines[at + 1 : end] = [" " * len(line) for line in lines[at + 1 : end]]
            blocks.append([])
            at = end
        elif lines[at].strip():
            blocks[-1].append(at)
        else:
            blocks.append([])
        at += 1
    for block in blocks:
        _blank(lines, block, surely=surely)
    return "\n".join(lines)


def _blank(lines: list[str], block: Sequence[int], *, surely: bool) -> None:
    """Blank code that stands between backticks. They are paired in a line, as in a list, and in all of a paragraph."""
    if not any("`" in lines[at] for at in block):
        return
    together = "\n".join(lines[at] for at in block)
    code = _code(together, surely=surely)
    if len(block) > 1:
        alone, start = set(), 0
        for at in block:
            alone |= {(start + first, start + last) for first, last in _code(lines[at], surely=surely)}
            start += len(lines[at]) + 1
        code = code & alone if surely else code | alone
    shown = list(together)
    for first, last in code:
        shown[first:last] = ("\n" if letter == "\n" else " " for letter in together[first:last])
    for at, line in zip(block, "".join(shown).split("\n"), strict=True):
        lines[at] = line


def _code(text: str, *, surely: bool) -> set[tuple[int, int]]:
    """The pieces of code in a text, by both ways to pair backticks or, if not `surely`, by any of them."""
    one, other = (set(_pairs(text, shorter=shorter)) for shorter in (False, True))
    return one & other if surely else one | other


def _pairs(text: str, *, shorter: bool) -> Iterator[tuple[int, int]]:
    """Where pieces of code begin and end, with their backticks.

    Python-Markdown lets a `shorter` part of them begin what fewer end, where nothing ends all of them.
    """
    runs = [found.span() for found in _TICKS.finditer(text)]
    later: dict[int, list[int]] = {}
    for at in range(len(runs) - 1, -1, -1):
        later.setdefault(runs[at][1] - runs[at][0], []).append(at)
    at = 0
    while at < len(runs):
        first, last = runs[at]
        first += _is_escaped(text, first)
        for many in range(last - first, 0, -1):
            same = later.get(many, [])
            while same and same[-1] <= at:
                same.pop()
            if same:
                at = same[-1]
                yield first, runs[at][1]
            if same or not shorter:
                break
        at += 1
