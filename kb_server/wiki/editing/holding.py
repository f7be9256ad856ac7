"""Whether a section holds all that begins in it. One that does not changes others by whatever is changed in it.

Of such a section nobody can say where it ends: what is opened in it and not closed, or reads as a second heading and is
none, belongs to how the rest of the page is read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb_server.pages.headings import candidates, fence_end

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_FENCE = re.compile(r"(?P<margin>[ \t>]*(?:(?:[-*+]|\d+\.)[ \t]+)?)(?P<fence>`{3,}|~{3,})")
_BLOCK = re.compile(r"(?m)^[ \t>]*/{3,}(?P<opens>[ \t]*\S)?")


def is_whole(section: str) -> bool:
    """Whether it has one heading at most, at its beginning, and every block of a plugin in it is closed."""
    firm = [one.line for one in candidates(section.split("\n"), 0) if one.firm]
    blocks = [bool(found["opens"]) for found in _BLOCK.finditer(section)]
    return firm in ([], [0]) and blocks.count(True) == blocks.count(False)


def is_joined(lines: Sequence[str], at: int, until: int) -> bool:
    """Whether a section that stands in nothing, from line `at` on, goes over into the one on the line `until`.

    Without a blank line between, a heading in a list or a quote goes on with what is above it.
    """
    if until >= len(lines) or not lines[until].strip():
        return False
    firm = [one.line for one in candidates(lines[until - 1 : until + 2], 0) if one.firm]
    return 1 not in firm and not lines[at].startswith((" ", "\t", ">", "-", "*", "+", ":"))


def is_open(lines: Sequence[str], before: Sequence[str]) -> bool:
    """Whether a block of code is opened and not closed, or so that some who read Markdown do not see it closed.

    One with a fence in it (it shows how code is written) may stay as it was `before`.
    """
    known = set(_blocks(before))
    return any(block is None or (_has_fences(block) and block not in known) for block in _blocks(lines))


def _blocks(lines: Sequence[str]) -> Iterator[tuple[str, ...] | None]:
    """The blocks of code, each with its fences; None for what is opened and not closed in the same way."""
    at = 0
    while at < len(lines):
        if found := _FENCE.match(lines[at]):
            end = fence_end(lines, at, lines[at].lstrip(" \t>"))
            if end is None or lines[end].rstrip() != found["margin"] + found["fence"]:
                yield None
            else:
                yield tuple(lines[at : end + 1])
                at = end
        at += 1


def _has_fences(block: Sequence[str]) -> bool:
    return any(_FENCE.match(line) for line in block[1:-1])
