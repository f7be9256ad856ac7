"""What differs between two texts, in words: for people who compare, not for programs that merge."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from kb_server.pages import comparing
from kb_server.pages.comparing import Kind, Piece

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WORD = re.compile(r"\w+|[^\w\s]|\s+")
_DIGIT = re.compile(r"\d")
ALIKE = 0.35
"""Lines less alike than this are not the same line rewritten: one went and another came."""
ORDINARY = 250_000
"""Words and signs of one text times those of the other, up to which both are compared whatever they say."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of which something changed. ``number`` counts the lines of the later text from 1, 0 where it is gone."""

    number: int
    pieces: tuple[Piece, ...]

    @property
    def has_number(self) -> bool:
        """Whether a number is among what changed."""
        return any(piece.kind != "same" and _DIGIT.search(piece.text) for piece in self.pieces)


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """Both texts as one, word by word."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) * len(new) > ORDINARY:
        return comparing.pieces(before, after)
    found: list[Piece] = []
    for tag, start, end, to, until in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        taken, added = "".join(old[start:end]), "".join(new[to:until])
        both: tuple[tuple[Kind, str], ...] = (("same", taken),) if tag == "equal" else (("out", taken), ("in", added))
        found += [Piece(kind, text) for kind, text in both if text]
    return tuple(found)


def count(found: Sequence[Piece]) -> int:
    """How many words are others: those that went or those that came, whichever are more, place by place."""
    total, place = 0, {"out": 0, "in": 0}
    for piece in (*found, Piece("same", "")):
        if piece.kind == "same":
            total += max(place.values())
            place = {"out": 0, "in": 0}
        else:
            place[piece.kind] += len(piece.text.split())
    return total


def lines(before: str, after: str) -> tuple[Line, ...]:
    """The lines in which two texts differ, in the order of the later one."""
    old, new = before.splitlines(), after.splitlines()
    found: list[Line] = []
    for tag, start, end, to, until in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            found += _paired(old[start:end], list(enumerate(new[to:until], to + 1)))
    return tuple(found)


def _paired(old: list[str], new: list[tuple[int, str]]) -> Iterator[Line]:
    """Each new line beside the first old one that it may be a rewriting of; in order, so that none is crossed."""
    for number, line in new:
        at = next((at for at, before in enumerate(old) if _alike(before, line)), None)
        if at is None:
            yield Line(number, (Piece("in", line),))
            continue
        yield from (Line(0, (Piece("out", gone),)) for gone in old[:at])
        yield Line(number, pieces(old[at], line))
        del old[: at + 1]
    yield from (Line(0, (Piece("out", gone),)) for gone in old)


def _alike(before: str, after: str) -> bool:
    return SequenceMatcher(None, before.split(), after.split(), autojunk=False).ratio() >= ALIKE
