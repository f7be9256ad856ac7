"""What differs between two texts that may be long or meant to be slow: line by line, in words, and in bounded time.

Texts come from anybody, and comparing some takes the square and more of their length; so the work is measured before it
is done, and where it would be too much, a whole paragraph is shown as gone and another as come.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

AROUND = 1
"""Lines that are shown before and after a change."""
WORK = 2_000_000
"""Steps that one edit is worth; a few hundred words changed all over take fewer."""
LONGEST = 400
"""Lines that are shown of one edit."""
COMPARED = 1_500
"""Lines of a text that are looked at."""
_WORD = re.compile(r"\w+\s*|[^\w\s]\s*|\s+")

Kind = Literal["same", "out", "in"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stand in both texts, went out of the first, or came in with the second."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of both texts. One of which nothing has changed is ``same``; ``left_out`` stands for several of those."""

    pieces: tuple[Piece, ...] = ()
    same: bool = False
    left_out: int = 0


class _Budget:
    """How much may still be compared."""

    def __init__(self) -> None:
        self.left = WORK

    def takes(self, old: Sequence[Hashable], new: Sequence[Hashable]) -> bool:
        """Whether two lists can be compared, by the worst it may take."""
        was, now = Counter(old), Counter(new)
        both = [(count, now[one]) for one, count in was.items() if now[one]]
        worst = sum(a * b for a, b in both) * max(1, sum(min(a, b) for a, b in both)) + len(old) + len(new)
        if worst > self.left:
            return False
        self.left -= worst
        return True


def rows(before: str, after: str) -> list[Row]:
    """Both texts as one."""
    budget = _Budget()
    old, new = ([line for line in text.split("\n") if line.strip()] for text in (before, after))
    rest = max(0, len(old) - COMPARED, len(new) - COMPARED)
    found: list[Row] = []
    for kind, taken, added in _steps(old[:COMPARED], new[:COMPARED], budget):
        if kind == "same":
            found += [Row((Piece("same", line),), same=True) for line in added]
        else:
            found += _rewritten(taken, added, budget)
    return [*_near(found), *([Row(same=True, left_out=rest)] if rest else [])]


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """Both texts as one, whole."""
    budget = _Budget()
    return tuple(
        piece
        for kind, taken, added in _steps(before.splitlines(keepends=True), after.splitlines(keepends=True), budget)
        for piece in (
            (Piece("same", "".join(added)),) if kind == "same" else words("".join(taken), "".join(added), budget)
        )
    )


def _rewritten(old: Sequence[str], new: Sequence[str], budget: _Budget) -> Iterator[Row]:
    """Lines beside those that they are a rewriting of, where they are as many; else one after the other."""
    if len(old) == len(new):
        yield from (Row(words(a, b, budget)) for a, b in zip(old, new, strict=True))
        return
    yield from (Row((Piece("out", line),)) for line in old)
    yield from (Row((Piece("in", line),)) for line in new)


def words(before: str, after: str, budget: _Budget) -> tuple[Piece, ...]:
    """Both lines as one, word by word."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    found: list[Piece] = []
    for kind, taken, added in _steps(old, new, budget):
        if kind == "same":
            found.append(Piece("same", "".join(added)))
        else:
            both: tuple[tuple[Kind, Sequence[str]], ...] = (("out", taken), ("in", added))
            found += [Piece(which, "".join(some)) for which, some in both if some]
    return tuple(found)


def _steps(
    old: Sequence[str], new: Sequence[str], budget: _Budget
) -> Iterator[tuple[Kind, Sequence[str], Sequence[str]]]:
    """What stays the same, and what goes for what comes ("out")."""
    first = _alike(old, new)
    last = _alike(old[first:][::-1], new[first:][::-1])
    to, until = len(old) - last, len(new) - last
    if first:
        yield "same", old[:first], new[:first]
    yield from _compared(old[first:to], new[first:until], budget)
    if last:
        yield "same", old[to:], new[until:]


def _compared(
    old: Sequence[str], new: Sequence[str], budget: _Budget
) -> Iterator[tuple[Kind, Sequence[str], Sequence[str]]]:
    was, now = ([one.strip() for one in some] for some in (old, new))
    if not budget.takes(was, now):
        yield "out", old, new
        return
    for tag, start, end, to, until in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        yield "same" if tag == "equal" else "out", old[start:end], new[to:until]


def _alike(old: Sequence[str], new: Sequence[str]) -> int:
    """How many are the same, from the first on."""
    both = enumerate(zip(old, new, strict=False))
    return next((at for at, (a, b) in both if a.strip() != b.strip()), min(len(old), len(new)))


def _near(found: Sequence[Row]) -> list[Row]:
    """Without what stands far from any change."""
    near = {beside for at, row in enumerate(found) if not row.same for beside in range(at - AROUND, at + AROUND + 1)}
    shown: list[Row] = []
    left_out = 0
    for at, row in enumerate(found):
        if at not in near or len(shown) >= LONGEST:
            left_out += 1
            continue
        shown += [Row(same=True, left_out=left_out), row] if left_out else [row]
        left_out = 0
    return [*shown, Row(same=True, left_out=left_out)] if left_out else shown
