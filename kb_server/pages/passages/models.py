"""A passage that is carried from build to build, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb_server.pages.quotes import Quote, cut, letters

if TYPE_CHECKING:
    from kb_server.pages.manifest import Page, Section
    from kb_server.pages.passages.sides import Laid, Sides

HERE, MOVED, CHANGED, GONE = "here", "moved", "changed", "gone"


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a section, in the build where they were last found."""

    page: str
    section: str
    quote: Quote


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of a passage, and where it is now; of a gone one, where it was."""

    fate: str
    page: str
    section: str
    quote: Quote


@dataclass(frozen=True, slots=True)
class Lost:
    """A passage whose lines do not stand any more where they stood, and both versions of its page, if there are two."""

    passage: Passage
    sides: Sides | None
    laid: Laid
    lines: range

    @property
    def number(self) -> int:
        """The number of its section on the page."""
        return self.laid.lines[self.lines.start].section

    @property
    def span(self) -> tuple[int, int]:
        """Where it begins and ends in its section's text."""
        return self.passage.quote.position, self.passage.quote.position + len(self.passage.quote.exact)


def gone(passage: Passage) -> Carried:
    """It is not there any more."""
    return Carried(GONE, passage.page, passage.section, passage.quote)


def placed(passage: Passage, page: Page, section: Section, start: int, end: int) -> Carried:
    """It stands here now, from `start` to `end` of the section's text."""
    quote = _whole(passage.quote, section.text, start, end)
    if letters(quote.exact) != letters(passage.quote.exact):
        fate = CHANGED
    else:
        fate = HERE if (page.id, section.anchor) == (passage.page, passage.section) else MOVED
    return Carried(fate, page.id, section.anchor, quote)


def _whole(old: Quote, text: str, start: int, end: int) -> Quote:
    """The words with the signs at their edges, if the passage had such, too: brackets before, a full stop behind."""
    if not old.exact[:1].isalnum():
        while start > 0 and _is_sign(text[start - 1]):
            start -= 1
    if not old.exact[-1:].isalnum():
        while end < len(text) and _is_sign(text[end]):
            end += 1
    return cut(text, start, end)


def _is_sign(character: str) -> bool:
    return not (character.isalnum() or character.isspace())
