"""Differences as HTML: what went is struck out, what came is underlined; a screen reader hears both."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from kb_server.pages.differences import Piece

_MARKS = {"same": Markup("{}"), "out": Markup("<del>{}</del>"), "in": Markup("<ins>{}</ins>")}


def marked(pieces: Iterable[Piece]) -> Markup:
    """Both texts as one, with what went and what came marked."""
    return Markup("").join(_MARKS[piece.kind].format(piece.text) for piece in pieces)
