"""Which words of a text no other of some texts has: what to talk about first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby

from markupsafe import Markup

from kb_server.pages import differences

_EDGES = re.compile(r"^(?P<before>[^\w]*)(?P<words>.*?)(?P<after>[^\w]*)$", re.DOTALL)


def own(text: str, others: Iterable[str]) -> tuple[tuple[bool, str], ...]:
    """The text in pieces, each with whether it is this text's alone. Without others, nothing is."""
    return _pieces(text, frozenset(others))


@lru_cache(maxsize=512)
def _pieces(text: str, others: frozenset[str]) -> tuple[tuple[bool, str], ...]:
    """The same, worked out once: comparing takes as long as the rest of the page."""
    masks = [_missing(other, text) for other in others]
    if not masks:
        return ((False, text),)
    marks = _bridged(text, [all(mask) for mask in zip(*masks, strict=True)])
    grouped = groupby(zip(marks, text, strict=True), key=lambda pair: pair[0])
    return tuple((is_own, "".join(sign for _, sign in pairs)) for is_own, pairs in grouped)


def marked(pieces: Iterable[tuple[bool, str]], hue: str) -> Markup:
    """The pieces as HTML, with those that are this text's alone in its team's colour."""
    return Markup("").join(_own(piece, hue) if is_own else Markup("{}").format(piece) for is_own, piece in pieces)


def _own(piece: str, hue: str) -> Markup:
    parts = _EDGES.match(piece)
    if parts is None or not parts["words"]:
        return Markup("{}").format(piece)
    return Markup('{}<mark class="kb-own kb-hue-{}">{}</mark>{}').format(
        parts["before"], hue, parts["words"], parts["after"]
    )


def _missing(other: str, text: str) -> list[bool]:
    """For each sign of the text whether it stands in a word that the other has not."""
    return [piece.kind == "in" for piece in differences.pieces(other, text) if piece.kind != "out" for _ in piece.text]


def _bridged(text: str, marks: Sequence[bool]) -> list[bool]:
    """The marks, and those of the blanks between two marked words: "came back" is one thing to say."""
    bridged = list(marks)
    for blank in re.finditer(r"[^\S\n]+", text):
        first, end = blank.span()
        is_between = first > 0 and end < len(text) and marks[first - 1] and marks[end]
        bridged[first:end] = [is_between] * (end - first)
    return bridged
