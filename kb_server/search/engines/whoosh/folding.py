"""Which segments to write anew as one: every segment costs each search a little, and each commit adds one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

FULL = 5_000  # documents of the largest segments
SMALL, MOST_SMALL = 200, 8  # documents of a small segment; how many of these there may be at any time
MOST_PARTLY_FULL = 3  # segments that are not full, in quiet times
WASTE = 1 / 3  # of a segment may be of documents that are no longer there


class Size(NamedTuple):
    """A segment: its name, how many documents were written, and how many of them still count."""

    name: str
    written: int
    live: int


def at_once(sizes: Sequence[Size]) -> list[str]:
    """The segments to be folded with the next commit: too many, and so small that it takes no time."""
    small = [size for size in sizes if size.live <= SMALL]
    some = _smallest(small, SMALL)
    return some if len(small) > MOST_SMALL and len(some) > 1 else []


def when_quiet(sizes: Sequence[Size]) -> list[str]:
    """The segments to be folded when there is nothing else to do, in one go; none if all is well."""
    some = _smallest(sizes, FULL)
    if len(some) > MOST_PARTLY_FULL:
        return some
    wasteful = (size for size in sizes if size.written > SMALL and size.written - size.live > WASTE * size.written)
    return [size.name for size in wasteful][:1]


def _smallest(sizes: Sequence[Size], most: int) -> list[str]:
    """The smallest segments that have not more than so many documents altogether."""
    some, documents = [], 0
    for size in sorted(sizes, key=lambda size: size.live):
        documents += size.live
        if documents > most:
            break
        some.append(size.name)
    return some
