"""Places in a finished page that the server fills; what stands there is what a reader sees without a server."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

STATE = "state"
"""A definition's state, as a chip."""
FORCE, GROUND = "force", "ground"
"""Above a definition's text the one in force, where that is another; and the line of its teams."""
NEW, NEW_END = "new", "new-end"
"""What is new in a definition's text, before it and behind it."""
ASKED = "asked"
"""What a reader who speaks for a team may say of a definition."""
SUGGESTIONS, SUGGESTIONS_ALONE = "suggestions", "suggestions-alone"
"""What was suggested about a page, among its facts; and where it has none, with a line of its own."""
TERMS = "terms"
"""Below a page's title what is to be said of the definitions it links to."""
ABOVE = "above"
"""What stands above a page for whoever asks."""

_SLOT = re.compile(r"<!--kb:(?P<name>[a-z0-9-]+)-->.*?<!--/kb:(?P=name)-->", re.DOTALL)


def slot(name: str, html: str) -> str:
    """A place of this name, with what stands there without a server."""
    return f"<!--kb:{name}-->{html}<!--/kb:{name}-->"


def example(number: int) -> str:
    """The place behind an example of a definition; they count from 0."""
    return f"example-{number}"


def filled(html: str, fills: Mapping[str, str]) -> str:
    """The page with its places filled; a place for which there is nothing keeps what stands there."""
    return _SLOT.sub(lambda place: fills.get(place["name"], place[0]), html)
