"""Differences as HTML: what went is struck out, what came is underlined; a screen reader hears both."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from kb_server.pages.comparing import Piece

_MARKS = {"same": Markup("{}{}{}"), "out": Markup("{}<del>{}</del>{}"), "in": Markup("{}<ins>{}</ins>{}")}


def marked(pieces: Iterable[Piece]) -> Markup:
    """Both texts as one, with what went and what came marked; the spaces around it are not."""
    return Markup("").join(_marked(piece) for piece in pieces)


def _marked(piece: Piece) -> Markup:
    text = piece.text.strip()
    before, _, after = piece.text.partition(text) if text else (piece.text, "", "")
    return _MARKS[piece.kind if text else "same"].format(before, text, after)
